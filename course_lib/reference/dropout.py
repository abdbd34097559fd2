"""Dropping at random: a mask of zeros and of 1 / (1 - p), from a key that stands for all its draws.

Each element has its own random number, a function of the key and of the element's place alone. So a mask can
be drawn in any order, on any number of threads, and is the same in float32 and float64.
"""

import numpy as np

#: Elements that share what the key is spread into.
SEGMENT = 1024


def dropout(x: np.ndarray, p: float, key: int) -> tuple[np.ndarray, np.ndarray]:
    """Set elements of x (M,) to 0 with probability p, 0 < p < 1, and divide the others by 1 - p.

    Gives y and the mask.
    """
    keep = random_numbers(key, len(x)) >= np.uint32(threshold(p))
    mask = keep * x.dtype.type(1 / (1 - p))
    return x * mask, mask


def threshold(p: float) -> int:
    """Give the share p of all 32-bit numbers."""
    return min(round(p * 2**32), 2**32 - 1)


def random_numbers(key: int, count: int) -> np.ndarray:
    """Give uniform 32-bit numbers: the place is scrambled by shifts and odd multipliers, and by the key.

    The key, one 64-bit number, becomes two 32-bit ones for every segment by SplitMix64 (G. L. Steele, D. Lea
    and C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014).
    """
    segments = np.arange(1, -(-count // SEGMENT) + 1, dtype=np.uint64)
    z = np.uint64(key) + segments * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    z = z ^ z >> np.uint64(31)
    first, second = z.astype(np.uint32)[:, None], (z >> np.uint64(32)).astype(np.uint32)[:, None]
    h = np.arange(SEGMENT, dtype=np.uint32) + first
    h = (h ^ h >> np.uint32(17)) * np.uint32(0xED5AD4BB) ^ second
    h = (h ^ h >> np.uint32(11)) * np.uint32(0xAC4C1B51)
    h = (h ^ h >> np.uint32(15)) * np.uint32(0x31848BAB)
    return h.reshape(-1)[:count]

"""One row of the table: a piece of work, who does it, and how much faster than the others we mean to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

OURS = "ours"
NUMPY = "NumPy"
TORCH = "PyTorch"
TORCH_FUSED = "PyTorch, fused"
TORCH_CHANNELS_LAST = "PyTorch, channels last"

Call = Callable[[], object]


@dataclass(frozen=True)
class Goal:
    """What another's time ÷ ours must reach, and what it should."""

    must: float | None = None
    aim: float | None = None


@dataclass(frozen=True)
class Work:
    """A piece of work that several can do.

    Attributes
    ----------
    group : str
        Heading that the row stands under.
    name : str
        The work and its size.
    contenders : callable
        Makes the arrays, and gives a call for each contender by its name: always `OURS`, and PyTorch's
        variants where it is installed. `NUMPY` is `OURS` on the other backend and need not be given.
    goals : mapping of str to Goal
        By contender.
    multiply_adds : float
        Of the plain algorithm, 0 where the work is all about memory.
    megabytes : float
        The least that must be read and written, 0 where arithmetic dominates.
    """

    group: str
    name: str
    contenders: Callable[[], dict[str, Call]]
    goals: Mapping[str, Goal] = field(default_factory=dict)
    multiply_adds: float = 0
    megabytes: float = 0


def array(*shape: int, dtype: type = np.float32) -> np.ndarray:
    """Draw normal values, the same every time."""
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


def megabytes(*arrays: np.ndarray) -> float:
    """Add up the sizes of arrays."""
    return sum(each.nbytes for each in arrays) / 1e6

"""What the norms share: checks of their arguments, and the update of running averages."""

import numpy as np

from course_lib.functional import arguments


def with_channels(x: np.ndarray) -> np.ndarray:
    """Check an array (N, C, ...)."""
    x = arguments.real("x", x)
    if x.ndim < 2:
        raise ValueError(f"x must have at least 2 axes (N, C, ...), got shape {x.shape}: use x[:, None]")
    return x


def scales(
    gamma: np.ndarray, beta: np.ndarray, shape: tuple[int, ...], why: str, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Check scale and shift."""
    return arguments.shaped("gamma", gamma, shape, why, x), arguments.shaped("beta", beta, shape, why, x)


def running(first: tuple, second: tuple, x: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Check two running averages, given as (name, array or None, shape); None if both are missing."""
    if first[1] is None and second[1] is None:
        return None
    for name, value, shape in (first, second):
        if value is None:
            raise ValueError(f"{name} is missing: give both running averages or neither")
        if not isinstance(value, np.ndarray) or value.dtype.char != x.dtype.char:
            kind = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
            raise TypeError(f"{name} must be an array of dtype {x.dtype} like x, got {kind}")
        if value.shape != shape:
            raise ValueError(f"{name} must have shape {shape} for {shape[0]} channels, got {value.shape}")
    return first[1], second[1]


def constant(
    averages: tuple[np.ndarray, np.ndarray] | None, x: np.ndarray, training: bool, names: str
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Give the statistics to normalise with: none when training, the running averages when evaluating."""
    if not training:
        if averages is None:
            raise ValueError(f"{names} are needed when training is False: pass them, or set training=True")
        # Copies, as the backward must not see later updates.
        return averages[0].astype(x.dtype, order="C"), averages[1].astype(x.dtype, order="C")
    if x.size and x.size == x.shape[1]:
        raise ValueError(
            f"x must have more than one value a channel when training, got shape {x.shape}: use a larger "
            "batch, or training=False"
        )
    if averages is not None and not all(array.flags.writeable for array in averages):
        raise ValueError(f"{names} must be writeable, as training updates them: pass copies")
    return None, None


def update(average: np.ndarray, new: np.ndarray, momentum: float) -> None:
    """Move a running average towards a new value, in place; `momentum` weighs the new one."""
    momentum = average.dtype.type(momentum)
    average *= 1 - momentum
    average += momentum * new


def cache_of(cache: object, kind: type, forward: str) -> None:
    """Check that a backward got the cache of its own forward."""
    if not isinstance(cache, kind):
        raise TypeError(f"cache must be the second result of {forward}, got {type(cache).__name__}")

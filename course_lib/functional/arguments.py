"""Checks of arguments, and the one form in which the backends receive them.

Backends get C-contiguous, aligned arrays of one floating dtype and fully spelt out spatial arguments, so
neither has to check again.
"""

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np

Pair = tuple[int, int]
Paddings = tuple[Pair, ...]

# NumPy's bits for C-contiguous and aligned: one look for both.
_IN_ROWS = 0x0001 | 0x0100
_AXES = {2: "(N, C)", 3: "(N, C, L)", 4: "(N, C, H, W)"}


def real(name: str, value: Any, like: np.ndarray | None = None) -> np.ndarray:
    """Check that a value is a real floating array, and make it contiguous.

    Parameters
    ----------
    name : str
        Name of the argument, for the error message.
    value : Any
        What the caller gave.
    like : numpy.ndarray, optional
        Array whose dtype it must share (the operation's first argument).

    Returns
    -------
    numpy.ndarray
        The value itself, or a C-contiguous, aligned copy in native byte order.

    Raises
    ------
    TypeError
        If it is not an array, not of a floating dtype, or of another dtype than `like`.
    """
    if type(value) is np.ndarray:
        array = value
    elif isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
    else:
        raise TypeError(
            f"{name} must be a NumPy array, got {type(value).__name__}: "
            f"convert it with np.asarray({name}, float)"
        )
    dtype = array.dtype
    if dtype.char not in "fdg":
        raise TypeError(
            f"{name} must have dtype float32 or float64, got {dtype}: "
            f"convert it with {name}.astype(np.float32)"
        )
    if like is not None and dtype.char != like.dtype.char:
        raise TypeError(
            f"{name} has dtype {dtype}, but the first array has {like.dtype}: all arrays of a call share one "
            f"dtype; convert one with .astype(np.{like.dtype})"
        )
    if array.flags.num & _IN_ROWS != _IN_ROWS or not dtype.isnative:
        array = np.array(array, dtype=dtype.newbyteorder("="), order="C")
    return array


def tensor(
    name: str, value: Any, ndim: int, axes: str | None = None, like: np.ndarray | None = None
) -> np.ndarray:
    """Check a real array that must have `ndim` axes, which a message calls `axes`."""
    array = real(name, value, like)
    if array.ndim != ndim:
        axes = axes or _AXES[ndim]
        raise ValueError(
            f"{name} must have {ndim} axes {axes}, got shape {array.shape}: add or join axes with "
            f"{name}.reshape(...) or {name}[None]"
        )
    return array


def shaped(name: str, value: Any, shape: tuple[int, ...], why: str, like: np.ndarray) -> np.ndarray:
    """Check a real array whose shape is already decided by other arguments."""
    array = real(name, value, like)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape} ({why}), got {array.shape}")
    return array


def whole(name: str, value: Any, least: int) -> int:
    """Check a whole number of at least `least`."""
    if type(value) is not int:
        try:
            if isinstance(value, bool | np.bool_):
                raise TypeError
            value = index(value)
        except TypeError:
            raise TypeError(
                f"{name} must be a whole number, got {value!r} ({type(value).__name__})"
            ) from None
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return value


def spatial(name: str, value: Any, axes: int, least: int = 1) -> tuple[int, ...]:
    """Check an int, or one for each spatial axis, and give one for each."""
    if type(value) is int:
        if value < least:
            raise ValueError(f"{name} must be at least {least}, got {value}")
        return (value,) * axes
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str):
        if len(value) != axes:
            raise ValueError(f"{name} must be an int or {axes} of them, got {value!r} with {len(value)}")
        return tuple(whole(name, each, least) for each in value)
    return (whole(name, value, least),) * axes


def paddings(
    value: Any, kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> Paddings:
    """Spell a `padding` argument out as (before, after) for each spatial axis.

    Parameters
    ----------
    value : int, pair, pair of pairs, "same" or "valid"
        What the caller gave. On one axis, a pair means (before, after).
    kernel, stride, dilation : tuple of int
        Already checked, one value for each axis.

    Returns
    -------
    tuple of (int, int)
        Zeros before and after, for each axis.

    Raises
    ------
    TypeError, ValueError
        If it is none of these, is negative, or is ``"same"`` with a stride above 1.
    """
    axes = len(kernel)
    if type(value) is int and value >= 0:
        return ((value, value),) * axes
    if isinstance(value, str):
        return _named_padding(value, kernel, stride, dilation)
    if not isinstance(value, Sequence | np.ndarray):
        value = whole("padding", value, 0)
        return ((value, value),) * axes
    if axes == 1 and len(value) == 2:
        value = (value,)
    if len(value) != axes:
        raise ValueError(
            f"padding must be an int, {axes} of them, {axes} (before, after) pairs, 'same' or 'valid', "
            f"got {value!r}"
        )
    return tuple(spatial("padding", each, 2, 0) for each in value)


def _named_padding(
    name: str, kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]
) -> Paddings:
    if name == "valid":
        return ((0, 0),) * len(kernel)
    if name != "same":
        raise ValueError(f"padding must be numbers, 'same' or 'valid', got {name!r}")
    if any(step != 1 for step in stride):
        raise ValueError(
            f"padding='same' needs stride 1, got stride {stride}: give the padding as numbers, "
            "such as (k - 1) // 2"
        )
    totals = [d * (k - 1) for k, d in zip(kernel, dilation)]
    return tuple((total // 2, total - total // 2) for total in totals)


def output_size(
    size: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: Paddings,
    dilation: tuple[int, ...],
) -> tuple[int, ...]:
    """Count the positions of a sliding window along each axis.

    Raises
    ------
    ValueError
        If the window does not fit once into the padded input.
    """
    if len(size) == 2:
        # Spelt out for the most frequent case: a loop would take longer than all other checks of a call.
        (h, w), (kh, kw), (top, bottom), (left, right) = size, kernel, *padding
        rows = h + top + bottom - dilation[0] * (kh - 1) - 1
        columns = w + left + right - dilation[1] * (kw - 1) - 1
        if rows >= 0 and columns >= 0:
            return rows // stride[0] + 1, columns // stride[1] + 1
    counts = []
    for n, k, s, (before, after), d in zip(size, kernel, stride, padding, dilation):
        room = n + before + after - d * (k - 1) - 1
        if room < 0:
            raise ValueError(
                f"x has {n} elements along an axis, {n + before + after} with padding, but the window spans "
                f"{d * (k - 1) + 1} (kernel {k}, dilation {d}): use more padding, a smaller kernel or a "
                "larger input"
            )
        counts.append(room // s + 1)
    return tuple(counts)


def axis_of(name: str, value: Any, ndim: int) -> int:
    """Check an axis, negative ones counting from the end, and give it as a non-negative number."""
    axis = whole(name, value, -ndim)
    if axis >= ndim:
        raise ValueError(
            f"{name} must be between {-ndim} and {ndim - 1} for an array with {ndim} axes, got {value}"
        )
    return axis % ndim


def shape_of(name: str, value: Any, ndim: int) -> tuple[int, ...]:
    """Check a shape given as a sequence of sizes."""
    if not isinstance(value, Sequence | np.ndarray) or isinstance(value, str) or len(value) != ndim:
        raise ValueError(f"{name} must be a shape with {ndim} sizes {_AXES.get(ndim, '')}, got {value!r}")
    return tuple(whole(name, each, 0) for each in value)


def number(name: str, value: Any, least: float = -np.inf, most: float = np.inf) -> float:
    """Check a real number between two bounds."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} must be a number, got {value!r} ({type(value).__name__})")
    if not least <= value <= most:
        raise ValueError(f"{name} must be between {least:g} and {most:g}, got {value!r}")
    return float(value)


def targets(name: str, value: Any, shape: tuple[int, int]) -> np.ndarray:
    """Check integer class targets, one a row of scores of shape (N, C)."""
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} must be a NumPy array of integers, got {type(value).__name__}: use np.asarray({name})"
        )
    if value.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must hold integers, got dtype {value.dtype}: convert class numbers with "
            f"{name}.astype(np.int64), one-hot rows with {name}.argmax(axis=1)"
        )
    rows, classes = shape
    if value.shape != (rows,):
        raise ValueError(f"{name} must have shape ({rows},), one class a row of scores, got {value.shape}")
    if rows and not (value.min() >= 0 and value.max() < classes):
        raise ValueError(
            f"{name} must lie between 0 and {classes - 1} for {classes} classes, got values from "
            f"{value.min()} to {value.max()}: number the classes from 0"
        )
    return np.ascontiguousarray(value, dtype=np.int64)


def positions(name: str, value: Any, shape: tuple[int, ...], count: int | None = None) -> np.ndarray:
    """Check integer positions, from 0 to `count` - 1 where a count is given."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iu":
        kind = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
        raise TypeError(f"{name} must be an array of integers, got {kind}: pass what the forward gave")
    if value.shape != shape:
        raise ValueError(
            f"{name} must have dy's shape {shape}, got {value.shape}: pass what the forward gave"
        )
    if count is not None and value.size and not (value.min() >= 0 and value.max() < count):
        raise ValueError(
            f"{name} must lie between 0 and {count - 1}, got values from {value.min()} to {value.max()}"
        )
    return np.ascontiguousarray(value, dtype=np.int64)

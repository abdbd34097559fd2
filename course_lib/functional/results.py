"""Where results go: into new arrays, the caller's own, or those that a function of the caller hands out."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib import aligned

Give = Callable[[tuple[int, ...], np.dtype], np.ndarray]
Out = np.ndarray | Give | None
Outs = tuple[Out, ...] | None


def result(
    out: Out, shape: tuple[int, ...], dtype: np.dtype, inputs: Sequence[Any], name: str = "out"
) -> np.ndarray:
    """Give the array that a result goes into.

    Parameters
    ----------
    out : ndarray, callable or None
        The caller's array, a function that gives one for a shape and a dtype, or None for a new one.
    shape : tuple of int
        Shape of the result.
    dtype : numpy.dtype
        Its dtype.
    inputs : sequence
        What it must not overlap, as the caller gave it; what is no array is passed over.
    name : str
        Name of the argument, for the error message.

    Returns
    -------
    ndarray
        C-contiguous, of that shape and dtype, with any content; `out` itself if that is an array.

    Raises
    ------
    TypeError, ValueError
        If `out` is no such array.
    """
    if out is None:
        return aligned.empty(shape, dtype)
    if callable(out):
        out = out(shape, dtype)
    if not isinstance(out, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(out).__name__}: leave it out for a new one")
    if out.dtype != dtype:
        raise TypeError(f"{name} must have the result's dtype {dtype}, got {out.dtype}")
    if out.shape != shape:
        raise ValueError(f"{name} must have the result's shape {shape}, got {out.shape}")
    if not (out.flags.c_contiguous and out.flags.aligned and out.flags.writeable):
        raise ValueError(f"{name} must be C-contiguous and writeable: use np.empty({shape}, np.{dtype})")
    if any(isinstance(each, np.ndarray) and np.may_share_memory(out, each) for each in inputs):
        raise ValueError(
            f"{name} must not overlap an input or another result, as an operation reads while it writes: "
            f"use np.empty({shape}, np.{dtype})"
        )
    return out


def results(
    out: Outs, wanted: Sequence[tuple[tuple[int, ...], np.dtype] | None], inputs: Sequence[Any]
) -> tuple[np.ndarray | None, ...]:
    """Give the arrays that several results go into; `wanted` holds (shape, dtype), or None for no result.

    Raises
    ------
    TypeError, ValueError
        If `out` is not a tuple of that many, or one of them is no such array.
    """
    if out is None:
        return tuple(None if each is None else aligned.empty(*each) for each in wanted)
    if not isinstance(out, tuple) or len(out) != len(wanted):
        got = f"{len(out)} of them" if isinstance(out, tuple) else type(out).__name__
        raise TypeError(
            f"out must be a tuple of {len(wanted)}, one for each result (None for a new array), got {got}"
        )
    made: list[np.ndarray | None] = []
    for number, (each, want) in enumerate(zip(out, wanted)):
        if want is not None:
            made.append(result(each, *want, (*inputs, *made), f"out[{number}]"))
            continue
        if isinstance(each, np.ndarray):
            raise ValueError(f"out[{number}] must be None, as `needs` leaves that result out")
        made.append(None)
    return tuple(made)

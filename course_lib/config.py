"""Which backend computes, for which instruction set, on how many threads.

The environment sets the start: ``COURSE_LIB_BACKEND`` (auto, kernels or reference), ``COURSE_LIB_ISA`` (an
instruction set the kernels were built for), ``COURSE_LIB_WINOGRAD`` (on or off) and ``OMP_NUM_THREADS``.
"""

import os
import warnings
from collections.abc import Callable
from importlib import import_module
from operator import index
from typing import Any

import numpy as np

__all__ = ["get_num_threads", "operation", "set_backend", "set_num_threads", "set_winograd", "show_config"]

BACKENDS = ("auto", "kernels", "reference")
HOW_TO_BUILD = (
    "To get the fast backend, install a C compiler and Python's headers (Debian: apt install gcc "
    "python3-dev) and install again, from a clone with: pip install --force-reinstall --no-deps ."
)

_requested = "auto"
_operations: dict[tuple[str, Any], Callable[..., Any]] = {}
_warned = False


def operation(family: str, name: str, dtype: np.dtype) -> Callable[..., Any]:
    """Find the implementation of an operation in the backend that is active.

    Parameters
    ----------
    family : str
        Module that holds it, the same name in both backends: ``"convolution"``.
    name : str
        Its name there: ``"conv2d"``.
    dtype : numpy.dtype
        Element type of the arrays; the kernels take float32 and float64.

    Returns
    -------
    callable
        The kernel where there is one, otherwise the NumPy reference. Its last argument takes the arrays to
        fill: one, or a tuple that goes with the results, None where there is nothing to fill.
    """
    key = (name, dtype.char)
    try:
        return _operations[key]
    except KeyError:
        found = _operations[key] = _find(family, name, dtype)
        return found


def _find(family: str, name: str, dtype: np.dtype) -> Callable[..., Any]:
    if dtype.char in "fd" and _uses_kernels():
        module = import_module("course_lib.kernels").family(family)
        if hasattr(module, name):
            return getattr(module, name)
    reference = import_module("course_lib.reference")
    return reference.filling(getattr(import_module(f"course_lib.reference.{family}"), name))


def _uses_kernels() -> bool:
    global _warned
    if _requested == "reference":
        return False
    problem = _kernel_problem()
    if problem and not _warned and _requested == "auto":
        _warned = True
        warnings.warn(
            f"course_lib computes with its slow NumPy reference: {problem}. {HOW_TO_BUILD}",
            RuntimeWarning,
            stacklevel=5,
        )
    return not problem


def _kernel_problem() -> str | None:
    try:
        kernels = import_module("course_lib.kernels")
    except ImportError as error:
        return f"the compiled kernels cannot be imported ({error})"
    return kernels.problem()


def set_backend(name: str) -> None:
    """Choose who computes from now on.

    Parameters
    ----------
    name : {"auto", "kernels", "reference"}
        ``"auto"`` takes the compiled kernels where they are built, otherwise the NumPy reference.

    Raises
    ------
    ValueError
        If the name is none of these.
    RuntimeError
        If ``"kernels"`` is asked for and they are not built.
    """
    global _requested
    if name not in BACKENDS:
        raise ValueError(f"name must be one of {', '.join(map(repr, BACKENDS))}, got {name!r}")
    if name == "kernels" and (problem := _kernel_problem()):
        raise RuntimeError(f"the kernels are not usable: {problem}. {HOW_TO_BUILD}")
    _requested = name
    _operations.clear()


def set_num_threads(n: int) -> None:
    """Set how many threads the kernels may use.

    Parameters
    ----------
    n : int
        At least 1. Small calls stay on one thread whatever is set. Without OpenMP, and in a process forked
        from one that has loaded the kernels, it stays at 1.

    Raises
    ------
    TypeError, ValueError
        If `n` is not a whole number of at least 1.
    """
    try:
        count = index(n)
    except TypeError:
        raise TypeError(f"n must be a whole number of threads, got {n!r}") from None
    if count < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if _kernel_problem():
        return
    import_module("course_lib.kernels").set_threads(count)


def get_num_threads() -> int:
    """Tell how many threads the kernels may use (1 without kernels or without OpenMP)."""
    return 1 if _kernel_problem() else import_module("course_lib.kernels").get_threads()


def set_winograd(allowed: bool) -> None:
    """Allow Winograd's transforms, or have every convolution multiply the elements themselves.

    Parameters
    ----------
    allowed : bool
        True at the start, unless ``COURSE_LIB_WINOGRAD`` is ``off``. The transforms serve convolutions
        3×3 with at least 16 channels on both sides. float32 with stride 1 takes a quarter of the products;
        the price is rounding: errors reach 1.3e-5 of the largest result, against 2.4e-6 without. float64,
        and so gradient checks, and stride 2 take transforms that only add and halve, and lose no digit to
        speak of, with 4/9 and 25/36 of the products. The reference backend never uses them.

    Raises
    ------
    TypeError
        If `allowed` is not a bool.

    References
    ----------
    A. Lavin and S. Gray, Fast algorithms for convolutional neural networks, arXiv:1509.09308.
    """
    if not isinstance(allowed, bool):
        raise TypeError(f"allowed must be True or False, got {allowed!r}")
    if not _kernel_problem():
        import_module("course_lib.kernels").set_winograd(allowed)


def show_config(mode: str = "stdout") -> dict[str, Any] | None:
    """Tell backend, instruction set and number of threads.

    Parameters
    ----------
    mode : {"stdout", "dicts"}
        Print them, or return them as a dictionary, as `numpy.show_config` does.

    Returns
    -------
    dict or None
        With the keys ``backend``, ``instruction_set``, ``built_for``, ``openmp``, ``winograd``, ``threads``,
        ``note``.

    Raises
    ------
    ValueError
        If the mode is neither.
    """
    if mode not in ("stdout", "dicts"):
        raise ValueError(f"mode must be 'stdout' or 'dicts', got {mode!r}")
    facts = _facts()
    if mode == "dicts":
        return facts
    width = max(map(len, facts))
    for key, value in facts.items():
        shown = ", ".join(value) or "nothing" if isinstance(value, list) else value
        if shown is not None:
            print(f"{key.replace('_', ' '):{width}}  {shown}")
    return None


def _facts() -> dict[str, Any]:
    problem = _kernel_problem()
    if problem:
        facts = {"instruction_set": None, "built_for": [], "openmp": False, "winograd": False}
    else:
        kernels = import_module("course_lib.kernels")
        facts = {
            "instruction_set": kernels.instruction_set(),
            "built_for": kernels.built(),
            "openmp": kernels.has_openmp(),
            "winograd": kernels.get_winograd(),
        }
    active = "reference" if problem or _requested == "reference" else "kernels"
    note = f"{problem}. {HOW_TO_BUILD}" if problem else None
    return {"backend": active, **facts, "threads": get_num_threads(), "note": note}


set_backend(os.environ.get("COURSE_LIB_BACKEND", "auto"))

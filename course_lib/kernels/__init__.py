"""The fast backend: compiled operations, one set of modules for each instruction set.

The same sources are compiled once for each of `INSTRUCTION_SETS`; the best one that this processor has is
chosen when the first operation is asked for. ``COURSE_LIB_ISA`` forces one.
"""

import os
import warnings
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

__all__ = [
    "FAMILIES",
    "INSTRUCTION_SETS",
    "available",
    "built",
    "family",
    "get_threads",
    "get_winograd",
    "has_openmp",
    "instruction_set",
    "problem",
    "set_threads",
    "set_winograd",
]

INSTRUCTION_SETS = ("x86-64-v4", "x86-64-v3", "baseline")
FAMILIES = (
    "activations",
    "batch_normalization",
    "convolution",
    "decorrelation",
    "dropout",
    "group_normalization",
    "linear",
    "losses",
    "maxout",
    "optimizers",
    "pooling",
    "softmax",
)

# GNU's OpenMP reads this when the first kernel is loaded. Its threads otherwise spin for milliseconds after a
# parallel loop, which takes the processor from whoever else has work: several times slower on a busy machine.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")

_families: dict[str, ModuleType] = {}
_threads: int | None = None
_forked = False
_winograd: bool | None = None


def _folder(name: str) -> str:
    return f"{__name__}.{name.replace('-', '_')}"


def _is_built(name: str) -> bool:
    try:
        return find_spec(f"{_folder(name)}.convolution") is not None
    except ModuleNotFoundError:
        return False


@cache
def built() -> list[str]:
    """List the instruction sets that kernels were compiled for."""
    return [name for name in INSTRUCTION_SETS if _is_built(name)]


@cache
def available() -> list[str]:
    """List those of them that this processor has, best first."""
    if not built():
        return []
    processor = import_module(f"{__name__}.processor")
    return [name for name in built() if processor.supports(name)]


@cache
def problem() -> str | None:
    """Say why the kernels cannot be used, or None if they can."""
    if not built():
        return "its compiled kernels are not built"
    try:
        import_module(f"{_folder(instruction_set())}.convolution")
    except ImportError as error:
        return f"its compiled kernels do not load ({error})"
    return None


@cache
def instruction_set() -> str:
    """Name the instruction set in use.

    Raises
    ------
    ValueError
        If ``COURSE_LIB_ISA`` names one that was not built or that this processor does not have.
    """
    forced = os.environ.get("COURSE_LIB_ISA")
    if not forced:
        return available()[0]
    if forced not in available():
        raise ValueError(
            f"the environment variable COURSE_LIB_ISA is {forced!r}, but this processor and this build offer "
            f"{', '.join(available()) or 'none'}: set it to one of them, or unset it"
        )
    return forced


def family(name: str) -> ModuleType | None:
    """Load the kernels of one operation family, such as ``"convolution"``; None if it has none."""
    if name not in FAMILIES:
        return None
    if name not in _families:
        module = import_module(f"{_folder(instruction_set())}.{name}")
        module.set_threads(get_threads())
        if name == "convolution":
            module.set_winograd(get_winograd())
        _families[name] = module
    return _families[name]


def has_openmp() -> bool:
    """Tell whether the kernels were compiled with OpenMP."""
    return import_module(f"{__name__}.processor").default_threads() > 0


def get_threads() -> int:
    """Tell how many threads a large call uses."""
    global _threads
    if _threads is None:
        _threads = max(1, import_module(f"{__name__}.processor").default_threads())
    return _threads


def set_threads(count: int) -> None:
    """Let a large call use `count` threads; it stays 1 without OpenMP and in a forked process."""
    global _threads
    if _forked and count > 1:
        warnings.warn(
            "a process forked from one that has loaded the kernels keeps one thread: OpenMP cannot start "
            "threads in it. Start it with multiprocessing's 'spawn' method to use more",
            RuntimeWarning,
            stacklevel=3,
        )
        return
    _threads = count if has_openmp() else 1
    for module in _families.values():
        module.set_threads(_threads)


def get_winograd() -> bool:
    """Tell whether convolutions may use Winograd's transforms.

    Raises
    ------
    ValueError
        If ``COURSE_LIB_WINOGRAD`` is neither ``on`` nor ``off``.
    """
    if _winograd is not None:
        return _winograd
    asked = os.environ.get("COURSE_LIB_WINOGRAD") or "on"
    if asked not in ("on", "off"):
        raise ValueError(f"the environment variable COURSE_LIB_WINOGRAD must be on or off, got {asked!r}")
    return asked == "on"


def set_winograd(allowed: bool) -> None:
    """Allow Winograd's transforms, or forbid them; this goes before the environment variable."""
    global _winograd
    _winograd = allowed
    family("convolution").set_winograd(allowed)


def _keep_one_thread_in_child() -> None:
    # OpenMP's threads do not survive a fork: a child that entered a parallel region would wait for them for
    # ever.
    global _forked, _threads
    _forked = True
    _threads = 1
    for module in _families.values():
        module.set_threads(1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_keep_one_thread_in_child)

"""A NumPy-in, NumPy-out library for training neural networks."""

from importlib import import_module
from typing import Any

from course_lib.version import __version__

_CONFIG = {"get_num_threads", "set_backend", "set_num_threads", "set_winograd", "show_config"}

__all__ = ["__version__", "get_num_threads", "set_backend", "set_num_threads", "set_winograd", "show_config"]
_PARTS = {"config", "data", "functional", "geometry", "nn", "optim", "plots", "training", "widgets"}


def __getattr__(name: str) -> Any:
    # Parts load when they are first asked for, so that importing one of them does not load the others.
    if name in _CONFIG:
        return getattr(import_module("course_lib.config"), name)
    if name in _PARTS:
        return import_module(f"course_lib.{name}")
    raise AttributeError(f"module 'course_lib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_CONFIG, *_PARTS])

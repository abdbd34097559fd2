"""Lets a package offer names whose files are loaded only when a name is first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def load_when_asked(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package that loads its names one by one.

    Parameters
    ----------
    package : str
        Its full name, ``__name__`` in its ``__init__.py``.
    homes : mapping from str to str
        Each name that it offers, and the module inside the package that defines it.

    Returns
    -------
    getattr : callable
        Loads a name and keeps it in the package; raises AttributeError for one that is not offered.
    dir : callable
        Lists what is there and what is offered.

    Notes
    -----
    Module ``__getattr__`` and ``__dir__``: PEP 562, 2017.
    """

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return load, names

"""Refuses imports of what an assignment hides, with an explanation, and stands in for the ``grading``
package.

The wall is that the files cannot be read; this only says so in words.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType

from .reading import PROJECT_PACKAGES, ReadPlan

EXPLANATION = "not available while grading"


def refusal(name: str) -> PermissionError:
    """Return the exception for a hidden file or module."""
    return PermissionError(errno.EACCES, EXPLANATION, name)


class HiddenModules:
    """A meta-path finder that refuses hidden modules and finds nothing.

    Code of a notebook gets PermissionError. A library that asks whether an optional package exists gets
    ModuleNotFoundError, which is what it knows how to handle.
    """

    def __init__(self, plan: ReadPlan) -> None:
        self._hidden = plan.hidden_modules
        self._files = tuple(os.path.splitext(file)[0].split(os.sep) for file in plan.project_files)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse a hidden module; return None for every other."""
        __tracebackhide__ = True
        top = fullname.partition(".")[0]
        if top in PROJECT_PACKAGES:
            hidden = not self._exposed(fullname.split("."))
        else:
            hidden = top in self._hidden
        if not hidden:
            return None
        if _asked_by_notebook(sys._getframe(1)):
            raise refusal(fullname)
        raise ModuleNotFoundError(f"{fullname} is {EXPLANATION}", name=fullname)

    def _exposed(self, parts: list[str]) -> bool:
        """Tell whether a module is, lies below, or leads to a listed file of the project."""
        for file in self._files:
            file = file[:-1] if file[-1] == "__init__" else file
            shorter = min(len(file), len(parts))
            if parts[:shorter] == file[:shorter] and (len(parts) <= len(file) or self._covers_below(file)):
                return True
        return False

    def _covers_below(self, file: list[str]) -> bool:
        return [*file, "__init__"] not in self._files


def _asked_by_notebook(frame: FrameType | None) -> bool:
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith("<frozen importlib") and "importlib" not in name:
            return name.startswith("<") or not os.path.isabs(name) or _in_working_directory(name)
        frame = frame.f_back
    return False


def _in_working_directory(name: str) -> bool:
    return name.startswith(os.getcwd() + os.sep)


class _Inert:
    """What ``check`` and ``reset`` are while a notebook is graded: they accept anything and say nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_: object, **__: object) -> None:
        """Do nothing; the real check runs elsewhere, and there is no notebook to change."""

    def __repr__(self) -> str:
        return f"<{self._name}: not while a notebook is graded>"


def hide_project(plan: ReadPlan) -> None:
    """Replace ``grading`` by an inert stub, forget the project's modules, and refuse what is hidden."""
    for name in list(sys.modules):
        if name.partition(".")[0] in PROJECT_PACKAGES:
            del sys.modules[name]
    stub = ModuleType("grading", "A stand-in: nothing is judged where a notebook's own code runs.")
    stub.check, stub.reset = _Inert("check"), _Inert("reset")
    stub.__path__ = []
    sys.modules["grading"] = stub
    sys.meta_path.insert(0, HiddenModules(plan))

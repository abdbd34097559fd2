"""Finds check files: those of the course, and those that an instructor keeps in the class directory."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

import grading.checks
from grading.checks.definition import Check
from grading.checks.policy import SandboxPolicy

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")


def assignments() -> tuple[str, ...]:
    """Return the names of the assignments that come with checks, in alphabetical order."""
    return tuple(sorted(info.name for info in pkgutil.iter_modules(grading.checks.__path__) if info.ispkg))


def load(assignment: str, extra_directories: Iterable[str | Path] = ()) -> dict[str, Check]:
    """Load the checks of an assignment.

    Parameters
    ----------
    assignment : str
        Name of the assignment: a folder beside this file, where the course has checks for it.
    extra_directories : iterable of str or Path
        Folders with further check files, "checks/<assignment>" of a class directory. Their checks replace the
        course's of the same name.

    Returns
    -------
    dict of str to Check
        By name; empty for an assignment without checks (plain assert cells need none).

    Raises
    ------
    ValueError
        If the name is no assignment's name, or a file holds no check, or two files hold the same.
    """
    if not _NAME.match(assignment):
        raise ValueError(f"assignment must be made of letters, digits, - and _, got {assignment!r}")
    checks = dict(_shipped(assignment)) if assignment in assignments() else {}
    for directory in extra_directories:
        own: dict[str, Check] = {}
        for path in sorted(Path(directory).glob("[!_]*.py")):
            _collect(_from_file(path), own)
        checks |= own
    return checks


def find(name: str) -> Check:
    """Return a check by its name alone: names are unique over all assignments.

    Parameters
    ----------
    name : str
        Name of the check.

    Returns
    -------
    Check

    Raises
    ------
    LookupError
        If there is none of that name; the message lists the known ones.
    """
    known = {name: check for assignment in assignments() for name, check in load(assignment).items()}
    if name in known:
        return known[name]
    close = difflib.get_close_matches(str(name), known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise LookupError(f"there is no check named {name!r}.{hint} Known checks: {', '.join(sorted(known))}")


def sandbox_policy(assignment: str) -> SandboxPolicy:
    """Return what student code of an assignment may import and read while it is graded.

    Parameters
    ----------
    assignment : str
        Name of the assignment.

    Returns
    -------
    SandboxPolicy
        `SANDBOX` of the assignment's package; for assignments that the course does not know, everything
        installed except the course's own packages.
    """
    if assignment not in assignments():
        return SandboxPolicy.everything()
    return importlib.import_module(f"grading.checks.{assignment}").SANDBOX


@cache
def _shipped(assignment: str) -> dict[str, Check]:
    package = importlib.import_module(f"grading.checks.{assignment}")
    checks: dict[str, Check] = {}
    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            if hasattr(module, "check"):
                _collect(module, checks)
    return checks


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"extra_checks_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _collect(module: ModuleType, checks: dict[str, Check]) -> None:
    check = getattr(module, "check", None)
    if not isinstance(check, Check):
        raise ValueError(f"{module.__file__} must define `check`, a grading.checks.definition.Check")
    if check.name in checks:
        raise ValueError(
            f"{module.__file__} defines {check.name!r}, as another file does: names must be unique"
        )
    checks[check.name] = check

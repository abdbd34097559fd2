"""The assignments that come with the course: ``grading/source/<assignment>/<notebook>.ipynb``."""

from __future__ import annotations

import shutil
from pathlib import Path

import grading

_SOURCE = Path(grading.__file__).resolve().parent / "source"


def shipped_assignments() -> list[str]:
    """Return the names of the assignments that come with the course."""
    if not _SOURCE.is_dir():
        return []
    return sorted(path.name for path in _SOURCE.iterdir() if any(path.glob("*.ipynb")))


def shipped_source(assignment: str) -> Path:
    """Return the directory of a shipped assignment's source.

    Raises
    ------
    LookupError
        If there is no such assignment.
    """
    names = shipped_assignments()
    if assignment not in names:
        listed = ", ".join(names) or "none"
        raise LookupError(f"the course has no assignment {assignment!r}; it has: {listed}")
    return _SOURCE / assignment


def shipped_master(assignment: str) -> Path:
    """Return the master notebook of a shipped assignment (named like the assignment, or its only notebook).

    Raises
    ------
    LookupError
        If there is no such assignment, or it has several notebooks and none has its name.
    """
    source = shipped_source(assignment)
    notebooks = sorted(source.glob("*.ipynb"))
    named = source / f"{assignment}.ipynb"
    if named in notebooks:
        return named
    if len(notebooks) != 1:
        raise LookupError(
            f"assignment {assignment!r} has {len(notebooks)} notebooks and none is named like it"
        )
    return notebooks[0]


def copy_source(assignment: str, target: Path) -> None:
    """Copy a shipped assignment's source, without caches and checkpoints.

    Parameters
    ----------
    assignment : str
        Its name.
    target : Path
        A directory that does not exist yet.

    Raises
    ------
    LookupError
        If there is no such assignment.
    """
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.pyc")
    shutil.copytree(shipped_source(assignment), target, ignore=ignored)

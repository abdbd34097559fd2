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
        If there is no such assignment, or this installation carries it without its model solutions.
    """
    if not _with_solutions(assignment):
        raise LookupError(
            f"this installation carries {assignment} as students get it, without model solutions. To release "
            "it, install from a clone of the course: pip install -e '.[instructor]'"
        )
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.pyc")
    shutil.copytree(shipped_source(assignment), target, ignore=ignored)


def _with_solutions(assignment: str) -> bool:
    notebooks = shipped_source(assignment).glob("*.ipynb")
    return any("### BEGIN SOLUTION" in path.read_text(encoding="utf-8") for path in notebooks)

"""The class directory of the demonstration, and handing the scenarios in."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

import grading
from grading.demo.handing_in import handed_in
from grading.demo.scenario import Scenario
from grading.engine import ClassDirectory

_MARKER = "made-up-class"
# Beside the right answers: what everybody hands in with the notebook.
_BESIDE = "beside.toml"
_TIMESTAMP = "2026-01-30 12:00:00 UTC\n"


class DemoUnavailable(Exception):
    """The demonstration cannot run here; the text says why, and the way out."""


def scenario_folder(assignment: str) -> Path:
    """Return where the scenarios of an assignment are.

    Raises
    ------
    DemoUnavailable
        If they are not there: they belong to the clone, and are not installed.
    """
    folder = Path(grading.__file__).resolve().parents[1] / "tests" / "scenarios" / assignment
    if not folder.is_dir():
        raise DemoUnavailable(
            f"the made-up class is not installed: {folder} does not exist. "
            "It comes with a clone of the course: run `make demo` there"
        )
    return folder


def default_place() -> Path:
    """Return where the made-up class goes: ``~/course-demo``, or a temporary directory without a home."""
    home = Path.home()
    if os.access(home, os.W_OK | os.X_OK):
        return home / "course-demo"
    return Path(tempfile.gettempdir()) / f"course-demo-{os.getuid()}"


def make_class(place: Path) -> ClassDirectory:
    """Make the class directory, in place of the one of an earlier demonstration.

    Parameters
    ----------
    place : Path
        A new or empty directory, or one that an earlier demonstration made.

    Returns
    -------
    ClassDirectory
        New, without students.

    Raises
    ------
    DemoUnavailable
        If something else is there.
    ClassDirectoryError
        If no class directory may be there, as inside the repository.
    """
    place = place.expanduser().resolve()
    earlier = ClassDirectory(place)
    if (earlier.memory / _MARKER).is_file():
        shutil.rmtree(place)
    elif place.is_dir() and any(place.iterdir()):
        raise DemoUnavailable(
            f"{place} holds something that no demonstration made; it stays as it is. "
            "Name a new directory, or move that one away"
        )
    directory = ClassDirectory.create(place)
    (directory.memory / _MARKER).write_text("Every demonstration replaces this class directory.\n")
    return directory


def hand_in(directory: ClassDirectory, assignment: str, scenarios: Iterable[Scenario]) -> None:
    """Lay the scenarios into ``submitted/``, a student each.

    Parameters
    ----------
    directory : ClassDirectory
        Has released the assignment.
    assignment : str
        Its name, and its notebook's.
    scenarios : iterable of Scenario
        The students.

    Raises
    ------
    ScenarioError
        If a scenario does not fit the released notebook.
    """
    released = (directory.assignment("release", assignment) / f"{assignment}.ipynb").read_bytes()
    beside = handed_in_beside(assignment)
    for scenario in scenarios:
        target = directory.assignment("submitted", assignment, scenario.student)
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{assignment}.ipynb").write_bytes(handed_in(released, scenario))
        (target / "timestamp.txt").write_text(_TIMESTAMP)
        for name, content in beside.items():
            (target / name).write_bytes(content)
        for name, content in scenario.mangling.files.items():
            (target / name).write_text(content)
        for name, link in scenario.mangling.links.items():
            (target / name).unlink(missing_ok=True)
            (target / name).symlink_to(link)


def handed_in_beside(assignment: str) -> dict[str, bytes]:
    """Return the files that come with every notebook of an assignment's scenarios, by name.

    They are listed in ``beside.toml`` among the scenarios, by their places in the repository.
    """
    folder = scenario_folder(assignment)
    if not (folder / _BESIDE).is_file():
        return {}
    listed = tomllib.loads((folder / _BESIDE).read_text(encoding="utf-8"))
    root = Path(grading.__file__).resolve().parents[1]
    return {name: (root / place).read_bytes() for name, place in listed["files"].items()}

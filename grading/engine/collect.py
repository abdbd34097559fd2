"""Collecting: from what a learning platform exported to ``submitted/<student>/<assignment>/``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.engine.archives import Exported, read_export
from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.class_lock import only_one_at_work
from grading.engine.export_names import Owner, gradescope_owners, match, notebook_name, owner_of
from grading.engine.roster import Person, class_roster
from grading.engine.safe_files import write_atomically


@dataclass(frozen=True)
class NotCollected:
    """A file of an export that went nowhere.

    Attributes
    ----------
    file : str
        Its place in the export.
    reason : str
        Why.
    """

    file: str
    reason: str


@dataclass(frozen=True)
class Collected:
    """What collecting came to.

    Attributes
    ----------
    new, changed, unchanged : tuple of str
        Students whose notebooks were written for the first time, replaced, or there already.
    superseded : int
        Earlier attempts that a later one replaced.
    missing : tuple of str
        Students of the roster who have handed in nothing so far.
    problems : tuple of NotCollected
        What could not be matched or read.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    superseded: int
    missing: tuple[str, ...]
    problems: tuple[NotCollected, ...]


def collect(directory: ClassDirectory, assignment: str, sources: Sequence[Path]) -> Collected:
    """Take what students handed in on Canvas, Moodle or Gradescope into the class directory.

    Parameters
    ----------
    directory : ClassDirectory
        With a roster: `save_roster`.
    assignment : str
        A released assignment.
    sources : sequence of Path
        Folders, zip files or single notebooks, as exported.

    Returns
    -------
    Collected
        Also what could not be matched: nothing is dropped in silence.

    Raises
    ------
    ClassDirectoryError
        If there is no roster, or no such assignment.
    ArchiveError, FileNotFoundError
        If a source cannot be read as a whole; nothing was written then.
    """
    notebooks = directory.notebooks(assignment)
    roster = class_roster(directory)
    if not roster:
        raise ClassDirectoryError(
            f"{directory.root} has no roster, so nobody can tell whose files these are. "
            "Give one with `course roster FILE.csv`, or at `course init DIR --roster FILE.csv`"
        )
    chosen: dict[tuple[str, str], tuple[Owner, bytes]] = {}
    problems: list[NotCollected] = []
    superseded = 0
    for source in sources:
        for exported, owner in _owned(source, problems):
            person, name = _placed(exported, owner, roster, notebooks, problems)
            if person is None:
                continue
            place = (person.student_id, name)
            if place in chosen:
                superseded += 1
                if chosen[place][0].order > owner.order:
                    continue
            chosen[place] = (owner, exported.data)
    return _write(directory, assignment, chosen, roster, problems, superseded)


def _owned(source: Path, problems: list[NotCollected]) -> list[tuple[Exported, Owner]]:
    """Read one export whole: Gradescope says only at its end whose folders they are."""
    files: list[Exported] = []
    owners: dict[str, Owner] = {}
    for exported in read_export(source):
        if exported.problem is not None:
            problems.append(NotCollected(str(exported.path), exported.problem))
        elif exported.path.suffix.lower() == ".ipynb":
            files.append(exported)
        elif exported.path.name == "submission_metadata.yml":
            try:
                owners |= gradescope_owners(exported.data)
            except ValueError as problem:
                problems.append(NotCollected(str(exported.path), str(problem)))
    found = []
    for exported in files:
        owner = owner_of(exported.path, owners)
        if owner is None:
            problems.append(
                NotCollected(
                    str(exported.path), "its name is not of the kind that Canvas, Moodle or Gradescope give"
                )
            )
        else:
            found.append((exported, owner))
    return found


def _placed(
    exported: Exported,
    owner: Owner,
    roster: Sequence[Person],
    notebooks: Sequence[str],
    problems: list[NotCollected],
) -> tuple[Person | None, str]:
    person, reason = match(owner, roster)
    name = notebook_name(owner.file, notebooks)
    if person is not None and name is not None:
        return person, name
    expected = ", ".join(f"{name}.ipynb" for name in notebooks)
    why = reason or f"{owner.file} is not a notebook of the assignment ({expected})"
    problems.append(NotCollected(str(exported.path), why))
    return None, ""


def _write(
    directory: ClassDirectory,
    assignment: str,
    chosen: dict[tuple[str, str], tuple[Owner, bytes]],
    roster: Sequence[Person],
    problems: list[NotCollected],
    superseded: int,
) -> Collected:
    states: dict[str, set[str]] = {}
    with only_one_at_work(directory):
        for (student, name), (owner, data) in sorted(chosen.items()):
            folder = directory.assignment("submitted", assignment, student)
            target = folder / f"{name}.ipynb"
            before = target.read_bytes() if target.is_file() and not target.is_symlink() else None
            state = "new" if before is None else "unchanged" if before == data else "changed"
            states.setdefault(student, set()).add(state)
            if state != "unchanged":
                write_atomically(target, data)
            if owner.timestamp:
                write_atomically(folder / "timestamp.txt", owner.timestamp.encode("ascii"))
    submitted = directory.root / "submitted"
    missing = tuple(
        person.student_id
        for person in roster
        if not any((submitted / person.student_id / assignment).glob("*.ipynb"))
    )

    def students(state: str) -> tuple[str, ...]:
        order = ("changed", "new", "unchanged")
        return tuple(
            student
            for student, found in states.items()
            if next(kind for kind in order if kind in found) == state
        )

    return Collected(
        students("new"), students("changed"), students("unchanged"), superseded, missing, tuple(problems)
    )

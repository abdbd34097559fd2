"""Scores as CSV files that spreadsheets and learning platforms take."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.recorded_scores import RecordedScore, recorded_scores
from grading.engine.roster import Person, class_roster, person_of, read_table

FORMATS = ("csv", "canvas", "moodle", "gradescope")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Canvas recognises its own columns by these names.
_CANVAS_KEPT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_WITH_ROSTER = ("canvas", "moodle")


@dataclass(frozen=True)
class Exported:
    """A table of scores.

    Attributes
    ----------
    text : str
        CSV.
    students : int
        How many rows carry a score.
    without_score, not_in_roster : tuple of str
        Students of the roster that have no score, and students with a score whom the roster does not list.
    """

    text: str
    students: int
    without_score: tuple[str, ...] = ()
    not_in_roster: tuple[str, ...] = ()


def export_scores(
    directory: ClassDirectory, assignment: str, kind: str, *, roster: Path | None = None
) -> Exported:
    """Return the scores of an assignment, manual ones and late penalties included, in one format.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        A graded assignment.
    kind : str
        One of `FORMATS`.
    roster : Path, optional
        For Canvas its exported gradebook, for Moodle its exported grading worksheet or participants: the rows
        come back with the score filled in.

    Raises
    ------
    ClassDirectoryError
        If the format is unknown, needs a roster, or nothing was graded.
    """
    if kind not in FORMATS:
        raise ClassDirectoryError(f"there is no format {kind!r}; choose one of {', '.join(FORMATS)}")
    if kind in _WITH_ROSTER and roster is None:
        source = "gradebook" if kind == "canvas" else "grading worksheet"
        raise ClassDirectoryError(
            f"{kind} takes only rows that it knows: export its {source} and name it with --roster FILE.csv"
        )
    scores = {score.student: score for score in recorded_scores(directory, assignment)}
    if not scores:
        raise ClassDirectoryError(
            f"nothing of {assignment!r} has been graded here; run `course grade {assignment}`"
        )
    if roster is not None:
        rows = read_table(roster)
        make = {"canvas": _canvas_row, "moodle": _moodle_row}.get(kind)
        if make is not None:
            return _filled(rows, scores, assignment, make, class_roster(directory))
    people = {person.student_id: person for person in class_roster(directory)}
    make_row = _gradescope_row if kind == "gradescope" else _plain_row
    table = [
        make_row(people.get(student, Person(student)), score, assignment) for student, score in scores.items()
    ]
    absent = tuple(sorted(people.keys() - scores.keys()))
    strangers = tuple(sorted(scores.keys() - people.keys())) if people else ()
    return Exported(_csv(table), len(table), absent, strangers)


def safe_cell(value: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _plain_row(person: Person, score: RecordedScore, assignment: str) -> dict[str, object]:
    return {
        "student_id": person.student_id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "assignment": assignment,
        "score": score.score,
        "max_score": score.max_score,
        "late_penalty": score.late_penalty,
        "needs_manual_grade": "yes" if score.needs_manual_grade else "no",
    }


def _gradescope_row(person: Person, score: RecordedScore, assignment: str) -> dict[str, object]:
    return {
        "First Name": person.first_name,
        "Last Name": person.last_name,
        "SID": person.number or person.platform_id or person.student_id,
        "Email": person.email,
        "Total Score": score.score,
        "Max Points": score.max_score,
        "Status": "Graded",
    }


def _canvas_row(
    row: Mapping[str, str], score: RecordedScore | None, assignment: str, maximum: float
) -> dict[str, object]:
    kept: dict[str, object] = {name: row.get(name, "") for name in _CANVAS_KEPT if name in row}
    # A column of the same assignment carries Canvas's number for it, without which Canvas makes a second one.
    own = next((name for name in row if name == assignment or name.startswith(f"{assignment} (")), assignment)
    if row.get("Student", "").strip().lower() == "points possible":
        return kept | {own: maximum}
    return kept | {own: "" if score is None else score.score}


def _moodle_row(
    row: Mapping[str, str], score: RecordedScore | None, assignment: str, maximum: float
) -> dict[str, object]:
    worksheet = "Grade" in row and "Identifier" in row
    return dict(row) | {"Grade" if worksheet else assignment: "" if score is None else score.score}


def _filled(
    rows: Sequence[Mapping[str, str]],
    scores: Mapping[str, RecordedScore],
    assignment: str,
    make: Callable[..., dict[str, object]],
    people: Sequence[Person],
) -> Exported:
    # A platform's file may know an address or a number only; the class's own roster leads on to the student.
    aliases = {name: person.student_id for person in people for name in _known_as(person) if name}
    maximum = max(score.max_score for score in scores.values())
    seen, absent, table = set(), [], []
    for row in rows:
        person = person_of(dict(row))
        names = [aliases.get(name, name) for name in _known_as(person) if name] if person else []
        score = next((scores[name] for name in names if name in scores), None)
        if score is not None:
            seen.add(score.student)
        elif person is not None:
            absent.append(names[0])
        table.append(make(row, score, assignment, maximum))
    strangers = tuple(sorted(scores.keys() - seen))
    return Exported(_csv(table), len(seen), tuple(absent), strangers)


def _known_as(person: Person) -> tuple[str, ...]:
    return (person.student_id, person.number, person.email, person.platform_id)


def _csv(table: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    for row in table:
        # Numbers are ours and may begin with a minus sign; text is other people's.
        writer.writerow(
            {key: safe_cell(value) if isinstance(value, str) else f"{value:g}" for key, value in row.items()}
        )
    return text.getvalue()

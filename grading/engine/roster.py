"""Who is in the class: a CSV as a person writes it, or as Canvas, Moodle or Gradescope export it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from nbgrader.api import Gradebook

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.nbgrader_session import class_config, course_directory, scripts_on_path
from grading.engine.safe_files import write_atomically
from grading.engine.submissions import why_not_a_student

_ROSTER_BYTES = 20_000_000
# Header, lower case, to field; the first that a file has wins.
_HEADERS = {
    "student_id": (
        "student_id",
        "sis login id",
        "username",
        "id",
        "sid",
        "id number",
        "email address",
        "email",
    ),
    "first_name": ("first_name", "first name"),
    "last_name": ("last_name", "last name", "surname"),
    "full_name": ("student", "full name", "name"),
    "email": ("email", "email address"),
    "platform_id": ("platform_id", "lms_user_id", "canvas_id", "identifier", "id", "sid"),
    "number": ("number", "sis user id", "id number", "sid"),
}


@dataclass(frozen=True)
class Person:
    """One student of the roster.

    Attributes
    ----------
    student_id : str
        The name in the class directory and in the gradebook.
    first_name, last_name, email : str
        Empty where unknown.
    platform_id : str
        Canvas's user id, Moodle's participant or Gradescope's SID.
    number : str
        The university's number.
    """

    student_id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    platform_id: str = ""
    number: str = ""


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, by its headers.

    Raises
    ------
    ClassDirectoryError
        If it is no CSV with a header line, in UTF-8.
    """
    if path.stat().st_size > _ROSTER_BYTES:
        raise ClassDirectoryError(
            f"{path} is larger than {_ROSTER_BYTES / 1e6:g} MB; that is no list of students"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
        head = text[:4096].splitlines()[0] if text.strip() else ""
        delimiter = max(",;\t", key=head.count)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ClassDirectoryError(f"{path} is not a CSV file in UTF-8: {problem}") from problem
    if not rows:
        raise ClassDirectoryError(f"{path} holds no students below its header line")
    return [{(key or "").strip(): (value or "").strip() for key, value in row.items() if key} for row in rows]


def read_roster(path: Path) -> list[Person]:
    """Return the students of a CSV file.

    Parameters
    ----------
    path : Path
        With a column ``student_id``, ``first_name``, ``last_name``, ``email`` (and ``platform_id``,
        ``number``), or as Canvas, Moodle or Gradescope export their students.

    Raises
    ------
    ClassDirectoryError
        If a student has no usable id, or two have the same.
    """
    people: dict[str, Person] = {}
    for line, row in enumerate(read_table(path), start=2):
        person = person_of(row)
        if person is None:
            continue
        if reason := why_not_a_student(person.student_id):
            raise ClassDirectoryError(
                f"{path}, line {line}: {person.student_id!r} is no student id: {reason}"
            )
        if person.student_id in people:
            raise ClassDirectoryError(f"{path}, line {line}: {person.student_id!r} appears twice")
        people[person.student_id] = person
    if not people:
        wanted = ", ".join(_HEADERS["student_id"])
        raise ClassDirectoryError(f"{path} has no column with student ids; expected one of: {wanted}")
    return list(people.values())


def person_of(row: dict[str, str]) -> Person | None:
    """Return the student of one row, or None for a row without an id (Canvas's line of maximal points)."""
    lower = {key.lower(): value for key, value in row.items()}
    found = {
        field: next((lower[name] for name in names if lower.get(name)), "")
        for field, names in _HEADERS.items()
    }
    first, last, full = found["first_name"], found["last_name"], found.pop("full_name")
    if full and not (first or last):
        # Canvas writes "Lovelace, Ada", Moodle "Ada Lovelace".
        if ", " in full:
            last, _, first = full.partition(", ")
        else:
            first, _, last = full.rpartition(" ")
    found["platform_id"] = found["platform_id"].removeprefix("Participant ")
    if not found["student_id"] or full.lower() in ("points possible", "student, test"):
        return None
    return Person(**found | {"first_name": first.strip(), "last_name": last.strip()})


def save_roster(directory: ClassDirectory, people: Iterable[Person]) -> int:
    """Keep a roster in the class directory and its students in the gradebook; return how many."""
    listed = list(people)
    view = course_directory(class_config(directory), directory)
    with scripts_on_path(), Gradebook(view.db_url, view.course_id) as gradebook:
        for person in listed:
            gradebook.update_or_create_student(
                person.student_id,
                first_name=person.first_name or None,
                last_name=person.last_name or None,
                email=person.email or None,
                lms_user_id=person.platform_id or None,
            )
    write_roster(directory, listed)
    return len(listed)


def write_roster(directory: ClassDirectory, people: Sequence[Person]) -> None:
    """Write the roster of the class directory, and nothing into the gradebook; of nobody there is none."""
    if not people:
        roster_path(directory).unlink(missing_ok=True)
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Person)])
    writer.writeheader()
    writer.writerows(asdict(person) for person in people)
    write_atomically(roster_path(directory), text.getvalue().encode("utf-8"), mode=0o600)


def class_roster(directory: ClassDirectory) -> list[Person]:
    """Return the roster kept in the class directory; empty where there is none."""
    path = roster_path(directory)
    return read_roster(path) if path.is_file() else []


def roster_path(directory: ClassDirectory) -> Path:
    """Return where the roster is kept."""
    return directory.memory / "roster.csv"


def plain_name(text: str) -> str:
    """Return a name as platforms spell it in file names: letters and digits, lower case, without accents."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in spread if character.isalnum())

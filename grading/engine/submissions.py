"""What students handed in, read as data that strangers made."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass

from grading.engine.class_directory import ClassDirectory
from grading.engine.extra_files import NOTHING, ExtraFiles, submitted_files
from grading.engine.safe_files import UnsafeFileError, opened_directory, read_regular_file

NOTEBOOK_BYTES = 20_000_000
_TIMESTAMP_BYTES = 1_000
_NAME_LENGTH = 128
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Submission:
    """One submitted notebook.

    Attributes
    ----------
    student, assignment, notebook : str
        Names as in the class directory.
    data : bytes
        The file, empty where there is a ``problem``.
    problem : str or None
        Why the file could not be taken: missing, a link, too large …
    timestamp : str or None
        Text of ``timestamp.txt`` beside it.
    extra : ExtraFiles
        The other files beside it.
    """

    student: str
    assignment: str
    notebook: str
    data: bytes
    problem: str | None = None
    timestamp: str | None = None
    extra: ExtraFiles = NOTHING

    @property
    def hash(self) -> str:
        """SHA-256 of the submitted bytes with the files beside them, or of the problem with them."""
        content = self.data if self.problem is None else b"problem:" + self.problem.encode("utf-8", "replace")
        return hashlib.sha256(content + self.extra.hash.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Refused:
    """Something in ``submitted/`` that cannot be a student's submission.

    Attributes
    ----------
    name : str
        The directory's name, escaped so that it can be printed.
    reason : str
        What is wrong with it.
    """

    name: str
    reason: str


def students_with(directory: ClassDirectory, assignment: str) -> tuple[list[str], list[Refused]]:
    """List who handed in an assignment.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its assignment.

    Returns
    -------
    students : list of str
        Sorted names of directories ``submitted/<student>/<assignment>``.
    refused : list of Refused
        Directories whose names nbgrader cannot keep, and links.
    """
    students: list[str] = []
    refused: list[Refused] = []
    with opened_directory(directory.root / "submitted") as submitted:
        for name in sorted(os.listdir(submitted)):
            if name.startswith("."):
                continue
            try:
                with (
                    opened_directory(name, within=submitted) as folder,
                    opened_directory(assignment, within=folder),
                ):
                    pass
            except FileNotFoundError:
                continue
            except UnsafeFileError as problem:
                if _is_plain_file(name, submitted):
                    continue
                refused.append(Refused(ascii(name), str(problem)))
                continue
            if reason := why_not_a_student(name):
                refused.append(Refused(ascii(name), reason))
            else:
                students.append(name)
    return students, refused


def why_not_a_student(name: str) -> str | None:
    """Return why a directory's name cannot be a student id in the gradebook, or None if it can."""
    if not name:
        return "the name is empty"
    if _CONTROL.search(name):
        return "the name holds control characters or is not valid UTF-8"
    if name != name.strip():
        return "the name begins or ends with white space"
    if len(name) > _NAME_LENGTH:
        return f"the name is longer than {_NAME_LENGTH} characters"
    if "/" in name or name in (".", ".."):
        return "the name is a path"
    return None


def read_submission(
    directory: ClassDirectory,
    assignment: str,
    student: str,
    notebook: str,
    *,
    limit: int = NOTEBOOK_BYTES,
    ignored: Sequence[str] = (),
) -> Submission:
    """Read one submitted notebook, never following a link.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment, student, notebook : str
        Which file: ``submitted/<student>/<assignment>/<notebook>.ipynb``.
    limit : int, optional
        Largest notebook in bytes.
    ignored : sequence of str, optional
        Patterns of other files' names that are passed over.

    Returns
    -------
    Submission
        With ``problem`` set where the file could not be taken: that costs this submission its points, and
        nobody else.
    """
    timestamp, extra = None, NOTHING
    try:
        with (
            opened_directory(directory.root / "submitted") as submitted,
            opened_directory(student, within=submitted) as folder,
            opened_directory(assignment, within=folder) as handed_in,
        ):
            timestamp = _read_timestamp(handed_in)
            extra = submitted_files(handed_in, ignored)
            data = read_regular_file(f"{notebook}.ipynb", within=handed_in, limit=limit)
    except FileNotFoundError:
        return Submission(
            student, assignment, notebook, b"", f"there is no file {notebook}.ipynb", timestamp, extra
        )
    except UnsafeFileError as problem:
        return Submission(student, assignment, notebook, b"", str(problem), timestamp, extra)
    return Submission(student, assignment, notebook, data, None, timestamp, extra)


def _read_timestamp(handed_in: int) -> str | None:
    try:
        raw = read_regular_file("timestamp.txt", within=handed_in, limit=_TIMESTAMP_BYTES)
    except (FileNotFoundError, UnsafeFileError):
        return None
    text = raw.decode("utf-8", "replace").strip()
    return text if text and not _CONTROL.search(text) else None


def _is_plain_file(name: str, within: int) -> bool:
    """Tell a stray file in ``submitted/``, nobody's submission, from a link or an odd directory."""
    return stat.S_ISREG(os.stat(name, dir_fd=within, follow_symlinks=False).st_mode)

"""Feedback pages in one zip: a folder a student, or named as Moodle takes feedback files back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.roster import Person, class_roster
from grading.engine.safe_files import write_atomically

# Fixed, so that the same pages make the same file.
_WHEN = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A zip file of feedback.

    Attributes
    ----------
    path : Path
        The file.
    left_out : tuple of str
        Students whose pages have no name that the platform would know.
    """

    path: Path
    left_out: tuple[str, ...] = ()


def write_feedback_zip(
    directory: ClassDirectory, pages: Iterable[Path], target: Path, *, platform: str | None = None
) -> Packed:
    """Put pages of feedback into a zip file, as ``<student>/<assignment>/<notebook>.html`` or for a platform.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    pages : iterable of Path
        As `grading.engine.feedback.write_feedback` returns them.
    target : Path
        The zip file; an earlier one is replaced, whole.
    platform : str, optional
        ``"moodle"`` for *Upload multiple feedback files in a zip*, with the names of `moodle_name`.

    Returns
    -------
    Packed
        Where it is, and whom it leaves out.

    Raises
    ------
    ClassDirectoryError
        If the platform takes no feedback in a zip, or none of the students is known by its ids.
    """
    if platform not in (None, "moodle"):
        raise ClassDirectoryError(
            f"there is no feedback zip for {platform!r}; for moodle, or without a platform"
        )
    known = {person.student_id: person for person in class_roster(directory)} if platform else {}
    named, left_out = [], set()
    for page in sorted(pages):
        place = page.relative_to(directory.root / "feedback")
        person = known.get(place.parts[0])
        if platform is None:
            named.append((place.as_posix(), page))
        elif person is not None and person.platform_id.isdecimal():
            named.append((moodle_name(person, page.name), page))
        else:
            left_out.add(place.parts[0])
    if not named:
        raise ClassDirectoryError(
            "no student of these pages has a participant number in the roster; give Moodle's grading "
            "worksheet with `course roster FILE.csv` (its column Identifier holds them)"
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in named:
            member = zipfile.ZipInfo(name, _WHEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, page.read_bytes())
    write_atomically(target, packed.getvalue())
    return Packed(target, tuple(sorted(left_out)))


def moodle_name(person: Person, file: str) -> str:
    """Return what Moodle calls a student's file; it knows them by the number behind the first ``_``."""
    full = f"{person.first_name} {person.last_name}".strip() or person.student_id
    # What Moodle separates with, and what no file system takes.
    clean = " ".join(re.sub(r'[_/\\:*?"<>|\x00-\x1f]+', " ", full).split()) or "Participant"
    return f"{clean}_{person.platform_id}_assignsubmission_file_{file}"

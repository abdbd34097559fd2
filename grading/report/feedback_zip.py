"""Feedback pages in one zip, with a folder a student: to hand back, or to upload to a platform."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from grading.engine.class_directory import ClassDirectory
from grading.engine.safe_files import write_atomically

# Fixed, so that the same pages make the same file.
_WHEN = (2000, 1, 1, 0, 0, 0)


def write_feedback_zip(directory: ClassDirectory, pages: Iterable[Path], target: Path) -> Path:
    """Put pages of feedback into a zip file as ``<student>/<assignment>/<notebook>.html``.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    pages : iterable of Path
        As `grading.engine.feedback.write_feedback` returns them.
    target : Path
        The zip file; an earlier one is replaced, whole.

    Returns
    -------
    Path
        The zip file.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in sorted(pages):
            name = page.relative_to(directory.root / "feedback").as_posix()
            member = zipfile.ZipInfo(name, _WHEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, page.read_bytes())
    write_atomically(target, packed.getvalue())
    return target

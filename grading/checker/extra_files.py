"""The files beside a notebook: the class's own, which tests read, and a student's, for the sandbox alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from grading.checker.sandbox_client import Session


def released_files(directory: str | None) -> dict[str, bytes]:
    """Return the class's own files, and let test cells find them as in a notebook's folder.

    Parameters
    ----------
    directory : str or None
        Where the engine laid them; None where an assignment has none.

    Returns
    -------
    dict of str to bytes
        By their place, relative, with ``/``.
    """
    if directory is None:
        return {}
    root = Path(directory)
    os.chdir(root)
    # Last: a data file of a class must not stand in for a module of the grader.
    sys.path.append(str(root))
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def split_submission(raw: bytes, order: Mapping[str, object]) -> tuple[bytes, dict[str, bytes]]:
    """Part what the engine sent into the notebook and the files that came with it.

    Parameters
    ----------
    raw : bytes
        The notebook, and behind it the files.
    order : mapping
        ``files``: a list of name and size of each, in this order; absent where there are none.

    Raises
    ------
    ValueError
        If the sizes do not fit.
    """
    listed = order.get("files") or []
    end = len(raw) - sum(int(size) for _, size in listed)
    if end < 0 or any(int(size) < 0 for _, size in listed):
        raise ValueError("the files are longer than what was sent")
    notebook, files = raw[:end], {}
    for name, size in listed:
        files[str(name)] = raw[end : end + int(size)]
        end += int(size)
    return notebook, files


def for_the_sandbox(
    released: Mapping[str, bytes], submitted: Mapping[str, bytes], students_own: Collection[str]
) -> dict[str, bytes]:
    """Return what lies beside the notebook where student code runs: the class's files replace a student's.

    Parameters
    ----------
    released, submitted : mapping of str to bytes
        Files by place.
    students_own : collection of str
        Released files that students are to edit: theirs stay.
    """
    kept = {
        name: data for name, data in released.items() if name not in students_own or name not in submitted
    }
    return {**submitted, **kept}


def place(session: Session, files: Mapping[str, bytes]) -> Session:
    """Lay files into the working directory of a session that was just opened, and return the session."""
    for name, data in files.items():
        session.place(name, data)
    return session


def listed_students_own(value: object) -> Sequence[str]:
    """Return the names of files that students are to edit, as the engine configured them."""
    return tuple(str(name) for name in value) if isinstance(value, list) else ()

"""Runs a lecture for the site, once for as long as neither it nor the library changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_SECONDS_A_CELL = 600
# What a lecture's outputs depend on besides itself; kernels that are built agree with their sources.
_LIBRARY_FILES = ("*.py", "*.pyx", "*.js", "*.css")


def library_fingerprint(library: Path) -> str:
    """Return a hash of all files of the library that a lecture's outputs may depend on.

    Parameters
    ----------
    library : Path
        The package's folder.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _LIBRARY_FILES for path in library.rglob(pattern)):
        digest.update(str(path.relative_to(library)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def executed_lecture(lecture: Path, library: str, kept: Path) -> nbformat.NotebookNode:
    """Return a lecture with the outputs of its cells and the state of its widgets.

    Parameters
    ----------
    lecture : Path
        A notebook without outputs.
    library : str
        What `library_fingerprint` says; a run with the same lecture and library is not repeated.
    kept : Path
        A folder where executed notebooks are kept.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails: a site that shows it would not be built.
    """
    text = lecture.read_text("utf-8")
    key = hashlib.sha256(f"{library} {text}".encode()).hexdigest()
    copy = kept / f"{lecture.stem}.{key[:16]}.ipynb"
    if copy.exists():
        return nbformat.read(copy, as_version=4)
    notebook = nbformat.reads(text, as_version=4)
    NotebookClient(
        notebook, timeout=_SECONDS_A_CELL, resources={"metadata": {"path": str(lecture.parent)}}
    ).execute()
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.glob(f"{lecture.stem}.*.ipynb"):
        old.unlink()
    # Under its name only when it is whole: a build that is stopped leaves nothing that looks done.
    unfinished = copy.with_suffix(".unfinished")
    nbformat.write(notebook, unfinished)
    unfinished.rename(copy)
    return notebook

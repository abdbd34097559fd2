"""Runs lectures for the site, each once for as long as neither it nor the library changes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

_SECONDS_A_CELL = 600
# A lecture is mostly one thread, with pauses for its kernel to start: two of them keep two cores busy.
_AT_A_TIME = 2
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


def run_all_cells(notebook: nbformat.NotebookNode, folder: Path, *, seconds_a_cell: float) -> None:
    """Run a notebook from top to bottom in a kernel of its own, and keep what the cells give out in it.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    folder : Path
        Where the kernel starts.
    seconds_a_cell : float
        How long a cell may take.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:
        config = Config()
        if os.name == "posix":
            # A port that was free when it was chosen may be another's by the time that the kernel takes it.
            config.KernelManager.transport = "ipc"
            config.KernelManager.connection_file = f"{sockets}/kernel.json"
        resources = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=seconds_a_cell, resources=resources, config=config).execute()


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
    run_all_cells(notebook, lecture.parent, seconds_a_cell=_SECONDS_A_CELL)
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.glob(f"{lecture.stem}.*.ipynb"):
        old.unlink()
    # Under its name only when it is whole: a build that is stopped leaves nothing that looks done.
    unfinished = copy.with_suffix(".unfinished")
    nbformat.write(notebook, unfinished)
    unfinished.rename(copy)
    return notebook


def executed_lectures(
    lectures: Sequence[Path], library: str, kept: Path, tell: Callable[[str], None]
) -> list[nbformat.NotebookNode]:
    """Return several lectures as `executed_lecture` does, two of them running at a time.

    Parameters
    ----------
    lectures : sequence of Path
        Notebooks without outputs.
    library : str
        What `library_fingerprint` says.
    kept : Path
        A folder where executed notebooks are kept.
    tell : callable
        Is told which lecture is next.

    Returns
    -------
    list of nbformat.NotebookNode
        In the order of `lectures`.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails; lectures that have not begun by then are left out.
    """

    def run(lecture: Path) -> nbformat.NotebookNode:
        tell(f"lecture {lecture.stem} …")
        return executed_lecture(lecture, library, kept)

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        runs = [pool.submit(run, lecture) for lecture in lectures]
        try:
            return [run.result() for run in runs]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise

"""A learner's own copy of the course: handed out once, and brought up to date without touching their work.

Beside the notebooks the copy remembers what was handed out. That tells the learner's work from the course's:
what they never touched is replaced, what they only ran keeps its outputs, and what they wrote in stays as it
is, with the new version beside it. Each file is replaced whole, and what was handed out is remembered last:
an update may be killed at any moment, and goes on the next time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading.notebook_changes import SectionChange, changed_sections, only_ran, with_outputs

MEMORY = ".self-study"
_HANDED_OUT, _EARLIER = "handed_out", "earlier"
_UNFINISHED, _LEFT_BY_A_KILL_SECONDS = "unfinished-", 3600.0
_DIGITS = 6


class OwnCopyError(Exception):
    """The place cannot be a copy of the course; the text says the way out."""


@dataclass(frozen=True)
class Change:
    """What an update did with one file.

    Attributes
    ----------
    name : str
        The file, relative to the copy, with ``/``.
    kind : str
        ``"new"`` (it was not there), ``"updated"`` (it was as handed out, or only run), or ``"kept"`` (it was
        worked in: it stays, and the new version lies beside it).
    other : str
        Where the other version is: the new one beside a kept file, the earlier one of a file that was run.
    sections : tuple of SectionChange
        What the course changed.
    """

    name: str
    kind: str
    other: str = ""
    sections: tuple[SectionChange, ...] = ()


def default_place() -> Path:
    """Return where a learner's copy is unless they say otherwise."""
    return Path.home() / "neural-network-training"


def find_copy(place: Path) -> Path | None:
    """Return the copy of the course that a place is in; None outside of any."""
    place = place.absolute()
    return next((folder for folder in (place, *place.parents) if (folder / MEMORY).is_dir()), None)


def update_copy(root: Path, course: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Hand out what is missing in a copy, and bring the rest up to date; nothing a learner made is lost.

    Parameters
    ----------
    root : Path
        The copy; made where there is none.
    course : mapping of str to bytes
        What the installed course hands out, by its place in the copy, with ``/``.

    Returns
    -------
    tuple of Change
        What happened, by name; nothing where all was up to date.

    Raises
    ------
    OwnCopyError
        If the place is a file, or a directory with other things in it.
    """
    _begin(root)
    done = (_update_file(root, name, data) for name, data in sorted(course.items()))
    return tuple(change for change in done if change is not None)


def handed_out_version(root: Path, name: str) -> bytes | None:
    """Return what was last handed out of a file; None if nothing was."""
    return _read(root / MEMORY / _HANDED_OUT / name)


def _begin(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise OwnCopyError(f"{root} is a file; name a directory for your copy of the course")
    if root.is_dir() and not (root / MEMORY).is_dir() and any(root.iterdir()):
        raise OwnCopyError(
            f"{root} holds other things and is no copy of the course; name a new directory with --dir"
        )
    memory = root / MEMORY
    memory.mkdir(parents=True, exist_ok=True)
    for left in memory.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _LEFT_BY_A_KILL_SECONDS:
                left.unlink()


def _update_file(root: Path, name: str, new: bytes) -> Change | None:
    mine, before = _read(root / name), handed_out_version(root, name)
    change = None
    if mine is None:
        # A learner who took a notebook away, or renamed it, gets a fresh one.
        _write(root, name, new)
        change = Change(name, "new")
    elif new not in (mine, before) and not only_ran(mine, new):
        sections = changed_sections(mine if before is None else before, new)
        if mine == before:
            _write(root, name, new)
            change = Change(name, "updated", sections=sections)
        elif before is not None and only_ran(mine, before):
            kept = f"{MEMORY}/{_EARLIER}/{_marked(name, mine)}"
            _write(root, kept, mine)
            _write(root, name, with_outputs(new, mine))
            change = Change(name, "updated", kept, sections)
        else:
            beside = _marked(name, new)
            if not (root / beside).exists():
                _write(root, beside, new)
            change = Change(name, "kept", beside, sections)
    if new != before:
        _write(root, f"{MEMORY}/{_HANDED_OUT}/{name}", new)
    return change


def _marked(name: str, data: bytes) -> str:
    """Return a file name that belongs to one version of a file."""
    path = PurePosixPath(name)
    digest = hashlib.sha256(data).hexdigest()[:_DIGITS]
    return str(path.with_name(f"{path.stem}.version-{digest}{path.suffix}"))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(root: Path, name: str, data: bytes) -> None:
    """Put a file in its place whole: a kill leaves the old one, and one unfinished file in the memory."""
    # The name is nobody else's: two updates at once must not finish each other's files.
    target, unfinished = root / name, root / MEMORY / f"{_UNFINISHED}{uuid.uuid4().hex}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with unfinished.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(unfinished, target)

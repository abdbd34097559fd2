"""What a learning platform exported, a folder or a zip, read member by member as data that strangers made."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading.engine.safe_files import UnsafeFileError, opened_directory, read_regular_file
from grading.engine.submissions import NOTEBOOK_BYTES

MEMBERS = 50_000
TOTAL_BYTES = 4 << 30
# Notebooks with pictures shrink little, text about twentyfold; a bomb shrinks a thousandfold.
RATIO = 200
_RATIO_COUNTS_FROM = 1 << 20
_WANTED = (".ipynb", ".yml", ".yaml")
_ENCRYPTED = 0x1


class ArchiveError(Exception):
    """An export cannot be read as a whole; the text says why."""


@dataclass(frozen=True)
class Exported:
    """One file of an export.

    Attributes
    ----------
    path : PurePosixPath
        Its place in the export; relative, without ``..``.
    data : bytes
        Its content, empty where there is a ``problem``.
    problem : str or None
        Why it was not read.
    """

    path: PurePosixPath
    data: bytes = b""
    problem: str | None = None


def read_export(source: Path) -> Iterator[Exported]:
    """Yield the notebooks and the metadata files of an export; everything else is passed over.

    Parameters
    ----------
    source : Path
        A folder, a zip file, or a single notebook.

    Raises
    ------
    FileNotFoundError
        If there is nothing at that place.
    ArchiveError
        If it is no such thing, or holds more than a class can hand in.
    """
    if source.is_dir():
        yield from _folder(source)
    elif source.suffix == ".ipynb" and source.is_file():
        with opened_directory(source.parent.resolve()) as folder:
            yield _read(folder, source.name, PurePosixPath(source.name))
    elif source.is_file():
        yield from _zip(source)
    else:
        raise FileNotFoundError(f"there is nothing at {source}")


def _folder(source: Path) -> Iterator[Exported]:
    seen = 0
    for where, folders, names in os.walk(source, followlinks=False):
        folders.sort()
        for name in sorted(names):
            seen += 1
            if seen > MEMBERS:
                raise ArchiveError(f"{source} holds more than {MEMBERS} files; name a smaller folder")
            if name.lower().endswith(_WANTED):
                with opened_directory(where) as folder:
                    place = PurePosixPath(Path(where, name).relative_to(source).as_posix())
                    yield _read(folder, name, place)


def _read(folder: int, name: str, place: PurePosixPath) -> Exported:
    try:
        return Exported(place, read_regular_file(name, within=folder, limit=NOTEBOOK_BYTES))
    except UnsafeFileError as problem:
        return Exported(place, problem=str(problem))


def _zip(source: Path) -> Iterator[Exported]:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS:
                raise ArchiveError(f"{source} has {len(members)} members; at most {MEMBERS} are read")
            total = 0
            for member in members:
                if member.is_dir() or not member.filename.lower().endswith(_WANTED):
                    continue
                found = _member(archive, member)
                total += len(found.data)
                if total > TOTAL_BYTES:
                    raise ArchiveError(f"{source} unpacks to more than {TOTAL_BYTES >> 30} GB")
                yield found
    except zipfile.BadZipFile as problem:
        raise ArchiveError(
            f"{source} is neither a folder, a notebook nor a readable zip: {problem}"
        ) from problem


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Exported:
    place = PurePosixPath(member.filename)
    if reason := _why_not(member, place):
        return Exported(PurePosixPath(ascii(member.filename)), problem=reason)
    try:
        with archive.open(member) as stream:
            # One byte more than allowed tells that there is more, whatever the header claims.
            data = stream.read(NOTEBOOK_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        return Exported(place, problem=f"it cannot be unpacked ({problem})")
    if len(data) > NOTEBOOK_BYTES:
        return Exported(place, problem=f"it is larger than {NOTEBOOK_BYTES / 1e6:g} MB")
    return Exported(place, data)


def _why_not(member: zipfile.ZipInfo, place: PurePosixPath) -> str | None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link or a special file"
    if place.is_absolute() or ".." in place.parts or "\\" in member.filename or not place.parts:
        return "its name leads out of the archive"
    if not member.filename.isprintable():
        return "its name holds control characters"
    if member.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if member.file_size > NOTEBOOK_BYTES:
        return f"it is larger than {NOTEBOOK_BYTES / 1e6:g} MB"
    if member.file_size > _RATIO_COUNTS_FROM and member.file_size > RATIO * max(1, member.compress_size):
        return f"it unpacks to more than {RATIO} times its size"
    return None

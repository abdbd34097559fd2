"""Reading files that strangers made, and writing files that must never be seen half done."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path


def _flags(*names: str) -> int:
    """Join the flags that this system has: Windows, where nothing of strangers is read, lacks most."""
    return sum(getattr(os, name, 0) for name in names)


_DIRECTORY_FLAGS = os.O_RDONLY | _flags("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC")
# Without O_NONBLOCK, opening a FIFO that nobody writes to would wait for ever.
_FILE_FLAGS = os.O_RDONLY | _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
_WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _flags("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY")
_CHUNK = 1 << 20


class UnsafeFileError(Exception):
    """A file is not a plain regular file of acceptable size; the text says what it is instead."""


@contextlib.contextmanager
def opened_directory(name: str | os.PathLike[str], *, within: int | None = None) -> Iterator[int]:
    """Open a directory without following a symbolic link in its last component.

    Parameters
    ----------
    name : str or path
        The directory; relative to ``within`` where that is given.
    within : int, optional
        Descriptor of the parent directory.

    Yields
    ------
    int
        A descriptor, closed on exit.

    Raises
    ------
    FileNotFoundError
        If there is nothing by that name.
    UnsafeFileError
        If it is a link, or no directory.
    """
    try:
        descriptor = os.open(name, _DIRECTORY_FLAGS, dir_fd=within)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise UnsafeFileError(f"{_shown(name)} is not a plain directory ({problem.strerror})") from problem
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read_regular_file(name: str, *, within: int, limit: int) -> bytes:
    """Return the bytes of a regular file, following no link and waiting for nobody.

    Parameters
    ----------
    name : str
        File name in the directory ``within``.
    within : int
        Descriptor of the directory.
    limit : int
        Largest acceptable size in bytes.

    Returns
    -------
    bytes
        The whole content.

    Raises
    ------
    FileNotFoundError
        If there is nothing by that name.
    UnsafeFileError
        If it is a link, a FIFO, a device, a directory, unreadable, or larger than ``limit``.
    """
    try:
        descriptor = os.open(name, _FILE_FLAGS, dir_fd=within)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise UnsafeFileError(
            f"{_shown(name)} is not a readable regular file ({problem.strerror})"
        ) from problem
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnsafeFileError(f"{_shown(name)} is a {_kind(status.st_mode)}, not a regular file")
        if status.st_size > limit:
            raise UnsafeFileError(_too_large(name, limit))
        pieces, total = [], 0
        while piece := os.read(descriptor, _CHUNK):
            total += len(piece)
            # The size was checked above, and the file may have grown since.
            if total > limit:
                raise UnsafeFileError(_too_large(name, limit))
            pieces.append(piece)
        return b"".join(pieces)
    except OSError as problem:
        raise UnsafeFileError(f"{_shown(name)} cannot be read ({problem.strerror})") from problem
    finally:
        os.close(descriptor)


def read_own_file(path: Path, *, limit: int) -> bytes:
    """Return the bytes of a file that the caller owns, with the same care where the system allows it.

    Parameters
    ----------
    path : Path
        The file.
    limit : int
        Largest acceptable size in bytes.

    Returns
    -------
    bytes
        The whole content.

    Raises
    ------
    FileNotFoundError
        If there is nothing by that name.
    UnsafeFileError
        If it is no plain file, or larger than ``limit``.
    """
    if os.open in os.supports_dir_fd:
        with opened_directory(path.parent.resolve()) as folder:
            return read_regular_file(path.name, within=folder, limit=limit)
    if path.stat().st_size > limit:
        raise UnsafeFileError(_too_large(path.name, limit))
    if not path.is_file():
        raise UnsafeFileError(f"{_shown(path.name)} is not a regular file")
    return path.read_bytes()


def write_atomically(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a kill at any moment, sees the old content or the new one, whole.

    A kill leaves at most one unfinished file a target, which the next writing of it takes over: one process
    writes a class directory at a time.

    Parameters
    ----------
    path : Path
        Where to; missing parent directories are made.
    data : bytes
        The new content.
    mode : int, optional
        Permission bits of the result.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".writing-{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}")
    descriptor = os.open(temporary, _WRITE_FLAGS, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "directory",
        stat.S_IFIFO: "FIFO",
        stat.S_IFSOCK: "socket",
        stat.S_IFBLK: "block device",
        stat.S_IFCHR: "character device",
        stat.S_IFLNK: "symbolic link",
    }
    return kinds.get(stat.S_IFMT(mode), "special file")


def _too_large(name: str | os.PathLike[str], limit: int) -> str:
    return f"{_shown(name)} is larger than {limit / 1e6:g} MB"


def _shown(name: str | os.PathLike[str]) -> str:
    return repr(os.fspath(name))

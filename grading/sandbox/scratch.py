"""Private scratch directories: made, measured while they are used, and removed whatever is in them."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import tempfile

UNREADABLE = "a directory that cannot be read"
_MAX_DEPTH = 64
_OPEN_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def make_scratch(root: str, uid: int | None = None) -> str:
    """Make an empty directory under ``root`` that only its owner can enter: ``uid``, where one is given."""
    path = tempfile.mkdtemp(prefix="scratch-", dir=root)
    if uid is not None:
        os.chown(path, uid, uid)
    return path


def quota_violation(path: str, max_bytes: int, max_files: int) -> str | None:
    """Look whether a directory tree is within its quota, while it may be changing.

    Blocks on disk count, so a sparse file costs what it occupies. Trees deeper than 64 and directories that
    cannot be listed are violations as well: they could not be measured. The walk stops at the first excess.

    Returns
    -------
    str or None
        What is exceeded, or None.
    """
    used_bytes = files = 0
    try:
        stack = [os.open(path, _OPEN_DIRECTORY)]
    except FileNotFoundError:
        return None
    except PermissionError:
        return UNREADABLE
    try:
        levels = [_scan(stack[0])]
        while levels:
            entry = next(levels[-1], None)
            if entry is None:
                levels.pop().close()
                os.close(stack.pop())
                continue
            name, status = entry
            files += 1
            used_bytes += status.st_blocks * 512
            if files > max_files:
                return f"more than {max_files} files"
            if used_bytes > max_bytes:
                return f"more than {max_bytes} bytes of files"
            if stat.S_ISDIR(status.st_mode):
                if len(stack) >= _MAX_DEPTH:
                    return f"directories nested deeper than {_MAX_DEPTH}"
                try:
                    stack.append(os.open(name, _OPEN_DIRECTORY, dir_fd=stack[-1]))
                except PermissionError:
                    return UNREADABLE
                except (FileNotFoundError, NotADirectoryError):
                    continue
                levels.append(_scan(stack[-1]))
    finally:
        for fd in stack:
            os.close(fd)
    return None


class _scan:
    """Iterate over names and statuses of one open directory; entries that vanish meanwhile are skipped."""

    def __init__(self, fd: int) -> None:
        self._entries = os.scandir(fd)

    def __iter__(self) -> _scan:
        return self

    def __next__(self) -> tuple[str, os.stat_result]:
        for entry in self._entries:
            try:
                return entry.name, entry.stat(follow_symlinks=False)
            except OSError:
                continue
        raise StopIteration

    def close(self) -> None:
        self._entries.close()


def unlinked_bytes(pid: int) -> int:
    """Return how many bytes on disk a process holds in files that were removed but are still open.

    Where the system does not tell (no /proc, or a process that ended), the answer is 0.
    """
    total = 0
    try:
        names = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return 0
    for name in names:
        try:
            status = os.stat(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
            total += status.st_blocks * 512
    return total


def remove_tree(path: str) -> None:
    """Remove a directory tree that nobody uses any more, however deep it is and whatever its modes are.

    Directories are moved up to the root before they are emptied, so that no path and no recursion grows with
    the depth. Symbolic links are removed, never followed.

    Raises
    ------
    OSError
        If something could not be removed; the rest was.
    """
    try:
        os.chmod(path, 0o700)
    except FileNotFoundError:
        return
    root = os.open(path, _OPEN_DIRECTORY)
    failures: list[OSError] = []
    kept: set[str] = set()
    try:
        while True:
            names = [name for name in os.listdir(root) if name not in kept]
            if not names:
                break
            for name in names:
                try:
                    _empty_into(root, name)
                except OSError as error:
                    failures.append(error)
                    kept.add(name)
    finally:
        os.close(root)
    if failures:
        raise failures[0]
    os.rmdir(path)


def _empty_into(root: int, name: str) -> None:
    """Remove one entry of ``root``; the directories inside it are moved up into ``root``."""
    if not stat.S_ISDIR(os.stat(name, dir_fd=root, follow_symlinks=False).st_mode):
        os.unlink(name, dir_fd=root)
        return
    os.chmod(name, 0o700, dir_fd=root)
    directory = os.open(name, _OPEN_DIRECTORY, dir_fd=root)
    try:
        for child in os.listdir(directory):
            try:
                os.unlink(child, dir_fd=directory)
            except OSError as error:
                if error.errno not in (errno.EISDIR, errno.EPERM):
                    raise
                # Its ".." entry changes with the move, which needs the right to write to it.
                os.chmod(child, 0o700, dir_fd=directory)
                os.rename(child, f"moved-{secrets.token_hex(8)}", src_dir_fd=directory, dst_dir_fd=root)
    finally:
        os.close(directory)
    os.rmdir(name, dir_fd=root)

"""One process at a time writes a class directory."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError

_LOCK_NAME = "working.lock"


@contextlib.contextmanager
def only_one_at_work(directory: ClassDirectory) -> Iterator[None]:
    """Hold the class directory for this process; the system lets go of it however the process ends.

    Parameters
    ----------
    directory : ClassDirectory
        The class.

    Raises
    ------
    ClassDirectoryError
        If another process grades or changes the class now.
    """
    descriptor = os.open(
        directory.memory / _LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
    )
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ClassDirectoryError(
                f"another `course` command works in {directory.root} now. "
                "Wait until it has finished, then run this again"
            ) from None
        yield
    finally:
        os.close(descriptor)

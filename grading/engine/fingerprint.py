"""What decides an outcome, in one hash: submission, master notebook, checks and the grader itself."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import grading
from course_lib.version import __version__


@functools.cache
def engine_version() -> str:
    """Return the version of the grader: the package's, and a digest of the code that decides points.

    Returns
    -------
    str
        For example ``"0.1.0+3f9c21ab77d0"``.
    """
    root = Path(grading.__file__).resolve().parent
    digest = hashlib.sha256()
    for part in ("checks", "checker", "sandbox", "engine"):
        _add_tree(digest, root / part, root)
    return f"{__version__}+{digest.hexdigest()[:12]}"


def checks_hash(directory: Path | None) -> str:
    """Return a digest of an instructor's own checks; of nothing where there are none."""
    digest = hashlib.sha256()
    if directory is not None and directory.is_dir():
        _add_tree(digest, directory, directory)
    return digest.hexdigest()


def grading_key(*parts: str) -> str:
    """Return one hash over the hashes and texts that decide an outcome.

    Parameters
    ----------
    *parts : str
        Hashes of submission, master and checks, engine version, timestamp.

    Returns
    -------
    str
        SHA-256, hexadecimal; equal only if all parts are.
    """
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "replace")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def _add_tree(digest: hashlib._Hash, tree: Path, base: Path) -> None:
    for path in sorted(tree.rglob("*.py")):
        name = path.relative_to(base).as_posix().encode()
        content = path.read_bytes()
        digest.update(len(name).to_bytes(8, "big") + name + len(content).to_bytes(8, "big") + content)

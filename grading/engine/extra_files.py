"""The files beside the notebooks: data that a class hands out, and what students hand in with their answers.

As in nbgrader, the class's own files replace a student's of the same name, and all of them lie beside the
graded notebook afterwards. A student's files are read as data that strangers made, under caps, and those that
a browser would run are not put where an instructor's browser finds them.
"""

from __future__ import annotations

import fnmatch
import hashlib
import mimetypes
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading.engine.class_directory import ClassDirectoryError
from grading.engine.safe_files import UnsafeFileError, opened_directory, read_regular_file, write_atomically

FILES = 200
DEPTH = 8
FILE_BYTES = 10_000_000
SUBMITTED_BYTES = 20_000_000
RELEASED_BYTES = 60_000_000
_OWN = ("timestamp.txt",)
_ACTIVE = ("html", "xml", "svg", "javascript", "ecmascript", "flash", "pdf")
_ACTIVE_SUFFIXES = (".js", ".mjs", ".htm", ".html", ".xht", ".xhtml", ".svg", ".svgz", ".xml", ".mht", ".hta")


@dataclass(frozen=True)
class ExtraFiles:
    """Files beside a notebook.

    Attributes
    ----------
    files : dict of str to bytes
        By their place, relative, with ``/``.
    left_out : tuple of str
        What was not taken, with the reason.
    """

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 over names and contents; empty where there are none."""
        if not self.files:
            return ""
        digest = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            for part in (name.encode("utf-8", "surrogateescape"), data):
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()


NOTHING = ExtraFiles({})


def own_files(folder: Path, ignored: Sequence[str]) -> ExtraFiles:
    """Return the files beside the notebooks in a directory of the class's own.

    Raises
    ------
    ClassDirectoryError
        If they are more than a sandbox can be given.
    """
    files = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if (
            path.is_file()
            and path.suffix != ".ipynb"
            and not any(_passed_over(part, ignored) for part in place.parts)
        ):
            files[place.as_posix()] = path.read_bytes()
    size = sum(len(data) for data in files.values())
    if len(files) > FILES or size > RELEASED_BYTES:
        raise ClassDirectoryError(
            f"{folder} holds {len(files)} files of {size / 1e6:.0f} MB beside its notebooks; a sandbox takes "
            f"at most {FILES} files and {RELEASED_BYTES / 1e6:.0f} MB. Pack them smaller"
        )
    return ExtraFiles(files)


def shipped_files(folder: Path) -> ExtraFiles:
    """Return the files beside a shipped assignment's notebooks."""
    return own_files(folder, ("__pycache__", "*.pyc", ".ipynb_checkpoints"))


def submitted_files(handed_in: int, ignored: Sequence[str]) -> ExtraFiles:
    """Return what lies beside the notebooks of a submission.

    Parameters
    ----------
    handed_in : int
        Descriptor of its directory.
    ignored : sequence of str
        Patterns of names that are passed over.
    """
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    total = 0
    for name, found in _walk(handed_in, ignored):
        if isinstance(found, str):
            left_out.append(found)
            continue
        if len(files) >= FILES:
            left_out.append(f"more than {FILES} files")
            break
        limit = min(FILE_BYTES, SUBMITTED_BYTES - total)
        try:
            files[name] = read_regular_file(name.rpartition("/")[2], within=found, limit=limit)
        except FileNotFoundError:
            continue
        except UnsafeFileError as problem:
            left_out.append(str(problem))
            continue
        total += len(files[name])
    return ExtraFiles(files, tuple(left_out))


def fitting(submitted: ExtraFiles, released: ExtraFiles) -> ExtraFiles:
    """Return a student's files without those where the class has a directory, or that lie in a file of it."""
    folders = {str(parent) for name in released.files for parent in PurePosixPath(name).parents}
    clashing = [
        name
        for name in submitted.files
        if name in folders or any(str(parent) in released.files for parent in PurePosixPath(name).parents)
    ]
    if not clashing:
        return submitted
    files = {name: data for name, data in submitted.files.items() if name not in clashing}
    reasons = tuple(f"{name!r} is in the place of what the class handed out" for name in clashing)
    return ExtraFiles(files, submitted.left_out + reasons)


def lay_beside(graded: Path, released: ExtraFiles, submitted: ExtraFiles, own: Iterable[str] = ()) -> None:
    """Put files beside a graded notebook, and take away what an earlier submission left there.

    Parameters
    ----------
    graded : Path
        ``autograded/<student>/<assignment>``.
    released, submitted : ExtraFiles
        The class's files win, except those in ``own``.
    own : iterable of str
        Released files that students are to edit.
    """
    passive = {name: data for name, data in submitted.files.items() if not _runs_in_a_browser(name)}
    kept = {name: data for name, data in released.files.items() if name not in set(own) & set(passive)}
    wanted = passive | kept
    for where, _, names in os.walk(graded):
        for name in names:
            path = Path(where, name)
            place = path.relative_to(graded).as_posix()
            if place not in wanted and place not in _OWN and not _is_ours(path, graded):
                path.unlink()
    for where, folders, names in os.walk(graded, topdown=False):
        if not folders and not names and Path(where) != graded:
            os.rmdir(where)
    for name, data in wanted.items():
        target = graded / name
        if not (target.is_file() and not target.is_symlink() and target.read_bytes() == data):
            write_atomically(target, data)


def write_files(files: ExtraFiles, folder: Path) -> None:
    """Write files into an empty directory of this process's own."""
    for name, data in files.files.items():
        write_atomically(folder / name, data)


def _walk(
    folder: int, ignored: Sequence[str], prefix: str = "", depth: int = 1
) -> Iterator[tuple[str, int | str]]:
    """Yield each file's place with the descriptor of its directory, or with the reason why it is left out."""
    for name in sorted(os.listdir(folder)):
        place = f"{prefix}{name}"
        if _passed_over(name, ignored) or name.endswith(".ipynb") or place in _OWN:
            continue
        if not name.isprintable() or name != name.strip():
            yield place, f"{ascii(place)} has a name that is left out"
            continue
        try:
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                if depth >= DEPTH:
                    yield place, f"{place!r} is nested deeper than {DEPTH} directories"
                    continue
                with opened_directory(name, within=folder) as inner:
                    yield from _walk(inner, ignored, f"{place}/", depth + 1)
            else:
                yield place, folder
        except (OSError, UnsafeFileError) as problem:
            yield place, f"{place!r} cannot be read: {problem}"


def _passed_over(name: str, ignored: Sequence[str]) -> bool:
    return name.startswith(".") or any(fnmatch.fnmatch(name, pattern) for pattern in ignored)


def _runs_in_a_browser(name: str) -> bool:
    kind = mimetypes.guess_type(name)[0] or ""
    return name.lower().endswith(_ACTIVE_SUFFIXES) or any(word in kind for word in _ACTIVE)


def _is_ours(path: Path, graded: Path) -> bool:
    """Tell whether a file beside the graded notebooks is the engine's own."""
    return path.parent == graded and (path.suffix == ".ipynb" or path.name.startswith(".writing-"))

"""What was handed out when, and with which checks: so that a mismatch with what a student has can be said."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import grading
from course_lib.version import __version__
from grading.engine.class_directory import ClassDirectory
from grading.engine.fingerprint import checks_hash, grading_key
from grading.engine.safe_files import write_atomically

_KEY = "course"
_DIGITS = 12
_MARK = re.compile(rb'"release":\s*"([0-9a-f]{12}) ([0-9A-Za-z.+]{1,60})"')
# The mark stands in the notebook's metadata: before the cells, or behind them.
_LOOKED_AT = 64_000


@dataclass(frozen=True)
class Released:
    """One release of an assignment.

    Attributes
    ----------
    release : str
        Digest of what students got: releasing the same again gives the same.
    checks : str
        Version of the course's checks (`checks_version`).
    own_checks : str
        Digest of the class's own checks.
    at : str
        When it was first released (ISO 8601, UTC).
    """

    release: str
    checks: str
    own_checks: str
    at: str

    @property
    def day(self) -> str:
        """When, for people."""
        return f"{datetime.fromisoformat(self.at).astimezone():%d %B %Y, %H:%M}"


def checks_version(assignment: str) -> str:
    """Return the version of the course's checks for an assignment.

    Parameters
    ----------
    assignment : str
        Its name; one that the course does not ship has no checks of its own.

    Returns
    -------
    str
        For example ``"0.1.0+3f9c21ab77d0"``: the package's version, and a digest of what judges.
    """
    root = Path(grading.__file__).resolve().parent / "checks"
    digest = hashlib.sha256()
    for path in [*sorted(root.glob("*.py")), *sorted((root / assignment).glob("**/*.py"))]:
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return f"{__version__}+{digest.hexdigest()[:_DIGITS]}"


def record_release(directory: ClassDirectory, assignment: str, notebooks: Sequence[Path]) -> Released:
    """Remember a release, and mark its notebooks with it.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its name.
    notebooks : sequence of Path
        The students' notebooks, as nbgrader has just written them.

    Returns
    -------
    Released
        What is remembered.
    """
    checks = checks_version(assignment)
    own = checks_hash(directory.extra_checks / assignment)
    texts = [path.read_text(encoding="utf-8") for path in notebooks]
    # nbgrader numbers cells anew each time it writes old formats: only what students see counts.
    seen = [json.dumps([(c["cell_type"], c["source"]) for c in json.loads(text)["cells"]]) for text in texts]
    release = grading_key(*(path.name for path in notebooks), *seen)[:_DIGITS]
    for path, text in zip(notebooks, texts, strict=True):
        notebook = json.loads(text)
        notebook["metadata"].setdefault(_KEY, {})["release"] = f"{release} {checks}"
        write_atomically(path, (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
    earlier = releases(directory, assignment)
    same = next((found for found in earlier if found.release == release), None)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = Released(release, checks, own, same.at if same else now)
    kept = [*(found for found in earlier if found.release != release), made]
    data = json.dumps([asdict(found) for found in kept], indent=1) + "\n"
    write_atomically(_path(directory, assignment), data.encode("utf-8"), mode=0o600)
    return made


def releases(directory: ClassDirectory, assignment: str) -> list[Released]:
    """Return what was released, the present one last; nothing where no release was recorded."""
    try:
        return [
            Released(**found)
            for found in json.loads(_path(directory, assignment).read_text(encoding="utf-8"))
        ]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def release_in(data: bytes) -> tuple[str, str] | None:
    """Return which release, with which checks, a notebook file says it comes from; None if it does not say.

    Parameters
    ----------
    data : bytes
        The file, which may hold anything: it is searched, not parsed.
    """
    found = _MARK.search(data[:_LOOKED_AT]) or _MARK.search(data[-_LOOKED_AT:])
    return (found[1].decode("ascii"), found[2].decode("ascii")) if found else None


def outdated(data: bytes, known: Sequence[Released]) -> Released | None:
    """Return the earlier release that a submission was made from; None if the present or an unknown one."""
    mark = release_in(data)
    if mark is None or not known or mark[0] == known[-1].release:
        return None
    return next((found for found in known if found.release == mark[0]), None)


def changed_checks(directory: ClassDirectory, assignment: str) -> str | None:
    """Say how the checks have changed since the present release; None if they have not."""
    known = releases(directory, assignment)
    if not known:
        return None
    now, then = checks_version(assignment), known[-1]
    if now != then.checks:
        return (
            f"the checks of {assignment} are {now}, and were {then.checks} at its release on {then.day}: "
            "students' own checks may say something else"
        )
    if checks_hash(directory.extra_checks / assignment) != then.own_checks:
        return f"this class's own checks have changed since {assignment} was released on {then.day}"
    return None


def _path(directory: ClassDirectory, assignment: str) -> Path:
    return directory.memory / "releases" / f"{assignment}.json"

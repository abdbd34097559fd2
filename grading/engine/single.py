"""Grading one notebook on its own: the same checker and sandbox, a public seed, no class directory."""

from __future__ import annotations

import os
import re
from pathlib import Path

from grading.engine.checker_process import (
    COMMAND,
    CheckerError,
    CheckerProcess,
    CheckerSettings,
    CheckerUnavailable,
    Limits,
)
from grading.engine.extra_files import FILE_BYTES, ExtraFiles, shipped_files
from grading.engine.fingerprint import engine_version, grading_key
from grading.engine.master import Master, read_master
from grading.engine.outcome import result_of
from grading.engine.release_record import checks_version, release_in
from grading.engine.safe_files import UnsafeFileError, opened_directory, read_regular_file
from grading.engine.seeds import PUBLIC_KEY, submission_seed
from grading.engine.shipped import shipped_assignments, shipped_master
from grading.engine.submissions import NOTEBOOK_BYTES, Submission
from grading.engine.verdict import Verdict, failed_verdict, parse_verdict
from grading.results import NotebookResult

_GRACE_SECONDS = 30.0
# Names of plain files as a notebook writes them: what it may read that lies beside it.
_FILE_NAME = re.compile(r"[\w-]+\.(?:csv|json|npy|npz|txt)\b")


def grade_notebook(
    path: str | os.PathLike[str],
    assignment: str,
    *,
    limits: Limits | None = None,
    command: tuple[str, ...] | None = None,
) -> NotebookResult:
    """Grade one notebook against a shipped assignment.

    Parameters
    ----------
    path : path
        The notebook. It is read as data; its code runs in the sandbox only.
    assignment : str
        Name of the assignment, for example ``"convolution"``.
    limits : Limits, optional
        Budgets of the submission.
    command : tuple of str, optional
        The checker to execute.

    Returns
    -------
    NotebookResult
        Advisory: the drawn inputs come from a public seed, not from a class's.

    Raises
    ------
    LookupError
        If there is no such assignment.
    FileNotFoundError
        If there is no such file.
    CheckerUnavailable
        If the checker cannot be started.
    """
    master = read_master(shipped_master(assignment), assignment)
    submission = _read(Path(path), master)
    seed = submission_seed(PUBLIC_KEY, submission.hash)
    settings = CheckerSettings(
        assignment,
        master.notebook,
        master.text,
        limits=limits or Limits(),
        command=command or COMMAND,
        files=shipped_files(shipped_master(assignment).parent),
    )
    isolation: dict[str, str] = {}
    if submission.problem is not None:
        verdict = failed_verdict(master, submission.problem, status="unreadable")
    else:
        verdict, isolation = _judge(settings, master, submission, seed)
    key = grading_key(submission.hash, master.hash, engine_version(), "public")
    return result_of(submission, verdict, seed=seed, key=key, isolation=isolation)


def assignment_of(path: Path) -> str:
    """Return which shipped assignment a notebook belongs to, by its file name.

    Raises
    ------
    LookupError
        If its name is not one of theirs.
    """
    names = shipped_assignments()
    for name in names:
        if path.stem == name or shipped_master(name).stem == path.stem:
            return name
    raise LookupError(
        f"{path.name} is not named like an assignment ({', '.join(names) or 'none'}); "
        "say which it is with --assignment"
    )


def other_checks(path: Path, assignment: str) -> str | None:
    """Say that a notebook was handed out with other checks than are installed here; None if it was not."""
    with opened_directory(path.parent.resolve()) as folder:
        try:
            mark = release_in(read_regular_file(path.name, within=folder, limit=NOTEBOOK_BYTES))
        except UnsafeFileError:
            return None
    installed = checks_version(assignment)
    if mark is None or mark[1] == installed:
        return None
    return (
        f"{path.name} was handed out with the checks {mark[1]}; installed here are {installed}. "
        "Your instructor's grader may say something else: install the version that belongs to the notebook"
    )


def _read(path: Path, master: Master) -> Submission:
    names = (path.stem, master.assignment, master.notebook)
    with opened_directory(path.parent.resolve()) as folder:
        extra = _files_named_by(master, folder)
        try:
            data = read_regular_file(path.name, within=folder, limit=NOTEBOOK_BYTES)
        except UnsafeFileError as problem:
            return Submission("", names[1], names[2], b"", str(problem))
    return Submission("", names[1], names[2], data, extra=extra)


def _files_named_by(master: Master, folder: int) -> ExtraFiles:
    """Return those files beside a notebook that its assignment names: the rest is nobody's business here."""
    files = {}
    for name in sorted(set(_FILE_NAME.findall(master.text))):
        try:
            files[name] = read_regular_file(name, within=folder, limit=FILE_BYTES)
        except (FileNotFoundError, UnsafeFileError):
            continue
    return ExtraFiles(files)


def _judge(
    settings: CheckerSettings, master: Master, submission: Submission, seed: str
) -> tuple[Verdict, dict[str, str]]:
    checker = CheckerProcess(settings)
    try:
        checker.start()
        budget = settings.limits.submission_seconds + _GRACE_SECONDS
        raw = checker.grade("notebook", seed, submission.data, timeout=budget, files=submission.extra.files)
        return parse_verdict(raw, master), checker.isolation
    except CheckerUnavailable:
        raise
    except CheckerError as problem:
        return failed_verdict(master, f"the checker did not finish: {problem}"), checker.isolation
    finally:
        checker.close()

"""One notebook of an assignment, for all students: what is left to grade, and where it is recorded."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from grading.engine.checker_process import CheckerSettings, CheckerUnavailable
from grading.engine.class_directory import ClassDirectory
from grading.engine.class_files import ignored_names, released_files, students_own
from grading.engine.class_run import GradingOptions
from grading.engine.cluster_pool import ClusterPool
from grading.engine.compose import compose_notebook, notebook_bytes
from grading.engine.extra_files import fitting, lay_beside
from grading.engine.fingerprint import checks_hash, engine_version, grading_key
from grading.engine.gradebook import ClassGradebook
from grading.engine.job import Answer, Job
from grading.engine.master import Master, MasterError
from grading.engine.one_question import can_keep_the_others, with_the_others
from grading.engine.outcome import result_of
from grading.engine.release_record import outdated, releases
from grading.engine.released_master import master_of_class, with_written_tests
from grading.engine.safe_files import write_atomically
from grading.engine.seeds import submission_seed
from grading.engine.submissions import Submission, read_submission
from grading.engine.verdict import failed_verdict, parse_verdict
from grading.engine.worker_pool import WorkerPool
from grading.results import NotebookResult

_NOTES = 10


@dataclass
class _Open:
    """A submission that is being graded."""

    submission: Submission
    seed: str
    key: str
    earlier: NotebookResult | None = None


@dataclass
class NotebookRun:
    """One notebook of an assignment, for all students."""

    directory: ClassDirectory
    assignment: str
    notebook: str
    several: bool
    gradebook: ClassGradebook
    options: GradingOptions
    notify: Callable[[str], None]
    only: frozenset[str] | None = None
    master: Master = field(init=False)

    def __post_init__(self) -> None:
        master = master_of_class(self.directory, self.assignment, self.notebook)
        self.master = with_written_tests(master, self.gradebook.sources(self.notebook))
        self._checksums = self.gradebook.checksums(self.notebook)
        _same_as_released(self.master, self.gradebook.points(self.notebook))
        self._class_key = self.directory.key()
        self._files = released_files(self.directory, self.assignment)
        self._students_own = students_own(self.directory, self.assignment)
        self._ignored = ignored_names(self.directory)
        self._releases = releases(self.directory, self.assignment)
        self._behind: list[str] = []
        self._checks = checks_hash(self.directory.extra_checks)

    def grade(self, students: Collection[str]) -> Iterator[tuple[NotebookResult, bool]]:
        """Yield the result of every student, and whether it is fresh."""
        open_jobs: dict[str, _Open] = {}
        done: list[tuple[NotebookResult, bool]] = []
        with self._pool(len(students)) as pool:
            for answer in pool.run(self._jobs(students, open_jobs, done)):
                while done:
                    yield done.pop()
                if answer.unavailable:
                    raise CheckerUnavailable(answer.failure or "the checker cannot be started")
                yield self._record(open_jobs.pop(answer.name), answer), True
        while done:
            yield done.pop()

    def _pool(self, students: int) -> WorkerPool | ClusterPool:
        if self.options.cluster is not None:
            return ClusterPool(self._settings(), self.options.cluster, self.notify)
        return WorkerPool(
            self._settings(), min(self.options.workers or os.cpu_count() or 1, max(1, students))
        )

    def _jobs(
        self, students: Collection[str], open_jobs: dict[str, _Open], done: list[tuple[NotebookResult, bool]]
    ) -> Iterator[Job]:
        """Yield what is left to do; results that still hold go to ``done``."""
        for student in students:
            submission = read_submission(
                self.directory, self.assignment, student, self.notebook, ignored=self._ignored
            )
            if outdated(submission.data, self._releases):
                self._behind.append(student)
            submission = replace(submission, extra=fitting(submission.extra, self._files))
            key = self._key(submission)
            again = self.options.force or self.only is not None
            if not again and (earlier := self._earlier(student, key)) is not None:
                done.append((earlier, False))
                continue
            seed = submission_seed(self._class_key, submission.hash)
            open_jobs[student] = _Open(submission, seed, key, self._kept(submission))
            if submission.problem is not None:
                # What cannot be read needs no checker.
                answer = Answer(student, failure=submission.problem)
                done.append((self._record(open_jobs.pop(student), answer, status="unreadable"), True))
                continue
            yield Job(student, seed, submission.data, submission.extra.files)

    def who_is_behind(self) -> str | None:
        """Say who worked on an earlier release than the present one; None if nobody did."""
        if not self._behind:
            return None
        some = ", ".join(self._behind[:_NOTES]) + (" …" if len(self._behind) > _NOTES else "")
        return (
            f"{len(self._behind)} student(s) handed in an earlier release of {self.notebook} than that of "
            f"{self._releases[-1].day}, by which they are graded: {some}"
        )

    def _settings(self) -> CheckerSettings:
        master, options = self.master, self.options
        extra = self.directory.own_checks(self.assignment)
        return CheckerSettings(
            self.assignment,
            self.notebook,
            master.text,
            extra,
            options.limits,
            options.command,
            self._files,
            self._students_own,
        )

    def _key(self, submission: Submission) -> str:
        engine = engine_version()
        beside = (self._files.hash,) if self._files.files else ()
        return grading_key(
            submission.hash, self.master.hash, self._checks, engine, submission.timestamp or "", *beside
        )

    def _result_path(self, student: str) -> Path:
        return self.directory.result_path(self.assignment, student, self.notebook if self.several else None)

    def _graded_path(self, student: str) -> Path:
        return self.directory.assignment("autograded", self.assignment, student) / f"{self.notebook}.ipynb"

    def _stored(self, student: str) -> NotebookResult | None:
        try:
            return NotebookResult.from_dict(
                json.loads(self._result_path(student).read_text(encoding="utf-8"))
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _kept(self, submission: Submission) -> NotebookResult | None:
        """Return the scores that stay where one question is graded again; None where all are new."""
        if self.only is None:
            return None
        earlier = self._stored(submission.student)
        if can_keep_the_others(earlier, submission.hash, self.master):
            return earlier
        self.notify(f"{submission.student}: there are no scores of this file to keep, so all of it is graded")
        return None

    def _earlier(self, student: str, key: str) -> NotebookResult | None:
        """Return the result of an earlier run if it still holds everywhere it was written."""
        earlier = self._stored(student)
        if earlier is None:
            return None
        same = earlier.key == key and earlier.student == student and earlier.status != "error"
        if same and self._graded_path(student).is_file() and self.gradebook.has(student, self.notebook):
            return earlier
        return None

    def _record(self, job: _Open, answer: Answer, *, status: str = "error") -> NotebookResult:
        """Write one submission's outcome: notebook, gradebook, result, in this order."""
        master, submission = self.master, job.submission
        if answer.failure is not None:
            verdict = failed_verdict(master, answer.failure, status=status)
        else:
            verdict = parse_verdict(answer.verdict, master)
        target = self._graded_path(submission.student)
        only = None if job.earlier is None else self.only
        if only is not None:
            verdict = with_the_others(verdict, job.earlier, only, target)
        notebook = compose_notebook(master, verdict, self._checksums)
        write_atomically(target, notebook_bytes(notebook))
        if submission.timestamp is not None:
            write_atomically(target.parent / "timestamp.txt", submission.timestamp.encode("utf-8"))
        lay_beside(target.parent, self._files, submission.extra, self._students_own)
        self.gradebook.record(submission, verdict, notebook, only=only)
        result = result_of(submission, verdict, seed=job.seed, key=job.key, isolation=answer.isolation or {})
        if only is not None:
            note = f"{self.options.question} was graded again on its own; the other scores are from before."
            result = replace(result, notes=(*result.notes, note))
        if submission.extra.left_out:
            left_out = tuple(
                f"A file was left out: {reason}" for reason in submission.extra.left_out[:_NOTES]
            )
            result = replace(result, notes=(*result.notes, *left_out))
        data = json.dumps(result.to_dict(), indent=1, ensure_ascii=False) + "\n"
        write_atomically(self._result_path(submission.student), data.encode("utf-8"), mode=0o600)
        return result


def _same_as_released(master: Master, recorded: dict[str, float]) -> None:
    """Refuse to grade against a master that students did not get."""
    own = {cell.grade_id: cell.points for cell in master.cells if cell.nbgrader.get("grade")}
    if own != recorded:
        differing = sorted(
            str(name) for name in own.keys() | recorded.keys() if own.get(name) != recorded.get(name)
        )
        raise MasterError(
            f"source/{master.assignment}/{master.notebook}.ipynb and the gradebook disagree "
            f"about {', '.join(differing)}: the source was changed after its release. "
            f"Run `course release {master.assignment}` again"
        )

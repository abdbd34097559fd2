"""Grading a class: who is to be graded, what came of it, and where that is written.

The coordinator executes no cell. It reads submissions as bytes, asks checkers, and records: first the graded
notebook, then the gradebook, last the result with the key that says "this is done". A kill at any moment
costs the submission in hand and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace

from grading.engine.class_directory import ClassDirectory
from grading.engine.class_lock import only_one_at_work
from grading.engine.class_run import ClassResult, GradingOptions, Progress
from grading.engine.gradebook import ClassGradebook
from grading.engine.notebook_run import NotebookRun
from grading.engine.one_question import tests_of_question
from grading.engine.regrade import (
    back_up_gradebook,
    changes_between,
    results_before,
    store_changes,
)
from grading.engine.release_record import changed_checks
from grading.engine.submissions import students_with
from grading.results import NotebookResult


def grade_class(
    directory: ClassDirectory,
    assignment: str,
    *,
    students: Collection[str] | None = None,
    options: GradingOptions | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    notify: Callable[[str], None] = lambda text: None,
) -> ClassResult:
    """Grade what students handed in for an assignment.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        A released assignment.
    students : collection of str, optional
        Only these.
    options : GradingOptions, optional
        Number of workers, force, limits.
    on_progress : callable, optional
        Called with a `Progress` after every submission.
    notify : callable, optional
        Called with a sentence when something should be known at once.

    Returns
    -------
    ClassResult
        Of everything asked for, fresh or not.

    Raises
    ------
    ClassDirectoryError, MasterError, GradebookError
        If the class cannot be graded at all; the text says the way out.
    CheckerUnavailable
        If no checker can be started; what was graded before is kept.
    LookupError
        If one of ``students`` handed in nothing.
    """
    started = time.monotonic()
    options = options or GradingOptions()
    present, refused = students_with(directory, assignment)
    chosen = _chosen(present, students, assignment)
    notebooks = directory.notebooks(assignment)
    results: list[NotebookResult] = []
    fresh = 0
    before, backup = [], None
    with only_one_at_work(directory), ClassGradebook(directory, assignment, notify) as gradebook:
        runs = [
            NotebookRun(directory, assignment, name, len(notebooks) > 1, gradebook, options, notify)
            for name in notebooks
        ]
        if options.question is not None:
            asked = tests_of_question((run.master for run in runs), options.question)
            runs = [replace(run, only=asked[run.notebook]) for run in runs if run.notebook in asked]
        if options.force or options.question is not None:
            before, backup = results_before(directory, assignment), back_up_gradebook(directory)
        for run in runs:
            for result, is_fresh in run.grade(chosen):
                results.append(result)
                fresh += is_fresh
                on_progress(Progress(len(results), len(chosen) * len(runs), result, is_fresh))
    for text in (changed_checks(directory, assignment), *(run.who_is_behind() for run in runs)):
        if text:
            notify(text)
    results.sort(key=lambda result: (result.student, result.notebook))
    changes = changes_between(before, results)
    if before:
        store_changes(directory, assignment, changes)
    seconds = time.monotonic() - started
    return ClassResult(assignment, tuple(results), fresh, tuple(refused), seconds, changes, backup)


def _chosen(present: list[str], wanted: Collection[str] | None, assignment: str) -> list[str]:
    if wanted is None:
        return present
    missing = sorted(set(wanted) - set(present))
    if missing:
        some = ", ".join(present[:10]) + (" …" if len(present) > 10 else "")
        raise LookupError(
            f"{', '.join(missing)} handed in nothing for {assignment!r}. Handed in by: {some or 'nobody'}"
        )
    return [student for student in present if student in set(wanted)]

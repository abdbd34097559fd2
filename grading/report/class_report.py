"""The class report: one self-contained page, nothing fetched, everything escaped, one script of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from grading.engine.class_directory import ClassDirectory
from grading.engine.regrade import Change, Regrade, stored_regrades
from grading.engine.release_record import Released, changed_checks, releases
from grading.engine.safe_files import write_atomically
from grading.report.histogram import bin_label, score_histogram
from grading.report.page import Names, render_page
from grading.report.pseudonyms import pseudonyms
from grading.report.question_chart import question_chart
from grading.report.questions import question_statistics
from grading.report.statistics import OUTCOMES, class_statistics, outcome
from grading.results import NotebookResult

_WORDS = {
    "full": ("✓", "full points"),
    "part": ("◐", "part of the points"),
    "none": ("✗", "no points"),
    "skipped": ("–", "skipped: a prerequisite failed"),
    "error": ("!", "the grader could not judge"),
}


@dataclass(frozen=True)
class Surroundings:
    """What a report tells beyond the results.

    Attributes
    ----------
    class_name : str
        For the heading.
    feedback : mapping of str to str
        Relative addresses of the students' feedback pages.
    regrades : sequence of Regrade
        The latest first.
    releases : sequence of Released
        The present one last.
    checks_changed : str or None
        How the checks have changed since the release.
    """

    class_name: str = ""
    feedback: Mapping[str, str] | None = None
    regrades: Sequence[Regrade] = ()
    releases: Sequence[Released] = ()
    checks_changed: str | None = None


def report_path(directory: ClassDirectory, assignment: str, *, hidden: bool = False) -> Path:
    """Return where a report is written: with pseudonyms alone beside the one with names."""
    return directory.root / "reports" / f"{assignment}{'-pseudonyms' if hidden else ''}.html"


def write_report(directory: ClassDirectory, assignment: str, *, hidden: bool = False) -> Path:
    """Write the class report of a graded assignment.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its assignment.
    hidden : bool, optional
        Write a page that holds pseudonyms and no names, to be given away. Otherwise it holds both, with a
        switch between them.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ClassDirectoryError
        If nothing was graded yet.
    """
    results = directory.results(assignment)
    students = {result.student for result in results}
    names = Names(pseudonyms(directory.key(), students), hidden=hidden)
    pages = sorted((directory.root / "feedback").glob(f"*/{assignment}/*.html"), reverse=True)
    feedback = {
        path.parent.parent.name: quote(
            f"../feedback/{path.relative_to(directory.root / 'feedback').as_posix()}"
        )
        for path in pages
    }
    # Who left the class is not in its report either.
    regrades = [
        replace(item, changes=_of_class(item.changes, students, names))
        for item in stored_regrades(directory, assignment)
    ]
    around = Surroundings(
        directory.root.name,
        {} if hidden else feedback,
        regrades,
        releases(directory, assignment),
        changed_checks(directory, assignment),
    )
    target = report_path(directory, assignment, hidden=hidden)
    write_atomically(target, render_report(results, around, names).encode("utf-8"))
    return target


def render_report(
    results: Sequence[NotebookResult], around: Surroundings | None = None, names: Names | None = None
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    results : sequence of NotebookResult
        Of one assignment.
    around : Surroundings, optional
        What else there is to tell.
    names : Names, optional
        How students are called; by their ids where it is not given.

    Returns
    -------
    str
        A whole page.
    """
    names, around = names or Names(), around or Surroundings()
    # Where names are hidden, not even their alphabet is told by the order of rows.
    results = sorted(results, key=lambda result: (names.order(result.student), result.notebook))
    statistics = class_statistics(results)
    listed = sorted(statistics.students, key=lambda student: (-student.score, names.order(student.name)))
    questions = question_statistics(statistics)
    return render_page(
        "class_report.html.j2",
        names,
        assignment=results[0].assignment,
        around=around,
        statistics=statistics,
        listed=listed,
        feedback=around.feedback or {},
        histogram=score_histogram(statistics),
        bin_label=bin_label,
        questions=list(zip(questions, statistics.columns)),
        question_chart=question_chart(questions),
        unnamed=sum(question.wrong - question.named for question in questions),
        words=_WORDS,
        outcomes=OUTCOMES,
        outcome=outcome,
        isolation=_isolation(results),
        reduced=sorted(
            {layer for result in results for layer, state in result.isolation.items() if _is_missing(state)}
        ),
        grader_errors=[result for result in results if result.needs_attention],
        unreadable=[result for result in results if result.status == "unreadable"],
        noted=[result for result in results if result.notes],
        restarted=sum(result.restarts > 0 for result in results),
        versions=Counter(result.engine_version or "unknown" for result in results).most_common(),
        first=min(result.graded_at for result in results),
        last=max(result.graded_at for result in results),
        seconds=sum(result.seconds for result in results),
    )


def _of_class(changes: Sequence[Change], students: set[str], names: Names) -> tuple[Change, ...]:
    own = (change for change in changes if change.student in students)
    return tuple(sorted(own, key=lambda change: (names.order(change.student), change.notebook)))


def _isolation(results: Sequence[NotebookResult]) -> list[tuple[str, str, int]]:
    """Return every layer and state that was recorded, with how many submissions were graded under it."""
    seen = Counter((layer, state) for result in results for layer, state in result.isolation.items())
    return [(layer, state, count) for (layer, state), count in sorted(seen.items())]


def _is_missing(state: str) -> bool:
    return not state.lower().startswith("held")

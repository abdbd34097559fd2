"""The class report: one self-contained page. No script, nothing fetched, everything escaped."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import jinja2

from grading.engine.class_directory import ClassDirectory
from grading.engine.safe_files import write_atomically
from grading.report.histogram import bin_label, score_histogram
from grading.report.statistics import OUTCOMES, class_statistics, outcome
from grading.results import NotebookResult

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_WORDS = {
    "full": ("✓", "full points"),
    "part": ("◐", "part of the points"),
    "none": ("✗", "no points"),
    "skipped": ("–", "skipped: a prerequisite failed"),
    "error": ("!", "the grader could not judge"),
}


def write_report(directory: ClassDirectory, assignment: str) -> Path:
    """Write the class report of a graded assignment.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its assignment.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ClassDirectoryError
        If nothing was graded yet.
    """
    target = directory.root / "reports" / f"{assignment}.html"
    feedback = {
        path.parent.parent.name: quote(
            f"../feedback/{path.relative_to(directory.root / 'feedback').as_posix()}"
        )
        for path in sorted((directory.root / "feedback").glob(f"*/{assignment}/*.html"), reverse=True)
    }
    page = render_report(directory.results(assignment), class_name=directory.root.name, feedback=feedback)
    write_atomically(target, page.encode("utf-8"))
    return target


def render_report(
    results: Sequence[NotebookResult], *, class_name: str = "", feedback: dict[str, str] | None = None
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    results : sequence of NotebookResult
        Of one assignment.
    class_name : str, optional
        For the heading.
    feedback : dict of str to str, optional
        Relative addresses of the students' feedback pages.

    Returns
    -------
    str
        A whole page.
    """
    statistics = class_statistics(results)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": _points, "percent": _percent, "moment": _moment}
    return environment.get_template("class_report.html.j2").render(
        assignment=results[0].assignment,
        class_name=class_name,
        statistics=statistics,
        histogram=score_histogram(statistics),
        bin_label=bin_label,
        words=_WORDS,
        outcomes=OUTCOMES,
        outcome=outcome,
        feedback=feedback or {},
        isolation=_isolation(results),
        reduced=sorted(
            {layer for result in results for layer, state in result.isolation.items() if _is_missing(state)}
        ),
        grader_errors=[result for result in results if result.needs_attention],
        unreadable=[result for result in results if result.status == "unreadable"],
        noted=[result for result in results if result.notes],
        versions=sorted({result.engine_version for result in results if result.engine_version}),
        first=min(result.graded_at for result in results),
        last=max(result.graded_at for result in results),
        seconds=sum(result.seconds for result in results),
    )


def _isolation(results: Sequence[NotebookResult]) -> list[tuple[str, str, int]]:
    """Return every layer and state that was recorded, with how many submissions were graded under it."""
    seen = Counter((layer, state) for result in results for layer, state in result.isolation.items())
    return [(layer, state, count) for (layer, state), count in sorted(seen.items())]


def _is_missing(state: str) -> bool:
    return not state.lower().startswith("held")


def _points(value: float) -> str:
    return f"{round(value, 2):g}"


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def _moment(text: str) -> str:
    try:
        return datetime.fromisoformat(text).strftime("%d %B %Y, %H:%M %Z").lstrip("0")
    except ValueError:
        return text

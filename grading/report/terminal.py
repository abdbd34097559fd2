"""Results for a terminal: tables and verdicts, without a control character that a student wrote."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import rich.progress
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grading.engine.doctor import Probe
from grading.engine.outputs import plain_text
from grading.results import CheckResult, NotebookResult

if TYPE_CHECKING:
    from grading.engine.coordinator import Progress

_LOOK = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "error": ("!", "magenta"),
    "skipped": ("–", "cyan"),
}


def class_table(results: Sequence[NotebookResult]) -> Table:
    """Return a row a student: score, outcome of every check, what else there is to say.

    Parameters
    ----------
    results : sequence of NotebookResult
        In the order of the rows.

    Returns
    -------
    rich.table.Table
        Ready to print.
    """
    several = len({result.notebook for result in results}) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", no_wrap=True, overflow="ellipsis", max_width=32)
    if several:
        table.add_column("notebook", no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("checks", no_wrap=True)
    table.add_column("remarks", overflow="fold")
    for result in results:
        row = [Text(plain_text(result.student)), *([Text(plain_text(result.notebook))] if several else [])]
        row += [
            Text(f"{result.score:g} / {result.max_score:g}"),
            _signs(result.checks),
            Text(_remark(result)),
        ]
        table.add_row(*row)
    return table


def notebook_text(result: NotebookResult) -> RenderableType:
    """Return the verdicts on one notebook, check by check.

    Parameters
    ----------
    result : NotebookResult
        Of any student.
    """
    parts: list[RenderableType] = []
    for check in result.checks:
        sign, colour = _LOOK[check.status]
        head = Text(
            f"{sign} {plain_text(check.name)}  {check.points:g} / {check.max_points:g}",
            style=f"bold {colour}",
        )
        body = [
            text for text in (check.message, check.explanation, check.counterexample, check.section) if text
        ]
        parts.append(head)
        parts += [Padding(Text(plain_text(text)), (0, 0, 0, 4)) for text in body]
    if result.reason:
        parts.append(Text(f"{result.status}: {plain_text(result.reason)}", style="bold"))
    parts.append(Text(f"{result.score:g} of {result.max_score:g} points", style="bold"))
    missing = [
        f"{layer}: {state}" for layer, state in result.isolation.items() if not state.startswith("held")
    ]
    if missing:
        parts.append(Text("reduced isolation: " + "; ".join(map(plain_text, missing)), style="yellow"))
        parts.append(Text("(no matter for a notebook of your own; for a class, course doctor tells more)"))
    return Group(*parts)


def probe_table(probes: Iterable[Probe]) -> Table:
    """Return what held and what did not."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "attack", "layer", "what happened"):
        table.add_column(heading, overflow="fold")
    for probe in probes:
        sign, colour = _LOOK["passed"] if probe.held else _LOOK["failed"]
        table.add_row(
            Text(f"{sign} {'held' if probe.held else 'DID NOT HOLD'}", style=colour),
            *(Text(plain_text(text)) for text in (probe.name, probe.layer, probe.detail)),
        )
    return table


@contextlib.contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Show a bar with the time left; yields what `grade_class` calls after every submission."""
    columns = (
        rich.progress.TextColumn("grading"),
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TimeElapsedColumn(),
        rich.progress.TextColumn("left"),
        rich.progress.TimeRemainingColumn(),
    )
    with rich.progress.Progress(*columns, console=console) as bar:
        task = bar.add_task("grading", total=None)
        yield lambda progress: bar.update(task, completed=progress.done, total=progress.total)


def _signs(checks: Sequence[CheckResult]) -> Text:
    text = Text()
    for check in checks:
        sign, colour = _LOOK[check.status]
        if check.status == "failed" and check.points > 0:
            sign, colour = "◐", "yellow"
        text.append(sign, style=colour)
    return text


def _remark(result: NotebookResult) -> str:
    if result.reason:
        return plain_text(f"{result.status}: {result.reason}").replace("\n", " ")
    mistakes = list(dict.fromkeys(check.misconception for check in result.checks if check.misconception))
    if mistakes:
        return plain_text(", ".join(mistakes))
    wrong = [check.name for check in result.checks if check.status != "passed"]
    if len(wrong) == len(result.checks) > 1:
        return "every check"
    return plain_text(", ".join(wrong))

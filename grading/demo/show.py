"""What the demonstration prints: a row a student."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from grading.engine.outputs import plain_text
from grading.results import CheckResult, NotebookResult

_LONGEST = 100
_MOST_LINES = 3


def class_table(results: Sequence[NotebookResult]) -> Table:
    """Return a table of who got what, and what was found.

    Parameters
    ----------
    results : sequence of NotebookResult
        In the order of the rows.

    Returns
    -------
    rich.table.Table
        Student, score, and one line a finding.
    """
    table = Table(expand=True, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    # The last column takes what is left: or a narrow terminal would take the scores away first.
    names = [Text(plain_text(result.student)) for result in results]
    table.add_column("student", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("what was found", no_wrap=True, overflow="ellipsis", ratio=1)
    for name, result in zip(names, results):
        full = result.score == result.max_score
        score = Text(f"{result.score:g} / {result.max_score:g}", style="green" if full else "")
        table.add_row(name, score, Text("\n".join(findings(result))))
    return table


def findings(result: NotebookResult) -> list[str]:
    """Say in a line each what grading a notebook found.

    Parameters
    ----------
    result : NotebookResult
        The outcome.

    Returns
    -------
    list of str
        Why it could not be graded, or what is wrong with which functions; never empty. Control characters of
        students' texts are gone, and long ones cut.
    """
    if result.status != "graded":
        return [_line(f"{result.status}: {result.reason}")]
    by_text: dict[str, list[str]] = {}
    for check in result.checks:
        if check.status != "passed":
            by_text.setdefault(_what(check), []).append(check.name)
    lines = []
    for text, names in by_text.items():
        who = ", ".join(names) if len(names) <= 2 else f"{len(names)} functions"
        lines.append(_line(f"{who}: {text}"))
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = [f"and {len(lines) - _MOST_LINES + 1} more"]
    return lines or ["all right"]


def _what(check: CheckResult) -> str:
    if check.misconception:
        return check.misconception
    prefix = "" if check.status == "failed" else f"{check.status}: "
    message = check.message.strip() or check.status
    return prefix + message.removeprefix(check.name).strip()


def _line(text: str) -> str:
    text = " ".join(plain_text(text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

"""Compares what grading found with what a scenario expects."""

from __future__ import annotations

import json
import re
from pathlib import Path

from grading.demo.scenario import ExpectedCheck, Scenario
from grading.results import CheckResult, NotebookResult

_SAME = 1e-9


def deviations(scenario: Scenario, result: NotebookResult, shown: str) -> list[str]:
    """Say how grading a scenario differs from its expected outcome.

    Parameters
    ----------
    scenario : Scenario
        What was handed in, and what must come of it.
    result : NotebookResult
        What came of it.
    shown : str
        Everything in the outputs of the graded notebook, as `shown_outputs` gives it.

    Returns
    -------
    list of str
        A sentence a difference; empty where all is as expected.
    """
    expected = scenario.expected
    found = []
    if abs(result.score - expected.score) > _SAME:
        found.append(f"the score is {result.score:g}; expected {expected.score:g}")
    if expected.reason and not re.search(expected.reason, result.reason or ""):
        found.append(f"the reason is {result.reason!r}; expected {expected.reason!r}")
    if not expected.reason and result.status != "graded":
        found.append(f"the notebook is {result.status}: {result.reason}")
    if expected.never_shown and (leak := re.search(expected.never_shown, shown)):
        found.append(f"its outputs show {leak[0]!r}: the code got through")
    if expected.shown and not re.search(expected.shown, shown):
        found.append(f"its outputs do not show {expected.shown!r}: the code did not try")
    unknown = set(expected.checks) - {check.name for check in result.checks}
    found += [f"there is no check {name}" for name in sorted(unknown)]
    for check in result.checks:
        found += [f"{check.name}: {text}" for text in _differences(check, expected.checks.get(check.name))]
    return found


def _differences(check: CheckResult, expected: ExpectedCheck | None) -> list[str]:
    expected = expected or ExpectedCheck("passed", check.max_points)
    found = []
    if check.status != expected.status:
        found.append(f"{check.status}, expected {expected.status}: {check.message}")
    if abs(check.points - expected.points) > _SAME:
        found.append(f"{check.points:g} points, expected {expected.points:g}")
    if check.misconception != expected.misconception:
        found.append(f"names {check.misconception}, expected {expected.misconception}: {check.message}")
    said = "\n".join(filter(None, (check.message, check.explanation, check.counterexample)))
    if not re.search(expected.reason, said):
        found.append(f"says {said!r}; expected {expected.reason!r}")
    return found


def shown_outputs(notebook: Path) -> str:
    """Return everything that a graded notebook shows in its outputs, as one text.

    Parameters
    ----------
    notebook : Path
        In nbformat 4.

    Returns
    -------
    str
        JSON of all outputs; the sources of cells are not in it.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return json.dumps([cell.get("outputs", []) for cell in cells], ensure_ascii=False)

"""The graded notebook: student's cells, master's metadata, engine's scores, and nothing that can run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grading.engine.master import Master
from grading.engine.neutral_markup import allowed_html, as_code_block, escaped, neutral_markdown
from grading.engine.outputs import OutputCleaner
from grading.engine.verdict import GRADER_FAILED, GradedCell, GradedTest, Verdict
from grading.results import CheckResult

_KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
# Okabe-Ito colours, each with its own word and sign: colour alone never carries the meaning.
_LOOK = {
    "passed": ("✓ passed", "#009e73"),
    "failed": ("✗ failed", "#d55e00"),
    "error": ("! needs the instructor", "#cc79a7"),
    "skipped": ("– skipped", "#56b4e9"),
}


def compose_notebook(
    master: Master, verdict: Verdict, checksums: Mapping[str, str | None] | None = None
) -> dict[str, Any]:
    """Return the notebook to write to ``autograded/``.

    Parameters
    ----------
    master : Master
        Source of grade ids, points and metadata.
    verdict : Verdict
        Cells, outputs and results of one submission.
    checksums : mapping of str to str, optional
        nbgrader's checksum of each cell, from the gradebook: tells an untouched answer from one that needs
        reading.

    Returns
    -------
    dict
        A notebook in format 4.5. Every test of the master is in it exactly once, and its first output is the
        only ``execute_result``: the score as ``text/plain``, the feedback as ``text/html``.
    """
    tests = {test.result.grade_id: test for test in verdict.tests}
    known = master.by_id
    prose = [cell for cell in (*master.released, *master.cells) if cell.cell_type == "markdown"]
    trusted = {cell.source: cell.attachments for cell in prose}
    given = list(verdict.cells) or _released_cells(master)
    owners = _owners(given, known)
    cells: list[dict[str, Any]] = []
    if verdict.status != "graded":
        cells.append(_note(_why(verdict)))
    for index, cell in enumerate(given):
        if cell.note:
            cells.append(_note(cell.note))
        if owners.get(index) is None:
            cells.append(_plain_cell(cell, trusted))
            continue
        marks = _marks(known[owners[index]].nbgrader, checksums)
        cells.append(_marked_cell(cell, marks, tests.get(owners[index]), trusted))
    present = set(owners.values())
    for cell in master.tests:
        if cell.grade_id not in present:
            cells.append(
                _note("A test cell was missing from the submission. It was put back from the master.")
            )
            restored = GradedCell(cell.grade_id, "test", "code", cell.source)
            cells.append(
                _marked_cell(restored, _marks(cell.nbgrader, checksums), tests.get(cell.grade_id), trusted)
            )
    for number, made in enumerate(cells):
        made["id"] = f"graded-{number:04d}"
    metadata = {"kernelspec": _KERNELSPEC, "language_info": {"name": "python"}} | master.metadata
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def notebook_bytes(notebook: Mapping[str, Any]) -> bytes:
    """Return a notebook as the bytes of its file."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def test_html(test: GradedTest) -> str:
    """Return what people read under a test cell: the verdict through the allow-list, or its plain data."""
    if test.html:
        return allowed_html(test.html)
    result = test.result
    words, colour = _LOOK[result.status]
    head = (
        f'<div style="border-left: 4px solid {colour}; padding: 4px 10px; margin: 4px 0">'
        f"<strong>{words}</strong> · {result.points:g} of {result.max_points:g} points</div>"
    )
    return head + _plain_html(result)


def _plain_html(result: CheckResult) -> str:
    parts = [f"<p>{escaped(result.message)}</p>"] if result.message else []
    if result.explanation:
        parts.append(f"<p>{escaped(result.explanation)}</p>")
    if result.counterexample:
        parts.append(f"<pre>{escaped(result.counterexample)}</pre>")
    if result.section:
        parts.append(f"<p><em>{escaped(result.section)}</em></p>")
    return "".join(parts)


def _owners(cells: list[GradedCell], known: Mapping[str, Any]) -> dict[int, str]:
    """Return which cell carries which grade id: the last with it, as nbgrader does."""
    owners: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if cell.grade_id in known and cell.cell_type == known[cell.grade_id].cell_type:
            owners[cell.grade_id] = index
    return {index: grade_id for grade_id, index in owners.items()}


def _released_cells(master: Master) -> list[GradedCell]:
    """Return the cells as students got them: solutions must not appear in feedback."""
    roles = {True: "test", False: "plain"}
    return [
        GradedCell(cell.grade_id, roles[cell.is_test], cell.cell_type, cell.source)
        for cell in master.released
    ]


def _marks(nbgrader: Mapping[str, Any], checksums: Mapping[str, str | None] | None) -> dict[str, Any]:
    marks = dict(nbgrader)
    recorded = (checksums or {}).get(marks["grade_id"])
    if recorded is not None:
        marks["checksum"] = recorded
    return marks


def _marked_cell(
    cell: GradedCell, marks: dict[str, Any], test: GradedTest | None, trusted: Mapping[str, dict]
) -> dict[str, Any]:
    made = _plain_cell(cell, trusted, results_as_displays=test is not None)
    made["metadata"] = {"nbgrader": marks} | (
        {"deletable": False, "editable": False} if test is not None else {}
    )
    if test is not None:
        score = {
            "output_type": "execute_result",
            "execution_count": None,
            "data": {"text/plain": repr(float(test.result.points)), "text/html": test_html(test)},
            "metadata": {},
        }
        made["outputs"] = [score, *made["outputs"]]
    return made


def _plain_cell(
    cell: GradedCell, trusted: Mapping[str, dict], *, results_as_displays: bool = False
) -> dict[str, Any]:
    if cell.cell_type == "code":
        outputs = OutputCleaner(results_as_displays=results_as_displays).clean(cell.outputs or [])
        return {
            "cell_type": "code",
            "metadata": {},
            "source": cell.source,
            "execution_count": None,
            "outputs": outputs,
        }
    if cell.source in trusted and cell.cell_type == "markdown":
        own = {"cell_type": "markdown", "metadata": {}, "source": cell.source}
        return own | ({"attachments": trusted[cell.source]} if trusted[cell.source] else {})
    # A raw cell would go into the page as it is.
    source = as_code_block(cell.source) if cell.cell_type == "raw" else neutral_markdown(cell.source)
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _why(verdict: Verdict) -> str:
    """Return what a student is told: how the grader failed is for the instructor alone."""
    if verdict.status == "error":
        return GRADER_FAILED
    return f"This file could not be graded: {verdict.reason or 'it is not a notebook'}."


def _note(text: str) -> dict[str, Any]:
    quoted = neutral_markdown(text).replace("\n", "\n> ")
    return {"cell_type": "markdown", "metadata": {}, "source": f"> **Note from the grader.** {quoted}"}

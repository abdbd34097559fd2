"""What a made-up student hands in: the released notebook with the scenario's answers put in."""

from __future__ import annotations

import copy
import json
from typing import Any

from grading.demo.scenario import Scenario, ScenarioError

Cell = dict[str, Any]


def handed_in(released: bytes, scenario: Scenario) -> bytes:
    """Return the file that a scenario's student hands in.

    Parameters
    ----------
    released : bytes
        The notebook as it was released to students.
    scenario : Scenario
        Answers, further cells, and what else happened to the file.

    Returns
    -------
    bytes
        The submission; for a scenario with raw content that content.

    Raises
    ------
    ScenarioError
        If the scenario names a cell that the released notebook does not have, or has no answer for one.
    """
    if scenario.mangling.raw is not None:
        return scenario.mangling.raw
    notebook = json.loads(released)
    cells = notebook["cells"]
    _answer(cells, scenario)
    _add_cells(cells, scenario)
    _mangle(notebook, scenario)
    data = json.dumps(notebook, indent=1, ensure_ascii=False).encode()
    if depth := scenario.mangling.nest:
        data = data[:-1] + b', "nested": ' + b"[" * depth + b"]" * depth + b"}"
    return data + b" " * (scenario.mangling.grow_megabytes << 20)


def grade_id(cell: Cell) -> str | None:
    """Return a cell's grade id, None where it has none."""
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")


def _answer(cells: list[Cell], scenario: Scenario) -> None:
    solutions = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    unanswered = [
        name
        for name in map(grade_id, solutions)
        if name not in scenario.answers and not scenario.mangling.leaves(name)
    ]
    if unanswered:
        raise ScenarioError(f"{scenario.name}: no answer for {', '.join(unanswered)}, not even in right.py")
    is_solution = {grade_id(cell) for cell in solutions}
    for name, source in scenario.answers.items():
        if not (name in is_solution and scenario.mangling.leaves(name)):
            _find(cells, name, scenario)["source"] = source


def _add_cells(cells: list[Cell], scenario: Scenario) -> None:
    for number, extra in enumerate(scenario.extra_cells, start=1):
        cell: Cell = {
            "cell_type": extra.cell_type,
            "id": f"extra-{number}",
            "metadata": {},
            "source": extra.source,
        }
        if extra.cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        anchor = cells.index(_find(cells, extra.anchor, scenario))
        cells.insert(anchor if extra.side == "before" else anchor + 1, cell)


def _mangle(notebook: dict[str, Any], scenario: Scenario) -> None:
    cells, mangling = notebook["cells"], scenario.mangling
    notebook["metadata"] |= mangling.metadata
    for output in mangling.outputs:
        entry = {"output_type": output["type"], "data": output["data"], "metadata": {}}
        if output["type"] == "execute_result":
            entry["execution_count"] = 1
        _find(cells, output["cell"], scenario)["outputs"].append(entry)
    for name, points in mangling.points.items():
        _find(cells, name, scenario)["metadata"]["nbgrader"]["points"] = points
    for name in mangling.duplicate:
        original = _find(cells, name, scenario)
        double = copy.deepcopy(original)
        double["id"] = f"{original.get('id', name)}-copy"
        cells.insert(cells.index(original) + 1, double)
    for name in mangling.delete:
        cells.remove(_find(cells, name, scenario))
    for edit in mangling.edits:
        _edit(notebook, edit, scenario)


def _edit(notebook: dict[str, Any], edit: dict[str, Any], scenario: Scenario) -> None:
    path = list(edit["path"])
    if path[0] == "cells" and len(path) > 1:
        cell = _find(notebook["cells"], path[1], scenario)
        if "move" in edit:
            notebook["cells"].remove(cell)
            notebook["cells"].insert(edit["move"], cell)
            return
        node, path = cell, path[2:]
    else:
        node = notebook
    for name in path[:-1]:
        node = node[name]
    if edit.get("remove"):
        del node[path[-1]]
    else:
        node[path[-1]] = edit["value"]


def _find(cells: list[Cell], name: str, scenario: Scenario) -> Cell:
    for cell in cells:
        if grade_id(cell) == name:
            return cell
    known = ", ".join(filter(None, map(grade_id, cells)))
    raise ScenarioError(f"{scenario.name}: the released notebook has no cell {name!r}; it has {known}")

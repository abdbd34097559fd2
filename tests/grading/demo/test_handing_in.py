"""A submission built from the released notebook and a scenario."""

import json

import pytest

from grading.demo.handing_in import grade_id, handed_in
from grading.demo.scenario import Expected, ExtraCell, Mangling, Scenario, ScenarioError


def cell(name: str, source: str, *, solution: bool = False, points: int | None = None) -> dict:
    marks = {"grade_id": name, "solution": solution, "grade": points is not None, "locked": not solution}
    if points is not None:
        marks["points"] = points
    return {
        "cell_type": "code",
        "id": name.replace("_", "-"),
        "metadata": {"nbgrader": marks},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }


RELEASED = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}},
        "cells": [
            {"cell_type": "markdown", "id": "prompt", "metadata": {}, "source": "Write area."},
            cell("area", "raise NotImplementedError", solution=True),
            cell("check_area", 'check("area")', points=4),
        ],
    }
).encode()


def submission(answers: dict, extra_cells: tuple = (), **mangling: object) -> dict:
    scenario = Scenario("name", answers, extra_cells, Mangling(**mangling), Expected("title", "right", 4))
    return json.loads(handed_in(RELEASED, scenario))


def names(notebook: dict) -> list:
    return [grade_id(cell) for cell in notebook["cells"]]


def test_the_answer_stands_in_the_solution_cell_and_nothing_else_changes():
    notebook = submission({"area": "def area(): ..."})
    released = json.loads(RELEASED)
    assert notebook["cells"][1].pop("source") == "def area(): ..."
    del released["cells"][1]["source"]
    assert notebook == released


def test_a_stub_stays_as_it_was_handed_out():
    for stub in ("all", ("area",)):
        assert submission({"area": "answer"}, stub=stub) == json.loads(RELEASED)


def test_a_test_cell_can_be_overwritten_too():
    notebook = submission({"area": "answer", "check_area": "4.0"}, stub="all")
    assert [c["source"] for c in notebook["cells"][1:]] == ["raise NotImplementedError", "4.0"]


def test_extra_cells_stand_beside_their_anchor_without_grade_id():
    extra = (ExtraCell("code", "before", "area", "one"), ExtraCell("markdown", "after", "area", "two"))
    notebook = submission({"area": "answer"}, extra)
    assert names(notebook) == [None, None, "area", None, "check_area"]
    before, after = notebook["cells"][1], notebook["cells"][3]
    assert (before["cell_type"], before["source"], before["outputs"]) == ("code", "one", [])
    assert (after["cell_type"], after["source"]) == ("markdown", "two")
    assert "outputs" not in after
    assert len({c["id"] for c in notebook["cells"]}) == 5


def test_cells_are_deleted_and_duplicated():
    assert names(submission({"area": "answer"}, delete=("area",))) == [None, "check_area"]
    notebook = submission({"area": "answer"}, duplicate=("area",))
    assert names(notebook) == [None, "area", "area", "check_area"]
    assert notebook["cells"][1]["source"] == notebook["cells"][2]["source"] == "answer"
    assert notebook["cells"][1]["id"] != notebook["cells"][2]["id"]


def test_points_outputs_and_metadata_are_forged():
    notebook = submission(
        {"area": "answer"},
        points={"check_area": 1000},
        outputs=({"cell": "check_area", "type": "execute_result", "data": {"text/plain": "1000"}},),
        metadata={"title": "t"},
    )
    check = notebook["cells"][2]
    assert check["metadata"]["nbgrader"]["points"] == 1000
    assert check["outputs"][0]["data"] == {"text/plain": "1000"}
    assert notebook["metadata"] == {"kernelspec": {"name": "python3"}, "title": "t"}


def test_raw_content_is_handed_in_byte_for_byte():
    scenario = Scenario("name", {}, (), Mangling(raw=b"\xff{"), Expected("title", "mangled", 0))
    assert handed_in(RELEASED, scenario) == b"\xff{"


def test_cells_that_do_not_exist_and_answers_that_are_missing_are_refused():
    with pytest.raises(ScenarioError, match="no answer for area"):
        submission({})
    with pytest.raises(ScenarioError, match="no cell 'volume'; it has area, check_area"):
        submission({"area": "answer", "volume": "answer"})
    with pytest.raises(ScenarioError, match="no cell 'volume'"):
        submission({"area": "answer"}, delete=("volume",))


def test_edits_reach_cells_by_their_grade_id_and_the_rest_by_its_path():
    edits = (
        {"path": ["cells", "area", "cell_type"], "value": "raw"},
        {"path": ["cells", "check_area"], "move": 0},
        {"path": ["metadata", "kernelspec"], "remove": True},
    )
    notebook = submission({"area": "x"}, edits=edits)
    assert names(notebook) == ["check_area", None, "area"]
    assert notebook["cells"][2]["cell_type"] == "raw"
    assert notebook["metadata"] == {}


def test_a_file_can_be_nested_and_grown():
    scenario = Scenario(
        "n", {"area": "x"}, (), Mangling(nest=3, grow_megabytes=1), Expected("t", "hostile", 4)
    )
    data = handed_in(RELEASED, scenario)
    assert len(data) > 1 << 20
    assert json.loads(data)["nested"] == [[[]]]

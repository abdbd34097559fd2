"""The checker on every assignment of the course: right answers get all points, stubs get none."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from checker_process import CheckerProcess

import grading
import grading.checks

SOLUTION = re.compile(r"([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
ASSIGNMENTS = grading.checks.assignments()


def master(assignment):
    return (Path(grading.__file__).parent / "source" / assignment / f"{assignment}.ipynb").read_text("utf-8")


@pytest.fixture(scope="module")
def checkers(tmp_path_factory):
    """A checker for every assignment, started when it is first asked for."""
    started = []

    @cache
    def checker(assignment):
        process = CheckerProcess(
            tmp_path_factory.mktemp(assignment),
            master(assignment),
            assignment,
            cell_seconds=20.0,
            call_seconds=5.0,
        )
        started.append(process)
        assert process.ready["ready"] is True, process.ready
        return process

    yield checker
    for process in started:
        process.close()


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_masters_own_answers_get_all_points_for_any_seed(checkers, assignment):
    cells = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(master(assignment))["cells"]]
    full = {cell["grade_id"]: float(cell["points"]) for cell in cells if cell.get("grade")}
    for seed in ("00" * 32, "ff" * 32):
        verdict = checkers(assignment).grade(master(assignment), seed)
        assert {test["grade_id"]: test["points"] for test in verdict["tests"]} == full
        assert {test["status"] for test in verdict["tests"]} == {"passed"}
        assert all(test["checks"] and test["parts"] and test["html"] for test in verdict["tests"])


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_untouched_stubs_get_nothing(checkers, assignment):
    made = json.loads(master(assignment))
    for cell in made["cells"]:
        cell["source"] = SOLUTION.sub(r"\1raise NotImplementedError()", "".join(cell["source"]))
    verdict = checkers(assignment).grade(json.dumps(made), "00" * 32)
    assert {test["points"] for test in verdict["tests"]} == {0.0}

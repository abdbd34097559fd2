"""The made-up class, graded by the real engine, checker and sandbox: every scenario ends as it must."""

import json
import os
from pathlib import Path

import pytest
from active_content import Dangers
from nbgrader.api import Gradebook

from grading.demo.classroom import hand_in, scenario_folder
from grading.demo.outcome import deviations, shown_outputs
from grading.demo.scenario_files import read_scenarios
from grading.engine import (
    ClassDirectory,
    GradingOptions,
    Limits,
    grade_class,
    release_assignment,
    write_feedback,
)
from grading.report import write_report

ASSIGNMENT = "convolution"
SCENARIOS = read_scenarios(scenario_folder(ASSIGNMENT))
BY_KIND = {
    kind: [scenario for scenario in SCENARIOS if scenario.expected.kind == kind]
    for kind in ("right", "mistake", "mangled", "hostile")
}
# Shorter than the defaults, so that the endless loop costs seconds: everything else needs a fraction of one.
OPTIONS = GradingOptions(workers=2, force=True, limits=Limits(cell_seconds=15, call_seconds=4))
SHOWN_TYPES = {"text/plain", "image/png", "image/jpeg"}
PAYLOAD = "document.title"


class Graded:
    """A class without hostile submissions first, then with them."""

    def __init__(self, root: Path):
        self.directory = ClassDirectory.create(root)
        release_assignment(self.directory, ASSIGNMENT)
        hand_in(self.directory, ASSIGNMENT, BY_KIND["right"])
        self.without_hostile = self.grade()
        hand_in(self.directory, ASSIGNMENT, SCENARIOS)
        self.handed_in = snapshot(self.directory.root)
        self.results = self.grade()
        self.afterwards = snapshot(self.directory.root)
        pages = write_feedback(self.directory, ASSIGNMENT, [scenario.name for scenario in BY_KIND["hostile"]])
        self.pages = {page.parts[-3]: page for page in pages}

    def grade(self) -> dict:
        outcome = grade_class(self.directory, ASSIGNMENT, options=OPTIONS)
        assert outcome.refused == ()
        return {result.student: result for result in outcome.results}

    def notebook(self, student: str) -> Path:
        return self.directory.assignment("autograded", ASSIGNMENT, student) / f"{ASSIGNMENT}.ipynb"


def snapshot(root: Path) -> dict:
    """Content, mode, size and times of everything that grading must leave alone."""
    kept = {}
    for top in ("submitted", "source", "release", "nbgrader_config.py", ".course/class_key"):
        for path in [root / top, *(root / top).rglob("*")]:
            status = path.stat()
            content = path.read_bytes() if path.is_file() else sorted(os.listdir(path))
            kept[str(path.relative_to(root))] = (content, status.st_mode, status.st_mtime_ns, status.st_uid)
    return kept


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Graded:
    return Graded(tmp_path_factory.mktemp("made-up") / "class")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario_ends_as_it_says_it_must(graded, scenario):
    shown = shown_outputs(graded.notebook(scenario.name))
    assert deviations(scenario, graded.results[scenario.name], shown) == [], scenario.expected.title


def test_the_class_is_as_large_and_mixed_as_it_should_be():
    assert len(SCENARIOS) >= 25
    assert {kind: len(found) >= 5 for kind, found in BY_KIND.items()} == dict.fromkeys(BY_KIND, True)


def test_what_is_attacked_earns_nothing():
    for scenario in BY_KIND["hostile"]:
        checks = scenario.expected.checks
        assert checks, scenario.name
        assert {check.points for check in checks.values()} == {0}, scenario.name


def test_nobody_else_is_graded_differently_beside_hostile_submissions(graded):
    assert set(graded.without_hostile) == {scenario.name for scenario in BY_KIND["right"]}
    for name, before in graded.without_hostile.items():
        after = graded.results[name]
        assert (before.score, before.seed, before.checks) == (after.score, after.seed, after.checks), name


def test_submissions_sources_and_key_are_left_as_they_were(graded):
    changed = {
        name
        for name in graded.handed_in.keys() | graded.afterwards.keys()
        if graded.handed_in.get(name) != graded.afterwards.get(name)
    }
    assert changed == set()


def test_the_gradebook_holds_every_score_once_and_nothing_else(graded):
    with Gradebook(graded.directory.db_url) as gradebook:
        submissions = gradebook.assignment_submissions(ASSIGNMENT)
        scores = {submission.student.id: submission.score for submission in submissions}
        grades = [g for s in submissions for notebook in s.notebooks for g in notebook.grades]
        assert len(submissions) == len(scores) == len(SCENARIOS)
        assert scores == pytest.approx({s.name: s.expected.score for s in SCENARIOS})
        assert len(grades) == 6 * len(SCENARIOS)
        assert {grade.manual_score for grade in grades} == {None}
        assert not any(grade.needs_manual_grade for grade in grades)


def test_the_collector_sees_what_a_browser_would_run():
    text = '<p onclick="x">a</p><svg></svg><a href=" JavaScript:x">b</a><script>x</script>&lt;script&gt;'
    assert len(Dangers(text).found) == 4


@pytest.mark.parametrize("scenario", BY_KIND["hostile"], ids=lambda scenario: scenario.name)
def test_feedback_and_graded_notebook_run_nothing(graded, scenario):
    page = Dangers(graded.pages[scenario.name].read_text(encoding="utf-8"))
    assert page.found == []
    assert "default-src 'none'" in page.policy
    assert "script-src" not in page.policy or "script-src 'none'" in page.policy
    notebook = json.loads(graded.notebook(scenario.name).read_text(encoding="utf-8"))
    assert PAYLOAD not in json.dumps(notebook["metadata"])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            assert Dangers(cell["source"]).found == []
            assert "javascript:" not in cell["source"]
            assert "attachments" not in cell
        is_test = cell["metadata"].get("nbgrader", {}).get("grade", False)
        for output in cell.get("outputs", []):
            types = set(output.get("data", {}))
            assert types <= SHOWN_TYPES | ({"text/html"} if is_test else set())
            assert Dangers("".join(output.get("data", {}).get("text/html", ""))).found == []


def test_the_class_report_runs_nothing(graded):
    page = Dangers(write_report(graded.directory, ASSIGNMENT).read_text(encoding="utf-8"))
    # Its own chart is drawn as SVG; nothing else that a browser would run.
    assert [found for found in page.found if not found.startswith("<svg")] == []
    assert not any(PAYLOAD in found for found in page.found)
    assert "default-src 'none'" in page.policy


def test_a_payload_that_was_handed_in_is_shown_as_text_and_not_dropped(graded):
    page = graded.pages["script-in-outputs"].read_text(encoding="utf-8")
    assert PAYLOAD in page
    assert f"<script>{PAYLOAD}" not in page


def test_points_and_test_cells_come_from_the_master(graded):
    master = json.loads(
        (graded.directory.assignment("release", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text()
    )
    tests = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in master["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    assert len(tests) == 6
    for scenario in SCENARIOS:
        cells = json.loads(graded.notebook(scenario.name).read_text())["cells"]
        graded_cells = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
        assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in graded_cells] == list(tests), (
            scenario.name
        )
        for cell in graded_cells:
            own = tests[cell["metadata"]["nbgrader"]["grade_id"]]
            assert "".join(cell["source"]) == "".join(own["source"]), scenario.name
            assert cell["metadata"]["nbgrader"]["points"] == own["metadata"]["nbgrader"]["points"]

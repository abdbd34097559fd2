"""Made-up classes, graded by the real engine, checker and sandbox: every scenario ends as it must."""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from active_content import Dangers
from nbgrader.api import Gradebook

import grading.checks
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
from grading.engine.shipped import shipped_assignments
from grading.report import write_report
from grading.report.page import page_policy, page_script

DEMONSTRATED = "convolution"
ASSIGNMENTS = [name for name in shipped_assignments() if name in grading.checks.assignments()]
SCENARIOS = {name: read_scenarios(scenario_folder(name)) for name in ASSIGNMENTS}
KINDS = ("right", "mistake", "mangled", "hostile")


def of_kind(kind, assignment):
    return [scenario for scenario in SCENARIOS[assignment] if scenario.expected.kind == kind]


# A class takes a minute or two to grade: `make test` grades the demonstrated one, `make test-all` them all.
MARKS = {name: () if name == DEMONSTRATED else pytest.mark.slow for name in ASSIGNMENTS}
GRADED = [pytest.param(name, id=name, marks=MARKS[name]) for name in ASSIGNMENTS]
EVERY = [
    pytest.param(assignment, scenario, id=f"{assignment}-{scenario.name}", marks=MARKS[assignment])
    for assignment in ASSIGNMENTS
    for scenario in SCENARIOS[assignment]
]
HOSTILE = [parameters for parameters in EVERY if parameters.values[1].expected.kind == "hostile"]
# An endless loop costs these seconds; everything else needs a few on the busiest machine.
OPTIONS = GradingOptions(workers=2, force=True, limits=Limits(cell_seconds=45, call_seconds=15))
# What is drawn depends on the class's key, and what some wrong answers earn depends on what is drawn.
KEY = "5e" * 32 + "\n"
SHOWN_TYPES = {"text/plain", "image/png", "image/jpeg"}
PAYLOAD = "document.title"


class Graded:
    """A class without hostile submissions first, then with them."""

    def __init__(self, root: Path, assignment: str):
        self.assignment = assignment
        self.directory = ClassDirectory.create(root)
        self.directory.key_path.write_text(KEY)
        release_assignment(self.directory, assignment)
        hand_in(self.directory, assignment, of_kind("right", assignment))
        self.without_hostile = self.grade()
        hand_in(self.directory, assignment, SCENARIOS[assignment])
        self.handed_in = snapshot(self.directory.root)
        self.results = self.grade()
        self.afterwards = snapshot(self.directory.root)
        hostile = [scenario.name for scenario in of_kind("hostile", assignment)]
        pages = write_feedback(self.directory, assignment, hostile)
        self.pages = {page.parts[-3]: page for page in pages}

    def grade(self) -> dict:
        outcome = grade_class(self.directory, self.assignment, options=OPTIONS)
        assert outcome.refused == ()
        return {result.student: result for result in outcome.results}

    def notebook(self, student: str) -> Path:
        return self.directory.assignment("autograded", self.assignment, student) / f"{self.assignment}.ipynb"

    def master_tests(self) -> dict:
        master = self.directory.assignment("release", self.assignment) / f"{self.assignment}.ipynb"
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in json.loads(master.read_text(encoding="utf-8"))["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade")
        }


def snapshot(root: Path) -> dict:
    """Content, mode, size and times of everything that grading must leave alone."""
    kept = {}
    for top in ("submitted", "source", "release", "nbgrader_config.py", ".course/class_key"):
        for path in [root / top, *(root / top).rglob("*")]:
            # A link is left alone as long as it leads where it led: to the gradebook, say.
            status = path.lstat()
            if path.is_symlink():
                content = os.readlink(path)
            else:
                content = path.read_bytes() if path.is_file() else sorted(os.listdir(path))
            kept[str(path.relative_to(root))] = (content, status.st_mode, status.st_mtime_ns, status.st_uid)
    return kept


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """Every assignment's class, graded when it is first asked for."""
    return cache(lambda assignment: Graded(tmp_path_factory.mktemp("made-up") / "class", assignment))


@pytest.mark.parametrize(("assignment", "scenario"), EVERY)
def test_scenario_ends_as_it_says_it_must(classes, assignment, scenario):
    graded = classes(assignment)
    shown = shown_outputs(graded.notebook(scenario.name))
    assert deviations(scenario, graded.results[scenario.name], shown) == [], scenario.expected.title


def test_the_demonstrated_class_is_as_large_and_mixed_as_it_should_be():
    assert len(SCENARIOS[DEMONSTRATED]) >= 25
    assert {kind: len(of_kind(kind, DEMONSTRATED)) >= 5 for kind in KINDS} == dict.fromkeys(KINDS, True)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_class_has_right_styles_mistakes_a_stub_and_somebody_who_looks_for_the_answers(assignment):
    names = {scenario.name for scenario in SCENARIOS[assignment]}
    assert len(of_kind("right", assignment)) >= 3
    assert len(of_kind("mistake", assignment)) >= 5
    assert {"untouched-stub", "imports-the-answer"} <= names


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_is_attacked_earns_nothing(assignment):
    for scenario in of_kind("hostile", assignment):
        checks = scenario.expected.checks
        assert checks, scenario.name
        assert {check.points for check in checks.values()} == {0}, scenario.name


@pytest.mark.parametrize("assignment", GRADED)
def test_nobody_else_is_graded_differently_beside_hostile_submissions(classes, assignment):
    graded = classes(assignment)
    assert set(graded.without_hostile) == {scenario.name for scenario in of_kind("right", assignment)}
    for name, before in graded.without_hostile.items():
        after = graded.results[name]
        assert (before.score, before.seed, before.checks) == (after.score, after.seed, after.checks), name


@pytest.mark.parametrize("assignment", GRADED)
def test_submissions_sources_and_key_are_left_as_they_were(classes, assignment):
    graded = classes(assignment)
    changed = {
        name
        for name in graded.handed_in.keys() | graded.afterwards.keys()
        if graded.handed_in.get(name) != graded.afterwards.get(name)
    }
    assert changed == set()


@pytest.mark.parametrize("assignment", GRADED)
def test_the_gradebook_holds_every_score_once_and_nothing_else(classes, assignment):
    graded, scenarios = classes(assignment), SCENARIOS[assignment]
    with Gradebook(graded.directory.db_url) as gradebook:
        submissions = gradebook.assignment_submissions(assignment)
        scores = {submission.student.id: submission.score for submission in submissions}
        grades = [g for s in submissions for notebook in s.notebooks for g in notebook.grades]
        assert len(submissions) == len(scores) == len(scenarios)
        assert scores == pytest.approx({s.name: s.expected.score for s in scenarios})
        assert len(grades) == len(graded.master_tests()) * len(scenarios)
        assert {grade.manual_score for grade in grades} == {None}
        assert not any(grade.needs_manual_grade for grade in grades)


def test_the_collector_sees_what_a_browser_would_run():
    text = '<p onclick="x">a</p><svg></svg><a href=" JavaScript:x">b</a><script>x</script>&lt;script&gt;'
    assert len(Dangers(text).found) == 4
    assert len(Dangers(text, own_script="x").found) == 3
    assert len(Dangers(text, own_script="y").found) == 4


@pytest.mark.parametrize(("assignment", "scenario"), HOSTILE)
def test_feedback_and_graded_notebook_run_nothing(classes, assignment, scenario):
    graded = classes(assignment)
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


@pytest.mark.parametrize("assignment", GRADED)
def test_the_class_report_runs_nothing(classes, assignment):
    report = write_report(classes(assignment).directory, assignment)
    page = Dangers(report.read_text(encoding="utf-8"), own_script=page_script())
    # Its own charts are drawn as SVG; nothing else that a browser would run.
    assert [found for found in page.found if not found.startswith("<svg")] == []
    assert not any(PAYLOAD in found for found in page.found)
    assert page.policy == page_policy()


def test_a_payload_that_was_handed_in_is_shown_as_text_and_not_dropped(classes):
    page = classes(DEMONSTRATED).pages["script-in-outputs"].read_text(encoding="utf-8")
    assert PAYLOAD in page
    assert f"<script>{PAYLOAD}" not in page


@pytest.mark.parametrize("assignment", GRADED)
def test_points_and_test_cells_come_from_the_master(classes, assignment):
    graded = classes(assignment)
    tests = graded.master_tests()
    assert len(tests) == len(grading.checks.load(assignment))
    for scenario in SCENARIOS[assignment]:
        cells = json.loads(graded.notebook(scenario.name).read_text())["cells"]
        graded_cells = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")]
        assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in graded_cells] == list(tests), (
            scenario.name
        )
        for cell in graded_cells:
            own = tests[cell["metadata"]["nbgrader"]["grade_id"]]
            assert "".join(cell["source"]) == "".join(own["source"]), scenario.name
            assert cell["metadata"]["nbgrader"]["points"] == own["metadata"]["nbgrader"]["points"]

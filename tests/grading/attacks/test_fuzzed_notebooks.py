"""Broken notebooks through the whole engine: the class is graded, and every file gets a verdict."""

import json
import random
import shutil

import pytest
from mangling import mangle
from nbgrader.api import Gradebook
from world import ASSIGNMENT, SCENARIOS

from grading.demo.handing_in import handed_in
from grading.demo.scenario import Expected, Mangling, Scenario
from grading.demo.scenario_files import read_answers
from grading.engine import (
    ClassDirectory,
    GradingOptions,
    Limits,
    grade_class,
    release_assignment,
    write_feedback,
)

MAXIMA = {"add": 3.0, "scale": 3.0, "Tally": 2.0, "halve": 2.0, "double": 4.0, "slope": 3.0, "quadruple": 3.0}
HONEST = "an-honest-student"
LIMITS = Limits(cell_seconds=5, call_seconds=2, submission_seconds=30, memory_bytes=1 << 29)


def submission(released: bytes, *, stub: bool) -> str:
    answers, _ = read_answers(SCENARIOS / "right.py")
    mangling = Mangling(stub="all" if stub else ())
    return handed_in(released, Scenario("x", answers, (), mangling, Expected("x", "right", 0.0))).decode()


def fuzzed(released: bytes, number: int) -> bytes:
    """Return a broken notebook; every fourth is made from the notebook as it was handed out."""
    return mangle(submission(released, stub=number % 4 == 0), random.Random(f"torn {number}"))


class Fuzzed:
    """A class of one honest student and many broken notebooks, graded once."""

    def __init__(self, root, count):
        self.directory = ClassDirectory.create(root)
        source = self.directory.assignment("source", ASSIGNMENT)
        source.mkdir(parents=True)
        shutil.copy(SCENARIOS / "assignment" / f"{ASSIGNMENT}.ipynb", source)
        own = self.directory.extra_checks / ASSIGNMENT
        shutil.copytree(SCENARIOS / "assignment" / "checks", own)
        release_assignment(self.directory, ASSIGNMENT)
        released = (self.directory.assignment("release", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_bytes()
        self.files = {f"fuzz-{number:03d}": fuzzed(released, number) for number in range(count)}
        self.files[HONEST] = submission(released, stub=False).encode()
        for student, data in self.files.items():
            folder = self.directory.assignment("submitted", ASSIGNMENT, student)
            folder.mkdir(parents=True)
            (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)
        graded = grade_class(self.directory, ASSIGNMENT, options=GradingOptions(workers=2, limits=LIMITS))
        assert graded.refused == ()
        self.results = {result.student: result for result in graded.results}


@pytest.fixture(
    scope="module", params=[pytest.param(24, id="a-few"), pytest.param(200, id="all", marks=pytest.mark.slow)]
)
def fuzz(request, tmp_path_factory) -> Fuzzed:
    return Fuzzed(tmp_path_factory.mktemp("fuzzed") / "class", request.param)


def test_every_file_gets_a_verdict_with_a_reason(fuzz):
    assert fuzz.results.keys() == fuzz.files.keys()
    for student, result in fuzz.results.items():
        assert result.status in ("graded", "unreadable"), (student, result.reason)
        assert bool(result.reason) == (result.status == "unreadable"), student
        assert {check.name: check.max_points for check in result.checks} == MAXIMA
        for check in result.checks:
            assert 0 <= check.points <= check.max_points, (student, check)
            assert check.message, (student, check)
            assert check.status in ("passed", "failed"), (student, check)


def test_a_broken_notebook_without_answers_earns_nothing(fuzz):
    for number, student in enumerate(sorted(set(fuzz.files) - {HONEST})):
        if number % 4 == 0:
            assert fuzz.results[student].score == 0, student


def test_the_honest_student_is_not_harmed(fuzz):
    assert fuzz.results[HONEST].score == sum(MAXIMA.values())


def test_the_fuzzing_reaches_both_kinds_of_verdict_and_partial_scores(fuzz):
    assert {result.status for result in fuzz.results.values()} == {"graded", "unreadable"}
    assert len({result.score for result in fuzz.results.values()}) > 2


def test_gradebook_notebooks_and_feedback_are_written_for_all(fuzz):
    with Gradebook(fuzz.directory.db_url) as gradebook:
        scores = {item.student.id: item.score for item in gradebook.assignment_submissions(ASSIGNMENT)}
    assert scores == {student: result.score for student, result in fuzz.results.items()}
    for student in fuzz.files:
        graded = fuzz.directory.assignment("autograded", ASSIGNMENT, student) / f"{ASSIGNMENT}.ipynb"
        ids = [
            cell["metadata"]["nbgrader"]["grade_id"]
            for cell in json.loads(graded.read_text())["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade")
        ]
        assert sorted(ids) == sorted(f"check_{name}" for name in MAXIMA), student
    some = sorted(fuzz.files)[:8]
    assert len(write_feedback(fuzz.directory, ASSIGNMENT, some)) == len(some)

"""The attack corpus, graded by the real engine, checker and sandbox: no attack gets anything, and nobody else
loses anything.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from attack_runs import ATTACKS, NOBODY, QUICK, SLOW, grade_attacks
from attacked_class import active_content, leaks, undeserved
from world import descendants

from grading.results import CheckResult, NotebookResult

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
# Layers that a kernel may lack without an attack of the corpus succeeding; everything else must hold.
MAY_BE_MISSING = {"uid"}


class Runs:
    """Grades a set of attacks the first time that somebody asks for it."""

    SETS = {
        "quick": (QUICK, os.geteuid()),
        "slow": (SLOW, os.geteuid()),
        "ordinary user": (QUICK + SLOW, NOBODY),
        "uids": (QUICK, 0),
    }

    def __init__(self):
        self._reports: dict[str, dict | Exception] = {}

    def __call__(self, name: str) -> dict:
        if name not in self._reports:
            names, uid = self.SETS[name]
            try:
                self._reports[name] = grade_attacks(
                    names, uid=uid, seconds=550, all_pages=name != "quick", readable=name == "uids"
                )
            except (AssertionError, OSError, ValueError, subprocess.SubprocessError) as problem:
                self._reports[name] = problem
        if isinstance(self._reports[name], Exception):
            pytest.fail(f"the class was not graded: {self._reports[name]}"[-2000:], pytrace=False)
        return self._reports[name]


@pytest.fixture(scope="module")
def runs() -> Callable[[str], dict]:
    return Runs()


only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
SETS = [
    pytest.param("quick"),
    pytest.param("slow", marks=pytest.mark.slow),
    pytest.param("ordinary user", marks=[pytest.mark.slow, only_root]),
    pytest.param("uids", marks=[pytest.mark.slow, only_root]),
]


def attacks_by_set() -> list:
    quick = [pytest.param("quick", name, id=name) for name in QUICK]
    slow = [pytest.param("slow", name, id=name, marks=pytest.mark.slow) for name in SLOW]
    marks = [pytest.mark.slow, only_root]
    others = [pytest.param("ordinary user", name, id=f"{name}-by-user", marks=marks) for name in QUICK + SLOW]
    uids = [pytest.param("uids", name, id=f"{name}-by-root-with-uids", marks=marks) for name in QUICK]
    return quick + slow + others + uids


def test_the_corpus_is_as_large_as_it_should_be_and_every_attack_is_aimed_at_something():
    assert len(ATTACKS) >= 160
    for scenario in ATTACKS:
        assert scenario.expected.kind == "hostile"
        assert {check.points for check in scenario.expected.checks.values()} <= {0}, scenario.name
        assert scenario.expected.checks or scenario.expected.refused, scenario.name


@pytest.mark.parametrize(("which", "name"), attacks_by_set())
def test_an_attack_gets_nothing(runs, which, name):
    assert runs(which)["attacks"][name]["found"] == []


@pytest.mark.parametrize("which", SETS)
class TestEverybodyElse:
    def test_honest_students_are_graded_as_without_attacks(self, runs, which):
        assert runs(which)["honest"] == []

    def test_nothing_outside_the_scratch_directories_was_changed(self, runs, which):
        assert runs(which)["changed"] == []

    def test_no_process_ipc_object_socket_or_file_is_left(self, runs, which):
        assert runs(which)["left"] == []

    def test_the_gradebook_holds_the_scores_and_nothing_else(self, runs, which):
        assert runs(which)["gradebook"] == []

    def test_the_class_report_shows_no_secret_and_runs_nothing(self, runs, which):
        assert runs(which)["report"] == []

    def test_the_sandbox_had_its_walls(self, runs, which):
        layers = runs(which)["isolation"]
        assert {name for name, state in layers.items() if state != "held"} <= MAY_BE_MISSING
        assert {"seccomp", "landlock", "resource limits", "checker"} <= set(layers)
        assert which != "uids" or layers["uid"] == "held"


def test_a_gain_is_found_and_a_loss_is_not():
    scenario = next(scenario for scenario in ATTACKS if scenario.name == "deep-tree")

    def graded(points):
        checks = (CheckResult("add", "failed", points, 3.0, ""), CheckResult("other", "passed", 4.0, 4.0, ""))
        return NotebookResult("toy", "deep-tree", points + 4.0, 7.0, checks)

    assert undeserved(scenario, graded(0.0), "nothing") == []
    assert undeserved(scenario, graded(1.0), "nothing") == ["add: 1 points, at most 0 are due"]
    assert "got through" in undeserved(scenario, graded(0.0), "GOT THROUGH")[0]


def test_a_report_finds_what_it_looks_for():
    assert leaks({"page": "a CANARY-x b"}, {"secret": "CANARY-x"}) == ["secret is in page"]
    assert leaks({"page": "nothing"}, {"secret": "CANARY-x"}) == []


def test_active_content_is_found_in_notebooks_and_pages(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<script>x</script>")
    assert len(active_content([page])) == 2
    notebook = tmp_path / "x.ipynb"
    output = {"data": {"text/html": "<img onerror=x>", "image/svg+xml": "<svg/>"}}
    cell = {"cell_type": "code", "source": "", "outputs": [output]}
    notebook.write_text(json.dumps({"metadata": {"widgets": {}}, "cells": [cell]}))
    assert len(active_content([notebook])) == 3


def test_a_process_that_stays_is_found():
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert any("sleep" in line for line in descendants(os.getpid()))
    finally:
        child.kill()
        child.wait()
    assert not any("sleep" in line for line in descendants(os.getpid()))

"""The demonstration from nothing to the report, with two students."""

import dataclasses
import io

import pytest
from rich.console import Console

from grading.demo import run
from grading.demo.classroom import scenario_folder
from grading.demo.scenario_files import read_scenarios

STUDENTS = ("pool-backward-assigns", "right-im2col")
TWO = [scenario for scenario in read_scenarios(scenario_folder(run.ASSIGNMENT)) if scenario.name in STUDENTS]


@pytest.fixture
def console():
    return Console(record=True, width=100, file=io.StringIO())


def test_the_class_is_graded_and_the_paths_are_printed(monkeypatch, tmp_path, console):
    monkeypatch.setattr(run, "read_scenarios", lambda folder: TWO)
    root = run.run_demo(tmp_path / "demo", console)
    printed = console.export_text()
    assert "pool-backward-assigns   96 / 100  max_pool2d_backward: pool-backward-assigns" in printed
    assert "right-im2col           100 / 100  all right" in printed
    assert "All 2 submissions were graded as expected." in printed
    for path in (
        root / "reports" / "convolution.html",
        root / "feedback" / "pool-backward-assigns" / "convolution" / "convolution.html",
        root / "gradebook.db",
    ):
        assert path.is_file()
        assert str(path) in printed


def test_an_outcome_that_is_not_as_expected_fails_loudly(monkeypatch, tmp_path, console):
    optimist = dataclasses.replace(TWO[0], expected=TWO[1].expected)
    monkeypatch.setattr(run, "read_scenarios", lambda folder: [optimist])
    with pytest.raises(run.UnexpectedOutcome, match="1 of 1 submissions"):
        run.run_demo(tmp_path / "demo", console)
    printed = " ".join(console.export_text().split())
    assert "not as expected: pool-backward-assigns" in printed
    assert "the score is 96; expected 100" in printed

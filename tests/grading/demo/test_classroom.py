"""Where the demonstration's class goes, and what it never replaces."""

import json
from pathlib import Path

import pytest

import grading
from grading.demo import classroom
from grading.demo.classroom import DemoUnavailable, default_place, hand_in, make_class, scenario_folder
from grading.demo.scenario import Expected, Mangling, Scenario
from grading.engine import ClassDirectory, ClassDirectoryError


def test_an_earlier_demonstration_is_replaced_whole(tmp_path):
    first = make_class(tmp_path / "demo")
    (first.root / "submitted" / "someone").mkdir()
    key = first.key()
    second = make_class(tmp_path / "demo")
    assert list((second.root / "submitted").iterdir()) == []
    assert second.key() != key


def test_anything_else_stays_as_it_is(tmp_path):
    real = ClassDirectory.create(tmp_path / "real")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("years of work")
    for place in (real.root, tmp_path / "papers"):
        before = sorted(place.rglob("*"))
        with pytest.raises(DemoUnavailable, match=str(place)):
            make_class(place)
        assert sorted(place.rglob("*")) == before


def test_an_empty_directory_is_taken(tmp_path):
    assert make_class(tmp_path).root == tmp_path


def test_never_inside_the_repository():
    with pytest.raises(ClassDirectoryError, match="inside the course's repository"):
        make_class(Path(grading.__file__).parent / "demo-class")


def test_the_default_place_is_in_the_home_and_without_one_in_a_temporary_directory(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_place() == tmp_path / "course-demo"
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    monkeypatch.setattr(classroom.tempfile, "tempdir", str(tmp_path))
    assert default_place().parent == tmp_path
    assert default_place().name.startswith("course-demo-")


def test_an_installation_without_a_clone_says_where_the_scenarios_are(monkeypatch, tmp_path):
    assert (scenario_folder("convolution") / "right.py").is_file()
    monkeypatch.setattr(grading, "__file__", str(tmp_path / "site-packages" / "grading" / "__init__.py"))
    with pytest.raises(DemoUnavailable, match="clone of the course: run `make demo`"):
        scenario_folder("convolution")


def test_scenarios_are_laid_in_as_nbgrader_collects(tmp_path):
    directory = ClassDirectory.create(tmp_path / "class")
    released = directory.assignment("release", "convolution")
    released.mkdir(parents=True)
    (released / "convolution.ipynb").write_text(json.dumps({"cells": [], "metadata": {}}))
    hand_in(directory, "convolution", [Scenario("someone", {}, (), Mangling(), Expected("t", "right", 0))])
    folder = directory.root / "submitted" / "someone" / "convolution"
    assert sorted(path.name for path in folder.iterdir()) == ["convolution.ipynb", "timestamp.txt"]
    assert json.loads((folder / "convolution.ipynb").read_text()) == {"cells": [], "metadata": {}}
    assert (folder / "timestamp.txt").read_text().endswith(" UTC\n")

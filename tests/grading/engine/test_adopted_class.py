"""A class directory that stock nbgrader made is taken over as it is."""

import json
import shutil

import pytest
from fake_checker import FAKE_CHECKER
from stock_courses import StockCourse, nbgrader_in
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.coordinator import GradingOptions, grade_class


@pytest.fixture(scope="module")
def made_by_nbgrader(released_template, tmp_path_factory):
    course = StockCourse(tmp_path_factory.mktemp("stock") / "course")
    course.source("sums", {"sums.ipynb": released_template / "source" / "sums" / "sums.ipynb"})
    course.hand_in("ada", "sums", {"sums.ipynb": course.released("sums", "sums")})
    return course.root


@pytest.fixture
def stock(made_by_nbgrader, tmp_path):
    return shutil.copytree(made_by_nbgrader, tmp_path / "class")


def test_a_stock_class_is_graded_after_it_was_taken_over(stock):
    with pytest.raises(ClassDirectoryError, match="course init --adopt"):
        ClassDirectory.open(stock)
    before = (stock / "nbgrader_config.py").read_text()
    done = CliRunner().invoke(grading.cli.app, ["init", str(stock), "--adopt"])
    assert done.exit_code == 0, done.output
    room = ClassDirectory.open(stock)
    graded = grade_class(room, "sums", options=GradingOptions(workers=1, command=FAKE_CHECKER))
    assert [(result.student, result.score) for result in graded.results] == [("ada", 5.5)]
    assert (room.memory / "nbgrader_config.py.before").read_text() == before
    assert room.key_path.stat().st_mode & 0o777 == 0o600


def test_taking_over_twice_changes_nothing(stock):
    first = ClassDirectory.adopt(stock)
    key, config = first.key(), (stock / "nbgrader_config.py").read_text()
    assert ClassDirectory.adopt(stock).key() == key
    assert (stock / "nbgrader_config.py").read_text() == config
    assert config.count("hand_over()") == 1


def test_stock_autograde_no_longer_executes_anything_itself(stock):
    """The configuration that was added must win over what stood before it."""
    marker = stock / "executed"
    notebook = json.loads((stock / "submitted" / "ada" / "sums" / "sums.ipynb").read_text())
    notebook["cells"][2]["source"] = f"open({str(marker)!r}, 'w')"
    (stock / "submitted" / "ada" / "sums" / "sums.ipynb").write_text(json.dumps(notebook))
    ClassDirectory.adopt(stock)
    config = stock / "nbgrader_config.py"
    config.write_text(config.read_text().replace("import hand_over", "import no_such_name"))
    run = nbgrader_in(stock, "autograde", "sums", expect=1)
    assert "nothing was executed" in run.stderr
    assert not marker.exists()


@pytest.mark.parametrize("name", ["submitted_directory", "directory_structure"])
def test_another_layout_is_refused_with_the_name_of_the_setting(stock, name):
    config = stock / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.CourseDirectory.{name} = 'elsewhere'\n")
    with pytest.raises(ClassDirectoryError, match=name):
        ClassDirectory.adopt(stock)
    assert not (stock / ".course").exists()


def test_a_commented_setting_is_none(stock):
    config = stock / "nbgrader_config.py"
    config.write_text(config.read_text() + "# c.CourseDirectory.submitted_directory = 'submitted'\n")
    assert ClassDirectory.adopt(stock).root == stock


def test_what_is_no_class_directory_is_said(tmp_path):
    with pytest.raises(ClassDirectoryError, match=r"no nbgrader_config\.py"):
        ClassDirectory.adopt(tmp_path)

"""A class directory is made where it may be, with a key that nobody else reads."""

import subprocess
import sys
from pathlib import Path

import pytest

import grading
from grading.engine.class_directory import ClassDirectory, ClassDirectoryError

REPOSITORY = Path(grading.__file__).resolve().parents[1]


def test_has_nbgraders_layout_and_a_private_key(tmp_path):
    made = ClassDirectory.create(tmp_path / "class")
    for step in ("source", "release", "submitted", "autograded", "feedback"):
        assert (made.root / step).is_dir()
    assert made.key_path.stat().st_mode & 0o777 == 0o600
    assert len(made.key()) == 32
    assert ClassDirectory.open(made.root) == made


def test_two_classes_have_two_keys(tmp_path):
    assert ClassDirectory.create(tmp_path / "a").key() != ClassDirectory.create(tmp_path / "b").key()


def test_refuses_the_repository_and_places_in_it():
    for place in (REPOSITORY, REPOSITORY / "my-class", REPOSITORY / "grading" / "deep" / "er"):
        with pytest.raises(ClassDirectoryError, match="inside the course's repository"):
            ClassDirectory.create(place)
    assert not (REPOSITORY / "my-class").exists()


def test_refuses_the_repository_through_a_link(tmp_path):
    (tmp_path / "link").symlink_to(REPOSITORY)
    with pytest.raises(ClassDirectoryError, match="inside the course's repository"):
        ClassDirectory.create(tmp_path / "link" / "my-class")


def test_refuses_a_place_that_is_taken(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    with pytest.raises(ClassDirectoryError, match="not empty"):
        ClassDirectory.create(tmp_path / "full")
    (tmp_path / "file").touch()
    with pytest.raises(ClassDirectoryError, match="is a file"):
        ClassDirectory.create(tmp_path / "file")
    made = ClassDirectory.create(tmp_path / "class")
    with pytest.raises(ClassDirectoryError, match="class directory already"):
        ClassDirectory.create(made.root)


def test_an_empty_directory_is_welcome(tmp_path):
    (tmp_path / "class").mkdir()
    assert ClassDirectory.create(tmp_path / "class").key()


def test_opening_something_else_says_how_to_make_one(tmp_path):
    with pytest.raises(ClassDirectoryError, match="course init"):
        ClassDirectory.open(tmp_path)


def test_a_lost_or_damaged_key_is_not_replaced_in_silence(tmp_path):
    made = ClassDirectory.create(tmp_path / "class")
    made.key_path.write_text("short")
    with pytest.raises(ClassDirectoryError, match="damaged"):
        made.key()
    made.key_path.unlink()
    with pytest.raises(ClassDirectoryError, match="class key"):
        ClassDirectory.open(made.root)


def test_checking_a_notebook_needs_no_nbgrader():
    script = (
        "import sys, grading.cli, grading.engine.single, grading.report.terminal; "
        "print(*(name for name in ('nbgrader', 'nbconvert', 'sqlalchemy', 'jinja2') if name in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""

"""A student who is removed leaves nothing behind in the class but a copy aside; nobody else is touched."""

import os

import pytest
from nbgrader.api import Gradebook, MissingEntry
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectoryError
from grading.engine.due_dates import extend, set_due_date
from grading.engine.extensions import extensions, read_moment
from grading.engine.feedback import write_feedback
from grading.engine.roster import Person, class_roster, save_roster
from grading.engine.student_removal import remove_student, traces_of


@pytest.fixture
def graded(classroom):
    room = classroom.directory
    save_roster(room, [Person("ada", "Ada", "Lovelace"), Person("bob", "Bob", 'B. "Bobby"')])
    set_due_date(room, "sums", read_moment("2026-10-01 12:00+00:00"))
    for student in ("ada", "bob"):
        classroom.hand_in(student)
        extend(room, "sums", student, read_moment("2026-10-02 12:00+00:00"))
    classroom.grade()
    write_feedback(room, "sums")
    return classroom


def files_of(root, student):
    found = [path for path in root.rglob("*") if student in path.relative_to(root).parts]
    found += root.rglob(f"{student}.json")
    return [path for path in found if ".course/removed" not in path.as_posix()]


def known(room, student, database=None):
    with Gradebook(database or room.db_url) as gradebook:
        try:
            return gradebook.find_submission("sums", student).score
        except MissingEntry:
            return None


def test_nothing_of_the_student_stays_and_a_copy_is_kept(graded):
    room = graded.directory
    before = {path: path.read_bytes() for path in files_of(room.root, "bob") if path.is_file()}
    traces, kept = remove_student(room, "ada")
    assert files_of(room.root, "ada") == []
    assert known(room, "ada") is None
    assert [person.student_id for person in class_roster(room)] == ["bob"]
    assert list(extensions(room, "sums")) == ["bob"]
    assert traces.scores == {"sums": 5.5}
    assert {str(path) for path in traces.folders} == {
        "submitted/ada", "autograded/ada", "feedback/ada", ".course/results/sums/ada.json",
    }  # fmt: skip
    assert known(room, "ada", f"sqlite:///{kept / 'gradebook.db'}") == 5.5
    assert (kept / "submitted" / "ada" / "sums" / "sums.ipynb").is_file()
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path: path.read_bytes() for path in before} == before
    assert known(room, "bob") == 5.5
    assert class_roster(room)[0].last_name == 'B. "Bobby"'
    assert graded.grade().fresh == 0


def test_a_removal_that_was_interrupted_is_finished_by_the_next(graded, monkeypatch):
    room = graded.directory
    rename, done = os.rename, []

    def stops(source, target):
        if done:
            raise OSError("the power went")
        done.append(source)
        rename(source, target)

    monkeypatch.setattr(os, "rename", stops)
    with pytest.raises(OSError, match="power"):
        remove_student(room, "ada")
    monkeypatch.undo()
    remove_student(room, "ada")
    assert files_of(room.root, "ada") == []
    assert not traces_of(room, "ada")


def test_without_a_backup_nothing_is_removed(graded):
    room = graded.directory
    (room.memory / "backups").write_text("in the way")
    with pytest.raises(OSError, match="backups"):
        remove_student(room, "ada")
    assert known(room, "ada") == 5.5
    assert files_of(room.root, "ada")


def test_a_link_is_moved_and_not_followed(graded, tmp_path):
    room = graded.directory
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("kept")
    (room.root / "submitted" / "eve").symlink_to(tmp_path / "elsewhere")
    _, kept = remove_student(room, "eve")
    assert (kept / "submitted" / "eve").is_symlink()
    assert (tmp_path / "elsewhere" / "precious").read_text() == "kept"


@pytest.mark.parametrize("name", ["nobody", "..", "../ada", "a/b", ""])
def test_who_is_no_student_is_not_removed(graded, name):
    with pytest.raises(ClassDirectoryError, match="no student|holds nothing"):
        remove_student(graded.directory, name)
    assert known(graded.directory, "ada") == 5.5


def test_the_command_asks_first(graded):
    run, where = CliRunner().invoke, ["--dir", str(graded.directory.root)]
    asked = run(grading.cli.app, ["remove", "ada", *where], input="n\n")
    assert asked.exit_code == 0
    assert "a score of 5.5 in sums" in asked.output
    assert known(graded.directory, "ada") == 5.5
    done = run(grading.cli.app, ["remove", "ada", "--yes", *where])
    assert done.exit_code == 0, done.output
    assert "removed  submitted/ada" in done.output
    assert run(grading.cli.app, ["remove", "ada", "--yes", *where]).exit_code == 2

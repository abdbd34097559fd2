"""A forced regrade keeps the gradebook as it was, and says and stores what changed for whom."""

import json

import pytest
from nbgrader.api import Gradebook

from grading.engine.class_directory import ClassDirectoryError
from grading.engine.regrade import back_up_gradebook, stored_regrades


def auto_scores(path):
    with Gradebook(f"sqlite:///{path}") as gradebook:
        return {
            (grade.notebook.student.id, grade.name): grade.auto_score
            for item in gradebook.assignment_submissions("sums")
            for notebook in item.notebooks
            for grade in notebook.grades
        }


def stored(classroom):
    [path] = (classroom.directory.memory / "regrades" / "sums").glob("*.json")
    return json.loads(path.read_text())["changes"]


def test_what_changed_is_told_and_stored_and_the_old_gradebook_kept(classroom):
    classroom.hand_in("ada", "half")
    classroom.hand_in("bob")
    classroom.grade()
    classroom.hand_in("ada")
    graded = classroom.grade(force=True)
    [change] = graded.changes
    assert (change.student, change.before, change.after) == ("ada", 2.75, 5.5)
    assert change.checks == {"check_add": [1.5, 3.0], "check_twice": [1.25, 2.5]}
    [regrade] = stored_regrades(classroom.directory, "sums")
    assert regrade.changes == graded.changes
    assert stored(classroom) == [
        {
            "student": "ada", "notebook": "sums", "before": 2.75, "after": 5.5,
            "checks": {"check_add": [1.5, 3.0], "check_twice": [1.25, 2.5]},
        }
    ]  # fmt: skip
    assert auto_scores(graded.backup)["ada", "check_add"] == 1.5
    assert auto_scores(classroom.directory.root / "gradebook.db")["ada", "check_add"] == 3.0
    assert graded.backup.stat().st_mode & 0o777 == 0o600


def test_a_regrade_of_the_same_changes_nothing(classroom):
    classroom.hand_in("ada", "half")
    classroom.grade()
    assert classroom.grade(force=True).changes == ()
    assert stored(classroom) == []


def test_a_usual_run_makes_no_backup(classroom):
    classroom.hand_in("ada")
    graded = classroom.grade()
    assert graded.backup is None
    assert not (classroom.directory.memory / "backups").exists()


def test_without_a_backup_nothing_is_graded_again(classroom):
    classroom.hand_in("ada", "half")
    classroom.grade()
    classroom.hand_in("ada")
    (classroom.directory.memory / "backups").write_text("in the way")
    with pytest.raises(OSError, match="backups"):
        classroom.grade(force=True)
    assert auto_scores(classroom.directory.root / "gradebook.db")["ada", "check_add"] == 1.5


def test_a_damaged_gradebook_is_not_taken_for_a_backup(classroom):
    (classroom.directory.root / "gradebook.db").write_bytes(b"not a database" * 100)
    with pytest.raises(ClassDirectoryError, match="nothing is graded again"):
        back_up_gradebook(classroom.directory)
    assert list((classroom.directory.memory / "backups").iterdir()) == []


def test_regrades_are_told_latest_first_and_a_damaged_one_is_named(classroom):
    classroom.hand_in("ada")
    classroom.grade()
    assert stored_regrades(classroom.directory, "sums") == []
    classroom.grade(force=True)
    classroom.grade(force=True)
    first, second = stored_regrades(classroom.directory, "sums")
    assert first.at > second.at
    assert (first.changes, second.changes) == ((), ())
    (classroom.directory.memory / "regrades" / "sums" / "notes.json").write_text("{}")
    with pytest.raises(ClassDirectoryError, match="notes.json cannot be read.*move it away"):
        stored_regrades(classroom.directory, "sums")

"""A class is graded whole: one sick submission costs itself, a second run costs nothing."""

import json
import os

import pytest
from fake_checker import FAKE_CHECKER
from nbgrader.api import Gradebook

from grading.engine.checker_process import CheckerUnavailable
from grading.engine.class_directory import ClassDirectoryError
from grading.engine.class_lock import only_one_at_work
from grading.engine.gradebook import GradebookError
from grading.engine.master import MasterError
from grading.results import NotebookResult


def scores(graded):
    return {result.student: result.score for result in graded.results}


def recorded(classroom, student):
    with Gradebook(classroom.directory.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook("sums", "sums", student)
        return {
            grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for grade in notebook.grades
        }


def test_every_sick_submission_costs_only_itself(classroom):
    for behaviour in (
        "die",
        "garbage",
        "nan",
        "other",
        "nonsense",
        "over",
        "negative",
        "text",
        "true",
        "forgets",
        "twice",
    ):
        classroom.hand_in(behaviour, behaviour)
    for student in ("ada", "bob", "eve"):
        classroom.hand_in(student)
    graded = classroom.grade()
    assert {student: scores(graded)[student] for student in ("ada", "bob", "eve")} == dict.fromkeys(
        ("ada", "bob", "eve"), 5.5
    )
    by_student = {result.student: result for result in graded.results}
    for student in ("die", "garbage", "nan", "other", "nonsense"):
        assert (by_student[student].status, by_student[student].score) == ("error", 0.0)
    for student in ("over", "negative", "text", "true"):
        assert by_student[student].score == 0.0
        assert {check.status for check in by_student[student].checks} == {"error"}
    assert by_student["forgets"].score == 3.0
    assert by_student["twice"].score == 2.5
    assert "the checker met its end" in by_student["die"].reason
    assert {result.student for result in graded.grader_errors} == set(by_student) - {"ada", "bob", "eve"}
    assert recorded(classroom, "die") == {"check_add": (0.0, None, True), "check_twice": (0.0, None, True)}


def test_a_submission_that_hangs_is_stopped_and_the_others_are_graded(classroom, monkeypatch):
    monkeypatch.setattr("grading.engine.job._GRACE_SECONDS", 0.5)
    classroom.hand_in("ada")
    classroom.hand_in("sloth", "hang")
    classroom.hand_in("zoe")
    graded = classroom.grade(workers=1, seconds=4.0)
    assert scores(graded) == {"ada": 5.5, "sloth": 0.0, "zoe": 5.5}
    assert "longer than 4.5 s" in graded.results[1].reason


def test_no_process_is_left_behind(classroom):
    before = children()
    classroom.hand_in("ada")
    classroom.hand_in("garbage", "garbage")
    classroom.grade()
    assert children() <= before


def children():
    return {entry for entry in os.listdir("/proc") if entry.isdigit() and parent_of(entry) == os.getpid()}


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return int(stream.read().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return -1


def test_scores_are_in_the_gradebook_the_notebook_and_the_result(classroom):
    classroom.hand_in("ada", "half")
    [result] = classroom.grade().results
    assert result.score == 2.75
    assert recorded(classroom, "ada") == {"check_add": (1.5, None, False), "check_twice": (1.25, None, False)}
    outputs = [
        cell["outputs"][0]
        for cell in classroom.graded("ada")["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    ]
    assert [output["data"]["text/plain"] for output in outputs] == ["1.5", "1.25"]
    stored = json.loads(classroom.directory.result_path("sums", "ada").read_text())
    assert NotebookResult.from_dict(stored) == result
    assert classroom.directory.results("sums") == [result]


def test_a_second_run_does_nothing_and_changes_nothing(classroom):
    for student in ("ada", "bob"):
        classroom.hand_in(student, "half")
    first = classroom.grade()
    before = {path: path.stat().st_mtime_ns for path in classroom.directory.root.rglob("*") if path.is_file()}
    second = classroom.grade(command=("/nonexistent/checker",))
    assert (first.fresh, second.fresh) == (2, 0)
    assert second.results == first.results
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_only_what_changed_is_graded_again(classroom):
    for student in ("ada", "bob", "eve"):
        classroom.hand_in(student, "half")
    classroom.grade()
    classroom.hand_in("bob")
    graded = classroom.grade()
    assert graded.fresh == 1
    assert scores(graded) == {"ada": 2.75, "bob": 5.5, "eve": 2.75}
    assert recorded(classroom, "bob")["check_add"][0] == 3.0


def test_force_grades_again_and_comes_to_the_same(classroom):
    classroom.hand_in("ada", "half")
    first, second = classroom.grade(), classroom.grade(force=True)
    assert second.fresh == 1
    assert (second.results[0].score, second.results[0].seed) == (
        first.results[0].score,
        first.results[0].seed,
    )


@pytest.mark.parametrize("lost", ["autograded", "gradebook", "result"])
def test_what_was_lost_is_written_again(classroom, lost):
    classroom.hand_in("ada")
    classroom.grade()
    if lost == "autograded":
        (classroom.directory.assignment("autograded", "sums", "ada") / "sums.ipynb").unlink()
    elif lost == "result":
        classroom.directory.result_path("sums", "ada").write_text("{ half")
    else:
        with Gradebook(classroom.directory.db_url) as gradebook:
            gradebook.remove_submission("sums", "ada")
    assert classroom.grade().fresh == 1
    assert recorded(classroom, "ada")["check_add"][0] == 3.0


def test_seeds_depend_on_the_bytes_and_on_the_class(classroom):
    classroom.hand_in("ada")
    classroom.hand_in("twin")
    classroom.hand_in("other", answers=("return b + a", "return a * 2"))
    seeds = {result.student: result.seed for result in classroom.grade().results}
    assert seeds["ada"] == seeds["twin"] != seeds["other"]


def test_a_manual_score_survives_a_regrade(classroom):
    classroom.hand_in("ada", "half")
    classroom.grade()
    with Gradebook(classroom.directory.db_url) as gradebook:
        gradebook.find_grade("check_add", "sums", "sums", "ada").manual_score = 2.75
        gradebook.db.commit()
    classroom.grade(force=True)
    assert recorded(classroom, "ada")["check_add"] == (1.5, 2.75, True)


def test_what_is_no_file_is_unreadable_and_the_rest_goes_on(classroom):
    (classroom.directory.root / "secret.ipynb").write_text(json.dumps(classroom.notebook()))
    link = classroom.directory.assignment("submitted", "sums", "link")
    link.mkdir(parents=True)
    (link / "sums.ipynb").symlink_to(classroom.directory.root / "secret.ipynb")
    fifo = classroom.directory.assignment("submitted", "sums", "fifo")
    fifo.mkdir(parents=True)
    os.mkfifo(fifo / "sums.ipynb")
    huge = classroom.hand_in("huge")
    with (huge / "sums.ipynb").open("wb") as stream:
        stream.truncate(100_000_000)
    classroom.directory.assignment("submitted", "sums", "nothing").mkdir(parents=True)
    classroom.hand_in("not-json", raw=b"{")
    classroom.hand_in("ada")
    graded = classroom.grade()
    assert scores(graded) == dict.fromkeys(("fifo", "huge", "link", "not-json", "nothing"), 0.0) | {
        "ada": 5.5
    }
    statuses = {result.student: result.status for result in graded.results}
    assert statuses.pop("ada") == "graded"
    assert set(statuses.values()) == {"unreadable"}
    assert recorded(classroom, "link")["check_add"] == (0.0, None, False)
    assert "BEHAVE" not in json.dumps(classroom.graded("link"))


def test_odd_names_are_graded_or_reported_and_never_paths(classroom):
    submitted = classroom.directory.root / "submitted"
    for name in ("Zoë Müller", "o'neil; rm -rf", "$(touch x)", "-force", "a[b]*?", "<b>bold", "日本"):
        classroom.hand_in(name)
    for bad in ("new\nline", " blank", "bell\x07", "x" * 200):
        classroom.hand_in(bad)
    (submitted / "linked").symlink_to(submitted / "日本")
    (submitted / "README.txt").write_text("not a student")
    os.makedirs(os.path.join(os.fsencode(submitted), b"caf\xe9", b"sums"))
    graded = classroom.grade()
    assert set(scores(graded).values()) == {5.5}
    assert len(graded.results) == 7
    assert len(graded.refused) == 6
    assert all(item.name.isprintable() and item.name.isascii() for item in graded.refused)


def test_a_checker_that_cannot_start_stops_the_run_and_says_why(classroom, tmp_path):
    classroom.hand_in("ada")
    with pytest.raises(CheckerUnavailable, match="cannot be executed"):
        classroom.grade(command=("/nonexistent/checker",))
    with pytest.raises(CheckerUnavailable, match="does not start"):
        classroom.grade(command=("/bin/false",))


def test_a_checker_that_ends_while_it_starts_is_started_once_more(classroom, tmp_path):
    classroom.hand_in("ada")
    script = f'[ -e {tmp_path}/begun ] && exec "$@"; touch {tmp_path}/begun; exit 1'
    graded = classroom.grade(command=("/bin/sh", "-c", script, "sh", *FAKE_CHECKER), workers=1)
    assert scores(graded) == {"ada": 5.5}


def test_the_reason_of_an_unusable_check_is_shown(classroom):
    classroom.hand_in("ada")
    with pytest.raises(CheckerUnavailable, match="syntax error"):
        classroom.grade(command=(*FAKE_CHECKER, "unusable"))
    assert not classroom.directory.result_path("sums", "ada").exists()


def test_only_the_named_students_are_graded(classroom):
    for student in ("ada", "bob"):
        classroom.hand_in(student)
    assert scores(classroom.grade(students=["bob"])) == {"bob": 5.5}
    with pytest.raises(LookupError, match="mallory handed in nothing"):
        classroom.grade(students=["mallory"])


def test_progress_is_told_after_every_submission(classroom):
    for student in ("ada", "bob", "eve"):
        classroom.hand_in(student)
    told = []
    classroom.grade(on_progress=told.append)
    assert [(item.done, item.total, item.fresh) for item in told] == [
        (1, 3, True),
        (2, 3, True),
        (3, 3, True),
    ]
    told.clear()
    classroom.grade(on_progress=told.append)
    assert [item.fresh for item in told] == [False] * 3


def test_a_source_changed_after_its_release_is_not_graded_against(classroom):
    classroom.hand_in("ada")
    source = classroom.directory.assignment("source", "sums") / "sums.ipynb"
    source.write_text(source.read_text().replace('"points": 3', '"points": 30'))
    with pytest.raises(MasterError, match=r"check_add.*course release sums"):
        classroom.grade()


def test_an_unreleased_assignment_says_what_to_do(classroom):
    with pytest.raises((ClassDirectoryError, GradebookError), match="course release fractions"):
        from grading.engine.coordinator import grade_class

        grade_class(classroom.directory, "fractions")


@pytest.mark.slow
def test_a_locked_gradebook_is_waited_for_and_said_so(classroom):
    import sqlite3

    classroom.hand_in("ada")
    holder = sqlite3.connect(
        classroom.directory.root / "gradebook.db", isolation_level=None, check_same_thread=False
    )
    holder.execute("BEGIN EXCLUSIVE")
    told = []

    def release(text):
        told.append(text)
        holder.execute("ROLLBACK")

    assert scores(classroom.grade(notify=release)) == {"ada": 5.5}
    assert len(told) == 1
    assert "locked" in told[0]
    holder.close()
    assert recorded(classroom, "ada")["check_add"][0] == 3.0


def test_two_runs_at_once_are_refused(classroom):
    classroom.hand_in("ada")
    with (
        only_one_at_work(classroom.directory),
        pytest.raises(ClassDirectoryError, match="another `course` command works"),
    ):
        classroom.grade()
    assert scores(classroom.grade()) == {"ada": 5.5}

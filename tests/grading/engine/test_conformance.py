"""Any nbgrader class: graded by stock `nbgrader autograde` and by the engine, the gradebook is the same.

Everything that automatic grading writes is compared: scores and maximal scores of cells and notebooks, what
waits for the instructor, comments, lateness and penalties. The first notebooks are nbgrader's own, from the
tests and the user guide that its wheel carries.
"""

import shutil

import pytest
from stock_courses import FILES, USER_GUIDE, StockCourse, differences, nbgrader_in, put
from stock_notebooks import answer, answered, check, marked, notebook, plain, without

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

STUDENTS = 30


@pytest.fixture
def course(tmp_path):
    return StockCourse(tmp_path / "course")


def assert_equal(course, assignment, students):
    stock, ours, graded = course.both_ways(assignment)
    assert {student for student, *_ in stock} == students
    assert differences(stock, ours) == {}
    assert not graded.refused
    return stock


def score(gradebook, student, notebook):
    return gradebook[student, notebook, "(notebook)"]["score"]


def test_its_assignment_with_honest_students_and_cheats(course):
    """Also: cells that were changed, a notebook that is missing, one that nobody asked for."""
    names = (
        "unchanged", "changed", "cheat-attempt", "cheat-attempt-alternative", "grade-cell-changed",
        "locked-cell-changed",
    )  # fmt: skip
    source = FILES / "submitted-unchanged.ipynb"
    course.source("ps1", {"p1.ipynb": source, "p2.ipynb": source})
    for name in names:
        course.hand_in(name, "ps1", {"p1.ipynb": FILES / f"submitted-{name}.ipynb", "p2.ipynb": source})
    changed = FILES / "submitted-changed.ipynb"
    course.hand_in("one-of-two", "ps1", {"p1.ipynb": changed})
    course.hand_in("one-too-many", "ps1", {f"{name}.ipynb": changed for name in ("p1", "p2", "p2 copy")})
    stock = assert_equal(course, "ps1", {*names, "one-of-two", "one-too-many"})
    assert (score(stock, "changed", "p1"), score(stock, "cheat-attempt", "p1")) == (2, 1)


@pytest.mark.parametrize(
    ("kind", "students"),
    [
        ("simple", ("unchanged", "changed")),
        ("hashed", ("unchanged", "changed")),
        ("multi", ("unchanged", "changed")),
        ("hidden", ("unchanged", "changed-wrong", "changed-right")),
    ],
)
def test_its_written_tests(course, kind, students):
    put(course.root / "autotests.yml", FILES / "autotests.yml")
    course.source("ps1", {"p1.ipynb": FILES / f"autotest-{kind}.ipynb"})
    for student in students:
        course.hand_in(student, "ps1", {"p1.ipynb": FILES / f"autotest-{kind}-{student}.ipynb"})
    stock = assert_equal(course, "ps1", set(students))
    assert score(stock, "unchanged", "p1") == 0
    assert score(stock, students[-1], "p1") > 0


def test_its_other_notebooks(course):
    """One notebook each: tasks, hidden tests, earlier formats, a file beside it, the environment …"""
    put(
        course.root / "nbgrader_config.py", "c = get_config()\nc.ClearSolutions.code_stub = {'python': '#'}\n"
    )
    earlier = ["test-v0", "test-v1", "test-v2"]
    names = [
        *earlier, "test", "test-hidden-tests", "timeout", "validating-environment-variable",
        "validation-zero-points", "open_relative_file", "side-effects",
    ]  # fmt: skip
    for name in names:
        put(course.root / "source" / "ps1" / f"{name}.ipynb", FILES / f"{name}.ipynb")
    nbgrader_in(course.root, "update", "source")
    course.source("ps1", {"data.txt": FILES / "data.txt", "jupyter.png": FILES / "jupyter.png"})
    source = course.root / "source" / "ps1"
    course.hand_in("stub", "ps1", {f"{name}.ipynb": course.released("ps1", name) for name in names})
    course.hand_in("model", "ps1", {f"{name}.ipynb": source / f"{name}.ipynb" for name in names})
    course.hand_in("printed", "ps1", {"test.ipynb": FILES / "test-with-output.ipynb"})
    stock = assert_equal(course, "ps1", {"stub", "model", "printed"})
    assert score(stock, "model", "test-v2") == 3
    assert score(stock, "stub", "open_relative_file") == 10


def test_the_course_of_its_quickstart(tmp_path):
    """The user guide's submissions, late, with a header for every notebook."""
    nbgrader_in(tmp_path, "quickstart", "course")
    made, course = tmp_path / "course", StockCourse(tmp_path / "late")
    shutil.copytree(made / "source", course.root / "source")
    config = (made / "nbgrader_config.py").read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    put(course.root / "nbgrader_config.py", config)
    course.source("ps1", {}, due="2015-02-02 15:00:00 UTC")
    shutil.copytree(USER_GUIDE / "submitted", course.root / "submitted")
    stock = assert_equal(course, "ps1", {"bitdiddle", "hacker"})
    penalties = {row["penalty"] for row in stock.values() if row and "penalty" in row}
    assert len(penalties) > 1


HELPER = "def tolerance():\n    return 1e-9\n"
PENALTY = """
from nbgrader.plugins import BasePlugin
class Tenth(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(score / 10, 3)
c.AssignLatePenalties.plugin_class = Tenth
"""


def own_assignment():
    partial = "got = 0.0\nif area(1) == 1: got += 0.5\nif area(3) == 9: got += 1\ngot"
    hidden = "assert area(2) == 4\n### BEGIN HIDDEN TESTS\nassert area(-2) == 4\n### END HIDDEN TESTS"
    data = "import helper\nassert abs(total() - 6) < helper.tolerance()"
    return notebook(
        plain("markdown", "# Areas"),
        marked("code", "import csv", "imports", locked=True),
        answer("def area(x):\n    return x ** 2", "area"),
        check(hidden, "test-hidden", 3),
        check(partial, "test-partial", 1.5),
        answer(
            "def total():\n    return sum(int(row[0]) for row in csv.reader(open('data/rows.csv')))", "total"
        ),
        check(data, "test-data"),
        marked("code", "# explain", "by-hand", solution=True, grade=True, points=4),
        marked("markdown", "Explain.", "in-words", solution=True, grade=True, points=2),
        marked("markdown", "Draw it.", "task", task=True, locked=True, points=5),
        plain("code", "area(2)"),
    )


def test_partial_credit_hidden_tests_manual_work_files_and_penalties(tmp_path):
    course = StockCourse(tmp_path / "course", PENALTY)
    files = {"areas.ipynb": own_assignment(), "data/rows.csv": "1\n2\n3\n", "helper.py": HELPER}
    course.source("areas", files, due="2026-10-01 12:00:00 UTC")
    stub = course.released("areas", "areas")
    right = {"area": "def area(x):\n    return x * x", "total": "def total():\n    return 6"}
    reads = "def total():\n    return sum(int(line) for line in open('data/rows.csv'))"
    own = "def total():\n    return sum(int(line) for line in open('mine.txt'))"
    students = {
        "stub": {"areas.ipynb": stub},
        "right": {"areas.ipynb": answered(stub, **right, by_hand="x = 1", in_words="Because.")},
        "partial": {"areas.ipynb": answered(stub, area="def area(x):\n    return abs(x)")},
        "visible-only": {"areas.ipynb": answered(stub, area="def area(x):\n    return 2 * x")},
        "reads": {"areas.ipynb": answered(stub, **right | {"total": reads})},
        "own-file": {"areas.ipynb": answered(stub, **right | {"total": own}), "mine.txt": "1\n5\n"},
        "other-data": {"areas.ipynb": answered(stub, total=reads), "data/rows.csv": "100\n"},
        "other-helper": {"areas.ipynb": answered(stub, total=own), "helper.py": "def tolerance(): return 9"},
        "late": {"areas.ipynb": answered(stub, **right), "timestamp.txt": "2026-10-02 12:00:00 UTC"},
    }  # fmt: skip
    for student, handed_in in students.items():
        course.hand_in(student, "areas", handed_in)
    stock = assert_equal(course, "areas", set(students))
    points = {student: score(stock, student, "areas") for student in students}
    assert (points["right"], points["partial"], points["visible-only"]) == (6.5, 0.5, 0)
    assert (points["reads"], points["own-file"], points["other-data"]) == (6.5, 6.5, 2)
    assert points["other-helper"] == 0
    assert stock["late", "areas", "(notebook)"]["penalty"] == 0.65


def test_many_students(course):
    """nbgrader's own suite skips this: it takes too long there."""
    course.source("ps1", {"p1.ipynb": FILES / "submitted-unchanged.ipynb"})
    students = {f"student{number:03d}" for number in range(STUDENTS)}
    for student in students:
        course.hand_in(student, "ps1", {"p1.ipynb": FILES / "submitted-changed.ipynb"})
    assert_equal(course, "ps1", students)


def test_missing_answers_are_worth_nothing_in_both(course):
    course.source("areas", {"areas.ipynb": own_assignment(), "data/rows.csv": "6\n", "helper.py": HELPER})
    stub = course.released("areas", "areas")
    course.hand_in("ada", "areas", {"areas.ipynb": without(stub, "area", "total")})
    stock = assert_equal(course, "areas", {"ada"})
    assert score(stock, "ada", "areas") == 0

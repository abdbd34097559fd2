"""Where the engine means to differ from stock nbgrader it does, as the documentation says."""

import re
from pathlib import Path

import pytest
from different_answers import DIFFERENCES, POINTS, WHOLE_NOTEBOOKS
from stock_courses import FILES, PREPROCESSOR_FILES, StockCourse
from stock_notebooks import answer, answered, check, notebook, without

from grading.engine.checker_process import Limits

DOCUMENT = Path(__file__).parents[3] / "docs" / "differences_from_nbgrader.md"
RIGHT = "def f(x):\n    return x"


def names(text):
    return text.replace("-", "_")


def test_the_documentation_lists_every_difference_once():
    listed = re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [*DIFFERENCES, *WHOLE_NOTEBOOKS]


@pytest.fixture(scope="module")
def single_questions(tmp_path_factory):
    """All questions in one notebook, answered by one student, graded both ways."""
    course = StockCourse(tmp_path_factory.mktemp("differences") / "course")
    cells, answers = [], {}
    for name, difference in DIFFERENCES.items():
        answers[f"answer_{names(name)}"] = difference.answer.replace("{name}", names(name))
        cells.append(answer(answers[f"answer_{names(name)}"], f"answer-{name}"))
        cells.append(check(difference.test.replace("{name}", names(name)), name, POINTS))
    course.source("ps1", {"p1.ipynb": notebook(*cells)})
    course.hand_in("ada", "ps1", {"p1.ipynb": answered(course.released("ps1", "p1"), **answers)})
    return course.both_ways("ps1")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_question_is_graded_as_the_table_says(single_questions, name):
    stock, ours, _ = single_questions
    found = [
        (book["ada", "p1", name]["auto"], book["ada", "p1", name]["needs_manual"]) for book in (stock, ours)
    ]
    assert found == [DIFFERENCES[name].stock, DIFFERENCES[name].ours]


def both(tmp_path, assignment_cells, handed_in, *, config="", **limits):
    """Grade one student both ways; stock may fail."""
    course = StockCourse(tmp_path / "course", config)
    course.source("ps1", {"p1.ipynb": notebook(*assignment_cells)})
    course.hand_in("ada", "ps1", {"p1.ipynb": handed_in(course.released("ps1", "p1"))})
    stock, ours, _ = course.both_ways("ps1", expect=None, limits=Limits(**limits))
    return (
        {key[2]: row["auto"] for key, row in book.items() if row and "auto" in row} for book in (stock, ours)
    )


TWO = (
    answer(RIGHT, "f"),
    check("assert f(1) == 1", "t1"),
    answer("g = 2", "g"),
    check("assert g == 2", "t2"),
)


@pytest.mark.slow
@pytest.mark.timeout(900)
class TestWholeNotebooks:
    """In stock nbgrader one cell costs the whole notebook; here it costs its own points."""

    def test_over_max(self, tmp_path):
        cells = (*TWO[:2], check("f(1) + 9", "t3"), *TWO[2:])
        stock, ours = both(tmp_path, cells, lambda released: answered(released, f=RIGHT, g="g = 2"))
        assert stock == {"t1": 2, "t2": None, "t3": None}
        assert ours == {"t1": 2, "t2": 2, "t3": 0}

    def test_dead_kernel(self, tmp_path):
        dies = "import os\nos._exit(1)"
        stock, ours = both(tmp_path, TWO, lambda released: answered(released, f=RIGHT, g=dies))
        assert stock == {"t1": None, "t2": None}
        assert ours == {"t1": 2, "t2": 0}

    def test_deleted_test_cell(self, tmp_path):
        stock, ours = both(
            tmp_path, TWO, lambda released: without(answered(released, f=RIGHT, g="g = 2"), "t1")
        )
        assert stock == {"t1": None, "t2": 2}
        assert ours == {"t1": 2, "t2": 2}

    def test_duplicated_cell(self, tmp_path):
        def twice(released):
            made = answered(released, f=RIGHT, g="g = 2")
            made["cells"].append(made["cells"][2] | {"id": "copy", "source": "g = 3"})
            return made

        stock, ours = both(tmp_path, TWO, twice)
        assert stock == {"t1": None, "t2": None}
        assert ours == {"t1": 2, "t2": 2}

    def test_endless_output(self, tmp_path):
        """nbgrader's own suite skips its notebook for this, which takes too long and much memory there."""
        endless = (FILES / "infinite-loop-with-output.ipynb").read_text()
        assert "x.append(1)" in endless
        loops = "x = []\nwhile True:\n    x.append(1)"
        stock, ours = both(
            tmp_path,
            TWO,
            lambda released: answered(released, f=RIGHT, g=loops),
            config="c.ExecutePreprocessor.timeout = 3\nc.ExecutePreprocessor.interrupt_on_timeout = False\n",
            cell_seconds=3.0,
        )
        assert stock == {"t1": None, "t2": None}
        assert ours == {"t1": 2, "t2": 0}

    def test_retyped_cell(self, tmp_path):
        course = StockCourse(tmp_path / "course")
        course.source("ps1", {"p1.ipynb": FILES / "submitted-unchanged.ipynb"})
        for kind in ("grade", "answer"):
            file = PREPROCESSOR_FILES / f"submitted-{kind}-cell-type-changed.ipynb"
            course.hand_in(kind, "ps1", {"p1.ipynb": file})
        stock, ours, _ = course.both_ways("ps1", expect=None)
        for kind in ("grade", "answer"):
            assert (stock[kind, "p1", "foo"]["auto"], ours[kind, "p1", "foo"]["auto"]) == (None, 1)

import random

import pytest
from checker_notebooks import cell, locked, markdown, notebook, plain, solution
from checker_notebooks import test as make_test

from grading.checker.alignment import align, released
from grading.checker.master import read_master
from grading.checker.submission import read_submission

MASTER_CELLS = (
    locked("import numpy as np", "imports"),
    solution("def f(): return 1", "f"),
    make_test("assert f() == 1", "t_f"),
    markdown("Read this", "text", locked=True),
    solution("def g(): return 2", "g"),
    make_test("assert g() == 2", "t_g"),
)
IMPORTS, F, T_F, TEXT, G, T_G = MASTER_CELLS
MASTER = read_master(notebook(*MASTER_CELLS))


def lay(*cells):
    return align(read_submission(notebook(*cells).encode()), MASTER)


def ids(placed):
    return [cell.grade_id or cell.source for cell in placed]


def test_an_untouched_order_is_kept_with_the_students_own_cells_in_place():
    placed = lay(plain("a"), IMPORTS, F, plain("b"), T_F, TEXT, markdown("note"), G, T_G, plain("c"))
    assert ids(placed) == ["a", "imports", "f", "b", "t_f", "text", "note", "g", "t_g", "c"]
    assert all(cell.note is None for cell in placed)


def test_test_and_locked_cells_come_from_the_master_whatever_was_submitted():
    placed = lay(locked("import evil", "imports"), F, make_test("pass", "t_f", 99), TEXT, G, T_G)
    by_id = {cell.grade_id: cell for cell in placed}
    assert by_id["t_f"].source == "assert f() == 1"
    assert by_id["t_f"].master.points == 2.0
    assert by_id["imports"].source == "import numpy as np"
    assert "changed" in by_id["imports"].note


def test_deleted_test_and_locked_cells_are_put_back_where_the_master_has_them():
    assert ids(lay(F, G)) == ["imports", "f", "t_f", "text", "g", "t_g"]


def test_a_deleted_solution_is_noted_as_missing_and_does_not_run():
    placed = lay(IMPORTS, T_F, TEXT, G, T_G)
    gone = next(cell for cell in placed if cell.grade_id == "f")
    assert gone.missing
    assert not gone.runs_in_sandbox
    assert "'f' is missing" in gone.note
    assert ids(placed).index("f") < ids(placed).index("t_f")


def test_the_first_of_duplicated_solutions_is_the_solution_and_the_copy_runs_as_the_students_own():
    copy = solution("def f(): return 7", "f")
    placed = lay(IMPORTS, F, copy, T_F, TEXT, G, T_G)
    assert [cell.role for cell in placed[:4]] == ["locked", "solution", "plain", "test"]
    assert placed[2].grade_id is None
    assert placed[2].runs_in_sandbox
    assert "Another cell" in placed[2].note


def test_a_duplicated_test_cell_stands_once():
    assert ids(lay(IMPORTS, F, T_F, T_F, TEXT, G, T_G, T_F)).count("t_f") == 1


def test_a_test_moved_above_its_answer_goes_back_below_it():
    placed = ids(lay(T_G, T_F, IMPORTS, F, TEXT, G))
    assert placed.index("t_f") > placed.index("f")
    assert placed.index("t_g") > placed.index("g")


def test_a_locked_cell_moved_below_what_builds_on_it_goes_back_above_it():
    placed = ids(lay(F, T_F, TEXT, G, T_G, IMPORTS))
    assert placed.index("imports") < placed.index("f")


def test_the_students_own_order_of_answers_is_kept():
    placed = ids(lay(IMPORTS, G, F, T_F, T_G, TEXT))
    assert placed.index("g") < placed.index("f") < placed.index("t_f")


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_solution_is_code_again(kind):
    placed = lay(IMPORTS, cell("def f(): return 1", "f", kind=kind, solution=True), T_F, TEXT, G, T_G)
    retyped = next(cell for cell in placed if cell.grade_id == "f")
    assert (retyped.cell_type, retyped.runs_in_sandbox) == ("code", True)
    assert "type was changed" in retyped.note


def test_a_changed_grade_id_leaves_a_plain_cell_and_a_missing_solution():
    placed = lay(IMPORTS, solution("def f(): return 1", "renamed"), T_F, TEXT, G, T_G)
    own = next(cell for cell in placed if cell.source == "def f(): return 1")
    assert (own.role, own.grade_id, own.runs_in_sandbox) == ("plain", None, True)
    assert "no cell 'renamed'" in own.note


def test_claimed_marks_do_not_make_a_test_cell():
    placed = lay(IMPORTS, make_test("points = 1", "mine", 100), F, T_F, TEXT, G, T_G)
    assert [cell.grade_id for cell in placed if cell.role == "test"] == ["t_f", "t_g"]


def test_any_shuffle_holds_every_graded_cell_once_and_tests_below_answers():
    generator = random.Random(5)
    for _ in range(100):
        cells = [generator.choice(MASTER_CELLS) for _ in range(generator.randrange(12))]
        cells += [plain(f"own_{n} = {n}") for n in range(generator.randrange(3))]
        generator.shuffle(cells)
        placed = lay(*cells)
        found = [cell.grade_id for cell in placed if cell.grade_id]
        assert sorted(found) == sorted(MASTER.by_id)
        order = {grade_id: place for place, grade_id in enumerate(found)}
        assert order["f"] < order["t_f"]
        assert max(order["f"], order["g"]) < order["t_g"]
        assert order["imports"] < min(order["f"], order["g"])
        assert sum(cell.source.startswith("own_") for cell in placed) == sum(
            c["source"].startswith("own_") for c in cells
        )


def test_the_released_notebook_shows_no_solution():
    assert not any("return" in cell.source for cell in released(MASTER) if cell.role == "solution")

"""A learner's copy: updates reach it, what the learner did stays, and a kill at any moment costs nothing."""

import json
import os

import pytest

from grading.own_copy import MEMORY, OwnCopyError, find_copy, update_copy

NAME = "lectures/05_convolution.ipynb"


def notebook(*cells):
    """Make a notebook's bytes from pairs of id and source; those that start with # are text."""
    made = []
    for key, source in cells:
        if source.startswith("#"):
            made.append({"cell_type": "markdown", "id": key, "metadata": {}, "source": source})
        else:
            made.append(
                {"cell_type": "code", "id": key, "metadata": {}, "source": source, "outputs": [],
                 "execution_count": None}
            )  # fmt: skip
    document = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(document, indent=1) + "\n").encode()


FIRST = notebook(("title", "# Five"), ("one", "x = 1"), ("two", "y = 2"))
SECOND = notebook(("title", "# Five"), ("one", "x = 1"), ("two", "y = 3"), ("three", "z = 4"))
THIRD = notebook(("title", "# Five"), ("one", "x = 5"))


def ran(data):
    document = json.loads(data)
    for count, cell in enumerate((c for c in document["cells"] if c["cell_type"] == "code"), start=1):
        cell["execution_count"] = count
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": cell["id"]}]
    return json.dumps(document).encode()


@pytest.fixture
def copy(tmp_path):
    root = tmp_path / "mine"
    changes = update_copy(root, {NAME: FIRST})
    assert [(change.name, change.kind) for change in changes] == [(NAME, "new")]
    return root


def everything(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_what_is_up_to_date_stays_as_it_is(copy):
    before = everything(copy)
    assert before[NAME] == FIRST
    assert update_copy(copy, {NAME: FIRST}) == ()
    assert everything(copy) == before


def test_an_untouched_notebook_is_updated_and_what_changed_is_said(copy):
    (change,) = update_copy(copy, {NAME: SECOND})
    assert change.kind == "updated"
    assert [str(section) for section in change.sections] == ["Five: 1 cell changed, 1 cell new"]
    assert (copy / NAME).read_bytes() == SECOND


def test_work_stays_and_the_new_version_lies_beside_it(copy):
    mine = FIRST.replace(b"y = 2", b"y = my own idea")
    (copy / NAME).write_bytes(mine)
    (change,) = update_copy(copy, {NAME: SECOND})
    assert change.kind == "kept"
    assert (copy / NAME).read_bytes() == mine
    assert (copy / change.other).read_bytes() == SECOND
    assert (copy / change.other).parent == (copy / NAME).parent
    assert update_copy(copy, {NAME: SECOND}) == ()
    (again,) = update_copy(copy, {NAME: THIRD})
    assert again.other != change.other
    assert (copy / NAME).read_bytes() == mine
    assert (copy / change.other).read_bytes() == SECOND
    assert (copy / again.other).read_bytes() == THIRD


def test_work_in_the_version_beside_is_not_overwritten_either(copy):
    (copy / NAME).write_bytes(b"mine")
    (change,) = update_copy(copy, {NAME: SECOND})
    (copy / change.other).write_bytes(b"mine, too")
    update_copy(copy, {NAME: FIRST})
    update_copy(copy, {NAME: SECOND})
    assert (copy / change.other).read_bytes() == b"mine, too"


def test_a_notebook_that_was_only_run_is_updated_and_keeps_its_outputs(copy):
    mine = ran(FIRST)
    (copy / NAME).write_bytes(mine)
    (change,) = update_copy(copy, {NAME: SECOND})
    assert change.kind == "updated"
    assert (copy / change.other).read_bytes() == mine
    cells = {cell["id"]: cell for cell in json.loads((copy / NAME).read_bytes())["cells"]}
    assert cells["one"]["outputs"][0]["text"] == "one"
    assert cells["one"]["execution_count"] == 1
    assert cells["two"]["source"] == "y = 3"
    assert cells["two"]["outputs"] == []
    assert cells["three"]["execution_count"] is None


def test_an_added_cell_is_work(copy):
    mine = notebook(("title", "# Five"), ("one", "x = 1"), ("note", "# mine"), ("two", "y = 2"))
    (copy / NAME).write_bytes(mine)
    assert update_copy(copy, {NAME: SECOND})[0].kind == "kept"
    assert (copy / NAME).read_bytes() == mine


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [{"source": []}]}'])
def test_a_broken_notebook_is_kept_as_work(copy, broken):
    (copy / NAME).write_bytes(broken)
    assert update_copy(copy, {NAME: SECOND})[0].kind == "kept"
    assert (copy / NAME).read_bytes() == broken


def test_what_was_taken_away_or_renamed_comes_fresh(copy):
    (copy / NAME).rename(copy / "lectures" / "my notes.ipynb")
    assert [change.kind for change in update_copy(copy, {NAME: FIRST})] == ["new"]
    assert (copy / NAME).read_bytes() == FIRST
    assert (copy / "lectures" / "my notes.ipynb").read_bytes() == FIRST


def test_what_the_course_no_longer_has_stays(copy):
    update_copy(copy, {"lectures/other.ipynb": FIRST})
    assert (copy / NAME).read_bytes() == FIRST


def test_a_place_with_other_things_is_refused_and_untouched(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OwnCopyError, match="--dir"):
        update_copy(tmp_path, {NAME: FIRST})
    with pytest.raises(OwnCopyError, match="is a file"):
        update_copy(tmp_path / "thesis.txt", {NAME: FIRST})
    assert everything(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_place_in_a_copy_is_found_and_others_are_not(copy, tmp_path):
    assert find_copy(copy / "lectures") == copy
    assert find_copy(tmp_path) is None


@pytest.mark.parametrize(
    "mine", [None, FIRST, ran(FIRST), FIRST.replace(b"y = 2", b"y = 9")], ids=["gone", "same", "ran", "work"]
)
def test_an_update_killed_at_any_write_goes_on_and_loses_nothing(tmp_path, monkeypatch, mine):
    replace = os.replace

    def begin(root):
        update_copy(root, {NAME: FIRST})
        if mine is None:
            (root / NAME).unlink()
        else:
            (root / NAME).write_bytes(mine)

    begin(tmp_path / "whole")
    update_copy(tmp_path / "whole", {NAME: SECOND})
    whole = everything(tmp_path / "whole")
    for survived in range(4):
        root = tmp_path / f"killed-{survived}"
        begin(root)
        left = [survived]

        def killed(source, target, left=left):
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            replace(source, target)

        monkeypatch.setattr(os, "replace", killed)
        finished = True
        try:
            update_copy(root, {NAME: SECOND})
        except KeyboardInterrupt:
            finished = False
        monkeypatch.setattr(os, "replace", replace)
        assert mine is None or mine == FIRST or mine in everything(root).values()
        update_copy(root, {NAME: SECOND})
        found = everything(root)
        assert {name: data for name, data in found.items() if "/unfinished-" not in name} == whole
        if finished:
            break
    else:
        pytest.fail("an update of one file has at most three writes")
    assert survived > 0


def test_two_updates_at_once_do_not_mix_their_files(tmp_path, monkeypatch):
    replace, root = os.replace, tmp_path / "mine"
    others = [{"lectures/other.ipynb": SECOND}]

    def interrupted(source, target):
        if others:
            update_copy(root, others.pop())
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    update_copy(root, {NAME: FIRST})
    assert not others
    assert (root / NAME).read_bytes() == FIRST
    assert (root / "lectures/other.ipynb").read_bytes() == SECOND


def test_what_a_kill_left_is_cleared_away_later(copy):
    old, young = (copy / MEMORY / f"unfinished-{name}" for name in ("old", "young"))
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    update_copy(copy, {NAME: FIRST})
    assert not old.exists()
    assert young.exists()

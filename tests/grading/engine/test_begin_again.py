"""`from grading import reset` in a student's notebook: one question begins again, and it says what it did."""

import nbformat
import pytest

import grading
from grading.engine.master import read_master
from grading.engine.question import QuestionError, handed_out
from grading.engine.shipped import shipped_master

WRITTEN = "def canonical_kernel(name):\n    return 3"


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A student's notebook with one answer, in the working directory of its kernel."""
    copy = nbformat.read(shipped_master("convolution"), as_version=4)
    copy.cells[place(copy)].source = WRITTEN
    path = tmp_path / "convolution.ipynb"
    nbformat.write(copy, path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return path


def place(copy):
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in copy.cells]
    return ids.index("canonical_kernel")


def stub():
    return handed_out(read_master(shipped_master("convolution"), "convolution").by_id["canonical_kernel"])


def assert_reset(path):
    copy = nbformat.read(path, as_version=4)
    assert copy.cells[place(copy)].source == stub()
    assert WRITTEN in copy.cells[place(copy) + 1].source


def test_the_notebook_in_the_working_directory_is_found_and_what_was_done_is_printed(notebook, capsys):
    assert grading.reset("canonical_kernel") is None
    assert_reset(notebook)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"canonical_kernel is as it was handed out, in {notebook}"
    assert "text cell below" in said[1]
    assert "Reload Notebook from Disk" in said[2]


def test_what_was_never_written_is_not_said_to_be_kept(notebook, capsys):
    grading.reset("canonical_kernel")
    capsys.readouterr()
    grading.reset("canonical_kernel")
    assert "below it" not in capsys.readouterr().out


@pytest.mark.parametrize("absolute", [True, False])
def test_jupyter_tells_which_notebook_calls(notebook, monkeypatch, absolute):
    renamed = notebook.rename(notebook.with_name("my answers.ipynb"))
    # Some servers give the path from their own root.
    monkeypatch.setenv("JPY_SESSION_NAME", str(renamed) if absolute else f"course/{renamed.name}")
    grading.reset("canonical_kernel")
    assert_reset(renamed)


def test_a_file_may_be_named(notebook, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    grading.reset("canonical_kernel", notebook=notebook)
    assert_reset(notebook)


def test_what_cannot_be_found_is_said_with_a_way_out(notebook, tmp_path, monkeypatch):
    with pytest.raises(QuestionError, match="Did you mean 'canonical_kernel'"):
        grading.reset("canonical_kernal")
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    with pytest.raises(FileNotFoundError, match=r"no convolution.ipynb in .*notebook="):
        grading.reset("canonical_kernel")
    copy = nbformat.read(notebook, as_version=4)
    assert copy.cells[place(copy)].source == WRITTEN

"""Every notebook in the repository is kept clean: no outputs, stable and readable cell ids, valid format."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("grading/source/*/*.ipynb")])
# A word or several joined by hyphens; eight bare hexadecimal digits are what an editor makes up anew.
READABLE_ID = re.compile(r"^(?![0-9a-f]{8}$)[a-z][a-z0-9]*([-_][a-z0-9]+)*$")


def test_there_are_notebooks_to_look_at():
    assert {path.parent.name for path in NOTEBOOKS} >= {"notebooks", "convolution"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_clean(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5), "cell ids need nbformat 4.5"
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata, "saved widget state is an output"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert [i for i in ids if not READABLE_ID.match(i)] == []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [], f"cell {cell.id} carries outputs"
            assert cell.execution_count is None, f"cell {cell.id} carries an execution count"

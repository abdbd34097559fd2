"""The assignment on convolution: what its prompts work out in numbers is true, and its experiments draw."""

from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from assignment_students import CHECKS

SOURCE = Path(__file__).resolve().parents[3] / "grading" / "source" / "convolution" / "convolution.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(SOURCE, as_version=4)


@pytest.fixture(scope="module")
def names(notebook):
    matplotlib.use("agg")
    bound = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            exec(cell.source, bound)
    return bound


def test_the_experiments_draw(names):
    assert "fig" in names


def test_the_worked_examples_are_true(notebook, names):
    prompts = {
        cell.metadata.nbgrader.grade_id.removeprefix("prompt_"): cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown"
    }
    x, w = np.arange(1.0, 10).reshape(1, 1, 3, 3), np.array([[[[1.0, 2.0], [0.0, -1.0]]]])

    def matrix(array):
        rows = [r"&".join(f"{value:g}" for value in row) for row in array]
        return r"\begin{pmatrix}" + r"\\".join(rows) + r"\end{pmatrix}"

    assert "y = " + matrix(names["conv2d_forward"](x, w, np.zeros(1))[0, 0]) in prompts["conv2d_forward"]
    dx, dw, db = names["conv2d_backward"](np.ones((1, 1, 2, 2)), x, w)
    assert "dx = " + matrix(dx[0, 0]) in prompts["conv2d_backward"]
    assert "dw = " + matrix(dw[0, 0]) in prompts["conv2d_backward"]
    assert f"db = ({db[0]:g})" in prompts["conv2d_backward"]
    pooled = names["max_pool2d_forward"](np.arange(1.0, 17).reshape(1, 1, 4, 4), 2, 2)
    assert matrix(pooled[0, 0]) in prompts["max_pool2d_forward"]
    image = np.array([[[[1.0, 2, 1], [0, 9, 3], [4, 0, 5]]]])
    dx = names["max_pool2d_backward"](np.array([[[[1.0, 2], [3, 4]]]]), image, 2, 1)
    assert "dx = " + matrix(dx[0, 0]) in prompts["max_pool2d_backward"]
    for name in ("conv2d_forward", "conv2d_backward", "max_pool2d_forward"):
        assert "of the prompt" in CHECKS[name].parts[0].examples[0].note

"""What the prompts on signals, matrices, means, counts and moving pictures work out in numbers is true."""

from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from assignment_students import CHECKS

SOURCE = Path(__file__).resolve().parents[3] / "grading" / "source" / "convolution" / "convolution.ipynb"
MATRIX = ("im2col", "conv_as_matrix", "avg_pool2d_forward", "avg_pool2d_backward")


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


@pytest.fixture(scope="module")
def prompts(notebook):
    return {
        cell.metadata.nbgrader.grade_id.removeprefix("prompt_"): cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown"
    }


def matrix(array):
    rows = [r"&".join(f"{value:g}" for value in row) for row in np.atleast_2d(array)]
    return r"\begin{pmatrix}" + r"\\".join(rows) + r"\end{pmatrix}"


def answered(names, name, note="of the prompt"):
    """Call the model solution with the example that the check takes from the prompt."""
    (example,) = {
        example.key: example
        for part in CHECKS[name].parts
        for example in part.examples
        if note in example.note
    }.values()
    return names[name](*example.args, **example.kwargs)


def test_signals(names, prompts):
    x, h = np.array([1.0, 2, 3]), np.array([1.0, 0, -1])
    assert answered(names, "convolve1d").tolist() == [2]
    assert names["convolve1d"](x, h, padding=2).tolist() == [1, 2, 2, -2, -3]
    assert "$y = (1, 2, 2, -2, -3)$" in prompts["convolve1d"]
    spread = names["convolve1d"](np.arange(1.0, 7), np.array([1.0, 10]), dilation=2)
    assert f"$y = ({', '.join(f'{value:g}' for value in spread)})$" in prompts["convolve1d"]


def test_laws(names, prompts):
    numbers = np.array([1.0, 2]), np.array([3.0, -1]), np.array([1.0, -1]), 2, 3
    for operation in ("convolution", "correlation", "affine", "relu"):
        gaps = names["property_gaps"](operation, *numbers)
        assert f"{operation} $({gaps[0]:g}, {gaps[1]:g})$" in prompts["property_gaps"]


@pytest.mark.parametrize("name", MATRIX)
def test_matrices_and_means(names, prompts, name):
    answer = answered(names, name)
    assert matrix(answer.reshape(answer.shape[-2:])) in prompts[name]


def test_a_product_a_sliding_layer_and_a_separable_one(names, prompts):
    assert matrix(answered(names, "conv2d_from_columns")[0, 0]) in prompts["conv2d_from_columns"]
    for output in answered(names, "slide_fully_connected")[0]:
        assert matrix(output) in prompts["slide_fully_connected"]
    first, second = answered(names, "depthwise_separable").ravel()
    assert f"$5 + 13 = {first:g}$ and $5 - 13 = {second:g}$" in prompts["depthwise_separable"]


def test_counts(names, prompts):
    assert f"${answered(names, 'separable_costs')}$" in prompts["separable_costs"]
    assert f"`{answered(names, 'receptive_field')}`" in prompts["receptive_field"]
    assert f"returns `{answered(names, 'net_size')}`" in prompts["net_size"]


def test_moving_pictures(names, prompts):
    assert answered(names, "shift_errors") == pytest.approx((1 / 6, 1 / 6))
    assert answered(names, "shift_errors", "as far as a window is wide") == pytest.approx((0, 1 / 2))
    assert r"both errors are $\tfrac{1}{6}$" in prompts["shift_errors"]


def test_the_experiment_tells_the_textures_and_the_pools_apart(names):
    tolerated = {
        (name, pool): names["texture_experiment"](name, pool)[1]
        for name in ("brick", "grass", "gravel")
        for pool in (1, 2, 4, 8)
    }
    assert len(set(tolerated.values())) == 5
    assert {tolerated[name, 1] for name in ("brick", "grass", "gravel")} == {0}
    assert tolerated["brick", 8] < tolerated["gravel", 8]

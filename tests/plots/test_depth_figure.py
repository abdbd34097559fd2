"""The picture of depth: a line a kind and depth on the left, a line a kind on the right."""

import numpy as np
import pytest

from course_lib import plots

LOSSES = {"plain": {8: [2.0, 1.0], 20: [2.2, 1.5]}, "residual": {8: [2.0, 0.9]}}
NORMS = {"plain": (np.array([1, 3, 5]), np.array([9.0, 3.0, 1.0]))}


def test_lines_are_told_apart_by_kind_and_depth():
    figure = plots.show_depth(LOSSES, NORMS, alt="Losses and gradients.")
    left, right = figure.axes
    lines = {line.get_label(): line for line in left.lines}
    assert list(lines) == ["plain, 8 layers", "plain, 20 layers", "residual, 8 layers"]
    assert lines["plain, 8 layers"].get_color() == lines["residual, 8 layers"].get_color()
    assert lines["plain, 8 layers"].get_linestyle() != lines["residual, 8 layers"].get_linestyle()
    assert lines["plain, 8 layers"].get_color() != lines["plain, 20 layers"].get_color()
    np.testing.assert_array_equal(lines["plain, 20 layers"].get_data(), [[1, 2], [2.2, 1.5]])
    np.testing.assert_array_equal(right.lines[0].get_data(), [[1, 3, 5], [9, 3, 1]])
    assert right.get_yscale() == "log"
    assert figure.alt == "Losses and gradients."
    assert left.get_xlabel() and left.get_ylabel() and right.get_xlabel() and right.get_ylabel()


def test_without_alt_text_or_content_there_is_no_figure():
    with pytest.raises(ValueError, match="alt must say"):
        plots.show_depth(LOSSES, NORMS, alt="")
    with pytest.raises(ValueError, match="losses and norms must hold"):
        plots.show_depth({}, NORMS, alt="x")
    with pytest.raises(ValueError, match=r"norms\['plain'\] must have a norm for every layer"):
        plots.show_depth(LOSSES, {"plain": ([1, 2], [1.0])}, alt="x")

"""Matrices as coloured cells: kernels with their numbers, large sparse matrices with their pattern."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import SIGNED, look, signed_limits

_MOST_NUMBERS = 200


def short_number(value: float) -> str:
    """Write a number in as few characters as a cell has room for.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    str
        At most two decimals, no trailing zeros, and a true minus sign.
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def draw_matrix(axis: Axes, matrix: np.ndarray, *, limits: tuple[float, float] | None = None) -> None:
    """Paint a matrix into an axis: blue above 0, white at 0, vermillion below, numbers where they fit.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
        Where to paint; its ticks are removed.
    matrix : ndarray
        Shape (rows, columns).
    limits : (float, float), optional
        Values of the two end colours; without it symmetric about 0.
    """
    low, high = limits or signed_limits(matrix)
    axis.imshow(matrix, cmap=SIGNED, vmin=low, vmax=high, interpolation="nearest")
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set_visible(True)
        spine.set_color("#888888")
    if matrix.size <= _MOST_NUMBERS:
        for (row, column), value in np.ndenumerate(matrix):
            ink = "white" if abs(value) > 0.6 * max(abs(low), abs(high)) else "#222222"
            axis.text(column, row, short_number(value), ha="center", va="center", color=ink, fontsize=8)


def show_matrices(
    matrices: Sequence[np.ndarray], titles: Sequence[str], *, alt: str, width: float | None = None
) -> AccessibleFigure:
    """Draw matrices in one row, each under its title and with its own colour scale.

    Parameters
    ----------
    matrices : sequence of ndarray
        Shape (rows, columns) each.
    titles : sequence of str
        As many as `matrices`.
    alt : str
        Alt text.
    width : float, optional
        Width of the figure in inches of 100 pixels; without it a fitting one.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If the numbers differ or a matrix has not two dimensions.
    """
    matrices = [np.asarray(matrix, dtype=float) for matrix in matrices]
    if not matrices or len(matrices) != len(titles):
        raise ValueError(f"titles must name every matrix: got {len(matrices)} matrices, {len(titles)} titles")
    for index, matrix in enumerate(matrices):
        if matrix.ndim != 2:
            raise ValueError(f"matrices[{index}] must have two dimensions, got shape {matrix.shape}")
    columns = [matrix.shape[1] for matrix in matrices]
    width = width or min(9.0, 1.0 + 0.42 * sum(columns) + 0.4 * len(columns))
    height = max(width * max(m.shape[0] for m in matrices) / (sum(columns) + 1.5 * len(columns)), 0.8) + 0.45
    figure = new_figure(width, height)
    with rc_context(look()):
        axes = figure.subplots(1, len(matrices), squeeze=False, width_ratios=columns)[0]
        for axis, matrix, title in zip(axes, matrices, titles):
            draw_matrix(axis, matrix)
            axis.set_title(title)
    return describe(figure, alt)


def show_matrix(
    matrix: np.ndarray, title: str, *, alt: str, rows: str = "", columns: str = "", width: float = 6.0
) -> AccessibleFigure:
    """Draw one matrix large, with what its rows and columns stand for.

    Parameters
    ----------
    matrix : ndarray
        Shape (rows, columns).
    title : str
        Stands above the matrix.
    alt : str
        Alt text.
    rows, columns : str
        Labels of the two axes.
    width : float
        Width of the figure in inches of 100 pixels.

    Returns
    -------
    AccessibleFigure
    """
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2:
        raise ValueError(f"matrix must have two dimensions, got shape {matrix.shape}")
    figure = new_figure(width, max(width * matrix.shape[0] / matrix.shape[1], 0.8) + 0.6)
    with rc_context(look()):
        axis = figure.subplots()
        draw_matrix(axis, matrix)
        axis.set_title(title)
        axis.set_xlabel(columns)
        axis.set_ylabel(rows)
    return describe(figure, alt)

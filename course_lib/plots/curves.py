"""Lines over a common axis: losses over steps, times over sizes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import CYCLE, look

_STYLES = ("-", "--", ":", "-.")

# Inside, names stand on an almost opaque ground, so that no line runs through them.
_LEGENDS = {
    "inside": {"frameon": True, "facecolor": "white", "edgecolor": "none", "framealpha": 0.9},
    "outside": {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "borderaxespad": 0},
}


def show_curves(
    curves: Mapping[str, np.ndarray],
    *,
    alt: str,
    xlabel: str,
    ylabel: str,
    x: np.ndarray | None = None,
    logarithmic: bool = False,
    levels: Mapping[str, float] | None = None,
    legend: str = "inside",
) -> AccessibleFigure:
    """Draw one line per entry, told apart by colour and by dashes.

    Parameters
    ----------
    curves : mapping from str to ndarray
        Name and values, shape (length,).
    alt : str
        Alt text.
    xlabel, ylabel : str
        Axis labels.
    x : ndarray, optional
        Where the values stand, shape (length,); without it 0, 1, 2 …
    logarithmic : bool
        Logarithmic vertical axis.
    levels : mapping from str to float, optional
        Horizontal lines to compare with, by name.
    legend : str
        Where the names stand: ``"inside"``, where they hide least, or ``"outside"``, to the right of the
        axes, where they hide nothing (for many lines).

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no curve, or one is longer or shorter than `x`, or `legend` is neither place.
    """
    if legend not in _LEGENDS:
        raise ValueError(f"legend must be 'inside' or 'outside', got {legend!r}")
    if not curves:
        raise ValueError("curves must hold at least one curve, got none")
    drawn = {name: np.asarray(values, dtype=float) for name, values in curves.items()}
    for name, values in drawn.items():
        if x is not None and values.shape != np.shape(x):
            raise ValueError(f"curves[{name!r}] must have the shape of x, {np.shape(x)}, got {values.shape}")
    figure = new_figure(7.5, 2.8)
    with rc_context(look()):
        axis = figure.subplots()
        for number, (name, values) in enumerate(drawn.items()):
            axis.plot(
                np.arange(values.size) if x is None else np.asarray(x),
                values,
                color=CYCLE[number % len(CYCLE)],
                linestyle=_STYLES[number % len(_STYLES)],
                label=name,
            )
        for number, (name, level) in enumerate((levels or {}).items(), start=len(curves)):
            colour = CYCLE[number % len(CYCLE)]
            axis.axhline(level, color=colour, linestyle=_STYLES[number % len(_STYLES)], label=name)
        axis.set_xlabel(xlabel)
        axis.set_ylabel(ylabel)
        if logarithmic:
            axis.set_yscale("log")
        axis.legend(**_LEGENDS[legend])
        axis.grid(visible=True)
    return describe(figure, alt)

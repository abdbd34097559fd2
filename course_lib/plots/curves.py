"""Lines over a common axis: losses over steps, times over sizes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import CYCLE, look

_STYLES = ("-", "--", ":", "-.")


def show_curves(
    curves: Mapping[str, np.ndarray],
    *,
    alt: str,
    xlabel: str,
    ylabel: str,
    logarithmic: bool = False,
    levels: Mapping[str, float] | None = None,
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
    logarithmic : bool
        Logarithmic vertical axis.
    levels : mapping from str to float, optional
        Horizontal lines to compare with, by name.

    Returns
    -------
    AccessibleFigure
    """
    if not curves:
        raise ValueError("curves must hold at least one curve, got none")
    figure = new_figure(7.5, 2.8)
    with rc_context(look()):
        axis = figure.subplots()
        for number, (name, values) in enumerate(curves.items()):
            axis.plot(
                np.asarray(values, dtype=float),
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
        axis.legend()
        axis.grid(visible=True)
    return describe(figure, alt)

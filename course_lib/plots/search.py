"""Figures of hyper-parameter searches: what a budget buys, and where the good values were."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, CYCLE, VERMILLION, look

# As many as there are strategies.
_STYLES = ("-", "--", ":", "-.", (0, (6, 2, 1, 2, 1, 2)))


def show_search_budget(
    curves: Mapping[str, np.ndarray], *, alt: str, ylabel: str, logarithmic: bool = False
) -> AccessibleFigure:
    """Draw the best value after each trial: the median of repeated searches, and the middle half of them.

    Parameters
    ----------
    curves : mapping from str to ndarray
        Strategy and its budget curves, shape (repetitions, trials), as `SearchResult.best_so_far` gives them.
    alt : str
        Alt text.
    ylabel : str
        What the value is.
    logarithmic : bool
        Logarithmic vertical axis.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no curve, or one has not two dimensions.
    """
    if not curves:
        raise ValueError("curves must hold at least one strategy, got none")
    figure = new_figure(7.5, 3.6)
    with rc_context(look()):
        axis = figure.subplots()
        for number, (name, values) in enumerate(curves.items()):
            values = np.asarray(values, dtype=float)
            if values.ndim != 2:
                raise ValueError(
                    f"curves[{name!r}] must have shape (repetitions, trials), got {values.shape}"
                )
            trials = np.arange(1, values.shape[1] + 1)
            low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), axis=0)
            colour = CYCLE[number % len(CYCLE)]
            axis.fill_between(trials, low, high, color=colour, alpha=0.15, linewidth=0)
            axis.plot(trials, middle, color=colour, linestyle=_STYLES[number % len(_STYLES)], label=name)
        axis.set_xlabel("trials")
        axis.set_ylabel(ylabel)
        if logarithmic:
            axis.set_yscale("log")
        axis.legend()
        axis.grid(visible=True)
    return describe(figure, alt)


def show_search_trials(
    parameters: Mapping[str, np.ndarray],
    values: np.ndarray,
    *,
    alt: str,
    ylabel: str,
    logarithmic: Collection[str] = (),
    maximize: bool = False,
) -> AccessibleFigure:
    """Draw the value of every trial over each hyper-parameter; a cross marks the best.

    Parameters
    ----------
    parameters : mapping from str to ndarray
        Name and values, shape (trials,); texts stand beside each other.
    values : ndarray
        Of the trials, shape (trials,); what is not finite is drawn at the upper rim, as open triangles.
    alt : str
        Alt text.
    ylabel : str
        What the value is.
    logarithmic : collection of str
        Hyper-parameters with a logarithmic axis.
    maximize : bool
        Whether large values are good.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no hyper-parameter, no finite value, or a number of values differs.
    """
    values = np.asarray(values, dtype=float)
    finite = np.isfinite(values)
    if not parameters or not finite.any():
        raise ValueError("parameters and values must hold one hyper-parameter and one finite value at least")
    for name, column in parameters.items():
        if np.shape(column) != values.shape:
            raise ValueError(
                f"parameters[{name!r}] must have the shape of values, {values.shape}, got {np.shape(column)}"
            )
    best = int(np.argmax(np.where(finite, values, -np.inf)) if maximize else np.argmin(values))
    rim = values[finite].max() + 0.08 * (np.ptp(values[finite]) or 1.0)
    figure = new_figure(min(9.0, 1 + 2.7 * len(parameters)), 3.0)
    with rc_context(look()):
        axes = figure.subplots(1, len(parameters), sharey=True, squeeze=False)[0]
        for axis, (name, column) in zip(axes, parameters.items()):
            column = np.asarray(column)
            axis.plot(column[finite], values[finite], "o", color=BLUE, markersize=4, alpha=0.7)
            if not finite.all():
                lost = column[~finite]
                axis.plot(lost, np.full(lost.shape, rim), "^", color=VERMILLION, markerfacecolor="none")
            axis.plot(column[best : best + 1], values[best : best + 1], "X", color=VERMILLION, markersize=10)
            if name in logarithmic:
                axis.set_xscale("log")
            axis.set_xlabel(name)
            axis.grid(visible=True)
        axes[0].set_ylabel(ylabel)
    return describe(figure, alt)

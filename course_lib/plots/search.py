"""Figures of hyper-parameter searches: what a budget buys, and where the good values were."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from matplotlib import rc_context
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogLocator, NullFormatter

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, CYCLE, ORANGE, VERMILLION, look

# As many as there are strategies.
_STYLES = ("-", "--", ":", "-.", (0, (6, 2, 1, 2, 1, 2)))
# Over a smaller range powers of ten are too few to read values by.
_FEW_DECADES = 100


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
                if column.max() < _FEW_DECADES * column.min():
                    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
                    axis.xaxis.set_minor_formatter(NullFormatter())
            axis.set_xlabel(name)
            axis.grid(visible=True)
        axes[0].set_ylabel(ylabel)
    return describe(figure, alt)


def show_response_maps(
    maps: Mapping[str, np.ndarray],
    *,
    x: np.ndarray,
    y: np.ndarray,
    alt: str,
    xlabel: str,
    ylabel: str,
    label: str,
    highest: float,
) -> AccessibleFigure:
    """Draw a value over two hyper-parameters, one map beside the other; a star marks the lowest of each.

    Parameters
    ----------
    maps : mapping from str to ndarray
        Title and values, positive, shape (len(y), len(x)); grey where they are not finite.
    x, y : ndarray
        Positive and rising; both axes are logarithmic.
    alt : str
        Alt text.
    xlabel, ylabel, label : str
        What the hyper-parameters are, and the value.
    highest : float
        What is above it has the colour of it.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no map, or one has another shape or no finite value.
    """
    if not maps:
        raise ValueError("maps must hold at least one map, got none")
    drawn = {name: np.ma.masked_invalid(np.asarray(values, dtype=float)) for name, values in maps.items()}
    for name, values in drawn.items():
        if values.shape != (len(y), len(x)) or values.mask.all():
            raise ValueError(
                f"maps[{name!r}] must have shape {(len(y), len(x))} and a finite value, got {values.shape}"
            )
    colours = LogNorm(min(values.min() for values in drawn.values()), highest)
    figure = new_figure(min(9.0, 1.2 + 2.6 * len(maps)), 2.9)
    with rc_context(look()):
        axes = figure.subplots(1, len(maps), sharey=True, squeeze=False)[0]
        for axis, (name, values) in zip(axes, drawn.items()):
            axis.set_facecolor("#8a8a8a")
            picture = axis.pcolormesh(x, y, values, norm=colours, cmap="viridis_r", shading="nearest")
            row, column = np.unravel_index(values.argmin(), values.shape)
            axis.plot(x[column], y[row], "*", color=ORANGE, markeredgecolor="#000000", markersize=15)
            axis.set(xscale="log", yscale="log", title=name, xlabel=xlabel)
        axes[0].set_ylabel(ylabel)
        bar = figure.colorbar(picture, ax=axes, label=label, pad=0.01)
        ticks = [tick for tick in (0.2, 0.3, 0.5, 1, 2, 3) if colours.vmin <= tick <= highest]
        bar.set_ticks(ticks, labels=[f"{tick:g}" for tick in ticks])
        bar.ax.minorticks_off()
    return describe(figure, alt)

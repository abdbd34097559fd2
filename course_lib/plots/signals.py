"""One-dimensional signals as stems: a value per index, and nothing drawn between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import CYCLE, look

_MARKERS = "osD^vP"


def show_signals(
    signals: Mapping[str, np.ndarray], *, alt: str, columns: int = 1, row_height: float = 1.3
) -> AccessibleFigure:
    """Draw signals under each other (or side by side), all with the same axes.

    Parameters
    ----------
    signals : mapping from str to ndarray
        Title and values, shape (length,); the first value has index 0.
    alt : str
        Alt text.
    columns : int
        Signals a row.
    row_height : float
        Height of a row in inches of 100 pixels.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no signal or one has not exactly one dimension.
    """
    if not signals:
        raise ValueError("signals must hold at least one signal, got none")
    values = {title: np.asarray(signal, dtype=float) for title, signal in signals.items()}
    for title, signal in values.items():
        if signal.ndim != 1:
            raise ValueError(f"signals[{title!r}] must have one dimension, got shape {signal.shape}")
    rows = -(-len(values) // columns)
    longest = max(signal.size for signal in values.values())
    figure = new_figure(8.5, row_height * rows + 0.4)
    with rc_context(look()):
        axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
        for number, (axis, (title, signal)) in enumerate(zip(axes, values.items())):
            colour = CYCLE[number % len(CYCLE)]
            index = np.arange(signal.size)
            axis.vlines(index, 0, signal, color=colour, linewidth=2)
            axis.plot(index, signal, _MARKERS[number % len(_MARKERS)], color=colour, markersize=5)
            axis.axhline(0, color="#888888", linewidth=0.8)
            axis.set_title(title)
            axis.set_xlim(-0.6, longest - 0.4)
        for axis in axes[len(values) :]:
            axis.set_axis_off()
        for axis in axes[-columns:]:
            axis.set_xlabel("index")
        figure.supylabel("value", fontsize=9)
    return describe(figure, alt)

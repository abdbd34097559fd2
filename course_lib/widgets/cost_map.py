"""A map of a cost over two weights: bands, like the page where it is low, and lines of equal cost."""

from __future__ import annotations

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.quick_image import show_quickly

# (pale, dark) -> colours of the lowest band, of the highest, and of the lines
_COLOURS = {
    (False, False): ("#ffffff", "#9aa4b2", "#6b7684"),
    (False, True): ("#20262e", "#66707c", "#8a94a2"),
    (True, False): ("#ffffff", "#c3cad3", "#9aa4b2"),
    (True, True): ("#1b2026", "#3a424b", "#646d78"),
}


class CostMap:
    """The map in some axes; it is drawn again only where everything is.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where it is to stand.
    levels : int
        How many lines of equal cost at most.
    dark : bool
        Colours for a dark page.
    pale : bool
        Less contrast, for a map under many lines.
    """

    def __init__(self, axes: Axes, *, levels: int, dark: bool, pale: bool = False) -> None:
        low, high, line = _COLOURS[pale, dark]
        self.axes = axes
        self._key = "dark is low" if dark else "light is low"
        self.bands = show_quickly(
            axes,
            np.zeros((2, 2)),
            cmap=LinearSegmentedColormap.from_list("ground", (low, high)),
            vmin=0,
            vmax=levels,
            origin="lower",
            interpolation="nearest",
        )
        self.lines = axes.add_collection(LineCollection([], colors=line, linewidths=0.6 if pale else 0.7))
        self.title = axes.set_title("")
        axes.set_aspect("auto")
        axes.set_xlabel("θ₁")
        axes.set_ylabel("θ₂")
        # Few ticks, and labels that stay where they are: words take longest of all to lay out.
        for axis, place in ((axes.xaxis, (0.5, -0.07)), (axes.yaxis, (-0.075, 0.5))):
            axis.set_major_locator(MaxNLocator(5, integer=True))
            axis.set_label_coords(*place)
        change_now_and_then(self.bands, self.lines, self.title)
        change_now_and_then(axes.xaxis, axes.yaxis, *axes.spines.values())

    def show(
        self, values: np.ndarray, extent: tuple[float, float, float, float], levels: np.ndarray, title: str
    ) -> None:
        """Show another cost.

        Parameters
        ----------
        values : ndarray, shape (rows, columns)
            The cost in the middle of each cell, rows along θ₂.
        extent : tuple
            (left, right, bottom, top) of all cells.
        levels : ndarray, shape (levels,)
            Costs of the lines, ascending.
        title : str
            What stands above, followed by how to read the bands.
        """
        left, right, bottom, top = extent
        rows, columns = values.shape
        x = left + (right - left) * (np.arange(columns) + 0.5) / columns
        y = bottom + (top - bottom) * (np.arange(rows) + 0.5) / rows
        contours = contour_generator(x, y, values)
        self.bands.set_data(np.digitize(values, levels))
        self.bands.set_extent(extent)
        self.lines.set_segments([line for level in levels for line in contours.lines(level)])
        self.title.set_text(f"{title}: {self._key}")
        self.axes.set_xlim(left, right)
        self.axes.set_ylim(bottom, top)

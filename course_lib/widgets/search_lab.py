"""The search lab: where a search tries hyper-parameters on a response surface, and what its budget buys."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.training.kept_searches import GRID, METHODS, SEARCHES, TRIALS, grid_levels
from course_lib.training.response_surface import DECAYS, RATES, WIDTHS
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.quick_image import show_quickly
from course_lib.widgets.search_lab_trials import (
    LUCK,
    SearchLabParameters,
    SearchLabResult,
    compute,
    in_words,
    lowest_over_widths,
)
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 430)
_MAP, _STRIP = (74, 24, 340, 286), (74, 362, 340, 26)
_BUDGET = (480, 24, 340, 364)
# Losses that the right part shows; what is above them is drawn at its upper rim.
_LOWEST, _HIGHEST = 0.34, 1.5
_LOSSES = (0.35, 0.4, 0.5, 0.6, 0.8, 1, 1.5)
# Losses from the lightest colour of the map to its darkest.
_COLOURS = (0.3, 4.0)
_LEVELS = (0.4, 0.5, 0.7, 1, 1.5, 2)
_DIVERGED = "#8a8a8a"
# Decades from a bound to where a rug lies: within the axes, beside the points.
_RUG = 0.07


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class SearchLab(FigurePanel):
    """Choose how to search, and for how long; see each trial, and the lowest loss so far. Or try by hand.

    Parameters
    ----------
    **settings
        Fields of `SearchLabParameters`.
    """

    Parameters: ClassVar[type] = SearchLabParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: SearchLabParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of methods, and sliders for the budget and for which search it is."""
        style = {"description_width": "initial"}

        def slider(label: str, value: int, highest: int, width: int) -> ipywidgets.IntSlider:
            layout = ipywidgets.Layout(width=f"{width}px")
            return ipywidgets.IntSlider(
                value, min=1, max=highest, description=label, style=style, layout=layout
            )

        return {
            "method": ipywidgets.Dropdown(
                options=METHODS,
                value=parameters.method,
                description="Method",
                style=style,
                layout=ipywidgets.Layout(width="200px", margin="2px 12px 2px 2px"),
            ),
            "budget": slider("Budget, trials", parameters.budget, TRIALS, 340),
            "search": slider("Search no.", parameters.search, SEARCHES, 260),
        }

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Leave the point that is tried by hand where it is."""
        return settings | {"rate": self._parameters.rate, "decay": self._parameters.decay}

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: SearchLabResult) -> dict[str, Handle]:
        """Make the point that is tried by hand movable."""
        rate, decay = result.parameters.rate, result.parameters.decay
        label = f"By hand: rate {tidy(rate)}, weight decay {tidy(decay)}, loss {in_words(result.by_hand)}"
        return {"hand": Handle(artists["map"], np.log10(rate), np.log10(decay), "By hand", label, step=4.0)}

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Try another point by hand."""
        return {
            "rate": float(np.clip(10.0**x, RATES[0], RATES[-1])),
            "decay": float(np.clip(10.0**y, DECAYS[0], DECAYS[-1])),
        }

    @classmethod
    def make_figure(
        cls, result: SearchLabResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the map with its trials, the widths below it, and the budget curves beside it."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        calm, loud = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        ink = "#e8e8e8" if dark else "#222222"
        with rc_context(look(dark=dark)):
            surface = figure.add_axes(_place(*_MAP))
            cls._draw_surface(surface)
            artists: dict[str, object] = {"map": surface}
            on_map = {"linestyle": "none", "zorder": 5}
            white = {"color": "#ffffff", "markeredgecolor": "#000000"}
            (artists["tried"],) = surface.plot([], [], marker="o", ms=6, **on_map, **white)
            (artists["rates"],) = surface.plot([], [], marker="|", ms=12, color="#000000", **on_map)
            (artists["decays"],) = surface.plot([], [], marker="_", ms=12, color="#000000", **on_map)
            (artists["winner"],) = surface.plot(
                [], [], marker="*", ms=17, color=ORANGE, markeredgecolor="#000000", **on_map
            )
            (artists["hand"],) = surface.plot(
                [], [], marker="D", ms=9, color="none", markeredgecolor="#ffffff", mew=2, **on_map
            )
            strip = figure.add_axes(_place(*_STRIP))
            cls._draw_strip(strip)
            (artists["widths"],) = strip.plot([], [], marker="|", ms=14, color=ink, linestyle="none")
            (artists["winning_width"],) = strip.plot(
                [], [], marker="*", ms=14, color=ORANGE, markeredgecolor=ink, linestyle="none"
            )
            budget = figure.add_axes(_place(*_BUDGET))
            cls._draw_budget(budget)
            artists["half"] = budget.fill_between([1, 2], 1, 1, color=calm, alpha=0.25, linewidth=0)
            for name, label, look_of in (
                ("trials", "a trial", {"linestyle": "none", "marker": "o", "ms": 3, "color": ink}),
                ("best", "lowest so far, this search", {"color": loud, "linewidth": 2.2}),
                ("median", "median of 30 searches, middle half", {"color": calm, "linestyle": "--"}),
                ("luck", "median of random search", {"color": ink, "linestyle": ":", "linewidth": 1.2}),
                ("hand_line", "by hand", {"color": ink, "linestyle": "-.", "linewidth": 0.9}),
            ):
                (artists[name],) = budget.plot([], [], label=label, **look_of)
            (artists["lost"],) = budget.plot(
                [], [], "^", color=loud, mfc="none", ms=5, label=f"above {_HIGHEST:g}"
            )
            budget.legend(loc="upper right", bbox_to_anchor=(1, 0.955), borderaxespad=0, labelspacing=0.25)
        for name, artist in artists.items():
            if name != "map":
                artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @staticmethod
    def _draw_surface(axes: Axes) -> None:
        low, high, left, right = (np.log10(bound) for grid in (DECAYS, RATES) for bound in grid[[0, -1]])
        losses = lowest_over_widths(_MAP[2] // 4, _MAP[3] // 4)
        colours = colormaps["viridis_r"].with_extremes(bad=_DIVERGED)
        shown = np.ma.masked_invalid(np.log(losses))
        extent = (left, right, low, high)
        show_quickly(
            axes,
            shown,
            extent=extent,
            origin="lower",
            cmap=colours,
            vmin=np.log(_COLOURS[0]),
            vmax=np.log(_COLOURS[1]),
            aspect="auto",
        )
        x, y = np.linspace(left, right, losses.shape[1]), np.linspace(low, high, losses.shape[0])
        lines = axes.contour(x, y, shown, levels=np.log(_LEVELS), colors="#000000", linewidths=0.5)
        axes.clabel(lines, fmt=lambda level: f"{np.exp(level):.2g}", fontsize=7)
        axes.set(xlim=(left, right), ylim=(low, high))
        for ticks, exponents in ((axes.set_xticks, range(-3, 1)), (axes.set_yticks, range(-5, 0))):
            ticks(exponents, [tidy(10.0**exponent, 1) for exponent in exponents])
        axes.set_title("validation loss at the best width; trials")
        axes.set_xlabel("rate α", labelpad=1)
        axes.set_ylabel("weight decay", labelpad=1)

    @staticmethod
    def _draw_strip(axes: Axes) -> None:
        axes.set_xlim(np.log2(WIDTHS[0]) - 0.1, np.log2(WIDTHS[-1]) + 0.1)
        axes.set_ylim(-1, 1)
        axes.set_xticks(np.log2(WIDTHS), WIDTHS)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("width: hidden units", labelpad=0)

    @staticmethod
    def _draw_budget(axes: Axes) -> None:
        axes.set_yscale("log")
        axes.set(xlim=(0, TRIALS + 1), ylim=(_LOWEST, _HIGHEST * 1.06))
        axes.set_yticks(_LOSSES, [f"{loss:g}" for loss in _LOSSES])
        axes.minorticks_off()
        axes.grid(visible=True)
        axes.set_title("lowest validation loss so far")
        axes.set_xlabel("trials", labelpad=1)

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: SearchLabResult
    ) -> None:
        """Bring trials and curves to a new result."""
        rates, decays = np.log10(result.points[:, :2]).T
        widths = np.log2(result.points[:, 2])
        left, low = np.log10(RATES[0]), np.log10(DECAYS[0])
        artists["tried"].set_data(rates, decays)
        artists["rates"].set_data(rates, np.full_like(rates, low + _RUG))
        artists["decays"].set_data(np.full_like(decays, left + _RUG), decays)
        artists["widths"].set_data(widths, np.zeros_like(widths))
        winner = result.winner
        artists["winner"].set_data(rates[winner : winner + 1], decays[winner : winner + 1])
        artists["winning_width"].set_data(widths[winner : winner + 1], [0])
        artists["hand"].set_data([np.log10(result.parameters.rate)], [np.log10(result.parameters.decay)])
        trials = np.arange(1, len(result.losses) + 1)
        within = result.losses <= _HIGHEST
        artists["trials"].set_data(trials[within], result.losses[within])
        artists["lost"].set_data(trials[~within], np.full((~within).sum(), _HIGHEST))
        for name, values in (
            ("best", result.best),
            ("median", result.quartiles[1]),
            ("luck", result.luck),
        ):
            artists[name].set_data(trials, np.minimum(values, _HIGHEST))
        lower, upper = np.minimum(result.quartiles[[0, 2]], _HIGHEST)
        outline = np.column_stack([np.r_[trials, trials[::-1]], np.r_[lower, upper[::-1]]])
        artists["half"].set_verts([outline])
        by_hand = min(result.by_hand, _HIGHEST)
        artists["hand_line"].set_data([0, TRIALS + 1], [by_hand, by_hand])
        describe(figure, f"Search lab. {cls.explain(result)}")

    @classmethod
    def explain(cls, result: SearchLabResult) -> str:
        """Say what this search found and where, what others of its kind find, and what the hand found."""
        parameters, winner = result.parameters, result.winner
        method = parameters.method[0].upper() + parameters.method[1:]
        rate, decay, width = result.points[winner]
        found = (
            f"the best of {len(result.losses)} trials, no. {winner + 1}, has {in_words(result.best[-1])} "
            f"(rate {tidy(rate, 2)}, decay {tidy(decay, 2)}, width {width:.0f})"
        )
        if parameters.method == GRID:
            levels = grid_levels(parameters.budget)
            found += f"; the grid has {levels} values each, {levels**3} points"
        else:
            found += f"; {len(np.unique(result.points[:, 0]))} different rates"
        others = f"Median of {SEARCHES} such searches: {in_words(result.quartiles[1, -1])}"
        if parameters.method != LUCK:
            others += f"; of random ones: {in_words(result.luck[-1])}"
        return f"{method}: {found}. {others}. By hand: {in_words(result.by_hand)}, width {result.hand_width}."

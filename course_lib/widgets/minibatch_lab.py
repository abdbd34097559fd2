"""The minibatch lab: a run of SGD on real digits, its noise, and what the batch size costs."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.minibatch_digits import COUNT, digits_problem
from course_lib.widgets.minibatch_runs import (
    EPOCHS,
    ORDERS,
    SCHEDULES,
    SIZES,
    SORTED,
    START,
    MinibatchParameters,
    MinibatchResult,
    compute,
)

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 420)
_MAP = (46, 26, 282, 354)
_UPDATES, _EXAMPLES = (382, 26, 194, 138), (632, 26, 194, 138)
_KEY = (360, 190)
_VARIANCE, _TIME = (382, 250, 194, 130), (632, 250, 194, 130)

_EXTENT = (-1.35, 1.45, -1.2, 2.2)
_LOWEST, _HIGHEST = 1e-5, 10
_OVERHEADS = (0, 1, 3, 10, 30, 100, 300, 1000)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _short(value: float) -> str:
    """Write a number with two digits, as 0.0012 or 1.2e−5."""
    if not np.isfinite(value):
        return "∞"
    text = f"{value:.2g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


class MinibatchLab(FigurePanel):
    """Run minibatch SGD on a least-squares cost of real digits and see path, loss, noise and price.

    Parameters
    ----------
    **settings
        Fields of `MinibatchParameters`.
    """

    Parameters: ClassVar[type] = MinibatchParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: MinibatchParameters) -> dict[str, ipywidgets.Widget]:
        """Make sliders for batch size and rate, lists for schedule, order and overhead, and the seed."""
        style = {"description_width": "initial"}

        def choice(label: str, options: tuple, value: object, width: int) -> ipywidgets.Dropdown:
            return ipywidgets.Dropdown(
                options=options,
                value=value,
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        overheads = tuple(sorted({*_OVERHEADS, parameters.overhead}))
        return {
            "size": ipywidgets.FloatLogSlider(
                parameters.size,
                base=2,
                min=0,
                max=float(np.log2(COUNT)),
                step=1,
                description="Batch size S",
                readout_format=".0f",
                style=style,
                layout=ipywidgets.Layout(width="270px"),
            ),
            "rate": ipywidgets.FloatLogSlider(
                parameters.rate,
                min=-2,
                max=0.4,
                step=0.05,
                description="Rate α",
                readout_format=".2g",
                style=style,
                layout=ipywidgets.Layout(width="250px"),
            ),
            "schedule": choice("Schedule", tuple(SCHEDULES), parameters.schedule, 240),
            "order": choice("Order", ORDERS, parameters.order, 230),
            "overhead": choice(
                "An update costs, besides its S examples, as much as", overheads, parameters.overhead, 400
            ),
            "seed": ipywidgets.BoundedIntText(
                parameters.seed,
                min=0,
                max=99,
                description="Seed",
                style=style,
                layout=ipywidgets.Layout(width="100px"),
            ),
        }

    def read_controls(self) -> dict[str, object]:
        """Read the settings; the slider of the batch size moves in powers of two."""
        return super().read_controls() | {"size": round(self.controls["size"].value)}

    @classmethod
    def make_figure(
        cls, result: MinibatchResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the map with the path, the two charts of the loss, the variance and the U-curve."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        main, other = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        grey, ink = ("#9aa4b2", "#F4F4F4") if dark else ("#7a8594", "#111111")
        with rc_context(look(dark=dark)):
            chart = figure.add_axes(_place(*_MAP))
            cls._draw_map(chart, grey, ink)
            artists: dict[str, object] = {}
            (artists["path"],) = chart.plot([], [], "-", color=main, linewidth=0.9)
            (artists["stops"],) = chart.plot([], [], "o", color=main, markersize=2.2)
            for name, box, title in (
                ("updates", _UPDATES, "J − lowest J, against updates"),
                ("examples", _EXAMPLES, "… against examples seen"),
            ):
                axes = figure.add_axes(_place(*box))
                (artists[f"{name} smallest"],) = axes.plot([], [], ":", color=grey, label="expected, S = 1")
                (artists[f"{name} largest"],) = axes.plot(
                    [], [], "--", color=grey, label=f"expected, S = {COUNT}"
                )
                (artists[f"{name} run"],) = axes.plot([], [], color=main, linewidth=0.9, label="this run")
                (artists[f"{name} expected"],) = axes.plot([], [], color=other, label="expected")
                cls._logarithmic(axes, title, (1, 2 * EPOCHS * COUNT), (_LOWEST, _HIGHEST))
            left, top = _KEY
            figure.legend(
                handles=[artists[f"updates {name}"] for name in ("run", "expected", "smallest", "largest")],
                loc="upper left",
                bbox_to_anchor=(left / _FIGURE[0], 1 - top / _FIGURE[1]),
                ncols=4,
                columnspacing=1.2,
                handlelength=1.8,
            )
            cls._draw_costs_of_size(figure, artists, main, other, grey)
        for artist in artists.values():
            artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @staticmethod
    def _draw_map(chart: Axes, grey: str, ink: str) -> None:
        problem = digits_problem()
        left, right, bottom, top = _EXTENT
        x, y = np.meshgrid(np.linspace(left, right, 90), np.linspace(bottom, top, 90))
        levels = float(problem.excess(START)) * np.geomspace(1e-3, 2, 12)
        chart.contour(
            x, y, problem.excess(np.stack([x, y], axis=-1)), levels=levels, colors=grey, linewidths=0.6
        )
        chart.plot(*problem.optimum, "+", color=ink, markersize=9)
        chart.plot(*START, "s", color=ink, markersize=5)
        chart.annotate("start", START, textcoords="offset points", xytext=(7, 5), ha="left", color=ink)
        chart.set(xlim=(left, right), ylim=(bottom, top))
        chart.set_xlabel("θ₁", labelpad=0)
        chart.set_ylabel("θ₂", labelpad=-4)
        chart.set_title("cost of all 256 digits, and the path of θ")

    @staticmethod
    def _logarithmic(
        axes: Axes, title: str, across: tuple[float, float], up: tuple[float, float], *, base: int = 10
    ) -> None:
        axes.set_xscale("log", base=base)
        axes.set_yscale("log")
        axes.set(xlim=across, ylim=up)
        axes.set_title(title)
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.minorticks_off()

    @classmethod
    def _draw_costs_of_size(
        cls, figure: AccessibleFigure, artists: dict[str, object], main: str, other: str, grey: str
    ) -> None:
        variance, time = (figure.add_axes(_place(*box)) for box in (_VARIANCE, _TIME))
        (artists["variance theory"],) = variance.plot([], [], color=other, label="formula")
        (artists["variance measured"],) = variance.plot(
            [], [], "o", color=main, markersize=4, label="measured"
        )
        (artists["variance size"],) = variance.plot([], [], "-", color=grey, linewidth=0.9)
        (artists["time here"],) = time.plot([], [], "--", color=main, label="at this α, held")
        (artists["time best"],) = time.plot([], [], "o-", color=other, markersize=3, label="at the best α")
        (artists["time size"],) = time.plot([], [], "-", color=grey, linewidth=0.9)
        cls._logarithmic(variance, "variance of ĝ, one example's = 1", (0.8, 320), (1.5e-3, 2.5), base=2)
        cls._logarithmic(time, "time to 1 %, in examples", (0.8, 320), (30, 5e5), base=2)
        for axes in (variance, time):
            axes.set_xticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
            axes.set_xlabel("batch size S", labelpad=1)
            axes.legend(
                loc="upper right",
                borderpad=0,
                handlelength=1.6,
                labelspacing=0.15,
                borderaxespad=0.2,
            )

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: MinibatchResult
    ) -> None:
        """Bring path, curves, points and the mark of the batch size to a new result."""
        size = result.parameters.size
        artists["path"].set_data(*result.path.T)
        # Where updates are many, their dots would hide the path.
        artists["stops"].set_data(*(result.path if len(result.path) <= 100 else result.path[-1:]).T)
        for name, examples in (("updates", False), ("examples", True)):
            for line, values, count in (
                ("run", result.excess, size),
                ("expected", result.expected, size),
                ("smallest", result.smallest, 1),
                ("largest", result.largest, COUNT),
            ):
                steps = np.arange(1, len(values))
                shown = np.where(values[1:] < 1e12, values[1:], np.nan)
                artists[f"{name} {line}"].set_data(steps * count if examples else steps, shown)
        artists["variance theory"].set_data(
            SIZES, np.where(result.variance_theory, result.variance_theory, np.nan)
        )
        seen = np.where(result.variance_measured > 1e-9, result.variance_measured, np.nan)
        artists["variance measured"].set_data(SIZES, seen)
        artists["time best"].set_data(SIZES, result.time(result.updates_best))
        here = result.time(result.updates_here)
        artists["time here"].set_data(SIZES, np.where(np.isfinite(here), here, np.nan))
        # A line from the axis up to the points of this batch size.
        at = int(np.log2(size))
        highest = max(result.variance_theory[at], result.variance_measured[at])
        artists["variance size"].set_data([size, size], [1e-6, max(highest, 1e-6)])
        slowest = here[at] if np.isfinite(here[at]) else result.time(result.updates_best)[at]
        artists["time size"].set_data([size, size], [1, slowest])
        settings = result.parameters
        describe(
            figure,
            f"Minibatch lab: a run of {EPOCHS} epochs through {COUNT} digits, order {settings.order}, "
            f"schedule {settings.schedule}. {cls.explain(result)}",
        )

    @classmethod
    def explain(cls, result: MinibatchResult) -> str:
        """Say how the run ended, how noisy its gradient is, and what the batch size costs."""
        parameters = result.parameters
        size = parameters.size
        beginning = f"S = {size}, α = {_short(parameters.rate)}: "
        if result.diverged:
            beginning = f"{beginning}the run diverges after {len(result.rates)} updates"
            if np.isfinite(result.floor):
                return f"{beginning}."
            return f"{beginning}, as is to be expected: lower α, or raise S."
        updates = f"{len(result.rates)} update{'s' if len(result.rates) > 1 else ''}"
        share = result.variance_measured[int(np.log2(size))]
        times = result.time(result.updates_best)
        best = int(times.argmin())
        order = " of these sorted batches" if parameters.order == SORTED else ""
        return (
            f"{beginning}{updates} in {EPOCHS} epochs; in the last epoch {_short(result.last_epoch)} above "
            f"the lowest cost (expected at the end: {_short(result.expected[-1])}). Variance{order}: "
            f"{_short(share)} of one example's. Cheapest way to 1 %: S = {SIZES[best]} with "
            f"α = {_short(result.best_rates[best])}."
        )

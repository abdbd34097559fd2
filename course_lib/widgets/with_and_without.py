"""With and without normalisation: the loss at one rate, and the rates at which nets of any depth learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.collections import LineCollection

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.training.normalisation_nets import UNIT_NORMS
from course_lib.training.normalisation_study import (
    DEPTHS,
    RATES,
    STEPS,
    TOGETHER,
    normalisation_runs,
    usable_range,
)
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 390)
_LOSSES = (52, 40, 330, 306)
_ENDS, _RANGES = (462, 40, 358, 142), (462, 222, 358, 124)

WITHOUT = "none"
NORMS = tuple(name for name in UNIT_NORMS if name != WITHOUT)
POWERS = tuple(np.log10(RATES).round(3).tolist())
TARGETS = (0.1, 0.25, 0.5, 1.0, 1.5)
_RANGE = (0.008, 12.0)
_TICKS = ([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "≥ 10"])


@dataclass(frozen=True)
class ComparisonParameters:
    """What the hand can change.

    Attributes
    ----------
    norm : str
        One of `NORMS`.
    depth : int
        Hidden layers, one of `DEPTHS` of the study.
    power : float
        log₁₀ α, one of `POWERS`.
    target : float
        A rate works if the loss ends below this; one of `TARGETS`.
    """

    norm: str = "batch"
    depth: int = 4
    power: float = 0.0
    target: float = 0.5

    def __post_init__(self) -> None:
        for name, choices in (("norm", NORMS), ("depth", DEPTHS), ("power", POWERS), ("target", TARGETS)):
            value = getattr(self, name)
            if not isinstance(value, int | float | str) or value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, got {value!r}")

    @property
    def rate(self) -> float:
        """α."""
        return float(10.0**self.power)


@dataclass(frozen=True)
class ComparisonResult:
    """What was measured without (first) and with (second) the norm.

    Attributes
    ----------
    parameters : ComparisonParameters
    curves : ndarray of float64, shape (2, seeds, points)
        Training loss over the updates, each point the mean of eight.
    ends : ndarray of float64, shape (2, rates)
        Median over the seeds of the mean of the last 16 losses.
    ranges : ndarray of float64, shape (2, depths, 2)
        Lowest and highest rate that works; NaN where none does.
    """

    parameters: ComparisonParameters
    curves: np.ndarray
    ends: np.ndarray
    ranges: np.ndarray


def compute(parameters: ComparisonParameters) -> ComparisonResult:
    """Look the runs up among those that were made once.

    Parameters
    ----------
    parameters : ComparisonParameters

    Returns
    -------
    ComparisonResult
    """
    p = parameters
    names = list(UNIT_NORMS)
    losses = normalisation_runs().losses[[names.index(WITHOUT), names.index(p.norm)]].astype(np.float64)
    of_depth = losses[:, DEPTHS.index(p.depth)]
    ends = np.median(of_depth[..., -2:].mean(axis=-1), axis=-1)
    nothing = (np.nan, np.nan)
    ranges = [[usable_range(runs, p.target) or nothing for runs in kind] for kind in losses]
    return ComparisonResult(p, of_depth[:, POWERS.index(p.power)].copy(), ends, np.array(ranges))


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class WithAndWithout(FigurePanel):
    """Compare nets of fully connected layers with and without a norm, at each depth and rate, as measured.

    Parameters
    ----------
    **settings
        Fields of `ComparisonParameters`.
    """

    Parameters: ClassVar[type] = ComparisonParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: ComparisonParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of norms, and sliders for rate, depth and what counts as learning."""

        def sized(kind: type, name: str, label: str, width: int, options: object) -> ipywidgets.Widget:
            return kind(
                options=options,
                value=getattr(parameters, name),
                description=label,
                style={"description_width": "initial"},
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        slider = ipywidgets.SelectionSlider
        rates = tuple((tidy(10.0**power, 2), power) for power in POWERS)
        return {
            "norm": sized(ipywidgets.Dropdown, "norm", "Normalisation", 230, NORMS),
            "power": sized(slider, "power", "Rate α", 400, rates),
            "depth": sized(slider, "depth", "Hidden layers", 270, DEPTHS),
            "target": sized(slider, "target", "A rate works if the loss ends below", 420, TARGETS),
        }

    @classmethod
    def make_figure(
        cls, result: ComparisonResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the losses, where they end over the rates, and the bars of rates that work."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        colours = (ORANGE, SKY_BLUE) if dark else (VERMILLION, BLUE)
        grey = "#9aa4b2" if dark else "#7a8594"
        artists: dict[str, object] = {"curves": [], "ends": []}
        with rc_context(look(dark=dark)):
            losses, ends, ranges = (figure.add_axes(_place(*box)) for box in (_LOSSES, _ENDS, _RANGES))
            for axes in (losses, ends):
                axes.set_yscale("log")
                axes.set_ylim(*_RANGE)
                axes.minorticks_off()
                axes.set_yticks(*_TICKS)
                axes.grid(visible=True)
            for axes in (ends, ranges):
                axes.set_xscale("log")
                axes.set_xlim(RATES[0] / 1.4, RATES[-1] * 1.4)
                axes.minorticks_off()
            for number, (style, mark) in enumerate((("--", "s"), ("-", "o"))):
                colour = colours[number]
                artists["curves"] += losses.plot([], [], style, color=colour, linewidth=1.2)
                artists["ends"] += ends.plot([], [], f"{mark}{style}", color=colour, markersize=3.5)
            losses.set_xlim(0, STEPS)
            losses.set_xlabel("update", labelpad=1)
            losses.set_title("training loss at this α, from three starts")
            losses.legend(
                handles=artists["curves"], labels=["without", "with"], loc="lower left", borderaxespad=0.3
            )
            ends.set_title(f"loss after {STEPS} updates, over α")
            ends.tick_params(labelbottom=False)
            (artists["target"],) = ends.plot([], [], ":", color=grey, linewidth=1.4)
            ranges.set_title("rates that work, by hidden layers")
            ranges.set_xlabel("α", labelpad=-2)
            ranges.set_ylim(len(DEPTHS) - 0.5, -0.5)
            ranges.set_yticks(range(len(DEPTHS)), [str(depth) for depth in DEPTHS])
            ranges.tick_params(axis="y", length=0)
            ranges.grid(visible=True, axis="x")
            bars = LineCollection([], linewidths=5)
            artists["bars"] = ranges.add_collection(bars)
            artists["colours"] = [colour for _ in DEPTHS for colour in colours]
            (artists["row"],) = ranges.plot([], [], color=grey, linewidth=1)
            artists["marks"] = [axes.axvline(1, color=grey, linewidth=1.2) for axes in (ends, ranges)]
        moving = [*artists["curves"], *artists["ends"], *artists["marks"]]
        for artist in (*moving, artists["target"], artists["bars"], artists["row"]):
            artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: ComparisonResult
    ) -> None:
        """Bring curves, bars, marks and alt text to a new result."""
        p = result.parameters
        # The three runs are one line with gaps; what has diverged lies on the upper rim.
        points = np.append(TOGETHER * (np.arange(result.curves.shape[2]) + 0.5), np.nan)
        updates = np.tile(points, result.curves.shape[1])
        for kind in range(2):
            runs = _shown(result.curves[kind])
            runs = np.hstack([runs, np.full((len(runs), 1), np.nan)])
            artists["curves"][kind].set_data(updates, runs.ravel())
            artists["ends"][kind].set_data(RATES, _shown(result.ends[kind]))
        artists["target"].set_data([RATES[0] / 2, RATES[-1] * 2], [p.target] * 2)
        segments = []
        for row in range(len(DEPTHS)):
            for kind, shift in enumerate((-0.18, 0.18)):
                low, high = result.ranges[kind, row]
                # A single rate has a width, too.
                segments.append([(low / 1.1, row + shift), (high * 1.1, row + shift)])
        artists["bars"].set_segments(segments)
        artists["bars"].set_colors(artists["colours"])
        row = DEPTHS.index(p.depth)
        left, right = RATES[0] / 1.35, RATES[-1] * 1.35
        frame = [left, right, right, left, left], [row - 0.42, row - 0.42, row + 0.42, row + 0.42, row - 0.42]
        artists["row"].set_data(*frame)
        for mark in artists["marks"]:
            mark.set_xdata([p.rate, p.rate])
        describe(
            figure,
            f"Nets for digits with {p.depth} hidden layers without and with {p.norm} norm at the rate "
            f"{tidy(p.rate, 2)}: loss over {STEPS} updates, its end over 25 rates, and rates that work at "
            f"five depths. {cls.explain(result)}",
        )

    @classmethod
    def explain(cls, result: ComparisonResult) -> str:
        """Say where the loss ends at this rate, and which rates work."""
        p = result.parameters
        at, row = POWERS.index(p.power), DEPTHS.index(p.depth)
        said = []
        for kind, name in enumerate(("Without a norm", f"With {p.norm} norm")):
            end, (low, high) = result.ends[kind, at], result.ranges[kind, row]
            # Far above guessing: nothing has been learnt, and it goes on growing.
            ended = f"ends at {tidy(end, 2)}" if end < _RANGE[1] else "diverges"
            span = "no rate works" if np.isnan(low) else _span(low, high)
            said.append(f"{name} the loss {ended} at α = {tidy(p.rate, 2)}; {span}.")
        return " ".join(said)


def _shown(losses: np.ndarray) -> np.ndarray:
    """Keep losses inside the picture; what is no number has diverged."""
    return np.clip(np.nan_to_num(losses, nan=np.inf, posinf=_RANGE[1]), *_RANGE)


def _span(low: float, high: float) -> str:
    # The first and the last rate that were tried say nothing about those beyond.
    below = "" if low > RATES[0] * 1.01 else "or below "
    above = "" if high < RATES[-1] / 1.01 else " or above"
    return f"rates that work: {below}{tidy(low, 2)} to {tidy(high, 2)}{above}, a factor of {high / low:,.0f}"

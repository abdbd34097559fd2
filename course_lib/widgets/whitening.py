"""The whitening widget: centre, scale, turn and divide a cloud; see it and its covariance after each step."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.ticker import MaxNLocator

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SIGNED, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.quick_image import show_quickly
from course_lib.widgets.whitening_steps import (
    DIVISORS,
    LARGEST_EPS,
    SMALLEST_EPS,
    STAGES,
    WhiteningParameters,
    WhiteningResult,
    compute,
)

# Where things stand in the figure, in pixels.
_FIGURE = (832, 330)
_LEFT, _TOP, _SIDE, _APART = 34, 30, 138, 162
_CELLS = (26, 204, 86, 62)
_CONDITION = 298

_MEASURED = (-3.5, 10.0)
# How far the later clouds may reach; the smallest that holds nearly all of a cloud is taken.
_REACHES = (5.0, 7.0, 12.0, 25.0, 60.0, 200.0, 1000.0, 10000.0)
_WHITE = 0.02
# A covariance of this size has the darkest colour, half of the scale: black numbers can be read on it.
_DARKEST = 2.0
# Two numbers of three digits, as wide with a sign as without, stand in the middles of their cells.
_NUMBERS = {"ha": "center", "va": "center_baseline", "color": "#111111"}
_GAP = "\N{EN SPACE}"


def _place(left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _short(value: float) -> str:
    if not np.isfinite(value):
        return "∞"
    text = f"{value:.2f}" if abs(value) < 99.995 else f"{value:.0f}" if abs(value) < 1e7 else f"{value:.0e}"
    return text.replace("-0.00", "0.00").replace("-", "−")


def _signed(value: float) -> str:
    text = _short(value)
    return text if text.startswith("−") else f" {text} "


def _limits(stage: int, result: WhiteningResult) -> tuple[float, float]:
    if stage == 0 or (stage == 1 and not result.parameters.centre):
        return _MEASURED
    farthest = np.percentile(np.abs(result.clouds[stage]).max(axis=1), 98)
    if stage == 1:
        # As wide as the picture of the cloud as measured: centring changes no distance.
        farthest = max(farthest, (_MEASURED[1] - _MEASURED[0]) / 2 - 0.25)
    reach = next((reach for reach in _REACHES if reach >= farthest), _REACHES[-1])
    return -reach, reach


class Whitening(FigurePanel):
    """Prepare a cloud of two features step by step; each picture has the covariance of its cloud below it.

    Parameters
    ----------
    **settings
        Fields of `WhiteningParameters`.
    """

    Parameters: ClassVar[type] = WhiteningParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: WhiteningParameters) -> dict[str, ipywidgets.Widget]:
        """Make sliders for the cloud and ε, a box to tick for each step, and a list of divisors."""
        style = {"description_width": "initial"}

        def slider(
            name: str, label: str, low: float, high: float, step: float, width: int
        ) -> ipywidgets.FloatSlider:
            return ipywidgets.FloatSlider(
                getattr(parameters, name),
                min=low,
                max=high,
                step=step,
                description=label,
                readout_format=".1f" if step == 0.5 else ".2f",
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        controls: dict[str, ipywidgets.Widget] = {
            "correlation": slider("correlation", "Correlation", -1, 1, 0.05, 260),
            "noise": slider("noise", "Noise", 0, 1, 0.05, 230),
            "unit": slider("unit", "Unit of the second feature", 0.1, 2, 0.1, 320),
        }
        for name, label, width in (
            ("centre", "centre", 74),
            ("scale", "scale", 66),
            ("turn", "turn (PCA)", 98),
            ("divide", "divide", 74),
        ):
            controls[name] = ipywidgets.Checkbox(
                getattr(parameters, name),
                description=label,
                indent=False,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )
        controls["divisor"] = ipywidgets.Dropdown(
            options=DIVISORS,
            value=parameters.divisor,
            description="by",
            style=style,
            layout=ipywidgets.Layout(width="150px"),
        )
        controls["power"] = slider("power", "log₁₀ ε", SMALLEST_EPS, LARGEST_EPS, 0.5, 240)
        return controls

    @classmethod
    def still_part(cls, result: WhiteningResult) -> object:
        """Axes, numbers and titles stay while every cloud keeps to its limits, and no box is ticked."""
        limits = [_limits(stage, result) for stage in range(len(STAGES))]
        return *cls._stage_names(result)[:-1], *limits

    @classmethod
    def make_figure(
        cls, result: WhiteningResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make five clouds with their principal axes, their covariances and condition numbers."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        colours = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        ink = "#F4F4F4" if dark else "#111111"
        groups = ("charts", "upper", "lower", "cross", "cells", "numbers", "titles", "conditions")
        artists: dict[str, object] = {name: [] for name in groups}
        with rc_context(look(dark=dark)):
            for stage in range(len(STAGES)):
                left = _LEFT + stage * _APART
                chart = figure.add_axes(_place(left, _TOP, _SIDE, _SIDE))
                origin = [line(0, color="#888888", linewidth=0.6) for line in (chart.axhline, chart.axvline)]
                for axis in (chart.xaxis, chart.yaxis):
                    axis.set_major_locator(MaxNLocator(4, integer=True, prune="both"))
                # The cloud as measured always has the same axes.
                if stage > 0:
                    change_now_and_then(chart.xaxis, chart.yaxis, *origin)
                style = {"linestyle": "", "markersize": 2.6, "markeredgewidth": 0}
                artists["upper"] += chart.plot([], [], "o", color=colours[0], **style)
                artists["lower"] += chart.plot([], [], "^", color=colours[1], **style)
                artists["cross"] += chart.plot([], [], color=ink, linewidth=1.6, solid_capstyle="butt")
                artists["titles"].append(chart.set_title(""))
                artists["charts"].append(chart)
                across, top, width, height = _CELLS
                matrix = figure.add_axes(_place(left + across, top, width, height))
                matrix.set_xticks([])
                matrix.set_yticks([])
                shades = {"cmap": SIGNED, "vmin": -2 * _DARKEST, "vmax": 2 * _DARKEST}
                artists["cells"].append(show_quickly(matrix, np.zeros((2, 2)), aspect="auto", **shades))
                # A text a row, not a number: words take longest of all.
                artists["numbers"].append([matrix.text(0.5, row, "", **_NUMBERS) for row in range(2)])
                # In the axes, not in the figure: a static picture leaves out what is animated there.
                below = {"transform": matrix.transAxes, "ha": "center", "va": "center"}
                share = (_CELLS[1] + _CELLS[3] - _CONDITION) / _CELLS[3]
                artists["conditions"].append(matrix.text(0.5, share, "", **below))
            for label, height in (("Σ", _CELLS[1] + _CELLS[3] / 2), ("κ", _CONDITION)):
                figure.text(0.018, 1 - height / _FIGURE[1], label, ha="center", va="center", fontsize=11)
        moving = [artist for name in groups[1:5] for artist in artists[name]]
        # Only the last title holds a number; the others change with the boxes.
        change_now_and_then(*artists["titles"][1:-1])
        moving += [artists["titles"][-1], *artists["conditions"]] + [
            n for two in artists["numbers"] for n in two
        ]
        for artist in moving:
            artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: WhiteningResult
    ) -> None:
        """Bring clouds, axes, covariances, condition numbers and alt text to a new result."""
        for stage, name in enumerate(cls._stage_names(result)):
            cloud, chart = result.clouds[stage], artists["charts"][stage]
            artists["upper"][stage].set_data(*cloud[result.upper].T)
            artists["lower"][stage].set_data(*cloud[~result.upper].T)
            arms = 2 * np.sqrt(result.variances[stage]) * result.axes[stage]
            middle = result.means[stage][:, None]
            gap = np.full((2, 1), np.nan)
            line = np.hstack([middle - arms[:, :1], middle + arms[:, :1], gap])
            line = np.hstack([line, middle - arms[:, 1:], middle + arms[:, 1:]])
            artists["cross"][stage].set_data(*line)
            limits = _limits(stage, result)
            chart.set_xlim(limits)
            chart.set_ylim(limits)
            artists["titles"][stage].set_text(name)
            covariance = result.covariances[stage]
            artists["cells"][stage].set_data(np.clip(covariance, -_DARKEST, _DARKEST))
            for text, row in zip(artists["numbers"][stage], covariance):
                text.set_text(_GAP.join(_signed(value) for value in row))
            artists["conditions"][stage].set_text(_short(result.conditions[stage]))
        p = result.parameters
        describe(
            figure,
            f"Whitening a cloud of two features of correlation {p.correlation:.2f} and noise {p.noise:.2f}, "
            f"step by step: {', '.join(cls._stage_names(result))}. {cls.explain(result)}",
        )

    @staticmethod
    def _stage_names(result: WhiteningResult) -> list[str]:
        p = result.parameters
        taken = (True, p.centre, p.scale, p.turn, p.divide)
        mantissa, power = f"{p.eps:.0e}".split("e")
        divisor = f"(λ + {mantissa}e{int(power)})".replace("-", "−")
        names = [*STAGES[:4], f"÷ √{divisor}" if p.divisor == DIVISORS[0] else f"÷ {divisor}"]
        return [name if done else f"not {name}" for name, done in zip(names, taken)]

    @classmethod
    def explain(cls, result: WhiteningResult) -> str:
        """Say whether the last cloud is white, and what became of the condition number."""
        (a, b), (_, c) = result.covariances[-1]
        before, after = result.conditions[[0, -1]]
        why = []
        if abs(b) > _WHITE:
            why.append("its features are still correlated")
        if max(abs(a - 1), abs(c - 1)) > _WHITE:
            why.append("its variances are not 1")
        if np.abs(result.means[-1]).max() > _WHITE:
            why.append("its mean is not 0")
        verdict = f"not white: {', '.join(why)}" if why else "white: covariance 1, mean 0"
        return f"The last cloud is {verdict}. Condition number: from {_short(before)} to {_short(after)}."

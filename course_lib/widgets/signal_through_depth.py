"""The depth widget: what becomes of a signal, and of a gradient, in a deep net that was just drawn."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from course_lib.nn.mean_field import UNITS
from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.signal_through_depth_nets import (
    DEEPEST,
    DRAWS,
    LARGEST_GAIN,
    ROWS,
    RULES,
    WIDTHS,
    DepthParameters,
    DepthResult,
    compute,
)

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 424)
_VALUES = (48, 34, 224, 346)
_SIZES = (292, 34, 224, 346)
_LINES = (574, 46, 246, 206)
_SILENT = (574, 300, 246, 80)

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SATURATING = ("tanh", "sigmoid")
# Largest factor a layer -> what becomes of a signal: ten layers at 0.7 leave 3 %, at 0.95 60 %.
_FATES = ((0.7, "vanish"), (0.95, "shrink slowly"), (1.05, "keep their size"), (1.4, "grow slowly"))
_FATES += ((float("inf"), "explode"),)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _power(value: float, _: object = None) -> str:
    return f"10{f'{value:g}'.translate(_RAISED)}"


def _per_layer(values: np.ndarray) -> float:
    """Give the geometric mean of the factors from each value to the next; NaN where there is nothing."""
    if values[0] <= 0 or values[-1] <= 0:
        return float("nan")
    return float((values[-1] / values[0]) ** (1 / (len(values) - 1)))


def _fate(factor: float) -> str:
    return next(fate for most, fate in _FATES if factor <= most)


class SignalThroughDepth(FigurePanel):
    """Draw the weights of a deep net, send real digits through it and a gradient back; compare with theory.

    Parameters
    ----------
    **settings
        Fields of `DepthParameters`.
    """

    Parameters: ClassVar[type] = DepthParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: DepthParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists of units and rules, and sliders for gain, depth, width and draw."""
        style = {"description_width": "initial"}

        def listed(label: str, name: str, options: tuple, width: int) -> ipywidgets.Dropdown:
            return ipywidgets.Dropdown(
                options=options,
                value=getattr(parameters, name),
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        def slider(label: str, name: str, low: int, high: int, width: int) -> ipywidgets.IntSlider:
            return ipywidgets.IntSlider(
                getattr(parameters, name),
                min=low,
                max=high,
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        return {
            "activation": listed("Units", "activation", tuple(UNITS), 160),
            "rule": listed("Variance of the weights", "rule", tuple(RULES), 380),
            "draw": slider("Draw", "draw", 1, DRAWS, 230),
            "gain": ipywidgets.FloatSlider(
                parameters.gain,
                min=0.1,
                max=LARGEST_GAIN,
                step=0.05,
                description="Gain",
                style=style,
                layout=ipywidgets.Layout(width="250px"),
            ),
            "depth": slider("Depth", "depth", 2, DEEPEST, 250),
            "width": ipywidgets.SelectionSlider(
                options=WIDTHS,
                value=parameters.width,
                description="Width",
                style=style,
                layout=ipywidgets.Layout(width="230px"),
            ),
        }

    @classmethod
    def still_part(cls, result: DepthResult) -> object:
        """Axes and their numbers stay while room for layers, units and powers of ten do."""
        return result.reach, result.parameters.activation, *result.powers.tolist()

    @classmethod
    def make_figure(cls, result: DepthResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the histograms, the variances with their theory, and the share of silent units."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        forward, backward = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        ink = "#E8E8E8" if dark else "#222222"
        artists: dict[str, object] = {}
        with rc_context(look(dark=dark)):
            for name, place, colour in (("values", _VALUES, forward), ("sizes", _SIZES, backward)):
                axes = artists[f"{name} axes"] = figure.add_axes(_place(*place))
                axes.spines["left"].set_visible(False)
                axes.tick_params(axis="y", length=0)
                axes.set_ylim(ROWS - 0.9, -1.05)
                axes.set_yticks([])
                hills = PolyCollection([], facecolors=colour, alpha=0.75, edgecolors=ink, linewidths=0.6)
                artists[name] = axes.add_collection(hills)
            # Words of their own and not the axis', which would have to be set again with each layer.
            artists["rows"] = [
                artists["values axes"].text(
                    -0.015,
                    row,
                    "",
                    ha="right",
                    va="center",
                    fontsize=8,
                    transform=artists["values axes"].get_yaxis_transform(),
                )
                for row in range(ROWS)
            ]
            artists["values axes"].set_title("activations h, layer by layer")
            artists["values axes"].xaxis.set_major_locator(MaxNLocator(5))
            artists["sizes axes"].set_title("size of their gradients, |∂J/∂h|")
            artists["sizes axes"].xaxis.set_major_formatter(FuncFormatter(_power))
            artists["sizes axes"].xaxis.set_major_locator(MaxNLocator(4, integer=True))
            lines = artists["lines axes"] = figure.add_axes(_place(*_LINES))
            style = {"linestyle": "", "markersize": 5}
            (artists["theory"],) = lines.plot([], [], color=forward, linewidth=1.4)
            (artists["gradient theory"],) = lines.plot([], [], "--", color=backward, linewidth=1.4)
            (artists["variance"],) = lines.plot([], [], "o", color=forward, label="activations", **style)
            (artists["gradient"],) = lines.plot([], [], "^", color=backward, label="gradients", **style)
            lines.yaxis.set_major_formatter(FuncFormatter(_power))
            lines.yaxis.set_major_locator(MaxNLocator(6, integer=True))
            lines.grid(visible=True)
            named = Line2D([], [], color=ink, linewidth=1.4, label="theory")
            handles = [artists["variance"], artists["gradient"], named]
            lines.legend(
                handles=handles,
                loc="lower left",
                bbox_to_anchor=(-0.04, 0.98),
                ncols=3,
                borderpad=0.1,
                columnspacing=1.2,
                handletextpad=0.3,
            )
            figure.text(_LINES[0] / _FIGURE[0], 1 - 16 / _FIGURE[1], "variance in each layer", fontsize=10)
            silent = artists["silent axes"] = figure.add_axes(_place(*_SILENT))
            (artists["silent"],) = silent.plot([], [], "s-", color=ink, markersize=3.5, linewidth=1)
            silent.set_ylim(-6, 106)
            silent.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
            silent.grid(visible=True)
            artists["silent title"] = silent.set_title("")
            for axes in (silent, lines):
                axes.xaxis.set_major_locator(MultipleLocator(4))
            lines.tick_params(labelbottom=False)
            silent.set_xlabel("layer", labelpad=1)
        for name in ("values", "sizes", "theory", "gradient theory", "variance", "gradient", "silent"):
            artists[name].set_animated(True)
        for artist in (artists["silent title"], *artists["rows"]):
            artist.set_animated(True)
        changing = [artists[f"{name} axes"] for name in ("values", "sizes", "lines", "silent")]
        change_now_and_then(*(axis for axes in changing for axis in (axes.xaxis, axes.yaxis)))
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: DepthResult) -> None:
        """Bring histograms, lines, axes and alt text to a new result."""
        parameters, (low, high) = result.parameters, result.powers
        layers = np.arange(1, parameters.depth + 1)
        for name, edges, shares in (
            ("values", result.activation_edges, result.activation_shares),
            ("sizes", result.gradient_edges, result.gradient_shares),
        ):
            artists[name].set_verts(_hills(edges, shares))
            axes, room = artists[f"{name} axes"], 0.02 * (edges[-1] - edges[0])
            axes.set_xlim(edges[0] - room, edges[-1] + room)
        if artists.get("reach") != result.reach:
            artists["reach"] = result.reach
            for name in ("lines axes", "silent axes"):
                artists[name].set_xlim(0.5, result.reach + 0.5)
        for number, words in enumerate(artists["rows"]):
            words.set_text(str(result.rows[number]) if number < len(result.rows) else "")
        with np.errstate(divide="ignore"):
            for name, values in (
                ("theory", result.variance_theory),
                ("gradient theory", result.gradient_theory),
                ("variance", result.variance),
                ("gradient", result.gradient),
            ):
                artists[name].set_data(layers, np.clip(np.log10(values), low, high))
        artists["silent"].set_data(layers, 100 * result.silent)
        margin = 0.03 * (high - low)
        artists["lines axes"].set_ylim(low - margin, high + margin)
        title = _silent_title(parameters.activation)
        artists["silent title"].set_text(title)
        describe(
            figure,
            f"Signal through depth: {parameters.depth} layers of {parameters.width} {parameters.activation} "
            f"units, weights of variance {parameters.rule}, gain {parameters.gain:.2f}. "
            f"{cls.explain(result)} In the last layer, {title}: {100 * result.silent[-1]:.0f} %.",
        )

    @classmethod
    def explain(cls, result: DepthResult) -> str:
        """Say what becomes of activations and gradients, as measured and as predicted."""
        said = []
        for name, measured, theory, nothing in (
            ("Activations", result.variance, result.variance_theory, "are all alike"),
            ("Gradients", result.gradient[::-1], result.gradient_theory[::-1], "are 0 below the last layer"),
        ):
            factor, predicted = _per_layer(measured), _per_layer(theory)
            if np.isnan(factor):
                said.append(f"{name} {nothing}.")
            else:
                numbers = f"variance × {factor:.2g} a layer (theory × {predicted:.2g})"
                said.append(f"{name} {_fate(factor)}: {numbers}.")
        return " ".join(said)


def _silent_title(activation: str) -> str:
    if activation in _SATURATING:
        return "saturated values"
    if activation == "linear":
        return "saturated or dead: linear units never"
    return "units not above 0 for any digit"


def _hills(edges: np.ndarray, shares: np.ndarray) -> list[np.ndarray]:
    """Outline each histogram; heights are roots of the shares, so that tails can be seen beside a peak."""
    x = np.repeat(edges, 2)
    found = []
    for row, share in enumerate(shares):
        heights = np.sqrt(share / share.max())
        y = row - 0.92 * np.concatenate([[0], np.repeat(heights, 2), [0]])
        found.append(np.column_stack([x, y]))
    return found

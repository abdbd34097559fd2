"""The size accountant: units, weights and connections of a net's layers, and what other layers would cost."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.counted_layers import (
    CONVOLUTIONS,
    FULL,
    LIMITS,
    NETS,
    OWN,
    SizeParameters,
    SizeResult,
    compute,
)
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.figure_view import change_now_and_then

# Where things stand in the figure, in pixels.
_FIGURE = (832, 390)
_LEFTS, _TOP, _WIDTH, _HEIGHT = (64, 322, 580), 46, 190, 336
_ROWS = 16
_QUANTITIES = ("units", "weights", "connections")


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def short_count(number: int) -> str:
    """Write a count with three digits and a unit: 61.5 k, 138 M, 15.5 G.

    Parameters
    ----------
    number : int
        Not negative.
    """
    for size, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            value = number / size
            return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {letter}"
    return str(number)


class SizeAccountant(FigurePanel):
    """Count a net's layers; replace its convolutions by separable or by fully connected layers.

    Parameters
    ----------
    **settings
        Fields of `SizeParameters`.
    """

    Parameters: ClassVar[type] = SizeParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: SizeParameters) -> dict[str, ipywidgets.Widget]:
        """Make drop-downs for the net and its convolutions, and sliders that lead to the own net."""
        style = {"description_width": "initial"}

        def drop_down(label: str, names: tuple[str, ...], value: str, width: int) -> ipywidgets.Dropdown:
            layout = ipywidgets.Layout(width=f"{width}px")
            return ipywidgets.Dropdown(
                options=names, value=value, description=label, layout=layout, style=style
            )

        controls: dict[str, ipywidgets.Widget] = {
            "net": drop_down("Net", (*NETS, OWN), parameters.net, 200),
            "convolution": drop_down("Its convolutions are", CONVOLUTIONS, parameters.convolution, 390),
        }
        labels = {
            "side": "Own net: side of the images",
            "depth": "convolutions",
            "width": "channels of the first",
            "kernel": "kernel",
        }
        for (name, label), width in zip(labels.items(), (400, 280, 330, 240)):
            low, high = LIMITS[name]
            controls[name] = ipywidgets.IntSlider(
                getattr(parameters, name),
                min=low,
                max=high,
                step=2 if name == "kernel" else 4 if name in ("side", "width") else 1,
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )
        return controls

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Count the own net as soon as the hand changes it."""
        return settings | {"net": OWN} if changed in LIMITS else settings

    @classmethod
    def still_part(cls, result: SizeResult) -> object:
        """The names of the layers."""
        return result.names

    @classmethod
    def make_figure(cls, result: SizeResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make a column of bars for each of the three quantities, a row for each layer."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        artists: dict[str, object] = {"axes": [], "bars": {}, "numbers": {}, "titles": {}}
        colours = (SKY_BLUE if dark else BLUE, VERMILLION)
        artists["colours"] = colours
        rows = np.arange(_ROWS)
        with rc_context(look(dark=dark)):
            for name, left in zip(_QUANTITIES, _LEFTS):
                axes = figure.add_axes(_place(left, _TOP, _WIDTH, _HEIGHT), xticks=[], yticks=[])
                axes.spines["bottom"].set_visible(False)
                axes.set_xlim(0, 1)
                artists["axes"].append(axes)
                artists["bars"][name] = axes.barh(rows, np.zeros(_ROWS), 0.7)
                artists["numbers"][name] = [axes.text(0, row, "", va="center", fontsize=8) for row in rows]
                artists["titles"][name] = axes.text(0, 1.015, "", transform=axes.transAxes, fontsize=10)
                if name == _QUANTITIES[0]:
                    artists["names"] = [
                        axes.text(-0.04, row, "", va="center", ha="right", fontsize=9) for row in rows
                    ]
            label = "Bars: share of the column's total. Blue: convolutions, orange: the fully connected end."
            figure.text(8 / _FIGURE[0], 1 - 6 / _FIGURE[1], label, va="top", fontsize=9)
        for name in _QUANTITIES:
            for artist in (*artists["bars"][name], *artists["numbers"][name], artists["titles"][name]):
                artist.set_animated(True)
        change_now_and_then(*artists["names"])
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: SizeResult) -> None:
        """Bring names, bars, numbers and totals to a new result."""
        names = [*result.names, *[""] * (_ROWS - len(result.names))]
        for text, name in zip(artists["names"], names):
            text.set_text(name)
        # Fewer layers have more room each.
        for axes in artists["axes"]:
            axes.set_ylim(max(len(result.names), _ROWS // 2) - 0.4, -0.6)
        for quantity, values in result.counts.items():
            total = int(values.sum())
            artists["titles"][quantity].set_text(f"{quantity}: {short_count(total)}")
            for row, (bar, number) in enumerate(zip(artists["bars"][quantity], artists["numbers"][quantity])):
                there = row < len(values)
                bar.set_visible(there)
                number.set_visible(there)
                if there:
                    share = float(values[row] / total)
                    bar.set_width(share)
                    bar.set_facecolor(artists["colours"][int(result.fully_connected[row])])
                    number.set_x(share + 0.02)
                    number.set_text(short_count(int(values[row])))
        describe(figure, f"Size accountant: {cls._settings(result)} {cls.explain(result)}")

    @staticmethod
    def _settings(result: SizeResult) -> str:
        parameters = result.parameters
        own = f" of {parameters.depth} convolutions" if parameters.net == OWN else ""
        layers = f"convolutions {parameters.convolution}; {len(result.names)} layers with weights"
        return f"{parameters.net}{own}, {layers}."

    @classmethod
    def explain(cls, result: SizeResult) -> str:
        """Say where most of each quantity is, and what the replaced convolutions cost or save."""
        shares = {
            name: values[~result.fully_connected].sum() / values.sum()
            for name, values in result.counts.items()
        }
        said = ", ".join(f"{100 * share:.3g} % of the {name}" for name, share in shares.items())
        beginning = (
            f"The convolutions hold {said}."
            if result.parameters.convolution == FULL
            else (f"What stands for the convolutions holds {said}.")
        )
        if result.parameters.convolution == FULL:
            total = short_count(3 * int(result.connections.sum()))
            return (
                f"{beginning} A training step takes about 3 × connections = {total} multiply-adds an image."
            )
        usual = compute(replace(result.parameters, convolution=FULL))
        ratios = [
            getattr(result, name)[~result.fully_connected].sum()
            / getattr(usual, name)[~usual.fully_connected].sum()
            for name in ("weights", "connections")
        ]
        return (
            f"{beginning} Against full convolutions they take {_times(ratios[0])} the weights and "
            f"{_times(ratios[1])} the connections."
        )


def _times(ratio: float) -> str:
    """Write a ratio with three digits, and without an exponent."""
    digits = max(0, 2 - int(np.floor(np.log10(ratio))))
    return f"{round(ratio, 2 - int(np.floor(np.log10(ratio)))):,.{digits}f} times"

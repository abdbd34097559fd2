"""How the runners of the optimiser race are told apart: by colour, by dashes and by the mark at the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import Affine2D

from course_lib.plots.palette import BLUE, GREEN, ORANGE, PURPLE, SKY_BLUE, VERMILLION, YELLOW
from course_lib.widgets.optimiser_race_runs import RUNNERS

_GREY = "#707070"
# Those that would be too dim on a dark page; a brighter blue there would be taken for the other one.
_ON_DARK = {_GREY: "#B8B8B8", BLUE: YELLOW}
# Where each entry of the key begins; how long its line is, where its name begins, and how high, in pixels.
_PLACES = (56, 131, 247, 348, 449, 604, 688)
_LINE, _NAME, _FOOT = 27, 36, 17
# What is left of those who do not run: of their colour, and the colour of their names.
_PALE = 0.25
_PALE_INK = {False: "#b4b4b4", True: "#5e5e5e"}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Look(NamedTuple):
    colour: str
    dashes: object
    marker: str


_LOOKS = {
    name: _Look(*parts)
    for name, *parts in zip(
        RUNNERS,
        (_GREY, SKY_BLUE, ORANGE, GREEN, PURPLE, BLUE, VERMILLION),
        ("-", (0, (6, 1.5)), (0, (4, 1, 1, 1)), (0, (1.5, 1)), (0, (3, 1)), "-", (0, (2, 1))),
        "osD^vPX",
    )
}


def _styled(name: str, *, dark: bool) -> dict[str, object]:
    its = _LOOKS[name]
    colour = _ON_DARK.get(its.colour, its.colour) if dark else its.colour
    return {"color": colour, "linestyle": its.dashes, "label": name}


def runner_lines(axes: Axes, *, dark: bool, ends: bool = False) -> list[Line2D]:
    """Make an empty line for each runner, to be animated; with `ends` a mark stands at its last point."""
    lines = []
    for name in RUNNERS:
        (line,) = axes.plot([], [], linewidth=1.6, **_styled(name, dark=dark))
        if ends:
            edge = "#111111" if dark else "#ffffff"
            line.set(marker=_LOOKS[name].marker, markersize=8, markevery=[-1], markeredgecolor=edge, zorder=4)
        line.set_animated(True)
        lines.append(line)
    return lines


class RunnerKey:
    """The names of all runners in a row at the foot of a figure, grey for those who do not run.

    It is no legend of matplotlib's: that takes as long to draw as all lines together, and changes as a whole.

    Parameters
    ----------
    figure : Figure
        832 pixels wide, at 100 of them an inch.
    dark : bool
        Whether it is for a dark page.

    Attributes
    ----------
    lines, names : list
        The line with its mark, and the name, of each runner.
    """

    def __init__(self, figure: Figure, *, dark: bool) -> None:
        place = Affine2D().scale(0.01) + figure.dpi_scale_trans
        self._inks = {True: rcParams["text.color"], False: _PALE_INK[dark]}
        self.lines: list[Line2D] = []
        self.names: list[Text] = []
        for name, left in zip(RUNNERS, _PLACES):
            across = [left, left + _LINE / 2, left + _LINE]
            line = Line2D(across, [_FOOT] * 3, transform=place, linewidth=1.5, **_styled(name, dark=dark))
            line.set(marker=_LOOKS[name].marker, markersize=7, markevery=[1])
            self.lines.append(figure.add_artist(line))
            size = rcParams["legend.fontsize"]
            self.names.append(figure.text(left + _NAME, _FOOT - 4, name, transform=place, fontsize=size))

    def show(self, runners: tuple[str, ...]) -> None:
        """Turn those grey who are not among `runners`."""
        for name, line, word in zip(RUNNERS, self.lines, self.names):
            line.set_alpha(1 if name in runners else _PALE)
            word.set_color(self._inks[name in runners])


def logarithmic(axes: Axes) -> None:
    """Give axes a logarithmic vertical axis with few ticks."""
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(numticks=5))
    axes.yaxis.set_major_formatter(FuncFormatter(_power_of_ten))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_label_coords(0, 0.5)
    axes.grid(visible=True)


def _power_of_ten(value: float, _: object) -> str:
    # Not matplotlib's own, which sets formulas and takes long for it.
    return "10" + f"{np.log10(value):.0f}".translate(_SUPERSCRIPTS)

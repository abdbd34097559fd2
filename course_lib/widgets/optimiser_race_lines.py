"""How the runners of the optimiser race are told apart: by colour, by dashes and by the mark at the end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from course_lib.plots.palette import BLUE, GREEN, ORANGE, PURPLE, SKY_BLUE, VERMILLION, YELLOW
from course_lib.widgets.optimiser_race_runs import RUNNERS

_GREY = "#707070"
# Those that would be too dim on a dark page; a brighter blue there would be taken for the other one.
_ON_DARK = {_GREY: "#B8B8B8", BLUE: YELLOW}
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


def runner_legend(figure: Figure, *, dark: bool) -> None:
    """Name the runners in a row at the foot of a figure."""
    handles = [
        Line2D([], [], marker=_LOOKS[name].marker, markersize=7, **_styled(name, dark=dark))
        for name in RUNNERS
    ]
    figure.legend(
        handles=handles, loc="lower center", ncols=len(handles), columnspacing=1.4, handlelength=2.4
    )


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

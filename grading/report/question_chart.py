"""Difficulty against discrimination as inline SVG: a numbered point for every question."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from grading.report.questions import Question

_WIDTH, _HEIGHT = 760, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 22, 50
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_RADIUS = 11
_TURN = 2.4  # radians between tries: neighbouring tries never line up


def question_chart(questions: Sequence[Question]) -> Markup:
    """Return an SVG of how hard each question is, and how well it tells strong from weak students.

    Parameters
    ----------
    questions : sequence of Question
        Those without a discrimination are not drawn.

    Returns
    -------
    Markup
        Coloured by the page's style sheet. Points that would cover each other are moved aside, with a line to
        where they belong; the table beside the chart has the numbers.
    """
    drawn = [item for item in questions if not math.isnan(item.discrimination)]
    floor = min(-0.2, math.floor(5 * min((item.discrimination for item in drawn), default=0)) / 5)
    title = (
        f"Difficulty and discrimination of {len(drawn)} questions, by their number in the table below"
        if drawn
        else "No question tells students apart yet"
    )
    parts = [
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="questions-chart">'
        f'<title id="questions-chart">{title}</title>',
        *_axes(floor),
        *_points(drawn, floor),
        "</svg>",
    ]
    return Markup("".join(parts))


def _x(share: float) -> float:
    return _LEFT + _PLOT_WIDTH * share


def _y(discrimination: float, floor: float) -> float:
    return _TOP + _PLOT_HEIGHT * (1 - discrimination) / (1 - floor)


def _axes(floor: float) -> Iterator[str]:
    bottom = _TOP + _PLOT_HEIGHT
    for step in range(0, 101, 20):
        x = _x(step / 100)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>'
        yield f'<text class="axis" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{step} %</text>'
    for step in range(round(5 * floor), 6):
        value, y = step / 5, _y(step / 5, floor)
        kind = "base" if step == 0 else "grid"
        yield f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="axis" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_minus(value)}</text>'
    middle = _LEFT + _PLOT_WIDTH / 2
    words = "hard  ←  mean share of the points  →  easy"
    yield f'<text class="axis" x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">{words}</text>'
    turned = f"translate(14 {_TOP + _PLOT_HEIGHT / 2}) rotate(-90)"
    yield f'<text class="axis" transform="{turned}" text-anchor="middle">goes with the rest</text>'


def _minus(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _points(drawn: Sequence[Question], floor: float) -> Iterator[str]:
    taken: list[tuple[float, float]] = []
    lines, marks = [], []
    for item in drawn:
        x, y = _x(item.difficulty), _y(item.discrimination, floor)
        place = _free_place(x, y, taken)
        taken.append(place)
        if place != (x, y):
            lines.append(
                f'<line class="leader" x1="{x:.1f}" y1="{y:.1f}" x2="{place[0]:.1f}" y2="{place[1]:.1f}"/>'
                f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
            )
        marks.append(
            f'<g class="point"><circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{_RADIUS}"/>'
            f'<text x="{place[0]:.1f}" y="{place[1] + 4:.1f}">{item.number}</text></g>'
        )
    yield from lines
    yield from marks


def _free_place(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the first place on a spiral from (x, y) that touches no other point and stays in the plot."""
    for step in range(400):
        reach = 2.2 * _RADIUS * math.sqrt(step / 6)
        place = x + reach * math.cos(_TURN * step), y + reach * math.sin(_TURN * step)
        inside = _LEFT <= place[0] <= _WIDTH - _RIGHT and _TOP <= place[1] <= _TOP + _PLOT_HEIGHT
        free = all(math.dist(place, other) >= 2 * _RADIUS + 1 for other in taken)
        if free and (inside or step == 0):
            return place
    return x, y

"""The distribution of scores as inline SVG, with its numbers on the bars."""

from __future__ import annotations

import math
from collections.abc import Iterator

from markupsafe import Markup

from grading.report.statistics import Bin, ClassStatistics

_WIDTH, _HEIGHT = 760, 308
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 24, 52, 48
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_FLOOR = _TOP + _PLOT_HEIGHT
_TICK_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def score_histogram(statistics: ClassStatistics) -> Markup:
    """Return an SVG of how many students got how many points.

    Parameters
    ----------
    statistics : ClassStatistics
        Bins, mean and median.

    Returns
    -------
    Markup
        Coloured by the page's style sheet; every bar carries its count, mean and median their values.
    """
    most = max(1, *(item.count for item in statistics.bins))
    parts = [
        f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="histogram-title"><title id="histogram-title">{_summary(statistics)}</title>',
        *_grid(most),
        *_bars(statistics.bins, most),
        *_axis(statistics.bins),
        *_marks(statistics),
        *_counts(statistics.bins, most),
        "</svg>",
    ]
    return Markup("".join(parts))


def bin_label(item: Bin, last: bool) -> str:
    """Return the range of a bin in words: ``"4 to under 8"``, or ``"40 to 44"`` for the last one."""
    return f"{item.low:g} to {item.high:g}" if last else f"{item.low:g} to under {item.high:g}"


def _x(score: float, end: float) -> float:
    return _LEFT + _PLOT_WIDTH * score / end


def _y(count: float, most: int) -> float:
    return _TOP + _PLOT_HEIGHT * (1 - count / most)


def _grid(most: int) -> Iterator[str]:
    step = next((step for step in _TICK_STEPS if most / step <= 5), most)
    for count in range(0, most + 1, step):
        y = _y(count, most)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="axis" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{count}</text>'


def _bars(bins: tuple[Bin, ...], most: int) -> Iterator[str]:
    end = bins[-1].high or 1.0
    for item in bins:
        left, right, top = _x(item.low, end) + 1.5, _x(item.high, end) - 1.5, _y(item.count, most)
        yield (
            f'<rect class="column" x="{left:.1f}" y="{top:.1f}" width="{max(0.0, right - left):.1f}" '
            f'height="{_FLOOR - top:.1f}" rx="2">'
            f"<title>{bin_label(item, item is bins[-1])} points: {item.count}</title></rect>"
        )


def _counts(bins: tuple[Bin, ...], most: int) -> Iterator[str]:
    end = bins[-1].high or 1.0
    for item in bins:
        if item.count:
            middle, top = _x((item.low + item.high) / 2, end), _y(item.count, most)
            yield f'<text class="count" x="{middle:.1f}" y="{top - 5:.1f}">{item.count}</text>'


def _axis(bins: tuple[Bin, ...]) -> Iterator[str]:
    end = bins[-1].high or 1.0
    yield f'<line class="base" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_FLOOR}" y2="{_FLOOR}"/>'
    for edge in (*(item.low for item in bins), bins[-1].high):
        x = _x(edge, end)
        yield f'<text class="axis tick" x="{x:.1f}" y="{_FLOOR + 18}" text-anchor="middle">{edge:g}</text>'
    middle = _LEFT + _PLOT_WIDTH / 2
    yield f'<text class="axis title" x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">points</text>'
    turned = f"translate(13 {_TOP + _PLOT_HEIGHT / 2}) rotate(-90)"
    yield f'<text class="axis title" transform="{turned}" text-anchor="middle">students</text>'


def _marks(statistics: ClassStatistics) -> Iterator[str]:
    """Yield the lines of median and mean; each label turns away from the other's line, or stands above it."""
    end = statistics.bins[-1].high or 1.0
    marks = [("median", statistics.median, "none"), ("mean", statistics.mean, "5 4")]
    marks = sorted((mark for mark in marks if not math.isnan(mark[1])), key=lambda mark: mark[1])
    # At a side of the picture there is room for labels on the other side alone.
    left_facing = [
        value > 0.85 * end or (place == 0 and value >= 0.15 * end)
        for place, (_, value, _) in enumerate(marks)
    ]
    # The line whose neighbour's label reaches across it ends below that label.
    heights = [37, 18] if all(left_facing) else [18, 37]
    for (name, value, dash), faces_left, height in zip(marks, left_facing, heights):
        x = _x(value, end)
        anchor, shift = ("end", -5) if faces_left else ("start", 5)
        yield (
            f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{height - 10}" y2="{_FLOOR}" '
            f'stroke-dasharray="{dash}"/>'
        )
        label = f"{name} {value:.1f}"
        yield f'<text class="mark" x="{x + shift:.1f}" y="{height}" text-anchor="{anchor}">{label}</text>'


def _summary(statistics: ClassStatistics) -> str:
    counted = len(statistics.counted)
    if not counted:
        return "Distribution of scores: nobody's score counts yet"
    return (
        f"Distribution of the scores of {counted} students: median {statistics.median:.1f}, mean "
        f"{statistics.mean:.1f} of {statistics.max_score:g} points"
    )

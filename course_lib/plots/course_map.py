"""The course on one page: which lecture needs which, and which lectures an assignment builds on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import CYCLE, look

_ROW, _HEAD, _FOOT = 0.31, 1.15, 0.42
_WIDTH = 8.7
# Where things stand, in inches from the left.
_TITLES, _NUMBERS, _FIRST, _APART = 2.0, 1.7, 5.0, 0.5
_DEEPEST = 1.35


def without_shortcuts(needs: Mapping[int, Iterable[int]]) -> dict[int, tuple[int, ...]]:
    """Leave out what is needed only by way of another need.

    Parameters
    ----------
    needs : mapping of int to ints
        What each lecture needs; all of it earlier, that is with a smaller number.

    Returns
    -------
    dict of int to tuple of int
        The same order of reading, with the fewest arrows.
    """
    direct = {number: set(below) for number, below in needs.items()}
    all_below: dict[int, set[int]] = {}
    for number in sorted(direct):
        beyond = set().union(*(all_below.get(other, set()) for other in direct[number]))
        all_below[number] = direct[number] | beyond
        direct[number] -= beyond
    return {number: tuple(sorted(below)) for number, below in direct.items()}


def show_course_map(
    titles: Mapping[int, str],
    needs: Mapping[int, Iterable[int]],
    assignments: Mapping[str, Mapping[int, int]],
) -> AccessibleFigure:
    """Draw lectures as rows, needs as arrows on their left, assignments as columns on their right.

    Parameters
    ----------
    titles : mapping of int to str
        Lectures by number, in order.
    needs : mapping of int to ints
        Which earlier lectures each lecture needs. What follows from other arrows is not drawn.
    assignments : mapping of str to mapping of int to int
        For each assignment, in order, how many questions each lecture explains. Lectures that are not among
        `titles` have no row and are left out.

    Returns
    -------
    AccessibleFigure
        Its alt text says in words what is drawn.

    Raises
    ------
    ValueError
        If there is no lecture, or one needs what does not come before it.
    """
    if not titles:
        raise ValueError("titles must hold at least one lecture, got none")
    for number, below in needs.items():
        if any(other not in titles or other >= number for other in below):
            raise ValueError(f"needs[{number}] must be lectures that come before it, got {sorted(below)}")
    rows = {number: row for row, number in enumerate(titles)}
    arrows = without_shortcuts(needs)
    height = _HEAD + _ROW * len(rows) + _FOOT
    figure = new_figure(_WIDTH, height, layout="none")
    with rc_context(look()):
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(height - _HEAD, -_HEAD)
        axes.axis("off")
        for number, row in rows.items():
            _draw_lecture(axes, row, number, titles[number], shaded=row % 2 == 0)
            for other in arrows.get(number, ()):
                _draw_arrow(axes, rows[other], row)
        for column, (name, questions) in enumerate(assignments.items()):
            _draw_assignment(axes, column, name, {rows[n]: q for n, q in questions.items() if n in rows})
        below = len(rows) * _ROW + 0.12
        axes.text(_NUMBERS + 0.1, below, "read first → next", ha="right", va="center", fontsize=8.5)
        legend = "questions that the lecture explains, by assignment"
        axes.text(_FIRST - 0.2, below, legend, va="center", fontsize=8.5)
    return describe(figure, _in_words(titles, arrows, assignments))


def _middle(row: int) -> float:
    return row * _ROW


def _draw_lecture(axes: Axes, row: int, number: int, title: str, *, shaded: bool) -> None:
    if shaded:
        axes.axhspan(
            _middle(row) - _ROW / 2,
            _middle(row) + _ROW / 2,
            xmin=(_NUMBERS - 0.05) / _WIDTH,
            xmax=0.99,
            color="#EEF1F5",
            zorder=0,
        )
    axes.text(_NUMBERS, _middle(row), f"{number:02}", va="center", weight="bold", fontsize=10)
    axes.text(_TITLES, _middle(row), title, va="center", fontsize=10)


def _draw_arrow(axes: Axes, first: int, later: int) -> None:
    distance = later - first
    bend = min(_DEEPEST, 0.2 + 0.17 * (distance - 1))
    start, end = (_NUMBERS - 0.08, _middle(first) + 0.03), (_NUMBERS - 0.08, _middle(later) - 0.03)
    # Both control points lie at the same distance: the curve's middle reaches three quarters of it.
    left = start[0] - bend / 0.75
    bow = Path([start, (left, start[1]), (left, end[1]), end], [Path.MOVETO, *[Path.CURVE4] * 3])
    axes.add_patch(
        FancyArrowPatch(
            path=bow,
            arrowstyle="-|>",
            mutation_scale=9,
            # Arrows from the same lecture share a colour, so that those which cross can be told apart.
            color=CYCLE[first % len(CYCLE)],
            linewidth=1.3,
        )
    )


def _draw_assignment(axes: Axes, column: int, name: str, questions: Mapping[int, int]) -> None:
    x, colour = _FIRST + _APART * column, CYCLE[column % len(CYCLE)]
    axes.text(
        x - 0.06, -_ROW * 0.75, f"{column + 1} {name}", rotation=40, ha="left", va="bottom", fontsize=9.5
    )
    if questions:
        top, bottom = min(questions), max(questions)
        axes.plot([x, x], [_middle(top), _middle(bottom)], color=colour, linewidth=1.5, zorder=1)
    for row, count in questions.items():
        axes.plot(x, _middle(row), "o", markersize=17, color="white", mec=colour, mew=1.8, zorder=2)
        axes.text(x, _middle(row) + 0.005, str(count), ha="center", va="center", fontsize=8.5, zorder=3)


def _in_words(
    titles: Mapping[int, str],
    arrows: Mapping[int, Iterable[int]],
    assignments: Mapping[str, Mapping[int, int]],
) -> str:
    def listed(numbers: Iterable[int]) -> str:
        words = [f"{number:02}" for number in numbers]
        return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

    free = [number for number in titles if not arrows.get(number)]
    needing = [f"{number:02} needs {listed(arrows[number])}" for number in titles if arrows.get(number)]
    building = [
        f"{name} on {listed(number for number in questions if number in titles)}"
        for name, questions in assignments.items()
        if any(number in titles for number in questions)
    ]
    parts = [
        f"Map of the course: {len(titles)} lectures from {min(titles):02} to {max(titles):02}, in rows.",
        f"Without any other lecture one can read {listed(free)}.",
        f"Arrows: {'; '.join(needing)}." if needing else "",
        f"Assignments build on lectures: {'; '.join(building)}." if building else "",
    ]
    return " ".join(part for part in parts if part)

"""The picture of a descent on a quadratic: two planes, the map of rates, and the components."""

from __future__ import annotations

import numpy as np
from contourpy import contour_generator
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, GREEN, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.quadratic_paths import NEWTON, REACH, STEPS, DescentResult, scale
from course_lib.widgets.quadratic_rates import WIDEST
from course_lib.widgets.quadratic_words import alt_text

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 404)
_PLANE = (42, 24, 206, 206)
_EIGENPLANE = (308, 24, 206, 206)
_RATES = (580, 24, 240, 206)
_KEY = (580, 318, 240, 12)
_ERRORS = (42, 296, 472, 74)

_EDGE = 2.3  # of both planes: a start keeps its distance when the axes turn
_GRID = np.linspace(-1.5 * _EDGE, 1.5 * _EDGE, 61)
_LEVELS = 9
_FLOOR, _CEILING = -6.0, 1.0  # powers of ten that the errors are shown between
_BANDS = (0.0, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
# These change with the Hessian and the method alone.
_SELDOM = {"map", "rate label", "best plain", "best pair", "plane lines", "eigenplane lines"}
_SELDOM |= {f"{plane} axis {number}" for plane in ("plane", "eigenplane") for number in (0, 1)}
_FAR = 1e3  # what has left the picture by so much is not drawn


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _words(figure: AccessibleFigure, left: float, top: float, text: str = "", **options: object) -> object:
    return figure.text(left / _FIGURE[0], 1 - top / _FIGURE[1], text, va="top", **options)


def make_figure(result: DescentResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
    """Make the figure with everything in it.

    Parameters
    ----------
    result : DescentResult
        What it shows first.
    dark : bool
        For a dark page.

    Returns
    -------
    figure : AccessibleFigure
    artists : dict
        Those that `update_figure` changes, by name.
    """
    figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
    ink = "#F4F4F4" if dark else "#111111"
    flat, steep = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
    artists: dict[str, object] = {"colours": _band_colours(dark=dark)}
    with rc_context(look(dark=dark)):
        for name, box in (("plane", _PLANE), ("eigenplane", _EIGENPLANE)):
            axes = figure.add_axes(_place(*box), xlim=(-_EDGE, _EDGE), ylim=(-_EDGE, _EDGE))
            axes.set_xticks([-2, -1, 0, 1, 2])
            axes.set_yticks([-2, -1, 0, 1, 2])
            _make_plane(axes, name, artists, ink, flat, steep, dark=dark)
        artists["plane"].set_title("weight space: θ, lines of equal cost")
        artists["plane"].set_xlabel("θ₁", labelpad=0)
        artists["plane"].set_ylabel("θ₂", labelpad=-3)
        artists["eigenplane"].set_title("eigen-space: the same, Qᵀθ")
        artists["eigenplane"].set_xlabel("component along q₁", labelpad=0, color=flat)
        artists["eigenplane"].set_ylabel("component along q₂", labelpad=-3, color=steep)
        _make_rates(figure, artists, ink, dark=dark)
        _make_errors(figure, artists, ink, flat, steep)
    for name, artist in artists.items():
        if name in _SELDOM:
            change_now_and_then(artist)
        elif name not in ("colours", "plane", "eigenplane", "rates"):
            artist.set_animated(True)
    update_figure(figure, artists, result)
    return figure, artists


def _make_plane(
    axes: Axes, name: str, artists: dict[str, object], ink: str, flat: str, steep: str, *, dark: bool
) -> None:
    artists[name] = axes
    lines = LineCollection([], colors="#7f8894" if dark else "#a9b2be", linewidths=0.8)
    artists[f"{name} lines"] = axes.add_collection(lines)
    for number, colour in ((0, flat), (1, steep)):
        (artists[f"{name} axis {number}"],) = axes.plot([], [], color=colour, linewidth=1.4)
    (artists[f"{name} path"],) = axes.plot([], [], "-o", color=ink, linewidth=1.0, markersize=2.6)
    (artists[f"{name} step"],) = axes.plot([], [], "o", color=GREEN, markeredgecolor=ink, markersize=8)


def _band_colours(*, dark: bool) -> np.ndarray:
    """Colours (bands + 1, 4) as bytes: the faster, the lighter; grey where it does not converge."""
    shares = np.linspace(1.0, 0.05, len(_BANDS) - 1)
    colours = [*colormaps["viridis"](shares), to_rgba("#3d434b" if dark else "#d4d7db")]
    return (255 * np.array(colours)).round().astype(np.uint8)


def _make_rates(figure: AccessibleFigure, artists: dict[str, object], ink: str, *, dark: bool) -> None:
    axes = artists["rates"] = figure.add_axes(_place(*_RATES))
    # Behind the probe of plain descent, which stands at μ = 0, the map must not end.
    artists["map"] = axes.imshow(
        np.zeros((2, 2, 4), np.uint8), extent=(0, WIDEST, 0, 1), origin="lower", aspect="auto", zorder=1
    )
    axes.set_xlim(0, WIDEST)
    axes.set_ylim(-0.07, 1)
    axes.set_yticks([0, 0.5, 1])
    axes.set_title("what a step leaves, by α and μ")
    axes.set_ylabel("μ", labelpad=7, rotation=0)
    left, top, width, height = _RATES
    artists["rate label"] = _words(figure, left + width / 2, top + height + 20, ha="center")
    pale = {"linestyle": "", "markeredgecolor": "#111111", "color": "#ffffff", "zorder": 4}
    (artists["best plain"],) = axes.plot([], [], marker="o", markersize=7, **pale)
    (artists["best pair"],) = axes.plot([], [], marker="*", markersize=13, **pale)
    (artists["probe"],) = axes.plot([], [], "o", color=ink, markersize=5, zorder=5)
    key = figure.add_axes(_place(*_KEY), yticks=[])
    key.imshow(artists["colours"][None], aspect="auto", extent=(0, len(_BANDS), 0, 1))
    key.set_xticks(range(len(_BANDS)), [f"{edge:g}".removeprefix("0") or "0" for edge in _BANDS])
    key.set_title("of the slower component (grey: diverges)", fontsize=8, pad=4)
    key.tick_params(length=2, pad=1)
    for spine in key.spines.values():
        spine.set_visible(False)


def _make_errors(
    figure: AccessibleFigure, artists: dict[str, object], ink: str, flat: str, steep: str
) -> None:
    axes = figure.add_axes(_place(*_ERRORS), xlim=(-1, STEPS + 1), ylim=(_FLOOR, _CEILING))
    axes.set_yticks([-6, -4, -2, 0], ["10⁻⁶", "10⁻⁴", "10⁻²", "1"])
    axes.set_title("size of each component; hollow where it is negative")
    axes.set_xlabel("step k", labelpad=0)
    left, top, width, _ = _ERRORS
    for offset, name, colour in ((width - 72, "● q₁", flat), (width - 34, "● q₂", steep)):
        _words(figure, left + offset, top - 18, name, color=colour, fontsize=10)
    axes.grid(visible=True)
    (artists["mark"],) = axes.plot([], [], color=GREEN, linewidth=2)
    ground = "none" if ink == "#F4F4F4" else "#ffffff"
    for number, colour in ((0, flat), (1, steep)):
        (artists[f"error {number}"],) = axes.plot([], [], color=colour, linewidth=1)
        for sign, face in (("+", colour), ("-", ground)):
            (artists[f"error {number}{sign}"],) = axes.plot(
                [], [], "o", markersize=3.4, color=colour, markerfacecolor=face, markeredgewidth=0.9
            )


def update_figure(figure: AccessibleFigure, artists: dict[str, object], result: DescentResult) -> None:
    """Bring all artists and the alt text to a result."""
    key = (result.parameters.method, *result.hessian.ravel())
    if artists.get("key") != key:
        artists["key"] = key
        _update_seldom(artists, result)
    step = result.parameters.step
    inside = np.abs(result.path).max(axis=1) < _FAR
    # Once out of the picture it does not come back: what diverges has its line cut off there.
    shown = np.logical_and.accumulate(inside)
    for name, points in (("plane", result.path), ("eigenplane", result.components)):
        artists[f"{name} path"].set_data(*points[shown].T)
        artists[f"{name} step"].set_data(*points[[step]].T)
    artists["probe"].set_data([result.probe[0]], [result.probe[1]])
    _update_errors(artists, result)
    describe(figure, alt_text(result))


def _contours(eigenvalues: np.ndarray) -> list[np.ndarray]:
    """Lines of equal cost in eigen-space, each (n, 2); closer together where the cost is low."""
    low, high = eigenvalues
    values = 0.5 * (low * _GRID[None, :] ** 2 + high * _GRID[:, None] ** 2)
    # As high as the start may be, and as low where there is a saddle.
    top = 0.5 * REACH**2 * max(np.abs(eigenvalues).max(), 1e-9)
    levels = top * (np.arange(1, _LEVELS + 1) / _LEVELS) ** 2.5
    signed = [*levels, *-levels] if low < 0 < high else levels if high > 0 else -levels
    generator = contour_generator(_GRID, _GRID, values)
    return [line for level in signed for line in generator.lines(level)]


def _update_seldom(artists: dict[str, object], result: DescentResult) -> None:
    """Bring to a result what the Hessian and the method alone decide."""
    contours = _contours(result.eigenvalues)
    for name, turn in (("plane", result.eigenvectors), ("eigenplane", np.eye(2))):
        artists[f"{name} lines"].set_segments([line @ turn.T for line in contours])
        for number in (0, 1):
            ends = np.outer([-2 * _EDGE, 2 * _EDGE], turn[:, number])
            artists[f"{name} axis {number}"].set_data(*ends.T)
    artists["map"].set_data(artists["colours"][np.digitize(result.rates, _BANDS[1:])])
    newton, unit = result.parameters.method == NEWTON, scale(result.parameters)
    steep = "λ₂" if result.eigenvalues[1] >= -result.eigenvalues[0] else "|λ₁|"
    artists["rate label"].set_text("α: share of Newton's step" if newton else f"α, in units of 1/{steep}")
    for name, best in (("best plain", result.best_plain), ("best pair", result.best_pair)):
        hidden = best is None or newton
        artists[name].set_data(*(([], []) if hidden else ([best.lr * unit], [best.momentum])))


def _update_errors(artists: dict[str, object], result: DescentResult) -> None:
    steps = np.arange(STEPS + 1)
    for number in (0, 1):
        values = result.components[:, number]
        with np.errstate(divide="ignore"):
            heights = np.clip(np.log10(np.abs(values)), _FLOOR - 1, _CEILING + 1)
        artists[f"error {number}"].set_data(steps, heights)
        artists[f"error {number}+"].set_data(steps[values >= 0], heights[values >= 0])
        artists[f"error {number}-"].set_data(steps[values < 0], heights[values < 0])
    artists["mark"].set_data([result.parameters.step] * 2, [_FLOOR, _CEILING])

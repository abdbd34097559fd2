"""The charts of the training monitor: losses, ratios, a map of sizes over time, silent units, filters."""

from __future__ import annotations

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import (
    BLUE,
    CYCLE,
    GREEN,
    ORANGE,
    PURPLE,
    SIGNED,
    SKY_BLUE,
    VERMILLION,
    YELLOW,
    look,
    signed_limits,
)
from course_lib.training.monitor import SIZE_EDGES
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.monitor_moment import MonitorResult
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 428)
_LOSS, _ACCURACY, _RATIO = (44, 28, 222, 138), (314, 28, 206, 138), (580, 28, 234, 138)
_MAP, _SILENT, _FILTERS = (44, 226, 324, 162), (424, 226, 182, 162), (648, 226, 176, 162)
_LINES = 6
_DASHES = ("-", "--", "-.", ":", "-", "--")
_HEALTHY = 1e-3
_LOWEST_RATIO, _HIGHEST_RATIO = 1e-6, 10.0
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# The first and the last bin have no limit of their own: each is drawn as broad as the others.
_POWERS = np.log10(SIZE_EDGES)
_MAP_ENDS = (2 * _POWERS[0] - _POWERS[1], 2 * _POWERS[-1] - _POWERS[-2])
_HEIGHTS = tuple(lead * 10.0**power for power in range(40) for lead in (1.0, 2.5, 5.0))


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _height(losses: np.ndarray) -> float:
    finite = losses[np.isfinite(losses)]
    most = np.percentile(finite, 99) if finite.size else 1.0
    return next((height for height in _HEIGHTS if height >= most), _HEIGHTS[-1])


def still_part(result: MonitorResult) -> object:
    """Give what axes depend on: they stay while a run of the same length has losses of the same size."""
    return result.steps, _height(result.step_loss), len(result.ratio_names), len(result.silent_names)


def make_figure(result: MonitorResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
    """Make the six charts."""
    figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
    train, validation = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
    artists: dict[str, object] = {}
    with rc_context(look(dark=dark)):
        places = {"loss": _LOSS, "accuracy": _ACCURACY, "ratio": _RATIO, "map": _MAP, "silent": _SILENT}
        axes = {name: figure.add_axes(_place(*pixels)) for name, pixels in places.items()}
        (artists["steps"],) = axes["loss"].plot([], [], color=train, linewidth=0.6, alpha=0.6)
        for name in ("loss", "accuracy"):
            (artists[f"{name} train"],) = axes[name].plot(
                [], [], "o-", color=train, markersize=3, label="training"
            )
            (artists[f"{name} validation"],) = axes[name].plot(
                [], [], "s--", color=validation, markersize=3, label="validation"
            )
        axes["loss"].set_title("loss")
        axes["loss"].yaxis.set_major_formatter(FuncFormatter(lambda value, _: tidy(value)))
        axes["loss"].yaxis.set_major_locator(MaxNLocator(5))
        axes["accuracy"].set_title("accuracy")
        axes["accuracy"].set_ylim(0, 1.02)
        axes["loss"].legend(
            loc="lower right",
            bbox_to_anchor=(1.04, 0.97),
            ncols=2,
            borderpad=0.1,
            handlelength=1.6,
            columnspacing=0.8,
        )
        _make_lines(axes["ratio"], artists, "ratio", "‖update‖ / ‖weight‖", dark)
        axes["ratio"].set_yscale("log")
        axes["ratio"].set_ylim(_LOWEST_RATIO, _HIGHEST_RATIO)
        axes["ratio"].yaxis.set_major_locator(LogLocator(numticks=5))
        axes["ratio"].yaxis.set_minor_formatter(NullFormatter())
        axes["ratio"].axhline(_HEALTHY, color="#888888", linewidth=5, alpha=0.4)
        _make_lines(axes["silent"], artists, "silent", "dead or saturated", dark)
        axes["silent"].set_ylim(-0.03, 1.03)
        axes["silent"].set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        artists["map"] = axes["map"].imshow(
            np.zeros((2, 2)), aspect="auto", origin="lower", cmap="viridis", vmin=0, vmax=0.7
        )
        axes["map"].set_ylim(_MAP_ENDS)
        ticks = (-8, -6, -4, -2, 0, 2)
        axes["map"].set_yticks(ticks, ["0", *(f"10{str(n).translate(_RAISED)}" for n in ticks[1:])])
        artists["map title"] = axes["map"].set_title("")
        filters = figure.add_axes(_place(*_FILTERS))
        filters.set_axis_off()
        artists["filters"] = filters.imshow(np.zeros((2, 2)), cmap=SIGNED, interpolation="nearest")
        artists["filters axes"] = filters
        artists["filters title"] = filters.set_title("")
        for one in axes.values():
            one.set_xlabel("step", labelpad=1)
            one.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        for name in ("loss", "accuracy", "ratio", "silent"):
            axes[name].grid(visible=True)
    artists["axes"] = axes
    moving = [artist for name, artist in artists.items() if not name.endswith("axes")]
    for artist in moving:
        for one in artist if isinstance(artist, list) else [artist]:
            one.set_animated(True)
    change_now_and_then(*(axis for one in axes.values() for axis in (one.xaxis, one.yaxis)))
    update_figure(figure, artists, result)
    return figure, artists


def _make_lines(axes: Axes, artists: dict[str, object], name: str, title: str, dark: bool) -> None:
    axes.set_title(title)
    colours = (SKY_BLUE, ORANGE, GREEN, PURPLE, YELLOW, VERMILLION) if dark else CYCLE
    artists[f"{name} lines"] = [
        axes.plot([], [], dash, color=colour, linewidth=1.3)[0] for colour, dash in zip(colours, _DASHES)
    ]
    # Named in their colours, at the right of the title.
    artists[f"{name} names"] = [
        axes.text(1, 1.03, "", color=colour, transform=axes.transAxes, ha="right", weight="bold")
        for colour in colours
    ]


def update_figure(figure: AccessibleFigure, artists: dict[str, object], result: MonitorResult) -> None:
    """Bring curves, map, filters and limits to a new result."""
    axes = artists["axes"]
    for name in ("loss", "accuracy", "ratio", "map", "silent"):
        axes[name].set_xlim(0, result.steps)
    axes["loss"].set_ylim(0, _height(result.step_loss))
    artists["steps"].set_data(np.arange(result.step_loss.size), result.step_loss)
    for name, values in (("loss", result.losses), ("accuracy", result.accuracies)):
        for line, curve in zip(("train", "validation"), values):
            artists[f"{name} {line}"].set_data(result.epochs, curve)
    shown = np.clip(result.ratios, _LOWEST_RATIO, _HIGHEST_RATIO)
    _set_lines(artists, "ratio", result.ratio_names, result.at, shown)
    _set_lines(artists, "silent", result.silent_names, result.at, result.silent)
    _update_map(artists, result)
    _update_filters(artists, result)
    describe(figure, f"Training monitor. {_numbers(result)} {explain(result)}")


def _update_map(artists: dict[str, object], result: MonitorResult) -> None:
    picture, at = artists["map"], result.at
    artists["map title"].set_text(f"sizes of {result.parameters.quantity}, layer {result.layer}")
    picture.set_visible(at.size > 0)
    if at.size:
        half = (at[-1] - at[0]) / max(1, at.size - 1) / 2 or 0.5
        # Roots: a few large values would not be seen beside many small ones.
        picture.set_data(np.sqrt(result.map))
        picture.set_extent((at[0] - half, at[-1] + half, *_MAP_ENDS))


def _update_filters(artists: dict[str, object], result: MonitorResult) -> None:
    picture, count = artists["filters"], len(result.filters)
    picture.set_visible(count > 0)
    artists["filters title"].set_text(f"first-layer filters ({count})" if count else "no convolution")
    if count:
        tiles = _tiled(result.filters)
        picture.set_data(tiles)
        picture.set_clim(*signed_limits(result.filters))
        rows, columns = tiles.shape
        picture.set_extent((-0.5, columns - 0.5, rows - 0.5, -0.5))


def _numbers(result: MonitorResult) -> str:
    last = zip(result.ratio_names, result.ratios)
    ratios = ", ".join(f"{name} {tidy(values[-1], 2)}" for name, values in last if values.size)
    last = zip(result.silent_names, result.silent)
    silent = ", ".join(f"{name} {values[-1]:.0%}" for name, values in last if values.size)
    loss = tidy(result.step_loss[-1]) if result.step_loss.size else "none yet"
    return (
        f"Step {result.step} of {result.steps}; loss of the last step {loss}. Update-to-weight ratios: "
        f"{ratios or 'none'}. Dead or saturated: {silent or 'none'}."
    )


def explain(result: MonitorResult) -> str:
    """Give the alerts."""
    if not result.alerts:
        return f"Step {result.step} of {result.steps}: no alert."
    first, *others = result.alerts
    also = f" Then: {', '.join(others)}." if others else ""
    return f"Alert: {first}.{also}"


def _set_lines(
    artists: dict[str, object], name: str, names: tuple[str, ...], at: np.ndarray, values: np.ndarray
) -> None:
    for number, (line, label) in enumerate(zip(artists[f"{name} lines"], artists[f"{name} names"])):
        known = number < len(names)
        line.set_data(at, values[number]) if known else line.set_data([], [])
        label.set_text(names[number].split()[0][:6] if known else "")
        label.set_x(1 - 0.1 * (min(len(names), _LINES) - 1 - number))


def _tiled(filters: np.ndarray) -> np.ndarray:
    """Lay filters side by side in a grid, with a transparent line between them."""
    count, height, width = filters.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    tiles = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for number, one in enumerate(filters):
        top, left = (number // columns) * (height + 1), (number % columns) * (width + 1)
        tiles[top : top + height, left : left + width] = one
    return tiles

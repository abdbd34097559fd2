"""The normalisation cube: a batch of small feature maps, which numbers share a mean, and what is left."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, CYCLE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.normalisation_cube_sets import (
    BATCH,
    CHANNELS,
    EVALUATION,
    IMAGES,
    INSTANCE,
    LARGEST,
    LAYER,
    METHODS,
    MODES,
    MOST_SEEN,
    SIDE,
    CubeParameters,
    CubeResult,
    compute,
)
from course_lib.widgets.quick_text import QuickText
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 404)
_CELL = (42, 28)
_ACROSS, _DOWN = CHANNELS * SIDE, IMAGES * SIDE
_SIZE = (_CELL[0] * _ACROSS, _CELL[1] * _DOWN)
_BEFORE, _AFTER = (66, 42, *_SIZE), (464, 42, *_SIZE)
_MEANS, _DEVIATIONS = (66, 316, _SIZE[0], 62), (464, 316, _SIZE[0], 62)
_MEAN_RANGE, _DEVIATION_RANGE = (-4.5, 10.5), (-0.3, 6.6)

# Six characters of the typewriter face are as wide as a cell: a text a row, not a number, stays in its cells.
_FACE = {"family": "DejaVu Sans Mono", "fontsize": _CELL[0] / 6 / 0.602 * 0.72}
# Numbers of four characters stand in the middle of their cells; those of five half a character further.
_SHIFT = {"before": 0.0, "after": 0.5 / 6}
_GAP = 0.035
# How far from the middle of the chosen cell the handle lies, in cells, to the right and down: at the corner,
# where four numbers leave room for it, and the ring ends.
_ASIDE = 0.5


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])


def _ordinal(place: tuple[int, int, int, int]) -> str:
    image, channel, row, column = (number + 1 for number in place)
    return f"picture {image}, channel {channel}, row {row}, column {column}"


def _outlines(sets: np.ndarray) -> dict[int, np.ndarray]:
    """Give the rectangle of each set among the cells, by its number."""
    found = {}
    for number in np.unique(sets):
        images, channels = np.nonzero((sets == number)[:, :, 0, 0])
        left, right = SIDE * channels.min(), SIDE * (channels.max() + 1)
        top, bottom = SIDE * images.min(), SIDE * (images.max() + 1)
        found[int(number)] = _box(left + _GAP, top + _GAP, right - _GAP, bottom - _GAP)
    return found


class NormalisationCube(FigurePanel):
    """Normalise a batch of maps over the batch, a layer, an instance or a group; edit each number.

    Parameters
    ----------
    **settings
        Fields of `CubeParameters`.
    """

    Parameters: ClassVar[type] = CubeParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: CubeParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists of method and mode, and sliders for batch size, running averages and the number."""
        style = {"description_width": "initial"}

        def sized(kind: type, value: object, label: str, width: int, **options: object) -> ipywidgets.Widget:
            layout = ipywidgets.Layout(width=f"{width}px")
            return kind(value=value, description=label, style=style, layout=layout, **options)

        whole, real, listed = ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.Dropdown
        p = parameters
        controls = {
            "method": sized(listed, p.method, "Normalise over", 230, options=METHODS),
            "images": sized(whole, p.images, "Batch size", 230, min=1, max=IMAGES),
            "value": sized(real, p.values[p.cell], "Chosen number", 300, min=-LARGEST, max=LARGEST, step=0.5),
            "mode": sized(listed, p.mode, "Mode", 160, options=MODES),
            "seen": sized(whole, p.seen, "Batch seen before, times", 320, min=0, max=MOST_SEEN),
            "momentum": sized(real, p.momentum, "Momentum", 250, min=0, max=1, step=0.05),
        }
        controls["value"].readout_format = ".1f"
        return controls

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Put the slider's number into its cell; keep the choice inside a smaller batch."""
        now = self.current_parameters()
        values = list(now.values)
        if changed == "value":
            values[now.cell] = float(self.controls["value"].value)
        down = now.down
        while down > SIDE * settings["images"]:
            down -= SIDE
        return settings | {"values": tuple(values), "across": now.across, "down": down}

    def write_controls(self, parameters: CubeParameters) -> None:
        """Bring the controls to the parameters, and the slider to the chosen number."""
        super().write_controls(parameters)
        self.controls["value"].value = parameters.values[parameters.cell]

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: CubeResult) -> dict[str, Handle]:
        """Make the choice of a number movable, from cell to cell."""
        p = result.parameters
        label = f"Chosen number {tidy(result.x[p.place])}, {_ordinal(p.place)}"
        x, y = p.across + _ASIDE, p.down + _ASIDE
        return {"cell": Handle(artists["before"], x, y, "Chosen number", label, _CELL[0] - 6)}

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Choose the number that the ring is over; let go, it comes to lie around it."""
        rows = SIDE * self.current_parameters().images
        x, y = (float(np.clip(z - _ASIDE, 0.01, end - 0.01)) for z, end in ((x, _ACROSS), (y, rows)))
        return {"across": x, "down": y} if held else {"across": int(x) + 0.5, "down": int(y) + 0.5}

    @classmethod
    def make_figure(cls, result: CubeResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make both batches with their sets and numbers, and the statistics of the channels."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        ink, ground = ("#F4F4F4", "#20262e") if dark else ("#111111", "#FFFFFF")
        shades = [
            tuple(0.62 * np.array(to_rgb(ground)) + 0.38 * np.array(to_rgb(colour))) for colour in CYCLE[:4]
        ]
        here, kept = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        artists: dict[str, object] = {"shades": shades}
        with rc_context(look(dark=dark)):
            for name, place in (("before", _BEFORE), ("after", _AFTER)):
                axes = artists[name] = figure.add_axes(_place(*place))
                cls._prepare_grid(axes, pictures=name == "before")
                if name == "before":
                    # Now, as the axes tell later only of those that can be seen.
                    artists["names"] = axes.get_yticklabels()
                boxes = PolyCollection([], linewidths=0)
                artists[f"{name} sets"] = axes.add_collection(boxes)
                artists[f"{name} rows"] = [
                    axes.add_artist(
                        QuickText(_SHIFT[name], row + 0.5, transform=axes.transData, color=ink, **_FACE)
                    )
                    for row in range(_DOWN)
                ]
                (artists[f"{name} set"],) = axes.plot([], [], color=ink, linewidth=2.2, clip_on=False)
                style = {"linestyle": "", "markerfacecolor": "none", "markersize": 20, "markeredgewidth": 1.3}
                (artists[f"{name} ring"],) = axes.plot([], [], "o", color=ink, clip_on=False, **style)
                title = QuickText(0, -1.1, transform=axes.transData, fontsize=10)
                artists[f"{name} title"] = axes.add_artist(title)
            for name, title, place, limits in (
                ("mean", "", _MEANS, _MEAN_RANGE),
                ("deviation", "its deviation", _DEVIATIONS, _DEVIATION_RANGE),
            ):
                axes = figure.add_axes(_place(*place))
                style = {"linestyle": "", "markersize": 7}
                (artists[f"kept {name}"],) = axes.plot(
                    [], [], "D", color=kept, markerfacecolor="none", label="kept by batch norm", **style
                )
                (artists[f"batch {name}"],) = axes.plot(
                    [], [], "o", color=here, label="this batch", **(style | {"markersize": 5})
                )
                axes.set(xlim=(0, _ACROSS), ylim=limits)
                axes.set_xticks(np.arange(1, _ACROSS, SIDE), [f"channel {c + 1}" for c in range(CHANNELS)])
                axes.tick_params(axis="x", length=0)
                axes.grid(visible=True, axis="y")
                artists[f"{name} title"] = axes.set_title(title)
            handles = [artists["batch mean"], artists["kept mean"]]
            axes.legend(
                handles=handles,
                loc="lower right",
                bbox_to_anchor=(1.01, 0.93),
                ncols=2,
                columnspacing=1,
                handletextpad=0.2,
            )
        for name, artist in artists.items():
            if name in ("before", "after", "names", "shades"):
                continue
            for one in artist if isinstance(artist, list) else [artist]:
                one.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @staticmethod
    def _prepare_grid(axes: Axes, *, pictures: bool) -> None:
        axes.set(xlim=(0, _ACROSS), ylim=(_DOWN, 0))
        axes.xaxis.tick_top()
        axes.set_xticks(np.arange(1, _ACROSS, SIDE), [f"channel {c + 1}" for c in range(CHANNELS)])
        axes.set_yticks(
            np.arange(1, _DOWN, SIDE), [f"picture {n + 1}" if pictures else "" for n in range(IMAGES)]
        )
        axes.tick_params(length=0, pad=1)
        for spine in axes.spines.values():
            spine.set_visible(False)

    @classmethod
    def still_part(cls, result: CubeResult) -> object:
        """Only the pictures of the batch have names."""
        return result.parameters.images

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: CubeResult) -> None:
        """Bring sets, numbers, marks, statistics and alt text to a new result."""
        p = result.parameters
        outlines = _outlines(result.sets)
        chosen = outlines[int(result.sets[p.place])]
        # Neighbours differ; which belong together is said by the boxes.
        stripes = [
            artists["shades"][(number + (number // CHANNELS if p.method == INSTANCE else 0)) % 4]
            for number in outlines
        ]
        for number, label in enumerate(artists["names"]):
            label.set_visible(number < p.images)
        for name, values, digits in (("before", result.x, 1), ("after", result.y, 2)):
            artists[f"{name} sets"].set_verts(list(outlines.values()))
            artists[f"{name} sets"].set_facecolors(stripes)
            artists[f"{name} set"].set_data(*chosen.T)
            artists[f"{name} set"].set_linestyle("--" if result.outside else "-")
            artists[f"{name} ring"].set_data([p.across], [p.down])
            lines = values.transpose(0, 2, 1, 3).reshape(-1, _ACROSS)
            for row, text in enumerate(artists[f"{name} rows"]):
                numbers = lines[row] if row < len(lines) else ()
                text.set_text("".join(_in_cell(number, digits) for number in numbers))
        artists["before title"].set_text("x, the batch: choose a number")
        kind = f"{p.method} norm, {p.mode}"
        artists["after title"].set_text(f"x̂, {kind}")
        kept = f"{p.seen} × seen, momentum {p.momentum:.2f}"
        artists["mean title"].set_text(f"mean of each channel; {kept}")
        middles = np.arange(1, _ACROSS, SIDE)
        for name, limits, batch, kept in (
            ("mean", _MEAN_RANGE, result.batch_mean, result.running_mean),
            ("deviation", _DEVIATION_RANGE, np.sqrt(result.batch_var), np.sqrt(result.running_var)),
        ):
            artists[f"batch {name}"].set_data(middles, np.clip(batch, *limits))
            artists[f"kept {name}"].set_data(middles, np.clip(kept, *limits))
            artists[f"kept {name}"].set_alpha(1.0 if p.method == BATCH else 0.4)
        describe(
            figure,
            f"Normalisation cube: {p.images} pictures of {CHANNELS} channels of 2 × 2 numbers before and "
            f"after {kind}. {cls.explain(result)}",
        )

    @classmethod
    def explain(cls, result: CubeResult) -> str:
        """Say where the chosen number's mean and variance come from, and do the sum."""
        p, place = result.parameters, result.parameters.place
        image, channel = place[0] + 1, place[1] + 1
        mean, variance = float(result.means[place]), float(result.variances[place])
        sums = (
            f"({_plain(result.x[place])} − {_plain(mean, bracket=True)}) / √({_plain(variance)} + ε) "
            f"= {_plain(result.y[place])}"
        )
        if result.outside:
            source = f"mean and variance of channel {channel} are those kept after {p.seen} batches"
            return f"Evaluation: {source}, whatever this batch is. {sums}."
        where = {
            BATCH: f"channel {channel} of all {p.images} pictures",
            LAYER: f"all of picture {image}",
            INSTANCE: f"channel {channel} of picture {image}",
        }.get(p.method, f"channels {'1 and 2' if channel < 3 else '3 and 4'} of picture {image}")
        words = f"{result.count} numbers share a mean, those of {where}: {sums}."
        if p.method == BATCH and p.images == 1:
            words += " A batch of one: the same as instance norm."
        if p.method != BATCH and p.mode == EVALUATION:
            words += " In evaluation the same: nothing is kept."
        if variance == 0:
            words += " All are equal: without ε this is 0/0."
        return words


def _in_cell(value: float, digits: int) -> str:
    """Write a number in six characters."""
    text = f"{value:.{digits}f}" if abs(value) < 99.5 else f"{value:.0f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return f"{text.replace('-', '−'):>5} "[:6]


def _plain(value: float, *, bracket: bool = False) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "") else text.replace("-", "−")
    return f"({text})" if bracket and text.startswith("−") else text

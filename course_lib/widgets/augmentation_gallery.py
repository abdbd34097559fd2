"""The augmentation gallery: real pictures, changed at random, and a warning where a label changes too."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.collections import LineCollection

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import ORANGE, VERMILLION, look
from course_lib.widgets.augmentation_labels import (
    CHANGED,
    COLUMNS,
    COPIES,
    DOUBTFUL,
    SETS,
    TILES,
    GalleryParameters,
    GalleryResult,
    compute,
)
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.quick_image import show_quickly

# In pixels: a cell holds a picture 96 high and wide, and what is said of it stands in its upper left corner.
_CELL, _SIDE = 103, 96
_LEFT, _TOP = 6, 24
_FIGURE = (_LEFT + COLUMNS * _CELL + 2, _TOP + (1 + COPIES) * _CELL + 2)
_ROWS = 1 + COPIES


class AugmentationGallery(FigurePanel):
    """Change real pictures at random, with strengths of your choice, and see whose label is still true.

    Parameters
    ----------
    **settings
        Fields of `GalleryParameters`.
    """

    Parameters: ClassVar[type] = GalleryParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: GalleryParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of the sets, a slider for every strength, and the seed."""
        style = {"description_width": "initial"}

        def slider(name: str, label: str, high: float, step: float, width: int) -> ipywidgets.Widget:
            kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
            return kind(
                value=getattr(parameters, name),
                min=0,
                max=high,
                step=step,
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        controls = {
            "pictures": ipywidgets.Dropdown(
                options=SETS,
                value=parameters.pictures,
                description="Pictures",
                style=style,
                layout=ipywidgets.Layout(width="175px"),
            ),
            "seed": ipywidgets.BoundedIntText(
                parameters.seed,
                min=0,
                max=99,
                description="Draw",
                style=style,
                layout=ipywidgets.Layout(width="95px"),
            ),
            "flip": slider("flip", "Mirrored", 1.0, 0.05, 250),
            "shift": slider("shift", "Shift, eighths", 4, 1, 270),
            "crop": slider("crop", "Crop leaves out", 0.7, 0.05, 280),
            "rotate": slider("rotate", "Rotation, °", 180, 5, 260),
            "elastic": slider("elastic", "Elastic, %", 30.0, 1.0, 270),
            "brightness": slider("brightness", "Brightness", 1.0, 0.05, 290),
            "contrast": slider("contrast", "Contrast", 1.0, 0.05, 285),
            "jitter": slider("jitter", "Noise", 0.5, 0.02, 255),
            "cast": slider("cast", "Colour cast", 1.0, 0.05, 295),
        }
        self._offer_cast(controls["cast"], parameters)
        return controls

    @staticmethod
    def _offer_cast(control: ipywidgets.Widget, parameters: GalleryParameters) -> None:
        # Out of sight, but not out of the row: nothing jumps.
        control.layout.visibility = "visible" if parameters.pictures == TILES else "hidden"

    def write_controls(self, parameters: GalleryParameters) -> None:
        """Show the settings; grey pictures cannot have a cast."""
        super().write_controls(parameters)
        self._offer_cast(self.controls["cast"], parameters)

    @classmethod
    def still_part(cls, result: GalleryResult) -> object:
        """The names above stay until there are other pictures."""
        return result.parameters.pictures

    @classmethod
    def make_figure(cls, result: GalleryResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make one picture of all, the frames around those that warn, and their words."""
        across, down = _FIGURE
        figure = new_figure(across / 100, down / 100, dark=dark, layout="none")
        with rc_context(look(dark=dark)):
            axes = figure.add_axes((0, 0, 1, 1))
            axes.set_axis_off()
            axes.set(xlim=(0, across), ylim=(down, 0))
            artists: dict[str, object] = {}
            artists["all"] = show_quickly(
                axes, _mosaic(result), extent=(0, across, down, 0), interpolation="nearest", aspect="auto"
            )
            for verdict, style in ((CHANGED, "-"), (DOUBTFUL, (0, (2, 1.2)))):
                colour = VERMILLION if verdict == CHANGED else ORANGE
                lines = LineCollection([], colors=colour, linewidths=3.5, linestyles=[style])
                artists[verdict] = axes.add_collection(lines)
            artists["names"] = [
                axes.text(_LEFT + number * _CELL, _TOP - 6, "", fontsize=10, va="baseline")
                for number in range(COLUMNS)
            ]
            artists["words"] = [
                axes.text(
                    _LEFT + (number % COLUMNS) * _CELL + 3,
                    _TOP + (1 + number // COLUMNS) * _CELL + 15,
                    "",
                    fontsize=9,
                    weight="bold",
                    color="white",
                    bbox={"boxstyle": "square,pad=0.15", "facecolor": "#8a3200", "edgecolor": "none"},
                )
                for number in range(COLUMNS * COPIES)
            ]
        for artist in (artists["all"], artists[CHANGED], artists[DOUBTFUL], *artists["words"]):
            artist.set_animated(True)
        change_now_and_then(*artists["names"])
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: GalleryResult
    ) -> None:
        """Bring pictures, frames and words to a new result."""
        artists["all"].set_data(_mosaic(result))
        for artist, label in zip(artists["names"], result.labels):
            artist.set_text(result.names[label])
        for verdict in (CHANGED, DOUBTFUL):
            artists[verdict].set_segments(
                [_frame(*place) for place in np.argwhere(result.verdicts == verdict)]
            )
        for artist, verdict, seen in zip(artists["words"], result.verdicts.flat, result.seen_as.flat):
            artist.set_text(cls._word(result, int(verdict), int(seen)))
        parameters = result.parameters
        describe(
            figure,
            f"Augmentation gallery: eight {parameters.pictures} as they are, and below each three changed "
            f"copies. {cls.explain(result)}",
        )

    @staticmethod
    def _word(result: GalleryResult, verdict: int, seen: int) -> str:
        if verdict == CHANGED:
            return "mirrored" if seen < 0 else f"→ {result.names[seen]}"
        return f"{result.names[seen]}?" if verdict == DOUBTFUL else ""

    @classmethod
    def explain(cls, result: GalleryResult) -> str:
        """Warn of labels that are no longer true, and say how it is known."""
        total = result.verdicts.size
        changed, doubtful = (int((result.verdicts == verdict).sum()) for verdict in (CHANGED, DOUBTFUL))
        if result.parameters.pictures == TILES:
            how = "The label is the picture's colour"
        else:
            how = "Judged by the seven unchanged pictures that are most alike"
        if not changed and not doubtful:
            return f"All {total} labels seem to be kept. {how}."
        kinds = set()
        for place in np.argwhere(result.verdicts == CHANGED):
            seen = result.seen_as[tuple(place)]
            became = "mirror image" if seen < 0 else result.names[seen]
            kinds.add(f"{result.names[result.labels[place[1]]]} → {became}")
        told = sorted(kinds)
        shown = "; ".join(told[:5]) + ("; …" if len(told) > 5 else "")
        listed = f" ({shown})" if told else ""
        return f"Warning: labels no longer true: {changed} of {total}{listed}; doubtful: {doubtful}. {how}."


def _mosaic(result: GalleryResult) -> np.ndarray:
    """Lay out the originals above their copies, shape (height, width, 4), the gaps transparent."""
    across, down = _FIGURE
    canvas = np.zeros((down, across, 4), np.uint8)
    rows = np.concatenate([result.originals[None], result.changed])
    size = _SIDE // rows.shape[-1]
    # A picture of 28 pixels fills 84: in the middle of its cell.
    rim = (_SIDE - size * rows.shape[-1]) // 2
    values = np.rint(255 * rows).astype(np.uint8).repeat(size, axis=-1).repeat(size, axis=-2)
    values = np.broadcast_to(values, (*values.shape[:2], 3, *values.shape[-2:])).transpose(0, 1, 3, 4, 2)
    wide = values.shape[2]
    for row in range(_ROWS):
        for column in range(COLUMNS):
            top, left = _TOP + row * _CELL + rim, _LEFT + column * _CELL + rim
            canvas[top : top + wide, left : left + wide, :3] = values[row, column]
            canvas[top : top + wide, left : left + wide, 3] = 255
    return canvas


def _frame(row: int, column: int) -> list[tuple[float, float]]:
    """Return the corners of the frame around a copy."""
    left, top = _LEFT + column * _CELL - 1, _TOP + (1 + row) * _CELL - 1
    right, bottom = left + _SIDE + 2, top + _SIDE + 2
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]

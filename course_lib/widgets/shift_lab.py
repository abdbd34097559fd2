"""The shift lab: move a picture, and see whether its features move along and whether its class stays."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context

from course_lib.data import FASHION_MNIST_NAMES
from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, GREEN, SIGNED, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.quick_image import show_quickly
from course_lib.widgets.shifted_pictures import (
    LARGEST,
    NO_POOLING,
    PICTURES,
    POOLINGS,
    SHIFTS,
    SIDE,
    ShiftParameters,
    ShiftResult,
    compute,
)

# Where things stand in the figure, in pixels: left, top, width, height. A pixel of a picture is 4 wide.
_FIGURE = (832, 440)
_PICTURE = 4 * SIDE
_LEFTS = (4, 220, 436, 652)
_TOP = 24
_TITLES = ("the picture now", "its features", "old features, moved along", "difference")
_CLASSES = (96, 236, 270, 162)
_CURVES = (448, 266, 372, 132)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class ShiftLab(FigurePanel):
    """Move a picture of a garment, with pooling or without, and measure equivariance, invariance, the class.

    Parameters
    ----------
    **settings
        Fields of `ShiftParameters`.
    """

    Parameters: ClassVar[type] = ShiftParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: ShiftParameters) -> dict[str, ipywidgets.Widget]:
        """Make a drop-down each for picture and pooling, and a slider for the shift."""
        style = {"description_width": "initial"}
        return {
            "picture": ipywidgets.Dropdown(
                options=PICTURES,
                value=parameters.picture,
                description="Picture",
                style=style,
                layout=ipywidgets.Layout(width="160px"),
            ),
            "pooling": ipywidgets.Dropdown(
                options=tuple(POOLINGS),
                value=parameters.pooling,
                description="Pooling",
                style=style,
                layout=ipywidgets.Layout(width="210px"),
            ),
            "shift": ipywidgets.IntSlider(
                parameters.shift,
                min=-LARGEST,
                max=LARGEST,
                description="Shift to the right, pixels",
                style=style,
                layout=ipywidgets.Layout(width="400px"),
            ),
        }

    @classmethod
    def make_figure(cls, result: ShiftResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the picture, three maps of features, the classes' bars and the curves over the shift."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        artists: dict[str, object] = {"images": []}
        calm, loud = (SKY_BLUE if dark else BLUE), VERMILLION
        frames = []  # painted with the pictures, which would cover them
        with rc_context(look(dark=dark)):
            for left, title in zip(_LEFTS, _TITLES):
                axes = figure.add_axes(_place(left, _TOP, _PICTURE, _PICTURE), xticks=[], yticks=[])
                signed = title == _TITLES[-1]
                colours = SIGNED if signed else "gray"
                extent = (0, SIDE, SIDE, 0)
                artists["images"].append(show_quickly(axes, np.zeros((2, 2)), extent=extent, cmap=colours))
                axes.set_title(title)
                for spine in axes.spines.values():
                    spine.set(visible=True, color="#888888")
                    frames.append(spine)
            classes = figure.add_axes(_place(*_CLASSES))
            rows = np.arange(10)
            artists["before"] = classes.barh(rows - 0.2, np.zeros(10), 0.36, color="#888888")
            artists["after"] = classes.barh(rows + 0.2, np.zeros(10), 0.36, color=loud)
            classes.set_yticks(rows, FASHION_MNIST_NAMES)
            classes.set_ylim(9.6, -0.6)
            classes.set_xlim(0, 1)
            classes.set_title("class: grey where it was, orange now")
            classes.set_xlabel("probability")
            curves = figure.add_axes(_place(*_CURVES))
            for name, label, colour, style in (
                ("equivariance", "equivariance error", calm, "-"),
                ("invariance", "invariance error", loud, "--"),
                ("kept", "share of 100 pictures that keep their class", GREEN, ":"),
            ):
                (artists[name],) = curves.plot([], [], style, color=colour, marker="o", ms=3, label=label)
            artists["here"] = curves.axvline(0, color="#888888", linewidth=1)
            curves.set_xlim(-LARGEST - 0.3, LARGEST + 0.3)
            curves.set_xticks(SHIFTS[::2])
            curves.set_ylim(-0.06, 2)
            curves.set_yticks([0, 0.5, 1, 1.5, 2])
            curves.set_xlabel("shift, pixels")
            curves.legend(loc="lower left", bbox_to_anchor=(0, 0.98), borderpad=0, labelspacing=0.2)
        moving = [*artists["images"], *frames, *artists["before"], *artists["after"]]
        for artist in (*moving, *(artists[name] for name in ("equivariance", "invariance", "kept", "here"))):
            artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: ShiftResult) -> None:
        """Bring pictures, bars and curves to a new result."""
        brightest = max(float(result.carried.max()), float(result.features.max()))
        difference = result.features - result.carried
        shown = (result.moved, result.features, result.carried, difference)
        limits = ((0, 1), (0, brightest), (0, brightest), (-brightest, brightest))
        for artist, values, limit in zip(artists["images"], shown, limits):
            artist.set_data(values)
            artist.set_clim(*limit)
        for name in ("before", "after"):
            for bar, share in zip(artists[name], getattr(result, name)):
                bar.set_width(share)
        for name in ("equivariance", "invariance", "kept"):
            artists[name].set_data(SHIFTS, getattr(result, name))
        artists["here"].set_xdata([result.parameters.shift] * 2)
        parameters = result.parameters
        settings = (
            f"a {parameters.picture} moved by {parameters.shift} pixels to the right, {parameters.pooling}."
        )
        describe(figure, f"Shift lab: {settings} {cls.explain(result)}".replace("-", "−"))

    @classmethod
    def explain(cls, result: ShiftResult) -> str:
        """Say how far the features went along and stayed, and what became of the class."""
        parameters = result.parameters
        number, step = LARGEST + parameters.shift, POOLINGS[parameters.pooling]
        names = [FASHION_MNIST_NAMES[int(p.argmax())] for p in (result.before, result.after)]
        cells = parameters.shift // step
        along = "1 cell" if abs(cells) == 1 else f"{abs(cells)} cells"
        what = (
            f"Moved along by {along}, the features are wrong by {100 * result.equivariance[number]:.0f} %; "
            f"left where they were, by {100 * result.invariance[number]:.0f} %."
        )
        if parameters.pooling != NO_POOLING and parameters.shift % step:
            what += f" A shift that is no multiple of {step} has no whole number of cells."
        verdict = f"it stays “{names[0]}”" if names[0] == names[1] else f"“{names[0]}” becomes “{names[1]}”"
        return f"{what} The class: {verdict}; {100 * result.kept[number]:.0f} of 100 pictures keep theirs."

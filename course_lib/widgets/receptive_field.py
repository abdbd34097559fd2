"""The receptive-field widget: stack layers, drag a unit over a photograph, see what it can and does see."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.patches import Rectangle

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.quick_image import show_quickly
from course_lib.widgets.receptive_stacks import (
    DEPTH,
    HEIGHT,
    NOTHING,
    STEPS,
    WEIGHTS,
    WIDTH,
    FieldParameters,
    FieldResult,
    compute,
    photograph,
)

# Where things stand in the figure, in pixels: left, top, width, height. A pixel of the photograph is 3 wide.
_FIGURE = (832, 400)
_SCALE = 3
_PHOTO = (4, 26, _SCALE * WIDTH, _SCALE * HEIGHT)
_PROFILE = (552, 26, 268, 120)
_TABLE = (530, 206)
_OVERLAY = np.array([213, 94, 0]) / 255


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _sides(box: np.ndarray) -> str:
    return f"{box[1] - box[0] + 1}×{box[3] - box[2] + 1}"


class ReceptiveField(FigurePanel):
    """Stack layers and compare what a unit can see, by the formula, with its gradient on a photograph.

    Parameters
    ----------
    **settings
        Fields of `FieldParameters`.
    """

    Parameters: ClassVar[type] = FieldParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: FieldParameters) -> dict[str, ipywidgets.Widget]:
        """Make a drop-down for each layer and for the weights, and a box to tick for ReLUs."""

        def drop_down(label: str, names: tuple[str, ...], value: str, width: int) -> ipywidgets.Dropdown:
            layout = ipywidgets.Layout(width=f"{width}px")
            style = {"description_width": "initial"}
            return ipywidgets.Dropdown(
                options=names, value=value, description=label, layout=layout, style=style
            )

        controls: dict[str, ipywidgets.Widget] = {}
        for number in range(1, DEPTH + 1):
            name = f"layer{number}"
            options = (NOTHING, *STEPS)
            controls[name] = drop_down(f"Layer {number}", options, getattr(parameters, name), 212)
        controls["weights"] = drop_down("Weights", WEIGHTS, parameters.weights, 150)
        controls["relu"] = ipywidgets.Checkbox(
            parameters.relu,
            description="ReLU between layers",
            indent=False,
            layout=ipywidgets.Layout(width="170px"),
        )
        return controls

    def read_controls(self) -> dict[str, object]:
        """Read the controls; the unit stays where it is."""
        place = {"x": self._parameters.x, "y": self._parameters.y}
        return {name: control.value for name, control in self.controls.items()} | place

    def write_controls(self, parameters: FieldParameters) -> None:
        """Show what the layers, the weights and the ReLUs are."""
        for name, control in self.controls.items():
            control.value = getattr(parameters, name)

    @classmethod
    def still_part(cls, result: FieldResult) -> object:
        """The table and the profile's axis change with the stack, and stay while the unit is dragged."""
        return result.parameters.stack

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: FieldResult) -> dict[str, Handle]:
        """The unit can be dragged over the photograph; an arrow key takes it to the next one."""
        row, column = np.clip(result.centre, 0, [HEIGHT - 1, WIDTH - 1])
        label = f"the unit, its field in the middle of row {row:g}, column {column:g}"
        return {
            "unit": Handle(
                artists["photo"],
                float(column),
                float(row),
                "unit of the last layer",
                label,
                step=float(_SCALE * result.steps[-1]),
            )
        }

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Move the unit."""
        return {"x": float(np.clip(x, 0, WIDTH - 1)), "y": float(np.clip(y, 0, HEIGHT - 1))}

    @classmethod
    def make_figure(cls, result: FieldResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the photograph with the field on it, the gradient's profile and the table of layers."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        artists: dict[str, object] = {}
        with rc_context(look(dark=dark)):
            photo = figure.add_axes(_place(*_PHOTO), xticks=[], yticks=[])
            photo.imshow(photograph(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            artists["photo"] = photo
            artists["heat"] = show_quickly(photo, np.zeros((1, 1, 4)), zorder=2)
            photo.set_xlim(-0.5, WIDTH - 0.5)
            photo.set_ylim(HEIGHT - 0.5, -0.5)
            photo.set_title("frame: what the unit can see; orange: |∂ unit / ∂ pixel| (shade: its root)")
            for name, colour, width in (("dark frame", "#000000", 4), ("frame", "#F0E442", 2)):
                artists[name] = photo.add_patch(
                    Rectangle((0, 0), 1, 1, fill=False, edgecolor=colour, linewidth=width, zorder=3)
                )
            profile = figure.add_axes(_place(*_PROFILE))
            artists["axes"] = profile
            (artists["profile"],) = profile.plot([], [], color=VERMILLION, drawstyle="steps-mid")
            (artists["ends"],) = profile.plot([], [], "--", color=SKY_BLUE if dark else BLUE)
            profile.set_ylim(0, 1.08)
            profile.set_yticks([0, 0.5, 1])
            profile.set_title("gradient by column; dashed: frame")
            profile.set_xlabel("columns from the middle")
            left, top = _TABLE
            artists["table"] = figure.text(
                left / _FIGURE[0],
                1 - top / _FIGURE[1],
                "",
                va="top",
                family="monospace",
                fontsize=9,
                linespacing=1.5,
            )
        for name in ("heat", "dark frame", "frame", "profile", "ends"):
            artists[name].set_animated(True)
        change_now_and_then(artists["table"], artists["axes"].xaxis)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: FieldResult) -> None:
        """Bring heat, frame, profile and table to a new result."""
        top, bottom, left, right = result.box
        for name in ("dark frame", "frame"):
            artists[name].set_bounds(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1)
        # Only the part that the frame holds: outside the gradient is 0.
        top, bottom = max(top, 0), min(bottom, HEIGHT - 1)
        left, right = max(left, 0), min(right, WIDTH - 1)
        part = result.gradient[top : bottom + 1, left : right + 1]
        heat = np.empty((*part.shape, 4))
        heat[..., :3] = _OVERLAY
        # The root shows small gradients, too; a 0 is quite transparent.
        heat[..., 3] = 0.9 * np.sqrt(part / (part.max() or 1))
        artists["heat"].set_data(heat)
        artists["heat"].set_extent((left - 0.5, right + 0.5, bottom + 0.5, top - 0.5))
        reach = result.sizes[-1] / 2
        artists["profile"].set_data(result.offsets, result.profile)
        artists["ends"].set_data([-reach, -reach, reach, reach], [0, 1.04, 1.04, 0])
        artists["axes"].set_xlim(-1.3 * reach - 2, 1.3 * reach + 2)
        artists["table"].set_text(cls._table(result))
        describe(figure, f"Receptive field: {cls._settings(result)} {cls.explain(result)}")

    @staticmethod
    def _table(result: FieldResult) -> str:
        names = [getattr(result.parameters, f"layer{number}") for number in range(1, DEPTH + 1)]
        there = ["the pixels", *(name for name in names if name != NOTHING)]
        rows = [f"{'after':20} {'field':>5} {'step':>4}"]
        rows += [
            f"{name:20} {size:5} {step:4}" for name, size, step in zip(there, result.sizes, result.steps)
        ]
        return "\n".join(rows)

    @staticmethod
    def _settings(result: FieldResult) -> str:
        parameters = result.parameters
        names = [getattr(parameters, f"layer{number}") for number in range(1, DEPTH + 1)]
        there = ", ".join(name for name in names if name != NOTHING) or "no layer"
        row, column = result.centre
        return (
            f"{there}; weights {parameters.weights}, {'with' if parameters.relu else 'without'} ReLU; a unit "
            f"in the middle of row {row:g} and column {column:g} of the pavilion."
        )

    @classmethod
    def explain(cls, result: FieldResult) -> str:
        """Compare what the unit can see with what its gradient reaches."""
        size, step = result.sizes[-1], result.steps[-1]
        theory = (
            f"Formula: the unit can see {size}×{size} pixels; its neighbour's field begins {step} "
            f"pixel{'' if step == 1 else 's'} further on."
        )
        if not result.reached.size:
            return f"{theory} Measured: its gradient is 0, because a ReLU on every way to it is shut."
        inside = (result.gradient > 0).sum()
        return (
            f"{theory} Measured: the gradient reaches {_sides(result.reached)} and is not 0 at {inside} of "
            f"{size * size} pixels; half of it lies in the middle {result.half}×{result.half}."
        )

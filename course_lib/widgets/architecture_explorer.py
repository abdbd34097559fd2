"""The architecture explorer: a net drawn and counted from itself, and the gradient through its depth."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
from matplotlib import rc_context
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Patch

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.architecture import COLOURS
from course_lib.plots.palette import BLUE, GREEN, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.architecture_nets import (
    DEPTHS,
    FIXED,
    NETS,
    RESIDUAL,
    SIDE,
    WIDTHS,
    ArchitectureParameters,
    ArchitectureResult,
    compute,
)
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.size_accountant import short_count
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 390)
_NET, _TABLE, _GRADIENT = (12, 24, 808, 86), (12, 140, 470, 240), (546, 158, 274, 192)
_RANGE = (0.3, 1e4)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class ArchitectureExplorer(FigurePanel):
    """Draw and count a net of some depth and width; see what skips do to the gradient before training.

    Parameters
    ----------
    **settings
        Fields of `ArchitectureParameters`.
    """

    Parameters: ClassVar[type] = ArchitectureParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: ArchitectureParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of nets, and sliders for depth and width that lead to a net that has them."""
        style = {"description_width": "initial"}
        return {
            "net": ipywidgets.Dropdown(
                options=NETS,
                value=parameters.net,
                description="Net",
                style=style,
                layout=ipywidgets.Layout(width="250px", margin="2px 12px 2px 2px"),
            ),
            "depth": ipywidgets.IntSlider(
                parameters.depth,
                min=DEPTHS[0],
                max=DEPTHS[1],
                description="Depth: blocks a stage",
                style=style,
                layout=ipywidgets.Layout(width="340px"),
            ),
            "width": ipywidgets.SelectionSlider(
                options=WIDTHS,
                value=parameters.width,
                description="Width: channels at first",
                style=style,
                layout=ipywidgets.Layout(width="380px"),
            ),
        }

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Show a net that has a depth and a width as soon as the hand changes these."""
        fixed = changed != "net" and settings["net"] in FIXED
        return settings | {"net": RESIDUAL} if fixed else settings

    @classmethod
    def make_figure(
        cls, result: ArchitectureResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the row of boxes, the table below it, and the norms of the gradient beside that."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        artists: dict[str, object] = {"colours": COLOURS[dark]}
        lines = (
            (ORANGE, SKY_BLUE, GREEN) if dark else (VERMILLION, BLUE, GREEN),
            (("plain", "--"), ("residual", "-"), ("pre-activation", "-.")),
        )
        with rc_context(look(dark=dark)):
            net = figure.add_axes(_place(*_NET))
            net.set_axis_off()
            net.set(xlim=(-0.004, 1.004), ylim=(-0.52, 0.66))
            ink = net.title.get_color()
            artists["boxes"] = net.add_collection(PolyCollection([], linewidths=0))
            artists["skips"] = net.add_collection(LineCollection([], colors=ink, linewidths=1))
            figure.legend(
                handles=[Patch(color=colour, label=kind) for kind, colour in COLOURS[dark].items()],
                loc="upper left",
                ncols=4,
                bbox_to_anchor=(0.0, 1.0),
                borderaxespad=0.2,
            )
            artists["table"] = figure.text(
                _TABLE[0] / _FIGURE[0],
                1 - _TABLE[1] / _FIGURE[1],
                "",
                family="monospace",
                fontsize=8,
                va="top",
                linespacing=1.25,
            )
            gradient = figure.add_axes(_place(*_GRADIENT))
            for colour, (name, style) in zip(*lines):
                (artists[name],) = gradient.plot([], [], style, color=colour, linewidth=1.6, label=name)
            gradient.set_yscale("log")
            gradient.minorticks_off()
            gradient.set(xlim=(0, 6 * DEPTHS[1] + 3), ylim=_RANGE)
            gradient.grid(visible=True)
            gradient.set_title("gradient's norm ÷ that at the last layer")
            gradient.set_xlabel("layer", labelpad=1)
            gradient.legend(loc="upper right", borderaxespad=0.2)
        for name in ("boxes", "skips", "table", "plain", "residual", "pre-activation"):
            artists[name].set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: ArchitectureResult
    ) -> None:
        """Bring boxes, arcs, table, curves and alt text to a new result."""
        artists["boxes"].set_verts(list(result.corners))
        artists["boxes"].set_facecolors([artists["colours"][part.kind] for part in result.parts])
        artists["skips"].set_segments(list(result.skips))
        artists["table"].set_text(cls._table(result))
        for name, found in (
            ("plain", result.plain),
            ("residual", result.residual),
            ("pre-activation", result.preactivation),
        ):
            artists[name].set_data(found.layers, found.norms / found.norms[-1])
        p = result.parameters
        size = "" if p.net in FIXED else f", {p.depth} blocks a stage, {p.width} channels at first"
        names = ", ".join(f"{part.count} {part.name}" for part in result.table)
        describe(figure, f"Architecture explorer: {p.net}{size}: {names}. {cls.explain(result)}")

    @staticmethod
    def _table(result: ArchitectureResult) -> str:
        rows = [("part", "output", "parameters", "mult-adds", "field")]
        for part in result.table:
            times = f"{part.count} × " if part.count > 1 else ""
            # Beyond the image there is nothing to see.
            field = "" if part.receptive_field is None else str(min(part.receptive_field[0], SIDE))
            shape = "×".join(map(str, part.output_shape))
            rows.append(
                (
                    f"{times}{part.name}",
                    shape,
                    f"{part.parameters:,}",
                    short_count(part.multiply_adds),
                    field,
                )
            )
        parameters, work = result.total
        rows.append(("in all", "", f"{parameters:,}", short_count(work), ""))
        return "\n".join(f"{a:<25}{b:>10}{c:>12}{d:>10}{e:>7}" for a, b, c, d, e in rows)

    @classmethod
    def explain(cls, result: ArchitectureResult) -> str:
        """Say how large the net is, and how much the gradient grows on its way back."""
        parameters, work = result.total
        p = result.parameters
        plain, residual, early = (
            f"{each.growth:,.0f}" if each.growth >= 100 else tidy(each.growth, 2)
            for each in (result.plain, result.residual, result.preactivation)
        )
        return (
            f"{short_count(parameters)} parameters, {short_count(work)} multiply-adds an image. Before "
            f"training, nets of {p.layers} layers and {p.width} channels at first: the gradient at the first "
            f"layer is {plain} times that at the last without skips, {residual} times with them, {early} "
            "times with pre-activation."
        )

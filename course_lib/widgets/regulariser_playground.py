"""The regulariser playground: a boundary between two classes while a net is trained, and its weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import ipywidgets
import numpy as np
from contourpy import contour_generator
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import NullFormatter

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.playground_nets import COUNTS, ELASTIC, KINDS, STOPPING, PlaygroundParameters
from course_lib.widgets.playground_points import REACH, SHAPES
from course_lib.widgets.playground_runs import (
    BINS,
    UPDATES,
    PlaygroundResult,
    compute,
    histogram,
    stream,
)
from course_lib.widgets.quick_image import show_quickly
from course_lib.widgets.streamed_panel import StreamedPanel
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 336)
_MAP = (46, 24, 270, 270)
_WEIGHTS, _LOSSES = (366, 24, 176, 250), (606, 24, 206, 250)
_LOWEST, _HIGHEST = 0.003, 3
_LEAST_SHARE = 5e-4


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class RegulariserPlayground(StreamedPanel):
    """Train a small net on points of two classes, with one of eight regularisers, and watch its boundary.

    Parameters
    ----------
    **settings
        Fields of `PlaygroundParameters`.
    """

    Parameters: ClassVar[type] = PlaygroundParameters
    compute = staticmethod(compute)

    @staticmethod
    def stream(parameters: PlaygroundParameters) -> Iterator[PlaygroundResult]:
        """Give the results of a run while it goes on."""
        return stream(parameters)

    def make_controls(self, parameters: PlaygroundParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists for regulariser and points, a slider for each strength, and the buttons of the run."""
        style = {"description_width": "initial"}

        def choice(label: str, options: tuple, value: object, width: int) -> ipywidgets.Dropdown:
            layout = ipywidgets.Layout(width=f"{width}px")
            return ipywidgets.Dropdown(
                options=options, value=value, description=label, style=style, layout=layout
            )

        def slider(label: str, value: float, low: float, high: float, step: float, width: int) -> object:
            return ipywidgets.FloatSlider(
                value,
                min=low,
                max=high,
                step=step,
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        controls = {
            "kind": choice("Regulariser", tuple(KINDS), parameters.kind, 205),
            "lam": ipywidgets.FloatLogSlider(
                parameters.lam,
                min=-5,
                max=-1,
                step=0.1,
                description="λ",
                readout_format=".2g",
                style=style,
                layout=ipywidgets.Layout(width="250px"),
            ),
            "limit": slider("Longest ‖w‖", parameters.limit, 0.2, 4, 0.1, 250),
            "p": slider("Drop p", parameters.p, 0.05, 0.9, 0.05, 250),
            "shape": choice("Points", tuple(SHAPES), parameters.shape, 150),
            "count": choice("How many", COUNTS, parameters.count, 135),
            "noise": slider("Noise", parameters.noise, 0, 0.5, 0.05, 200),
            "seed": ipywidgets.BoundedIntText(
                parameters.seed,
                min=0,
                max=99,
                description="Seed",
                style=style,
                layout=ipywidgets.Layout(width="95px"),
            ),
        }
        self._offer(controls, parameters)
        return controls | self.run_buttons()

    @staticmethod
    def _offer(controls: dict[str, ipywidgets.Widget], parameters: PlaygroundParameters) -> None:
        """Show the one strength that counts; where there is none, its place stays empty."""
        wanted = KINDS[parameters.kind]
        for name in {strength for strength in KINDS.values() if strength}:
            in_place = name == (wanted or "lam")
            controls[name].layout.display = None if in_place else "none"
            controls[name].layout.visibility = "visible" if wanted else "hidden"

    def write_controls(self, parameters: PlaygroundParameters) -> None:
        """Show the settings, and of the strengths the one that belongs to the regulariser."""
        super().write_controls(parameters)
        self._offer(self.controls, parameters)

    @classmethod
    def make_figure(
        cls, result: PlaygroundResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the map with its points, the histogram of the weights and the curves of the loss."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        main, other = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        grey, ink = ("#9aa4b2", "#F4F4F4") if dark else ("#7a8594", "#111111")
        with rc_context(look(dark=dark)):
            artists: dict[str, object] = {}
            cls._draw_map(figure.add_axes(_place(*_MAP)), artists, main, other, dark=dark)
            weights, losses = figure.add_axes(_place(*_WEIGHTS)), figure.add_axes(_place(*_LOSSES))
            (artists["plain weights"],) = weights.step(
                [], [], where="mid", color=grey, linewidth=1, label="no regulariser"
            )
            (artists["weights"],) = weights.step([], [], where="mid", color=main, label="this net")
            weights.set(xlim=(-2, 2), ylim=(_LEAST_SHARE, 2), yscale="log", xlabel="weight")
            weights.set_title("share of the weights")
            (artists["train"],) = losses.plot([], [], "--", color=main, label="training")
            (artists["validation"],) = losses.plot([], [], color=other, label="validation")
            (artists["plain loss"],) = losses.plot(
                [], [], ":", color=grey, linewidth=1.8, label="validation, no regulariser"
            )
            (artists["best"],) = losses.plot(
                [], [], "o", color=ink, markersize=6, label="lowest", clip_on=False
            )
            losses.set(xlim=(0, UPDATES), ylim=(_LOWEST, _HIGHEST), yscale="log", xlabel="update")
            losses.set_title("loss, without penalty")
            losses.legend(loc="lower left", borderpad=0, labelspacing=0.15, handlelength=1.8)
            weights.legend(loc="upper left", borderpad=0, labelspacing=0.15, handlelength=1.2)
            for axes in (weights, losses):
                axes.yaxis.set_minor_formatter(NullFormatter())
                axes.minorticks_off()
        for artist in artists.values():
            artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @staticmethod
    def _draw_map(axes: Axes, artists: dict[str, object], main: str, other: str, *, dark: bool) -> None:
        middle = "#20262e" if dark else "#ffffff"
        paint = LinearSegmentedColormap.from_list("classes", (other, middle, main))
        artists["map"] = show_quickly(
            axes,
            np.full((2, 2), 0.5),
            cmap=paint,
            vmin=-0.35,
            vmax=1.35,
            origin="lower",
            extent=(-REACH, REACH, -REACH, REACH),
            interpolation="nearest",
        )
        ink = "#F4F4F4" if dark else "#111111"
        (artists["boundary"],) = axes.plot([], [], color=ink, linewidth=1.6)
        for name, marker, colour in (("class 0", "^", other), ("class 1", "o", main)):
            (artists[name],) = axes.plot(
                [], [], marker, color=colour, markersize=5, markeredgecolor=ink, markeredgewidth=0.7
            )
        axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=range(-2, 3), yticks=range(-2, 3))
        axes.set_xlabel("x₁", labelpad=1)
        axes.set_ylabel("x₂", labelpad=0)
        axes.set_title("▲ class 0, ● class 1; line: probability ½")

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: PlaygroundResult
    ) -> None:
        """Bring the map, the points, the histogram and the curves to a new result."""
        artists["map"].set_data(result.probability)
        artists["boundary"].set_data(*_boundary(result.probability))
        for number, name in enumerate(("class 0", "class 1")):
            artists[name].set_data(*result.x[result.labels == number].T)
        middles = (BINS[1:] + BINS[:-1]) / 2
        for name, weights in (("weights", result.weights), ("plain weights", result.plain_weights)):
            # A logarithmic axis has no room for bins that are empty.
            artists[name].set_data(middles, np.maximum(histogram(weights), _LEAST_SHARE / 2))
        artists["train"].set_data(result.updates, np.maximum(result.train_loss, _LOWEST / 2))
        artists["validation"].set_data(result.updates, result.validation_loss)
        counted = UPDATES * np.arange(len(result.plain_loss)) / max(len(result.plain_loss) - 1, 1)
        artists["plain loss"].set_data(counted, result.plain_loss)
        at = int(np.searchsorted(result.updates, result.best))
        artists["best"].set_data([result.best], [result.validation_loss[at]])
        parameters = result.parameters
        describe(
            figure,
            f"Regulariser playground: {parameters.count} {parameters.shape} with noise "
            f"{parameters.noise:.2f}, a map of the net's answer with its boundary, the histogram of its "
            f"weights and its losses. {cls.explain(result)}",
        )

    @classmethod
    def explain(cls, result: PlaygroundResult) -> str:
        """Say how well the net does on both sets, against the one without a regulariser, and its weights."""
        parameters = result.parameters
        at = int(np.searchsorted(result.updates, result.shown))
        train, validation = result.train_loss[at], result.validation_loss[at]
        right = result.accuracy
        end = "" if result.finished else f" of {UPDATES} …"
        place = f"update {result.shown}{end}"
        if parameters.kind == STOPPING and result.finished:
            place = f"best at update {result.shown}, stopped after {result.updates[-1]}"
        plain = ""
        if len(result.plain_loss):
            plain = f" (without a regulariser {tidy(result.plain_loss[-1], 2)})"
        return (
            f"{_called(parameters)}, {place}: training loss {tidy(train, 2)}, {100 * right[0]:.0f} % right; "
            f"validation loss {tidy(validation, 2)}{plain}, {100 * right[1]:.0f} % right. Weights: "
            f"{100 * result.nearly_zero:.0f} % within ±0.01, the longest ‖w‖ of a unit "
            f"{tidy(result.longest, 2)}."
        )


def _called(parameters: PlaygroundParameters) -> str:
    values = {"lam": f"λ = {tidy(parameters.lam, 2)}", "limit": f"‖w‖ ≤ {tidy(parameters.limit, 2)}"}
    values["p"] = f"p = {tidy(parameters.p, 2)}"
    strength = KINDS[parameters.kind]
    halves = " (half of it each)" if parameters.kind == ELASTIC else ""
    name = "no regulariser" if parameters.kind == "none" else parameters.kind
    return name[0].upper() + name[1:] + (f", {values[strength]}{halves}" if strength else "")


def _boundary(probability: np.ndarray) -> np.ndarray:
    """Return the line of probability ½, its pieces parted by NaN, shape (2, points)."""
    cells = len(probability)
    middles = REACH * ((2 * np.arange(cells) + 1) / cells - 1)
    gap = np.full((1, 2), np.nan)
    pieces = contour_generator(middles, middles, probability).lines(0.5)
    return np.concatenate([part for piece in pieces for part in (piece, gap)] or [gap]).T

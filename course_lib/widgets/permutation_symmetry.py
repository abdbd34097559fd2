"""The permutation widget: average hidden units of a net trained on real digits, and see what it costs."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, SIGNED, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.permuted_nets import ACTIVATIONS, HIDDEN, SymmetryParameters, SymmetryResult, compute
from course_lib.widgets.quick_image import show_quickly

# Where things stand in the figure, in pixels.
_FIGURE = (832, 330)
_FILTER, _GAP, _LEFT = 66, 10, 84
_ROWS = (36, 142)
_BARS = (_LEFT, 238, 346, 62)
_PATH = (514, 36, 286, 264)

_GUESSING = float(np.log(10))
# What stands for a cost above this is cut off, so that the axes need not jump.
_HIGHEST = 5.0
# Heights on the way are roots of costs: a cost of 0.05 can be told from 0, and one of 4 has its place, too.
_ROOT = (lambda cost: np.sqrt(np.maximum(cost, 0)), np.square)
_COSTS = (0, 0.1, 0.5, 1, 2, 3, 4, 5)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _listed(units: tuple[int, ...]) -> str:
    names = [str(unit + 1) for unit in sorted(units)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


class PermutationSymmetry(FigurePanel):
    """Average permuted copies of a trained net; each copy is as good as the net, their average is not.

    Parameters
    ----------
    **settings
        Fields of `SymmetryParameters`.
    """

    Parameters: ClassVar[type] = SymmetryParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: SymmetryParameters) -> dict[str, ipywidgets.Widget]:
        """Make a drop-down for the net and a box to tick for each hidden unit."""
        controls: dict[str, ipywidgets.Widget] = {
            "activation": ipywidgets.Dropdown(
                options=tuple(ACTIVATIONS),
                value=parameters.activation,
                description="Average the ticked units of a net with units",
                style={"description_width": "initial"},
                layout=ipywidgets.Layout(width="410px"),
            )
        }
        for unit in range(HIDDEN):
            controls[f"unit {unit}"] = ipywidgets.Checkbox(
                unit in parameters.units,
                description=f"unit {unit + 1}",
                indent=False,
                layout=ipywidgets.Layout(width="72px"),
            )
        return controls

    def read_controls(self) -> dict[str, object]:
        """Read which boxes are ticked."""
        units = tuple(unit for unit in range(HIDDEN) if self.controls[f"unit {unit}"].value)
        return {"activation": self.controls["activation"].value, "units": units}

    def write_controls(self, parameters: SymmetryParameters) -> None:
        """Tick the boxes of the averaged units."""
        self.controls["activation"].value = parameters.activation
        for unit in range(HIDDEN):
            self.controls[f"unit {unit}"].value = unit in parameters.units

    @classmethod
    def make_figure(cls, result: SymmetryResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the first-layer weights before and after, the bars, and the cost on the way."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        artists: dict[str, object] = {"filters": [], "frames": []}
        calm, loud = (SKY_BLUE if dark else BLUE), VERMILLION
        with rc_context(look(dark=dark)):
            for row, (top, name) in enumerate(zip(_ROWS, ("net", "average"))):
                for unit in range(HIDDEN):
                    box = (_LEFT + unit * (_FILTER + _GAP), top, _FILTER, _FILTER)
                    axes = figure.add_axes(_place(*box), xticks=[], yticks=[])
                    artists["filters"].append(show_quickly(axes, np.zeros((8, 8)), cmap=SIGNED))
                    for spine in axes.spines.values():
                        spine.set_visible(True)
                        spine.set_color("#888888")
                    artists["frames"].append(list(axes.spines.values()))
                    if row == 0:
                        axes.set_title(f"unit {unit + 1}", loc="center")
                across, down = _FIGURE
                figure.text(8 / across, 1 - (top + _FILTER / 2) / down, name, va="center", fontsize=10)
            bars = figure.add_axes(_place(*_BARS))
            artists["bars"] = bars.barh([2, 1, 0], [0, 0, _GUESSING], 0.62, color=[calm, loud, "#888888"])
            artists["labels"] = [bars.text(0, place, "", va="center") for place in (2, 1, 0)]
            artists["labels"][2].set_text(f"{_GUESSING:.2f}")
            artists["labels"][2].set_x(_GUESSING + 0.06)
            bars.set_yticks([2, 1, 0], ["net, copies", "average", "guessing"])
            bars.set_xlim(0, _HIGHEST)
            bars.set_title("cost: cross-entropy on 500 digits")
            way = figure.add_axes(_place(*_PATH))
            (artists["way"],) = way.plot([], [], color=loud, label="the cost")
            artists["bound"] = way.axhline(0, color=calm, linestyle="--", label="highest, were it convex")
            way.set_xlim(0, 1)
            way.set_yscale("function", functions=_ROOT)
            way.set_ylim(0, _HIGHEST)
            way.set_yticks(_COSTS, [f"{cost:g}" for cost in _COSTS])
            way.set_xticks([0, 0.5, 1], ["net", "half way", "average"])
            way.set_title("cost on the way to the average, √ scale")
            way.legend(loc="upper left")
        moving = [*artists["filters"], *artists["bars"][:2], *artists["labels"][:2]]
        moving += [spine for frame in artists["frames"] for spine in frame]
        for artist in (*moving, artists["way"], artists["bound"]):
            artist.set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: SymmetryResult
    ) -> None:
        """Bring weights, frames, bars and curve to a new result."""
        # A few weights are far larger than the others: without them the many can be told apart.
        largest = np.percentile(np.abs(result.filters[0]), 97)
        images = result.filters.reshape(-1, *result.filters.shape[2:])
        for number, (artist, image) in enumerate(zip(artists["filters"], images)):
            artist.set_data(image)
            artist.set_clim(-largest, largest)
            chosen = number % HIDDEN in result.parameters.units
            for spine in artists["frames"][number]:
                spine.set_linewidth(3 if chosen else 0.8)
                spine.set_color("#E69F00" if chosen else "#888888")
        for bar, label, value in zip(
            artists["bars"], artists["labels"], (result.costs[0], result.average_cost)
        ):
            bar.set_width(value)
            label.set_x(min(value, _HIGHEST - 0.7) + 0.06)
            label.set_text(f"{value:.2f}")
        artists["way"].set_data(result.path, result.path_costs)
        artists["bound"].set_ydata([result.costs.max()] * 2)
        settings = f"a net of {HIDDEN} {result.parameters.activation} units trained on digits."
        describe(figure, f"Permutation symmetry: {settings} {cls.explain(result)}")

    @classmethod
    def explain(cls, result: SymmetryResult) -> str:
        """Say what the copies cost, what their average costs, and what follows."""
        units = result.parameters.units
        if len(units) < 2:
            return "Tick two units or more: a single unit has nobody to change places with."
        before, after = (f"{100 * share:.1f} %" for share in result.accuracies)
        number = len(result.costs)
        beginning = (
            f"Units {_listed(units)}: {number} copies, each costs {result.costs[0]:.3f} ({before} right); "
            f"their average costs {result.average_cost:.3f} ({after} right)"
        )
        if result.average_cost > result.costs.max() + 1e-9:
            return f"{beginning}: more, so J is not convex."
        return f"{beginning}: no more, which refutes nothing."

"""The optimiser race: which way each optimiser takes, how low it gets, and how long its steps are."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.ticker import NullLocator

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import look
from course_lib.widgets.cost_map import CostMap
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.optimiser_race_courses import ALIKE, BATCHES, COURSES, grid_values
from course_lib.widgets.optimiser_race_lines import RunnerKey, logarithmic, runner_lines
from course_lib.widgets.optimiser_race_runs import (
    LIMITS,
    RATE,
    RUNNERS,
    SHOWN,
    STEP,
    STEPS,
    USERS,
    RaceParameters,
    RaceResult,
    compute,
)
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 412)
_MAP = (46, 22, 326, 326)
_COSTS = (440, 22, 380, 132)
_PARTS = ((440, 210, 181, 138), (639, 210, 181, 138))
_LINES = 14
# How far the logarithmic axes of steps and rates reach down at most; rates that are shown should be seen.
_DECADES = {STEP: 5, RATE: 8}
_TITLES = {STEP: "step along θ{}", RATE: "effective rate of θ{}"}
# A rate at which SGD and momentum do not diverge; the others need no other rate on another surface.
_RATES = {
    "bowl": 0.1,
    "ravine": 0.03,
    "tilted ravine": 0.03,
    "saddle": 0.1,
    "plateau": 0.1,
    "Rosenbrock": 2e-4,
}
# No place on any map costs nearly as much.
_LOST = 1e6


class OptimiserRace(FigurePanel):
    """Race SGD, momentum, AdaGrad, RMSProp, Adam (with and without correction) and AMSGrad.

    Parameters
    ----------
    **settings
        Fields of `RaceParameters`.
    """

    Parameters: ClassVar[type] = RaceParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: RaceParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists of surfaces and minibatches, boxes to tick, and sliders of all numbers."""
        style = {"description_width": "initial"}

        def sized(kind: type, name: str, label: str, width: int, **options: object) -> ipywidgets.Widget:
            layout = ipywidgets.Layout(width=f"{width}px")
            value = getattr(parameters, name)
            return kind(value=value, description=label, style=style, layout=layout, **options)

        def slider(name: str, label: str, width: int, step: float, highest: float | None = None) -> object:
            low, high = LIMITS[name]
            whole = isinstance(step, int)
            kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
            more = {} if whole else {"readout_format": ".3f" if step < 0.01 else ".2f"}
            return sized(kind, name, label, width, min=low, max=highest or high, step=step, **more)

        def rate(name: str, label: str, width: int) -> object:
            return sized(
                ipywidgets.FloatLogSlider, name, label, width, min=-5, max=1, step=0.1, readout_format=".1e"
            )

        controls = {
            "surface": sized(ipywidgets.Dropdown, "surface", "Surface", 170, options=tuple(COURSES)),
            "batches": sized(ipywidgets.Dropdown, "batches", "Minibatches", 238, options=BATCHES),
            "one_in": sized(ipywidgets.BoundedIntText, "one_in", "one in", 90, min=2, max=50),
            "draw": sized(ipywidgets.BoundedIntText, "draw", "draw", 80, min=1, max=99),
            "shown": sized(ipywidgets.Dropdown, "shown", "Below", 186, options=SHOWN),
        }
        for name in RUNNERS:
            controls[name] = ipywidgets.Checkbox(
                name in parameters.runners,
                description=name,
                indent=False,
                layout=ipywidgets.Layout(width=f"{40 + round(7.6 * len(name))}px"),
            )
        controls |= {
            "rate_sgd": rate("rate_sgd", "α of SGD, momentum", 310),
            "rate_adagrad": rate("rate_adagrad", "α of AdaGrad", 250),
            "rate_adam": rate("rate_adam", "α of the others", 250),
            "beta1": slider("beta1", "β₁ (μ)", 260, 0.01),
            "rho": slider("rho", "ρ of RMSProp", 290, 0.001, 0.999),
            "beta2": slider("beta2", "β₂", 260, 0.001, 0.999),
            "noise": slider("noise", "Noise", 260, 0.05, 2.0),
            "steps": slider("steps", "Steps", 550, 1),
        }
        self._allow(controls, parameters)
        return controls

    @staticmethod
    def _allow(controls: dict[str, ipywidgets.Widget], parameters: RaceParameters) -> None:
        """Switch off what changes nothing: numbers of those who do not run, draws where nothing is drawn."""
        controls["one_in"].disabled = parameters.batches == ALIKE
        controls["draw"].disabled = parameters.batches == ALIKE and parameters.noise == 0
        for name, runners in USERS.items():
            controls[name].disabled = not set(runners) & set(parameters.runners)

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Add who is ticked and where the start is; on a new surface start afresh."""
        now = self.current_parameters()
        settings |= {"theta1": now.theta1, "theta2": now.theta2}
        settings["runners"] = tuple(name for name in RUNNERS if self.controls[name].value)
        if changed == "surface":
            settings |= {"theta1": None, "theta2": None, "rate_sgd": _RATES[settings["surface"]]}
        return settings

    def write_controls(self, parameters: RaceParameters) -> None:
        """Bring the controls to the parameters, and switch off what changes nothing."""
        super().write_controls(parameters)
        for name in RUNNERS:
            self.controls[name].value = name in parameters.runners
        self._allow(self.controls, parameters)

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: RaceResult) -> dict[str, Handle]:
        """Make the start movable."""
        x, y = result.parameters.start
        label = f"Start at θ₁ {tidy(x)}, θ₂ {tidy(y)}"
        return {"start": Handle(artists["axes"], x, y, "Start", label)}

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Move the start, not beyond the map."""
        left, right, bottom, top = COURSES[self.current_parameters().surface].surface.extent
        return {"theta1": min(max(x, left), right), "theta2": min(max(y, bottom), top)}

    @classmethod
    def still_part(cls, result: RaceResult) -> object:
        """The map, the axes and the key stay until another surface, range or set of runners is shown."""
        p = result.parameters
        return p.surface, p.shown, cls._range(result), p.runners

    @classmethod
    def make_figure(cls, result: RaceResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the map, the costs, and the two panels of steps, with a line for each runner in all four."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        with rc_context(look(dark=dark)):
            chart, costs, *parts = (figure.add_axes(_place(*box)) for box in (_MAP, _COSTS, *_PARTS))
            artists: dict[str, object] = {"axes": chart, "cost": costs, "parts": parts}
            artists["map"] = CostMap(chart, levels=_LINES, dark=dark, pale=True)
            artists["headings"] = [axes.set_title("") for axes in parts]
            costs.set_title("cost J(θ) after so many steps")
            costs.set_xlim(0, STEPS)
            for axes in (costs, *parts):
                logarithmic(axes)
                change_now_and_then(axes.yaxis)
            for axes in parts:
                axes.set_xscale("log")
                axes.set_xlim(1, STEPS)
                axes.set_xlabel("number of the step", labelpad=0)
                axes.xaxis.set_major_formatter("{x:.0f}")
                axes.xaxis.set_minor_locator(NullLocator())
            # Both have the same range.
            parts[1].tick_params(labelleft=False)
            change_now_and_then(*artists["headings"])
            artists["paths"] = runner_lines(chart, dark=dark, ends=True)
            for key, axes in (("costs", costs), ("first", parts[0]), ("second", parts[1])):
                artists[key] = runner_lines(axes, dark=dark)
            artists["key"] = RunnerKey(figure, dark=dark)
            change_now_and_then(*artists["key"].lines, *artists["key"].names)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: RaceResult) -> None:
        """Bring the map and the axes (where they are others) and all lines to a result."""
        still = cls.still_part(result)
        if artists.get("still") != still:
            if artists.get("still", (None,))[0] != still[0]:
                cls._update_map(artists, result)
            artists["still"] = still
            cls._update_axes(artists, result)
            artists["key"].show(result.parameters.runners)
        left, right, bottom, top = COURSES[result.parameters.surface].surface.extent
        # Who is outside is drawn a little beyond the rim, and who diverges no longer once so far outside.
        paths = np.where(np.isfinite(result.paths), result.paths, np.nan)
        paths = np.clip(paths, [2 * left - right, 2 * bottom - top], [2 * right - left, 2 * top - bottom])
        far = (paths != result.paths).any(axis=2)
        diverges = ~(result.costs[:, -1:] < _LOST)
        paths[diverges & (np.cumsum(far, axis=1) > 1)] = np.nan
        low, high = artists["cost"].get_ylim()
        costs = np.clip(result.costs, low / 10, high * 10)
        low, high = artists["parts"][0].get_ylim()
        series = np.clip(cls._series(result), low / 10, high * 10)
        count = np.arange(costs.shape[1])
        for number, name in enumerate(RUNNERS):
            lines = [artists[key][number] for key in ("paths", "costs", "first", "second")]
            for line in lines:
                line.set_visible(name in result.parameters.runners)
            lines[0].set_data(*paths[number].T)
            lines[0].set_markevery([int(np.isfinite(paths[number, :, 0]).sum()) - 1])
            lines[1].set_data(count, costs[number])
            for line, values in zip(lines[2:], series[number].T):
                line.set_data(count[1:], values)
        describe(figure, f"Optimiser race: {cls._settings(result)} {cls.explain(result)}")

    @staticmethod
    def _update_map(artists: dict[str, object], result: RaceResult) -> None:
        name = result.parameters.surface
        course, values = COURSES[name], grid_values(name)
        levels = values.max() * (np.arange(1, _LINES) / _LINES) ** course.power
        artists["map"].show(values, course.surface.extent, levels, f"{name}, drag the start")

    @classmethod
    def _update_axes(cls, artists: dict[str, object], result: RaceResult) -> None:
        shown = result.parameters.shown
        artists["cost"].set_ylim(*COURSES[result.parameters.surface].costs)
        for axes, heading, index in zip(artists["parts"], artists["headings"], "₁₂"):
            axes.set_ylim(*cls._range(result))
            heading.set_text(_TITLES[shown].format(index))

    @staticmethod
    def _series(result: RaceResult) -> np.ndarray:
        return result.moves if result.parameters.shown == STEP else result.rates

    @classmethod
    def _range(cls, result: RaceResult) -> tuple[float, float]:
        """Give the limits of the two panels, whole decades: from the highest value of those shown down."""
        chosen = [RUNNERS.index(name) for name in result.parameters.runners]
        values = cls._series(result)[chosen]
        values = values[np.isfinite(values) & (values > 0) & (values < 1e6)]
        if not values.size:
            return 0.1, 1.0
        low, high = np.log10([values.min(), values.max()])
        shown, top = result.parameters.shown, int(np.ceil(high - 1e-9))
        bottom = top - _DECADES[shown]
        return 10.0 ** (max(bottom, int(np.floor(low))) if shown == RATE else bottom), 10.0**top

    @staticmethod
    def _settings(result: RaceResult) -> str:
        p = result.parameters
        x, y = p.start
        kind = "" if p.batches == ALIKE else f", one in {p.one_in}"
        return (
            f"{len(p.runners)} optimisers on the surface {p.surface} from θ = ({tidy(x)}, {tidy(y)}), "
            f"minibatches {p.batches}{kind}, noise {tidy(p.noise)}. Ways on the map, cost, and {p.shown} "
            "along both coordinates."
        )

    @classmethod
    def explain(cls, result: RaceResult) -> str:
        """Rank the runners by their cost."""
        p = result.parameters
        if not p.runners:
            return "Tick an optimiser to let it run."
        last = {name: float(result.costs[RUNNERS.index(name), -1]) for name in p.runners}
        lost = [name for name, cost in last.items() if not cost < _LOST]
        order = sorted((name for name in last if name not in lost), key=last.get)
        steps = "1 step" if p.steps == 1 else f"{p.steps} steps"
        words = f"Cost after {steps}: " + " · ".join(f"{name} {tidy(last[name], 2)}" for name in order)
        return words + (f" · diverged: {', '.join(lost)}" if lost else "")


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down

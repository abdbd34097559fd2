"""The schedule designer: shape a learning-rate schedule, and see its loss on a noisy quadratic."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.schedule_losses import (
    EIGENVALUES,
    HELD,
    LENGTHS,
    NAMES,
    STEPS,
    WITH_FACTOR,
    WITH_LOW,
    ScheduleParameters,
    ScheduleResult,
    compute,
    make_schedule,
)

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 400)
_RATES, _LOSSES = (48, 24, 764, 122), (48, 178, 764, 182)
_LOWEST, _HIGHEST = 1e-3, 30
_TOPS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _top(rate: float) -> float:
    return next(top for top in _TOPS if rate <= top)


class ScheduleDesigner(FigurePanel):
    """Shape a schedule; see α over time, and the expected loss with its steep and its flat part.

    Parameters
    ----------
    **settings
        Fields of `ScheduleParameters`.
    """

    Parameters: ClassVar[type] = ScheduleParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: ScheduleParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of schedules, a control for each of their numbers, and noise and seed."""
        style = {"description_width": "initial"}

        def slider(kind: type, label: str, value: float, width: int, **limits: object) -> object:
            return kind(
                value,
                description=label,
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
                **limits,
            )

        whole, part, powers = ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.FloatLogSlider
        controls = {
            "schedule": ipywidgets.Dropdown(
                options=NAMES,
                value=parameters.schedule,
                description="Schedule",
                style=style,
                layout=ipywidgets.Layout(width="190px", margin="2px 12px 2px 2px"),
            ),
            "length": slider(whole, "length", parameters.length, 330, min=10, max=STEPS, step=10),
            "factor": slider(
                powers, "factor", parameters.factor, 250, min=-2, max=0, step=0.05, readout_format=".2g"
            ),
            "low": slider(part, "low end / α₀", parameters.low, 250, min=0, max=1, step=0.01),
            # What shapes the schedule stands in the first row, beside its name; in the second what all have.
            "rate": slider(
                powers, "α₀", parameters.rate, 250, min=-2, max=0.25, step=0.05, readout_format=".2g"
            ),
            "warm_up": slider(whole, "warm-up steps", parameters.warm_up, 250, min=0, max=300, step=10),
            "noise": slider(part, "noise σ", parameters.noise, 200, min=0, max=2, step=0.1),
            "seed": ipywidgets.BoundedIntText(
                parameters.seed,
                min=0,
                max=99,
                description="Seed",
                style=style,
                layout=ipywidgets.Layout(width="100px"),
            ),
        }
        self._offer(controls, parameters.schedule)
        return controls

    @staticmethod
    def _offer(controls: dict[str, ipywidgets.Widget], schedule: str) -> None:
        controls["length"].description = LENGTHS.get(schedule, "length")
        for name, users in (("length", LENGTHS), ("factor", WITH_FACTOR), ("low", WITH_LOW)):
            controls[name].disabled = schedule not in users
            # Its place stays empty, so that the others stay where they are.
            controls[name].layout.visibility = "visible" if schedule in users else "hidden"
        # No schedule has both of these: they share a place.
        for name, shown in (("factor", schedule not in WITH_LOW), ("low", schedule in WITH_LOW)):
            controls[name].layout.display = None if shown else "none"

    def write_controls(self, parameters: ScheduleParameters) -> None:
        """Offer the numbers that the schedule has, under the names that it gives them."""
        super().write_controls(parameters)
        self._offer(self.controls, parameters.schedule)

    @classmethod
    def still_part(cls, result: ScheduleResult) -> object:
        """The scale of the rates changes where α₀ leaves it."""
        return _top(result.parameters.rate)

    @classmethod
    def make_figure(cls, result: ScheduleResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the rates above the losses, over the same steps."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        main, other = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        grey = "#9aa4b2" if dark else "#7a8594"
        artists: dict[str, object] = {}
        with rc_context(look(dark=dark)):
            above, below = figure.add_axes(_place(*_RATES)), figure.add_axes(_place(*_LOSSES))
            (artists["rates"],) = above.plot([], [], color=main, linewidth=1.8)
            above.set_title("rate α of each step")
            above.tick_params(labelbottom=False)
            (artists["run"],) = below.plot([], [], color=main, linewidth=0.6, label="one run")
            (artists["held"],) = below.plot([], [], "--", color=grey, label="expected, α₀ held")
            (artists["expected"],) = below.plot([], [], color=other, linewidth=2, label="expected")
            labels = [f"part λ = {value:g}" for value in EIGENVALUES]
            (artists["steep"],) = below.plot([], [], ":", color=other, linewidth=1.4, label=labels[0])
            (artists["flat"],) = below.plot([], [], "-.", color=other, linewidth=1.1, label=labels[1])
            below.set_yscale("log")
            below.set_ylim(_LOWEST, _HIGHEST)
            below.minorticks_off()
            below.set_title("loss on a noisy quadratic")
            below.set_xlabel("steps t", labelpad=1)
            for axes in (above, below):
                axes.set_xlim(0, STEPS)
                axes.grid(visible=True)
            below.legend(
                loc="lower right", bbox_to_anchor=(1, 0.985), ncols=5, borderaxespad=0, columnspacing=1.4
            )
        for artist in artists.values():
            artist.set_animated(True)
        artists["above"] = above
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: ScheduleResult
    ) -> None:
        """Bring the curves to a new result."""
        artists["above"].set_ylim(0, 1.04 * _top(result.parameters.rate))
        t = np.arange(STEPS + 1)
        artists["rates"].set_data(t[:-1], result.rates)
        for name, values in (
            ("run", result.run),
            ("held", result.held),
            ("expected", result.expected),
            ("steep", result.parts[:, 0]),
            ("flat", result.parts[:, 1]),
        ):
            artists[name].set_data(t, values)
        describe(figure, f"Schedule designer. {cls.explain(result)}")

    @classmethod
    def explain(cls, result: ScheduleResult) -> str:
        """Give the code of the schedule and what is expected of it."""
        _, code = make_schedule(result.parameters)
        steep, flat = result.parts[-1]
        words = (
            f"{code}: after {STEPS} steps a loss of {result.expected[-1]:.2g} is expected, {steep:.2g} along "
            f"the steep direction and {flat:.2g} along the flat one"
        )
        if result.parameters.schedule == HELD and not result.parameters.warm_up:
            return f"{words}."
        return f"{words}; with α₀ held it would be {result.held[-1]:.2g}."

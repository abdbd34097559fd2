"""The loss-curve clinic: inject a fault into a real run, or draw a curve, and read the doctor's diagnosis."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import look
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.loss_curve_picture import (
    CHART,
    FIGURE,
    Card,
    LossChart,
    name_of,
    place,
    prescription,
)
from course_lib.widgets.loss_curve_runs import (
    DRAWING,
    DRAWN,
    PENS,
    SEEDS,
    SOURCES,
    ClinicParameters,
    ClinicResult,
    compute,
    place_of,
    resampled,
    stroke,
)
from course_lib.widgets.tidy_numbers import tidy

# A key that moves the pen sideways leaves its height within this share of the axis.
_LEVEL = 2e-3
# The curve that the pen is on is the thicker one.
_CHOSEN, _OTHER = 2.6, 1.2
_OF_RUNS_ONLY = ("dose", "seed", "monitored")


class LossCurveClinic(FigurePanel):
    """Choose a fault and its dose, or draw loss curves with a pen; see what the doctor makes of them.

    Parameters
    ----------
    **settings
        Fields of `ClinicParameters`.
    """

    Parameters: ClassVar[type] = ClinicParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: ClinicParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of faults, dose, seed, a box for the monitor, and a list of what the pen draws."""
        style = {"description_width": "initial"}
        runs = parameters.source != DRAWING
        return {
            "source": ipywidgets.Dropdown(
                options=SOURCES,
                value=parameters.source,
                description="Patient with",
                style=style,
                layout=ipywidgets.Layout(width="290px"),
            ),
            "dose": ipywidgets.IntSlider(
                parameters.dose,
                min=0,
                max=100,
                step=5,
                description="Dose, %",
                disabled=not runs,
                style=style,
                layout=ipywidgets.Layout(width="280px"),
            ),
            "seed": ipywidgets.BoundedIntText(
                parameters.seed,
                min=0,
                max=SEEDS - 1,
                description="Seed",
                disabled=not runs,
                style=style,
                layout=ipywidgets.Layout(width="95px"),
            ),
            "monitored": ipywidgets.Checkbox(
                parameters.monitored,
                description="the doctor sees the monitor's records too",
                indent=False,
                disabled=not runs,
                layout=ipywidgets.Layout(width="310px"),
            ),
            "pen": ipywidgets.Dropdown(
                options=PENS,
                value=parameters.pen,
                description="The pen draws the loss of",
                style=style,
                layout=ipywidgets.Layout(width="280px"),
            ),
        }

    def read_controls(self) -> dict[str, object]:
        """Read the controls; pen and drawing are as they are."""
        kept = {name: getattr(self._parameters, name) for name in ("at", "drawn", "height")}
        return {name: control.value for name, control in self.controls.items()} | kept

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Begin a drawing with the curves that are there."""
        if changed == "source" and settings["source"] == DRAWING and settings["drawn"] is None:
            settings |= {"drawn": resampled(self._result), "height": self._result.height}
        return settings

    def write_controls(self, parameters: ClinicParameters) -> None:
        """Show the source, and what has a say in it."""
        for name, control in self.controls.items():
            if control.value != getattr(parameters, name):
                control.value = getattr(parameters, name)
        for name in _OF_RUNS_ONLY:
            self.controls[name].disabled = parameters.source == DRAWING

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: ClinicResult) -> dict[str, Handle]:
        """Make the pen movable: sideways by keys it only walks along its curve."""
        epoch, loss = result.pen
        label = f"Pen on the {result.parameters.pen} loss: epoch {tidy(epoch)}, loss {tidy(loss)}"
        chart = artists["chart"].axes
        step = chart.bbox.width * (max(2, result.train.size) - 1) / (DRAWN - 1)
        left, right = chart.get_xlim()
        return {"pen": Handle(chart, epoch, loss, "Pen", label, step / (right - left))}

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Draw; or walk along the curve, where a key has moved the pen sideways."""
        result = self._result
        if not held and abs(y - result.pen[1]) <= _LEVEL * result.height:
            return {"at": place_of(result, x)}
        at, drawn = stroke(result, x, y)
        return {"source": DRAWING, "at": at, "drawn": drawn, "height": result.height}

    @classmethod
    def still_part(cls, result: ClinicResult) -> object:
        """Axes stay while their limits do."""
        return result.height, result.train.size, result.steps.size > 0

    @classmethod
    def make_figure(cls, result: ClinicResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the chart and the card."""
        figure = new_figure(FIGURE[0] / 100, FIGURE[1] / 100, dark=dark, layout="none")
        with rc_context(look(dark=dark)):
            axes = figure.add_axes(place(*CHART))
            artists: dict[str, object] = {
                "chart": LossChart(axes, dark=dark),
                "card": Card(figure, dark=dark),
            }
            artists["here"] = axes.axvline(1, color="#888888", linewidth=1, linestyle=":")
        artists["here"].set_animated(True)
        change_now_and_then(axes.xaxis, axes.yaxis)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: ClinicResult
    ) -> None:
        """Bring curves, pen and words to a new result."""
        artists["chart"].show(result.curves, result.height)
        epoch, _ = result.pen
        artists["here"].set_xdata([epoch, epoch])
        for name, line in zip(PENS, (artists["chart"].train, artists["chart"].validation)):
            line.set_linewidth(_CHOSEN if name == result.parameters.pen else _OTHER)
        found = result.diagnosis
        artists["card"].show(f"The doctor: {name_of(found)}", prescription(found), good=not found.findings)
        said = " ".join(prescription(found)[:3])
        describe(
            figure,
            f"Loss-curve clinic. {cls.explain(result)} Training loss from {_number(result.train[0])} to "
            f"{_number(result.train[-1])}, validation loss from {_number(result.validation[0])} to "
            f"{_number(result.validation[-1])}. {said}",
        )

    @classmethod
    def explain(cls, result: ClinicResult) -> str:
        """Say what was done to the patient, and whether the doctor finds it."""
        name = name_of(result.diagnosis)
        if result.is_drawn:
            return (
                f"A drawing of {DRAWN} epochs: {name}. Take the pen (the ring) and draw; with the arrow keys "
                "it walks along its curve, and lifts or lowers it."
            )
        source = result.parameters.source
        listed = [finding.problem for finding in result.diagnosis.findings]
        verdict = "names it first" if listed[:1] == [source] else "names it later"
        if source not in listed:
            verdict = "finds nothing" if not listed else f"says {name}"
            if source == "healthy" and not listed:
                verdict = "agrees"
        dose = f"{source.capitalize()}, a dose of {result.parameters.dose} %"
        return f"{dose}: {result.cause}. The doctor {verdict}."


def _number(value: float) -> str:
    return tidy(float(value)) if value == value else "not a number"

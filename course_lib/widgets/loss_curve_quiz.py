"""The quiz: say what is wrong with a run, then see what it was and what the doctor says; scores are kept."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import look
from course_lib.widgets.figure_panel import FigurePanel
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
from course_lib.widgets.quiz_patients import ANSWERS, NOT_YET, PATIENTS, QuizParameters, QuizResult, compute


class LossCurveQuiz(FigurePanel):
    """Look at loss curves and at what the monitor saw, and choose a diagnosis: the first answer counts.

    Parameters
    ----------
    **settings
        Fields of `QuizParameters`.
    """

    Parameters: ClassVar[type] = QuizParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: QuizParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of answers, and a field for the patient's number."""
        style = {"description_width": "initial"}
        return {
            "answer": ipywidgets.Dropdown(
                options=ANSWERS,
                value=parameters.answer,
                description="Your diagnosis",
                style=style,
                layout=ipywidgets.Layout(width="320px"),
            ),
            "patient": ipywidgets.BoundedIntText(
                parameters.patient,
                min=1,
                max=PATIENTS,
                description=f"Patient, 1 to {PATIENTS}",
                style=style,
                layout=ipywidgets.Layout(width="190px"),
            ),
        }

    def read_controls(self) -> dict[str, object]:
        """Read the controls; answers that were given stay."""
        read = {name: control.value for name, control in self.controls.items()}
        return read | {"answered": self._parameters.answered}

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Write down a first answer; show an earlier one where the patient comes back."""
        given = dict(settings["answered"])
        patient, answer = settings["patient"], settings["answer"]
        if changed == "patient":
            settings["answer"] = given.get(patient, NOT_YET)
        elif answer != NOT_YET and patient not in given:
            settings["answered"] = (*settings["answered"], (patient, answer))
        return settings

    def write_controls(self, parameters: QuizParameters) -> None:
        """Show patient and answer."""
        for name, control in self.controls.items():
            if control.value != getattr(parameters, name):
                control.value = getattr(parameters, name)

    @classmethod
    def still_part(cls, result: QuizResult) -> object:
        """Axes stay while their limits do."""
        return result.curves.height, result.train.size

    @classmethod
    def make_figure(cls, result: QuizResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the chart and the card."""
        figure = new_figure(FIGURE[0] / 100, FIGURE[1] / 100, dark=dark, layout="none")
        with rc_context(look(dark=dark)):
            axes = figure.add_axes(place(*CHART))
            artists: dict[str, object] = {"chart": LossChart(axes, dark=dark)}
            artists["card"] = Card(figure, dark=dark)
        change_now_and_then(axes.xaxis, axes.yaxis)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: QuizResult) -> None:
        """Bring curves and words to a new result."""
        artists["chart"].show(result.curves)
        title, paragraphs = cls._words(result)
        right = result.parameters.answer == result.fault
        artists["card"].show(title, paragraphs, good=right)
        describe(figure, f"Loss-curve quiz. {title} {' '.join(paragraphs)} {cls.explain(result)}")

    @staticmethod
    def _words(result: QuizResult) -> tuple[str, list[str]]:
        number = result.parameters.patient
        if result.is_open:
            beginning = "What the records say, besides the curves:"
            return f"Patient {number}: what is wrong?", [beginning, *result.clues]
        answer = result.parameters.answer
        verdict = "right" if answer == result.fault else f"you say: {answer}"
        doctor = f"The doctor says: {name_of(result.diagnosis)}."
        return (
            f"{result.fault.capitalize()} ({verdict})",
            [f"Done to this run: {result.cause}.", doctor, *prescription(result.diagnosis)[:3]],
        )

    @classmethod
    def explain(cls, result: QuizResult) -> str:
        """Give the score."""
        if not result.total:
            return "Choose a diagnosis: the first answer to each patient counts. One in seventeen is healthy."
        total = result.total
        score = f"Score: you {result.right} of {total}, the doctor {result.doctor_right} of {total}."
        return score if result.is_open else f"{score} Go on with the next patient."

"""Loss curves and what the doctor says of them, as artists that clinic and quiz share."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from course_lib.plots.palette import BLUE, GREEN, ORANGE, SKY_BLUE, VERMILLION
from course_lib.training import Diagnosis, History
from course_lib.widgets.quick_text import QuickText
from course_lib.widgets.tidy_numbers import tidy

#: Size of the figure, and where chart and words stand in it, in pixels: left, top, width, height.
FIGURE = (832, 424)
CHART = (50, 34, 400, 344)
CARD = (478, 14)
_LETTERS_A_LINE = 53
_LEADING = 11.1  # points
# Heights that the axis may have: it changes seldom, and in leaps that can be seen.
_HEIGHTS = tuple(lead * 10.0**power for power in range(40) for lead in (1.0, 1.5, 2.5, 3.5, 5.0, 7.0))
# Single steps above this share of all may leave the picture.
_MOST_STEPS = 98


@dataclass(frozen=True)
class Curves:
    """What is drawn of a run.

    Attributes
    ----------
    at, steps : ndarray of float64, shape (S,)
        Where in the run, in epochs, and the loss of each minibatch; empty where steps were not kept.
    train, validation : ndarray of float64, shape (E,)
        Loss of each epoch.
    """

    at: np.ndarray
    steps: np.ndarray
    train: np.ndarray
    validation: np.ndarray

    @property
    def height(self) -> float:
        """Height of an axis on which they can be seen."""
        steps = self.steps[np.isfinite(self.steps)]
        highest = [np.percentile(steps, _MOST_STEPS)] if steps.size else []
        highest += [value for value in (*self.train, *self.validation) if np.isfinite(value)]
        most = max(highest, default=1.0)
        return next((height for height in _HEIGHTS if height >= most), _HEIGHTS[-1])


def curves_of(history: History) -> Curves:
    """Give the curves of a training run."""
    steps = np.array(history.step_loss, dtype=float)
    epochs = len(history.train_loss)
    at = np.arange(1, steps.size + 1) * (epochs / max(1, steps.size))
    return Curves(at, steps, np.array(history.train_loss), np.array(history.validation_loss))


def place(left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
    """Turn pixels from the upper left corner into matplotlib's shares of the figure."""
    across, down = FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class LossChart:
    """Training loss of steps and epochs, and validation loss, over epochs.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    dark : bool
        Colours for a dark page.
    """

    def __init__(self, axes: Axes, *, dark: bool) -> None:
        self.axes = axes
        train, validation = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        (self.steps,) = axes.plot([], [], color=train, linewidth=0.6, alpha=0.6, label="training, each step")
        (self.train,) = axes.plot([], [], "o-", color=train, markersize=3, linewidth=1.6, label="training")
        (self.validation,) = axes.plot(
            [], [], "s--", color=validation, markersize=3, linewidth=1.6, label="validation"
        )
        axes.set_xlabel("epoch", labelpad=1)
        axes.set_ylabel("loss")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(6))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tidy(value)))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, borderpad=0.1, columnspacing=1.4)
        axes.grid(visible=True)
        for line in (self.steps, self.train, self.validation):
            line.set_animated(True)

    def show(self, curves: Curves, height: float | None = None) -> None:
        """Bring lines and limits to other curves."""
        epochs = np.arange(1, curves.train.size + 1)
        self.steps.set_data(curves.at, curves.steps)
        self.train.set_data(epochs, curves.train)
        self.validation.set_data(epochs[: curves.validation.size], curves.validation)
        last = max(2, curves.train.size)
        self.axes.set_xlim(0 if curves.steps.size else 0.5, last + 0.02 * last)
        self.axes.set_ylim(0, height or curves.height)


class Card:
    """A title and words beside the chart.

    Parameters
    ----------
    figure : Figure
        Where to write.
    dark : bool
        Colours for a dark page.
    """

    def __init__(self, figure: Figure, *, dark: bool) -> None:
        self.colours = (GREEN, ORANGE) if dark else ("#00664A", "#A84300")
        across, down = FIGURE
        left, top = CARD
        self.title = QuickText(left / across, 1 - (top + 10) / down, fontsize=11.5, weight="bold")
        self.body = QuickText(left / across, 1 - (top + 34) / down, leading=_LEADING)
        for text in (self.title, self.body):
            figure.add_artist(text).set_animated(True)

    def show(self, title: str, paragraphs: list[str], *, good: bool) -> None:
        """Write other words, in green where all is well."""
        self.title.set_text(title)
        self.title.set_color(self.colours[0] if good else self.colours[1])
        folded = ["\n".join(textwrap.wrap(text, _LETTERS_A_LINE)) for text in paragraphs]
        self.body.set_text("\n\n".join(folded))


def prescription(diagnosis: Diagnosis) -> list[str]:
    """Give the doctor's words on the first finding, and what else there is, as paragraphs."""
    said = []
    if diagnosis.findings:
        first, *others = diagnosis.findings
        said += [
            first.meaning,
            f"Evidence: {first.evidence}.",
            f"Remedy: {first.remedy}",
            f"Read: {first.lecture}.",
        ]
        if others:
            said.append(f"Listed after it: {', '.join(one.problem for one in others)}.")
    unknown = [line[1 : line.index("”")] for line in diagnosis.unknown]
    if unknown:
        said.append(f"Not to be told, or guessed only, from what was recorded: {', '.join(unknown)}.")
    return said


def name_of(diagnosis: Diagnosis) -> str:
    """Give the name of the first finding, with a mark where it is a guess."""
    if not diagnosis.findings:
        return "no problem found"
    return diagnosis.first + ("" if diagnosis.findings[0].certain else " (perhaps)")

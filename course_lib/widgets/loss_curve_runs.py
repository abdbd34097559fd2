"""What the clinic computes: a run with a fault, or curves drawn by hand, and the doctor's diagnosis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib.training import Diagnosis, diagnose
from course_lib.training.faulty_runs import FAULTS, faulty_run, plan_for, told
from course_lib.widgets.loss_curve_picture import Curves, curves_of

DRAWING = "my own drawing"
SOURCES = (*FAULTS, DRAWING)
PENS = ("training", "validation")
SEEDS = 10
#: Epochs of a drawn curve: in its second half there is room for a rhythm.
DRAWN = 48
# As high as a pen can begin: what an ill run reaches beyond it would leave no room for a hand.
_HIGHEST = 1e4
_UNTOUCHED_HEIGHT = 3.5


@dataclass(frozen=True)
class ClinicParameters:
    """What the hand can change.

    Attributes
    ----------
    source : str
        A fault to train with, or `DRAWING`.
    dose : int
        How much of the fault, in percent.
    seed : int
        Draws examples, weights and order.
    monitored : bool
        Whether the doctor sees the monitor's records too.
    pen : str
        Which curve the pen is on.
    at : int
        Where the pen is, from 1 to `DRAWN`: a share of the run.
    drawn : tuple of two tuples of float, or None
        Training and validation loss of each drawn epoch; None draws an ordinary pair.
    height : float or None
        Height of the axis while one draws.
    """

    source: str = "rate too high"
    dose: int = 90
    seed: int = 0
    monitored: bool = True
    pen: str = PENS[0]
    at: int = 12
    drawn: tuple[tuple[float, ...], ...] | None = None
    height: float | None = None

    def __post_init__(self) -> None:
        for name, known in (("source", SOURCES), ("pen", PENS)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}")
        for name, low, high in (("dose", 0, 100), ("seed", 0, SEEDS - 1), ("at", 1, DRAWN)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise ValueError(f"{name} must be a whole number from {low} to {high}, got {value!r}")
        if not isinstance(self.monitored, bool):
            raise ValueError(f"monitored must be True or False, got {self.monitored!r}")
        if self.drawn is not None:
            _check_drawn(self.drawn)


def _check_drawn(drawn: object) -> None:
    if np.shape(drawn) != (2, DRAWN) or not np.isfinite(drawn).all() or np.min(drawn) < 0:
        raise ValueError(
            f"drawn must hold {DRAWN} training and {DRAWN} validation losses, finite and none below 0, "
            f"got the shape {np.shape(drawn)}"
        )


@dataclass(frozen=True)
class ClinicResult:
    """A patient, and what the doctor says.

    Attributes
    ----------
    parameters : ClinicParameters
    at, steps, train, validation : ndarray
        As in `Curves`.
    diagnosis : Diagnosis
    cause : str
        What was done to the run, in words; empty for a drawing.
    """

    parameters: ClinicParameters
    at: np.ndarray
    steps: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    diagnosis: Diagnosis
    cause: str

    @property
    def curves(self) -> Curves:
        """What is to be drawn."""
        return Curves(self.at, self.steps, self.train, self.validation)

    @property
    def height(self) -> float:
        """Height of the axis."""
        if self.parameters.source == DRAWING and self.parameters.height is not None:
            return self.parameters.height
        return self.curves.height

    @property
    def is_drawn(self) -> bool:
        """Whether the curves are the hand's own."""
        return self.parameters.source == DRAWING

    @property
    def pen(self) -> tuple[float, float]:
        """Epoch and loss at which the pen stands."""
        share = (self.parameters.at - 1) / (DRAWN - 1)
        epoch = 1 + share * (max(2, self.train.size) - 1)
        row = PENS.index(self.parameters.pen)
        return epoch, min(resampled(self)[row][self.parameters.at - 1], self.height)


def ordinary_pair() -> tuple[tuple[float, ...], ...]:
    """Return a training loss that falls, and a validation loss that turns: something to begin with."""
    epochs = np.arange(DRAWN)
    train = 0.12 + 2.2 * np.exp(-epochs / 8)
    validation = 0.25 + 2.1 * np.exp(-epochs / 7) + 6e-4 * epochs**2
    return tuple(tuple(np.round(curve, 4).tolist()) for curve in (train, validation))


def resampled(result: ClinicResult) -> tuple[tuple[float, ...], ...]:
    """Return a result's two curves at `DRAWN` epochs: what a pen can go on from."""
    if result.is_drawn:
        return tuple(tuple(curve.tolist()) for curve in (result.train, result.validation))
    found = []
    for curve in (result.train, result.validation):
        finite = np.isfinite(curve)
        highest = min(_HIGHEST, curve[finite].max(initial=0.0) or _UNTOUCHED_HEIGHT)
        known = np.clip(np.where(finite, curve, highest), 0, _HIGHEST)
        places = np.linspace(0, known.size - 1, DRAWN)
        found.append(tuple(np.interp(places, np.arange(known.size), known).tolist()))
    return tuple(found)


def stroke(result: ClinicResult, epoch: float, loss: float) -> tuple[int, tuple[tuple[float, ...], ...]]:
    """Draw a line with the pen from where it is to another place.

    Parameters
    ----------
    result : ClinicResult
        Where pen and curves are.
    epoch, loss : float
        Where the pen goes.

    Returns
    -------
    at : int
        The pen's new place, from 1 to `DRAWN`.
    drawn : tuple of two tuples of float
        The curves, with all epochs between the two places on the line.
    """
    at = place_of(result, epoch)
    curves = [list(curve) for curve in resampled(result)]
    row = PENS.index(result.parameters.pen)
    before = result.parameters.at
    loss = min(max(loss, 0.0), result.height)
    places = np.linspace(before, at, abs(at - before) + 1).round().astype(int)
    heights = np.linspace(curves[row][before - 1], loss, places.size)
    # Where the pen only goes up or down, that is the one place.
    heights[-1] = loss
    for number, value in zip(places, heights):
        curves[row][number - 1] = float(value)
    return at, tuple(tuple(curve) for curve in curves)


def place_of(result: ClinicResult, epoch: float) -> int:
    """Return which of the `DRAWN` places is nearest to an epoch."""
    share = (epoch - 1) / (max(2, result.train.size) - 1)
    return int(np.clip(round(1 + share * (DRAWN - 1)), 1, DRAWN))


def compute(parameters: ClinicParameters) -> ClinicResult:
    """Train with the fault, or take the drawn curves, and ask the doctor.

    Parameters
    ----------
    parameters : ClinicParameters
        What the hand has chosen.

    Returns
    -------
    ClinicResult
    """
    if parameters.source == DRAWING:
        train, validation = (np.array(curve) for curve in parameters.drawn or ordinary_pair())
        found = diagnose({"train_loss": train.tolist(), "val_loss": validation.tolist()})
        nothing = np.empty(0)
        return ClinicResult(parameters, nothing, nothing, train, validation, found, "")
    dose = parameters.dose / 100
    run = faulty_run(parameters.source, dose, seed=parameters.seed)
    curves = curves_of(run.history)
    found = run.diagnose(monitored=parameters.monitored)
    cause = told(plan_for(parameters.source, dose)) or "nothing"
    return ClinicResult(parameters, curves.at, curves.steps, curves.train, curves.validation, found, cause)

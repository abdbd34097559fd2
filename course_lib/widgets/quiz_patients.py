"""The quiz's patients: runs with a hidden fault, what the monitor saw of them, and who was right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib.training import Diagnosis
from course_lib.training.faulty_runs import FAULTS, FaultyRun, faulty_run, plan_for, told
from course_lib.widgets.loss_curve_picture import Curves, curves_of
from course_lib.widgets.tidy_numbers import tidy

NOT_YET = "choose …"
ANSWERS = (NOT_YET, *sorted(FAULTS))
PATIENTS = 3 * len(FAULTS)
_SEEDS = 6


@dataclass(frozen=True)
class QuizParameters:
    """What the hand can change.

    Attributes
    ----------
    answer : str
        The name of a fault, or `NOT_YET`.
    patient : int
        Number of the patient, from 1 on.
    answered : tuple of (int, str)
        First answers that were given, patient by patient: they count.
    """

    answer: str = NOT_YET
    patient: int = 1
    answered: tuple[tuple[int, str], ...] = ()

    def __post_init__(self) -> None:
        if self.answer not in ANSWERS:
            raise ValueError(f"answer must be one of {', '.join(ANSWERS)}, got {self.answer!r}")
        if not _is_patient(self.patient):
            raise ValueError(f"patient must be a whole number from 1 to {PATIENTS}, got {self.patient!r}")
        if not isinstance(self.answered, tuple) or not all(
            isinstance(pair, tuple) and len(pair) == 2 and _is_patient(pair[0]) and pair[1] in ANSWERS
            for pair in self.answered
        ):
            raise ValueError(f"answered must hold pairs of patient and answer, got {self.answered!r}")


def _is_patient(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= PATIENTS


@dataclass(frozen=True)
class QuizResult:
    """A patient, and how the quiz stands.

    Attributes
    ----------
    parameters : QuizParameters
    at, steps, train, validation : ndarray
        As in `Curves`.
    clues : tuple of str
        What the monitor saw, in words.
    fault, cause : str
        What is wrong, and what was done to the run.
    diagnosis : Diagnosis
        The doctor's, with the monitor.
    right, doctor_right : int
        How many of the answered patients were named by the reader, and by the doctor.
    """

    parameters: QuizParameters
    at: np.ndarray
    steps: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    clues: tuple[str, ...]
    fault: str
    cause: str
    diagnosis: Diagnosis
    right: int
    doctor_right: int

    @property
    def curves(self) -> Curves:
        """What is to be drawn."""
        return Curves(self.at, self.steps, self.train, self.validation)

    @property
    def is_open(self) -> bool:
        """Whether the reader has yet to answer."""
        return self.parameters.answer == NOT_YET

    @property
    def total(self) -> int:
        """How many patients were answered."""
        return len(self.parameters.answered)


@cache
def _rounds() -> tuple[tuple[str, int], ...]:
    """Return fault and seed of every patient: each fault once in every round, in an order that is drawn."""
    rng = np.random.default_rng(10)
    names = list(FAULTS)
    order = [names[n] for _ in range(PATIENTS // len(names)) for n in rng.permutation(len(names))]
    return tuple((fault, int(rng.integers(_SEEDS))) for fault in order)


def fault_of(patient: int) -> str:
    """Return what is wrong with a patient."""
    return _rounds()[patient - 1][0]


def case_of(patient: int) -> tuple[str, FaultyRun]:
    """Return what is wrong with a patient, and the run."""
    fault, seed = _rounds()[patient - 1]
    return fault, faulty_run(fault, 1.0, seed=seed)


@cache
def diagnosis_of(patient: int) -> Diagnosis:
    """Return what the doctor says of a patient."""
    return case_of(patient)[1].diagnose()


def clues_of(run: FaultyRun) -> tuple[str, ...]:
    """Say what the monitor saw, without a word on what it means."""
    monitor, plan = run.monitor, run.plan
    weights = [values for name, values in monitor.update_ratio.items() if name.endswith("weight")]
    ratios = np.median(np.array(weights, dtype=float), axis=0)
    third = max(1, ratios.size // 3)
    found = [f"{plan.train} training and {plan.validation} validation examples; {plan.batch} in each update."]
    found.append(f"Update to weight: {_size(ratios[:third])} at first, {_size(ratios[-third:])} at last.")
    for name, record in monitor.activations.items():
        if record.silent:
            word = "saturated" if record.layer == "Tanh" else "silent"
            first, last = record.silent[0], np.median(record.silent[-third:])
            found.append(f"Layer {name}, {record.layer}: {first:.0%} {word} at first, {last:.0%} at last.")
    name, record = list(monitor.activations.items())[-1]
    found.append(f"Outputs began with a deviation of {tidy(record.std[0], 2)}.")
    return tuple(found)


def _size(ratios: np.ndarray) -> str:
    middle = float(np.median(ratios))
    return tidy(middle, 2) if np.isfinite(middle) else "no number"


def compute(parameters: QuizParameters) -> QuizResult:
    """Train the patient, ask the doctor, and count who was right.

    Parameters
    ----------
    parameters : QuizParameters
        Patient and answers.

    Returns
    -------
    QuizResult
    """
    fault, run = case_of(parameters.patient)
    curves = curves_of(run.history)
    answered = parameters.answered
    return QuizResult(
        parameters,
        curves.at,
        curves.steps,
        curves.train,
        curves.validation,
        clues_of(run),
        fault,
        told(plan_for(fault, 1.0)) or "nothing",
        diagnosis_of(parameters.patient),
        sum(answer == fault_of(patient) for patient, answer in answered),
        sum(diagnosis_of(patient).first == fault_of(patient) for patient, _ in answered),
    )

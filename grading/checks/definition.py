"""What a check is made of. An assignment's check file fills these in and reads like a specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grading.checks import judging, trial
from grading.checks.caches import CacheOf
from grading.checks.dialogue import Dialogue
from grading.checks.drawing import Drawn, Example, example
from grading.checks.gradients import GradientOf
from grading.checks.student import Student
from grading.checks.verdict import Verdict

__all__ = [
    "CacheOf",
    "Check",
    "Dialogue",
    "Drawn",
    "Example",
    "GradientOf",
    "Misconception",
    "Part",
    "example",
]


@dataclass(frozen=True)
class Misconception:
    """A known mistake, given by functions that make it.

    Parameters
    ----------
    id : str
        Short, in words joined by hyphens; unique over all checks.
    title : str
        The mistake in a few words.
    explanation : str
        One or two sentences: what happens, and what would be right.
    section : str
        Where the lecture speaks of it.
    computes : tuple of callable
        Functions with the check's signature; the mistake is recognised if the student's replies equal one of
        them on all inputs that were tried, an exception equalling an exception.
    output : str or None
        Name of the one output that the mistake spoils (the functions return that output alone); None for the
        whole reply.
    part : str or None
        Name of the one part that the mistake spoils, where parts are independent of each other: it is
        recognised on that part's inputs alone.
    """

    id: str
    title: str
    explanation: str
    section: str
    computes: tuple[Callable[..., object], ...]
    output: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class Part:
    """A share of the points: some inputs, or one of several outputs, or both.

    Parameters
    ----------
    name : str
        What it looks at, as the student reads it.
    weight : float
        Its share, relative to the other parts.
    examples : tuple of Example
        Fixed ones that teach, tried first.
    drawn : Drawn or None
        Where further inputs come from.
    output : str or None
        The output that is judged; None for all.
    """

    name: str
    weight: float
    examples: tuple[Example, ...] = ()
    drawn: Drawn | None = None
    output: str | None = None


@dataclass(frozen=True)
class Check:
    """One function that students write, and how it is judged.

    Parameters
    ----------
    name : str
        The function's name, and the check's.
    signature : str
        Its parameters, "(x, w, b, stride=1, padding=0)".
    reference : callable
        Computes the right answer.
    parts : tuple of Part
        What is looked at, with weights.
    section : str
        The lecture section where the function is explained.
    outputs : tuple of str
        Names of the returned values.
    also_right : tuple of callable
        Other right answers where the prompt leaves a choice.
    linear : bool
        True if rounding errors grow with the reference's value on absolute arguments (sums of products).
    magnitude : callable or None
        Gives for every output what its rounding errors grow with, where that is neither its own size nor the
        above: an answer of terms that cancel.
    misconceptions : tuple of Misconception
        In the order in which they are tried.
    gradient_of : GradientOf or None
        The forward function of the student that this one differentiates: finite differences explain failures.
    cache_of : CacheOf or None
        The forward function of the student that gives this one its second argument. Examples then hold dy and
        the forward's arguments, and so do the calls of `reference` and of what misconceptions compute.
    dialogue : Dialogue or None
        How an example is asked where that takes several calls; None for one call with its arguments.
    uses : mapping of str to callable
        Other graded functions that an answer may call, with their references: where one is the cause of a
        failure, the failure is reported as inherited. It costs what it costs.
    keeps_arguments : bool
        True if the prompt forbids to change arguments; otherwise a change gives a remark and costs nothing.
    hidden : bool
        True if feedback names a category and never an input.
    """

    name: str
    signature: str
    reference: Callable[..., object]
    parts: tuple[Part, ...]
    section: str
    outputs: tuple[str, ...] = ("y",)
    also_right: tuple[Callable[..., object], ...] = ()
    linear: bool = False
    magnitude: Callable[..., object] | None = None
    misconceptions: tuple[Misconception, ...] = ()
    gradient_of: GradientOf | None = None
    cache_of: CacheOf | None = None
    dialogue: Dialogue | None = None
    uses: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    keeps_arguments: bool = False
    hidden: bool = False

    def __post_init__(self) -> None:
        if self.dialogue is not None and self.keeps_arguments:
            raise ValueError(f"check {self.name}: what several calls change cannot be told from one example")
        if not self.parts or any(part.weight <= 0 for part in self.parts):
            raise ValueError(f"check {self.name}: needs parts with positive weights")
        for part in self.parts:
            if not part.examples and part.drawn is None:
                raise ValueError(f"check {self.name}: part {part.name!r} tries no input")
            if part.output is not None and part.output not in self.outputs:
                raise ValueError(f"check {self.name}: part {part.name!r} judges {part.output!r}, no output")

    def judge(self, student: Student, *, seed: bytes, budget_seconds: float = 20.0) -> Verdict:
        """Judge a student's function.

        Parameters
        ----------
        student : Student
            Whoever answers the calls.
        seed : bytes
            Decides the drawn inputs.
        budget_seconds : float
            Longest time for the whole check; what is not judged by then fails.

        Returns
        -------
        Verdict
            Of status "error" if the check itself breaks: never an exception because of an answer.
        """
        return judging.judge(self, student, seed=seed, budget_seconds=budget_seconds)

    def right_functions(self) -> dict[str, Callable[..., object]]:
        """Return right answers that a student's notebook could hold: this function, and what feeds it."""
        if self.cache_of is not None:
            return self.cache_of.right_functions(self.name, self.reference)
        return {self.name: self.reference}

    def answers(self, example: Example) -> list[tuple[np.ndarray, ...]]:
        """Return the right answers for an example, the reference's first, as arrays by output."""
        return trial.right_answers(self, example)

"""What a rule is: a question to a run's measures, and what to say where the answer is yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from course_lib.training.doctor.measures import Measures


@dataclass(frozen=True)
class Rule:
    """One row of the doctor's table.

    Attributes
    ----------
    problem : str
        Its name, in a few words.
    meaning : str
        What goes on, in one sentence.
    remedy : str
        What to do.
    lecture : str
        Where the course explains it.
    applies : callable
        Takes the run's `Measures`; returns the evidence in numbers, or None where the problem is not there.
    needs : tuple of str
        Attributes of `Observed` without which the question cannot be asked at all.
    better_with : tuple of str
        Attributes without which the answer is less certain.
    """

    problem: str
    meaning: str
    remedy: str
    lecture: str
    applies: Callable[[Measures], str | None]
    needs: tuple[str, ...] = ()
    better_with: tuple[str, ...] = ()

"""early_stopping(losses, patience, growth): where validation was best, and where the run stops."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.training import sections
from grading.checks.training.references import early_stopping as reference

Array = np.ndarray


def _stops(
    deadline: Callable[[int, int, float], int] = lambda e, patience, growth: max(
        e + patience, math.floor(growth * e)
    ),
    *,
    ties: bool = False,
    late: int = 0,
    rising: bool = False,
    first: Callable[[int], int] = lambda patience: patience,
) -> Callable[..., tuple[int, int]]:
    """Return the rule with other parts."""

    def run(losses: Array, patience: int, growth: float) -> tuple[int, int]:
        best, best_epoch, until = math.inf, 0, first(patience)
        previous = math.inf
        for epoch, loss in enumerate(losses, start=1):
            if loss < best or (ties and loss == best):
                best, best_epoch = loss, epoch
            if (loss < previous) if rising else best_epoch == epoch:
                until = deadline(epoch, patience, growth)
            previous = loss
            if epoch >= until + late:
                return best_epoch, epoch
        return best_epoch, len(losses)

    return run


MISCONCEPTIONS = (
    Misconception(
        "stopping-counts-from-zero",
        "epochs are counted from 0",
        "The first epoch is number 1, also where it is multiplied by the growth.",
        sections.STOPPING,
        (lambda losses, patience, growth: tuple(n - 1 for n in reference(losses, patience, growth)),),
    ),
    Misconception(
        "stopping-patience-does-not-grow",
        "the patience does not grow",
        "After a new best at epoch e the run may go on until epoch max(e + patience, growth·e).",
        sections.STOPPING,
        (_stops(lambda e, patience, growth: e + patience),),
    ),
    Misconception(
        "stopping-forgets-the-patience",
        "the growth alone counts",
        "The deadline is the later of two: e + patience, and growth·e.",
        sections.STOPPING,
        (
            _stops(lambda e, patience, growth: math.floor(growth * e)),
            _stops(lambda e, patience, growth: min(e + patience, math.floor(growth * e))),
        ),
    ),
    Misconception(
        "stopping-multiplies-the-patience",
        "the growth multiplies the patience",
        "It multiplies the number of the best epoch: what took long to get better may take long again.",
        sections.STOPPING,
        (
            _stops(lambda e, patience, growth: e + math.floor(growth * patience)),
            _stops(lambda e, patience, growth: e + patience + math.floor(growth * e)),
        ),
    ),
    Misconception(
        "stopping-takes-ties",
        "an equal loss counts as better",
        "A new best is strictly below the best before.",
        sections.STOPPING,
        (_stops(ties=True),),
    ),
    Misconception(
        "stopping-one-too-late",
        "the run stops one epoch late",
        "The deadline is the last epoch that runs.",
        sections.STOPPING,
        (_stops(late=1),),
    ),
    Misconception(
        "stopping-deadline-never-moves",
        "a new best does not move the deadline",
        "Every new best earns the run new patience.",
        sections.STOPPING,
        (
            lambda losses, patience, growth: (
                int(np.nanargmin(losses[: min(patience, len(losses))])) + 1,
                min(patience, len(losses)),
            ),
        ),
    ),
    Misconception(
        "stopping-compares-with-the-epoch-before",
        "losses are compared with the epoch before",
        "A loss that falls again after a peak is no new best. Compare with the lowest so far.",
        sections.STOPPING,
        (_stops(rising=True),),
    ),
    Misconception(
        "stopping-looks-ahead",
        "the best epoch lies after the end",
        "Epochs after the last were never run, so none of them can be the best.",
        sections.STOPPING,
        (lambda losses, patience, growth: int(np.nanargmin(losses)) + 1,),
        output="best_epoch",
    ),
    Misconception(
        "stopping-mixes-the-two-up",
        "the last epoch is given as the best",
        "Return first where validation was best, then where the run ended.",
        sections.STOPPING,
        (lambda losses, patience, growth: reference(losses, patience, growth)[::-1],),
    ),
)


def run_of(rng: np.random.Generator, epochs: int, patience: int, growth: float, shape: str) -> Example:
    """Build a call; "falling" losses turn once, "bumpy" ones come again and again, some equal."""
    if shape == "falling":
        turn = int(rng.integers(1, epochs + 1))
        losses = np.abs(np.arange(epochs) - turn) + 1.0
    else:
        losses = rng.integers(1, 6, epochs).astype(np.float64) + np.linspace(3, 0, epochs).round()
    if shape == "broken" and epochs > 1:
        losses[int(rng.integers(epochs))] = np.nan
    return example(losses, patience, growth)


FIXED = (
    example(np.array([9.0, 7, 8, 6, 7, 8, 9, 5]), 2, 1.5, note="the example of the prompt"),
    example(np.array([5.0, 4, 4, 4, 4, 3]), 2, 1.0, note="equal losses"),
    example(np.array([9.0, 8, 7, 6, 5, 6, 7, 8, 9, 9, 9, 9]), 2, 2.0, note="twice the best epoch"),
    example(np.array([9.0, 8, 7, 6, 7, 7, 5]), 2, 2.0, note="the grown patience finds a better epoch"),
    example(np.array([9.0, 8, 7, 6, 5]), 3, 1.0, note="better to the end"),
    example(np.array([3.0, 5, 4, 5, 4, 2]), 2, 1.0, note="falls from peaks are no new best"),
    example(np.array([9.0, 8, 7, 8, 8, 8, 8, 8]), 1, 1.9, note="the growth gives a fraction: rounded down"),
    example(np.array([9.0, 5, 6, np.nan, 6, 4, 5]), 3, 1.0, note="not a number is no new best"),
    example(np.array([np.nan, 5.0, 4.0, 6, 7]), 2, 1.0),
    example(np.array([np.nan, np.nan, np.nan]), 2, 1.0, note="there is no best"),
)
DRAWN = Drawn(
    run_of,
    {
        "epochs": (1, 2, 3, 4, 5, 6, 7, 8, 10, 12),
        "patience": (1, 2, 3, 4),
        "growth": (1.0, 1.5, 2.0, 1.3),
        "shape": ("falling", "bumpy", "broken"),
    },
    cases=16,
)
check = Check(
    name="early_stopping",
    signature="(losses, patience, growth)",
    section=sections.STOPPING,
    reference=reference,
    outputs=("best_epoch", "last_epoch"),
    parts=(
        Part("the best epoch", 2, FIXED, DRAWN, output="best_epoch"),
        Part("the last epoch", 3, FIXED, DRAWN, output="last_epoch"),
    ),
    misconceptions=MISCONCEPTIONS,
)

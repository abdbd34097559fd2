"""Draw labelled runs: the same ones for the same world, fault and number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tools.training_runs.faults import FAULTS
from tools.training_runs.recipes import Outcome
from tools.training_runs.worlds import World

#: 300 runs: a fifth of them healthy.
HEALTHY = 60
ILL = 15
TRIES = 60


@dataclass
class LabelledRun:
    """A run and what is wrong with it."""

    fault: str
    number: int
    outcome: Outcome


def draw(world: World, fault: str, count: int) -> Iterator[LabelledRun]:
    """Yield `count` runs of a fault; the first do not depend on `count`.

    Raises
    ------
    RuntimeError
        If a recipe does not become ill in `TRIES` draws.
    """
    place = list(FAULTS).index(fault)
    for number in range(count):
        rng = np.random.default_rng([world.seed, place, number])
        for _ in range(TRIES):
            outcome = next(FAULTS[fault](world.sound(rng), rng), None)
            if outcome is not None:
                yield LabelledRun(fault, number, outcome)
                break
        else:
            raise RuntimeError(f"{TRIES} recipes did not show {fault!r} (number {number})")


def draw_all(world: World, *, healthy: int = HEALTHY, ill: int = ILL) -> Iterator[LabelledRun]:
    """Yield runs of every fault, and healthy ones."""
    for fault in FAULTS:
        yield from draw(world, fault, healthy if fault == "healthy" else ill)

"""training_loop(gradient, theta, orders, size, schedule): epochs of minibatches, a rate for every update."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.functions import formula
from grading.checks.small_numbers import fill
from grading.checks.training import sections
from grading.checks.training.references import training_loop as reference

Array = np.ndarray
# Yields for every epoch its batches of indices.
Batches = Callable[[Array, int], Iterator[list[Array]]]
RATES = {
    "falling": "schedule(t) = 0.5 / (t + 1)",
    "steps": "schedule(t) = 0.2 * 0.5**(t // 2)",
    "warm-up": "schedule(t) = 0.1 * minimum(t + 1, 3)",
    "constant": "schedule(t) = 0.1 + 0 * t",
}
GRADIENT = "gradient(theta, rows) = X[rows].T @ (X[rows] @ theta - y[rows]) / len(rows)"


def in_order(orders: Array, size: int) -> Iterator[list[Array]]:
    """Yield what is right."""
    for order in orders:
        yield [order[start : start + size] for start in range(0, len(order), size)]


def _loop(
    batches: Batches = in_order,
    when: Callable[[int, int, int], int] = lambda t, epoch, within: t,
    *,
    sign: float = -1.0,
    start: bool = True,
    all_updates: bool = False,
) -> Callable[..., Array]:
    """Return a loop with other parts; `when` gives what the schedule is asked, epochs counted from 0."""

    def run(gradient: object, theta: Array, orders: Array, size: int, schedule: object) -> Array:
        theta, t, kept = np.array(theta, dtype=np.float64), 0, []
        kept += [theta] if start else []
        for epoch, parts in enumerate(batches(orders, size)):
            for within, rows in enumerate(parts):
                theta = theta + sign * schedule(when(t, epoch, within)) * gradient(theta, rows)
                t += 1
                kept += [theta] if all_updates else []
            kept += [] if all_updates else [theta]
        return np.array(kept)

    return run


def _full_only(orders: Array, size: int) -> Iterator[list[Array]]:
    for parts in in_order(orders, size):
        yield [rows for rows in parts if len(rows) == size]


def _everything(orders: Array, size: int) -> Iterator[list[Array]]:
    for parts in in_order(orders, size):
        yield [np.concatenate(parts)] * len(parts)


def _in_a_row(orders: Array, size: int) -> Iterator[list[Array]]:
    yield from in_order(np.sort(orders, axis=1), size)


def _first_again(orders: Array, size: int) -> Iterator[list[Array]]:
    yield from in_order(np.repeat(orders[:1], len(orders), axis=0), size)


def _ends_only(gradient: object, theta: Array, orders: Array, size: int, schedule: object) -> Array:
    path = reference(gradient, theta, orders, size, schedule)
    return np.repeat(path[-1:], len(path), axis=0)


MISCONCEPTIONS = (
    Misconception(
        "loop-climbs",
        "the loop climbs",
        "The gradient points uphill: subtract it.",
        sections.MINIBATCH,
        (_loop(sign=1.0),),
    ),
    Misconception(
        "loop-schedule-begins-again",
        "the schedule begins again in every epoch",
        "t counts the updates of the whole run. Set it to 0 once, before the first epoch.",
        sections.SCHEDULES,
        (_loop(when=lambda t, epoch, within: within),),
    ),
    Misconception(
        "loop-schedule-by-epoch",
        "the schedule is asked for the number of the epoch",
        "Here it takes the number of updates made so far, so that the rate may change within an epoch.",
        sections.SCHEDULES,
        (_loop(when=lambda t, epoch, within: epoch), _loop(when=lambda t, epoch, within: epoch + 1)),
    ),
    Misconception(
        "loop-counts-from-one",
        "the updates are counted from 1",
        "schedule(0) is the rate of the first update.",
        sections.SCHEDULES,
        (_loop(when=lambda t, epoch, within: t + 1),),
    ),
    Misconception(
        "loop-rate-never-changes",
        "the rate of the first update is used for all",
        "Ask the schedule before every update.",
        sections.SCHEDULES,
        (_loop(when=lambda t, epoch, within: 0),),
    ),
    Misconception(
        "loop-drops-the-rest",
        "a smaller last batch is left out",
        "What is left over at the end of an epoch makes a batch of its own.",
        sections.MINIBATCH,
        (_loop(_full_only),),
    ),
    Misconception(
        "loop-takes-all-examples",
        "every update uses all examples",
        "Hand the gradient the indices of one batch.",
        sections.MINIBATCH,
        (_loop(_everything),),
    ),
    Misconception(
        "loop-ignores-the-order",
        "the examples are taken in a row",
        "An epoch goes through them in its own order: the batch is a piece of orders[epoch].",
        sections.MINIBATCH,
        (_loop(_in_a_row),),
    ),
    Misconception(
        "loop-repeats-an-order",
        "the first epoch's order is used in all",
        "Row k of orders belongs to epoch k.",
        sections.MINIBATCH,
        (_loop(_first_again),),
    ),
    Misconception(
        "loop-keeps-one-array",
        "all rows show the end of the run",
        "The same array is in the list again and again, and was changed. Keep a copy for every epoch.",
        sections.MINIBATCH,
        (_ends_only,),
    ),
    Misconception(
        "loop-without-the-start",
        "the start is missing",
        "Row 0 is theta before the first update: E epochs make E + 1 rows.",
        sections.MINIBATCH,
        (_loop(start=False),),
    ),
    Misconception(
        "loop-keeps-every-update",
        "a row is kept for every update",
        "Keep theta at the end of each epoch.",
        sections.MINIBATCH,
        (_loop(all_updates=True),),
    ),
)


def run_of(
    rng: np.random.Generator, count: int, epochs: int, size: int, width: int, rates: str, numbers: str
) -> Example:
    """Build a call: linear regression on a few examples."""
    X, y = fill(rng, (count, width), numbers), fill(rng, (count,), numbers)
    orders = np.array([rng.permutation(count) for _ in range(epochs)])
    return example(
        formula(GRADIENT, X=X, y=y),
        fill(rng, (width,), numbers),
        orders,
        size,
        formula(RATES[rates]),
    )


RNG = np.random.default_rng(61)
PROMPT = example(
    formula("gradient(theta, rows) = theta - np.mean(y[rows])", y=np.array([1.0, 3.0, 8.0])),
    np.array([0.0]),
    np.array([[2, 0, 1], [1, 0, 2]]),
    2,
    formula("schedule(t) = 1 / (t + 1)"),
    note="the example of the prompt",
)
SIZES = {
    "count": (2, 3, 4, 5),
    "epochs": (1, 2, 3),
    "size": (1, 2, 3),
    "width": (1, 2),
    "numbers": ("whole", "halves"),
}
check = Check(
    name="training_loop",
    signature="(gradient, theta, orders, size, schedule)",
    section=sections.MINIBATCH,
    reference=reference,
    outputs=("path",),
    parts=(
        Part(
            "epochs and batches, at one rate",
            3,
            (
                run_of(RNG, 3, 2, 2, 1, "constant", "whole"),
                run_of(RNG, 4, 3, 2, 2, "constant", "halves"),
                run_of(RNG, 2, 2, 3, 1, "constant", "whole"),
            ),
            Drawn(run_of, {**SIZES, "rates": ("constant",)}),
        ),
        Part(
            "with a schedule",
            3,
            (
                PROMPT,
                run_of(RNG, 4, 3, 3, 1, "falling", "whole"),
                run_of(RNG, 3, 2, 1, 2, "steps", "halves"),
                run_of(RNG, 5, 2, 2, 1, "warm-up", "halves"),
            ),
            Drawn(run_of, {**SIZES, "rates": ("falling", "steps", "warm-up")}),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)

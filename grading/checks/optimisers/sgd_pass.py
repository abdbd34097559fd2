"""sgd_pass(X, y, order, size, lr): one pass of minibatch SGD through the data, for linear regression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import sgd_pass as reference
from grading.checks.optimisers.references import sgd_step
from grading.checks.small_numbers import fill

Array = np.ndarray
Gradient = Callable[[Array, Array, Array, int], Array]


def _mean(X: Array, y: Array, theta: Array, size: int) -> Array:
    return X.T @ (X @ theta - y) / len(y)


def _pass(
    gradient: Gradient = _mean, *, ordered: bool = True, whole: bool = False, sign: float = -1.0
) -> Callable:
    """Return a pass with another gradient of a batch, without the order, or without the last small batch."""

    def run(X: Array, y: Array, order: Array, size: int, lr: float) -> Array:
        theta = np.zeros(X.shape[1])
        rows = order if ordered else np.arange(len(order))
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            if len(batch) == size or not whole:
                theta = theta + sign * lr * gradient(X[batch], y[batch], theta, size)
        return theta

    return run


def _full_batches(X: Array, y: Array, order: Array, size: int, lr: float) -> Array:
    theta = np.zeros(X.shape[1])
    for _ in range(0, len(order), size):
        theta = theta - lr * _mean(X, y, theta, size)
    return theta


def _accumulates(X: Array, y: Array, order: Array, size: int, lr: float) -> Array:
    total, batches = np.zeros(X.shape[1]), 0
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        total, batches = total + _mean(X[batch], y[batch], np.zeros(X.shape[1]), size), batches + 1
    return -lr * total


def _divided_by_all(X: Array, y: Array, order: Array, size: int, lr: float) -> Array:
    return _pass(lambda rows, targets, theta, _: rows.T @ (rows @ theta - targets) / len(y))(
        X, y, order, size, lr
    )


MISCONCEPTIONS = (
    Misconception(
        "pass-climbs",
        "the steps climb",
        "Subtract the gradient; its error is prediction minus target, X @ theta − y.",
        sections.MINIBATCH,
        (_pass(sign=1.0), _pass(lambda X, y, theta, size: X.T @ (y - X @ theta) / len(y))),
    ),
    Misconception(
        "pass-sums-over-the-batch",
        "the gradients of a batch are summed",
        "Take their mean: otherwise a larger batch makes longer steps, and lr means something else for "
        "every size.",
        sections.MINIBATCH,
        (_pass(lambda X, y, theta, size: X.T @ (X @ theta - y)),),
    ),
    Misconception(
        "pass-divides-by-size",
        "the last, smaller batch is divided by `size`",
        "The mean of a batch divides by how many examples it has: fewer in the last one.",
        sections.MINIBATCH,
        (_pass(lambda X, y, theta, size: X.T @ (X @ theta - y) / size),),
    ),
    Misconception(
        "pass-divides-by-all",
        "a batch is divided by the number of all examples",
        "The mean of a batch divides by the batch's own length.",
        sections.MINIBATCH,
        (_divided_by_all,),
    ),
    Misconception(
        "pass-drops-the-rest",
        "the last, smaller batch is left out",
        "A pass uses every example once, also those that fill no whole batch.",
        sections.MINIBATCH,
        (_pass(whole=True),),
    ),
    Misconception(
        "pass-ignores-the-order",
        "the order is ignored",
        "The first batch is order[:size], so its rows are X[order[:size]].",
        sections.MINIBATCH,
        (_pass(ordered=False),),
    ),
    Misconception(
        "pass-has-a-factor-two",
        "the gradient is twice too long",
        "The loss is half the squared error: the 2 of its derivative cancels.",
        sections.MINIBATCH,
        (_pass(lambda X, y, theta, size: 2 * X.T @ (X @ theta - y) / len(y)),),
    ),
    Misconception(
        "pass-uses-all-examples",
        "every step uses all examples",
        "That is full-batch descent. Each step looks at its own minibatch alone.",
        sections.MINIBATCH,
        (_full_batches,),
    ),
    Misconception(
        "pass-steps-once",
        "theta does not move until the end",
        "Each batch takes its gradient at the theta that the batches before have reached.",
        sections.MINIBATCH,
        (_accumulates,),
    ),
)


def data(
    rng: np.random.Generator, examples: int, features: int, size: int, lr: float, numbers: str, dtype: str
) -> Example:
    """Build a call."""
    X = fill(rng, (examples, features), numbers, dtype)
    return example(X, fill(rng, (examples,), "whole", dtype), rng.permutation(examples), size, lr)


def _size(X: Array, y: Array, order: Array, size: int, lr: float) -> float:
    """Return the size of the result, or of a step where steps cancel."""
    return max(np.abs(reference(X, y, order, size, lr)).max(), lr * np.abs(X).max() * np.abs(y).max())


RNG = np.random.default_rng(42)
WHOLE = (
    example(
        np.array([[1.0], [2.0]]),
        np.array([3.0, 1.0]),
        np.array([1, 0]),
        1,
        0.5,
        note="the example of the prompt",
    ),
    data(RNG, 4, 2, 2, 0.1, "halves", "float64"),
    data(RNG, 3, 2, 3, 0.1, "whole", "float32"),
    data(RNG, 6, 1, 2, 0.1, "whole", "float64"),
)
REST = (
    data(RNG, 3, 1, 2, 0.1, "whole", "float64"),
    data(RNG, 5, 2, 3, 0.1, "halves", "float64"),
    data(RNG, 2, 3, 4, 0.1, "whole", "float32"),
)
OPTIONS = {
    "features": (1, 2),
    "lr": (0.1, 0.05),
    "numbers": ("whole", "halves"),
    "dtype": ("float64", "float32"),
}
check = Check(
    name="sgd_pass",
    signature="(X, y, order, size, lr)",
    section=sections.MINIBATCH,
    reference=reference,
    magnitude=_size,
    outputs=("theta",),
    parts=(
        Part("batches that fit", 2, WHOLE, Drawn(data, {"examples": (2, 4, 6), "size": (1, 2), **OPTIONS})),
        Part(
            "a smaller last batch", 2, REST, Drawn(data, {"examples": (3, 5, 7), "size": (2, 4), **OPTIONS})
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"sgd_step": sgd_step},
)

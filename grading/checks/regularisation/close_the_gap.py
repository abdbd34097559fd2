"""close_the_gap(x, y, seed): any means will do; what counts is measured here, on pictures held back.

Nothing that a student reports is believed: the check takes the weights, and counts errors itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.comparison import article
from grading.checks.definition import Check, Dialogue, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import dropping, penalties, pictures, sections
from grading.checks.regularisation.digits_task import TASKS, task
from grading.checks.regularisation.nets import Net, error_of, train_net
from grading.checks.student import StudentFault

Array = np.ndarray
ERROR, LOWER_ERROR, GAP = 0.22, 0.19, 0.10
# Two hundred digits may teach little. Asked are tasks on which a right answer has room below the limits.
ORDINARY_ERROR = 0.14
UNITS = 256


def reference(x: Array, y: Array, seed: int) -> Net:
    """Return the net of a ridge regression on random features: quick, and right."""
    rng = np.random.default_rng(seed)
    w1, b1 = rng.standard_normal((UNITS, 64)) / 8, np.zeros(UNITS)
    h = np.maximum(x @ w1.T + b1, 0)
    targets = np.eye(10)[y]
    mean, middle = h.mean(axis=0), targets.mean(axis=0)
    h = h - mean
    w2 = np.linalg.solve(h.T @ h + 10.0 * np.eye(UNITS), h.T @ (targets - middle)).T
    return w1, b1, w2, middle - w2 @ mean


def ordinary(number: int) -> int:
    """Return the first task, from a number on, on which the reference errs at most `ORDINARY_ERROR`."""
    for candidate in range(number, number + TASKS):
        x, y, x_held, y_held = task(candidate % TASKS)
        if error_of(reference(x, y, candidate % TASKS), x_held, y_held) <= ORDINARY_ERROR:
            return candidate % TASKS
    raise ValueError(f"no task has at most {ORDINARY_ERROR:.0%} errors")


def excess(call: Callable[..., object], number: int) -> tuple[float, float, float]:
    """Let a student learn, and say by how much their net misses each limit; 0 where it keeps it.

    Who misses the first limit has closed no gap, however small it is: a net that learns nothing has none.

    Raises
    ------
    StudentFault
        If what comes back are no weights of a net.
    """
    x, y, x_held, y_held = task(number)
    net = _weights(call(x.copy(), y.copy(), number))
    held = error_of(net, x_held, y_held)
    gap = held - error_of(net, x, y)
    learnt = held <= ERROR
    return max(held - ERROR, 0.0), max(held - LOWER_ERROR, 0.0), max(gap - GAP, 0.0) if learnt else 1.0


def _weights(value: object) -> Net:
    """Read four arrays, or say what is wrong with them."""
    wanted = "expected the tuple w1, b1, w2, b2"
    if not isinstance(value, tuple | list) or len(value) != 4:
        raise StudentFault("unsupported", text=f"{wanted}, got {article(value)}")
    arrays = []
    for name, item in zip(("w1", "b1", "w2", "b2"), value):
        if not isinstance(item, np.ndarray) or item.dtype.kind not in "fiu" or not np.isfinite(item).all():
            raise StudentFault("unsupported", text=f"{name} must be an array of finite numbers")
        arrays.append(item.astype(np.float64))
    hidden = len(arrays[0]) if arrays[0].ndim else 0
    for name, array, shape in zip(
        ("w1", "b1", "w2", "b2"), arrays, ((hidden, 64), (hidden,), (10, hidden), (10,))
    ):
        if array.shape != shape or not 1 <= hidden <= UNITS:
            raise StudentFault(
                "unsupported",
                text=f"{name} has shape {array.shape}; with H hidden units, 1 to {UNITS}, the four are "
                "(H, 64), (H,), (10, H), (10,)",
            )
    return tuple(arrays)


class Tasks(Drawn):
    """Tasks of one size: there is nothing to shrink, and every attempt would be a training run."""

    def shrink(self, *_: object, **__: object) -> Example | None:
        """Return None: no task is smaller than another."""
        return None


MISCONCEPTIONS = (
    Misconception(
        "gap-left-open",
        "nothing holds the weights back",
        "This is the net as it learns by itself: it knows its pictures by heart, wrong labels and all. "
        "Give train_net a strength, a share to drop, a limit or a shift.",
        sections.TOGETHER,
        (lambda x, y, seed: train_net(x, y, seed),),
    ),
    Misconception(
        "gap-closed-by-learning-nothing",
        "the net learns nothing",
        "Weights that are held back too much answer the same to every picture: no gap, and no use.",
        sections.TOGETHER,
        (
            lambda x, y, seed: train_net(x, y, seed, strength=1.0),
            lambda x, y, seed: train_net(x, y, seed, steps=0),
        ),
    ),
)
FIXED = (example(0, note="the task of the cell below"), example(1))
DRAWN = Tasks(lambda rng, number: example(ordinary(number)), {"number": tuple(range(TASKS))}, cases=2)
check = Check(
    name="close_the_gap",
    signature="(x, y, seed)",
    section=sections.TOGETHER,
    reference=reference,
    outputs=("error_above_limit", "error_above_lower_limit", "gap_above_limit"),
    parts=(
        Part("few errors", 2, FIXED, DRAWN, output="error_above_limit"),
        Part("fewer errors", 1, FIXED, DRAWN, output="error_above_lower_limit"),
        Part("a closed gap", 3, FIXED, DRAWN, output="gap_above_limit"),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(
        excess, ("task",), "close_the_gap(x, y, {task}), with the two hundred digits of that task"
    ),
    uses={
        "dropout_mask": dropping.dropout_mask,
        "dropout_forward": dropping.dropout_forward,
        "dropout_backward": dropping.dropout_backward,
        "penalty_gradient": penalties.penalty_gradient,
        "max_norm": penalties.max_norm,
        "random_crops": pictures.random_crops,
    },
)

"""gap_by_strength(x, t, x_held, t_held, strengths, steps, lr): an experiment that shows the gap closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.digits_task import task
from grading.checks.regularisation.nets import cross_entropy, softmax
from grading.checks.regularisation.nets import gap_by_strength as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def small(
    rng: np.random.Generator,
    count: int,
    held: int,
    features: int,
    classes: int,
    strengths: tuple[float, ...],
    steps: int,
    lr: float,
) -> Example:
    """Build a call."""
    data = []
    for rows in (count, held):
        labels = (np.arange(rows) + int(rng.integers(classes))) % classes
        data += [fill(rng, (rows, features), "halves"), np.eye(classes)[labels]]
    return example(*data, list(strengths), steps, lr)


def of_digits() -> Example:
    """Return the experiment on a few digits."""
    x, y, x_held, y_held = task(0)
    one_hot = np.eye(10)
    return example(
        x[:6],
        one_hot[y[:6]],
        x_held[:2],
        one_hot[y_held[:2]],
        [0.0, 0.01, 0.1],
        20,
        1.0,
        note="six digits, and two held out",
    )


PROMPT = example(
    np.array([[1.0], [-1.0]]),
    np.eye(2),
    np.array([[1.0]]),
    np.array([[0.0, 1.0]]),
    [0.0, 0.5],
    2,
    1.0,
    note="the example of the prompt",
)
RNG = np.random.default_rng(62)
FIXED = (
    PROMPT,
    small(RNG, 3, 2, 2, 3, (0.5, 0.0, 1.0), 3, 0.5),
    small(RNG, 4, 3, 3, 2, (1.0, 0.1), 5, 0.25),
    of_digits(),
)
DRAWN = Drawn(
    small,
    {
        "count": (1, 2, 3),
        "held": (1, 2, 4),
        "features": (1, 2, 3),
        "classes": (2, 3),
        "strengths": ((0.5,), (0.5, 0.0), (0.0, 1.0, 0.1)),
        "steps": (1, 2, 4),
        "lr": (1.0, 0.5, 0.25),
    },
)


@dataclass(frozen=True)
class Experiment:
    """The experiment with the places where it goes wrong.

    Parameters
    ----------
    pull : callable
        What the penalty adds to the gradient: `pull(w, strength, count)`.
    bias_pull : float
        How much of the penalty is on the bias.
    warm : bool
        Begin where the strength before ended.
    fewer : int
        How many steps are left out.
    mean : bool
        Divide gradients by the number of examples.
    penalised : (bool, bool)
        Add the penalty to the training losses, and to the held-out losses.
    pooled : bool
        Learn from the held-out examples, too.
    """

    pull: Callable[[Array, float, int], Array] = lambda w, strength, count: strength * w
    bias_pull: float = 0.0
    warm: bool = False
    fewer: int = 0
    mean: bool = True
    penalised: tuple[bool, bool] = (False, False)
    pooled: bool = False

    def __call__(
        self, x: Array, t: Array, x_held: Array, t_held: Array, strengths: list, steps: int, lr: float
    ) -> tuple[Array, Array]:
        """Run it."""
        learnt = (np.concatenate([x, x_held]), np.concatenate([t, t_held])) if self.pooled else (x, t)
        losses, net = [], None
        for strength in strengths:
            net = self._train(*learnt, strength, steps - self.fewer, lr, net if self.warm else None)
            extra = strength / 2 * (net[0] ** 2).sum()
            losses.append(
                [
                    cross_entropy(*data, *net) + extra * added
                    for data, added in zip(((x, t), (x_held, t_held)), self.penalised)
                ]
            )
        return tuple(np.array(losses).T)

    def _train(
        self, x: Array, t: Array, strength: float, steps: int, lr: float, net: tuple[Array, Array] | None
    ) -> tuple[Array, Array]:
        w, b = net or (np.zeros((x.shape[1], t.shape[1])), np.zeros(t.shape[1]))
        for _ in range(steps):
            error = (softmax(x @ w + b) - t) / (len(x) if self.mean else 1)
            dw, db = x.T @ error, error.sum(axis=0)
            w = w - lr * (dw + self.pull(w, strength, len(x)))
            b = b - lr * (db + self.bias_pull * strength * b)
        return w, b


def _mistake(
    identifier: str, title: str, explanation: str, *computes: Callable[..., object], output: str | None = None
) -> Misconception:
    return Misconception(identifier, title, explanation, sections.GAP, computes, output=output)


def _measured(place: int, **changes: object) -> Callable[..., Array]:
    return lambda *args: Experiment(**changes)(*args)[place]


MISCONCEPTIONS = (
    _mistake(
        "gap-without-the-penalty",
        "the strength has no effect",
        "The gradient by w is that of the loss and of the penalty: add strength·w to it in every step.",
        Experiment(pull=lambda w, strength, count: 0 * w),
    ),
    _mistake(
        "gap-with-another-factor",
        "the gradient of the penalty has another factor",
        "The penalty is strength/2 times the squares: its gradient is strength·w, not doubled, not divided "
        "by N.",
        Experiment(pull=lambda w, strength, count: 2 * strength * w),
        Experiment(pull=lambda w, strength, count: strength / 2 * w),
        Experiment(pull=lambda w, strength, count: strength / count * w),
    ),
    _mistake(
        "gap-with-a-penalised-bias",
        "the bias is penalised, too",
        "Only w is penalised; b follows the gradient of the loss alone.",
        Experiment(bias_pull=1.0),
    ),
    _mistake(
        "gap-with-weights-left-over",
        "a net goes on where the one before ended",
        "Every strength begins anew, with w = 0 and b = 0: otherwise the later ones had more steps.",
        Experiment(warm=True),
    ),
    _mistake(
        "gap-one-step-early",
        "one step too few",
        "Make `steps` steps, then measure.",
        Experiment(fewer=1),
    ),
    _mistake(
        "gap-gradient-is-a-sum",
        "the gradient is a sum over the examples",
        "The loss is a mean over the examples, and so is its gradient.",
        Experiment(mean=False),
    ),
    _mistake(
        "gap-learnt-from-what-was-held-out",
        "the held-out examples were learnt from, too",
        "What was held out is measured and never learnt from: otherwise there is no gap to see.",
        Experiment(pooled=True),
    ),
    _mistake(
        "gap-losses-with-penalties",
        "the losses contain the penalty",
        "The penalty steers the training. What is compared is the cross-entropy alone.",
        Experiment(penalised=(True, True)),
        Experiment(penalised=(True, False)),
        Experiment(penalised=(False, True)),
    ),
    _mistake(
        "gap-both-on-the-training-data",
        "both losses are those of the training examples",
        "The second loss is measured on x_held and t_held.",
        _measured(0),
        output="held_losses",
    ),
)
check = Check(
    name="gap_by_strength",
    signature="(x, t, x_held, t_held, strengths, steps, lr)",
    section=sections.GAP,
    reference=reference,
    outputs=("train_losses", "held_losses"),
    magnitude=lambda *args: tuple(np.maximum(losses, 1.0) for losses in reference(*args)),
    parts=(
        Part("losses on what was learnt from", 1, FIXED, DRAWN, output="train_losses"),
        Part("losses on what was held out", 1, FIXED, DRAWN, output="held_losses"),
    ),
    misconceptions=MISCONCEPTIONS,
)

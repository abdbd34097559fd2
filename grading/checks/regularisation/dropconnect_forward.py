"""dropconnect_forward(x, w, b, mask, p, train): connections are dropped, and not units."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.dropping import dropconnect_forward as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def arguments(
    rng: np.random.Generator, count: int, inputs: int, units: int, numbers: str, dtype: str
) -> tuple[Array, Array, Array, Array]:
    """Return x, w, b and a mask that keeps at least one connection and drops one, where there are several."""
    mask = rng.random((inputs, units)) >= 0.5
    mask.flat[0] = True
    mask.flat[-1] &= mask.size == 1
    x, w = fill(rng, (count, inputs), numbers, dtype), fill(rng, (inputs, units), numbers, dtype)
    return x, w, fill(rng, (units,), "whole", dtype), mask.astype(dtype)


def layer(
    rng: np.random.Generator,
    count: int,
    inputs: int,
    units: int,
    numbers: str,
    p: float,
    train: bool,
    dtype: str,
) -> Example:
    """Build a call."""
    return example(*arguments(rng, count, inputs, units, numbers, dtype), p, train)


def drawn(train: bool) -> Drawn:
    """Draw calls in training, or in the test."""
    return Drawn(
        layer,
        {
            "count": (1, 2, 3),
            "inputs": (2, 1, 3),
            "units": (1, 2, 3),
            "numbers": ("whole", "halves"),
            "p": (0.5, 0.2, 0.75),
            "train": (train,),
            "dtype": ("float64", "float32"),
        },
    )


def fixed(train: bool) -> tuple[Example, ...]:
    """Return the examples that teach."""
    rng = np.random.default_rng(58)
    x, w = np.array([[1.0, 2.0]]), np.array([[4.0, 1.0], [3.0, -2.0]])
    b, mask = np.array([10.0, 0.0]), np.array([[1.0, 0.0], [0.0, 1.0]])
    return (
        example(x, w, b, mask, 0.5, train, note="the example of the prompt"),
        layer(rng, 3, 2, 4, "halves", 0.2, train, "float64"),
        layer(rng, 2, 3, 2, "whole", 0.75, train, "float32"),
    )


def _in_training(y: object) -> object:
    """Return a mistake of training alone: the test is right."""
    return lambda x, w, b, mask, p, train: y(x, w, b, mask, p) if train else x @ w + b


MISCONCEPTIONS = (
    Misconception(
        "dropconnect-not-scaled",
        "what stays is not scaled",
        "The weights that stay are divided by 1 - p, so that the test can use all of them as they are.",
        sections.DROPCONNECT,
        (_in_training(lambda x, w, b, mask, p: x @ (w * mask) + b),),
    ),
    Misconception(
        "dropconnect-scaled-by-p",
        "divided by the share that is dropped",
        "p is the probability of dropping; the share 1 - p of the weights stays.",
        sections.DROPCONNECT,
        (_in_training(lambda x, w, b, mask, p: x @ (w * mask) / p + b),),
    ),
    Misconception(
        "dropconnect-scales-the-bias",
        "the bias is scaled, too",
        "Biases are not dropped, and so they are not scaled: add b at the end.",
        sections.DROPCONNECT,
        (_in_training(lambda x, w, b, mask, p: (x @ (w * mask) + b) / (1 - p)),),
    ),
    Misconception(
        "dropconnect-drops-units",
        "whole units are dropped",
        "DropConnect drops single connections: the mask has the shape of w and multiplies w.",
        sections.DROPCONNECT,
        (
            _in_training(lambda x, w, b, mask, p: (x @ w + b) * mask[0] / (1 - p)),
            _in_training(lambda x, w, b, mask, p: (x * mask[:, 0] / (1 - p)) @ w + b),
        ),
    ),
    Misconception(
        "dropconnect-mask-turned-around",
        "what should stay is dropped",
        "In the mask 1 stands for a connection that stays.",
        sections.DROPCONNECT,
        (_in_training(lambda x, w, b, mask, p: x @ (w * (1 - mask)) / (1 - p) + b),),
    ),
    Misconception(
        "dropconnect-drops-in-the-test",
        "connections are dropped in the test",
        "In the test all weights are there, as they are: x w + b.",
        sections.DROPCONNECT,
        (
            lambda x, w, b, mask, p, train: reference(x, w, b, mask, p, True),
            lambda x, w, b, mask, p, train: reference(x, w if train else w * mask, b, mask, p, train),
        ),
    ),
    Misconception(
        "dropconnect-scales-the-test",
        "the test is scaled",
        "The scaling was done in training: the test is x w + b.",
        sections.DROPCONNECT,
        (
            lambda x, w, b, mask, p, train: reference(x, w if train else w * (1 - p), b, mask, p, train),
            lambda x, w, b, mask, p, train: x @ (w * (mask if train else 1 - p)) + b,
            lambda x, w, b, mask, p, train: reference(x, w if train else w / (1 - p), b, mask, p, train),
        ),
    ),
    Misconception(
        "dropconnect-forgets-the-bias",
        "the bias is missing",
        "Add b at the end: biases are not dropped.",
        sections.DROPCONNECT,
        (lambda x, w, b, mask, p, train: reference(x, w, 0 * b, mask, p, train),),
    ),
)
check = Check(
    name="dropconnect_forward",
    signature="(x, w, b, mask, p, train)",
    section=sections.DROPCONNECT,
    reference=reference,
    # Products may cancel: rounding grows with the sums of their absolute values.
    magnitude=lambda x, w, b, mask, p, train: reference(np.abs(x), np.abs(w), np.abs(b), mask, p, train),
    parts=(
        Part("training", 2, fixed(True), drawn(True)),
        Part("test", 1, fixed(False), drawn(False)),
    ),
    misconceptions=MISCONCEPTIONS,
)

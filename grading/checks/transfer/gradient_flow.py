"""gradient_flow(x, weights, dy, skip): how large the gradient is on its way back, with and without skips."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.small_numbers import fill
from grading.checks.transfer import sections
from grading.checks.transfer.blocks import gradient_flow as reference
from grading.checks.transfer.blocks import relu

Array = np.ndarray


def flow(
    *,
    masked: bool = True,
    back: bool = True,
    forward: bool = True,
    mask_all: bool = False,
    kernels: bool = False,
    turned: bool = False,
    size: Callable[[Array], float] = np.linalg.norm,
    transposed: bool = True,
    drop: int | None = None,
) -> Callable[..., Array]:
    """Return the norms with something changed.

    Parameters
    ----------
    masked : bool
        False forgets the ReLU's mask.
    back, forward : bool
        False forgets the skip on the way back, on the way forward.
    mask_all : bool
        True masks the skip's gradient, too.
    kernels : bool
        True measures the gradients by the weights.
    turned : bool
        True begins at the output.
    size : callable
        Measures a gradient.
    transposed : bool
        False multiplies by the weights as they are.
    drop : int or None
        Leaves out the first (0) or last (−1) norm.
    """

    def norms(x: Array, weights: Array, dy: Array, skip: bool) -> Array:
        inputs, masks, h = [], [], x
        for W in weights:
            a = h @ W
            inputs.append(h)
            masks.append(a > 0)
            h = relu(a) + (h if skip and forward else 0)
        found, by_weights = [size(dy)], []
        for W, mask, seen in zip(weights[::-1], masks[::-1], inputs[::-1], strict=True):
            d = dy * mask if masked else dy
            by_weights.append(size(seen.T @ d))
            passed = (d if mask_all else dy) if skip and back else 0
            dy = d @ (W.T if transposed else W) + passed
            found.append(size(dy))
        found = by_weights if kernels else found
        result = np.array(found if turned else found[::-1])
        return result if drop is None else np.delete(result, drop)

    return norms


def _mistake(id: str, title: str, explanation: str, *computes: Callable[..., Array]) -> Misconception:
    return Misconception(id, title, explanation, sections.FLOW, computes)


MISCONCEPTIONS = (
    _mistake(
        "flow-skip-not-on-the-way-back",
        "the skip is missing on the way back",
        "What went two ways forward comes back on two: add the gradient itself to what passes the layer.",
        flow(back=False),
    ),
    _mistake(
        "flow-skip-only-on-the-way-back",
        "the skip is missing on the way forward",
        "With skip each layer adds its input: h + relu(h W). The masks of later layers depend on it.",
        flow(forward=False),
    ),
    _mistake(
        "flow-skip-masked",
        "the skip's gradient goes through the ReLU",
        "The skip passes the layer by, its ReLU too: add the gradient as it came.",
        flow(mask_all=True),
    ),
    _mistake(
        "flow-without-the-relu",
        "the ReLU is forgotten on the way back",
        "Only where h W was positive does the gradient pass the ReLU.",
        flow(masked=False),
    ),
    _mistake(
        "flow-weights-not-transposed",
        "the weights are not transposed on the way back",
        "Forward it is h W, so the gradient by h is d Wᵀ.",
        flow(transposed=False),
    ),
    _mistake(
        "flow-begins-at-the-output",
        "the order is turned",
        "The first number belongs to x, the last to the output: its norm is that of dy.",
        flow(turned=True),
    ),
    _mistake(
        "flow-of-the-weights",
        "the gradients by the weights are measured",
        "Asked for is the gradient by the signal h between the layers, L + 1 numbers.",
        flow(kernels=True),
    ),
    _mistake(
        "flow-one-norm-missing",
        "a number is missing at one end",
        "There are L + 1 signals, from x to the output, and so L + 1 norms.",
        flow(drop=0),
        flow(drop=-1),
    ),
    _mistake(
        "flow-another-norm",
        "another measure than the norm over the whole batch",
        "The root of the sum of all squares, over examples and features.",
        flow(size=lambda d: float((d**2).sum())),
        flow(size=lambda d: float(np.abs(d).max())),
        flow(size=lambda d: float(np.abs(d).mean())),
        flow(size=lambda d: float(np.linalg.norm(d, axis=1).mean())),
        flow(size=lambda d: float(np.sqrt((d**2).mean()))),
        flow(size=lambda d: float(np.linalg.norm(d) / len(d))),
        flow(size=lambda d: float(np.linalg.norm(d, 2))),
    ),
)


def stack(rng: np.random.Generator, n: int, d: int, layers: int, skip: bool, dtype: str) -> Example:
    """Build a call."""
    weights = fill(rng, (layers, d, d), "whole", dtype) / 4
    return example(fill(rng, (n, d), "halves", dtype), weights, fill(rng, (n, d), "whole", dtype), skip)


RNG = np.random.default_rng(85)
PLAIN = (
    example(
        np.array([[1.0]]),
        np.array([[[2.0]], [[0.5]]]),
        np.array([[4.0]]),
        False,
        note="the example of the prompt",
    ),
    *(stack(RNG, n, d, layers, False, "float64") for n, d, layers in ((3, 4, 2), (2, 3, 3), (4, 4, 1))),
    stack(RNG, 3, 4, 3, False, "float32"),
)
SKIP = (
    example(
        np.array([[1.0]]), np.array([[[2.0]], [[0.5]]]), np.array([[4.0]]), True, note="that of the prompt"
    ),
    *(stack(RNG, n, d, layers, True, "float64") for n, d, layers in ((3, 4, 2), (2, 3, 4), (4, 4, 1))),
    stack(RNG, 3, 4, 3, True, "float32"),
)
OPTIONS = {"n": (1, 2, 3), "d": (1, 2, 3, 4), "layers": (1, 2, 3, 5), "dtype": ("float64", "float32")}
check = Check(
    name="gradient_flow",
    signature="(x, weights, dy, skip)",
    section=sections.FLOW,
    reference=reference,
    outputs=("norms",),
    parts=(
        Part("without skips", 2, PLAIN, Drawn(stack, {"skip": (False,), **OPTIONS})),
        Part("with skips", 2, SKIP, Drawn(stack, {"skip": (True,), **OPTIONS})),
    ),
    misconceptions=MISCONCEPTIONS,
)

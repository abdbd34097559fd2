"""inception_forward(x, w1, r3, w3, r5, w5, wp): four branches on the same input, joined."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.small_numbers import fill
from grading.checks.transfer import sections
from grading.checks.transfer.blocks import conv2d, max_pool3, relu
from grading.checks.transfer.blocks import inception_forward as reference

Array = np.ndarray


def _zero_padded_pool(x: Array) -> Array:
    high, wide = x.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)])
    return np.max([padded[:, :, i : i + high, j : j + wide] for i in range(3) for j in range(3)], axis=0)


def module(
    *,
    reduced_relu: bool = True,
    last_relu: bool = True,
    pool: Callable[[Array], Array] | None = max_pool3,
    pool_after: bool = False,
    order: tuple[int, ...] = (0, 1, 2, 3),
    axis: int = 1,
    summed: bool = False,
) -> Callable[..., Array]:
    """Return the module with something changed.

    Parameters
    ----------
    reduced_relu, last_relu : bool
        False leaves out the ReLUs behind the reductions, behind the last convolutions.
    pool : callable or None
        The pool of the fourth branch.
    pool_after : bool
        True pools behind its convolution.
    order : tuple of int
        Of the branches.
    axis : int
        Along which they are joined.
    summed : bool
        True adds them up.
    """

    def act(x: Array, on: bool) -> Array:
        return relu(x) if on else x

    def forward(x: Array, w1: Array, r3: Array, w3: Array, r5: Array, w5: Array, wp: Array) -> Array:
        pooled = x if pool is None or pool_after else pool(x)
        found = [
            act(conv2d(x, w1), last_relu),
            act(conv2d(act(conv2d(x, r3), reduced_relu), w3), last_relu),
            act(conv2d(act(conv2d(x, r5), reduced_relu), w5), last_relu),
            act(conv2d(pooled, wp), last_relu),
        ]
        if pool_after:
            found[3] = max_pool3(found[3])
        found = [found[i] for i in order]
        return sum(found) if summed else np.concatenate(found, axis=axis)

    return forward


def _mistake(id: str, title: str, explanation: str, *computes: Callable[..., Array]) -> Misconception:
    return Misconception(id, title, explanation, sections.INCEPTION, computes)


MISCONCEPTIONS = (
    _mistake(
        "inception-reductions-without-relu",
        "no ReLU behind the 1×1 reductions",
        "Each convolution is followed by a ReLU, the reductions too: else a reduction and what follows "
        "are one "
        "linear map.",
        module(reduced_relu=False),
    ),
    _mistake(
        "inception-branches-without-relu",
        "no ReLU at the ends of the branches",
        "Each convolution is followed by a ReLU.",
        module(last_relu=False),
        module(last_relu=False, reduced_relu=False),
    ),
    _mistake(
        "inception-without-the-pool",
        "the fourth branch does not pool",
        "First a 3×3 max-pool of stride 1, then the 1×1 convolution.",
        module(pool=None),
    ),
    _mistake(
        "inception-pools-after-the-convolution",
        "the fourth branch pools behind its convolution",
        "The pool comes first.",
        module(pool_after=True),
    ),
    _mistake(
        "inception-pool-padded-with-zeros",
        "the pool's border holds zeros",
        "At the edge a window holds fewer pixels. A zero from outside would win over negative ones.",
        module(pool=_zero_padded_pool),
    ),
    _mistake(
        "inception-sums-the-branches",
        "the branches are added",
        "They are joined along the channels: the result has as many as all branches together.",
        module(summed=True),
    ),
    _mistake(
        "inception-joined-along-another-axis",
        "the branches are joined along another axis",
        "Channels are axis 1.",
        module(axis=0),
        module(axis=2),
        module(axis=3),
    ),
    _mistake(
        "inception-branches-in-another-order",
        "the branches come in another order",
        "1×1, 3×3, 5×5, pooled.",
        module(order=(0, 2, 1, 3)),
        module(order=(3, 0, 1, 2)),
        module(order=(0, 3, 1, 2)),
        module(order=(3, 2, 1, 0)),
    ),
)


def call(
    rng: np.random.Generator,
    n: int,
    c: int,
    widths: tuple[int, int, int, int, int, int],
    sides: tuple[int, int],
    size: tuple[int, int],
    sign: int,
    dtype: str,
) -> Example:
    """Build a call; with sign −1 many pixels are negative, so that the pool's border shows."""
    one, r3, w3, r5, w5, wp = widths
    x = fill(rng, (n, c, *size), "halves", dtype)
    x = -np.abs(x) if sign < 0 else x
    shapes = ((one, c, 1), (r3, c, 1), (w3, r3, sides[0]), (r5, c, 1), (w5, r5, sides[1]), (wp, c, 1))
    kernels = [fill(rng, (o, i, k, k), "whole", dtype) / 4 for o, i, k in shapes]
    return example(x, *kernels)


RNG = np.random.default_rng(86)


def _numbers(*values: float) -> list[Array]:
    """Return kernels of one channel to one that multiply: the middle of 1×1, 1×1, 3×3, 1×1, 5×5, 1×1."""
    kernels = []
    for value, k in zip(values, (1, 1, 3, 1, 5, 1), strict=True):
        w = np.zeros((1, 1, k, k))
        w[0, 0, k // 2, k // 2] = value
        kernels.append(w)
    return kernels


FIXED = (
    example(np.array([[[[1.0, -2.0]]]]), *_numbers(1, -1, 2, 3, 1, 2), note="the example of the prompt"),
    call(RNG, 2, 2, (1, 2, 3, 1, 2, 2), (3, 5), (4, 5), 1, "float64"),
    call(RNG, 1, 3, (2, 2, 2, 2, 2, 2), (3, 5), (5, 3), -1, "float64"),
    call(RNG, 2, 2, (2, 2, 2, 2, 2, 2), (5, 3), (3, 4), 1, "float32"),
)
check = Check(
    name="inception_forward",
    signature="(x, w1, r3, w3, r5, w5, wp)",
    section=sections.INCEPTION,
    reference=reference,
    outputs=("y",),
    parts=(
        Part(
            "y",
            1,
            FIXED,
            Drawn(
                call,
                {
                    "n": (1, 2),
                    "c": (1, 2, 3),
                    "widths": (
                        (1, 1, 1, 1, 1, 1),
                        (2, 2, 2, 2, 2, 2),
                        (1, 2, 3, 1, 2, 2),
                        (3, 1, 2, 2, 1, 1),
                    ),
                    "sides": ((1, 1), (3, 5), (3, 3)),
                    "size": ((1, 1), (2, 3), (4, 3), (5, 5)),
                    "sign": (1, -1),
                    "dtype": ("float64", "float32"),
                },
                cases=6,
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)

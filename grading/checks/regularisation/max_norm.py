"""max_norm(w, limit): what goes into a unit is scaled back where it is too long."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.penalties import max_norm as reference
from grading.checks.small_numbers import fill

Array = np.ndarray
LINEAR = ((2, 1), (1, 2), (2, 2), (3, 2), (2, 3))
KERNELS = ((2, 1, 1, 2), (1, 2, 2, 1), (2, 2, 2, 2), (3, 2, 1, 2))


def layer(
    rng: np.random.Generator, shape: tuple[int, ...], numbers: str, share: float, dtype: str
) -> Example:
    """Build a call; units are of different sizes, and the limit lies between the norms of two of them."""
    w = fill(rng, shape, numbers, dtype) * np.arange(1, shape[0] + 1).reshape(-1, *[1] * (len(shape) - 1))
    norms = np.sqrt((w.astype(np.float64) ** 2).sum(axis=tuple(range(1, w.ndim))))
    return example(w.astype(dtype), round(float(share * norms.max() + (1 - share) * norms.min()), 2))


def drawn(shapes: tuple[tuple[int, ...], ...]) -> Drawn:
    """Draw layers of these shapes."""
    return Drawn(
        layer,
        {
            "shape": shapes,
            "numbers": ("whole", "halves"),
            "share": (0.5, 0.25, 0.75),
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(54)
FIXED = (
    example(np.array([[3.0, 4.0], [0.0, 1.0]]), 2.0, note="the example of the prompt"),
    example(np.array([[0.0, 0.0], [6.0, -8.0]]), 5.0, note="a unit without weights"),
    example(np.array([[0.3, 0.4], [0.6, 0.8]]), 0.5, note="norms below 1"),
    layer(RNG, (4, 3), "halves", 0.5, "float32"),
)
FIXED_KERNELS = (
    example(
        np.array([[[[3.0, 0.0], [0.0, 4.0]]], [[[0.0, 0.0], [1.0, 0.0]]]]), 2.5, note="two kernels, 2 × 2"
    ),
    layer(RNG, (3, 2, 2, 3), "whole", 0.5, "float64"),
    layer(RNG, (2, 3, 2, 2), "halves", 0.75, "float32"),
)


def _over(w: Array, limit: float, axes: tuple[int, ...] | None) -> Array:
    """Bound norms over other axes."""
    norms = np.sqrt((w**2).sum(axis=axes, keepdims=True))
    return w * np.where(norms > limit, limit / np.maximum(norms, 1e-300), 1.0)


def _norms(w: Array) -> Array:
    return np.sqrt((w**2).sum(axis=tuple(range(1, w.ndim)), keepdims=True))


MISCONCEPTIONS = (
    Misconception(
        "max-norm-of-the-whole-layer",
        "one norm for the whole layer",
        "Every unit has a norm of its own, over what goes into it: one long unit must not shrink the others.",
        sections.MAX_NORM,
        (lambda w, limit: _over(w, limit, None),),
    ),
    Misconception(
        "max-norm-over-the-wrong-axis",
        "norms over the wrong axes",
        "The first axis counts units. A norm goes over all the others: (in,) or (in, KH, KW).",
        sections.MAX_NORM,
        (
            lambda w, limit: _over(w, limit, (0,)),
            lambda w, limit: _over(w, limit, (1,)),
            lambda w, limit: _over(w, limit, tuple(range(w.ndim))[-2:] if w.ndim > 2 else (1,)),
            lambda w, limit: _over(w, limit, (0, *range(2, w.ndim))),
        ),
    ),
    Misconception(
        "max-norm-scales-every-unit",
        "short units are stretched to the limit, too",
        "Only what is longer than the limit is scaled back; everything else stays as it is.",
        sections.MAX_NORM,
        (lambda w, limit: w * limit / _norms(w), lambda w, limit: w * limit / (_norms(w) + 1e-8)),
    ),
    Misconception(
        "max-norm-clips-elements",
        "single weights are clipped",
        "Clipping changes the direction of a unit's weights. Max-norm scales them all by the same factor.",
        sections.MAX_NORM,
        (lambda w, limit: np.clip(w, -limit, limit), lambda w, limit: np.minimum(w, limit)),
    ),
    Misconception(
        "max-norm-without-the-root",
        "squared norms are compared or divided by",
        "The norm is the root of the sum of squares.",
        sections.MAX_NORM,
        (
            lambda w, limit: w * np.minimum(1.0, limit / np.maximum(_norms(w) ** 2, 1e-300)),
            lambda w, limit: np.where(_norms(w) ** 2 > limit, w * limit / np.maximum(_norms(w), 1e-300), w),
        ),
    ),
    Misconception(
        "max-norm-of-absolute-values",
        "absolute values are added up",
        "The norm of the prompt is the length: the root of the sum of squares.",
        sections.MAX_NORM,
        (
            lambda w, limit: (
                w
                * np.minimum(
                    1.0,
                    limit / np.maximum(np.abs(w).sum(axis=tuple(range(1, w.ndim)), keepdims=True), 1e-300),
                )
            ),
        ),
    ),
    Misconception(
        "max-norm-becomes-one",
        "long units get the norm 1",
        "Divide by the norm, and multiply by the limit.",
        sections.MAX_NORM,
        (lambda w, limit: np.where(_norms(w) > limit, w / np.maximum(_norms(w), 1e-300), w),),
    ),
    Misconception(
        "max-norm-divides-by-zero",
        "a unit without weights becomes NaN",
        "Its norm is 0, and 0/0 is NaN. Scale only the units that are longer than the limit.",
        sections.MAX_NORM,
        (lambda w, limit: w * np.minimum(_norms(w), limit) / _norms(w),),
    ),
)
check = Check(
    name="max_norm",
    signature="(w, limit)",
    section=sections.MAX_NORM,
    reference=reference,
    outputs=("w",),
    parts=(
        Part("fully connected layers", 1, FIXED, drawn(LINEAR)),
        Part("convolutions", 1, FIXED_KERNELS, drawn(KERNELS)),
    ),
    misconceptions=MISCONCEPTIONS,
)

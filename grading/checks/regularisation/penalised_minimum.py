"""penalised_minimum(name, target, curvature, strength, share): what each penalty makes of a weight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.penalties import NAMES
from grading.checks.regularisation.penalties import penalised_minimum as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def minima(
    rng: np.random.Generator, name: str, shape: tuple[int, ...], numbers: str, strength: float, share: float
) -> Example:
    """Build a call; curvatures lie between ½ and 2."""
    curvature = rng.choice([0.5, 1.0, 2.0], shape)
    return example(name, fill(rng, shape, numbers), curvature, strength, share)


def drawn(name: str) -> Drawn:
    """Draw targets on both sides of what L1 brings to 0."""
    return Drawn(
        minima,
        {
            "name": (name,),
            "shape": ((1,), (2,), (4,), (2, 3)),
            "numbers": ("whole", "halves"),
            "strength": (1.0, 2.0, 0.5),
            "share": (0.25, 0.75, 0.5),
        },
    )


def fixed(name: str) -> tuple[Example, ...]:
    """Return the examples that teach."""
    return (
        example(name, np.array([3.0, -0.5]), np.array([1.0, 1.0]), 1.0, note="the example of the prompt"),
        example(name, np.array([3.0, -2.0, 0.5, 0.0]), np.array([0.5, 2.0, 2.0, 1.0]), 2.0, 0.75),
        minima(np.random.default_rng(52), name, (2, 4), "halves", 0.5, 0.25),
    )


def _mistake(
    identifier: str,
    title: str,
    explanation: str,
    part: str,
    *computes: Callable[[Array, Array, float, float], Array],
) -> Misconception:
    """Name a mistake in one of the three minima."""
    calls = tuple(
        lambda name, target, curvature, strength, share=0.5, c=c: c(target, curvature, strength, share)
        for c in computes
    )
    return Misconception(identifier, title, explanation, sections.SPREAD, calls, part=part)


MISCONCEPTIONS = (
    _mistake(
        "squares-minimum-forgets-the-curvature",
        "the curvature is taken to be 1",
        "How much a weight shrinks depends on how much the loss cares: h/(h + λ), where h is its curvature.",
        "l2",
        lambda t, h, s, a: t / (1 + s),
    ),
    _mistake(
        "squares-minimum-multiplies-the-strength",
        "the curvature stands in the wrong place",
        "Set the slope h(w - t) + λw to 0: then w = ht/(h + λ).",
        "l2",
        lambda t, h, s, a: t / (1 + s * h),
        lambda t, h, s, a: t / (h + s),
    ),
    _mistake(
        "squares-minimum-is-one-step",
        "one step of decay instead of the minimum",
        "t - λt is one step with the rate 1. The minimum is where the whole slope, h(w - t) + λw, is 0.",
        "l2",
        lambda t, h, s, a: t - s * t,
        lambda t, h, s, a: t - s * t / h,
    ),
    _mistake(
        "absolute-minimum-overshoots-zero",
        "small weights are pulled through 0 to the other side",
        "The pull ends at 0: where |t| is below λ/h the minimum is exactly 0. Cut off with max(…, 0).",
        "l1",
        lambda t, h, s, a: t - s / h * np.sign(t),
    ),
    _mistake(
        "absolute-minimum-keeps-large-weights",
        "large weights stay as they are",
        "This only sets small weights to 0. L1 pulls at large ones with the same force: they lose λ/h, too.",
        "l1",
        lambda t, h, s, a: np.where(np.abs(t) > s / h, t, 0.0),
        lambda t, h, s, a: np.where(np.abs(t) >= s / h, t, 0.0),
    ),
    _mistake(
        "absolute-minimum-forgets-the-curvature",
        "the curvature does not divide the strength",
        "The slope h(w - t) + λ sign(w) is 0 at t ∓ λ/h: the stronger the curvature, the smaller the loss.",
        "l1",
        lambda t, h, s, a: np.sign(t) * np.maximum(np.abs(t) - s, 0),
        lambda t, h, s, a: np.sign(t) * np.maximum(np.abs(t) - s * h, 0),
        lambda t, h, s, a: np.sign(t) * np.maximum(np.abs(t) - s / (2 * h), 0),
    ),
    _mistake(
        "absolute-minimum-loses-the-sign",
        "negative weights come out positive",
        "Soften |t|, then give the result the sign of t.",
        "l1",
        lambda t, h, s, a: np.maximum(np.abs(t) - s / h, 0),
        lambda t, h, s, a: np.maximum(t - s / h, 0),
    ),
    _mistake(
        "elastic-minimum-shares-exchanged",
        "the two shares are exchanged",
        "`share` belongs to the absolute values, 1 - share to the squares.",
        "elastic",
        lambda t, h, s, a: reference("elastic", t, h, s, 1 - a),
    ),
    _mistake(
        "elastic-minimum-overshoots-zero",
        "small weights are pulled through 0 to the other side",
        "The pull of the absolute values ends at 0: cut off with max(…, 0).",
        "elastic",
        lambda t, h, s, a: (h * t - a * s * np.sign(t)) / (h + (1 - a) * s),
    ),
    _mistake(
        "elastic-minimum-divides-otherwise",
        "the two parts are put together otherwise",
        "Solve h(w - t) + λ·share·sign(w) + λ(1 - share)w = 0: (h|t| - λ·share) over h + λ(1 - share).",
        "elastic",
        lambda t, h, s, a: a * reference("l1", t, h, s) + (1 - a) * reference("l2", t, h, s),
        lambda t, h, s, a: np.sign(t) * np.maximum(h * np.abs(t) - a * s, 0) / (h + s),
        lambda t, h, s, a: np.sign(t) * np.maximum(h * np.abs(t) - s, 0) / (h + (1 - a) * s),
        lambda t, h, s, a: np.sign(t) * np.maximum(h * np.abs(t) / (h + (1 - a) * s) - a * s / h, 0),
    ),
)
check = Check(
    name="penalised_minimum",
    signature="(name, target, curvature, strength, share=0.5)",
    section=sections.SPREAD,
    reference=reference,
    outputs=("w",),
    # Where a pull ends near 0, large numbers may have cancelled.
    magnitude=lambda name, target, curvature, strength, share=0.5: np.abs(target) + strength / curvature,
    parts=tuple(Part(name, 1, fixed(name), drawn(name)) for name in NAMES),
    misconceptions=MISCONCEPTIONS,
)

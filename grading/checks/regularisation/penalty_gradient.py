"""penalty_gradient(name, w, strength, share): how each penalty pulls at a weight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Example, GradientOf, Misconception, Part, example
from grading.checks.regularisation import penalty, sections
from grading.checks.regularisation.penalties import NAMES
from grading.checks.regularisation.penalties import penalty as cost
from grading.checks.regularisation.penalties import penalty_gradient as reference

Array = np.ndarray


def _mistake(
    identifier: str,
    title: str,
    explanation: str,
    part: str,
    *computes: Callable[[Array, float, float], Array],
) -> Misconception:
    """Name a mistake in one of the three gradients."""
    calls = tuple(lambda name, w, strength, share=0.5, c=c: c(w, strength, share) for c in computes)
    return Misconception(identifier, title, explanation, sections.PENALTIES, calls, part=part)


def _elastic(w: Array, strength: float, share: float, signs: Array) -> Array:
    return strength * (share * signs + (1 - share) * w)


def _sign_at_zero(w: Array, there: float) -> Array:
    return np.where(w == 0, there, np.sign(w))


AT_ZERO = "At w = 0 the prompt asks for 0, and np.sign gives it: a weight that is 0 is left there."
MISCONCEPTIONS = (
    Misconception(
        "penalty-gradient-without-its-strength",
        "the strength is not used",
        "The strength multiplies the penalty, and so its gradient.",
        sections.PENALTIES,
        (lambda name, w, strength, share=0.5: reference(name, w, 1.0, share),),
    ),
    Misconception(
        "penalty-gradient-divided",
        "divided by the number of weights",
        "The penalty is a sum, so the gradient by one weight knows nothing of how many there are.",
        sections.PENALTIES,
        (lambda name, w, strength, share=0.5: reference(name, w, strength, share) / w.size,),
    ),
    Misconception(
        "penalty-gradient-points-downhill",
        "the sign is turned around",
        "Asked for is the gradient, which points uphill. The update subtracts it.",
        sections.PENALTIES,
        (lambda name, w, strength, share=0.5: -reference(name, w, strength, share),),
    ),
    _mistake(
        "squares-gradient-factor-of-another-cost",
        "the factor does not match that of the cost",
        "The cost is λ/2 times the squares. Its gradient is λw: the 2 of the square and the ½ cancel.",
        "l2",
        lambda w, strength, share: 2 * strength * w,
        lambda w, strength, share: strength / 2 * w,
    ),
    _mistake(
        "absolute-gradient-without-the-sign",
        "the same pull in one direction for all weights",
        "The slope of |w| is the sign of w: negative weights are pulled up, positive ones down.",
        "l1",
        lambda w, strength, share: strength * np.ones_like(w),
    ),
    _mistake(
        "absolute-gradient-is-in-proportion",
        "the pull depends on the size of the weight",
        "The slope of |w| is 1 or -1, however large w is: that is how L1 brings small weights to 0.",
        "l1",
        lambda w, strength, share: strength * np.abs(w),
        lambda w, strength, share: strength * w,
    ),
    _mistake(
        "absolute-gradient-at-zero",
        "a weight of 0 is pulled away from 0",
        AT_ZERO,
        "l1",
        *(lambda w, strength, share, z=z: strength * _sign_at_zero(w, z) for z in (1.0, -1.0, np.nan)),
    ),
    _mistake(
        "elastic-gradient-shares-exchanged",
        "the two shares are exchanged",
        "`share` is the share of the absolute values, whose gradient is the sign; 1 - share belongs to w.",
        "elastic",
        lambda w, strength, share: reference("elastic", w, strength, 1 - share),
    ),
    _mistake(
        "elastic-gradient-factor-of-another-cost",
        "the factor of w does not match that of the cost",
        "The squares cost (1 - share)/2, so that their gradient is (1 - share) w.",
        "elastic",
        lambda w, strength, share: strength * (share * np.sign(w) + 2 * (1 - share) * w),
        lambda w, strength, share: strength * (share * np.sign(w) + (1 - share) / 2 * w),
    ),
    _mistake(
        "elastic-gradient-at-zero",
        "a weight of 0 is pulled away from 0",
        AT_ZERO,
        "elastic",
        *(
            lambda w, strength, share, z=z: _elastic(w, strength, share, _sign_at_zero(w, z))
            for z in (1.0, -1.0, np.nan)
        ),
    ),
)


def forward_of(name: str, w: Array, strength: float, share: float = 0.5) -> Example:
    """Call the cost that this gradient belongs to."""
    return example(name, w, strength, share)


check = Check(
    name="penalty_gradient",
    signature="(name, w, strength, share=0.5)",
    section=sections.PENALTIES,
    reference=reference,
    outputs=("dw",),
    parts=tuple(Part(name, 1, penalty.fixed(name), penalty.drawn(name)) for name in NAMES),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("penalty", forward_of, {"dw": 1}, cost, upstream=None),
)

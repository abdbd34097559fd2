"""curvature(H, v): the second derivative along the direction of v, whatever the length of v."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.references import curvature as reference
from grading.checks.small_numbers import fill

MISCONCEPTIONS = (
    Misconception(
        "curvature-along-a-vector-that-is-no-direction",
        "v is not scaled to length 1",
        "A vector twice as long would count four times: divide v by its length before, or the result by v·v.",
        sections.HESSIAN,
        (lambda H, v: v @ H @ v,),
    ),
    Misconception(
        "curvature-divided-once",
        "the length of v is divided out only once",
        "v stands there twice, so its length enters squared: divide by v·v, not by its root.",
        sections.HESSIAN,
        (lambda H, v: v @ H @ v / np.linalg.norm(v), lambda H, v: v @ H @ v / (v @ v) ** 2),
    ),
    Misconception(
        "curvature-halved",
        "a factor ½ stands there",
        "The ½ belongs to the quadratic model of the cost. The curvature itself is vᵀHv.",
        sections.HESSIAN,
        (lambda H, v: v @ H @ v / 2, lambda H, v: v @ H @ v / (v @ v) / 2),
    ),
    Misconception(
        "curvature-is-a-vector",
        "the vector Hv is returned, or its length",
        "Hv says how the gradient changes along v. Multiply by v once more: one number, with a sign.",
        sections.HESSIAN,
        (
            lambda H, v: H @ v,
            lambda H, v: H @ v / np.linalg.norm(v),
            lambda H, v: np.linalg.norm(H @ v) / np.linalg.norm(v),
            lambda H, v: np.linalg.norm(H @ v),
        ),
    ),
    Misconception(
        "curvature-from-the-diagonal",
        "only the diagonal of H is used",
        "The mixed derivatives count, too: vᵀHv is the sum of v[i]·H[i, j]·v[j] over all i and j.",
        sections.HESSIAN,
        (
            lambda H, v: np.diag(H) @ v**2 / (v @ v),
            lambda H, v: np.diag(H) @ v**2,
            lambda H, v: np.diag(H) @ v / np.linalg.norm(v),
        ),
    ),
    Misconception(
        "curvature-without-a-sign",
        "the sign is lost",
        "A negative curvature means that the cost bends downwards along v. Keep the sign.",
        sections.HESSIAN,
        (lambda H, v: abs(v @ H @ v) / (v @ v), lambda H, v: -(v @ H @ v) / (v @ v)),
    ),
    Misconception(
        "curvature-multiplies-elements",
        "the elements are multiplied one by one and summed",
        "H * v scales columns; it is no matrix product. Use @.",
        sections.HESSIAN,
        (lambda H, v: (v * H * v).sum() / (v @ v), lambda H, v: (H * v).sum() / (v @ v)),
    ),
)


def along(rng: np.random.Generator, size: int, numbers: str) -> Example:
    """Build a call."""
    H = fill(rng, (size, size), numbers)
    return example(np.triu(H) + np.triu(H, 1).T, fill(rng, (size,)))


RNG = np.random.default_rng(2)
FIXED = (
    example(np.array([[3.0, 1.0], [1.0, -1.0]]), np.array([1.0, 1.0]), note="the example of the prompt"),
    example(np.array([[2.0, -1.0], [-1.0, 4.0]]), np.array([0.6, 0.8]), note="a direction of length 1"),
    example(np.array([[1.0, 0.0], [0.0, -3.0]]), np.array([0.0, 2.0]), note="along an eigenvector"),
    along(RNG, 3, "halves"),
)
check = Check(
    name="curvature",
    signature="(H, v)",
    section=sections.HESSIAN,
    reference=reference,
    outputs=("curvature",),
    parts=(
        Part("one direction", 1, FIXED, Drawn(along, {"size": (1, 2, 3), "numbers": ("whole", "halves")})),
    ),
    misconceptions=MISCONCEPTIONS,
)

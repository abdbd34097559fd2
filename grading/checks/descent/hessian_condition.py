"""hessian_condition(H): how much steeper the steepest direction is than the flattest."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.matrices import drawn_bowl, with_eigenvalues
from grading.checks.descent.references import hessian_condition as reference


def _ends_of(numbers: np.ndarray) -> float:
    """Return the largest over the smallest, which may be 0."""
    with np.errstate(all="ignore"):
        return float(numbers.max() / numbers.min())


MISCONCEPTIONS = (
    Misconception(
        "condition-upside-down",
        "the smallest stands over the largest",
        "The condition number is the largest eigenvalue over the smallest, never below 1. np.linalg.eigvalsh "
        "sorts them from small to large.",
        sections.RAVINES,
        (lambda H: 1 / reference(H),),
    ),
    Misconception(
        "condition-from-diagonal",
        "the diagonal stands for the eigenvalues",
        "The diagonal holds the curvatures along the axes; the ravine may lie across them. Take eigenvalues.",
        sections.RAVINES,
        (lambda H: np.diag(H).max() / np.diag(H).min(),),
    ),
    Misconception(
        "condition-from-elements",
        "the largest and the smallest element are divided",
        "The elements of H change when the axes turn, and its condition does not: take eigenvalues.",
        sections.RAVINES,
        (lambda H: _ends_of(H.ravel()), lambda H: _ends_of(np.abs(H).ravel())),
    ),
    Misconception(
        "condition-of-another-matrix",
        "the root or the square is taken",
        "H is the Hessian itself. The root would be the condition of a data matrix X with XᵀX = H.",
        sections.RAVINES,
        (lambda H: np.sqrt(reference(H)), lambda H: reference(H) ** 2),
    ),
    Misconception(
        "condition-is-a-difference",
        "the eigenvalues are subtracted",
        "How narrow a ravine is does not depend on the scale of the cost: divide the largest by the "
        "smallest.",
        sections.RAVINES,
        (lambda H: float(np.ptp(np.linalg.eigvalsh(H))),),
    ),
    Misconception(
        "condition-in-another-norm",
        "another norm is taken",
        "np.linalg.cond with 1, inf or 'fro' gives other numbers. Asked for is λmax/λmin.",
        sections.RAVINES,
        (
            lambda H: np.linalg.cond(H, 1),
            lambda H: np.linalg.cond(H, "fro"),
            lambda H: np.trace(H) / np.linalg.det(H),
        ),
    ),
    Misconception(
        "condition-from-unsorted-eigenvalues",
        "the first and the last eigenvalue are taken as they come",
        "np.linalg.eig gives them in no order. Take the largest and the smallest.",
        sections.RAVINES,
        (
            lambda H: np.linalg.eig(H)[0][0] / np.linalg.eig(H)[0][-1],
            lambda H: np.linalg.eig(H)[0][-1] / np.linalg.eig(H)[0][0],
        ),
    ),
)


def ravine(rng: np.random.Generator, size: int, turned: bool, scale: float) -> Example:
    """Build a call."""
    return example(drawn_bowl(rng, size, turned) * scale)


FIXED = (
    example(np.array([[2.0, 1.0], [1.0, 2.0]]), note="the example of the prompt"),
    example(with_eigenvalues(2.0, 5.0, 1.0, turned=False), note="eigenvalues in no order"),
    example(with_eigenvalues(1.0, 6.0, 2.0)),
    example(with_eigenvalues(400.0, 2.0)),
)
check = Check(
    name="hessian_condition",
    signature="(H)",
    section=sections.RAVINES,
    reference=reference,
    outputs=("condition",),
    parts=(
        Part(
            "the condition number",
            1,
            FIXED,
            Drawn(ravine, {"size": (2, 3, 1), "turned": (False, True), "scale": (1.0, 10.0, 0.1)}),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)

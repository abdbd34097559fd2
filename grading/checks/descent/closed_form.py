"""closed_form(A, theta, lr, k): where gradient descent is after k steps, without walking there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.bowls import descent
from grading.checks.descent.matrices import with_eigenvalues
from grading.checks.descent.references import closed_form as reference

Array = np.ndarray


def _magnitude(A: Array, theta: Array, lr: float, k: int) -> Array:
    """Size of what a step may cancel: where 1 − lr·λ is 0 but for rounding, nothing else is left."""
    growth = max(1.0, float(np.abs(1 - lr * np.linalg.eigvalsh(A)).max(initial=0.0)))
    return growth**k * np.abs(theta)


def _along_eigenvectors(shrink: Callable[[Array, float, int], Array]) -> Callable[..., Array]:
    """Return the point whose component along each eigenvector has another factor."""

    def point(A: Array, theta: Array, lr: float, k: int) -> Array:
        values, Q = np.linalg.eigh(A)
        return Q @ (shrink(values, lr, k) * (Q.T @ theta))

    return point


def _between(first: Callable[[Array], Array], second: Callable[[Array], Array]) -> Callable[..., Array]:
    """Return the point with other matrices before and behind the factors."""

    def point(A: Array, theta: Array, lr: float, k: int) -> Array:
        values, Q = np.linalg.eigh(A)
        return first(Q) @ ((1 - lr * values) ** k * (second(Q) @ theta))

    return point


def _elementwise(A: Array, theta: Array, lr: float, k: int) -> Array:
    return (np.eye(len(A)) - lr * A) ** k @ theta


def _power_of_a(A: Array, theta: Array, lr: float, k: int) -> Array:
    return theta - lr * np.linalg.matrix_power(A, k) @ theta


def _unsorted(A: Array, theta: Array, lr: float, k: int) -> Array:
    values, Q = np.linalg.eigh(A)
    return Q @ ((1 - lr * values[::-1]) ** k * (Q.T @ theta))


def _without_identity(A: Array, theta: Array, lr: float, k: int) -> Array:
    return np.linalg.matrix_power(1 - lr * A, k) @ theta


MISCONCEPTIONS = (
    Misconception(
        "closed-form-without-power",
        "the power k is missing",
        "Every step multiplies by I − lr·A once more. After k steps each factor stands there to the power k.",
        sections.FACTORS,
        (
            _along_eigenvectors(lambda values, lr, k: 1 - lr * values),
            _along_eigenvectors(lambda values, lr, k: k * (1 - lr * values)),
            _along_eigenvectors(lambda values, lr, k: 1 - lr * k * values),
        ),
    ),
    Misconception(
        "closed-form-elementwise-power",
        "the elements of the matrix are raised to the power",
        "The power is a matrix product: np.linalg.matrix_power, or the eigenvalues' powers between Q and Qᵀ.",
        sections.FACTORS,
        (_elementwise,),
    ),
    Misconception(
        "closed-form-power-inside",
        "the power is taken of A, or of an eigenvalue, alone",
        "The power belongs to the whole factor: (1 − lr·λ)ᵏ, not 1 − lr·λᵏ and not 1 − (lr·λ)ᵏ.",
        sections.FACTORS,
        (_power_of_a, _along_eigenvectors(lambda values, lr, k: 1 - (lr * values) ** k)),
    ),
    Misconception(
        "closed-form-off-by-one",
        "the power is one off",
        "k = 0 is the start itself, so k steps make the power k.",
        sections.FACTORS,
        (
            _along_eigenvectors(lambda values, lr, k: (1 - lr * values) ** (k + 1)),
            _along_eigenvectors(lambda values, lr, k: (1 - lr * values) ** max(k - 1, 0)),
            _along_eigenvectors(lambda values, lr, k: (1 - lr * values) ** (k - 1.0)),
        ),
    ),
    Misconception(
        "closed-form-climbs",
        "the factor is 1 + lr·λ",
        "That climbs. The step subtracts lr·A theta, which leaves 1 − lr·λ of each component.",
        sections.FACTORS,
        (_along_eigenvectors(lambda values, lr, k: (1 + lr * values) ** k),),
    ),
    Misconception(
        "closed-form-exponential",
        "the factor is an exponential",
        "exp(−lr·λ·k) is the limit of infinitely small steps. Steps of length lr leave (1 − lr·λ)ᵏ.",
        sections.FACTORS,
        (_along_eigenvectors(lambda values, lr, k: np.exp(-lr * values * k)),),
    ),
    Misconception(
        "closed-form-without-rate",
        "the learning rate is left out, or alone",
        "The factor along an eigenvector is 1 − lr·λ, with the rate and the eigenvalue.",
        sections.FACTORS,
        (
            _along_eigenvectors(lambda values, lr, k: (1 - values) ** k),
            _along_eigenvectors(lambda values, lr, k: np.full_like(values, (1 - lr) ** k)),
            _along_eigenvectors(lambda values, lr, k: (lr * values) ** k),
            _along_eigenvectors(lambda values, lr, k: (1 - 2 * lr * values) ** k),
        ),
    ),
    Misconception(
        "closed-form-turned-the-wrong-way",
        "the eigenvectors Q and Qᵀ are exchanged, or one is missing",
        "np.linalg.eigh puts eigenvectors into the columns of Q: Qᵀ theta are the components, and Q brings "
        "them back.",
        sections.FACTORS,
        (
            _between(lambda Q: Q.T, lambda Q: Q),
            _between(lambda Q: Q, lambda Q: Q),
            _between(lambda Q: Q, lambda Q: np.eye(len(Q))),
            _between(lambda Q: np.eye(len(Q)), lambda Q: Q.T),
            _between(lambda Q: np.eye(len(Q)), lambda Q: np.eye(len(Q))),
        ),
    ),
    Misconception(
        "closed-form-eigenvalues-reordered",
        "eigenvalues and eigenvectors do not belong together",
        "eigenvalue i goes with column i of Q. Sort both, or neither.",
        sections.FACTORS,
        (_unsorted,),
    ),
    Misconception(
        "closed-form-one-for-identity",
        "the number 1 stands for the identity matrix",
        "1 − lr·A subtracts from every element. The identity has ones on its diagonal alone: np.eye(n).",
        sections.FACTORS,
        (_without_identity,),
    ),
)
RNG = np.random.default_rng(6)
FIXED = (
    example(
        np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([1.0, 0.0]), 0.5, 3, note="the example of the prompt"
    ),
    descent(RNG, 3, 4, 0.1, True),
    descent(RNG, 3, 3, 0.25, True),
    example(with_eigenvalues(1.0, 0.01, 0.5), np.array([3.0, -2.0, 1.0]), 0.5, 400, note="many steps"),
    example(with_eigenvalues(3.0, 1.0), np.array([3.0, -2.0]), 0.25, 0, note="no step"),
)
check = Check(
    name="closed_form",
    signature="(A, theta, lr, k)",
    section=sections.FACTORS,
    reference=reference,
    outputs=("theta_k",),
    magnitude=_magnitude,
    parts=(
        Part(
            "the point after k steps",
            1,
            FIXED,
            Drawn(
                descent,
                {
                    "size": (1, 2, 3),
                    "steps": (2, 3, 1, 6, 0),
                    "lr": (0.5, 0.1, 0.25),
                    "turned": (False, True),
                },
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)

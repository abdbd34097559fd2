"""critical_point(H, tol): minimum, maximum, saddle or degenerate, from the signs of the eigenvalues."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.matrices import with_eigenvalues
from grading.checks.descent.references import DEGENERATE, MAXIMUM, MINIMUM, SADDLE
from grading.checks.descent.references import critical_point as reference

Array = np.ndarray


def _judged(values: Callable[[Array], Array], zero: Callable[[Array, float], float]) -> Callable[..., int]:
    """Return the verdict from other numbers than eigenvalues, or with another idea of zero."""

    def kind(H: Array, tol: float) -> int:
        found = values(H)
        return _verdict(found, zero(found, tol))

    return kind


def _verdict(values: Array, zero: float) -> int:
    up, down = values > zero, values < -zero
    if up.any() and down.any():
        return SADDLE
    if up.all():
        return MINIMUM
    return MAXIMUM if down.all() else DEGENERATE


def _share(values: Array, tol: float) -> float:
    return tol * np.abs(values).max()


def _by_determinant(otherwise: int) -> Callable[..., int]:
    def kind(H: Array, tol: float) -> int:
        determinant = np.linalg.det(H)
        if determinant < 0:
            return SADDLE
        if abs(determinant) <= tol:
            return otherwise
        return MINIMUM if H[0, 0] > 0 else MAXIMUM

    return kind


def _renamed(**names: int) -> Callable[..., int]:
    """Return the right verdict with some kinds called otherwise."""
    kinds = {"minimum": MINIMUM, "maximum": MAXIMUM, "saddle": SADDLE, "degenerate": DEGENERATE}
    called = {kinds[name]: other for name, other in names.items()}
    return lambda H, tol: called.get(reference(H, tol), reference(H, tol))


def _flat_first(H: Array, tol: float) -> int:
    values = np.linalg.eigvalsh(H)
    return DEGENERATE if (np.abs(values) <= _share(values, tol)).any() else reference(H, tol)


def _semidefinite(H: Array, tol: float) -> int:
    values = np.linalg.eigvalsh(H)
    zero = _share(values, tol)
    if (values >= -zero).all():
        return MINIMUM
    return MAXIMUM if (values <= zero).all() else SADDLE


def _largest_decides(H: Array, tol: float) -> int:
    values = np.linalg.eigvalsh(H)
    largest = values[np.abs(values).argmax()]
    if largest == 0:
        return DEGENERATE
    return MINIMUM if largest > 0 else MAXIMUM


MISCONCEPTIONS = (
    Misconception(
        "kinds-upside-down",
        "minima and maxima are exchanged",
        "Positive curvature bends upwards, away from the point: positive eigenvalues all around mean a "
        "minimum.",
        sections.HESSIAN,
        (_renamed(minimum=MAXIMUM, maximum=MINIMUM),),
    ),
    Misconception(
        "kind-from-singular-values",
        "singular values, or magnitudes, stand for eigenvalues",
        "Singular values are never negative, so everything looks like a minimum. Take the eigenvalues of the "
        "symmetric matrix, np.linalg.eigvalsh.",
        sections.HESSIAN,
        (
            _judged(lambda H: np.linalg.svd(H, compute_uv=False), _share),
            lambda H, tol: MINIMUM,
        ),
    ),
    Misconception(
        "kind-from-diagonal",
        "the diagonal stands for the eigenvalues",
        "The diagonal holds the curvatures along the axes. A saddle may go down between them: take "
        "eigenvalues.",
        sections.HESSIAN,
        (_judged(np.diag, _share), _judged(np.diag, lambda values, tol: tol)),
    ),
    Misconception(
        "kind-from-determinant",
        "the sign of the determinant decides",
        "The determinant is the product of the eigenvalues: two negative ones hide in it. From three "
        "dimensions on that says nothing.",
        sections.HESSIAN,
        (_by_determinant(DEGENERATE), _by_determinant(SADDLE)),
    ),
    Misconception(
        "flat-direction-taken-for-a-saddle",
        "a flat direction is taken for a saddle",
        "A saddle needs a positive and a negative eigenvalue. With a zero and only one sign beside it the "
        "Hessian leaves the question open.",
        sections.HESSIAN,
        (_renamed(degenerate=SADDLE),),
    ),
    Misconception(
        "semidefinite-taken-for-definite",
        "a zero eigenvalue is taken for a positive or a negative one",
        "x⁴ and −x⁴ and x³ all have curvature 0 at 0: where an eigenvalue is zero the Hessian cannot tell. "
        "That is degenerate.",
        sections.HESSIAN,
        (_semidefinite, _largest_decides, _renamed(degenerate=MINIMUM)),
    ),
    Misconception(
        "flat-direction-hides-a-saddle",
        "a saddle with a flat direction is called degenerate",
        "One way up and one way down are enough for a saddle, whatever a further direction does.",
        sections.HESSIAN,
        (_flat_first,),
    ),
    Misconception(
        "saddle-taken-for-degenerate",
        "saddles are not told from degenerate points",
        "Positive and negative eigenvalues together mean a saddle, for certain. Degenerate is what stays "
        "open.",
        sections.HESSIAN,
        (_renamed(saddle=DEGENERATE),),
    ),
    Misconception(
        "kind-without-tolerance",
        "the tolerance is not used",
        "Rounding turns a zero eigenvalue into one like 1e-17. Up to tol times the largest |eigenvalue| it "
        "counts as zero.",
        sections.HESSIAN,
        (_judged(np.linalg.eigvalsh, lambda values, tol: 0.0),),
    ),
    Misconception(
        "tolerance-not-relative",
        "the tolerance is compared with the eigenvalue itself",
        "What is nearly zero depends on the scale: compare with tol times the largest |eigenvalue|.",
        sections.HESSIAN,
        (
            _judged(np.linalg.eigvalsh, lambda values, tol: tol),
            _judged(np.linalg.eigvalsh, lambda values, tol: tol * values.max()),
            _judged(np.linalg.eigvalsh, lambda values, tol: tol * abs(values.min())),
        ),
    ),
)
DEFINITE = ((3.0, 1.0), (-1.0, -2.0), (4.0,), (-3.0,), (2.0, 5.0, 3.0), (-2.0, -1.0, -4.0))
SADDLES = ((1.0, -2.0), (-1.0, 3.0), (-2.0, -3.0, 1.0), (2.0, -1.0, 3.0), (0.0, 2.0, -1.0))
FLAT = ((2.0, 0.0), (-3.0, 0.0), (0.0,), (1.0, 0.0, 2.0), (0.0, -2.0, 0.0), (1.0, 1e-9), (-1e-9, 2.0))


def point(
    rng: np.random.Generator, values: tuple[float, ...], scale: float, turned: bool, tol: float
) -> Example:
    """Build a call."""
    return example(with_eigenvalues(*values, turned=turned) * scale, tol)


def drawn(values: tuple[tuple[float, ...], ...]) -> Drawn:
    """Draw Hessians with some of these eigenvalues."""
    return Drawn(
        point,
        {"values": values, "scale": (1.0, 100.0, 0.01), "turned": (False, True), "tol": (1e-6, 1e-3)},
    )


def of(*values: float, tol: float = 1e-6, turned: bool = True, note: str = "") -> Example:
    """Write a call."""
    return example(with_eigenvalues(*values, turned=turned), tol, note=note)


check = Check(
    name="critical_point",
    signature="(H, tol)",
    section=sections.HESSIAN,
    reference=reference,
    outputs=("kind",),
    parts=(
        Part(
            "minima and maxima",
            1,
            (of(3.0, 1.0), of(-3.0, -1.0), of(2.0, 5.0, 3.0), of(-1.0, -2.0, -4.0)),
            drawn(DEFINITE),
        ),
        Part(
            "saddles",
            2,
            (
                example(np.array([[1.0, 2.0], [2.0, 1.0]]), 1e-6, note="the example of the prompt"),
                of(-1.0, -2.0, 3.0),
                of(1.0, -2.0, 3.0),
                of(0.0, 2.0, -1.0, note="with a flat direction"),
                of(-3.0, 1.0, 0.0),
            ),
            drawn(SADDLES),
        ),
        Part(
            "degenerate points",
            2,
            (
                of(2.0, 0.0, turned=False, note="curvature in one direction alone"),
                of(-2.0, 0.0, 0.0),
                of(0.0, 0.0, note="flat all around"),
                of(400.0, 1e-4, note="nearly zero beside 400"),
                of(-400.0, 1e-4),
                of(-400.0, -1e-4),
                of(0.004, 0.002, tol=0.01, note="small, but not beside each other"),
                of(2.0, 1.0, tol=0.5, turned=False, note="just as small as counts as zero"),
                of(-2.0, 1.0, tol=0.5, turned=False),
                of(2.0, -1.0, tol=0.5, turned=False),
                of(-2.0, -1.0, tol=0.5, turned=False),
            ),
            drawn(FLAT),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)

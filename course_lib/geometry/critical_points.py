"""What a point is: minimum, maximum, saddle, undecided, or not critical at all."""

from dataclasses import dataclass

import numpy as np

from course_lib.geometry.curvature import spectrum
from course_lib.geometry.derivatives import Gradient, as_point, hessian


def definiteness(H: np.ndarray, *, tol: float = 1e-8) -> str:
    """Name the signs of the eigenvalues of a symmetric matrix.

    Eigenvalues within `tol` times the largest magnitude count as zero.

    Returns
    -------
    str
        "positive definite", "positive semidefinite", "negative definite", "negative semidefinite",
        "indefinite" or "zero".
    """
    values = spectrum(H).eigenvalues
    zero = tol * np.abs(values).max()
    up, down = values > zero, values < -zero
    if up.any() and down.any():
        return "indefinite"
    if not up.any() and not down.any():
        return "zero"
    sign = up if up.any() else down
    return f"{'positive' if up.any() else 'negative'} {'definite' if sign.all() else 'semidefinite'}"


@dataclass(frozen=True)
class CriticalPoint:
    """The verdict on a point.

    Attributes
    ----------
    kind : str
        "minimum", "maximum", "saddle", "degenerate" (zero eigenvalues leave it open) or "not critical".
    gradient_norm : float
    eigenvalues : array (n,), ascending
    """

    kind: str
    gradient_norm: float
    eigenvalues: np.ndarray


def classify_critical_point(
    grad: Gradient,
    theta: np.ndarray,
    *,
    H: np.ndarray | None = None,
    gradient_tol: float = 1e-6,
    tol: float = 1e-6,
) -> CriticalPoint:
    """Second-derivative test at `theta`.

    A positive definite Hessian at a critical point means a (strict) local minimum, a negative definite one
    a maximum, an indefinite one a saddle. A zero eigenvalue without both signs leaves the question open:
    θ⁴ has a minimum at 0, −θ⁴ a maximum, θ³ neither, and all three have second derivative zero there.

    Parameters
    ----------
    grad : callable
        The gradient, (n,) -> (n,).
    theta : array (n,)
    H : array (n, n), optional
        The Hessian at theta; by default by differences of the gradient.
    gradient_tol : float
        Largest gradient norm that counts as zero.
    tol : float
        Eigenvalues below `tol` times the largest magnitude count as zero; so do all of them where none
        exceeds `tol`, which is what finite differences leave of a vanishing Hessian.
    """
    point = as_point(theta)
    matrix = hessian(None, point, grad=grad) if H is None else H
    norm = float(np.linalg.norm(grad(point)))
    kind = {
        "positive definite": "minimum",
        "negative definite": "maximum",
        "indefinite": "saddle",
    }.get(definiteness(matrix, tol=tol), "degenerate")
    eigenvalues = spectrum(matrix).eigenvalues
    if np.abs(eigenvalues).max() <= tol:
        kind = "degenerate"
    return CriticalPoint(kind if norm <= gradient_tol else "not critical", norm, eigenvalues)

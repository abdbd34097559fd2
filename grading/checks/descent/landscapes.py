"""Functions to hand to Newton's step: a gradient and the Hessian that belongs to it."""

from __future__ import annotations

import numpy as np

from grading.checks.descent.matrices import with_eigenvalues
from grading.checks.functions import FunctionArgument, formula
from grading.checks.small_numbers import fill

Landscape = tuple[FunctionArgument, FunctionArgument]


def quadratic(rng: np.random.Generator, *values: float, turned: bool = True) -> Landscape:
    """Return a quadratic whose Hessian has these eigenvalues: a bowl, a dome or a saddle."""
    A, b = with_eigenvalues(*values, turned=turned), fill(rng, (len(values),))
    return formula("grad(x) = A @ x - b", A=A, b=b), formula("hessian(x) = A", A=A)


def coupled() -> Landscape:
    """Return the derivatives of x⁴ + x²y² + y⁴ − 2xy."""
    return (
        formula(
            "grad(x) = array([4*x[0]**3 + 2*x[0]*x[1]**2 - 2*x[1], 2*x[0]**2*x[1] + 4*x[1]**3 - 2*x[0]])"
        ),
        formula(
            "hessian(x) = array([[12*x[0]**2 + 2*x[1]**2, 4*x[0]*x[1] - 2], "
            "[4*x[0]*x[1] - 2, 2*x[0]**2 + 12*x[1]**2]])"
        ),
    )


def two_valleys() -> Landscape:
    """Return the derivatives of x³/3 − x + y²: a minimum at (1, 0), a saddle at (−1, 0)."""
    return (
        formula("grad(x) = array([x[0]**2 - 1, 2 * x[1]])"),
        formula("hessian(x) = array([[2 * x[0], 0], [0, 2]])"),
    )


def cubes(count: int) -> Landscape:
    """Return the derivatives of the sum of x⁴/4 − 2x² in every component."""
    return (
        formula("grad(x) = x**3 - c * x", c=np.full(count, 4.0)),
        formula("hessian(x) = diag(3 * x**2 - c)", c=np.full(count, 4.0)),
    )

"""Is a function convex? Two tests: by chords, which can only refute, and by the Hessian on given points."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from course_lib.geometry.curvature import spectrum
from course_lib.geometry.derivatives import Cost, as_point, hessian


@dataclass(frozen=True)
class ConvexityFailure:
    """A chord that runs below the function: f(λa + (1−λ)b) > λ f(a) + (1−λ) f(b)."""

    a: np.ndarray
    b: np.ndarray
    weight: float
    excess: float


def find_convexity_failure(
    f: Cost,
    sample: Callable[[np.random.Generator], np.ndarray],
    *,
    rng: np.random.Generator,
    trials: int = 1000,
    tol: float = 1e-9,
) -> ConvexityFailure | None:
    """Look for a chord that refutes convexity; the worst one found, or None.

    None is not a proof: it says that `trials` random chords found nothing.

    Parameters
    ----------
    f : callable
        (n,) -> number.
    sample : callable
        Draws a point of the (convex) domain from a Generator.
    rng : numpy.random.Generator
    trials : int
    tol : float
        Excess relative to max(1, |f|) that counts as rounding.
    """
    worst = None
    for _ in range(trials):
        a, b, weight = as_point(sample(rng), "a"), as_point(sample(rng), "b"), rng.uniform(0.05, 0.95)
        chord = weight * f(a) + (1 - weight) * f(b)
        excess = float(f(weight * a + (1 - weight) * b) - chord)
        if excess > tol * max(1.0, abs(chord)) and (worst is None or excess > worst.excess):
            worst = ConvexityFailure(a, b, float(weight), excess)
    return worst


def is_convex_by_hessian(f: Cost, points: Iterable[np.ndarray], *, tol: float = 1e-4) -> bool:
    """Whether the Hessian is positive semidefinite at every one of `points`.

    A twice differentiable function on a convex set is convex exactly if this holds at every point of the set.
    `tol`, relative to the largest eigenvalue's magnitude (at least 1), allows for the finite differences.

    Raises
    ------
    ValueError
        If `points` is empty: that would prove anything convex.
    """
    smallest = [
        values[0] >= -tol * max(1.0, np.abs(values).max())
        for values in (spectrum(hessian(f, point)).eigenvalues for point in points)
    ]
    if not smallest:
        raise ValueError("points must hold at least one point")
    return all(smallest)

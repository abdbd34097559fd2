"""Gradient descent, with and without momentum, on ½θᵀAθ, where everything is known in closed form.

Along each eigenvector of A the dynamics decouple: an eigenvalue λ shrinks its component by (1 − αλ) a step.
"""

import numpy as np

from course_lib.geometry.curvature import as_symmetric, spectrum
from course_lib.geometry.derivatives import as_point


def _positive_eigenvalues(A: np.ndarray) -> np.ndarray:
    values = spectrum(A).eigenvalues
    if values[0] <= 0:
        raise ValueError(f"A must be positive definite, its smallest eigenvalue is {values[0]:.3g}")
    return values


def descend(A: np.ndarray, theta0: np.ndarray, *, lr: float, steps: int, momentum: float = 0.0) -> np.ndarray:
    """Run gradient descent on ½θᵀAθ, step by step.

    v ← μv − αAθ, then θ ← θ + v (the velocity form; the minus sign is what makes it descend).

    Parameters
    ----------
    A : array (n, n), symmetric
    theta0 : array (n,)
    lr : float
        α.
    steps : int
    momentum : float
        μ in [0, 1).

    Returns
    -------
    array (steps + 1, n)
        The path, the start first.
    """
    a, theta = as_symmetric(A, "A"), as_point(theta0, "theta0")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {momentum}")
    if steps < 0:
        raise ValueError(f"steps must not be negative, got {steps}")
    velocity, path = np.zeros_like(theta), [theta]
    for _ in range(steps):
        velocity = momentum * velocity - lr * (a @ theta)
        theta = theta + velocity
        path.append(theta)
    return np.stack(path)


def descend_closed_form(A: np.ndarray, theta0: np.ndarray, *, lr: float, steps: int) -> np.ndarray:
    """θₖ = (I − αA)ᵏ θ₀ = Q diag((1 − αλ)ᵏ) Qᵀ θ₀ for k = 0 … steps, without iterating.

    Returns
    -------
    array (steps + 1, n)
    """
    parts = spectrum(A)
    k = np.arange(steps + 1)[:, None]
    components = parts.eigenvectors.T @ as_point(theta0, "theta0")
    return (rate_per_direction(parts.eigenvalues, lr) ** k * components) @ parts.eigenvectors.T


def rate_per_direction(eigenvalues: np.ndarray, lr: float) -> np.ndarray:
    """1 − αλ: what a step multiplies the component along each eigenvector with."""
    return 1.0 - lr * np.asarray(eigenvalues, dtype=np.float64)


def regime(eigenvalue: float, lr: float) -> str:
    """What plain gradient descent does along an eigenvector of eigenvalue λ with rate α.

    Returns
    -------
    str
        "ascent" (αλ < 0: leaves a saddle), "stands still" (αλ = 0), "decay" (0 < αλ < 1), "one step"
        (αλ = 1: lands at once), "damped oscillation" (1 < αλ < 2), "endless oscillation" (αλ = 2) or
        "divergence" (αλ > 2).
    """
    x = lr * eigenvalue
    exact = {0.0: "stands still", 1.0: "one step", 2.0: "endless oscillation"}
    if x in exact:
        return exact[x]
    return "ascent" if x < 0 else "decay" if x < 1 else "damped oscillation" if x < 2 else "divergence"


def stability_limit(A: np.ndarray) -> float:
    """2 / λmax: gradient descent converges for every rate strictly below it, from everywhere."""
    return float(2.0 / _positive_eigenvalues(A)[-1])


def best_learning_rate(A: np.ndarray) -> tuple[float, float]:
    """The rate with the fastest worst direction, and its factor a step.

    α* = 2 / (λmin + λmax) makes the two extreme directions equally fast: (κ − 1) / (κ + 1).
    """
    values = _positive_eigenvalues(A)
    low, high = values[0], values[-1]
    return float(2.0 / (low + high)), float((high - low) / (high + low))


def best_momentum(A: np.ndarray) -> tuple[float, float, float]:
    """The best rate and momentum for heavy-ball descent on a quadratic, and the factor a step.

    Polyak (1964), "Some methods of speeding up the convergence of iteration methods":
    α* = (2 / (√λmin + √λmax))², μ* = ((√κ − 1) / (√κ + 1))², factor √μ*.

    Returns
    -------
    lr, momentum, factor : float
    """
    roots = np.sqrt(_positive_eigenvalues(A))
    low, high = roots[0], roots[-1]
    factor = (high - low) / (high + low)
    return float((2.0 / (low + high)) ** 2), float(factor**2), float(factor)


def momentum_rate(eigenvalue: float | np.ndarray, lr: float, momentum: float) -> np.ndarray:
    """Spectral radius of heavy-ball descent along an eigenvector: the factor a step, in the long run.

    The pair (θₖ, θₖ₋₁) is multiplied with [[1 + μ − αλ, −μ], [1, 0]], whose eigenvalues solve
    z² − (1 + μ − αλ) z + μ = 0. Complex ones (oscillation) have magnitude √μ, whatever the rate.

    Parameters
    ----------
    eigenvalue : float or array (...)
    lr, momentum : float

    Returns
    -------
    array (...)
        Below 1 where it converges.
    """
    b = 1.0 + momentum - lr * np.asarray(eigenvalue, dtype=np.float64)
    root = np.sqrt((b * b - 4.0 * momentum).astype(np.complex128))
    return np.maximum(np.abs(b + root), np.abs(b - root)) / 2.0


def terminal_velocity(gradient: np.ndarray, *, lr: float, momentum: float) -> np.ndarray:
    """Velocity that momentum approaches under a constant gradient: −α/(1 − μ) ∇J.

    The geometric series Σ μⁱ starts at i = 0: the newest gradient counts whole.
    """
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {momentum}; from 1 on the velocity has no limit")
    return -lr / (1.0 - momentum) * np.asarray(gradient, dtype=np.float64)

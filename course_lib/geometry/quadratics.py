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


def descend(
    A: np.ndarray,
    theta0: np.ndarray,
    *,
    lr: float,
    steps: int,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> np.ndarray:
    """Run gradient descent on ½θᵀAθ, step by step.

    v ← μv − αAθ, then θ ← θ + v (the velocity form; the minus sign is what makes it descend). Nesterov's form
    takes the gradient where the velocity is about to lead: v ← μv − αA(θ + μv).

    Parameters
    ----------
    A : array (n, n), symmetric
    theta0 : array (n,)
    lr : float
        α.
    steps : int
    momentum : float
        μ in [0, 1).
    nesterov : bool
        Look ahead.

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
        looked_at = theta + momentum * velocity if nesterov else theta
        velocity = momentum * velocity - lr * (a @ looked_at)
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


def best_nesterov(A: np.ndarray) -> tuple[float, float, float]:
    """The best rate and momentum for Nesterov's form on a quadratic, and the factor a step.

    Lessard, Recht and Packard (2016), "Analysis and design of optimization algorithms via integral quadratic
    constraints": α* = 4 / (3λmax + λmin), μ* = (√(3κ + 1) − 2) / (√(3κ + 1) + 2), factor 1 − 2 / √(3κ + 1).

    Returns
    -------
    lr, momentum, factor : float
    """
    values = _positive_eigenvalues(A)
    low, high = values[0], values[-1]
    root = np.sqrt(3.0 * high / low + 1.0)
    return float(4.0 / (3.0 * high + low)), float((root - 2.0) / (root + 2.0)), float(1.0 - 2.0 / root)


def momentum_roots(
    eigenvalue: float | np.ndarray, lr: float, momentum: float, *, nesterov: bool = False
) -> np.ndarray:
    """The two factors of descent with momentum along an eigenvector, roots of z² − bz + c.

    θₖ₊₁ = bθₖ − cθₖ₋₁ along it, so the pair (θₖ, θₖ₋₁) is multiplied with the companion matrix
    [[b, −c], [1, 0]], whose eigenvalues they are. With momentum b = 1 + μ − αλ and c = μ; in Nesterov's form
    b = (1 + μ)(1 − αλ) and c = μ(1 − αλ).

    Parameters
    ----------
    eigenvalue, lr, momentum : float or array (...)
        Broadcast against each other.
    nesterov : bool

    Returns
    -------
    complex array (..., 2)
        The one of larger real part first.
    """
    x = np.asarray(lr, dtype=np.float64) * np.asarray(eigenvalue, dtype=np.float64)
    mu = np.asarray(momentum, dtype=np.float64)
    b, c = ((1.0 + mu) * (1.0 - x), mu * (1.0 - x)) if nesterov else (1.0 + mu - x, mu)
    root = np.sqrt((b * b - 4.0 * c).astype(np.complex128))
    return np.stack(np.broadcast_arrays(b + root, b - root), axis=-1) / 2.0


def momentum_rate(
    eigenvalue: float | np.ndarray, lr: float, momentum: float, *, nesterov: bool = False
) -> np.ndarray:
    """Spectral radius of descent with momentum along an eigenvector: the factor a step, in the long run.

    The larger of the two `momentum_roots`. Complex ones (oscillation) have magnitude √μ, whatever the rate;
    in Nesterov's form √(μ(1 − αλ)), less for steep directions.

    Parameters
    ----------
    eigenvalue, lr, momentum : float or array (...)
        Broadcast against each other.
    nesterov : bool

    Returns
    -------
    array (...)
        Below 1 where it converges.
    """
    return np.abs(momentum_roots(eigenvalue, lr, momentum, nesterov=nesterov)).max(axis=-1)


def momentum_limit(momentum: float, *, nesterov: bool = False) -> float:
    """What αλ must stay below to converge with momentum μ.

    2(1 + μ), and (2 + 2μ)/(1 + 2μ) in Nesterov's form: there one of the roots is −1. Without momentum both
    are the 2 of plain descent.
    """
    return (2.0 + 2.0 * momentum) / (1.0 + 2.0 * momentum) if nesterov else 2.0 + 2.0 * momentum


def momentum_regime(eigenvalue: float, lr: float, momentum: float, *, nesterov: bool = False) -> str:
    """What descent with momentum does along an eigenvector of eigenvalue λ; for μ = 0 what `regime` says.

    Returns
    -------
    str
        "ascent", "stands still" (αλ = 0), "one step" (both roots are 0), "decay" (the larger root is real and
        positive), "damped oscillation" (it is negative, or the roots are complex), "endless oscillation"
        (αλ is at the limit) or "divergence" (above it).
    """
    if momentum == 0:
        return regime(eigenvalue, lr)
    x, limit = lr * eigenvalue, momentum_limit(momentum, nesterov=nesterov)
    if x <= 0:
        return "ascent" if x < 0 else "stands still"
    if x >= limit:
        return "endless oscillation" if x == limit else "divergence"
    roots = momentum_roots(eigenvalue, lr, momentum, nesterov=nesterov)
    if not np.abs(roots).any():
        return "one step"
    dominant = roots[np.abs(roots).argmax()]
    return "decay" if dominant.imag == 0 and dominant.real > 0 else "damped oscillation"


def terminal_velocity(gradient: np.ndarray, *, lr: float, momentum: float) -> np.ndarray:
    """Velocity that momentum approaches under a constant gradient: −α/(1 − μ) ∇J.

    The geometric series Σ μⁱ starts at i = 0: the newest gradient counts whole.
    """
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {momentum}; from 1 on the velocity has no limit")
    return -lr / (1.0 - momentum) * np.asarray(gradient, dtype=np.float64)

"""The right answers, with the parameters that the assignment asks for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray
Net = tuple[Array, Array, Array, Array]

# As the notebook's locked cell has them.
MINIMUM, MAXIMUM, SADDLE, DEGENERATE = 1, 2, 3, 4
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = 1, 2, 3, 4, 5
ZERO_SHARE = 1e-6


def numerical_hessian(f: Callable[[Array], float], theta: Array, h: float) -> Array:
    """Take centred differences of centred differences."""
    steps = h * np.eye(len(theta))
    rows = [
        [f(theta + a + b) - f(theta + a - b) - f(theta - a + b) + f(theta - a - b) for b in steps]
        for a in steps
    ]
    return np.array(rows) / (4 * h**2)


def curvature(H: Array, v: Array) -> float:
    """Return the second derivative along a direction of length 1."""
    return float(v @ H @ v / (v @ v))


def taylor_model(
    f: Callable[[Array], float],
    grad: Callable[[Array], Array],
    hessian: Callable[[Array], Array],
    theta: Array,
    d: Array,
) -> tuple[float, float]:
    """Return the second-order model around theta, a step d away, and what the cost is above it."""
    model = f(theta) + grad(theta) @ d + d @ hessian(theta) @ d / 2
    return float(model), float(f(theta + d) - model)


def critical_point(H: Array, tol: float) -> int:
    """Tell from the signs of the eigenvalues what a point without slope is."""
    values = np.linalg.eigvalsh(H)
    zero = tol * np.abs(values).max()
    up, down = values > zero, values < -zero
    if up.any() and down.any():
        return SADDLE
    if up.all():
        return MINIMUM
    return MAXIMUM if down.all() else DEGENERATE


def hessian_condition(H: Array) -> float:
    """Return the largest eigenvalue over the smallest."""
    values = np.linalg.eigvalsh(H)
    return float(values[-1] / values[0])


def quadratic_descent(A: Array, theta: Array, lr: float, steps: int) -> Array:
    """Go down ½θᵀAθ; return the points from the start on."""
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - lr * (A @ path[-1]))
    return np.array(path)


def closed_form(A: Array, theta: Array, lr: float, k: int) -> Array:
    """Return (I − αA)ᵏθ without a loop."""
    values, Q = np.linalg.eigh(A)
    return Q @ ((1 - lr * values) ** k * (Q.T @ theta))


def regimes(eigenvalues: Array, lr: float) -> Array:
    """Tell for each eigenvalue what gradient descent does along its eigenvector."""
    product = lr * eigenvalues
    conditions = [product < 1, product == 1, product < 2, product == 2]
    return np.select(conditions, [DECAYS, LANDS, OSCILLATES, ENDLESS], DIVERGES)


def rate_limits(A: Array) -> tuple[float, float, float]:
    """Return the stability limit, the best rate, and what the best rate leaves of the worst component."""
    values = np.linalg.eigvalsh(A)
    low, high = float(values[0]), float(values[-1])
    return 2 / high, 2 / (low + high), (high - low) / (high + low)


def momentum_descent(A: Array, theta: Array, lr: float, mu: float, steps: int) -> tuple[Array, Array]:
    """Go down ½θᵀAθ with a velocity; return points and velocities from the start on."""
    path, velocities = [theta], [np.zeros_like(theta)]
    for _ in range(steps):
        velocities.append(mu * velocities[-1] - lr * (A @ path[-1]))
        path.append(path[-1] + velocities[-1])
    return np.array(path), np.array(velocities)


def constant_slope(gradient: Array, lr: float, mu: float, steps: int) -> tuple[Array, Array]:
    """Return the velocity after some steps under a constant gradient, and the one that it tends to."""
    terminal = -lr / (1 - mu) * gradient
    return (1 - mu**steps) * terminal, terminal


def newton_step(grad: Callable[[Array], Array], hessian: Callable[[Array], Array], theta: Array) -> Array:
    """Jump to the critical point of the quadratic model."""
    return theta - np.linalg.solve(hessian(theta), grad(theta))


def newton_destination(
    grad: Callable[[Array], Array], hessian: Callable[[Array], Array], theta: Array, steps: int
) -> tuple[Array, int]:
    """Return where Newton's steps lead, and what is there."""
    for _ in range(steps):
        theta = newton_step(grad, hessian, theta)
    return theta, critical_point(hessian(theta), ZERO_SHARE)


def permute_hidden(w1: Array, b1: Array, w2: Array, b2: Array, order: Array) -> Net:
    """Put the hidden units into another order."""
    return w1[order], b1[order], w2[:, order], b2


def average_of_permutations(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
    """Return the mean of a net's copies over all orders of its hidden units: every unit is the mean unit."""
    hidden = len(b1)
    return (
        np.tile(w1.mean(axis=0), (hidden, 1)),
        np.full(hidden, b1.mean()),
        np.tile(w2.mean(axis=1)[:, None], (1, hidden)),
        b2,
    )


def mended_descent(A: Array, b: Array, theta: Array, lr: float, steps: int) -> Array:
    """Go down ½θᵀAθ − bᵀθ; return the points from the start on."""
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - lr * (A @ path[-1] - b))
    return np.array(path)

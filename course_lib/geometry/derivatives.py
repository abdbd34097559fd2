"""Gradients, Hessians and Hessian-vector products by centred finite differences, in float64."""

from collections.abc import Callable

import numpy as np

# The step that balances truncation against rounding: eps^(1/3) for first, eps^(1/4) for second differences.
FIRST_STEP = np.finfo(np.float64).eps ** (1 / 3)
SECOND_STEP = np.finfo(np.float64).eps ** (1 / 4)

Cost = Callable[[np.ndarray], float]
Gradient = Callable[[np.ndarray], np.ndarray]


def as_point(theta: np.ndarray, name: str = "theta") -> np.ndarray:
    """Return `theta` as a fresh float64 vector.

    Raises
    ------
    ValueError
        If it is not one-dimensional, is empty, or holds values that are not finite.
    """
    point = np.array(theta, dtype=np.float64)
    if point.ndim != 1 or point.size == 0:
        raise ValueError(
            f"{name} must be a non-empty vector (n,), got shape {point.shape}; use {name}.ravel()"
        )
    if not np.isfinite(point).all():
        raise ValueError(f"{name} must be finite, got {point}")
    return point


def gradient(f: Cost, theta: np.ndarray, *, step: float | None = None) -> np.ndarray:
    """Gradient of `f` at `theta`, by centred differences.

    Parameters
    ----------
    f : callable
        Takes a float64 vector (n,), returns a number.
    theta : array (n,)
    step : float, optional
        Relative to max(1, |theta_i|); by default eps^(1/3), about 6e-6.

    Returns
    -------
    array (n,), float64
    """
    point = as_point(theta)
    steps = (FIRST_STEP if step is None else step) * np.maximum(1.0, np.abs(point))
    result = np.empty_like(point)
    for i, h in enumerate(steps):
        ahead, behind = point.copy(), point.copy()
        ahead[i] += h
        behind[i] -= h
        result[i] = (f(ahead) - f(behind)) / (ahead[i] - behind[i])
    return result


def hessian(
    f: Cost | None, theta: np.ndarray, *, grad: Gradient | None = None, step: float | None = None
) -> np.ndarray:
    """Hessian at `theta`, by centred differences of the gradient, or of `f` twice where no gradient is given.

    The result is made symmetric (Clairaut: for twice continuously differentiable f the order of the two
    derivatives does not matter), which also halves the rounding error.

    Parameters
    ----------
    f : callable or None
        The cost; may be None where `grad` is given.
    theta : array (n,)
    grad : callable, optional
        The gradient, (n,) -> (n,); more exact, and n instead of n² evaluations.
    step : float, optional
        Relative to max(1, |theta_i|); by default eps^(1/3) with a gradient, eps^(1/4) without.

    Returns
    -------
    array (n, n), float64, symmetric

    Raises
    ------
    ValueError
        If neither `f` nor `grad` is given.
    """
    point = as_point(theta)
    scale = np.maximum(1.0, np.abs(point))
    if grad is not None:
        steps = (FIRST_STEP if step is None else step) * scale
        columns = [(grad(point + e) - grad(point - e)) / (2 * h) for e, h in zip(np.diag(steps), steps)]
        result = np.stack([np.asarray(c, dtype=np.float64) for c in columns], axis=1)
    elif f is not None:
        steps = (SECOND_STEP if step is None else step) * scale
        shift = np.diag(steps)
        result = np.empty((point.size, point.size))
        for i in range(point.size):
            for j in range(i + 1):
                corners = (
                    f(point + shift[i] + shift[j])
                    - f(point + shift[i] - shift[j])
                    - f(point - shift[i] + shift[j])
                    + f(point - shift[i] - shift[j])
                )
                result[i, j] = result[j, i] = corners / (4 * steps[i] * steps[j])
    else:
        raise ValueError("hessian needs the cost f or its gradient grad; both are None")
    return (result + result.T) / 2


def hessian_vector_product(
    grad: Gradient, theta: np.ndarray, v: np.ndarray, *, step: float | None = None
) -> np.ndarray:
    """H(theta) v without forming H: a centred difference of the gradient along v.

    Two gradient evaluations, whatever the number of parameters: that makes curvature affordable for a net.

    Parameters
    ----------
    grad : callable
        The gradient, (n,) -> (n,).
    theta, v : array (n,)
    step : float, optional
        Length of the step along v / |v|; by default eps^(1/3) max(1, |theta|).

    Returns
    -------
    array (n,), float64

    Raises
    ------
    ValueError
        If v and theta differ in shape.
    """
    point, direction = as_point(theta), as_point(v, "v")
    if direction.shape != point.shape:
        raise ValueError(f"v must have theta's shape {point.shape}, got {direction.shape}")
    length = np.linalg.norm(direction)
    if length == 0:
        return np.zeros_like(point)
    h = (FIRST_STEP * max(1.0, np.linalg.norm(point)) if step is None else step) / length
    ahead, behind = grad(point + h * direction), grad(point - h * direction)
    return (np.asarray(ahead, dtype=np.float64) - behind) / (2 * h)

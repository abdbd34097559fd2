"""Steps that divide by the root of some memory of squared gradients, made of parts that mistakes replace."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray
Step = Callable[..., tuple[Array, dict]]
# update(memory, grad, rho): what is kept; divide(memory, eps): what the gradient is divided by.
Update = Callable[[Array, Array, float], Array]
Divide = Callable[[Array, float], Array]
HARD_CODED = 1e-8


def root_plus(memory: Array, eps: float) -> Array:
    """Return what is right."""
    return np.sqrt(memory) + eps


def inside(memory: Array, eps: float) -> Array:
    """Add eps below the root."""
    return np.sqrt(memory + eps)


def hard_coded(memory: Array, eps: float) -> Array:
    """Use the default of eps whatever is asked for."""
    return np.sqrt(memory) + HARD_CODED


def times(memory: Array, eps: float) -> Array:
    """Multiply by eps instead of adding it."""
    return np.sqrt(memory) * eps


def without_root(memory: Array, eps: float) -> Array:
    """Forget the root."""
    return memory + eps


def root_alone(memory: Array, eps: float) -> Array:
    """Forget eps."""
    return np.sqrt(memory)


def one_memory(
    update: Update, divide: Divide = root_plus, *, sign: float = -1.0, keep: bool = True, late: bool = False
) -> Step:
    """Return AdaGrad's or RMSProp's step with other parts.

    Parameters
    ----------
    update, divide : callable
        See above.
    sign : float
        1 climbs.
    keep : bool
        False loses the memory between steps.
    late : bool
        True divides by the memory of the step before.
    """

    def step(theta: Array, grad: Array, state: dict, lr: float, **options: float) -> tuple[Array, dict]:
        rho, eps = options.get("rho", 0.9), options.get("eps", 1e-8)
        old = state.get("s", np.zeros_like(theta))
        new = update(old, grad, rho)
        by = divide(old if late else new, eps)
        return theta + sign * lr * grad / by, {"s": new} if keep else {}

    return step


def adagrad(update: Update, divide: Divide = root_plus, **how: object) -> Step:
    """Return a step (theta, grad, state, lr, eps=1e-8)."""
    made = one_memory(update, divide, **how)

    def step(theta: Array, grad: Array, state: dict, lr: float, eps: float = 1e-8) -> tuple[Array, dict]:
        return made(theta, grad, state, lr, eps=eps)

    return step


def rmsprop(update: Update, divide: Divide = root_plus, **how: object) -> Step:
    """Return a step (theta, grad, state, lr, rho=0.9, eps=1e-8)."""
    made = one_memory(update, divide, **how)

    def step(
        theta: Array, grad: Array, state: dict, lr: float, rho: float = 0.9, eps: float = 1e-8
    ) -> tuple[Array, dict]:
        return made(theta, grad, state, lr, rho=rho, eps=eps)

    return step

"""What goes wrong in momentum_step, each with the step that it makes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.optimisers import sections

Array = np.ndarray
Rule = Callable[[Array, Array, float, float], Array]


def _moves(velocity: Rule, move: Rule = lambda new, old, lr, rho: new) -> Callable[..., object]:
    """Return a step with its own rule for the velocity, and for how theta moves by it."""

    def step(theta: Array, grad: Array, state: dict, lr: float, rho: float = 0.9) -> tuple[Array, dict]:
        old = state.get("v", np.zeros_like(theta))
        new = velocity(old, grad, lr, rho)
        return theta + move(new, old, lr, rho), {"v": new}

    return step


def _right(v: Array, g: Array, lr: float, rho: float) -> Array:
    return rho * v - lr * g


MISCONCEPTIONS = (
    Misconception(
        "momentum-climbs",
        "the step climbs",
        "The velocity must point downhill: −lr·grad goes into it, and theta moves by +v. One minus sign "
        "in all.",
        sections.MOMENTUM,
        (
            _moves(lambda v, g, lr, rho: rho * v + lr * g),
            _moves(_right, lambda new, old, lr, rho: -new),
        ),
    ),
    Misconception(
        "momentum-forgets-velocity",
        "the velocity is lost between steps",
        "Every step begins with v = 0, so it is plain gradient descent. Keep the new velocity in the "
        "state that you return.",
        sections.MOMENTUM,
        (_moves(lambda v, g, lr, rho: -lr * g), _moves(lambda v, g, lr, rho: -(1 - rho) * lr * g)),
    ),
    Misconception(
        "momentum-moves-by-old-velocity",
        "theta moves by the velocity of the step before",
        "First the velocity takes in the gradient, then theta moves by the new velocity. Yours is always "
        "one step late.",
        sections.MOMENTUM,
        (_moves(_right, lambda new, old, lr, rho: old),),
    ),
    Misconception(
        "momentum-damps-the-gradient",
        "the gradient is multiplied by 1 − rho, too",
        "That is the damped average of the next question. In the velocity form the gradient enters with "
        "lr alone.",
        sections.MOMENTUM,
        (
            _moves(lambda v, g, lr, rho: rho * v - (1 - rho) * lr * g),
            _moves(lambda v, g, lr, rho: rho * v - (1 - rho) * g, lambda new, old, lr, rho: lr * new),
        ),
    ),
    Misconception(
        "momentum-keeps-the-friction",
        "the velocity is multiplied by 1 − rho",
        "rho is the share of the velocity that is kept, not the share that friction takes.",
        sections.MOMENTUM,
        (_moves(lambda v, g, lr, rho: (1 - rho) * v - lr * g),),
    ),
    Misconception(
        "momentum-without-friction",
        "the velocity is not multiplied by rho",
        "Without rho the velocity sums up all gradients for ever and never settles: v = rho·v − lr·grad.",
        sections.MOMENTUM,
        (_moves(lambda v, g, lr, rho: v - lr * g),),
    ),
    Misconception(
        "momentum-sum-starts-late",
        "rho multiplies the newest gradient, too",
        "rho·(v − lr·grad) starts the sum of gradients at rho instead of 1, so that under a constant "
        "gradient it tends to −rho·lr/(1 − rho). Friction acts on the old velocity alone.",
        sections.MOMENTUM,
        (_moves(lambda v, g, lr, rho: rho * (v - lr * g)),),
    ),
    Misconception(
        "momentum-rate-twice",
        "the learning rate is used twice, or not at all",
        "The rate is inside the velocity already: v = rho·v − lr·grad, and theta moves by v itself.",
        sections.MOMENTUM,
        (
            _moves(_right, lambda new, old, lr, rho: lr * new),
            _moves(lambda v, g, lr, rho: lr * (rho * v - g)),
            _moves(lambda v, g, lr, rho: rho * v - g),
        ),
    ),
    Misconception(
        "momentum-is-nesterov",
        "this is Nesterov's step",
        "You move by rho·v more than the new velocity, as in `nesterov_step`. Here theta moves by v alone.",
        sections.MOMENTUM,
        (
            _moves(_right, lambda new, old, lr, rho: (1 + rho) * new - rho * old),
            _moves(_right, lambda new, old, lr, rho: new + rho * new),
        ),
    ),
)

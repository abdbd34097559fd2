"""nesterov_step(theta, grad, state, lr, rho=0.9): Nesterov's momentum after the change of variables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import nesterov_step as reference
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step

Array = np.ndarray
Move = Callable[[Array, Array, float], Array]


def _moves(move: Move, sign: float = -1.0, keep: bool = True) -> Callable[..., object]:
    """Return a step that moves otherwise, adds the gradient, or loses the velocity."""

    def step(theta: Array, grad: Array, state: dict, lr: float, rho: float = 0.9) -> tuple[Array, dict]:
        old = state.get("v", np.zeros_like(theta))
        new = rho * old + sign * lr * grad
        return theta + move(new, old, rho), {"v": new} if keep else {}

    return step


def _right(new: Array, old: Array, rho: float) -> Array:
    return (1 + rho) * new - rho * old


def _climbing(theta: Array, grad: Array, state: dict, lr: float, rho: float = 0.9) -> tuple[Array, dict]:
    old = state.get("v", np.zeros_like(theta))
    new = rho * old - lr * grad
    return theta - _right(new, old, rho), {"v": new}


MISCONCEPTIONS = (
    Misconception(
        "shifted-is-plain-momentum",
        "this is ordinary momentum",
        "Moving by the new velocity alone leaves the point ahead behind. If you overwrite v before you "
        "subtract rho·v, the correction cancels: keep the old velocity.",
        sections.NESTEROV,
        (_moves(lambda new, old, rho: new),),
    ),
    Misconception(
        "shifted-keeps-old-look-ahead",
        "the old look ahead is not taken back",
        "Theta stands at the old point ahead. First go back, −rho·v with the old velocity, then ahead by "
        "(1 + rho)·v with the new one.",
        sections.NESTEROV,
        (
            _moves(lambda new, old, rho: (1 + rho) * new),
            _moves(lambda new, old, rho: (1 + rho) * new + rho * old),
        ),
    ),
    Misconception(
        "shifted-does-not-look-ahead",
        "theta is moved back, but not ahead again",
        "After going back by rho·v move by the new velocity, and then ahead by rho times the new velocity.",
        sections.NESTEROV,
        (_moves(lambda new, old, rho: new - rho * old), _moves(lambda new, old, rho: rho * new - rho * old)),
    ),
    Misconception(
        "shifted-climbs",
        "the step climbs",
        "The gradient enters the velocity with a minus sign: v = rho·v − lr·grad.",
        sections.NESTEROV,
        (_moves(_right, sign=1.0), _climbing),
    ),
    Misconception(
        "shifted-forgets-velocity",
        "the velocity is lost between steps",
        "Every step begins with v = 0. Keep the new velocity in the state that you return.",
        sections.NESTEROV,
        (_moves(_right, keep=False),),
    ),
)
RNG = np.random.default_rng(25)
FIRST = (
    example(np.array([1.0, -2.0]), np.array([[0.5, 4.0]]), 0.1),
    course(RNG, (2, 2), 1, 0.5, "halves", "float32", rho=0.5),
)
SEVERAL = (
    example(np.array([5.0]), np.array([[8.0], [2.0]]), 0.25, rho=0.5, note="the example of the prompt"),
    course(RNG, (2,), 6, 0.1, "whole", "float64"),
    course(RNG, (2, 3), 5, 0.5, "halves", "float64", rho=0.5),
)
RATES = (0.9, 0.5, 0.75)

check = Check(
    name="nesterov_step",
    signature="(theta, grad, state, lr, rho=0.9)",
    section=sections.NESTEROV,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("the first step", 1, FIRST, drawn(steps=(1,), rho=RATES)),
        Part("several steps", 3, SEVERAL, drawn(steps=(2, 3, 6), rho=RATES)),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("nesterov_step"),
)

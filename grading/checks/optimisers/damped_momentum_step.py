"""damped_momentum_step(theta, grad, state, lr, beta=0.9): go against a fading average of the gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import damped_momentum_step as reference
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step

Array = np.ndarray


def _averages(
    average: Callable[[Array, Array, float], Array], first: Callable[[Array], Array] = np.zeros_like
) -> Callable[..., object]:
    """Return a step with its own average, which starts in its own way."""

    def step(theta: Array, grad: Array, state: dict, lr: float, beta: float = 0.9) -> tuple[Array, dict]:
        new = average(state["m"] if state else first(grad), grad, beta)
        return theta - lr * new, {"m": new}

    return step


def _right(m: Array, g: Array, beta: float) -> Array:
    return beta * m + (1 - beta) * g


def _starts_at_the_gradient(
    theta: Array, grad: Array, state: dict, lr: float, beta: float = 0.9
) -> tuple[Array, dict]:
    new = _right(state["m"], grad, beta) if state else grad
    return theta - lr * new, {"m": new}


def _corrected(theta: Array, grad: Array, state: dict, lr: float, beta: float = 0.9) -> tuple[Array, dict]:
    t, new = state.get("t", 0) + 1, _right(state.get("m", np.zeros_like(grad)), grad, beta)
    return theta - lr * new / (1 - beta**t), {"t": t, "m": new}


def _climbs(theta: Array, grad: Array, state: dict, lr: float, beta: float = 0.9) -> tuple[Array, dict]:
    new = _right(state.get("m", np.zeros_like(grad)), grad, beta)
    return theta + lr * new, {"m": new}


MISCONCEPTIONS = (
    Misconception(
        "damped-climbs",
        "the step climbs",
        "theta − lr·average goes downhill. The average of gradients points uphill like every gradient.",
        sections.FORMS,
        (_climbs,),
    ),
    Misconception(
        "damped-without-damping",
        "the gradient enters the average whole",
        "The weights of an average sum to 1: beta for the old average, 1 − beta for the gradient. Yours "
        "grows to 1/(1 − beta) times the gradient.",
        sections.FORMS,
        (_averages(lambda m, g, beta: beta * m + g),),
    ),
    Misconception(
        "damped-weights-exchanged",
        "the two weights are exchanged",
        "beta is the weight of the old average, 1 − beta that of the new gradient.",
        sections.FORMS,
        (_averages(lambda m, g, beta: (1 - beta) * m + beta * g),),
    ),
    Misconception(
        "damped-average-subtracts",
        "the average subtracts",
        "An average adds: beta·average + (1 − beta)·grad. The minus sign belongs to the step alone.",
        sections.FORMS,
        (_averages(lambda m, g, beta: (1 - beta) * g - beta * m),),
    ),
    Misconception(
        "damped-starts-at-gradient",
        "the average starts at the first gradient",
        "Before the first step the average is 0, so that the first step is only (1 − beta)·lr·grad long.",
        sections.FORMS,
        (_starts_at_the_gradient,),
    ),
    Misconception(
        "damped-is-bias-corrected",
        "the average is corrected for its start",
        "Dividing by 1 − beta^t is what Adam does. This form of momentum leaves the average as it is.",
        sections.FORMS,
        (_corrected,),
    ),
    Misconception(
        "damped-forgets-average",
        "the average is lost between steps",
        "Every step begins with an average of 0. Keep the new one in the state that you return.",
        sections.FORMS,
        (_averages(lambda m, g, beta: (1 - beta) * g), _averages(lambda m, g, beta: g)),
    ),
)
RNG = np.random.default_rng(23)
FIRST = (
    example(np.array([1.0, -2.0]), np.array([[0.5, 4.0]]), 1.0),
    course(RNG, (2, 2), 1, 0.5, "halves", "float32", beta=0.5),
)
SEVERAL = (
    example(
        np.array([1.0]), np.array([[2.0], [2.0], [2.0]]), 0.5, beta=0.5, note="the example of the prompt"
    ),
    course(RNG, (2,), 6, 0.5, "whole", "float64"),
    course(RNG, (2, 3), 5, 0.5, "halves", "float64", beta=0.75),
)
BETAS = (0.9, 0.5, 0.75)

check = Check(
    name="damped_momentum_step",
    signature="(theta, grad, state, lr, beta=0.9)",
    section=sections.FORMS,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("the first step", 1, FIRST, drawn(steps=(1,), beta=BETAS)),
        Part("several steps", 2, SEVERAL, drawn(steps=(2, 3, 6), beta=BETAS)),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("damped_momentum_step"),
)

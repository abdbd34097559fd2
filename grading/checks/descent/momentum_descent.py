"""momentum_descent(A, theta, lr, mu, steps): points and velocities of momentum down ½θᵀAθ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.matrices import drawn_bowl
from grading.checks.descent.references import momentum_descent as reference
from grading.checks.small_numbers import fill

Array = np.ndarray
Two = tuple[Array, Array]


def _runs(
    velocity: Callable[[Array, Array, float, float], Array],
    move: Callable[[Array, Array], Array] = lambda new, old: new,
    look: Callable[[Array, Array, float], Array] = lambda theta, v, mu: theta,
) -> Callable[..., Two]:
    """Return a run with its own velocity(v, gradient, lr, mu), move and place of the gradient."""

    def run(A: Array, theta: Array, lr: float, mu: float, steps: int) -> Two:
        path, velocities = [theta], [np.zeros_like(theta)]
        for _ in range(steps):
            old = velocities[-1]
            new = velocity(old, A @ look(path[-1], old, mu), lr, mu)
            velocities.append(new)
            path.append(path[-1] + move(new, old))
        return np.array(path), np.array(velocities)

    return run


def _right(v: Array, g: Array, lr: float, mu: float) -> Array:
    return mu * v - lr * g


def _cut(rows: slice) -> Callable[..., Two]:
    def run(A: Array, theta: Array, lr: float, mu: float, steps: int) -> Two:
        path, velocities = reference(A, theta, lr, mu, steps)
        return path[rows], velocities[rows]

    return run


def _all_rows_alike(A: Array, theta: Array, lr: float, mu: float, steps: int) -> Two:
    path, velocities = reference(A, theta, lr, mu, steps)
    return np.tile(path[-1], (steps + 1, 1)), np.tile(velocities[-1], (steps + 1, 1))


def _first_velocity_is_a_step(A: Array, theta: Array, lr: float, mu: float, steps: int) -> Two:
    path, velocities = [theta], [-lr * (A @ theta)]
    for _ in range(steps):
        velocities.append(mu * velocities[-1] - lr * (A @ path[-1]))
        path.append(path[-1] + velocities[-1])
    return np.array(path), np.array(velocities)


MISCONCEPTIONS = (
    Misconception(
        "run-climbs",
        "the run climbs",
        "The velocity must point downhill: −lr·gradient goes into it, and theta moves by +v.",
        sections.MOMENTUM,
        (_runs(lambda v, g, lr, mu: mu * v + lr * g), _runs(_right, lambda new, old: -new)),
    ),
    Misconception(
        "run-without-momentum",
        "the velocity is lost between steps",
        "That is plain descent. The velocity of the step before stays, times mu.",
        sections.MOMENTUM,
        (_runs(lambda v, g, lr, mu: -lr * g),),
    ),
    Misconception(
        "run-moves-by-the-old-velocity",
        "theta moves by the velocity of the step before",
        "First the velocity takes in the gradient, then theta moves by the new velocity.",
        sections.MOMENTUM,
        (_runs(_right, lambda new, old: old),),
    ),
    Misconception(
        "run-averages-the-gradient",
        "the gradient is multiplied by 1 − mu, too",
        "That is the other common form, the damped average. In the velocity form the gradient enters with "
        "lr alone.",
        sections.MOMENTUM,
        (_runs(lambda v, g, lr, mu: mu * v - (1 - mu) * lr * g),),
    ),
    Misconception(
        "run-loses-the-wrong-share",
        "the velocity is multiplied by 1 − mu, or not at all",
        "mu is the share of the velocity that stays, not the share that friction takes.",
        sections.MOMENTUM,
        (_runs(lambda v, g, lr, mu: (1 - mu) * v - lr * g), _runs(lambda v, g, lr, mu: v - lr * g)),
    ),
    Misconception(
        "run-slows-the-newest-gradient",
        "mu multiplies the newest gradient, too",
        "Friction acts on the old velocity alone: the newest gradient counts whole.",
        sections.MOMENTUM,
        (_runs(lambda v, g, lr, mu: mu * (v - lr * g)),),
    ),
    Misconception(
        "run-leaves-the-rate-outside",
        "the velocity holds gradients without the learning rate",
        "Here lr stands inside the velocity, v = mu·v − lr·gradient, and theta moves by v itself.",
        sections.MOMENTUM,
        (
            _runs(lambda v, g, lr, mu: mu * v - g),
            _runs(lambda v, g, lr, mu: lr * (mu * v - g)),
        ),
    ),
    Misconception(
        "run-looks-ahead",
        "the gradient is taken at the point ahead",
        "That is Nesterov's momentum. Here the gradient is taken where theta is.",
        sections.MOMENTUM,
        (_runs(_right, look=lambda theta, v, mu: theta + mu * v),),
    ),
    Misconception(
        "run-starts-moving",
        "the first velocity is not 0",
        "The ball starts at rest: row 0 of the velocities is 0, and the first step makes the first velocity.",
        sections.MOMENTUM,
        (_first_velocity_is_a_step,),
    ),
    Misconception(
        "run-without-its-ends",
        "the start or the last step is missing",
        "Both arrays have steps + 1 rows: row 0 is the start, the last row is after the last step.",
        sections.MOMENTUM,
        (_cut(slice(1, None)), _cut(slice(None, -1))),
    ),
    Misconception(
        "run-is-one-array",
        "all rows are the same",
        "theta += … and v += … change the arrays that are in the lists already. Make new ones in every step.",
        sections.MOMENTUM,
        (_all_rows_alike,),
    ),
)


def run_of(rng: np.random.Generator, size: int, steps: int, lr: float, mu: float, turned: bool) -> Example:
    """Build a call."""
    return example(drawn_bowl(rng, size, turned), fill(rng, (size,)), lr, mu, steps)


RNG = np.random.default_rng(9)
FIXED = (
    example(np.array([[2.0]]), np.array([8.0]), 0.25, 0.5, 3, note="the example of the prompt"),
    run_of(RNG, 2, 4, 0.1, 0.9, True),
    example(np.diag([1.0, 3.0]), np.array([0.0, 3.0]), 0.1, 0.5, 2, note="a component that is 0 already"),
    run_of(RNG, 3, 3, 0.5, 0.75, False),
)
DRAWN = Drawn(
    run_of,
    {
        "size": (1, 2, 3),
        "steps": (2, 1, 3, 6, 0),
        "lr": (0.5, 0.1, 0.25),
        "mu": (0.5, 0.9, 0.0),
        "turned": (False, True),
    },
)
check = Check(
    name="momentum_descent",
    signature="(A, theta, lr, mu, steps)",
    section=sections.MOMENTUM,
    reference=reference,
    outputs=("path", "velocities"),
    parts=(
        Part("the path", 2, FIXED, DRAWN, output="path"),
        Part("the velocities", 2, FIXED, DRAWN, output="velocities"),
    ),
    misconceptions=MISCONCEPTIONS,
)

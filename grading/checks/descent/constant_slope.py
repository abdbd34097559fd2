"""constant_slope(gradient, lr, mu, steps): velocities on a slope that stays the same."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.references import constant_slope as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def _steps(gradient: Array, lr: float, mu: float, steps: int) -> Array:
    return reference(gradient, lr, mu, steps)[0]


MISCONCEPTIONS = (
    Misconception(
        "slope-velocity-climbs",
        "the velocity points uphill",
        "The velocity takes in −lr·gradient in every step: its sign is the opposite of the gradient's.",
        sections.MOMENTUM,
        (lambda gradient, lr, mu, steps: -_steps(gradient, lr, mu, steps),),
        output="velocity",
    ),
    Misconception(
        "slope-velocity-one-step-off",
        "a step is missing, or one too many",
        "The first velocity is −lr·gradient. After k steps 1 + mu + … + mu^(k−1) of these have gathered: k "
        "terms.",
        sections.MOMENTUM,
        (
            lambda gradient, lr, mu, steps: _steps(gradient, lr, mu, steps + 1),
            lambda gradient, lr, mu, steps: _steps(gradient, lr, mu, max(steps - 1, 0)),
            lambda gradient, lr, mu, steps: mu * _steps(gradient, lr, mu, steps),
            lambda gradient, lr, mu, steps: mu * _steps(gradient, lr, mu, max(steps - 1, 0)),
        ),
        output="velocity",
    ),
    Misconception(
        "slope-velocity-without-friction",
        "the velocity grows with every step alike",
        "Friction leaves the share mu of the old velocity, so the sum 1 + mu + mu² + … grows ever more "
        "slowly.",
        sections.MOMENTUM,
        (
            lambda gradient, lr, mu, steps: -lr * steps * gradient,
            lambda gradient, lr, mu, steps: -lr * gradient,
        ),
        output="velocity",
    ),
    Misconception(
        "slope-velocity-is-its-last-term",
        "the terms are not summed",
        "mu to the power k is what is left of the first push. The velocity is the sum of all pushes.",
        sections.MOMENTUM,
        (
            lambda gradient, lr, mu, steps: -lr * mu**steps * gradient,
            lambda gradient, lr, mu, steps: -lr * mu ** (steps - 1.0) * gradient,
        ),
        output="velocity",
    ),
    Misconception(
        "slope-velocity-is-terminal",
        "the velocity is the terminal one at once",
        "After k steps (1 − mu^k) of the terminal velocity is reached.",
        sections.MOMENTUM,
        (
            lambda gradient, lr, mu, steps: reference(gradient, lr, mu, steps)[1],
            lambda gradient, lr, mu, steps: mu**steps * reference(gradient, lr, mu, steps)[1],
        ),
        output="velocity",
    ),
    Misconception(
        "terminal-velocity-climbs",
        "the terminal velocity points uphill",
        "Downhill is against the gradient: −lr/(1 − mu)·gradient.",
        sections.MOMENTUM,
        (lambda gradient, lr, mu, steps: lr / (1 - mu) * gradient,),
        output="terminal",
    ),
    Misconception(
        "terminal-velocity-over-mu",
        "mu is taken for 1 − mu",
        "The sum 1 + mu + mu² + … is 1/(1 − mu): the less friction, the faster.",
        sections.MOMENTUM,
        (
            lambda gradient, lr, mu, steps: -lr / mu * gradient,
            lambda gradient, lr, mu, steps: -lr * (1 - mu) * gradient,
            lambda gradient, lr, mu, steps: -lr / (1 + mu) * gradient,
            lambda gradient, lr, mu, steps: -lr * mu * gradient,
        ),
        output="terminal",
    ),
    Misconception(
        "terminal-sum-starts-late",
        "the sum of the pushes starts at mu instead of 1",
        "The newest gradient counts whole: the sum 1 + mu + mu² + … starts with 1 and is 1/(1 − mu).",
        sections.MOMENTUM,
        (lambda gradient, lr, mu, steps: -lr * mu / (1 - mu) * gradient,),
        output="terminal",
    ),
    Misconception(
        "terminal-velocity-of-an-average",
        "there is no momentum in the limit",
        "−lr·gradient is the step of plain descent, and of the damped average. The velocity form ends 1/(1 "
        "− mu) "
        "times as fast.",
        sections.MOMENTUM,
        (lambda gradient, lr, mu, steps: -lr * gradient,),
        output="terminal",
    ),
    Misconception(
        "terminal-velocity-too-early",
        "the velocity after the given steps is returned twice",
        "The terminal velocity does not depend on `steps`: it is where the velocity tends as they go on.",
        sections.MOMENTUM,
        (_steps, lambda gradient, lr, mu, steps: _steps(gradient, lr, mu, steps + 1)),
        output="terminal",
    ),
    Misconception(
        "terminal-velocity-without-rate",
        "the rate or the gradient is left out",
        "Each push is −lr·gradient; the terminal velocity is 1/(1 − mu) times as large.",
        sections.MOMENTUM,
        (
            lambda gradient, lr, mu, steps: -gradient / (1 - mu),
            lambda gradient, lr, mu, steps: -lr / (1 - mu) + 0 * gradient,
            lambda gradient, lr, mu, steps: -lr / (1 - mu),
        ),
        output="terminal",
    ),
)


def slope(rng: np.random.Generator, size: int, lr: float, mu: float, steps: int, numbers: str) -> Example:
    """Build a call."""
    return example(fill(rng, (size,), numbers), lr, mu, steps)


RNG = np.random.default_rng(10)
FIXED = (
    example(np.array([2.0]), 0.5, 0.5, 3, note="the example of the prompt"),
    slope(RNG, 3, 0.1, 0.9, 5, "whole"),
    slope(RNG, 2, 0.25, 0.75, 2, "halves"),
    slope(RNG, 2, 0.25, 0.9, 1, "halves"),
)
DRAWN = Drawn(
    slope,
    {
        "size": (1, 2, 3),
        "lr": (0.5, 0.1, 2.0),
        "mu": (0.5, 0.75, 0.9),
        "steps": (2, 1, 3, 10, 0),
        "numbers": ("whole", "halves"),
    },
)
check = Check(
    name="constant_slope",
    signature="(gradient, lr, mu, steps)",
    section=sections.MOMENTUM,
    reference=reference,
    outputs=("velocity", "terminal"),
    parts=(
        Part("the velocity", 1, FIXED, DRAWN, output="velocity"),
        Part("the terminal velocity", 2, FIXED, DRAWN, output="terminal"),
    ),
    misconceptions=MISCONCEPTIONS,
)

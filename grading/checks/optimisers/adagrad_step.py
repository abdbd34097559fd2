"""adagrad_step(theta, grad, state, lr, eps=1e-8): divide by the root of all squares so far."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import adaptive, sections
from grading.checks.optimisers.references import adagrad_step as reference
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step


def _right(s: np.ndarray, g: np.ndarray, rho: float) -> np.ndarray:
    return s + g**2


MISCONCEPTIONS = (
    Misconception(
        "adagrad-climbs",
        "the step climbs",
        "The scaled gradient points uphill like the gradient: subtract it.",
        sections.ADAGRAD,
        (adaptive.adagrad(_right, sign=1.0),),
    ),
    Misconception(
        "adagrad-forgets-sum",
        "the sum of squares is lost between steps",
        "With the newest square alone every step is ±lr long. Add to the sum that the state holds, and "
        "return it.",
        sections.ADAGRAD,
        (adaptive.adagrad(_right, keep=False),),
    ),
    Misconception(
        "adagrad-without-root",
        "the root is missing",
        "Divide by the root of the sum: only then has the step the unit of theta's gradient divided out.",
        sections.ADAGRAD,
        (adaptive.adagrad(_right, adaptive.without_root),),
    ),
    Misconception(
        "adagrad-without-squares",
        "gradients are summed without being squared",
        "The sum takes the square of every component of the gradient; signs would cancel.",
        sections.ADAGRAD,
        (
            adaptive.adagrad(lambda s, g, rho: s + g),
            adaptive.adagrad(lambda s, g, rho: s + np.abs(g)),
        ),
    ),
    Misconception(
        "adagrad-sums-over-components",
        "one sum for all components",
        "Every component of theta has its own sum: that is what gives rare features larger steps.",
        sections.ADAGRAD,
        (
            adaptive.adagrad(lambda s, g, rho: s + (g**2).sum()),
            adaptive.adagrad(lambda s, g, rho: s + (g**2).mean()),
        ),
    ),
    Misconception(
        "adagrad-fades",
        "the sum fades",
        "AdaGrad forgets nothing: total + grad². A fading average is RMSProp, the next question.",
        sections.ADAGRAD,
        (
            adaptive.adagrad(lambda s, g, rho: 0.9 * s + 0.1 * g**2),
            adaptive.adagrad(lambda s, g, rho: 0.9 * s + g**2),
        ),
    ),
    Misconception(
        "adagrad-divides-before-adding",
        "the newest square is added too late",
        "First add grad² to the sum, then divide by its root. Otherwise the first step divides by eps alone.",
        sections.ADAGRAD,
        (adaptive.adagrad(_right, late=True),),
    ),
    Misconception(
        "adagrad-eps-misplaced",
        "eps stands inside the root, or is hard-coded",
        "Divide by √total + eps, with the eps that was given. It only shows where gradients are tiny or "
        "eps is large.",
        sections.ADAGRAD,
        (
            adaptive.adagrad(_right, adaptive.inside),
            adaptive.adagrad(_right, adaptive.hard_coded),
            adaptive.adagrad(_right, adaptive.root_alone),
            adaptive.adagrad(lambda s, g, rho: s + g**2, lambda s, eps: np.sqrt(s) + 1e-7),
        ),
    ),
    Misconception(
        "adagrad-eps-multiplies",
        "eps multiplies",
        "√total·eps makes steps enormous. eps is added to the root: √total + eps.",
        sections.ADAGRAD,
        (adaptive.adagrad(_right, adaptive.times),),
    ),
)
RNG = np.random.default_rng(31)
FIRST = (
    example(np.array([1.0, -2.0]), np.array([[3.0, -0.5]]), 0.5),
    course(RNG, (2, 2), 1, 0.5, "halves", "float32"),
)
SEVERAL = (
    example(np.array([1.0]), np.array([[3.0], [4.0], [12.0]]), 1.0, note="the example of the prompt"),
    course(RNG, (2,), 6, 0.1, "whole", "float64"),
    course(RNG, (2, 3), 5, 0.5, "sparse", "float64"),
)
EPS = (
    example(np.array([1.0, 1.0]), np.array([[3.0, -4.0]]), 1.0, eps=1.0, note="a large eps"),
    course(RNG, (2,), 3, 0.5, "tiny", "float64"),
    course(RNG, (1, 3), 3, 0.5, "small", "float64", eps=0.1),
)

check = Check(
    name="adagrad_step",
    signature="(theta, grad, state, lr, eps=1e-8)",
    section=sections.ADAGRAD,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("the first step", 1, FIRST, drawn(steps=(1,))),
        Part("several steps", 2, SEVERAL, drawn(steps=(2, 3, 6), numbers=("whole", "halves", "sparse"))),
        Part(
            "tiny gradients and a large eps",
            1,
            EPS,
            drawn(steps=(1, 2, 3), numbers=("whole", "small", "tiny"), eps=(1.0, 0.1, 1e-8)),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("adagrad_step"),
)

"""What goes wrong in rmsprop_step, each with the step that it makes."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.optimisers import adaptive, sections

Array = np.ndarray


def _right(s: Array, g: Array, rho: float) -> Array:
    return rho * s + (1 - rho) * g**2


def _starts_at_the_square(
    theta: Array, grad: Array, state: dict, lr: float, rho: float = 0.9, eps: float = 1e-8
) -> tuple[Array, dict]:
    new = _right(state["s"], grad, rho) if state else grad**2
    return theta - lr * grad / (np.sqrt(new) + eps), {"s": new}


def _corrected(
    theta: Array, grad: Array, state: dict, lr: float, rho: float = 0.9, eps: float = 1e-8
) -> tuple[Array, dict]:
    t, new = state.get("t", 0) + 1, _right(state.get("s", np.zeros_like(grad)), grad, rho)
    return theta - lr * grad / (np.sqrt(new / (1 - rho**t)) + eps), {"t": t, "s": new}


MISCONCEPTIONS = (
    Misconception(
        "rmsprop-climbs",
        "the step climbs",
        "The scaled gradient points uphill like the gradient: subtract it.",
        sections.RMSPROP,
        (adaptive.rmsprop(_right, sign=1.0),),
    ),
    Misconception(
        "rmsprop-decay-added",
        "the decay is added where it must multiply",
        "rho is a weight: rho·average + (1 − rho)·grad². Added, it only makes every average larger.",
        sections.RMSPROP,
        (
            adaptive.rmsprop(lambda s, g, rho: rho + s + (1 - rho) * g**2),
            adaptive.rmsprop(lambda s, g, rho: rho * s + (1 - rho) + g**2),
            adaptive.rmsprop(lambda s, g, rho: (rho + s) * (1 - rho) * g**2),
        ),
    ),
    Misconception(
        "rmsprop-weights-exchanged",
        "the two weights are exchanged",
        "rho is the weight of the old average, 1 − rho that of the new square.",
        sections.RMSPROP,
        (adaptive.rmsprop(lambda s, g, rho: (1 - rho) * s + rho * g**2),),
    ),
    Misconception(
        "rmsprop-is-adagrad",
        "the squares are summed instead of averaged",
        "That is AdaGrad, whose steps fade away. RMSProp averages: rho·average + (1 − rho)·grad².",
        sections.RMSPROP,
        (
            adaptive.rmsprop(lambda s, g, rho: s + g**2),
            adaptive.rmsprop(lambda s, g, rho: rho * s + g**2),
            adaptive.rmsprop(lambda s, g, rho: s + (1 - rho) * g**2),
        ),
    ),
    Misconception(
        "rmsprop-without-root",
        "the root is missing",
        "Divide by the root of the average square (that is what RMS stands for).",
        sections.RMSPROP,
        (adaptive.rmsprop(_right, adaptive.without_root),),
    ),
    Misconception(
        "rmsprop-without-squares",
        "gradients are averaged without being squared",
        "The average is one of squares: signs would cancel, and the root of a negative number is none.",
        sections.RMSPROP,
        (
            adaptive.rmsprop(lambda s, g, rho: rho * s + (1 - rho) * g),
            adaptive.rmsprop(lambda s, g, rho: rho * s + (1 - rho) * np.abs(g)),
        ),
    ),
    Misconception(
        "rmsprop-one-average-for-all",
        "one average for all components",
        "Every component of theta has its own average of squares.",
        sections.RMSPROP,
        (
            adaptive.rmsprop(lambda s, g, rho: rho * s + (1 - rho) * (g**2).mean()),
            adaptive.rmsprop(lambda s, g, rho: rho * s + (1 - rho) * (g**2).sum()),
        ),
    ),
    Misconception(
        "rmsprop-forgets-average",
        "the average is lost between steps",
        "Every step begins with an average of 0. Keep the new one in the state that you return.",
        sections.RMSPROP,
        (adaptive.rmsprop(_right, keep=False), adaptive.rmsprop(lambda s, g, rho: g**2)),
    ),
    Misconception(
        "rmsprop-starts-otherwise",
        "the average starts at the first square, or is corrected",
        "Here the average starts at 0 and is left as it is: the first steps are long. Adam mends that.",
        sections.RMSPROP,
        (_starts_at_the_square, _corrected),
    ),
    Misconception(
        "rmsprop-divides-before-averaging",
        "the newest square is averaged too late",
        "First update the average, then divide by its root. Otherwise the first step divides by eps alone.",
        sections.RMSPROP,
        (adaptive.rmsprop(_right, late=True),),
    ),
    Misconception(
        "rmsprop-eps-misplaced",
        "eps stands inside the root, or is hard-coded",
        "Divide by √average + eps, with the eps that was given. It only shows where gradients are tiny or "
        "eps is large.",
        sections.RMSPROP,
        (
            adaptive.rmsprop(_right, adaptive.inside),
            adaptive.rmsprop(_right, adaptive.hard_coded),
            adaptive.rmsprop(_right, adaptive.root_alone),
        ),
    ),
    Misconception(
        "rmsprop-eps-multiplies",
        "eps multiplies",
        "√average·eps makes steps enormous. eps is added to the root: √average + eps.",
        sections.RMSPROP,
        (adaptive.rmsprop(_right, adaptive.times),),
    ),
)

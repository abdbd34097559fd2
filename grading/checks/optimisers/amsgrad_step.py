"""amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8): never forget a large gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import adaptive, sections
from grading.checks.optimisers.references import amsgrad_step as reference
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step

Array = np.ndarray


def _largest(
    remember: Callable[[Array, Array, Array], Array] = lambda kept, v, old: np.maximum(kept, v),
    *,
    divide: adaptive.Divide = adaptive.root_plus,
    corrected: bool = False,
    feeds_back: bool = False,
    sign: float = -1.0,
) -> Callable[..., tuple[Array, dict]]:
    """Return a step with its own memory: `remember(kept, v, v of the step before)`."""

    def step(
        theta: Array,
        grad: Array,
        state: dict,
        lr: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> tuple[Array, dict]:
        t, zero = state.get("t", 0) + 1, np.zeros_like(grad)
        old = state.get("v", zero)
        m = beta1 * state.get("m", zero) + (1 - beta1) * grad
        v = beta2 * old + (1 - beta2) * grad**2
        kept = remember(state.get("kept", zero), v, old)
        m_hat, by = (m / (1 - beta1**t), kept / (1 - beta2**t)) if corrected else (m, kept)
        moved = theta + sign * lr * m_hat / divide(by, eps)
        return moved, {"t": t, "m": m, "v": kept if feeds_back else v, "kept": kept}

    return step


def _of_squares(
    theta: Array,
    grad: Array,
    state: dict,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, dict]:
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    kept = np.maximum(state.get("kept", 0), grad**2)
    return theta - lr * m / (np.sqrt(kept) + eps), {"m": m, "kept": kept}


MISCONCEPTIONS = (
    Misconception(
        "amsgrad-climbs",
        "the step climbs",
        "The average gradient points uphill like the gradients: subtract the scaled step.",
        sections.AMSGRAD,
        (_largest(sign=1.0),),
    ),
    Misconception(
        "amsgrad-without-maximum",
        "the largest average is not used",
        "That is Adam without correction. Keep the largest v so far, component by component, and divide "
        "by its root.",
        sections.AMSGRAD,
        (_largest(lambda kept, v, old: v),),
    ),
    Misconception(
        "amsgrad-forgets-the-largest",
        "only the last two averages are compared",
        "The maximum runs over all steps so far: compare with the largest that was kept, and keep the "
        "result.",
        sections.AMSGRAD,
        (_largest(lambda kept, v, old: np.maximum(old, v)),),
    ),
    Misconception(
        "amsgrad-average-is-replaced",
        "the maximum is stored in place of the average",
        "v goes on averaging by itself; the maximum is kept beside it.",
        sections.AMSGRAD,
        (_largest(feeds_back=True),),
    ),
    Misconception(
        "amsgrad-smallest",
        "the smallest average is used",
        "AMSGrad never lets the divisor shrink: keep the largest average, np.maximum.",
        sections.AMSGRAD,
        (
            _largest(lambda kept, v, old: np.minimum(kept, v)),
            _largest(lambda kept, v, old: np.where(kept > 0, np.minimum(kept, v), v)),
        ),
    ),
    Misconception(
        "amsgrad-one-maximum-for-all",
        "one maximum for all components",
        "np.maximum compares component by component; np.max, or max, gives one number for all.",
        sections.AMSGRAD,
        (
            _largest(lambda kept, v, old: np.full_like(v, max(kept.max(), v.max()))),
            _largest(lambda kept, v, old: np.full_like(v, v.max())),
        ),
    ),
    Misconception(
        "amsgrad-of-squared-gradients",
        "the largest squared gradient is kept instead of the largest average",
        "Average first, then take the maximum of the averages.",
        sections.AMSGRAD,
        (_of_squares,),
    ),
    Misconception(
        "amsgrad-corrects",
        "the averages are corrected",
        "This question asks for AMSGrad as it was published, without bias correction: use m and v as they "
        "are.",
        sections.AMSGRAD,
        (_largest(corrected=True),),
    ),
    Misconception(
        "amsgrad-eps-misplaced",
        "eps stands inside the root, or is hard-coded",
        "Divide by the root of the largest average, plus the eps that was given.",
        sections.AMSGRAD,
        (
            _largest(divide=adaptive.inside),
            _largest(divide=adaptive.hard_coded),
            _largest(divide=adaptive.root_alone),
        ),
    ),
)
RNG = np.random.default_rng(34)
GROWING = (
    example(np.array([1.0, -2.0]), np.array([[3.0, -0.5]]), 0.5),
    example(np.array([1.0, -2.0]), np.array([[1.0, -0.5], [2.0, 4.0]]), 0.5, beta1=0.5, beta2=0.75),
    course(RNG, (2, 2), 1, 0.5, "halves", "float32", beta1=0.5, beta2=0.75),
)
RARE = (
    example(
        np.array([1.0]),
        np.array([[4.0], [0.0], [1.0]]),
        1.0,
        beta1=0.0,
        beta2=0.75,
        note="the example of the prompt",
    ),
    course(RNG, (2,), 6, 0.5, "rare", "float64", beta2=0.9),
    course(RNG, (2, 3), 5, 0.5, "sparse", "float64", beta1=0.5, beta2=0.5),
    course(RNG, (3,), 4, 0.5, "rare", "float32", beta1=0.5, beta2=0.75),
)
EPS = (
    example(np.array([1.0, 1.0]), np.array([[3.0, -4.0]]), 1.0, eps=1.0, note="a large eps"),
    course(RNG, (2,), 3, 0.5, "tiny", "float64"),
)
BETAS = {"beta1": (0.9, 0.5), "beta2": (0.999, 0.75, 0.5)}

check = Check(
    name="amsgrad_step",
    signature="(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8)",
    section=sections.AMSGRAD,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("growing gradients", 1, GROWING, drawn(steps=(1,), **BETAS)),
        Part(
            "a rare large gradient",
            2,
            RARE,
            drawn(steps=(2, 3, 6), numbers=("whole", "rare", "sparse"), **BETAS),
        ),
        Part(
            "tiny gradients and a large eps",
            1,
            EPS,
            drawn(steps=(1,), numbers=("whole", "small", "tiny"), eps=(1.0, 0.1, 1e-8), **BETAS),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("amsgrad_step"),
)

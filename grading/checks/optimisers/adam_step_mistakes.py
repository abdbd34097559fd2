"""What goes wrong in adam_step, each with the step that it makes."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.optimisers import adaptive, sections
from grading.checks.optimisers.moments import Adam

Array = np.ndarray


def _eps_before_correction(
    theta: Array,
    grad: Array,
    state: dict,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    bias_correction: bool = True,
) -> tuple[Array, dict]:
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0) + (1 - beta2) * grad**2
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) if bias_correction else lr
    return theta - rate * m / (np.sqrt(v) + eps), {"t": t, "m": m, "v": v}


MISCONCEPTIONS = (
    Misconception(
        "adam-climbs",
        "the step climbs",
        "The average gradient points uphill like the gradients: subtract the scaled step.",
        sections.ADAM,
        (Adam(sign=1.0),),
    ),
    Misconception(
        "adam-never-corrects",
        "the averages are not corrected for their start at 0",
        "With bias_correction=True divide m by 1 − beta1^t and v by 1 − beta2^t. Without it the first "
        "step is about three times too long at the defaults.",
        sections.ADAM,
        (Adam(correct=False),),
    ),
    Misconception(
        "adam-always-corrects",
        "bias_correction=False is ignored",
        "With bias_correction=False use m and v as they are.",
        sections.ADAM,
        (Adam(correct=True),),
    ),
    Misconception(
        "adam-corrects-one-average",
        "only one of the two averages is corrected",
        "Both averages start at 0, so both are corrected: m by 1 − beta1^t, v by 1 − beta2^t.",
        sections.ADAM,
        (Adam(corrects=(True, False)), Adam(corrects=(False, True))),
    ),
    Misconception(
        "adam-counts-from-zero",
        "steps are counted from 0",
        "At t = 0 the correction divides by 1 − beta^0 = 0. The first step is t = 1: count before you "
        "correct.",
        sections.ADAM,
        (Adam(count=lambda before: before),),
    ),
    Misconception(
        "adam-count-stays",
        "t stays at 1",
        "Every step is corrected like the first. Add 1 to t in every step, and keep it in the state that you "
        "return.",
        sections.ADAM,
        (Adam(count=lambda before: 1),),
    ),
    Misconception(
        "adam-exponent-is-two",
        "the exponent of the correction is fixed",
        "The correction is 1 − beta^t, with t the number of the step: not 1 − beta² in every step, and not "
        "1 − beta·t.",
        sections.ADAM,
        (Adam(count=lambda before: 2), Adam(count=lambda before: before + 2)),
    ),
    Misconception(
        "adam-stores-corrected-averages",
        "the corrected averages are stored back",
        "m and v go on uncorrected: the corrected ones are for this step alone. Stored back, they are "
        "corrected again and again.",
        sections.ADAM,
        (Adam(stores_corrected=True),),
    ),
    Misconception(
        "adam-eps-misplaced",
        "eps stands inside the root, before the correction, or is hard-coded",
        "Divide by √v̂ + eps: correct v first, take the root, then add the eps that was given. It only "
        "shows where gradients are tiny or eps is large.",
        sections.ADAM,
        (
            Adam(divide=adaptive.inside),
            Adam(divide=adaptive.hard_coded),
            Adam(divide=adaptive.root_alone),
            _eps_before_correction,
        ),
    ),
    Misconception(
        "adam-eps-multiplies",
        "eps multiplies",
        "√v̂·eps makes steps enormous. eps is added to the root: √v̂ + eps.",
        sections.ADAM,
        (Adam(divide=adaptive.times),),
    ),
    Misconception(
        "adam-without-root",
        "the root is missing",
        "Divide by the root of v̂, so that a step is about lr long whatever the size of the gradients.",
        sections.ADAM,
        (Adam(divide=adaptive.without_root),),
    ),
    Misconception(
        "adam-without-squares",
        "v averages gradients without squaring them",
        "v is the average of grad²; the root of an average gradient may not even exist.",
        sections.ADAM,
        (
            Adam(second=lambda v, g, beta: beta * v + (1 - beta) * g),
            Adam(second=lambda v, g, beta: beta * v + (1 - beta) * np.abs(g)),
        ),
    ),
    Misconception(
        "adam-averages-do-not-average",
        "an average lacks its weight 1 − beta, or has the weights exchanged",
        "beta is the weight of the old average, 1 − beta that of what is new.",
        sections.ADAM,
        (
            Adam(first=lambda m, g, beta: beta * m + g),
            Adam(second=lambda v, g, beta: beta * v + g**2),
            Adam(lambda m, g, beta: beta * m + g, lambda v, g, beta: beta * v + g**2),
            Adam(
                lambda m, g, beta: (1 - beta) * m + beta * g, lambda v, g, beta: (1 - beta) * v + beta * g**2
            ),
        ),
    ),
    Misconception(
        "adam-betas-exchanged",
        "beta1 and beta2 are exchanged",
        "beta1 belongs to the average gradient m, beta2 to the average square v.",
        sections.ADAM,
        (Adam(swap=True),),
    ),
    Misconception(
        "adam-is-rmsprop",
        "the gradient is not averaged",
        "Adam moves by the average gradient m̂, not by the gradient itself: that would be RMSProp.",
        sections.ADAM,
        (
            Adam(first=lambda m, g, beta: g, corrects=(False, True)),
            Adam(first=lambda m, g, beta: g),
        ),
    ),
    Misconception(
        "adam-forgets-averages",
        "the averages are lost between steps",
        "Every step begins with averages of 0. Keep m, v and t in the state that you return.",
        sections.ADAM,
        (Adam(keep=False), Adam(keep=False, count=lambda before: 1)),
    ),
)

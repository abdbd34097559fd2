"""flow_readings(): what becomes of the gradient in a deep net, with and without skips."""

from __future__ import annotations

from functools import cache

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.blocks import gradient_flow

LAYERS, WIDTH, BATCH = 40, 16, 8
LOST = 0.01


@cache
def deep_norms(skip: bool) -> np.ndarray:
    """Return the norms in the notebook's deep net."""
    rng = np.random.default_rng(0)
    weights = rng.normal(0, 0.06, (LAYERS, WIDTH, WIDTH))
    x, dy = rng.normal(size=(2, BATCH, WIDTH))
    return gradient_flow(x, weights, dy, skip)


def _layers_until_lost(share: float = LOST, last: int = LAYERS) -> int:
    norms = deep_norms(False)
    return last - int(np.flatnonzero(norms < share * norms[-1]).max())


def reference() -> tuple[float, float, int]:
    """Return first over last norm without and with skips, and how many layers back 1 % is left without."""
    ratios = [float(deep_norms(skip)[0] / deep_norms(skip)[-1]) for skip in (False, True)]
    return ratios[0], ratios[1], _layers_until_lost()


def _upside_down(skip: bool) -> float:
    return float(deep_norms(skip)[-1] / deep_norms(skip)[0])


MISCONCEPTIONS = (
    Misconception(
        "flow-reading-upside-down",
        "last over first",
        "Divide the norm at x by that at the output: below 1 the gradient fades on its way back.",
        sections.FLOW,
        (lambda: _upside_down(False),),
        output="plain",
    ),
    Misconception(
        "flow-reading-upside-down-with-skips",
        "last over first",
        "Divide the norm at x by that at the output.",
        sections.FLOW,
        (lambda: _upside_down(True),),
        output="skip",
    ),
    Misconception(
        "flow-reading-exchanged",
        "the nets are exchanged",
        "The first number is that without skips.",
        sections.FLOW,
        (lambda: float(deep_norms(True)[0] / deep_norms(True)[-1]),),
        output="plain",
    ),
    Misconception(
        "flow-reading-counted-otherwise",
        "counted from the wrong end, or one off",
        "Go back from the output: after k layers the norm is norms[L − k]. The answer is the first k at "
        "which it "
        "is below 1 % of the last norm.",
        sections.FLOW,
        (
            lambda: LAYERS - _layers_until_lost(),
            lambda: _layers_until_lost() - 1,
            lambda: _layers_until_lost() + 1,
            lambda: LAYERS + 1 - _layers_until_lost(),
        ),
        output="lost",
    ),
)
ONCE = (example(),)
check = Check(
    name="flow_readings",
    signature="()",
    section=sections.FLOW,
    reference=reference,
    outputs=("plain", "skip", "lost"),
    parts=(
        Part("first over last, without skips", 1, ONCE, output="plain"),
        Part("first over last, with skips", 1, ONCE, output="skip"),
        Part("where 1 % is left without skips", 1, ONCE, output="lost"),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"gradient_flow": gradient_flow},
)

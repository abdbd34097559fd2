"""tuned_gradients(u, s, labels, W, b, V, v): back through the head into the trunk's last layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.heads import probabilities, surplus
from grading.checks.transfer.heads import tuned_gradients as reference
from grading.checks.transfer.problems import SIZES, tuning_problem

Array = np.ndarray


def _gradients(
    *,
    skip: bool = True,
    scores_skip: bool = True,
    mean: bool = True,
    minus_one: bool = True,
    head_sees: Callable[..., Array] | None = None,
    stops: bool = False,
    sign: float = 1.0,
) -> Callable[..., tuple[Array, ...]]:
    """Return the four gradients with something changed."""

    def gradients(
        u: Array, s: Array, labels: Array, W: Array, b: Array, V: Array, v: Array
    ) -> tuple[Array, ...]:
        codes = u @ W + b + (s if scores_skip else 0)
        d = surplus(codes @ V + v, labels)
        if not minus_one:
            d = probabilities(codes @ V + v) / len(labels)
        d = sign * d * (1 if mean else len(labels))
        back = d @ V.T * (0 if stops else 1)
        seen = codes if head_sees is None else head_sees(u, s, W, b)
        return u.T @ back, back.sum(axis=0), (seen if skip else seen - s).T @ d, d.sum(axis=0)

    return gradients


MISCONCEPTIONS = (
    Misconception(
        "tuning-stops-at-the-head",
        "no gradient reaches the trunk",
        "Only the head learns like that. The gradient by the codes, d Vᵀ, goes on into W and b.",
        sections.TUNING,
        (_gradients(stops=True),),
    ),
    Misconception(
        "tuning-forgets-what-is-added",
        "s is not in the codes",
        "The block adds its input: the codes are s + u W + b, in the scores and in the gradient by V.",
        sections.TUNING,
        (_gradients(scores_skip=False), _gradients(skip=False)),
    ),
    Misconception(
        "tuning-head-sees-the-block-alone",
        "the gradient by V is taken with s, not with the codes",
        "What the head multiplies is the code, s + u W + b.",
        sections.TUNING,
        (_gradients(head_sees=lambda u, s, W, b: s),),
    ),
    Misconception(
        "tuning-sums-over-examples",
        "the gradients are sums over the examples",
        "The cost is a mean over the examples, so everything is divided by their number.",
        sections.TUNING,
        (_gradients(mean=False),),
    ),
    Misconception(
        "tuning-forgets-the-label",
        "the 1 at the label is not subtracted",
        "The gradient of the cross-entropy by the scores is the probabilities, less 1 at the right class.",
        sections.TUNING,
        (_gradients(minus_one=False),),
    ),
    Misconception(
        "tuning-upside-down",
        "all signs are turned",
        "Return the gradient of the cost; it is the step that goes against it.",
        sections.TUNING,
        (_gradients(sign=-1.0),),
    ),
)
RNG = np.random.default_rng(75)
FIXED = (
    example(
        np.array([[2.0]]),
        np.array([[1.0]]),
        np.array([0]),
        np.array([[0.5]]),
        np.array([-1.0]),
        np.array([[3.0, 1.0]]),
        np.zeros(2),
        note="the example of the prompt",
    ),
    example(
        np.zeros((3, 1)),
        np.array([[1000.0], [-1000.0], [900.0]]),
        np.array([0, 1, 1]),
        np.array([[0.5]]),
        np.zeros(1),
        np.array([[1.0, -2.0]]),
        np.zeros(2),
        note="large scores",
    ),
    tuning_problem(RNG, (4, 2, 3), 3),
    tuning_problem(RNG, (3, 3, 3), 3),
    tuning_problem(RNG, (5, 3, 2), 4, "float32"),
)
DRAWN = Drawn(
    tuning_problem, {"size": SIZES, "inside": (1, 2, 3, 4), "dtype": ("float64", "float32")}, cases=10
)


def _magnitude(
    u: Array, s: Array, labels: Array, W: Array, b: Array, V: Array, v: Array
) -> tuple[Array, ...]:
    """Sums of absolute terms: probabilities near 1 lose digits where 1 is subtracted."""
    codes = np.abs(s) + np.abs(u) @ np.abs(W) + np.abs(b)
    d = np.ones((len(u), V.shape[1])) / len(u)
    back = d @ np.abs(V).T
    return np.abs(u).T @ back, back.sum(axis=0), codes.T @ d, d.sum(axis=0)


check = Check(
    name="tuned_gradients",
    signature="(u, s, labels, W, b, V, v)",
    section=sections.TUNING,
    reference=reference,
    magnitude=_magnitude,
    outputs=("dW", "db", "dV", "dv"),
    parts=(
        Part("dW, for the trunk's last layer", 2, FIXED, DRAWN, output="dW"),
        Part("db, for its bias", 1, FIXED, DRAWN, output="db"),
        Part("dV, for the head", 1, FIXED, DRAWN, output="dV"),
        Part("dv, for its bias", 1, FIXED, DRAWN, output="dv"),
    ),
    misconceptions=MISCONCEPTIONS,
)

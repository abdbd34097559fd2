"""adam_decay_step(theta, grad, state, lr, decay, decoupled, …): where weight decay is not what L2 is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step
from grading.checks.regularisation import sections
from grading.checks.regularisation.penalties import adam_decay_step as reference

Array = np.ndarray


@dataclass(frozen=True)
class Step:
    """Adam's step with the places where decay goes wrong.

    Parameters
    ----------
    decouple : callable
        Whether the decay stays out of the gradient, for what was asked.
    slope : callable
        What Adam takes for the gradient where the decay is in it: `slope(grad, theta, decay)`.
    decayed : callable
        Theta after the step where the decay is beside the gradient: `decayed(before, moved, lr, decay)`.
    """

    decouple: Callable[[bool], bool] = lambda asked: asked
    slope: Callable[[Array, Array, float], Array] = lambda grad, theta, decay: grad + decay * theta
    decayed: Callable[[Array, Array, float, float], Array] = lambda before, moved, lr, decay: (
        moved - lr * decay * before
    )

    def __call__(
        self,
        theta: Array,
        grad: Array,
        state: dict,
        lr: float,
        decay: float = 0.01,
        decoupled: bool = True,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> tuple[Array, dict]:
        """Make the step: Adam's own is the reference's without decay."""
        beside = self.decouple(decoupled)
        slope = grad if beside else self.slope(grad, theta, decay)
        moved, state = reference(theta, slope, state, lr, 0.0, True, beta1, beta2, eps)
        return (self.decayed(theta, moved, lr, decay) if beside else moved), state


MISCONCEPTIONS = (
    Misconception(
        "decay-always-in-the-gradient",
        "the decay is in the gradient, also where it is asked to be beside it",
        "In the gradient the decay is divided by √v̂ like everything else: weights of large gradients hardly "
        "decay. Decoupled, lr·decay·θ is subtracted beside Adam's step, whatever the gradients are.",
        sections.DECAY,
        (Step(lambda asked: False),),
    ),
    Misconception(
        "decay-always-beside-the-gradient",
        "the decay is beside the gradient, also where it is asked to be in it",
        "With decoupled=False the averages must see grad + decay·θ, the gradient of the cost with its L2 "
        "penalty.",
        sections.DECAY,
        (Step(lambda asked: True),),
    ),
    Misconception(
        "decay-exchanged",
        "the two ways are exchanged",
        "decoupled=True takes the decay out of the gradient; decoupled=False leaves it in.",
        sections.DECAY,
        (Step(lambda asked: not asked),),
    ),
    Misconception(
        "decay-without-the-rate",
        "the decoupled decay is not multiplied by the rate",
        "The share that a weight loses in a step is lr·decay.",
        sections.DECAY,
        (Step(decayed=lambda before, moved, lr, decay: moved - decay * before),),
    ),
    Misconception(
        "decay-after-the-step",
        "theta decays after the step, and the step with it",
        "The decay takes lr·decay of the θ before the step: Adam's step itself does not decay.",
        sections.DECAY,
        (Step(decayed=lambda before, moved, lr, decay: moved - lr * decay * moved),),
    ),
    Misconception(
        "decay-grows",
        "weights grow instead of decaying",
        "The gradient of the penalty is +decay·θ, and a step subtracts it: the weights go towards 0.",
        sections.DECAY,
        (
            Step(
                slope=lambda grad, theta, decay: grad - decay * theta,
                decayed=lambda before, moved, lr, decay: moved + lr * decay * before,
            ),
            Step(decayed=lambda before, moved, lr, decay: moved + lr * decay * before),
            Step(slope=lambda grad, theta, decay: grad - decay * theta),
        ),
    ),
    Misconception(
        "decay-factor-of-another-cost",
        "the decay in the gradient has another factor",
        "The penalty is decay/2 times the squares, so that decay·θ is its gradient.",
        sections.DECAY,
        (
            Step(slope=lambda grad, theta, decay: grad + 2 * decay * theta),
            Step(slope=lambda grad, theta, decay: grad + decay / 2 * theta),
        ),
    ),
    Misconception(
        "decay-missing",
        "there is no decay",
        "Without decay this is Adam itself. The question is where decay·θ comes in.",
        sections.DECAY,
        (
            Step(lambda asked: True, decayed=lambda before, moved, lr, decay: moved),
            Step(decayed=lambda before, moved, lr, decay: moved),
            Step(slope=lambda grad, theta, decay: grad),
        ),
    ),
)

RNG = np.random.default_rng(55)
IN = (
    example(
        np.array([2.0, -4.0]),
        np.array([[1.0, 1.0]]),
        0.5,
        decay=0.5,
        decoupled=False,
        note="the example of the prompt",
    ),
    course(RNG, (2,), 5, 0.5, "whole", "float64", decay=0.5, decoupled=False),
    course(RNG, (2, 2), 3, 0.1, "halves", "float32", decay=0.1, decoupled=False, beta1=0.5, beta2=0.75),
    course(RNG, (2,), 3, 0.5, "tiny", "float64", decay=1e-9, decoupled=False),
    course(RNG, (2,), 4, 0.5, "whole", "float64", decay=0.25, decoupled=False, eps=1.0),
)
BESIDE = (
    example(np.array([2.0, -4.0]), np.array([[1.0, 1.0]]), 0.5, decay=0.5, note="the example of the prompt"),
    course(RNG, (2,), 5, 0.5, "whole", "float64", decay=0.5, decoupled=True),
    course(RNG, (2, 2), 3, 0.1, "halves", "float32", decay=0.1, decoupled=True, beta1=0.5, beta2=0.75),
    example(np.array([1.0, -3.0]), np.array([[2.0, 0.5], [0.0, -1.0]]), 0.5, note="all defaults"),
    course(RNG, (2,), 4, 0.5, "whole", "float64", decay=0.25, decoupled=True, eps=1.0),
)
OPTIONS = {"decay": (0.5, 0.1), "beta1": (0.9, 0.5), "beta2": (0.999, 0.75)}

check = Check(
    name="adam_decay_step",
    signature="(theta, grad, state, lr, decay=0.01, decoupled=True, beta1=0.9, beta2=0.999, eps=1e-8)",
    section=sections.DECAY,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("decay in the gradient", 1, IN, drawn(steps=(1, 2, 5), decoupled=(False,), **OPTIONS)),
        Part("decay beside the gradient", 1, BESIDE, drawn(steps=(1, 2, 5), decoupled=(True,), **OPTIONS)),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("adam_decay_step"),
)

"""What goes wrong in learning_rate, each with the rate that it gives."""

from __future__ import annotations

import math
from collections.abc import Callable

from grading.checks.definition import Misconception
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import learning_rate as right

Rate = Callable[..., float]


def _formula(compute: Callable[[int, float, int, float], float]) -> Rate:
    """Return a schedule from a formula in t, lr, length and factor."""

    def rate(schedule: str, t: int, lr: float, length: int, factor: float = 0.1, warmup: int = 0) -> float:
        return compute(t, lr, length, factor)

    return rate


def _cosine(compute: Callable[[int, float, int, int], float]) -> Rate:
    """Return a schedule from a formula in t, lr, length and warmup."""

    def rate(schedule: str, t: int, lr: float, length: int, factor: float = 0.1, warmup: int = 0) -> float:
        return compute(t, lr, length, warmup)

    return rate


def _half_cosine(lr: float, share: float) -> float:
    return lr * (1 + math.cos(math.pi * share)) / 2


def _warm(then: Callable[[int, float, int, int], float], first: Callable[[int, int], float]) -> Rate:
    return _cosine(
        lambda t, lr, length, warmup: lr * first(t, warmup) if t < warmup else then(t, lr, length, warmup)
    )


def _right_cosine(t: int, lr: float, length: int, warmup: int) -> float:
    return _half_cosine(lr, min((t - warmup) / length, 1))


def _right_warmup(t: int, warmup: int) -> float:
    return (t + 1) / warmup


MISCONCEPTIONS = (
    Misconception(
        "step-decay-is-smooth",
        "the rate falls between the steps, too",
        "The rate stays the same for `length` steps and then falls at once: whole divisions, t // length.",
        sections.SCHEDULES,
        (_formula(lambda t, lr, length, factor: lr * factor ** (t / length)),),
        part="step",
    ),
    Misconception(
        "step-decay-once",
        "the rate is cut only once, or by the same amount each time",
        "It is multiplied by factor again after every `length` steps: factor to the power t // length.",
        sections.SCHEDULES,
        (
            _formula(lambda t, lr, length, factor: lr * factor if t >= length else lr),
            _formula(lambda t, lr, length, factor: lr * factor * (t // length) if t >= length else lr),
        ),
        part="step",
    ),
    Misconception(
        "step-decay-late",
        "the cut comes a step too late",
        "The first cut is at t = length, not after it: t // length.",
        sections.SCHEDULES,
        (_formula(lambda t, lr, length, factor: lr * factor ** (max(t - 1, 0) // length)),),
        part="step",
    ),
    Misconception(
        "exponential-by-steps",
        "the rate falls in steps",
        "It falls by the same share in every step: factor to the power t / length, with an ordinary "
        "division.",
        sections.SCHEDULES,
        (_formula(lambda t, lr, length, factor: lr * factor ** (t // length)),),
        part="exponential",
    ),
    Misconception(
        "exponential-forgets-length-or-factor",
        "length or factor is left out",
        "After `length` steps what is left is factor: lr·factor^(t/length).",
        sections.SCHEDULES,
        (
            _formula(lambda t, lr, length, factor: lr * factor**t),
            _formula(lambda t, lr, length, factor: lr * math.exp(-t / length)),
            _formula(lambda t, lr, length, factor: lr * math.exp(-factor * t)),
            _formula(lambda t, lr, length, factor: lr * math.exp(-factor * t / length)),
        ),
        part="exponential",
    ),
    Misconception(
        "inverse-time-without-one",
        "the 1 is missing, or length multiplies",
        "lr / (1 + t/length) begins at lr for t = 0 and has fallen to half at t = length.",
        sections.SCHEDULES,
        (
            _formula(lambda t, lr, length, factor: lr * length / t),
            _formula(lambda t, lr, length, factor: lr / (1 + t * length)),
            _formula(lambda t, lr, length, factor: lr / (1 + t)),
            _formula(lambda t, lr, length, factor: lr * length / max(t, length)),
        ),
        part="1/t",
    ),
    Misconception(
        "hold-takes-the-smaller",
        "min stands where max should be",
        "max(t, length) is `length` at first, which keeps the rate at lr, and then grows with t.",
        sections.SCHEDULES,
        (_formula(lambda t, lr, length, factor: lr * length / min(t, length)),),
        part="hold",
    ),
    Misconception(
        "hold-falls-at-once",
        "the rate is not held",
        "Up to t = length the rate is lr; only then it falls, as lr·length/t.",
        sections.SCHEDULES,
        (
            _formula(lambda t, lr, length, factor: lr * length / (t + length)),
            _formula(lambda t, lr, length, factor: lr * length / max(t, 1)),
            _formula(lambda t, lr, length, factor: lr / max(t, length)),
        ),
        part="hold",
    ),
    Misconception(
        "triangle-upside-down",
        "the triangle begins at its top",
        "It begins at the low rate, factor·lr, and reaches lr after `length` steps.",
        sections.SCHEDULES,
        (
            _formula(
                lambda t, lr, length, factor: (
                    factor * lr + (lr - factor * lr) * abs(t % (2 * length) - length) / length
                )
            ),
        ),
        part="triangular",
    ),
    Misconception(
        "triangle-half-as-long",
        "a whole cycle takes `length` steps",
        "The rise alone takes `length` steps, and the fall as many: a cycle is 2·length.",
        sections.SCHEDULES,
        (
            _formula(
                lambda t, lr, length, factor: (
                    lr + (factor * lr - lr) * abs(2 * (t % length) - length) / length
                )
            ),
        ),
        part="triangular",
    ),
    Misconception(
        "triangle-is-a-sawtooth",
        "the rate jumps back instead of falling evenly",
        "From the top it goes down as slowly as it went up.",
        sections.SCHEDULES,
        (_formula(lambda t, lr, length, factor: lr * (factor + (1 - factor) * (t % length) / length)),),
        part="triangular",
    ),
    Misconception(
        "triangle-from-zero",
        "the low end is 0, or factor itself",
        "The low end is factor·lr: the rate goes from factor·lr to lr.",
        sections.SCHEDULES,
        (
            _formula(lambda t, lr, length, factor: lr * (1 - abs(t % (2 * length) - length) / length)),
            _formula(
                lambda t, lr, length, factor: lr + (factor - lr) * abs(t % (2 * length) - length) / length
            ),
        ),
        part="triangular",
    ),
    Misconception(
        "triangle-once",
        "there is only one triangle",
        "The cycle repeats for ever: use t modulo 2·length.",
        sections.SCHEDULES,
        (
            _formula(lambda t, lr, length, factor: lr + (factor * lr - lr) * abs(t - length) / length),
            _formula(
                lambda t, lr, length, factor: lr + (factor * lr - lr) * min(abs(t - length) / length, 1.0)
            ),
        ),
        part="triangular",
    ),
    Misconception(
        "cosine-without-warmup",
        "there is no warm-up",
        "During the first `warmup` steps the rate is lr·(t + 1)/warmup, and the cosine begins after them.",
        sections.SCHEDULES,
        (
            _cosine(lambda t, lr, length, warmup: _half_cosine(lr, min(t / length, 1))),
            _cosine(lambda t, lr, length, warmup: _half_cosine(lr, min(max(t - warmup, 0) / length, 1))),
        ),
        part="cosine",
    ),
    Misconception(
        "warmup-from-zero",
        "the first step has a rate of 0",
        "The warm-up is lr·(t + 1)/warmup: the step at t = 0 moves already, and the last one has lr.",
        sections.SCHEDULES,
        (_warm(_right_cosine, lambda t, warmup: t / warmup),),
        part="cosine",
    ),
    Misconception(
        "cosine-starts-with-the-warmup",
        "the cosine does not begin where the warm-up ends",
        "After the warm-up the cosine starts from its top: count t − warmup, over `length` further steps.",
        sections.SCHEDULES,
        (
            _warm(lambda t, lr, length, warmup: _half_cosine(lr, min(t / length, 1)), _right_warmup),
            _warm(
                lambda t, lr, length, warmup: _half_cosine(lr, min((t - warmup) / (length - warmup), 1)),
                _right_warmup,
            ),
            _warm(
                lambda t, lr, length, warmup: _half_cosine(lr, min((t - warmup) / (length + warmup), 1)),
                _right_warmup,
            ),
        ),
        part="cosine",
    ),
    Misconception(
        "cosine-rises-again",
        "the rate grows again after the end",
        "At t = warmup + length the rate has reached 0, and stays there: take the smaller of the share "
        "and 1.",
        sections.SCHEDULES,
        (_warm(lambda t, lr, length, warmup: _half_cosine(lr, (t - warmup) / length), _right_warmup),),
        part="cosine",
    ),
    Misconception(
        "cosine-not-halved",
        "the cosine is not brought between 0 and 1",
        "The cosine lies between −1 and 1: (1 + cos(π·share))/2 lies between 0 and 1.",
        sections.SCHEDULES,
        (
            _warm(
                lambda t, lr, length, warmup: lr * math.cos(math.pi * min((t - warmup) / length, 1)),
                _right_warmup,
            ),
            _warm(
                lambda t, lr, length, warmup: lr * math.cos(math.pi * min((t - warmup) / length, 1) / 2),
                _right_warmup,
            ),
            _warm(lambda t, lr, length, warmup: 2 * _right_cosine(t, lr, length, warmup), _right_warmup),
        ),
        part="cosine",
    ),
    Misconception(
        "schedule-forgets-the-rate",
        "the share is returned instead of the rate",
        "Multiply by lr: the schedule says which share of lr is left.",
        sections.SCHEDULES,
        (
            lambda schedule, t, lr, length, factor=0.1, warmup=0: (
                right(schedule, t, lr, length, factor, warmup) / lr
            ),
        ),
    ),
)

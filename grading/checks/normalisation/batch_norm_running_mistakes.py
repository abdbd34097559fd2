"""What goes wrong in batch_norm_running, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections

Array = np.ndarray


def _mean(x: Array) -> Array:
    return x.mean(axis=0)


def _unbiased(x: Array) -> Array:
    return x.var(axis=0, ddof=1)


def _biased(x: Array) -> Array:
    return x.var(axis=0)


def _moved(old: Array, new: Array, momentum: float) -> Array:
    return (1 - momentum) * old + momentum * new


def _both(step: Callable[[Array, Array, float], Array], variance: Callable[[Array], Array]) -> object:
    """Move both averages in another way."""
    return lambda x, running_mean, running_var, momentum=0.1: (
        step(running_mean, _mean(x), momentum),
        step(running_var, variance(x), momentum),
    )


def _either(step: Callable[[Array, Array, float], Array]) -> tuple[object, ...]:
    return tuple(_both(step, variance) for variance in (_unbiased, _biased))


def _only_variance(variance: Callable[[Array], Array]) -> object:
    return lambda x, running_mean, running_var, momentum=0.1: _moved(running_var, variance(x), momentum)


def _started_at(value: float, place: int) -> object:
    """Begin again from a constant, instead of going on from the argument."""

    def compute(x: Array, running_mean: Array, running_var: Array, momentum: float = 0.1) -> Array:
        new = (_mean, _unbiased)[place](x)
        return _moved(np.full_like(new, value), new, momentum)

    return compute


MISCONCEPTIONS = (
    Misconception(
        "running-average-weighs-the-old",
        "momentum weighs the old value",
        "Some texts weigh the old value by the momentum. Here, as in PyTorch, momentum weighs the new one: "
        "(1 - m) · old + m · new.",
        sections.RUNNING,
        _either(lambda old, new, momentum: momentum * old + (1 - momentum) * new),
    ),
    Misconception(
        "running-average-adds",
        "the old value is not reduced",
        "An average moves towards the new value: the old one is weighed by 1 - momentum, so that the weights "
        "sum to 1.",
        sections.RUNNING,
        (
            *_either(lambda old, new, momentum: old + momentum * new),
            *_either(lambda old, new, momentum: (1 - momentum) * old + new),
        ),
    ),
    Misconception(
        "running-average-forgets-the-old",
        "the statistics of this batch alone are returned",
        "The running averages remember earlier batches: (1 - m) · old + m · new.",
        sections.RUNNING,
        (
            *_either(lambda old, new, momentum: new),
            *_either(lambda old, new, momentum: momentum * new),
        ),
    ),
    Misconception(
        "running-average-not-moved",
        "the running averages come back as they were",
        "Return the new averages, moved towards this batch's mean and variance.",
        sections.RUNNING,
        (_both(lambda old, new, momentum: old, _biased),),
    ),
    Misconception(
        "running-statistics-keep-dimensions",
        "the averages have a batch axis",
        "They have the shape (D,), as they came. keepdims makes (1, D) of it.",
        sections.RUNNING,
        tuple(
            lambda x, running_mean, running_var, momentum=0.1, variance=variance: (
                _moved(running_mean, _mean(x), momentum)[None],
                _moved(running_var, variance(x), momentum)[None],
            )
            for variance in (_unbiased, _biased)
        ),
    ),
    Misconception(
        "running-mean-starts-at-zero",
        "the old mean is not the one that was given",
        "Go on from the running_mean that the function gets: it remembers earlier batches.",
        sections.RUNNING,
        (_started_at(0.0, 0),),
        output="running_mean",
    ),
    Misconception(
        "running-variance-starts-at-one",
        "the old variance is not the one that was given",
        "Go on from the running_var that the function gets: it is 1, or 0, only before the first batch.",
        sections.RUNNING,
        (_started_at(1.0, 1), _started_at(0.0, 1)),
        output="running_var",
    ),
    Misconception(
        "running-variance-biased",
        "the running average keeps the biased variance",
        "The batch is normalised by the mean square (divided by N). What is kept for later estimates the "
        "variance of all data: divide by N - 1, ddof=1.",
        sections.RUNNING,
        (_only_variance(_biased),),
        output="running_var",
    ),
    Misconception(
        "running-variance-contains-eps",
        "ε is added to the running variance",
        "ε belongs to the division alone. Added here, it would be added again in test mode.",
        sections.RUNNING,
        tuple(
            _only_variance(lambda x, eps=eps, variance=variance: variance(x) + eps)
            for eps in (1e-5, 1e-8, 1e-3)
            for variance in (_unbiased, _biased)
        ),
        output="running_var",
    ),
    Misconception(
        "running-variance-is-a-deviation",
        "the standard deviation is averaged",
        "The running average is that of the variance; the root is taken when it is used.",
        sections.RUNNING,
        (_only_variance(lambda x: x.std(axis=0)), _only_variance(lambda x: x.std(axis=0, ddof=1))),
        output="running_var",
    ),
    Misconception(
        "running-variance-over-everything",
        "one variance for all features",
        "Every feature has a variance of its own: axis=0.",
        sections.RUNNING,
        (_only_variance(lambda x: x.var(ddof=1)), _only_variance(np.var)),
        output="running_var",
    ),
)

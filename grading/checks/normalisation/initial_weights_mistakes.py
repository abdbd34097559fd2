"""What goes wrong in initial_weights, each with the function that computes it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import deviation

Array = np.ndarray
Shape = tuple[int, ...]


def fans(shape: Shape) -> tuple[int, int]:
    """Return fan_in and fan_out."""
    return shape[1] * math.prod(shape[2:]), shape[0] * math.prod(shape[2:])


def _draw(shape: Shape, seed: int, std: float) -> Array:
    return std * np.random.default_rng(seed).standard_normal(shape)


def _with(std: Callable[[int, int], float]) -> object:
    """Draw with another standard deviation, a function of the fans."""
    return lambda rule, shape, seed: _draw(shape, seed, std(*fans(shape)))


def _uniform(variance: Callable[[int, int], float]) -> object:
    def compute(rule: str, shape: Shape, seed: int) -> Array:
        bound = math.sqrt(3 * variance(*fans(shape)))
        return np.random.default_rng(seed).uniform(-bound, bound, shape)

    return compute


def _kernel_not_counted(rule: str, shape: Shape, seed: int) -> Array:
    return _draw(shape, seed, deviation(rule, shape[:2]))


def _old_generator(rule: str, shape: Shape, seed: int) -> Array:
    return deviation(rule, shape) * np.random.RandomState(seed).standard_normal(shape)


MISCONCEPTIONS = (
    Misconception(
        "kernel-not-counted-in-the-fans",
        "the fans leave out the size of the kernel",
        "One output of a convolution sums over C·KH·KW numbers, and one input reaches O·KH·KW outputs: "
        "multiply by the kernel's size.",
        sections.INITIALISATION,
        (_kernel_not_counted,),
    ),
    Misconception(
        "drawn-from-another-generator",
        "the numbers come from another generator",
        "np.random.seed and RandomState are the old generator, which gives other numbers. Use "
        "np.random.default_rng(seed).",
        sections.INITIALISATION,
        (_old_generator,),
    ),
    Misconception(
        "small-weights-of-another-size",
        "small weights have another standard deviation",
        "The prompt fixes it: 0.01, whatever the shape.",
        sections.INITIALISATION,
        tuple(_with(lambda fan_in, fan_out, std=std: std) for std in (0.1, 0.001, 1.0, 0.0001)),
        part="small",
    ),
    Misconception(
        "xavier-fan-in-only",
        "this is the variance 1/fan_in",
        "Some texts call 1/fan_in Xavier's variance. The paper's, which the prompt asks for, is "
        "2/(fan_in + fan_out).",
        sections.INITIALISATION,
        (_with(lambda fan_in, fan_out: math.sqrt(1 / fan_in)),),
        part="xavier",
    ),
    Misconception(
        "xavier-root-missing",
        "the variance is used as the standard deviation",
        "2/(fan_in + fan_out) is the variance. Normal numbers are multiplied by its square root.",
        sections.INITIALISATION,
        (_with(lambda fan_in, fan_out: 2 / (fan_in + fan_out)), _with(lambda fan_in, fan_out: 1 / fan_in)),
        part="xavier",
    ),
    Misconception(
        "xavier-without-the-two",
        "the 2 is missing, or there is one too many",
        "The variance is 1 over the mean of the two fans: 2/(fan_in + fan_out).",
        sections.INITIALISATION,
        (
            _with(lambda fan_in, fan_out: math.sqrt(1 / (fan_in + fan_out))),
            _with(lambda fan_in, fan_out: math.sqrt(4 / (fan_in + fan_out))),
            _with(lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out))),
        ),
        part="xavier",
    ),
    Misconception(
        "xavier-uniform",
        "drawn from a uniform distribution",
        "Your variance is right. The prompt asks for normal numbers.",
        sections.INITIALISATION,
        (_uniform(lambda fan_in, fan_out: 2 / (fan_in + fan_out)),),
        part="xavier",
    ),
    Misconception(
        "he-fan-out",
        "fan_out is used instead of fan_in",
        "Weights have the shape (out, in), so fan_in is counted from the second axis; He's variance is "
        "2/fan_in.",
        sections.INITIALISATION,
        (_with(lambda fan_in, fan_out: math.sqrt(2 / fan_out)),),
        part="he",
    ),
    Misconception(
        "he-root-missing",
        "the variance is used as the standard deviation",
        "2/fan_in is the variance. Normal numbers are multiplied by its square root.",
        sections.INITIALISATION,
        (_with(lambda fan_in, fan_out: 2 / fan_in),),
        part="he",
    ),
    Misconception(
        "he-without-the-two",
        "the 2 is missing",
        "ReLU sets half of the numbers to 0, which halves the mean square. The 2 in 2/fan_in makes up for "
        "it.",
        sections.INITIALISATION,
        (_with(lambda fan_in, fan_out: math.sqrt(1 / fan_in)),),
        part="he",
    ),
    Misconception(
        "he-uniform",
        "drawn from a uniform distribution",
        "Your variance is right. The prompt asks for normal numbers.",
        sections.INITIALISATION,
        (_uniform(lambda fan_in, fan_out: 2 / fan_in),),
        part="he",
    ),
)

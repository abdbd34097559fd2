"""What goes wrong in separable_costs, each with the function that computes it."""

from __future__ import annotations

from grading.checks.convolution import sections
from grading.checks.convolution.sizes import separable_costs as right
from grading.checks.definition import Misconception


def _places(kernel_size: int, height: int, width: int, stride: int, padding: int) -> int:
    down, across = ((side + 2 * padding - kernel_size) // stride + 1 for side in (height, width))
    return down * across


def _first_stage_at_input(
    channels: int, filters: int, kernel_size: int, height: int, width: int, stride: int, padding: int
) -> int:
    places = _places(kernel_size, height, width, stride, padding)
    return channels * kernel_size**2 * height * width + filters * channels * places


def _at_input(output: int) -> object:
    """Count one of the two products at every pixel of the input."""

    def compute(
        channels: int, filters: int, kernel_size: int, height: int, width: int, stride: int, padding: int
    ) -> int:
        counted = right(channels, filters, kernel_size, height, width, stride, padding)
        return counted[output - 2] * height * width

    return compute


def _width_forgotten(output: int) -> object:
    """Square the number of places down, as for a square image."""

    def compute(
        channels: int, filters: int, kernel_size: int, height: int, width: int, stride: int, padding: int
    ) -> int:
        down = (height + 2 * padding - kernel_size) // stride + 1
        return right(channels, filters, kernel_size, height, width, stride, padding)[output - 2] * down**2

    return compute


def _separable(weights: object) -> tuple[object, object]:
    """Count other weights for the separable layer: functions for its weights and for its products."""

    def of_weights(channels: int, filters: int, kernel_size: int, *_: int) -> int:
        return weights(channels, filters, kernel_size)

    def of_products(channels: int, filters: int, kernel_size: int, *rest: int) -> int:
        return weights(channels, filters, kernel_size) * _places(kernel_size, *rest)

    return of_weights, of_products


def _wrong_weights(
    identifier: str, title: str, explanation: str, *formulas: object
) -> tuple[Misconception, Misconception]:
    """Make a misconception about the separable layer's weights, and the same about its products."""
    made = [_separable(formula) for formula in formulas]
    return tuple(
        Misconception(
            f"{identifier}-{output.split('_')[1]}",
            title,
            explanation,
            sections.SEPARABLE_COST,
            tuple(pair[place] for pair in made),
            output=output,
        )
        for place, output in enumerate(("separable_weights", "separable_products"))
    )


MISCONCEPTIONS = (
    Misconception(
        "depthwise-counted-at-input",
        "the depthwise stage is counted at the input's size",
        "Both stages compute values at the places of the output: with a stride there are fewer of them than "
        "pixels.",
        sections.PADDING,
        (_first_stage_at_input, _at_input(3)),
        output="separable_products",
    ),
    Misconception(
        "full-layer-counted-at-input",
        "the full layer is counted at the input's size",
        "A kernel is laid on at the places of the output only: count those, with stride and padding.",
        sections.PADDING,
        (_at_input(2),),
        output="full_products",
    ),
    *(
        Misconception(
            f"{name}-places-squared",
            "the output is taken to be square",
            "The output has its own height and its own width: multiply the two.",
            sections.PADDING,
            (_width_forgotten(output),),
            output=f"{name}_products",
        )
        for output, name in ((2, "full"), (3, "separable"))
    ),
    Misconception(
        "full-weights-with-biases",
        "biases are counted",
        "This question counts no biases: filters · channels · kernel_size².",
        sections.SEPARABLE_COST,
        (lambda channels, filters, kernel_size, *_: filters * (channels * kernel_size**2 + 1),),
        output="full_weights",
    ),
    *_wrong_weights(
        "separable-with-biases",
        "biases are counted",
        "This question counts no biases: channels · kernel_size² and then filters · channels.",
        lambda c, o, k: c * k**2 + o * c + c + o,
        lambda c, o, k: c * k**2 + o * c + o,
    ),
    *_wrong_weights(
        "pointwise-forgotten",
        "the second stage is not counted",
        "Mixing the channels has weights, too: filters · channels of them, usually the greater part.",
        lambda c, o, k: c * k**2,
    ),
    *_wrong_weights(
        "depthwise-like-a-full-layer",
        "the first stage is counted like a full layer",
        "In the first stage every channel has one kernel and looks at no other channel: channels · "
        "kernel_size².",
        lambda c, o, k: c * c * k**2 + o * c,
        lambda c, o, k: o * c * k**2 + o * c,
    ),
    *_wrong_weights(
        "stages-multiplied",
        "the two stages are multiplied",
        "The second stage works on what the first has made, once: add the stages.",
        lambda c, o, k: c * k**2 * o * c,
    ),
    *_wrong_weights(
        "kernel-side-not-squared",
        "kernels are counted as kernel_size weights",
        "A kernel has kernel_size rows and as many columns: kernel_size² weights.",
        lambda c, o, k: c * k + o * c,
    ),
)

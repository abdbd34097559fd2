"""What goes wrong in receptive_field, each with the function that computes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from grading.checks.convolution import sections
from grading.checks.definition import Misconception

Layers = Sequence[tuple[int, int, int]]


def _grown(by: Callable[[int, int, int, int], int], start: int = 1) -> Callable[[Layers], int]:
    """Let every layer (kernel, stride, dilation), with the step before it, add something else."""

    def compute(layers: Layers) -> int:
        size, step = start, 1
        for kernel, stride, dilation in layers:
            size += by(kernel, stride, dilation, step)
            step *= stride
        return size

    return compute


MISCONCEPTIONS = (
    Misconception(
        "stride-counted-too-early",
        "a layer's own stride widens its own window",
        "A layer's taps lie as far apart as the units of the layer before: multiply the step by the stride "
        "afterwards.",
        sections.RECEPTIVE,
        (_grown(lambda k, s, d, step: d * (k - 1) * step * s),),
        output="size",
    ),
    Misconception(
        "receptive-field-ignores-strides",
        "strides do not widen the field",
        "Behind a stride neighbouring units lie several pixels apart, so that later kernels reach further.",
        sections.RECEPTIVE,
        (_grown(lambda k, s, d, step: d * (k - 1)),),
        output="size",
    ),
    Misconception(
        "receptive-field-ignores-dilation",
        "dilation does not widen the field",
        "The taps of a dilated kernel lie dilation units apart: it spans dilation · (kernel_size − 1) + 1 of "
        "them.",
        sections.RECEPTIVE,
        (_grown(lambda k, s, d, step: (k - 1) * step),),
        output="size",
    ),
    Misconception(
        "receptive-field-adds-whole-kernels",
        "a layer adds its whole kernel",
        "A kernel of k adds k − 1 steps to what one unit saw already: two 3 × 3 kernels see 5 pixels, not 6.",
        sections.RECEPTIVE,
        tuple(
            _grown(by, start)
            for start in (0, 1)
            for by in (lambda k, s, d, step: d * k * step, lambda k, s, d, step: (d * (k - 1) + 1) * step)
        ),
        output="size",
    ),
    Misconception(
        "receptive-field-multiplied",
        "kernel sizes are multiplied",
        "Windows of neighbouring units overlap: a layer adds (kernel_size − 1) steps, it does not multiply.",
        sections.RECEPTIVE,
        (lambda layers: math.prod(layer[0] for layer in layers),),
        output="size",
    ),
    Misconception(
        "receptive-field-counted-backwards",
        "the layers are counted from the last",
        "A kernel's reach is widened by the strides of the layers before it. Begin with the first of the "
        "list.",
        sections.RECEPTIVE,
        (lambda layers: _grown(lambda k, s, d, step: d * (k - 1) * step)(layers[::-1]),),
        output="size",
    ),
    Misconception(
        "steps-added",
        "the strides are added",
        "Each layer takes every stride-th unit of the one before: steps multiply.",
        sections.RECEPTIVE,
        (
            lambda layers: sum(layer[1] for layer in layers),
            lambda layers: 1 + sum(layer[1] - 1 for layer in layers),
        ),
        output="step",
    ),
    Misconception(
        "step-of-last-layer",
        "the step is that of the last layer alone",
        "The last layer's stride counts units of the layer before. In pixels, the strides of all layers "
        "multiply.",
        sections.RECEPTIVE,
        (lambda layers: layers[-1][1] if layers else 1,),
        output="step",
    ),
)

"""conv_as_matrix(w, height, width, stride, padding): the layer as one sparse matrix with repeated weights."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.conv_as_matrix_mistakes import MISCONCEPTIONS
from grading.checks.convolution.matrices import conv_as_matrix as reference
from grading.checks.convolution.references import conv2d_forward
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import fill


def layer(
    rng: np.random.Generator,
    kernels: tuple[int, int, int, int],
    spare: tuple[int, int],
    stride: int,
    padding: int,
    numbers: str,
) -> Example:
    """Build a call; the image is as large as the kernels plus some spare rows and columns."""
    height, width = (k + s for k, s in zip(kernels[2:], spare))
    return example(fill(rng, kernels, numbers), height, width, stride=stride, padding=padding)


def drawn(
    *kernels: tuple[int, int, int, int], stride: tuple[int, ...] = (1,), padding: tuple[int, ...] = (0,)
) -> Drawn:
    """Draw calls with kernels of these shapes, and one of these strides and paddings."""
    return Drawn(
        layer,
        {
            "kernels": kernels,
            "spare": ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 3)),
            "stride": stride,
            "padding": padding,
            "numbers": ("counting", "distinct", "halves"),
        },
        cases=6,
    )


RNG = np.random.default_rng(19)
PLANES = ((1, 1, 1, 2), (1, 1, 2, 1), (1, 1, 2, 2), (1, 1, 2, 3), (1, 1, 3, 2))
ONE_CHANNEL = (
    example(np.array([[[[1.0, 2.0]]]]), 2, 3, note="the example of the prompt"),
    example(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), 3, 3),
    example(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), 2, 2, note="one window only"),
    layer(RNG, (1, 1, 3, 2), (1, 2), 1, 0, "distinct"),
)
SEVERAL = (
    layer(RNG, (2, 1, 1, 2), (1, 1), 1, 0, "counting"),
    layer(RNG, (1, 2, 2, 1), (1, 1), 1, 0, "counting"),
    layer(RNG, (3, 2, 2, 2), (1, 2), 1, 0, "halves"),
)
STEPPED = (
    example(np.array([[[[1.0, 2.0]]]]), 1, 4, stride=2),
    example(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), 2, 2, padding=1, note="weights on zeros have no column"),
    example(np.array([[[[5.0]]]]), 2, 2, stride=2, note="of the size of an earlier matrix"),
    layer(RNG, (2, 2, 3, 2), (2, 3), 2, 1, "distinct"),
    layer(RNG, (1, 2, 2, 2), (3, 2), 3, 2, "halves"),
)

check = Check(
    name="conv_as_matrix",
    signature="(w, height, width, stride=1, padding=0)",
    section=sections.SPARSE,
    reference=reference,
    outputs=("matrix",),
    parts=(
        Part("one channel", 2, ONE_CHANNEL, drawn(*PLANES)),
        Part("several channels", 1.5, SEVERAL, drawn((2, 1, 1, 2), (1, 2, 2, 1), (2, 2, 1, 1), (2, 3, 2, 2))),
        Part(
            "stride and padding",
            1.5,
            STEPPED,
            drawn(*PLANES, (2, 2, 2, 1), stride=(2, 1, 3), padding=(1, 0, 2)),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"conv2d_forward": conv2d_forward},
)

"""slide_fully_connected(x, weight, bias, height, width): a fully connected layer as a convolution."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.matrices import slide_fully_connected as reference
from grading.checks.convolution.references import conv2d_forward
from grading.checks.convolution.slide_fully_connected_mistakes import MISCONCEPTIONS
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import counting, fill


def layer(
    rng: np.random.Generator,
    images: int,
    channels: int,
    outputs: int,
    size: tuple[int, int],
    spare: tuple[int, int],
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call; the images are as large as the layer asks, plus some spare rows and columns."""
    rows, columns = (side + more for side, more in zip(size, spare))
    x = fill(rng, (images, channels, rows, columns), numbers, dtype)
    taps = channels * size[0] * size[1]
    weight = fill(rng, (taps, outputs), "counting" if numbers == "counting" else "whole", dtype)
    return example(x, weight, fill(rng, (outputs,), "whole", dtype), *size)


def drawn(*spare: tuple[int, int]) -> Drawn:
    """Draw calls with images so much larger than the layer asks."""
    return Drawn(
        layer,
        {
            "images": (1, 2),
            "channels": (1, 2),
            "outputs": (1, 2, 3),
            "size": ((1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3)),
            "spare": spare,
            "numbers": ("counting", "whole", "halves", "large"),
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(18)
WEIGHT = np.array([[1.0, 0], [2, 1], [0, 0], [-1, 3]])
SAME_SIZE = (
    example(counting(1, 1, 2, 2), WEIGHT, np.zeros(2), 2, 2, note="an image as large as the layer asks"),
    layer(RNG, 2, 2, 3, (2, 3), (0, 0), "halves", "float64"),
    layer(RNG, 3, 2, 2, (3, 1), (0, 0), "whole", "float32"),
)
LARGER = (
    example(counting(1, 1, 3, 3), WEIGHT, np.zeros(2), 2, 2, note="the example of the prompt"),
    layer(RNG, 2, 2, 3, (2, 3), (1, 2), "halves", "float64"),
    layer(RNG, 1, 3, 2, (3, 2), (2, 1), "whole", "float64"),
    layer(RNG, 1, 1, 1, (1, 2), (2, 4), "whole", "float64"),
)

check = Check(
    name="slide_fully_connected",
    signature="(x, weight, bias, height, width)",
    section=sections.FULLY_CONNECTED,
    reference=reference,
    linear=True,
    parts=(
        Part("images of the size that the layer was made for", 1, SAME_SIZE, drawn((0, 0))),
        Part("larger images", 2, LARGER, drawn((0, 1), (1, 0), (1, 1), (2, 3), (3, 1))),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"conv2d_forward": conv2d_forward},
)

"""What goes wrong in avg_pool2d_backward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import avg_pool2d_backward as right
from grading.checks.convolution.references import max_pool2d_backward
from grading.checks.definition import Misconception

Array = np.ndarray


def _scattered(window: str = "kernel_size", step: str = "stride", assign: bool = False) -> object:
    """Spread gradients over windows of another size or distance, or assign where they must add up."""

    def compute(dy: Array, x: Array, kernel_size: int, stride: int) -> Array:
        sizes = {"kernel_size": kernel_size, "stride": stride, "1": 1}
        side, apart = sizes[window], sizes[step]
        dx = np.zeros_like(x, dtype=np.float64)
        for i, j in np.ndindex(dy.shape[2:]):
            place = np.s_[:, :, i * apart : i * apart + side, j * apart : j * apart + side]
            share = dy[:, :, i : i + 1, j : j + 1] / side**2
            dx[place] = share if assign else dx[place] + share
        return dx

    return compute


MISCONCEPTIONS = (
    Misconception(
        "average-gradient-not-divided",
        "every pixel gets the whole gradient",
        "A pixel enters the mean with the weight 1/kernel_size², so it gets that share of the window's "
        "gradient.",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: right(dy, x, kernel_size, stride) * kernel_size**2,),
    ),
    Misconception(
        "average-gradient-divided-by-side",
        "the gradient is divided by kernel_size alone",
        "A window has kernel_size² pixels: each gets 1/kernel_size² of the gradient.",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: right(dy, x, kernel_size, stride) * kernel_size,),
    ),
    Misconception(
        "average-gradient-divided-by-stride",
        "the gradient is divided by stride²",
        "How many pixels share a gradient depends on the window's size, not on how far windows lie apart.",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: right(dy, x, kernel_size, stride) * (kernel_size / stride) ** 2,),
    ),
    Misconception(
        "average-backward-assigns",
        "windows overwrite each other",
        "Where windows overlap, your last one wins. A pixel of several windows collects a share from each: "
        "use +=.",
        sections.POOLING_BACKWARD,
        (_scattered(assign=True),),
    ),
    Misconception(
        "average-gradient-to-maximum",
        "the gradient goes to the maximum alone",
        "That is the gradient of max pooling. In a mean, every pixel of the window counts alike.",
        sections.POOLING_BACKWARD,
        (
            max_pool2d_backward,
            lambda dy, x, kernel_size, stride: (
                max_pool2d_backward(dy, x, kernel_size, stride) / kernel_size**2
            ),
        ),
    ),
    Misconception(
        "average-backward-side-by-side",
        "the windows are taken to lie side by side",
        "Your gradients go to windows kernel_size apart. Window (i, j) starts at row i·stride and column "
        "j·stride.",
        sections.POOLING_BACKWARD,
        (_scattered(step="kernel_size"),),
    ),
    Misconception(
        "average-backward-ignores-stride",
        "the windows are taken to be one pixel apart",
        "Window (i, j) starts at row i·stride and column j·stride; yours starts at row i and column j.",
        sections.POOLING_BACKWARD,
        (_scattered(step="1"),),
    ),
    Misconception(
        "average-backward-window-is-stride",
        "the window is taken to be as large as the stride",
        "Your gradients spread over stride × stride pixels. The windows are kernel_size × kernel_size.",
        sections.POOLING_BACKWARD,
        (_scattered(window="stride"),),
    ),
)

"""What goes wrong in spatial_batch_norm, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.normalisation import sections
from grading.checks.normalisation.norms import batch_norm, by_channel
from grading.checks.normalisation.statistics_mistakes import Normalisation, along_the_columns, xhat

Array = np.ndarray

SPATIAL = Normalisation(
    "spatial-batch-norm",
    "images, rows and columns",
    sections.BATCH_NORM,
    lambda divisor, x, eps: xhat(x, (0, 2, 3), eps, divisor),
    by_channel,
)


def _not_transposed(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return batch_norm(x.reshape(-1, x.shape[1]), gamma, beta, eps).reshape(x.shape)


def _transposed_back_by_reshape(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return batch_norm(x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1]), gamma, beta, eps).reshape(x.shape)


def _over(axes: tuple[int, ...]) -> object:
    return lambda x, gamma, beta, eps=1e-5: by_channel(xhat(x, axes, eps), gamma, beta)


MISCONCEPTIONS = (
    SPATIAL.mistake(
        "reshaped-without-transposing",
        "reshaped without moving the channel axis",
        "reshape keeps the order of the numbers: (N, C, H, W) to (-1, C) mixes pixels of different channels. "
        "Transpose to (N, H, W, C) first, and back after.",
        _not_transposed,
        _transposed_back_by_reshape,
    ),
    SPATIAL.mistake(
        "statistics-for-every-pixel",
        "every pixel has statistics of its own",
        "A channel has one mean and one variance, over images, rows and columns: axis=(0, 2, 3).",
        _over((0,)),
    ),
    SPATIAL.mistake(
        "statistics-for-every-image",
        "every image is normalised by itself",
        "That is instance normalisation. Batch normalisation takes the statistics over the images, too: "
        "axis=(0, 2, 3).",
        _over((2, 3)),
        _over((1, 2, 3)),
    ),
    SPATIAL.mistake(
        "over-everything",
        "one mean and one variance for all channels",
        "Every channel has statistics of its own: the channel axis is not averaged over.",
        _over((0, 1, 2, 3)),
        _over((1,)),
        _over((0, 1)),
    ),
    SPATIAL.mistake(
        "gamma-along-the-columns",
        "γ and β meet the columns instead of the channels",
        "Broadcasting matches the last axes. Give γ and β the shape (C, 1, 1), or (1, C, 1, 1).",
        SPATIAL.with_scale(along_the_columns),
    ),
    *SPATIAL.usual(),
)

"""Squeeze and excitation: channels weighted by what the whole image holds."""

from __future__ import annotations

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.activations import ReLU, Sigmoid
from course_lib.nn.branches import Scale
from course_lib.nn.containers import Sequential
from course_lib.nn.linear import Linear
from course_lib.nn.pooling import GlobalAvgPool2d


class SqueezeExcitation(Scale):
    """Multiply every channel by a factor from 0 to 1, computed from the means of all (Hu, Shen and Sun 2018).

    Parameters
    ----------
    channels : int
        C of (N, C, H, W).
    reduction : int
        How many times fewer units the hidden layer has.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        channels: int,
        reduction: int = 16,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        hidden = max(1, channels // arguments.whole("reduction", reduction, 1))
        rng = np.random.default_rng(rng)
        super().__init__(
            Sequential(
                GlobalAvgPool2d(),
                Linear(channels, hidden, rng=rng, dtype=dtype),
                ReLU(),
                Linear(hidden, channels, rng=rng, dtype=dtype),
                Sigmoid(),
            )
        )

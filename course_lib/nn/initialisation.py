"""Starting a whole model from one rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module


def initialise(
    model: Module,
    draw: Callable[..., np.ndarray],
    *,
    rng: np.random.Generator | int | None = None,
    **options: Any,
) -> Module:
    """Start a model afresh: draw the weights of every layer that multiplies by them, set their biases to 0.

    Parameters
    ----------
    model : Module
        Changed in place. Convolutions and fully connected layers, also inside blocks; normalisations keep
        their scales and shifts.
    draw : callable
        One of `nn.initialisers`, or any `draw(shape, rng=..., dtype=..., **options)`.
    rng : Generator, int or None
        Drawn from in the order of the layers; an int is a seed, None is unseeded.
    **options
        For `draw`, such as `std`.

    Returns
    -------
    Module
        The model itself.
    """
    rng = np.random.default_rng(rng)
    for module in model.modules():
        if isinstance(module, Conv2d | Linear):
            weight = module.weight
            weight.data = draw(weight.shape, rng=rng, dtype=weight.dtype, **options)
            if module.bias is not None:
                module.bias.data = np.zeros(module.bias.shape, module.bias.dtype)
    return model

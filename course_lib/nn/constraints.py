"""Bounds that weights are put back into after every update."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.module import Module
from course_lib.nn.parameter import Parameter


class MaxNorm:
    """Keep the incoming weights of every unit within a ball: ‖w‖ ≤ limit.

    A vector that is longer is scaled back to the limit, its direction kept; others are not touched. The
    weights of a unit are a row of (out, in), or a kernel of (out, in, KH, KW).

    Parameters
    ----------
    params : iterable of Parameter
        Weights of two axes or more, such as `nn.weights(model)`.
    limit : float
        Largest norm.

    Raises
    ------
    ValueError
        If there is no weight, one has fewer than two axes as biases have, or the limit is negative.
    """

    def __init__(self, params: Iterable[Parameter], limit: float) -> None:
        self.params = list(params)
        if not self.params:
            raise ValueError("params must hold at least one weight, got none: pass nn.weights(model)")
        for position, parameter in enumerate(self.params):
            if parameter.data.ndim < 2:
                raise ValueError(
                    f"params must be weights (out, in, ...), but number {position} has shape "
                    f"{parameter.shape}: pass nn.weights(model)"
                )
        self.limit = arguments.number("limit", limit, 0)

    def apply(self) -> None:
        """Scale back what is too long, in place; call it after `optimizer.step()`."""
        for parameter in self.params:
            rows = parameter.data.reshape(len(parameter.data), -1)
            norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
            long = norms > self.limit
            if long.any():
                factors = np.ones_like(norms)
                np.divide(self.limit, norms, out=factors, where=long)
                rows *= factors[:, None]

    def __repr__(self) -> str:
        return f"MaxNorm({self.limit})"


def weights(model: Module) -> list[Parameter]:
    """Return the parameters that a layer multiplies its input by: those of two axes or more named "weight".

    Biases, and scales and shifts of normalisations over channels, are left out.
    """
    return [
        parameter
        for name, parameter in model.named_parameters()
        if name.rpartition(".")[2] == "weight" and parameter.data.ndim >= 2
    ]

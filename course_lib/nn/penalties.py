"""Costs of large weights: terms to add to a loss, with their gradients."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.parameter import Parameter


class ElasticNet:
    """l1·Σ|θ| + l2/2·Σθ² over all values of some parameters.

    Like a loss it is called for its value, and its `backward` gives the gradient, here straight to `.grad`:

        cost = criterion(model(x), y) + penalty()
        model.backward(criterion.backward())
        penalty.backward()

    Parameters
    ----------
    params : iterable of Parameter
        What is penalised. Biases are usually left out: `nn.weights(model)`.
    l1 : float
        Pulls every value towards 0 by the same force, so that small ones become 0: few, peaky weights.
    l2 : float
        Pulls in proportion to the value, so that none is large: spread-out weights. The half makes the
        gradient l2·θ, just what an optimiser's `weight_decay` adds.

    Raises
    ------
    ValueError
        If `params` is empty or a strength is negative.
    """

    def __init__(self, params: Iterable[Parameter], *, l1: float = 0.0, l2: float = 0.0) -> None:
        self.params = list(params)
        if not self.params:
            raise ValueError("params must hold at least one Parameter, got none: pass nn.weights(model)")
        self.l1 = arguments.number("l1", l1, 0)
        self.l2 = arguments.number("l2", l2, 0)

    def __call__(self) -> float:
        """Return the cost of the parameters' present values."""
        total = 0.0
        for parameter in self.params:
            values = parameter.data.ravel()
            if self.l1:
                total += self.l1 * float(np.abs(values).sum(dtype=np.float64))
            if self.l2:
                total += self.l2 / 2 * float(np.square(values, dtype=np.float64).sum())
        return total

    def backward(self) -> None:
        """Add the gradient to the parameters' own; where a value is 0 the term of l1 has none to add."""
        for parameter in self.params:
            gradient = self.l2 * parameter.data
            if self.l1:
                gradient += self.l1 * np.sign(parameter.data)
            parameter.add_grad(gradient)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(l1={self.l1}, l2={self.l2})"


class L1Penalty(ElasticNet):
    """strength·Σ|θ|.

    Parameters
    ----------
    params : iterable of Parameter
        What is penalised.
    strength : float
        Factor of the sum.
    """

    def __init__(self, params: Iterable[Parameter], strength: float) -> None:
        super().__init__(params, l1=arguments.number("strength", strength, 0))


class L2Penalty(ElasticNet):
    """strength/2·Σθ²: what `weight_decay=strength` of plain SGD makes small.

    Parameters
    ----------
    params : iterable of Parameter
        What is penalised.
    strength : float
        Twice the factor of the sum.
    """

    def __init__(self, params: Iterable[Parameter], strength: float) -> None:
        super().__init__(params, l2=arguments.number("strength", strength, 0))

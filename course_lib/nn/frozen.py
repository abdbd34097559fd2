"""Modules that a training run leaves alone, wholly or but for their weights: what transfer learning needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from course_lib.nn.containers import different_modules
from course_lib.nn.module import Module, Window
from course_lib.nn.parameter import Parameter


class InEvaluation(Module):
    """A module that computes as in evaluation while everything around it trains; its weights do learn.

    Batch normalisation then uses the averages that it has, and keeps them: a handful of new examples would
    estimate them badly. Dropout does nothing.

    Parameters
    ----------
    module : Module
        What is inside; it is not copied.
    """

    def __init__(self, module: Module) -> None:
        self.module = different_modules("module", [module])[0]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return what the module gives in evaluation mode."""
        with _evaluating(self.module):
            return self.module(x)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the module's gradients; return dx."""
        return self.module.backward(dy)

    def backward_to_parameters(self, dy: np.ndarray) -> None:
        """Add the module's gradients."""
        self.module.backward_to_parameters(dy)

    def window(self) -> Window | None:
        """Return the module's window."""
        return self.module.window()


class Frozen(InEvaluation):
    """A module that does not learn: evaluation mode for ever, and no gradients for its parameters.

    An optimiser passes over parameters without a gradient, so it may hold them. Where a frozen module comes
    first in a model, `backward_to_parameters` ends before it, which is what makes training the rest cheap.

    Parameters
    ----------
    module : Module
        What is inside; it is not copied.
    """

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx, and forget the gradients that came up on the way."""
        dx = self.module.backward(dy)
        self.module.zero_grad()
        return dx

    def backward_to_parameters(self, dy: np.ndarray) -> None:
        """Do nothing: there is no parameter to be reached."""


def learning_parameters(model: Module) -> list[Parameter]:
    """Return the parameters of `model` that are not inside a `Frozen`, each once."""
    frozen = {
        id(parameter)
        for module in model.modules()
        if isinstance(module, Frozen)
        for parameter in module.parameters()
    }
    return [parameter for parameter in model.parameters() if id(parameter) not in frozen]


@contextmanager
def _evaluating(module: Module) -> Iterator[None]:
    modes = [(inner, inner.training) for inner in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for inner, mode in modes:
            inner.training = mode

"""Nesterov's momentum as he meant it: look ahead, take the gradient there, then step."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib.optim.momentum import VelocityMomentum
from course_lib.optim.optimizer import Trainable


class LookAheadNesterov(VelocityMomentum):
    """v ← momentum·v − lr·∇f(θ + momentum·v), θ ← θ + v.

    The gradient belongs to another point than the one that moves, so a step has two halves:

        optimizer.look_ahead()      # parameters are at θ + momentum·v
        ...                         # forward and backward
        optimizer.step()            # parameters are at the new θ

    `SGD(nesterov=True)` keeps θ + momentum·v itself in the parameters, and so needs no first half: the same
    iteration after a change of variables. Use that one with `fit`.

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate.
    momentum : float
        Share of the velocity that is kept.
    weight_decay : float
        Adds weight_decay·θ, θ being the point looked at, to the gradient.
    """

    def __init__(
        self, params: Iterable[Trainable], lr: float, *, momentum: float = 0.9, weight_decay: float = 0
    ) -> None:
        super().__init__(params, lr, momentum=momentum, weight_decay=weight_decay)
        self._ahead = False

    def look_ahead(self) -> None:
        """Move every parameter to θ + momentum·v, until `step`.

        Raises
        ------
        RuntimeError
            If the parameters look ahead already.
        """
        if self._ahead:
            raise RuntimeError("look_ahead was called twice: call step() in between")
        self._ahead = True
        states = iter(self.state)
        for group in self.groups:
            momentum = self.options_of(group).momentum
            for parameter in group.params:
                state = next(states)
                if state:
                    data = parameter.data
                    state["origin"][...] = data
                    data += np.multiply(state["velocity"], momentum, out=self.scratch.like(data, "move"))

    def step(self) -> None:
        """Go back to θ and move every parameter that has a gradient.

        Raises
        ------
        RuntimeError
            If `look_ahead` was not called since the step before: the gradient would be of the wrong point.
        ValueError
            If a gradient has not the shape of its parameter.
        """
        if not self._ahead:
            raise RuntimeError(
                "step must come after look_ahead() and a backward at the point looked at: in a loop without "
                "look_ahead use SGD(nesterov=True), the same iteration in other variables"
            )
        super().step()
        self._ahead = False
        for parameter, state in zip(self.params, self.state, strict=True):
            if parameter.grad is None and state:
                parameter.data[...] = state["origin"]

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter, which comes at the point looked at."""
        if not state:
            state.update(velocity=np.zeros_like(data), origin=data.copy())
        move = self.scratch.like(data, "move")
        np.multiply(self.decayed(data, grad, options), options.lr, out=move)
        velocity = state["velocity"]
        velocity *= options.momentum
        velocity -= move
        np.add(state["origin"], velocity, out=data)

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of everything that the next step depends on, besides parameters and gradients.

        Raises
        ------
        RuntimeError
            Between `look_ahead` and `step`, when the parameters are not where the state belongs.
        """
        if self._ahead:
            raise RuntimeError("state_dict must not come between look_ahead() and step(): save after step()")
        return super().state_dict()

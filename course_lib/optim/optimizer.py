"""What all optimisers share: the parameters, their state, and one step over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np


class Trainable(Protocol):
    """What an optimiser needs of a parameter; `course_lib.nn.Parameter` is one."""

    data: np.ndarray
    grad: np.ndarray | None


class Optimizer:
    """Base of the optimisers: a subclass writes `update`, the rule for one parameter.

    Options such as `lr` are attributes that may be changed between steps; `option_names` lists them. A
    parameter without a gradient is passed over, and its state does not age. Gradients are only read.

    Parameters
    ----------
    params : iterable of Parameter
        What to train, such as `model.parameters()`.
    lr : float
        Learning rate.

    Raises
    ------
    TypeError
        If something in `params` has no `data` and `grad`.
    ValueError
        If `params` is empty or repeats a parameter, or an option is out of its range.
    """

    option_names: tuple[str, ...] = ("lr",)

    def __init__(self, params: Iterable[Trainable], lr: float) -> None:
        self.params = list(params)
        if not self.params:
            raise ValueError("params must hold at least one Parameter, got none: pass model.parameters()")
        for position, parameter in enumerate(self.params):
            if not (hasattr(parameter, "data") and hasattr(parameter, "grad")):
                kind = type(parameter).__name__
                raise TypeError(f"params must be Parameters, got a {kind} as number {position}")
        if len({id(parameter) for parameter in self.params}) < len(self.params):
            raise ValueError("params must be different, but one is in it twice: it would move twice a step")
        self.lr = in_range("lr", lr, low=0)
        self.state: list[dict[str, Any]] = [{} for _ in self.params]

    def update(self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any]) -> None:
        """Change `data` in place by one step; `grad` is only read, `state` is the parameter's own."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule")

    def step(self) -> None:
        """Move every parameter that has a gradient.

        Raises
        ------
        ValueError
            If a gradient has not the shape of its parameter.
        """
        for position, (parameter, state) in enumerate(zip(self.params, self.state, strict=True)):
            if parameter.grad is None:
                continue
            if parameter.grad.shape != parameter.data.shape:
                raise ValueError(
                    f"grad of parameter {position} must have its data's shape {parameter.data.shape}, "
                    f"got {parameter.grad.shape}"
                )
            self.update(parameter.data, parameter.grad, state)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of everything that the next step depends on, besides parameters and gradients.

        Returns
        -------
        dict
            "options" (name to value) and "state" (one dict of arrays and numbers a parameter).
        """
        return {
            "options": {name: getattr(self, name) for name in self.option_names},
            "state": [_copied(state) for state in self.state],
        }

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue where the optimiser that gave `saved` stood.

        Raises
        ------
        ValueError
            If `saved` is of another optimiser or of other parameters. Then nothing has been changed.
        """
        if set(saved) != {"options", "state"}:
            raise ValueError(f"saved must have 'options' and 'state', got {sorted(saved)}")
        if set(saved["options"]) != set(self.option_names):
            raise ValueError(
                f"saved must have the options of {type(self).__name__}, {sorted(self.option_names)}, "
                f"got {sorted(saved['options'])}"
            )
        if len(saved["state"]) != len(self.params):
            raise ValueError(f"saved must be of {len(self.params)} parameters, got {len(saved['state'])}")
        for position, (state, parameter) in enumerate(zip(saved["state"], self.params, strict=True)):
            for name, value in state.items():
                if isinstance(value, np.ndarray) and value.shape != parameter.data.shape:
                    raise ValueError(
                        f"saved {name} of parameter {position} must have shape {parameter.data.shape}, "
                        f"got {value.shape}"
                    )
        for name, value in saved["options"].items():
            setattr(self, name, value)
        self.state = [_copied(state) for state in saved["state"]]

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={getattr(self, name)}" for name in self.option_names)
        return f"{type(self).__name__}({options})"


def in_range(argument: str, value: float, *, low: float, below: float | None = None) -> float:
    """Return `value` if it is at least `low` (and less than `below`).

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is out of the range, or NaN.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{argument} must be a number, got {value!r}")
    if not value >= low or (below is not None and not value < below):
        expected = f"{low} or more" + ("" if below is None else f" and less than {below}")
        raise ValueError(f"{argument} must be {expected}, got {value}")
    return value


def _copied(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in state.items()}

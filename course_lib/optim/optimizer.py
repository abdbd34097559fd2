"""What all optimisers share: the parameters in their groups, their state, and one step over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np

from course_lib import aligned
from course_lib.optim.scratch import Scratch


class Trainable(Protocol):
    """What an optimiser needs of a parameter; `course_lib.nn.Parameter` is one."""

    data: np.ndarray
    grad: np.ndarray | None


#: Value and gradient of a parameter, and its state.
Row = tuple[np.ndarray, np.ndarray, dict[str, Any]]


@dataclass
class Group:
    """Parameters with options of their own.

    Attributes
    ----------
    params : list of Parameter
    overrides : dict
        Options that differ from the optimiser's, the rate left out.
    rate : float
        Rate of the group as a multiple of the optimiser's.
    """

    params: list[Trainable]
    overrides: dict[str, Any] = field(default_factory=dict)
    rate: float = 1.0


class Optimizer:
    """Base of the optimisers: a subclass writes `update`, the rule for one parameter, and `check`.

    Options such as `lr` are attributes that may be changed between steps; `option_names` lists them. A
    parameter without a gradient is passed over, and its state does not age. Gradients are only read, and
    parameters are changed in place.

    Parameters
    ----------
    params : iterable of Parameter, or of dict
        What to train, such as `model.parameters()`. A dict is a group with options of its own:
        `{"params": model.parameters(), "lr": 1e-4}`. When the optimiser's `lr` is changed, by a schedule for
        example, a group's rate keeps its proportion to it.
    **options
        The rule's options, `lr` among them.

    Raises
    ------
    TypeError
        If something in `params` has no `data` and `grad`.
    ValueError
        If `params` is empty, repeats a parameter or names an unknown option, or an option is out of its
        range.
    """

    option_names: tuple[str, ...] = ("lr",)

    def __init__(self, params: Iterable[Trainable] | Iterable[dict[str, Any]], **options: Any) -> None:
        for name in self.option_names:
            setattr(self, name, options[name])
        self._check_options(options)
        self.groups = [self._group(entry) for entry in _entries(params)]
        self.params = [parameter for group in self.groups for parameter in group.params]
        check_parameters(self.params)
        self.state: list[dict[str, Any]] = [{} for _ in self.params]
        self.scratch = Scratch()

    def check(self, options: SimpleNamespace) -> None:
        """Raise TypeError or ValueError if an option besides the rate is out of its range."""

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Change `data` in place by one step; `grad` is only read, `state` is the parameter's own."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule")

    def update_all(self, rows: list[Row], options: SimpleNamespace) -> None:
        """Change all parameters of a group by one step, by default one after the other."""
        for data, grad, state in rows:
            self.update(data, grad, state, options)

    def step(self) -> None:
        """Move every parameter that has a gradient.

        Raises
        ------
        ValueError
            If a gradient has not the shape of its parameter.
        """
        states = iter(self.state)
        for group in self.groups:
            rows: list[Row] = []
            for parameter, state in zip(group.params, states):
                data, grad = parameter.data, parameter.grad
                if grad is not None:
                    self._check_gradient(parameter, data, grad)
                    rows.append((data, grad, state))
            if rows:
                self.update_all(rows, self.options_of(group))

    def options_of(self, group: Group) -> SimpleNamespace:
        """Return the options that hold for a group now."""
        options = {name: getattr(self, name) for name in self.option_names} | group.overrides
        options["lr"] = options["lr"] * group.rate
        return SimpleNamespace(**options)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of everything that the next step depends on, besides parameters and gradients.

        Returns
        -------
        dict
            "options" (name to value), "groups" (one dict of what differs a group) and "state" (one dict of
            arrays and numbers a parameter).
        """
        return {
            "options": {name: getattr(self, name) for name in self.option_names},
            "groups": [group.overrides | {"rate": group.rate} for group in self.groups],
            "state": [_copied(state) for state in self.state],
        }

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue where the optimiser that gave `saved` stood.

        Raises
        ------
        ValueError
            If `saved` is of another optimiser or of other parameters. Then nothing has been changed.
        """
        if set(saved) != {"options", "groups", "state"}:
            raise ValueError(f"saved must have 'options', 'groups' and 'state', got {sorted(saved)}")
        if set(saved["options"]) != set(self.option_names):
            raise ValueError(
                f"saved must have the options of {type(self).__name__}, {sorted(self.option_names)}, "
                f"got {sorted(saved['options'])}"
            )
        for what, own in (("groups", self.groups), ("state", self.params)):
            if len(saved[what]) != len(own):
                raise ValueError(f"saved {what} must be of {len(own)}, got {len(saved[what])}")
        for position, (state, parameter) in enumerate(zip(saved["state"], self.params, strict=True)):
            for name, value in state.items():
                if isinstance(value, np.ndarray) and value.shape != parameter.data.shape:
                    raise ValueError(
                        f"saved {name} of parameter {position} must have shape {parameter.data.shape}, "
                        f"got {value.shape}"
                    )
        for name, value in saved["options"].items():
            setattr(self, name, value)
        for group, overrides in zip(self.groups, saved["groups"], strict=True):
            group.overrides = {name: value for name, value in overrides.items() if name != "rate"}
            group.rate = overrides["rate"]
        self.state = [_copied(state) for state in saved["state"]]

    def decayed(self, data: np.ndarray, grad: np.ndarray, options: SimpleNamespace) -> np.ndarray:
        """Return the gradient with weight_decay·θ added, in a work array."""
        if not options.weight_decay:
            return grad
        total = np.multiply(data, options.weight_decay, out=self.scratch.like(data, "decayed"))
        total += grad
        return total

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={getattr(self, name)}" for name in self.option_names)
        return f"{type(self).__name__}({options})"

    def _check_options(self, options: Mapping[str, Any]) -> None:
        in_range("lr", options["lr"], low=0)
        self.check(SimpleNamespace(**options))

    def _group(self, entry: Mapping[str, Any]) -> Group:
        overrides = {name: value for name, value in entry.items() if name != "params"}
        if unknown := set(overrides) - set(self.option_names):
            raise ValueError(
                f"params may set the options {', '.join(self.option_names)} of a group, got {sorted(unknown)}"
            )
        self._check_options({name: getattr(self, name) for name in self.option_names} | overrides)
        rate = 1.0
        if "lr" in overrides:
            if self.lr == 0:
                raise ValueError("lr must be above 0 where a group has its own, which keeps its proportion")
            rate = overrides.pop("lr") / self.lr
        return Group(list(entry["params"]), overrides, rate)

    def _check_gradient(self, parameter: Trainable, data: np.ndarray, grad: np.ndarray) -> None:
        if grad.shape != data.shape:
            position = next(i for i, other in enumerate(self.params) if other is parameter)
            raise ValueError(
                f"grad of parameter {position} must have its data's shape {data.shape}, got {grad.shape}"
            )


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


def _entries(params: Iterable[Any]) -> list[Mapping[str, Any]]:
    params = list(params)
    groups = [entry for entry in params if isinstance(entry, Mapping)]
    if not groups:
        return [{"params": params}]
    if len(groups) < len(params):
        raise TypeError("params must be Parameters or dicts of a group each, got both")
    for number, group in enumerate(groups):
        if "params" not in group:
            raise ValueError(f"params must have 'params' in every group, but number {number} has none")
    return groups


def check_parameters(params: list[Trainable]) -> None:
    """Check that there are parameters, each once.

    Raises
    ------
    TypeError, ValueError
        If something has no `data` and `grad`, if there is nothing, or something twice.
    """
    if not params:
        raise ValueError("params must hold at least one Parameter, got none: pass model.parameters()")
    for position, parameter in enumerate(params):
        if not (hasattr(parameter, "data") and hasattr(parameter, "grad")):
            kind = type(parameter).__name__
            raise TypeError(f"params must be Parameters, got a {kind} as number {position}")
    if len({id(parameter) for parameter in params}) < len(params):
        raise ValueError("params must be different, but one is in it twice: it would move twice a step")


def _copied(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: aligned.copy(value) if isinstance(value, np.ndarray) else value for name, value in state.items()
    }

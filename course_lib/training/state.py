"""Everything that decides how a training run goes on: taken as copies, put back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from course_lib.nn import Module
from course_lib.optim import Optimizer


def capture(
    model: Module, optimizer: Optimizer, generator: np.random.Generator | None = None
) -> dict[str, Any]:
    """Return copies of weights, running statistics, the optimiser's state and the state of all randomness.

    Parameters
    ----------
    model : Module
        With the generators that its layers draw from.
    optimizer : Optimizer
        Of its parameters.
    generator : Generator or None
        Draws the minibatches.

    Returns
    -------
    dict
        "model", "optimizer", "generators" (name to state) and "batches" (state or None), of plain values and
        arrays.
    """
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "generators": {name: _state(found) for name, found in model_generators(model)},
        "batches": None if generator is None else _state(generator),
    }


def restore(
    state: dict[str, Any],
    model: Module,
    optimizer: Optimizer,
    generator: np.random.Generator | None = None,
) -> None:
    """Put back what `capture` took.

    Raises
    ------
    ValueError
        If the state is of another model, optimiser or kind of generator. Then nothing has been changed.
    """
    targets = dict(model_generators(model))
    if generator is not None and state["batches"] is None:
        raise ValueError("state must hold the generator of the minibatches, got None")
    names, saved = sorted(targets), sorted(state["generators"])
    if names != saved:
        raise ValueError(f"state must hold the generators of the model, {names}, got {saved}")
    pairs = [(targets[name], saved) for name, saved in state["generators"].items()]
    if generator is not None:
        pairs.append((generator, state["batches"]))
    for found, saved in pairs:
        kind = type(found.bit_generator).__name__
        if saved["bit_generator"] != kind:
            raise ValueError(f"state must be of a {kind}, got one of a {saved['bit_generator']}")
    before = model.state_dict()
    model.load_state_dict(state["model"])
    try:
        optimizer.load_state_dict(state["optimizer"])
    except ValueError:
        model.load_state_dict(before)
        raise
    for found, saved in pairs:
        found.bit_generator.state = deepcopy(saved)


def model_generators(model: Module) -> Iterator[tuple[str, np.random.Generator]]:
    """Yield (name, generator) of those that the model's layers draw from, such as "3.rng" of a dropout."""
    for prefix, module in model.named_modules():
        for name, value in vars(module).items():
            if isinstance(value, np.random.Generator):
                yield f"{prefix}.{name}" if prefix else name, value


def _state(generator: np.random.Generator) -> dict[str, Any]:
    return deepcopy(generator.bit_generator.state)

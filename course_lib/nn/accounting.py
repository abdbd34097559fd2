"""The size of a network, layer by layer: shapes, parameters, multiply-adds, receptive fields.

Nothing is computed for it: an empty batch runs through the layers, and only the shapes count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from course_lib.nn.containers import Sequential
from course_lib.nn.module import Module


@dataclass(frozen=True)
class Row:
    """One layer, or one block whose inside is not a chain.

    Attributes
    ----------
    name : str
        Position in the model, as in `state_dict`.
    layer : str
        Name of its class.
    output_shape : tuple of int
        Without the batch.
    parameters : int
        Trained values, those shared with an earlier layer not counted again.
    multiply_adds : int
        Of one example's forward, in convolutions and matrix products; a training step takes about three times
        as many.
    receptive_field : tuple of int or None
        Height and width of the part of the input that one output can depend on, padding included; None where
        the input is no image or a block does not tell.
    """

    name: str
    layer: str
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    receptive_field: tuple[int, int] | None


@dataclass(frozen=True)
class Summary:
    """The rows of a model; print it for a table."""

    input_shape: tuple[int, ...]
    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """Trained values of the whole model."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of one example's forward through the whole model."""
        return sum(row.multiply_adds for row in self.rows)

    def __str__(self) -> str:
        table = [("layer", "output", "parameters", "multiply-adds", "receptive field")]
        table.append(("input", _times(self.input_shape), "", "", ""))
        for row in self.rows:
            field = "" if row.receptive_field is None else _times(row.receptive_field)
            counts = f"{row.parameters:,}", f"{row.multiply_adds:,}"
            table.append((f"{row.name} {row.layer}", _times(row.output_shape), *counts, field))
        table.append(("total", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", ""))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if column < 2 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
            for cells in table
        ]
        lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
        lines.insert(-1, lines[1])
        return "\n".join(lines)

    __repr__ = __str__


def summary(model: Module, input_shape: tuple[int, ...]) -> Summary:
    """Return a row a layer with output shape, parameters, multiply-adds and receptive field.

    Parameters
    ----------
    model : Module
        Not changed. `Sequential`s are opened; any other module with modules inside is one row.
    input_shape : tuple of int
        Shape of one example, without the batch: (C, H, W) or (features,).

    Returns
    -------
    Summary
        Print it, or read its rows.

    Raises
    ------
    ValueError
        If an input of this shape does not run through the model.
    """
    input_shape = tuple(int(size) for size in input_shape)
    parameters = model.parameters()
    x = np.empty((0, *input_shape), parameters[0].dtype if parameters else np.float32)
    image = input_shape[1:] if len(input_shape) == 3 else None
    field: tuple[float, float] = (1, 1)
    jump: tuple[float, float] = (1, 1)
    known = image is not None
    counted: set[int] = set()
    rows = []
    with _recording(model) as calls:
        for name, layer in _chain(model, ""):
            before = len(calls)
            x = layer(x)
            new = [parameter for parameter in layer.parameters() if id(parameter) not in counted]
            counted.update(map(id, new))
            window = layer.window()
            known = known and window is not None
            if known:
                field = tuple(f + (extent - 1) * j for f, extent, j in zip(field, window.extent, jump))
                jump = tuple(j * stride for j, stride in zip(jump, window.stride))
            rows.append(
                Row(
                    name=name,
                    layer=type(layer).__name__,
                    output_shape=x.shape[1:],
                    parameters=sum(parameter.size for parameter in new),
                    multiply_adds=sum(calls[before:]),
                    receptive_field=_within(field, image) if known else None,
                )
            )
    return Summary(input_shape, tuple(rows))


def _chain(module: Module, prefix: str) -> Iterator[tuple[str, Module]]:
    if not isinstance(module, Sequential):
        yield prefix, module
        return
    for name, child in module.children():
        yield from _chain(child, f"{prefix}.{name}" if prefix else name)


@contextmanager
def _recording(model: Module) -> Iterator[list[int]]:
    """Give a list that grows by a layer's multiply-adds whenever it runs; leave the model as it was."""
    calls: list[int] = []
    modules = list(model.modules())
    kept = [(module, module.training, module.cache) for module in modules]

    def record(module: Module) -> None:
        forward = module.forward

        def recorded(x: np.ndarray) -> np.ndarray:
            y = forward(x)
            calls.append(module.multiply_adds(x.shape[1:], y.shape[1:]))
            return y

        module.forward = recorded

    model.eval()
    for module in modules:
        record(module)
    try:
        yield calls
    finally:
        for module, training, cache in kept:
            del module.forward
            module.training = training
            module.cache = cache


def _within(field: tuple[float, float], image: tuple[int, int]) -> tuple[int, int]:
    return tuple(size if math.isinf(extent) else int(extent) for extent, size in zip(field, image))


def _times(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes))

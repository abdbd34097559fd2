"""The size of a network, layer by layer: units, weights, connections, multiply-adds, receptive fields.

Nothing is computed for it: an empty batch runs through the layers, and only the shapes count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.module import Module
from course_lib.nn.tracing import Call, trace


@dataclass(frozen=True)
class Row:
    """One layer, or what joins the branches of a block, or a whole block where `depth` ends.

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
    units : int
        Outputs of layers with weights, for one example; other layers only transform those.
    weights : int
        Parameters that multiply an input, so no biases and no scales of normalisations.
    multiply_adds : int
        Of one example's forward, in convolutions and matrix products.
    receptive_field : tuple of int or None
        Height and width of the part of the input that one output can depend on, padding included, along the
        branch that sees most; None where the input is no image or a block does not tell.
    """

    name: str
    layer: str
    output_shape: tuple[int, ...]
    parameters: int
    units: int
    weights: int
    multiply_adds: int
    receptive_field: tuple[int, int] | None

    @property
    def connections(self) -> int:
        """Pairs of an input and a unit that depends on it: each is one multiply-add."""
        return self.multiply_adds


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
    def units(self) -> int:
        """Outputs of all layers with weights, for one example."""
        return sum(row.units for row in self.rows)

    @property
    def weights(self) -> int:
        """Parameters of the whole model that multiply an input."""
        return sum(row.weights for row in self.rows)

    @property
    def connections(self) -> int:
        """Connections of the whole model."""
        return sum(row.connections for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of one example's forward through the whole model."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def training_multiply_adds(self) -> int:
        """Multiply-adds of a training step with one example: the forward, and as many for either gradient."""
        return 3 * self.multiply_adds

    def __str__(self) -> str:
        table = [("layer", "output", "parameters", "multiply-adds", "receptive field")]
        table.append(("input", _times(self.input_shape), "", "", ""))
        for row in self.rows:
            field = "" if row.receptive_field is None else _times(row.receptive_field)
            counts = f"{row.parameters:,}", f"{row.multiply_adds:,}"
            table.append((f"{row.name} {row.layer}", _times(row.output_shape), *counts, field))
        table.append(("total", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", ""))
        return _drawn(table, left=2)

    __repr__ = __str__

    def size_table(self) -> str:
        """Return a table of units, weights and connections of the layers that have weights."""
        table = [("layer", "units", "weights", "connections")]
        sized = [row for row in self.rows if row.multiply_adds]
        for row in sized:
            counts = row.units, row.weights, row.connections
            table.append((f"{row.name} {row.layer}", *(f"{count:,}" for count in counts)))
        table.append(("total", *(f"{count:,}" for count in (self.units, self.weights, self.connections))))
        return _drawn(table, left=1)


def summary(model: Module, input_shape: tuple[int, ...], *, depth: int | None = None) -> Summary:
    """Return a row a layer with output shape, parameters, multiply-adds and receptive field.

    Parameters
    ----------
    model : Module
        Not changed. Blocks are opened: their layers come first, then a row for what joins the branches.
    input_shape : tuple of int
        Shape of one example, without the batch: (C, H, W) or (features,).
    depth : int or None
        How many levels of blocks to open: 1 gives a row for each part of the model itself. None opens all.

    Returns
    -------
    Summary
        Print it, or read its rows.

    Raises
    ------
    ValueError
        If an input of this shape does not run through the model, or `depth` is below 1.
    """
    input_shape = tuple(int(size) for size in input_shape)
    if depth is not None:
        depth = arguments.whole("depth", depth, 1)
    parameters = model.parameters()
    x = np.empty((0, *input_shape), parameters[0].dtype if parameters else np.float32)
    counted: set[int] = set()
    rows = tuple(_row(call, counted) for call in trace(model, x, depth))
    return Summary(input_shape, rows)


def _row(call: Call, counted: set[int]) -> Row:
    parameters = weights = units = 0
    for part in call.parts:
        new = {id(p): p for p in part.own_parameters if id(p) not in counted}
        counted.update(new)
        parameters += sum(parameter.size for parameter in new.values())
        if part.multiply_adds:
            weights += sum(parameter.size for parameter in new.values() if parameter.data.ndim >= 2)
            units += math.prod(part.output_shape)
    return Row(
        name=call.name,
        layer=type(call.module).__name__,
        output_shape=call.output_shape,
        parameters=parameters,
        units=units,
        weights=weights,
        multiply_adds=sum(part.multiply_adds for part in call.parts),
        receptive_field=call.receptive_field,
    )


def _drawn(table: list[tuple[str, ...]], *, left: int) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in table
    ]
    lines.insert(1, "-" * (sum(widths) + 2 * (len(widths) - 1)))
    lines.insert(-1, lines[1])
    return "\n".join(lines)


def _times(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes))

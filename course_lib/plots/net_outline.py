"""What a net is made of, read off the net itself: its parts in a row, with shapes and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from course_lib import nn

CONVOLUTION, POOLING, BLOCK, CONNECTED = "convolution", "pooling", "block", "fully connected"

# What only transforms the outputs of the part before it, and is drawn and counted together with that.
_ATTENDANTS = (
    nn.ReLU,
    nn.ReLU6,
    nn.LeakyReLU,
    nn.Tanh,
    nn.Sigmoid,
    nn.BatchNorm2d,
    nn.Dropout,
    nn.Flatten,
)
_BLOCK_NAMES = {
    nn.BasicBlock: "basic block",
    nn.Bottleneck: "bottleneck",
    nn.PreActivationBlock: "pre-activation block",
    nn.Inception: "inception",
    nn.DenseBlock: "dense block",
    nn.Transition: "transition",
}


class NothingDrawn(np.random.Generator):
    """A generator whose draws are all 0: for nets that are counted and drawn, not trained.

    Drawing the weights of a VGG at paper size takes seconds; zeros take none.
    """

    def __init__(self) -> None:
        super().__init__(np.random.PCG64(0))

    def uniform(self, low: float = 0, high: float = 1, size: object = None) -> np.ndarray:
        """Return zeros of the asked shape."""
        return np.zeros(() if size is None else size, np.float32)


@dataclass(frozen=True)
class Part:
    """One part of a net: a layer with what only transforms its outputs, or a block.

    Attributes
    ----------
    name : str
        Such as "3×3 conv, stride 2".
    kind : str
        `CONVOLUTION`, `POOLING`, `BLOCK` or `CONNECTED`.
    output_shape : tuple of int
        Of the layer or block, without the batch.
    parameters, multiply_adds : int
        As in `nn.summary`; norms and activations behind a layer are counted with it.
    receptive_field : tuple of int or None
        As in `nn.summary`.
    skip : bool
        Whether something is added to its own input inside.
    count : int
        How many alike in a row it stands for.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    receptive_field: tuple[int, int] | None
    skip: bool
    count: int = 1


def outline(model: nn.Sequential, input_shape: tuple[int, ...]) -> tuple[Part, ...]:
    """Return the parts of a net in their order.

    Parameters
    ----------
    model : Sequential
        Not changed.
    input_shape : tuple of int
        Of one example, (C, H, W) or (features,).

    Raises
    ------
    ValueError
        If an input of this shape does not run through the model.
    """
    parts: list[Part] = []
    modules = dict(model.children())
    for row in nn.summary(model, input_shape, depth=1).rows:
        module = modules[row.name]
        if parts and isinstance(module, _ATTENDANTS):
            before = parts[-1]
            parts[-1] = replace(
                before,
                parameters=before.parameters + row.parameters,
                multiply_adds=before.multiply_adds + row.multiply_adds,
            )
            continue
        name, kind = _named(module)
        skip = any(isinstance(inner, nn.Residual) for inner in module.modules())
        counts = row.parameters, row.multiply_adds
        parts.append(Part(name, kind, row.output_shape, *counts, row.receptive_field, skip))
    return tuple(parts)


def runs(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts with those in a row that have one name and one output shape made into one, counted up.

    The receptive field of a run is that of its last part.
    """
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if last and (last.name, last.output_shape) == (part.name, part.output_shape):
            found[-1] = replace(
                last,
                parameters=last.parameters + part.parameters,
                multiply_adds=last.multiply_adds + part.multiply_adds,
                receptive_field=part.receptive_field,
                count=last.count + part.count,
            )
        else:
            found.append(part)
    return tuple(found)


def _named(module: nn.Module) -> tuple[str, str]:
    if isinstance(module, nn.Conv2d):
        return short_name(module), CONVOLUTION
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d | nn.GlobalAvgPool2d):
        return short_name(module), POOLING
    if isinstance(module, nn.Linear):
        return short_name(module), CONNECTED
    name = _BLOCK_NAMES.get(type(module), type(module).__name__)
    if isinstance(module, nn.DenseBlock):
        name = f"{name} of {len(module)}"
    if any(isinstance(inner, nn.SqueezeExcitation) for inner in module.modules()):
        name = f"SE {name}"
    groups = max((inner.groups for inner in module.modules() if isinstance(inner, nn.Conv2d)), default=1)
    return (f"{name}, {groups} groups" if groups > 1 else name), BLOCK


def short_name(layer: nn.Module) -> str:
    """Return what a layer is called in a drawing: its kind, and the sizes that say what it does.

    Parameters
    ----------
    layer : Module
        Without modules inside; for a kind that is not known its class's name is returned.
    """
    if isinstance(layer, nn.Conv2d):
        name = f"{_times(layer.kernel_size)} conv"
        name += f", stride {max(layer.stride)}" if max(layer.stride) > 1 else ""
        return name + (f", {layer.groups} groups" if layer.groups > 1 else "")
    if isinstance(layer, nn.MaxPool2d | nn.AvgPool2d):
        kind = "max" if isinstance(layer, nn.MaxPool2d) else "mean"
        return f"{_times(layer.kernel_size)} {kind} pool"
    if isinstance(layer, nn.GlobalAvgPool2d):
        return "global mean"
    if isinstance(layer, nn.Linear):
        return "fully connected"
    if isinstance(layer, nn.BatchNorm2d):
        return "norm"
    return type(layer).__name__


def _times(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes))

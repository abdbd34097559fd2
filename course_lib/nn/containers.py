"""Layers made of layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from course_lib.nn.module import Module, Window


class Sequential(Module):
    """Layers one after the other; backward runs through them from last to first.

    Parameters
    ----------
    *layers : Module
        Each object once: a layer remembers only its latest input.

    Raises
    ------
    TypeError
        If an argument is not a Module.
    ValueError
        If an object is in it twice.
    """

    def __init__(self, *layers: Module) -> None:
        self.layers = different_modules("layers", layers)

    def children(self) -> Iterator[tuple[str, Module]]:
        """Yield (position, layer)."""
        for position, layer in enumerate(self.layers):
            yield str(position), layer

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the last layer's output."""
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add all gradients; return dx."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def backward_to_parameters(self, dy: np.ndarray) -> None:
        """Add all gradients, and leave out that by the input."""
        for layer in reversed(self.layers[1:]):
            dy = layer.backward(dy)
        if self.layers:
            self.layers[0].backward_to_parameters(dy)

    def window(self) -> Window | None:
        """Return the window of all layers together."""
        extent, stride = (1, 1), (1, 1)
        for layer in self.layers:
            window = layer.window()
            if window is None:
                return None
            extent = tuple(e + (k - 1) * s for e, k, s in zip(extent, window.extent, stride))
            stride = tuple(s * t for s, t in zip(stride, window.stride))
        return Window(extent, stride)

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.layers)

    def __getitem__(self, index: int | slice) -> Module:
        """Return one layer, or for a slice a Sequential of the same layer objects."""
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]


def different_modules(argument: str, modules: Sequence[Module]) -> list[Module]:
    """Return the modules as a list if no layer is in them twice.

    Raises
    ------
    TypeError
        If one is not a Module.
    ValueError
        If an object is in them twice: a layer remembers only its latest input.
    """
    seen: set[int] = set()
    for position, module in enumerate(modules):
        if not isinstance(module, Module):
            kind = type(module).__name__
            raise TypeError(f"{argument} must be Modules, got a {kind} as number {position}")
        inside = {id(inner) for inner in module.modules()}
        if inside & seen:
            raise ValueError(
                f"{argument} must be different objects, but number {position}, {type(module).__name__}, "
                "is used twice: make a new one"
            )
        seen |= inside
    return list(modules)

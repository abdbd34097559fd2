"""Following one input through a model: which module is called, inside which, on what, with what result."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from course_lib.nn.containers import Sequential
from course_lib.nn.module import Module, Window
from course_lib.nn.parameter import Parameter


@dataclass(frozen=True)
class Part:
    """What one module did by itself in one call, without the modules inside it."""

    own_parameters: tuple[Parameter, ...]
    output_shape: tuple[int, ...]
    multiply_adds: int


@dataclass
class Call:
    """One call of a layer, of what joins a block's branches, or of a whole block.

    Attributes
    ----------
    name : str
        Position in the model.
    module : Module
    output_shape : tuple of int
        Without the batch.
    receptive_field : tuple of int or None
        What one value of the result can depend on, None if not known.
    parts : list of Part
        The call itself; for a whole block all calls inside.
    """

    name: str
    module: Module
    output_shape: tuple[int, ...] = ()
    receptive_field: tuple[int, int] | None = None
    parts: list[Part] = field(default_factory=list)


def trace(model: Module, x: np.ndarray, depth: int | None = None) -> list[Call]:
    """Run a model on `x` in evaluation mode and return its calls in the order in which they end.

    A `Sequential` is not a call of its own. The model is left as it was.

    Parameters
    ----------
    model : Module
    x : ndarray
        Input with a batch axis; an empty batch will do.
    depth : int or None
        Modules this many levels down are one call each, whatever is inside; None goes to the bottom.
    """
    tracer = _Tracer(x, depth)
    with _watched(model, tracer):
        model(x)
    return tracer.calls


class _Tracer:
    def __init__(self, x: np.ndarray, depth: int | None) -> None:
        self.depth = depth
        self.level = 0
        self.calls: list[Call] = []
        self.whole: Call | None = None
        self.image = x.shape[2:] if x.ndim == 4 else None
        # Windows on the input by the identity of the array; the array is kept, so that no other gets its id.
        self.seen: dict[int, tuple[np.ndarray, Window | None]] = {}
        self.note(x, Window((1, 1), (1, 1)) if self.image else None)

    def note(self, array: np.ndarray, window: Window | None) -> None:
        self.seen[id(array)] = array, window

    def window_of(self, array: np.ndarray) -> Window | None:
        return self.seen.get(id(array), (array, None))[1]

    def run(
        self, name: str, module: Module, forward: Callable[[np.ndarray], np.ndarray], x: np.ndarray
    ) -> np.ndarray:
        inside = any(True for _ in module.children())
        opens_whole = self.whole is None and inside and self.level == self.depth
        call = Call(name, module)
        if opens_whole:
            self.whole = call
        self.level += 1
        y = forward(x)
        self.level -= 1
        self._follow(module, x, y)
        part = Part(own_parameters(module), y.shape[1:], module.multiply_adds(x.shape[1:], y.shape[1:]))
        (call if self.whole is None else self.whole).parts.append(part)
        if opens_whole:
            self.whole = None
        if self.whole is None and (opens_whole or not isinstance(module, Sequential)):
            call.output_shape = y.shape[1:]
            call.receptive_field = self._within(self.window_of(y))
            self.calls.append(call)
        return y

    def _follow(self, module: Module, x: np.ndarray, y: np.ndarray) -> None:
        """Note what y sees of the input; a chain's result is its last layer's, of which that is known."""
        if isinstance(module, Sequential):
            return
        before, window = self.window_of(x), module.window()
        if before is None or window is None:
            self.note(y, None)
            return
        extent = tuple(e + (k - 1) * s for e, k, s in zip(before.extent, window.extent, before.stride))
        stride = tuple(s * t for s, t in zip(before.stride, window.stride))
        self.note(y, Window(extent, stride))

    def _within(self, window: Window | None) -> tuple[int, int] | None:
        if window is None:
            return None
        return tuple(
            size if math.isinf(extent) else int(extent) for extent, size in zip(window.extent, self.image)
        )


def own_parameters(module: Module) -> tuple[Parameter, ...]:
    """Return the parameters that are attributes of the module itself."""
    return tuple(value for value in vars(module).values() if isinstance(value, Parameter))


@contextmanager
def _watched(model: Module, tracer: _Tracer) -> Iterator[None]:
    names: dict[int, tuple[str, Module]] = {}
    for prefix, module in model.named_modules():
        names.setdefault(id(module), (prefix, module))
    kept = [(module, module.training, module.cache) for _, module in names.values()]
    model.eval()
    try:
        for name, module in names.values():
            module.forward = partial(tracer.run, name, module, module.forward)
        yield
    finally:
        for module, training, cache in kept:
            vars(module).pop("forward", None)
            module.training = training
            module.cache = cache

"""Modules side by side: all see the same input, and what they make of it is joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.containers import different_modules
from course_lib.nn.module import Module, Window, as_floats


class Identity(Module):
    """y = x: the branch that does nothing."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return a copy of x."""
        x = arguments.real("x", x)
        self.cache = x.shape
        y = self.fresh("y", x.shape, x.dtype)
        y[...] = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return a copy of dy."""
        shape = self.cached()
        dy = arguments.real("dy", dy)
        dy = arguments.shaped("dy", dy, shape, "that of the output", dy)
        dx = self.fresh("dx", dy.shape, dy.dtype)
        dx[...] = dy
        return dx


class Branches(Module):
    """What all modules side by side share: a subclass says how their results are joined.

    By the chain rule the gradient by the common input is the sum of what the branches give back.

    Parameters
    ----------
    *branches : Module
        At least one, each object once.
    """

    def __init__(self, *branches: Module) -> None:
        if not branches:
            raise ValueError("branches must be one Module or more, got none")
        self.branches = different_modules("branches", branches)

    def children(self) -> Iterator[tuple[str, Module]]:
        """Yield (position, branch)."""
        for position, branch in enumerate(self.branches):
            yield str(position), branch

    def outputs(self, x: np.ndarray) -> list[np.ndarray]:
        """Return what every branch makes of x."""
        x = arguments.real("x", x)
        return [branch(x) for branch in self.branches]

    def gradient(self, dys: Sequence[np.ndarray]) -> np.ndarray:
        """Run every branch backward on its own dy; return the sum of their dx."""
        dxs = [branch.backward(dy) for branch, dy in zip(self.branches, dys, strict=True)]
        return self.sum_of("dx", dxs)

    def sum_of(self, name: str, arrays: Sequence[np.ndarray]) -> np.ndarray:
        """Return the sum of arrays of one shape, kept under `name`."""
        total = self.fresh(name, arrays[0].shape, np.result_type(*arrays))
        total[...] = arrays[0]
        for array in arrays[1:]:
            total += array
        return total

    def window(self) -> Window | None:
        """Return the largest window of all branches."""
        return widest([branch.window() for branch in self.branches])


class Sum(Branches):
    """y = the sum of all branches, whose outputs have one shape.

    Parameters
    ----------
    *branches : Module
        At least one, each object once.
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the sum.

        Raises
        ------
        ValueError
            If the branches' outputs differ in shape.
        """
        outputs = self.outputs(x)
        shapes = [output.shape for output in outputs]
        if len(set(shapes)) > 1:
            raise ValueError(
                f"branches must give one shape to be added, got {', '.join(map(str, shapes))}: change a "
                "branch's channels, stride or padding, or put a convolution into the shortcut"
            )
        y = self.sum_of("y", outputs)
        self.cache = y.shape, y.dtype
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add all gradients; return dx. Every branch gets dy whole."""
        shape, dtype = self.cached()
        dy = arguments.real("dy", as_floats(dy, dtype))
        dy = arguments.shaped("dy", dy, shape, "that of the output", dy)
        return self.gradient([dy] * len(self.branches))


class Residual(Sum):
    """y = body(x) + shortcut(x): the body has to learn only what differs from the shortcut.

    Parameters
    ----------
    body : Module
        What is learnt.
    shortcut : Module or None
        What the signal and the gradient get past the body; None lets them through as they are.
    """

    def __init__(self, body: Module, shortcut: Module | None = None) -> None:
        super().__init__(body, Identity() if shortcut is None else shortcut)

    def children(self) -> Iterator[tuple[str, Module]]:
        """Yield the body and the shortcut."""
        yield from zip(("body", "shortcut"), self.branches, strict=True)


class Concatenate(Branches):
    """y = the branches' outputs one after the other along an axis.

    Parameters
    ----------
    *branches : Module
        At least one, each object once.
    axis : int
        Axis of the channels.
    """

    def __init__(self, *branches: Module, axis: int = 1) -> None:
        super().__init__(*branches)
        self.axis = arguments.whole("axis", axis, 0)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs joined.

        Raises
        ------
        ValueError
            If the outputs differ along another axis.
        """
        outputs = self.outputs(x)
        shapes = [output.shape for output in outputs]
        axis = self.axis
        others = {shape[:axis] + shape[axis + 1 :] for shape in shapes}
        if len(others) > 1 or axis >= len(shapes[0]):
            raise ValueError(
                f"branches must give shapes that differ along axis {axis} alone to be joined, got "
                f"{', '.join(map(str, shapes))}: change a branch's stride or padding"
            )
        sizes = [shape[axis] for shape in shapes]
        shape = (*shapes[0][:axis], sum(sizes), *shapes[0][axis + 1 :])
        y = self.fresh("y", shape, np.result_type(*outputs))
        np.concatenate(outputs, axis=axis, out=y)
        self.cache = y.shape, y.dtype, np.cumsum(sizes)[:-1]
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add all gradients; return dx. Every branch gets its own part of dy."""
        shape, dtype, ends = self.cached()
        dy = arguments.real("dy", as_floats(dy, dtype))
        dy = arguments.shaped("dy", dy, shape, "that of the output", dy)
        parts = []
        for number, part in enumerate(np.split(dy, ends, axis=self.axis)):
            # Operations need contiguous arrays: one copy here instead of a new one in every branch.
            parts.append(self.fresh(f"dy{number}", part.shape, dtype))
            parts[-1][...] = part
        return self.gradient(parts)

    def extra_repr(self) -> str:
        """Return the axis where it is not that of the channels."""
        return "" if self.axis == 1 else f"axis={self.axis}"


class Scale(Module):
    """y = x · gate(x): a factor for every channel of every example, made from the example itself.

    Parameters
    ----------
    gate : Module
        Maps x (N, C, *) to factors (N, C).
    """

    def __init__(self, gate: Module) -> None:
        self.gate = different_modules("gate", [gate])[0]

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x.

        Raises
        ------
        ValueError
            If the gate does not give one factor for every channel.
        """
        x = arguments.real("x", x)
        factors = self.gate(x)
        if factors.shape != x.shape[:2]:
            raise ValueError(
                f"gate must give a factor for every channel, shape {x.shape[:2]}, got {factors.shape}"
            )
        y = self.fresh("y", x.shape, np.result_type(x, factors))
        np.multiply(x, _spread(factors, x), out=y)
        self.cache = x, factors, y.dtype
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gate's gradients; return dx, which has a part through x and one through the gate."""
        x, factors, dtype = self.cached()
        dy = arguments.real("dy", as_floats(dy, dtype))
        dy = arguments.shaped("dy", dy, x.shape, "that of the output", dy)
        dx = self.fresh("dx", x.shape, dtype)
        np.multiply(dy, x, out=dx)
        through_gate = self.gate.backward(dx.sum(axis=tuple(range(2, x.ndim))))
        np.multiply(dy, _spread(factors, x), out=dx)
        dx += through_gate
        return dx

    def window(self) -> Window | None:
        """Return the gate's window, which holds the channel's own position."""
        return widest([self.gate.window(), Window((1, 1), (1, 1))])


def widest(windows: Sequence[Window | None]) -> Window | None:
    """Return the largest extent and step of several windows, None where one is not known."""
    if any(window is None for window in windows):
        return None
    extents, strides = zip(*((window.extent, window.stride) for window in windows), strict=True)
    return Window(tuple(map(max, zip(*extents))), tuple(map(max, zip(*strides))))


def _spread(factors: np.ndarray, x: np.ndarray) -> np.ndarray:
    return factors.reshape(*factors.shape, *[1] * (x.ndim - 2))

"""Hypothesis strategies for the shapes, options and arrays of the operations."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

DTYPES = st.sampled_from([np.float32, np.float64])
BATCHES = st.integers(0, 3)
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Convolution:
    """One call of conv2d, without its values."""

    x: tuple[int, int, int, int]
    w: tuple[int, int, int, int]
    bias: bool
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    dilation: tuple[int, int]
    groups: int

    @property
    def options(self) -> dict:
        return {name: getattr(self, name) for name in ("stride", "padding", "dilation", "groups")}


@dataclass(frozen=True)
class Window:
    """One call of a pooling, without its values."""

    x: tuple[int, int, int, int]
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]

    @property
    def options(self) -> dict:
        return {"kernel_size": self.kernel_size, "stride": self.stride, "padding": self.padding}


def pairs(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(least, most), st.integers(least, most))


@st.composite
def convolutions(draw, batch: st.SearchStrategy[int] = BATCHES, most_channels: int = 70) -> Convolution:
    kernel, stride, dilation = draw(pairs(1, 5)), draw(pairs(1, 4)), draw(pairs(1, 3))
    padding = draw(st.tuples(pairs(0, 3), pairs(0, 3)))
    # From the smallest input that the window fits into, so that small failures are found.
    size = tuple(
        max(1, d * (k - 1) + 1 - sum(p)) + draw(st.integers(0, 20))
        for k, d, p in zip(kernel, dilation, padding)
    )
    groups = draw(st.sampled_from([1, 1, 1, 2, 3]))
    inputs, outputs = draw(st.integers(1, 6)), draw(st.integers(1, most_channels // groups))
    return Convolution(
        x=(draw(batch), inputs * groups, *size),
        w=(outputs * groups, inputs, *kernel),
        bias=draw(st.booleans()),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )


@st.composite
def windows(draw, batch: st.SearchStrategy[int] = BATCHES) -> Window:
    kernel = draw(pairs(1, 5))
    padding = tuple(draw(pairs(0, k - 1)) for k in kernel)
    size = tuple(max(1, k - sum(p)) + draw(st.integers(0, 20)) for k, p in zip(kernel, padding))
    return Window((draw(batch), draw(st.integers(1, 4)), *size), kernel, draw(pairs(1, 4)), padding)


def shapes(least_axes: int = 1, most_axes: int = 4, most: int = 12) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(1, most), min_size=least_axes, max_size=most_axes).map(tuple)


def values(seed: int, dtype: type, *shapes_: tuple[int, ...]) -> list[np.ndarray]:
    """Give normal arrays of these shapes."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes_]

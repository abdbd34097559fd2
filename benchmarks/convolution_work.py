"""Convolutions: the shapes of small image networks, forward and backward as a whole."""

from dataclasses import dataclass
from functools import partial

import numpy as np

import course_lib.functional as F
from benchmarks.pytorch import TF, opponents, tensors, torch
from benchmarks.work import OURS, TORCH, Call, Goal, Work, array

GROUP = "Convolution"


@dataclass(frozen=True)
class Shape:
    """Images (n, c, size, size) to `o` channels through k×k."""

    n: int
    c: int
    size: int
    o: int
    k: int
    stride: int = 1
    groups: int = 1
    dtype: type = np.float32

    @property
    def padding(self) -> int:
        return self.k // 2

    @property
    def multiply_adds(self) -> float:
        side = (self.size + 2 * self.padding - self.k) // self.stride + 1
        return self.n * self.o * side**2 * self.c // self.groups * self.k**2

    def __str__(self) -> str:
        kind = "depthwise " if self.groups > 1 else ""
        tail = ", float64" if self.dtype is np.float64 else ""
        step = f" s{self.stride}" if self.stride > 1 else ""
        return f"{kind}{self.k}×{self.k}{step}, {self.n}×{self.c}×{self.size}² → {self.o}{tail}"


SHAPES = [
    (Shape(64, 32, 16, 64, 3), Goal(1.4, 2.5)),
    (Shape(64, 64, 32, 64, 3), Goal(1.9, 2.5)),
    (Shape(32, 128, 16, 128, 3), Goal(1.9, 2.5)),
    (Shape(32, 256, 8, 256, 3), Goal(1.9, 2.5)),
    (Shape(64, 3, 32, 32, 5), Goal(0.95, 1.1)),
    (Shape(128, 1, 28, 6, 5), Goal(0.95, 1.1)),
    (Shape(32, 16, 32, 32, 7), Goal(0.95, 1.1)),
    (Shape(32, 64, 32, 128, 1), Goal(1.3, 2)),
    (Shape(32, 64, 32, 128, 3, stride=2), Goal(1.2, 1.4)),
    (Shape(32, 64, 32, 64, 3, groups=64), Goal(1.3, 2)),
    (Shape(8, 1, 8, 16, 3), Goal(5, 12)),
    (Shape(16, 32, 16, 64, 3, dtype=np.float64), Goal(2, 4)),
]


def rows() -> list[Work]:
    """List the forward and the backward of every shape."""
    return [
        Work(
            GROUP,
            f"{shape}, {name}",
            partial(make, shape),
            {TORCH: goal},
            multiply_adds=shape.multiply_adds * passes,
        )
        for shape, goal in SHAPES
        for name, make, passes in (("forward", forward, 1), ("backward", backward, 2))
    ]


def forward(shape: Shape) -> dict[str, Call]:
    x, w, b, options = _arguments(shape)
    tx, tw, tb = tensors(x, w, b)
    return {
        OURS: lambda: F.conv2d(x, w, b, **options),
        **opponents({TORCH: lambda: TF.conv2d(tx, tw, tb, **options)}),
    }


def backward(shape: Shape) -> dict[str, Call]:
    x, w, b, options = _arguments(shape)
    dy = F.conv2d(x, w, b, **options)
    tx, tw, tdy = tensors(x, w, dy)

    def theirs():
        return torch.ops.aten.convolution_backward(
            tdy,
            tx,
            tw,
            [shape.o],
            [shape.stride] * 2,
            [shape.padding] * 2,
            [1, 1],
            False,
            [0, 0],
            shape.groups,
            [True] * 3,
        )

    return {
        OURS: lambda: F.conv2d_backward(dy, x, w, **options),
        **opponents({TORCH: theirs}),
    }


def _arguments(shape: Shape) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict]:
    x = array(shape.n, shape.c, shape.size, shape.size, dtype=shape.dtype)
    w = array(shape.o, shape.c // shape.groups, shape.k, shape.k, dtype=shape.dtype)
    options = {"stride": shape.stride, "padding": shape.padding, "groups": shape.groups}
    return x, w, array(shape.o, dtype=shape.dtype), options

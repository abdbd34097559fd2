"""Residual blocks: layers that learn what to add to their input."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.blocks.squeeze_excitation import SqueezeExcitation
from course_lib.nn.branches import Residual
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.module import Module


class BasicBlock(Sequential):
    """Two 3×3 convolutions around which the input goes (He et al. 2016): ReLU(body(x) + x).

    Where stride or channels change, the shortcut is a 1×1 convolution with batch normalisation.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    stride : int
        Step of the first convolution.
    reduction : int or None
        With it a squeeze and excitation of this reduction ends the body (SENet).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        stride: int = 1,
        reduction: int | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        body = [
            *conv_norm(in_channels, out_channels, 3, stride=stride, padding=1, rng=rng, dtype=dtype),
            ReLU(),
            *conv_norm(out_channels, out_channels, 3, padding=1, rng=rng, dtype=dtype),
        ]
        super().__init__(*_added(body, in_channels, out_channels, stride, reduction, rng, dtype))
        self.out_channels = out_channels


class Bottleneck(Sequential):
    """1×1 convolution to fewer channels, 3×3 on those, 1×1 back (He et al. 2016): ReLU(body(x) + x).

    With groups it is the block of ResNeXt (Xie et al. 2017): the sum of `groups` narrow bottlenecks.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    width : int or None
        Channels of the 3×3 convolution; None is a quarter of the output's.
    stride : int
        Step of the 3×3 convolution.
    groups : int
        Independent groups of its channels.
    reduction : int or None
        With it a squeeze and excitation of this reduction ends the body (SENet).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        width: int | None = None,
        stride: int = 1,
        groups: int = 1,
        reduction: int | None = None,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        width = max(1, out_channels // 4) if width is None else width
        body = [
            *conv_norm(in_channels, width, 1, rng=rng, dtype=dtype),
            ReLU(),
            *conv_norm(width, width, 3, stride=stride, padding=1, groups=groups, rng=rng, dtype=dtype),
            ReLU(),
            *conv_norm(width, out_channels, 1, rng=rng, dtype=dtype),
        ]
        super().__init__(*_added(body, in_channels, out_channels, stride, reduction, rng, dtype))
        self.out_channels = out_channels


def conv_norm(in_channels: int, out_channels: int, kernel_size: int, **options) -> list[Module]:
    """Return a convolution and its batch normalisation, whose shift makes a bias superfluous."""
    convolution = Conv2d(in_channels, out_channels, kernel_size, bias=False, **options)
    return [convolution, BatchNorm2d(out_channels, dtype=options.get("dtype", np.float32))]


def start_as_shortcuts(model: Module) -> None:
    """Set the scale of the normalisation that ends each residual body to 0: the net starts as its shortcuts.

    Training then takes the bodies in as they become useful (Goyal et al. 2017, "Accurate, large minibatch
    SGD"). Bodies that end otherwise stay as they are.

    Parameters
    ----------
    model : Module
        Changed in place.
    """
    for module in model.modules():
        if isinstance(module, Residual):
            last = list(module.branches[0].modules())[-1]
            if isinstance(last, BatchNorm2d):
                last.weight.data[...] = 0


def _added(
    body: list[Module],
    in_channels: int,
    out_channels: int,
    stride: int,
    reduction: int | None,
    rng: np.random.Generator,
    dtype: type,
) -> tuple[Module, Module]:
    if reduction is not None:
        body = [*body, SqueezeExcitation(out_channels, reduction, rng=rng, dtype=dtype)]
    shortcut = None
    if stride != 1 or in_channels != out_channels:
        shortcut = Sequential(*conv_norm(in_channels, out_channels, 1, stride=stride, rng=rng, dtype=dtype))
    return Residual(Sequential(*body), shortcut), ReLU()

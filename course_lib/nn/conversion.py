"""Convolutions as fully connected layers, and the other way round: one function, two tables of weights."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.batch_normalization import BatchNorm1d, BatchNorm2d
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.group_normalization import GroupNorm, InstanceNorm2d, LayerNorm
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module
from course_lib.nn.pooling import AvgPool2d, GlobalAvgPool2d
from course_lib.nn.reshaping import Flatten


def linear_as_conv(linear: Linear, input_shape: tuple[int, int, int]) -> Conv2d:
    """Return the convolution whose kernels cover the whole plane that a fully connected layer looked at.

    Parameters
    ----------
    linear : Linear
        Takes images flattened channel by channel, row by row, as `Flatten` does.
    input_shape : (C, H, W)
        Shape of one image.

    Returns
    -------
    Conv2d
        Maps (N, C, H, W) to (N, out_features, 1, 1); on larger images it slides. The weights are copies.

    Raises
    ------
    ValueError
        If the layer does not take C·H·W features.
    """
    channels, *plane = arguments.shape_of("input_shape", input_shape, 3)
    if channels * plane[0] * plane[1] != linear.in_features:
        raise ValueError(
            f"input_shape must hold the layer's {linear.in_features} features, got {tuple(input_shape)}"
        )
    options = {"bias": linear.bias is not None, "rng": 0, "dtype": linear.weight.dtype}
    made = Conv2d(channels, linear.out_features, tuple(plane), **options)
    made.weight.data = linear.weight.data.reshape(made.weight.shape)
    if linear.bias is not None:
        made.bias.data = linear.bias.data
    return made


def conv_as_matrix(
    conv: Conv2d, input_shape: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray | None, tuple[int, int, int]]:
    """Return the matrix that a convolution multiplies flattened images by: mostly zeros, the rest repeated.

    Parameters
    ----------
    conv : Conv2d
        Any stride, padding, dilation and groups.
    input_shape : (C, H, W)
        Shape of one image. The matrix has O·OH·OW times C·H·W elements: keep it small.

    Returns
    -------
    matrix : ndarray, shape (O·OH·OW, C·H·W)
        A row an output, a column an input value; every kernel stands in OH·OW rows.
    bias : ndarray of shape (O·OH·OW,), or None
        Every number OH·OW times.
    output_shape : (O, OH, OW)
        Shape to give to a row of results.

    Raises
    ------
    ValueError
        If the image has not the channels of the convolution, or the kernel does not fit into it.
    """
    channels, *size = arguments.shape_of("input_shape", input_shape, 3)
    if channels != conv.in_channels:
        raise ValueError(f"input_shape must have {conv.in_channels} channels, got {tuple(input_shape)}")
    padding = arguments.paddings(conv.padding, conv.kernel_size, conv.stride, conv.dilation)
    out = arguments.output_size(tuple(size), conv.kernel_size, conv.stride, padding, conv.dilation)
    weight = conv.weight.data
    # Where output r meets kernel row i in the image, and likewise for columns: axes (r, i).
    rows, columns = (
        np.arange(n)[:, None] * step + np.arange(k) * gap - before
        for n, k, step, gap, (before, _) in zip(out, conv.kernel_size, conv.stride, conv.dilation, padding)
    )
    per_group = weight.shape[1]
    group = np.arange(conv.out_channels) // (conv.out_channels // conv.groups)
    # All axes: output channel, row and column; channel within the group, kernel row and column.
    o, r, s = (index[..., None, None, None] for index in np.ogrid[: conv.out_channels, : out[0], : out[1]])
    c = (group[:, None] * per_group + np.arange(per_group))[:, None, None, :, None, None]
    h, w = rows[None, :, None, None, :, None], columns[None, None, :, None, None, :]
    *places, values = np.broadcast_arrays(o, r, s, c, h, w, weight[:, None, None])
    h, w = places[4:]
    inside = (h >= 0) & (h < size[0]) & (w >= 0) & (w < size[1])
    matrix = np.zeros((conv.out_channels, *out, channels, *size), weight.dtype)
    matrix[tuple(index[inside] for index in places)] = values[inside]
    bias = None if conv.bias is None else np.repeat(conv.bias.data, out[0] * out[1])
    return matrix.reshape(conv.out_channels * out[0] * out[1], -1), bias, (conv.out_channels, *out)


def conv_as_linear(conv: Conv2d, input_shape: tuple[int, int, int]) -> Linear:
    """Return the fully connected layer that does the same on flattened images of one shape.

    Parameters
    ----------
    conv : Conv2d
        Any stride, padding, dilation and groups.
    input_shape : (C, H, W)
        Shape of one image.

    Returns
    -------
    Linear
        With the matrix of `conv_as_matrix`; nothing ties its weights any more once it is trained.
    """
    matrix, bias, _ = conv_as_matrix(conv, input_shape)
    made = Linear(matrix.shape[1], matrix.shape[0], bias=bias is not None, rng=0, dtype=matrix.dtype)
    made.weight.data = matrix
    if bias is not None:
        made.bias.data = bias
    return made


def fully_convolutional(model: Sequential, input_shape: tuple[int, int, int]) -> Sequential:
    """Return a network that slides a whole classifier over larger images, at the cost of one pass.

    Every fully connected layer becomes a convolution: the first over the plane that was flattened, the others
    1×1. Where no layer pads, output (r, s) is what the classifier gives for the part of the image that
    starts at (r, s) times the product of all strides; the convolutions' work on overlapping parts is shared.

    Parameters
    ----------
    model : Sequential
        Convolutions and pools, then `Flatten` or `GlobalAvgPool2d`, then fully connected layers.
    input_shape : (C, H, W)
        Shape of one image that the classifier was made for.

    Returns
    -------
    Sequential
        Maps (N, C, H', W') to (N, K, R, S), in evaluation mode, with copies of all weights.

    Raises
    ------
    ValueError
        If a layer has no sliding equivalent, as one that normalises over the whole image.
    """
    x = np.empty((0, *arguments.shape_of("input_shape", input_shape, 3)), np.float32)
    layers: list[Module] = []
    plane: tuple[int, ...] | None = None
    caches = [(module, module.training, module.cache) for module in model.modules()]
    model.eval()
    try:
        for name, layer in _chain(model, ""):
            shape, x = x.shape[1:], layer(x)
            if isinstance(layer, Flatten):
                plane = shape
            elif isinstance(layer, GlobalAvgPool2d):
                layers.append(AvgPool2d(shape[1:], stride=1))
                plane = (shape[0], 1, 1)
            elif isinstance(layer, Linear) and plane is not None:
                layers.append(linear_as_conv(layer, plane))
                plane = (layer.out_features, 1, 1)
            elif isinstance(layer, BatchNorm1d) and plane is not None and plane[1:] == (1, 1):
                layers.append(_for_images(layer))
            elif _slides(layer):
                layers.append(copy.deepcopy(layer))
            else:
                raise ValueError(
                    f"model must hold layers that can slide, but layer {name}, {type(layer).__name__}, "
                    "sees a whole image at once"
                )
    finally:
        for module, mode, cache in caches:
            module.training, module.cache = mode, cache
    return Sequential(*layers).eval()


def _chain(model: Sequential, prefix: str) -> Iterator[tuple[str, Module]]:
    for name, child in model.children():
        if isinstance(child, Sequential):
            yield from _chain(child, f"{prefix}{name}.")
        else:
            yield prefix + name, child


def _slides(layer: Module) -> bool:
    window = layer.window()
    whole = LayerNorm, GroupNorm, InstanceNorm2d, BatchNorm1d
    return (
        window is not None
        and not any(math.isinf(extent) for extent in window.extent)
        and not any(isinstance(module, whole) for module in layer.modules())
    )


def _for_images(layer: BatchNorm1d) -> BatchNorm2d:
    made = BatchNorm2d(layer.num_features, eps=layer.eps, momentum=layer.momentum, dtype=layer.weight.dtype)
    made.load_state_dict(layer.state_dict())
    return made

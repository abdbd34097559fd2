"""The right answers that are counted: costs of separable layers, receptive fields, sizes of nets."""

from __future__ import annotations

from collections.abc import Sequence


def separable_costs(
    channels: int, filters: int, kernel_size: int, height: int, width: int, stride: int, padding: int
) -> tuple[int, int, int, int]:
    """Count weights and multiplications of a full and of a depthwise separable layer, without biases."""
    places = _fitting(height, kernel_size, stride, padding) * _fitting(width, kernel_size, stride, padding)
    full = filters * channels * kernel_size**2
    separable = channels * kernel_size**2 + filters * channels
    return full, separable, full * places, separable * places


def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """Return size and step, in pixels, for layers given as (kernel size, stride, dilation)."""
    size = step = 1
    for kernel_size, stride, dilation in layers:
        size += dilation * (kernel_size - 1) * step
        step *= stride
    return size, step


def net_size(
    input_shape: tuple[int, int, int], layers: Sequence[tuple]
) -> tuple[list[int], list[int], list[int]]:
    """Count units, weights (without biases) and connections of every layer of a net."""
    channels, height, width = input_shape
    counted = []
    for kind, *numbers in layers:
        inputs, per_unit, weights = channels * height * width, 0, 0
        if kind == "fc":
            (outputs,) = numbers
            per_unit, weights = inputs, inputs * outputs
            channels, height, width = outputs, 1, 1
        elif kind == "conv":
            filters, kernel_size, stride, padding = numbers
            per_unit, weights = channels * kernel_size**2, filters * channels * kernel_size**2
            channels = filters
            height = _fitting(height, kernel_size, stride, padding)
            width = _fitting(width, kernel_size, stride, padding)
        else:
            kernel_size, stride = numbers
            height, width = _fitting(height, kernel_size, stride), _fitting(width, kernel_size, stride)
        units = channels * height * width
        counted.append((units, weights, units * per_unit))
    units, weights, connections = map(list, zip(*counted))
    return units, weights, connections


def _fitting(length: int, window: int, stride: int, padding: int = 0) -> int:
    return (length + 2 * padding - window) // stride + 1

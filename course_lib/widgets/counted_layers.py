"""What the size accountant computes: units, weights and connections of the layers of a net, by arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

FULL, SEPARABLE, CONNECTED = "full", "depthwise separable", "replaced by fully connected layers"
CONVOLUTIONS = (FULL, SEPARABLE, CONNECTED)
OWN = "own net"
LIMITS = {"side": (8, 256), "depth": (1, 6), "width": (4, 128), "kernel": (1, 7)}


@dataclass(frozen=True)
class Layer:
    """A convolution, a pooling or a fully connected layer; planes, kernels and steps are square.

    Attributes
    ----------
    kind : {"conv", "pool", "fc"}
    outputs : int
        Channels of a convolution, units of a fully connected layer; not used for pooling.
    kernel, stride, padding, groups : int
        Of convolutions (and of pooling, which has no groups).
    """

    kind: str
    outputs: int = 0
    kernel: int = 1
    stride: int = 1
    padding: int = 0
    groups: int = 1


def _conv(outputs: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1) -> Layer:
    return Layer("conv", outputs, kernel, stride, padding, groups)


def _pool(kernel: int, stride: int) -> Layer:
    return Layer("pool", 0, kernel, stride)


def _fc(outputs: int) -> Layer:
    return Layer("fc", outputs)


# Channels and side of the input, and the layers, as in course_lib.nn.models.
NETS: dict[str, tuple[tuple[int, int], tuple[Layer, ...]]] = {
    "LeNet-5 (1998)": (
        (1, 32),
        (_conv(6, 5), _pool(2, 2), _conv(16, 5), _pool(2, 2), _fc(120), _fc(84), _fc(10)),
    ),
    "AlexNet (2012)": (
        (3, 227),
        (
            _conv(96, 11, 4),
            _pool(3, 2),
            _conv(256, 5, 1, 2, 2),
            _pool(3, 2),
            _conv(384, 3, 1, 1),
            _conv(384, 3, 1, 1, 2),
            _conv(256, 3, 1, 1, 2),
            _pool(3, 2),
            _fc(4096),
            _fc(4096),
            _fc(1000),
        ),
    ),
    "VGG-16 (2015)": (
        (3, 224),
        (
            *(_conv(64, 3, 1, 1), _conv(64, 3, 1, 1), _pool(2, 2)),
            *(_conv(128, 3, 1, 1), _conv(128, 3, 1, 1), _pool(2, 2)),
            *(_conv(256, 3, 1, 1), _conv(256, 3, 1, 1), _conv(256, 3, 1, 1), _pool(2, 2)),
            *(_conv(512, 3, 1, 1), _conv(512, 3, 1, 1), _conv(512, 3, 1, 1), _pool(2, 2)),
            *(_conv(512, 3, 1, 1), _conv(512, 3, 1, 1), _conv(512, 3, 1, 1), _pool(2, 2)),
            *(_fc(4096), _fc(4096), _fc(1000)),
        ),
    ),
}


@dataclass(frozen=True)
class SizeParameters:
    """What the hand can change.

    Attributes
    ----------
    net : str
        One of `NETS`, or `OWN`.
    convolution : {"full", "depthwise separable", "replaced by fully connected layers"}
        What stands for each convolution.
    side, depth, width, kernel : int
        Of the own net: side of its colour images, number of convolutions, channels of the first (doubled by
        each), side of the kernels, an odd number. A 2×2 pool follows each convolution while there is room.
    """

    net: str = "LeNet-5 (1998)"
    convolution: str = FULL
    side: int = 32
    depth: int = 3
    width: int = 16
    kernel: int = 3

    def __post_init__(self) -> None:
        for name, known in (("net", (*NETS, OWN)), ("convolution", CONVOLUTIONS)):
            value = getattr(self, name)
            if value not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(f"{name} must be a whole number from {low} to {high}, got {value!r}")
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, so that padding keeps the size; got {self.kernel}")


@dataclass(frozen=True)
class SizeResult:
    """Counts of each layer that has weights.

    Attributes
    ----------
    names : tuple of str
        What each layer is called.
    fully_connected : ndarray of bool
        Whether it belongs to the fully connected end, shape (layers,).
    units, weights, connections : ndarray of int64
        Shape (layers,); weights without biases; a separable layer's two stages are added up.
    """

    parameters: SizeParameters
    names: tuple[str, ...]
    fully_connected: np.ndarray
    units: np.ndarray
    weights: np.ndarray
    connections: np.ndarray

    @property
    def counts(self) -> dict[str, np.ndarray]:
        """The three counts by their names."""
        return {"units": self.units, "weights": self.weights, "connections": self.connections}


def own_net(parameters: SizeParameters) -> tuple[tuple[int, int], tuple[Layer, ...]]:
    """Return channels and side of the input, and the layers, of the own net."""
    layers: list[Layer] = []
    side, width = parameters.side, parameters.width
    for _ in range(parameters.depth):
        layers.append(_conv(width, parameters.kernel, 1, parameters.kernel // 2))
        width *= 2
        if side >= 4:
            layers.append(_pool(2, 2))
            side //= 2
    return (3, parameters.side), (*layers, _fc(256), _fc(10))


def count(
    source: tuple[int, int], layers: tuple[Layer, ...], convolution: str = FULL
) -> list[tuple[str, bool, int, int, int]]:
    """Count the layers of a net that have weights.

    Parameters
    ----------
    source : (int, int)
        Channels and side of the input.
    layers : tuple of Layer
    convolution : str
        What stands for each convolution, one of `CONVOLUTIONS`.

    Returns
    -------
    list of (name, fully connected, units, weights, connections)

    Raises
    ------
    ValueError
        If a window does not fit into what the layer before puts out.
    """
    channels, side = source
    rows = []
    numbers = {"conv": 0, "fc": 0}
    for layer in layers:
        before, inside = channels, side
        if layer.kind == "fc":
            channels, side = layer.outputs, 1
        else:
            side = (inside + 2 * layer.padding - layer.kernel) // layer.stride + 1
            if side < 1:
                raise ValueError(
                    f"layers must fit: a window of {layer.kernel} does not fit into {inside} pixels"
                )
            channels = layer.outputs or channels
        if layer.kind == "pool":
            continue
        places, inputs = side * side, before * inside * inside
        full = channels * before // layer.groups * layer.kernel**2
        apart = before * layer.kernel**2
        weights = {FULL: full, SEPARABLE: apart + before * channels, CONNECTED: inputs * channels * places}
        # A kernel of one pixel has no space to separate.
        kind = "fc" if layer.kind == "fc" else convolution
        if kind == "fc":
            weight = connection = inputs * channels
        else:
            weight = full if kind == SEPARABLE and layer.kernel == 1 else weights[kind]
            connection = weight if kind == CONNECTED else weight * places
        units = channels * places
        if kind == SEPARABLE and layer.kernel > 1:
            units += before * places
        numbers[layer.kind] += 1
        rows.append((f"{layer.kind} {numbers[layer.kind]}", layer.kind == "fc", units, weight, connection))
    return rows


def compute(parameters: SizeParameters) -> SizeResult:
    """Count the units, weights and connections of each layer of a net.

    Parameters
    ----------
    parameters : SizeParameters

    Returns
    -------
    SizeResult
    """
    source, layers = own_net(parameters) if parameters.net == OWN else NETS[parameters.net]
    if parameters.convolution != FULL:
        # Depthwise kernels and full matrices know no further groups.
        layers = tuple(replace(layer, groups=1) for layer in layers)
    names, ends, *counts = zip(*count(source, layers, parameters.convolution))
    return SizeResult(
        parameters, names, np.array(ends), *(np.array(column, dtype=np.int64) for column in counts)
    )

"""What goes wrong in net_size, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grading.checks.convolution import sections
from grading.checks.convolution.sizes import net_size as right
from grading.checks.definition import Misconception


@dataclass(frozen=True)
class Layer:
    """One layer of a net, with what there is to count."""

    kind: str
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    kernel_size: int
    weights: int
    connections: int

    @property
    def units(self) -> int:
        """How many numbers it puts out."""
        return self.after[0] * self.after[1] * self.after[2]


def _layers(input_shape: tuple[int, int, int], layers: Sequence[tuple]) -> Iterator[Layer]:
    shape = tuple(input_shape)
    _, weights, connections = right(input_shape, layers)
    for (kind, *numbers), of_weights, of_connections in zip(layers, weights, connections):
        kernel_size = 0
        after = (numbers[0], 1, 1)
        if kind != "fc":
            filters, kernel_size, stride, padding = numbers if kind == "conv" else (shape[0], *numbers, 0)
            down, across = ((side + 2 * padding - kernel_size) // stride + 1 for side in shape[1:])
            after = (filters, down, across)
        yield Layer(kind, shape, after, kernel_size, of_weights, of_connections)
        shape = after


def _counted(count: Callable[[Layer], int]) -> Callable[..., list[int]]:
    """Count something else for every layer."""
    return lambda input_shape, layers: [count(layer) for layer in _layers(input_shape, layers)]


def _windows(layer: Layer) -> int:
    return layer.after[1] * layer.after[2]


MISCONCEPTIONS = (
    Misconception(
        "units-without-channels",
        "units are counted for one channel only",
        "A layer has a unit for every place of every channel: multiply height and width by the number of "
        "filters.",
        sections.SIZES,
        (_counted(lambda layer: layer.units if layer.kind == "fc" else _windows(layer)),),
        output="units",
    ),
    Misconception(
        "units-of-the-input",
        "the units of the layer before are counted",
        "The units of a layer are the numbers that it puts out, not those that it takes in.",
        sections.SIZES,
        (_counted(lambda layer: layer.before[0] * layer.before[1] * layer.before[2]),),
        output="units",
    ),
    Misconception(
        "weights-with-biases",
        "biases are counted",
        "This question counts no biases: filters · channels · kernel_size² for a convolution.",
        sections.SIZES,
        (_counted(lambda layer: layer.weights + layer.after[0] * (layer.kind != "pool")),),
        output="weights",
    ),
    Misconception(
        "weights-of-one-channel",
        "kernels are counted for one input channel only",
        "A filter has kernel_size² weights for every channel of its input.",
        sections.SIZES,
        (
            _counted(
                lambda layer: layer.after[0] * layer.kernel_size**2 if layer.kind == "conv" else layer.weights
            ),
        ),
        output="weights",
    ),
    Misconception(
        "connected-weights-from-channels",
        "a fully connected layer is counted on channels alone",
        "A fully connected layer sees every number of the layer before: channels · height · width of them.",
        sections.SIZES,
        (_counted(lambda layer: layer.before[0] * layer.after[0] if layer.kind == "fc" else layer.weights),),
        output="weights",
    ),
    Misconception(
        "weights-not-shared",
        "a convolution's weights are counted at every place",
        "All places share the same kernels: weights are counted once, connections at every place.",
        sections.SIZES,
        (_counted(lambda layer: layer.connections),),
        output="weights",
    ),
    Misconception(
        "connections-counted-once",
        "connections are counted like weights",
        "A weight that is used at a hundred places makes a hundred connections: multiply by the places.",
        sections.SIZES,
        (_counted(lambda layer: layer.weights),),
        output="connections",
    ),
    Misconception(
        "connections-of-one-channel",
        "connections are counted for one input channel only",
        "Every unit of a convolution is connected with kernel_size² numbers of every channel of its input.",
        sections.SIZES,
        (
            _counted(
                lambda layer: (
                    layer.units * layer.kernel_size**2 if layer.kind == "conv" else layer.connections
                )
            ),
        ),
        output="connections",
    ),
    Misconception(
        "connections-at-input",
        "connections are counted at every place of the input",
        "A kernel is laid on at the places of the output: multiply by the output's height and width.",
        sections.PADDING,
        (
            _counted(
                lambda layer: (
                    layer.weights * layer.before[1] * layer.before[2]
                    if layer.kind == "conv"
                    else layer.connections
                )
            ),
        ),
        output="connections",
    ),
    Misconception(
        "pooling-connected",
        "pooling is counted as connections",
        "Connections are products of a weight and a number. Pooling has no weights, and none of them.",
        sections.SIZES,
        (
            _counted(
                lambda layer: (
                    layer.units * layer.kernel_size**2 if layer.kind == "pool" else layer.connections
                )
            ),
        ),
        output="connections",
    ),
)

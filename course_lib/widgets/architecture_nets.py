"""What the architecture explorer computes: a net's parts, and gradients with and without skips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from course_lib import nn
from course_lib.nn import models
from course_lib.nn.models.stages import stage_blocks
from course_lib.plots.architecture import arcs, boxes
from course_lib.plots.net_outline import Part, outline, runs
from course_lib.training.depth import KINDS, GradientNorms, gradient_norms, small_clothes

SIDE = 28
DEPTHS = (1, 7)
WIDTHS = (4, 8, 12, 16)
# A hand waits for three nets to run there and back.
EXAMPLES = 4
RESIDUAL = "residual net"


def _widths(width: int) -> tuple[int, int, int]:
    return width, 2 * width, 4 * width


def _grouped(depth: int, width: int) -> nn.Sequential:
    rng = np.random.default_rng(0)
    layers: list[nn.Module] = [
        nn.Conv2d(1, width, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(width),
        nn.ReLU(),
    ]
    for channels, out, stride in stage_blocks([depth] * 3, (2 * width, 4 * width, 8 * width), width):
        layers.append(nn.Bottleneck(channels, out, width=out // 2, stride=stride, groups=4, rng=rng))
    return nn.Sequential(*layers, nn.GlobalAvgPool2d(), nn.Linear(8 * width, 10, rng=rng))


#: Nets of one size, for pictures of clothes.
FIXED: dict[str, Callable[[], nn.Sequential]] = {
    "LeNet-5": lambda: models.lenet5(size=SIDE, rng=0),
    "AlexNet, small": lambda: models.small_alexnet(rng=0),
    "Network in Network, small": lambda: models.small_nin(rng=0),
    "VGG, small": lambda: models.small_vgg(rng=0),
    "GoogLeNet, small": lambda: models.small_googlenet(rng=0),
}
#: Nets of any depth and width: three stages, of so many blocks, with so many channels in the first.
GROWN: dict[str, Callable[[int, int], nn.Sequential]] = {
    "plain net": lambda n, w: models.small_resnet(6 * n + 2, widths=_widths(w), skip=False, rng=0),
    RESIDUAL: lambda n, w: models.small_resnet(6 * n + 2, widths=_widths(w), rng=0),
    "pre-activation net": lambda n, w: models.preactivation_resnet(6 * n + 2, widths=_widths(w), rng=0),
    "SENet": lambda n, w: models.small_se_resnet(6 * n + 2, widths=_widths(w), rng=0),
    "ResNeXt": _grouped,
    "DenseNet": lambda n, w: models.small_densenet(blocks=(n,) * 3, growth=w, rng=0),
}
NETS = (*FIXED, *GROWN)


@dataclass(frozen=True)
class ArchitectureParameters:
    """What the hand can change.

    Attributes
    ----------
    net : str
        One of `NETS`.
    depth : int
        Blocks (or pairs of convolutions, or layers of a dense block) in each of three stages, 1 to 7.
    width : int
        Channels of the first stage (for DenseNet those that a layer adds), one of `WIDTHS`.
    """

    net: str = RESIDUAL
    depth: int = 3
    width: int = 8

    def __post_init__(self) -> None:
        if self.net not in NETS:
            raise ValueError(f"net must be one of {', '.join(NETS)}, got {self.net!r}")
        low, high = DEPTHS
        if isinstance(self.depth, bool) or not isinstance(self.depth, int) or not low <= self.depth <= high:
            raise ValueError(f"depth must be a whole number from {low} to {high}, got {self.depth!r}")
        if isinstance(self.width, bool) or not isinstance(self.width, int) or self.width not in WIDTHS:
            raise ValueError(f"width must be one of {', '.join(map(str, WIDTHS))}, got {self.width!r}")

    @property
    def layers(self) -> int:
        """Layers with weights of a plain or residual net of this depth."""
        return 6 * self.depth + 2


@dataclass(frozen=True)
class ArchitectureResult:
    """A net's parts, and the gradient on its way back through nets of the same depth and width.

    Attributes
    ----------
    parts : tuple of Part
        One by one, as they are drawn.
    table : tuple of Part
        Those alike in a row together.
    corners : ndarray, shape (parts, 4, 2)
        The boxes.
    skips : ndarray, shape (skips, 9, 2)
        An arc for each part with a skip connection.
    plain, residual, preactivation : GradientNorms
        Before training, over a batch of clothes.
    """

    parameters: ArchitectureParameters
    parts: tuple[Part, ...]
    table: tuple[Part, ...]
    corners: np.ndarray
    skips: np.ndarray
    plain: GradientNorms
    residual: GradientNorms
    preactivation: GradientNorms

    @property
    def total(self) -> tuple[int, int]:
        """Parameters and multiply-adds of the whole net."""
        return sum(part.parameters for part in self.parts), sum(part.multiply_adds for part in self.parts)


@cache
def _batch() -> tuple[np.ndarray, np.ndarray]:
    (images, labels), _ = small_clothes(EXAMPLES)
    return images, labels


@lru_cache(maxsize=128)
def _norms(kind: str, depth: int, width: int) -> GradientNorms:
    model = KINDS[kind](6 * depth + 2, _widths(width), 0)
    found = gradient_norms(model, nn.CrossEntropyLoss(), _batch())
    for array in (found.layers, found.norms):
        array.setflags(write=False)
    return found


@lru_cache(maxsize=128)
def _parts(net: str, depth: int, width: int) -> tuple[Part, ...]:
    model = FIXED[net]() if net in FIXED else GROWN[net](depth, width)
    return outline(model, (1, SIDE, SIDE))


def compute(parameters: ArchitectureParameters) -> ArchitectureResult:
    """Make a net and read its parts off it; measure gradients in nets with and without skips.

    Parameters
    ----------
    parameters : ArchitectureParameters

    Returns
    -------
    ArchitectureResult
    """
    p = parameters
    parts = _parts(p.net, p.depth, p.width)
    corners = boxes(parts, SIDE)
    norms = (_norms(kind, p.depth, p.width) for kind in ("plain", "residual", "pre-activation"))
    return ArchitectureResult(p, parts, runs(parts), corners, arcs(parts, corners), *norms)

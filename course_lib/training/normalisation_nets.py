"""Small nets with and without normalisation, and the digits that some of them are trained on."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from course_lib import nn
from course_lib.data import load_digits

#: Norms of a net of fully connected layers, by name; each makes the layer for so many units.
UNIT_NORMS: dict[str, Callable[[int], nn.Module | None]] = {
    "none": lambda width: None,
    "batch": nn.BatchNorm1d,
    "layer": nn.LayerNorm,
    "decorrelated": nn.DecorrelatedBatchNorm,
}
#: Norms of a net of convolutions; each makes the layer for maps of (channels, side).
MAP_NORMS: dict[str, Callable[[int, int], nn.Module | None]] = {
    "none": lambda channels, side: None,
    "batch": lambda channels, side: nn.BatchNorm2d(channels),
    "layer": lambda channels, side: nn.GroupNorm(1, channels),
    "instance": lambda channels, side: nn.InstanceNorm2d(channels, affine=True),
    "group": lambda channels, side: nn.GroupNorm(4, channels),
    "decorrelated": lambda channels, side: nn.DecorrelatedBatchNorm(channels),
}

#: Units of a hidden layer.
WIDTH = 32


@lru_cache(maxsize=1)
def study_digits() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return 1,400 digits to train and 397 to test, (N, 64) float32 with mean 0 and variance 1 over all."""
    images, labels = load_digits(dtype=np.float64)
    x = images.reshape(len(images), -1)
    x = ((x - x[:1400].mean()) / x[:1400].std()).astype(np.float32)
    return (x[:1400], labels[:1400]), (x[1400:], labels[1400:])


def unit_net(norm: str, depth: int, seed: int, *, width: int = WIDTH) -> nn.Sequential:
    """Make a net for digits: `depth` times linear, norm, ReLU, then a linear layer; weights as He has them.

    Parameters
    ----------
    norm : str
        One of `UNIT_NORMS`.
    depth : int
        Hidden layers.
    seed : int
        Of the weights.
    width : int
        Units of a hidden layer.

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        If there is no such norm.
    """
    make = _norm_called(norm, UNIT_NORMS)
    layers: list[nn.Module | None] = []
    for number in range(depth):
        layers += [nn.Linear(64 if number == 0 else width, width), make(width), nn.ReLU()]
    layers.append(nn.Linear(width if depth else 64, 10))
    return _started(layers, seed)


def map_net(norm: str, seed: int) -> nn.Sequential:
    """Make a net for clothes of 14 × 14: three times convolution, norm, ReLU, then a linear layer.

    Parameters
    ----------
    norm : str
        One of `MAP_NORMS`.
    seed : int
        Of the weights.

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        If there is no such norm.
    """
    make = _norm_called(norm, MAP_NORMS)
    layers: list[nn.Module | None] = []
    for entering, leaving, stride, side in ((1, 8, 1, 14), (8, 16, 2, 7), (16, 16, 2, 4)):
        layers.append(nn.Conv2d(entering, leaving, 3, stride=stride, padding=1))
        layers += [make(leaving, side), nn.ReLU()]
    return _started([*layers, nn.Flatten(), nn.Linear(16 * 4 * 4, 10)], seed)


def _norm_called(norm: str, norms: dict) -> Callable[..., nn.Module | None]:
    if norm not in norms:
        raise ValueError(f"norm must be one of {', '.join(norms)}, got {norm!r}")
    return norms[norm]


def _started(layers: list[nn.Module | None], seed: int) -> nn.Sequential:
    net = nn.Sequential(*(layer for layer in layers if layer is not None))
    return nn.initialise(net, nn.initialisers.he_normal, rng=seed)

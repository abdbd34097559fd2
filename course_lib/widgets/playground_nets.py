"""The small nets of the regulariser playground: what the hand chooses, and the net that it gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib import nn
from course_lib.widgets.playground_points import SHAPES

NONE, L1, L2, ELASTIC = "none", "L1", "L2", "elastic net"
MAX_NORM, DROPOUT, DROP_CONNECT, STOPPING = "max-norm", "dropout", "DropConnect", "early stopping"
#: Each with the strength that belongs to it, if there is one.
KINDS = {
    NONE: None,
    L2: "lam",
    L1: "lam",
    ELASTIC: "lam",
    MAX_NORM: "limit",
    DROPOUT: "p",
    DROP_CONNECT: "p",
    STOPPING: None,
}
COUNTS = (20, 40, 60, 100, 200)
HIDDEN = 32


@dataclass(frozen=True)
class PlaygroundParameters:
    """What the hand can change.

    Attributes
    ----------
    shape : str
        One of `SHAPES`.
    kind : str
        One of `KINDS`.
    lam : float
        λ of L2, L1 and the elastic net (which shares it half and half), from 1e-5 to 0.1.
    limit : float
        Largest norm of a unit's weights under max-norm, from 0.2 to 4.
    p : float
        Probability of dropping, from 0.05 to 0.9.
    count : int
        Training points, one of `COUNTS`.
    noise : float
        Standard deviation of every coordinate about its shape, from 0 to 0.5.
    seed : int
        Of points, first weights and masks, from 0 to 99.
    """

    shape: str = "moons"
    kind: str = L2
    lam: float = 0.01
    limit: float = 1.0
    p: float = 0.3
    count: int = 40
    noise: float = 0.3
    seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (("shape", SHAPES), ("kind", KINDS)):
            value = getattr(self, name)
            if not isinstance(value, str) or value not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")
        if self.count not in COUNTS:
            raise ValueError(f"count must be one of {', '.join(map(str, COUNTS))}, got {self.count!r}")
        ranges = {"lam": (1e-5, 0.1), "limit": (0.2, 4), "p": (0.05, 0.9), "noise": (0, 0.5), "seed": (0, 99)}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            # A slider's value may miss the end of its range by rounding.
            if not isinstance(value, (int, float)) or not low - 1e-9 <= value <= high + 1e-9:
                raise ValueError(f"{name} must be a number from {low:g} to {high:g}, got {value!r}")


def build(parameters: PlaygroundParameters) -> nn.Sequential:
    """Return the net: 2 inputs, twice 32 ReLU units, a logit; with the layers that the regulariser needs."""
    rng = np.random.default_rng([parameters.seed, 2])
    layers: list[nn.Module] = []
    for inputs, outputs in ((2, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, 1)):
        # Inputs are never dropped: there are only two.
        if parameters.kind == DROP_CONNECT and inputs > 2:
            # The masks come from a stream of their own: all kinds begin from the same weights.
            layer = nn.DropConnect(inputs, outputs, parameters.p, rng=parameters.seed)
        else:
            layer = nn.Linear(inputs, outputs, rng=0)
        scale = np.sqrt((2 if outputs > 1 else 1) / inputs)
        layer.weight.data[...] = scale * rng.normal(size=layer.weight.shape)
        layer.bias.data[...] = 0
        layers.append(layer)
        if outputs > 1:
            layers.append(nn.ReLU())
            if parameters.kind == DROPOUT:
                layers.append(nn.Dropout(parameters.p, rng=parameters.seed + inputs))
    return nn.Sequential(*layers)


def penalty(parameters: PlaygroundParameters, net: nn.Module) -> nn.ElasticNet | None:
    """Return the cost of the weights that the regulariser adds, if it adds one."""
    lam = parameters.lam
    shares = {L2: (0.0, lam), L1: (lam, 0.0), ELASTIC: (lam / 2, lam / 2)}.get(parameters.kind)
    return None if shares is None else nn.ElasticNet(nn.weights(net), l1=shares[0], l2=shares[1])

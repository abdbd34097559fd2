"""What the permutation widget computes: a trained net, its permuted copies, and their average."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import course_lib.functional as F
from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.geometry import average_hidden_units, permute_hidden_units
from course_lib.geometry.symmetry import Parameters

HIDDEN = 5
ACTIVATIONS = {"tanh": (nn.Tanh, F.tanh), "ReLU": (nn.ReLU, F.relu)}

_EXAMPLES = 500
_STEPS = 150
_RATE = 0.03
_PATH_POINTS = 41


@dataclass(frozen=True)
class SymmetryParameters:
    """What the hand can change: which hidden units are averaged (numbered from 0), and the activation."""

    activation: str = "tanh"
    units: tuple[int, ...] = (0, 1)

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {self.activation!r}")
        allowed = range(HIDDEN)
        if not isinstance(self.units, tuple) or any(
            not isinstance(unit, int) or unit not in allowed for unit in self.units
        ):
            raise ValueError(f"units must be a tuple of numbers from 0 to {HIDDEN - 1}, got {self.units!r}")
        if len(set(self.units)) != len(self.units):
            raise ValueError(f"units must differ from each other, got {self.units!r}")


@dataclass(frozen=True)
class SymmetryResult:
    """A net, its permuted copies and their average, all measured on the same real digits.

    Attributes
    ----------
    costs : ndarray
        Cross-entropy of each copy in which the chosen units change places, shape (n!,); the net itself first.
    average_cost : float
        That of the net whose parameters are the mean over these copies.
    path, path_costs : ndarray
        Shares of the straight way from the net (0) to the average (1), and the cost there, shape (41,).
    filters : ndarray
        First-layer weights of the net and of the average, shape (2, 5, 8, 8).
    accuracies : ndarray
        Share of the digits that net and average get right, shape (2,).
    """

    parameters: SymmetryParameters
    costs: np.ndarray
    average_cost: float
    path: np.ndarray
    path_costs: np.ndarray
    filters: np.ndarray
    accuracies: np.ndarray


@lru_cache(maxsize=1)
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return 500 digits as rows of 64 grey levels, and their classes."""
    images, labels = load_digits(dtype=np.float64)
    return images[:_EXAMPLES].reshape(_EXAMPLES, -1), labels[:_EXAMPLES]


@lru_cache(maxsize=2)
def trained_net(activation: str) -> Parameters:
    """Train 64 inputs → 5 hidden units → 10 classes; the same numbers every time.

    Parameters
    ----------
    activation : str
        One of `ACTIVATIONS`.

    Returns
    -------
    w1 (5, 64), b1 (5,), w2 (10, 5), b2 (10,) : ndarray
        Read-only.
    """
    x, labels = digits()
    rng = np.random.default_rng(1)
    first = nn.Linear(x.shape[1], HIDDEN, rng=rng, dtype=np.float64)
    second = nn.Linear(HIDDEN, 10, rng=rng, dtype=np.float64)
    net = nn.Sequential(first, ACTIVATIONS[activation][0](), second)
    optimiser = optim.Adam(net.parameters(), lr=_RATE)
    for _ in range(_STEPS):
        optimiser.zero_grad()
        _, gradient = F.cross_entropy(net(x), labels)
        net.backward(gradient)
        optimiser.step()
    found = tuple(p.data for p in (first.weight, first.bias, second.weight, second.bias))
    for array in found:
        array.setflags(write=False)
    return found


def logits(net: Parameters, activation: str) -> np.ndarray:
    """Return a net's scores for the digits, shape (500, 10)."""
    w1, b1, w2, b2 = net
    return F.linear(ACTIVATIONS[activation][1](F.linear(digits()[0], w1, b1)), w2, b2)


def cost(net: Parameters, activation: str) -> float:
    """Return a net's cross-entropy on the digits."""
    return float(F.cross_entropy(logits(net, activation), digits()[1])[0])


def average_over_permutations(net: Parameters, units: tuple[int, ...]) -> Parameters:
    """The mean of all copies of a net in which `units` change places: each becomes their mean unit."""
    if not units:
        return net
    chosen = list(units)
    w1, b1, w2, b2 = (array.copy() for array in net)
    w1[chosen], b1[chosen], w2[:, chosen], _ = average_hidden_units(
        (w1[chosen], b1[chosen], w2[:, chosen], b2)
    )
    return w1, b1, w2, b2


def compute(parameters: SymmetryParameters) -> SymmetryResult:
    """Measure every permuted copy of the net, their average, and the way from the net to it.

    Parameters
    ----------
    parameters : SymmetryParameters
        Which units, and which net.

    Returns
    -------
    SymmetryResult
    """
    return _measured(parameters.activation, tuple(sorted(parameters.units)), parameters)


@lru_cache(maxsize=128)
def _measured(activation: str, units: tuple[int, ...], parameters: SymmetryParameters) -> SymmetryResult:
    net = trained_net(activation)
    average = average_over_permutations(net, units)
    costs = np.empty(math.factorial(len(units)))
    for number, moved in enumerate(itertools.permutations(units)):
        order = np.arange(HIDDEN)
        order[list(units)] = moved
        costs[number] = cost(permute_hidden_units(net, order), activation)
    path = np.linspace(0, 1, _PATH_POINTS)
    path_costs = np.array(
        [cost(tuple((1 - s) * a + s * b for a, b in zip(net, average)), activation) for s in path]
    )
    filters = np.stack([w1.reshape(HIDDEN, 8, 8) for w1 in (net[0], average[0])])
    right = [np.mean(logits(p, activation).argmax(axis=1) == digits()[1]) for p in (net, average)]
    result = SymmetryResult(
        parameters, costs, cost(average, activation), path, path_costs, filters, np.array(right)
    )
    for array in (costs, path, path_costs, filters, result.accuracies):
        array.setflags(write=False)
    return result

"""What theory says of signals in wide random nets: how variances travel through the layers, and back.

In a net of many units a layer a unit's input is a sum of many small independent terms, so it is normal with
mean 0, and one number, its variance, describes a layer. That is exact where the width goes to infinity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

import course_lib.functional as F

LEAK = 0.01


def _identity(x: np.ndarray) -> np.ndarray:
    return x


def _identity_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    return dy


#: Activations by name, each with its backward.
UNITS: dict[str, tuple[Callable, Callable]] = {
    "tanh": (F.tanh, F.tanh_backward),
    "sigmoid": (F.sigmoid, F.sigmoid_backward),
    "ReLU": (F.relu, F.relu_backward),
    "leaky ReLU": (F.leaky_relu, F.leaky_relu_backward),
    "ELU": (F.elu, F.elu_backward),
    "linear": (_identity, _identity_backward),
}
# Slopes below zero of units made of two straight pieces, for which the integrals are known.
_SLOPES = {"ReLU": 0.0, "leaky ReLU": LEAK, "linear": 1.0}
# The trapezoidal rule is exact to rounding for smooth integrands that are 0 at both ends.
_Z = np.linspace(-9.0, 9.0, 721)
_WEIGHTS = np.exp(-(_Z**2) / 2) * (_Z[1] - _Z[0]) / math.sqrt(2 * math.pi)


@dataclass(frozen=True)
class UnitMoments:
    """Means over a normal input of mean 0: of the unit's value, of its square, and of its slope's square."""

    mean: float
    square: float
    slope_square: float


def unit_moments(activation: str, variance: float) -> UnitMoments:
    """Integrate an activation over normal inputs: in closed form where it is piecewise linear.

    Parameters
    ----------
    activation : str
        One of `UNITS`.
    variance : float
        Of the input, whose mean is 0.

    Returns
    -------
    UnitMoments

    Raises
    ------
    ValueError
        If there is no such activation, or `variance` is negative or not finite.
    """
    if activation not in UNITS:
        raise ValueError(f"activation must be one of {', '.join(UNITS)}, got {activation!r}")
    if not (math.isfinite(variance) and variance >= 0):
        raise ValueError(f"variance must be finite and not negative, got {variance}")
    if activation in _SLOPES:
        slope = _SLOPES[activation]
        half = (1 + slope**2) / 2
        return UnitMoments((1 - slope) * math.sqrt(variance / (2 * math.pi)), half * variance, half)
    forward, backward = UNITS[activation]
    x = math.sqrt(variance) * _Z
    value, slope = forward(x), backward(np.ones_like(x), x)
    return UnitMoments(*(float(_WEIGHTS @ f) for f in (value, value**2, slope**2)))


@dataclass(frozen=True)
class SignalTheory:
    """Variances in a wide random net, layer by layer.

    Attributes
    ----------
    inputs : ndarray
        Of the units' inputs (pre-activations), shape (depth,).
    squares, variances : ndarray
        Mean square and variance of the activations, shape (depth,).
    gradients : ndarray
        Of the cost's derivatives by the activations, where those by the last have variance 1, shape (depth,).
    """

    inputs: np.ndarray
    squares: np.ndarray
    variances: np.ndarray
    gradients: np.ndarray


def signal_theory(
    activation: str, widths: Sequence[int], weight_variances: Sequence[float], *, square: float = 1.0
) -> SignalTheory:
    """Follow an example through a random net without biases, and its gradient back.

    Parameters
    ----------
    activation : str
        One of `UNITS`, after every layer.
    widths : sequence of int
        Numbers of inputs, of the first layer's units, …, of the last's: depth + 1 of them.
    weight_variances : sequence of float
        Of each layer's weights, whose mean is 0: depth of them.
    square : float
        Mean square of the example's inputs.

    Returns
    -------
    SignalTheory

    Raises
    ------
    ValueError
        If the numbers of widths and variances do not fit.

    Notes
    -----
    Forward ``n Var(w) E[h²]`` in each layer; backward ``n' Var(w) E[φ'²]``, n' being the layer's own units,
    as if the weights of the way back were drawn anew. Poole et al., Exponential expressivity in deep neural
    networks through transient chaos (2016); Schoenholz et al., Deep information propagation (2017).
    """
    if len(widths) != len(weight_variances) + 1:
        raise ValueError(
            f"widths must be one more than weight_variances, got {len(widths)} and {len(weight_variances)}"
        )
    inputs, moments = [], []
    for fan_in, variance in zip(widths[:-1], weight_variances, strict=True):
        inputs.append(fan_in * variance * square)
        moments.append(unit_moments(activation, inputs[-1]))
        square = moments[-1].square
    gradients = [1.0]
    for layer in range(len(moments) - 1, 0, -1):
        gradients.append(
            gradients[-1] * widths[layer + 1] * weight_variances[layer] * moments[layer].slope_square
        )
    squares = np.array([m.square for m in moments])
    means = np.array([m.mean for m in moments])
    return SignalTheory(
        np.array(inputs), squares, np.maximum(squares - means**2, 0), np.array(gradients[::-1])
    )

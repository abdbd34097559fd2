"""What the depth widget computes: a random net, digits sent through it, a gradient sent back, and theory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib import nn
from course_lib.data import load_digits
from course_lib.nn.mean_field import UNITS, signal_theory
from course_lib.training.monitor import silent_share

WIDTHS = (8, 16, 32, 64, 128, 256)
DEEPEST = 36
DRAWS = 20
LARGEST_GAIN = 3.0
# rule -> variance of the weights of a layer
RULES = {
    "He, 2/fan-in": lambda fan_in, fan_out: 2 / fan_in,
    "Xavier, 2/(fan-in + fan-out)": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "1/fan-in": lambda fan_in, fan_out: 1 / fan_in,
    "small, 0.01²": lambda fan_in, fan_out: 0.01**2,
    "zero": lambda fan_in, fan_out: 0.0,
}
# Where values of a unit lie that are shown; what is beyond counts in the outermost bin.
RANGES = {
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "ReLU": (0.0, 4.0),
    "leaky ReLU": (-0.5, 4.0),
    "ELU": (-1.0, 4.0),
    "linear": (-4.0, 4.0),
}
BINS = 50
#: Numbers of layers that the picture has room for; the smallest that holds the net is taken.
REACHES = (12, 24, 36)
ROWS = 12
# Powers of ten of variances that the picture reaches, from its top down and from its bottom up.
_TOPS, _BOTTOMS = (2, 6, 14, 30), (-2, -4, -8, -16, -32, -64)

_EXAMPLES = 64
_PIXELS = 64
# For what can be saturated or dead: layers as the training monitor knows them.
_LAYERS = {"tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "ReLU": nn.ReLU()}
_LAYERS |= {"leaky ReLU": nn.LeakyReLU(), "ELU": nn.ELU()}


@dataclass(frozen=True)
class DepthParameters:
    """What the hand can change: the units, how weights begin, a factor on them, the net's size, the draw."""

    activation: str = "tanh"
    rule: str = "Xavier, 2/(fan-in + fan-out)"
    gain: float = 1.0
    depth: int = 10
    width: int = 128
    draw: int = 1

    def __post_init__(self) -> None:
        for name, allowed in (("activation", UNITS), ("rule", RULES), ("width", WIDTHS)):
            # Compared, not looked up: what cannot be hashed is refused likewise.
            if getattr(self, name) not in list(allowed):
                listed = ", ".join(map(str, allowed))
                raise ValueError(f"{name} must be one of {listed}, got {getattr(self, name)!r}")
        for name, low, high in (("depth", 2, DEEPEST), ("draw", 1, DRAWS)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise ValueError(f"{name} must be a whole number from {low} to {high}, got {value!r}")
        if not isinstance(self.gain, int | float) or not 0 < self.gain <= LARGEST_GAIN:
            raise ValueError(f"gain must be above 0 and at most {LARGEST_GAIN}, got {self.gain!r}")


@dataclass(frozen=True)
class DepthResult:
    """A random net as it was met, layer by layer, and as theory has it.

    Attributes
    ----------
    variance, gradient : ndarray
        Of all activations of a layer, units and examples together, and mean square of the derivatives of the
        cost by them, shape (depth,); those by the last layer are drawn with variance 1.
    variance_theory, gradient_theory : ndarray
        The same in a net of unlimited width.
    silent : ndarray
        Share of values that are saturated (sigmoid, tanh) or of units that are dead (the others), shape
        (depth,).
    rows : ndarray
        The layers that have a histogram, numbered from 1.
    activation_edges, activation_shares : ndarray
        Bins of activations (BINS + 1,) and shares in them (rows, BINS).
    gradient_edges, gradient_shares : ndarray
        The same of log10 of the derivatives' absolute values.
    powers : ndarray
        Powers of ten from which to which variances are shown, shape (2,).
    reach : int
        How many layers the picture has room for.
    """

    parameters: DepthParameters
    variance: np.ndarray
    gradient: np.ndarray
    variance_theory: np.ndarray
    gradient_theory: np.ndarray
    silent: np.ndarray
    rows: np.ndarray
    activation_edges: np.ndarray
    activation_shares: np.ndarray
    gradient_edges: np.ndarray
    gradient_shares: np.ndarray
    powers: np.ndarray
    reach: int


@lru_cache(maxsize=1)
def inputs() -> np.ndarray:
    """Return 64 digits (64, 64), centred by their common mean, each scaled to mean square 1; read-only."""
    images = load_digits(dtype=np.float64).images[:_EXAMPLES].reshape(_EXAMPLES, _PIXELS)
    centred = images - images.mean()
    x = centred / np.sqrt(np.mean(centred**2, axis=1, keepdims=True))
    x.setflags(write=False)
    return x


@lru_cache(maxsize=3 * DEEPEST)
def _normal(rows: int, columns: int, draw: int, layer: int) -> np.ndarray:
    # A layer keeps its draw while gain, rule and depth change: what is seen then is their doing.
    found = np.random.default_rng((draw, layer)).standard_normal((rows, columns))
    found.setflags(write=False)
    return found


def widths_of(parameters: DepthParameters) -> list[int]:
    """Return the numbers of inputs and of every layer's units, depth + 1 of them."""
    return [_PIXELS] + [parameters.width] * parameters.depth


def weight_variances(parameters: DepthParameters) -> list[float]:
    """Return the variance of each layer's weights: that of the rule, times the square of the gain."""
    widths, rule = widths_of(parameters), RULES[parameters.rule]
    return [parameters.gain**2 * rule(*fans) for fans in zip(widths, widths[1:])]


def propagate(parameters: DepthParameters) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Send the digits through the net and a random gradient back.

    Parameters
    ----------
    parameters : DepthParameters

    Returns
    -------
    activations, gradients : list of ndarray
        Of every layer, shape (64, width) each: its values, and the derivatives of a cost by them.
    """
    forward, backward = UNITS[parameters.activation]
    widths, deviations = widths_of(parameters), np.sqrt(weight_variances(parameters))
    # Weights are their deviation times normal draws: the few results are scaled, not the many weights.
    drawn = [_normal(n, m, parameters.draw, i) for i, (m, n) in enumerate(zip(widths, widths[1:]))]
    x, sums, activations = inputs(), [], []
    for w, deviation in zip(drawn, deviations):
        sums.append(deviation * (x @ w.T))
        activations.append(x := forward(sums[-1]))
    gradients = [_normal(_EXAMPLES, parameters.width, parameters.draw, DEEPEST)]
    for w, deviation, z in list(zip(drawn, deviations, sums))[:0:-1]:
        gradients.append(deviation * (backward(gradients[-1], z) @ w))
    return activations, gradients[::-1]


def compute(parameters: DepthParameters) -> DepthResult:
    """Measure a random net, and predict what is measured.

    Parameters
    ----------
    parameters : DepthParameters
        Which net.

    Returns
    -------
    DepthResult
    """
    activations, gradients = propagate(parameters)
    theory = signal_theory(parameters.activation, widths_of(parameters), weight_variances(parameters))
    variance = np.array([h.var() for h in activations])
    gradient = np.array([np.mean(g**2) for g in gradients])
    layer = _LAYERS.get(parameters.activation)
    silent = np.array([(silent_share(layer, h) or 0.0) if layer else 0.0 for h in activations])
    powers = _powers(variance, gradient, theory.variances, theory.gradients)
    reach = next(reach for reach in REACHES if reach >= parameters.depth)
    rows = np.arange(reach // ROWS, parameters.depth + 1, reach // ROWS)
    values = np.linspace(*RANGES[parameters.activation], BINS + 1)
    # The size of a derivative is the root of its square: half the power of ten; and single ones are smaller.
    sizes = np.linspace(powers[0] / 2 - 2, powers[1] / 2 + 0.5, BINS + 1)
    with np.errstate(divide="ignore"):
        logs = [np.log10(np.abs(gradients[row - 1])) for row in rows]
    return DepthResult(
        parameters,
        variance,
        gradient,
        theory.variances,
        theory.gradients,
        silent,
        rows,
        values,
        np.stack([_shares(activations[row - 1], values) for row in rows]),
        sizes,
        np.stack([_shares(found, sizes) for found in logs]),
        powers,
        reach,
    )


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    places = np.clip((values.ravel() - edges[0]) / (edges[1] - edges[0]), 0, BINS - 1)
    return np.bincount(places.astype(int), minlength=BINS) / values.size


def _powers(*variances: np.ndarray) -> np.ndarray:
    found = np.concatenate(variances)
    found = np.log10(found[found > 0])
    top = next((power for power in _TOPS if power >= found.max()), _TOPS[-1])
    bottom = next((power for power in _BOTTOMS if power <= found.min()), _BOTTOMS[-1])
    return np.array([bottom, top])

"""What the receptive-field widget computes: what a unit can see, and by its gradient what it does see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

import course_lib.functional as F
from course_lib.data import load_photographs
from course_lib.widgets.photo_patches import grey

HEIGHT, WIDTH = 120, 168
CHANNELS = 8
DEPTH = 5
EQUAL, RANDOM = "all equal", "random"
WEIGHTS = (RANDOM, EQUAL)
NOTHING = "–"

# First row and column of the part of the pavilion that is shown.
_CORNER = (70, 150)


class Step(NamedTuple):
    """One layer of the stack: what it is, its kernel, stride and dilation."""

    kind: str
    kernel: int
    stride: int
    dilation: int

    @property
    def padding(self) -> int:
        """Zeros on every side: convolutions keep the size where their stride is 1, pools need none."""
        return self.dilation * (self.kernel - 1) // 2 if self.kind == "conv" else 0


STEPS = {
    "conv 3×3": Step("conv", 3, 1, 1),
    "conv 5×5": Step("conv", 5, 1, 1),
    "conv 3×3, stride 2": Step("conv", 3, 2, 1),
    "conv 3×3, dilation 2": Step("conv", 3, 1, 2),
    "conv 3×3, dilation 4": Step("conv", 3, 1, 4),
    "max pool 2×2": Step("max", 2, 2, 1),
    "mean pool 2×2": Step("mean", 2, 2, 1),
}


@dataclass(frozen=True)
class FieldParameters:
    """What the hand can change.

    Attributes
    ----------
    layer1, layer2, layer3, layer4, layer5 : str
        Names in `STEPS`, or `NOTHING`.
    weights : {"all equal", "random"}
        Of the convolutions: 1 over the number of inputs, or drawn at random.
    relu : bool
        Whether a ReLU follows every convolution but the last layer, whose unit is looked at before any.
    x, y : float
        Column and row of the photograph near which the unit sits.
    """

    layer1: str = "conv 5×5"
    layer2: str = "max pool 2×2"
    layer3: str = "conv 3×3"
    layer4: str = "max pool 2×2"
    layer5: str = "conv 3×3"
    weights: str = RANDOM
    relu: bool = True
    x: float = 84.0
    y: float = 60.0

    def __post_init__(self) -> None:
        for number in range(1, DEPTH + 1):
            value = getattr(self, f"layer{number}")
            if value not in STEPS and value != NOTHING:
                raise ValueError(
                    f"layer{number} must be one of {', '.join(STEPS)} or {NOTHING}, got {value!r}"
                )
        if self.weights not in WEIGHTS:
            raise ValueError(f"weights must be one of {', '.join(WEIGHTS)}, got {self.weights!r}")
        if not isinstance(self.relu, bool):
            raise ValueError(f"relu must be True or False, got {self.relu!r}")
        for name, last in (("x", WIDTH - 1), ("y", HEIGHT - 1)):
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not 0 <= value <= last:
                raise ValueError(f"{name} must be a number from 0 to {last}, got {value!r}")

    @property
    def stack(self) -> tuple[Step, ...]:
        """The layers that are there, from the first to the last."""
        names = [getattr(self, f"layer{number}") for number in range(1, DEPTH + 1)]
        return tuple(STEPS[name] for name in names if name != NOTHING)


@dataclass(frozen=True)
class FieldResult:
    """What a unit of the last layer can see and does see.

    Attributes
    ----------
    sizes, steps : ndarray of int
        Field and step in pixels after each layer, the pixel itself first, shape (layers + 1,).
    centre : ndarray
        Row and column of the middle of the unit's field, shape (2,).
    box : ndarray of int
        First and last row, first and last column of the field, shape (4,); may leave the photograph.
    gradient : ndarray
        |∂ unit / ∂ pixel|, shape (120, 168).
    reached : ndarray of int
        As `box`, of the pixels whose gradient is not 0; empty where there is none.
    half : int
        Side of the smallest square around the middle that holds half of the gradient; 0 where there is none.
    offsets, profile : ndarray
        Columns from the middle of the field, and the gradient summed over rows, its largest value 1.
    """

    parameters: FieldParameters
    sizes: np.ndarray
    steps: np.ndarray
    centre: np.ndarray
    box: np.ndarray
    gradient: np.ndarray
    reached: np.ndarray
    half: int
    offsets: np.ndarray
    profile: np.ndarray


@cache
def photograph() -> np.ndarray:
    """Return the part of the pavilion as grey levels, shape (120, 168), 0 black to 1 white, read-only."""
    row, column = _CORNER
    image = grey(load_photographs()[0][0])[row : row + HEIGHT, column : column + WIDTH].copy()
    image.setflags(write=False)
    return image


def fields(stack: tuple[Step, ...]) -> tuple[np.ndarray, np.ndarray, float]:
    """Follow a unit's field through a stack.

    Parameters
    ----------
    stack : tuple of Step

    Returns
    -------
    sizes, steps : ndarray of int
        Side of the field and distance of neighbouring fields, in pixels, shape (layers + 1,).
    first : float
        Middle of the field of the unit at row (and column) 0 of the last layer.
    """
    sizes, steps, first = [1], [1], 0.0
    for step in stack:
        first += (step.dilation * (step.kernel - 1) / 2 - step.padding) * steps[-1]
        sizes.append(sizes[-1] + step.dilation * (step.kernel - 1) * steps[-1])
        steps.append(steps[-1] * step.stride)
    return np.array(sizes), np.array(steps), first


@lru_cache(maxsize=64)
def run(
    stack: tuple[Step, ...], weights: str, relu: bool
) -> tuple[np.ndarray, tuple[Callable[[np.ndarray], np.ndarray], ...]]:
    """Run the photograph through a stack.

    Parameters
    ----------
    stack : tuple of Step
    weights : {"all equal", "random"}
    relu : bool

    Returns
    -------
    y : ndarray, shape (1, channels, rows, columns)
        Output of the last layer.
    backwards : tuple of callable
        From the last layer to the first, each from the gradient by its output to that by its input.
    """
    rng = np.random.default_rng(3)
    y = (photograph() - photograph().mean())[None, None]
    backwards: list[Callable[[np.ndarray], np.ndarray]] = []
    for number, step in enumerate(stack, start=1):
        y, backward = _layer(step, y, weights, rng)
        backwards.append(backward)
        if relu and step.kind == "conv" and number < len(stack):
            backwards.append(lambda dy, y=y: F.relu_backward(dy, y))
            y = F.relu(y)
    return y, tuple(reversed(backwards))


def _layer(
    step: Step, x: np.ndarray, weights: str, rng: np.random.Generator
) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    if step.kind == "max":
        y, winners = F.max_pool2d(x, step.kernel)
        return y, lambda dy: F.max_pool2d_backward(dy, winners, x.shape)
    if step.kind == "mean":
        return F.avg_pool2d(x, step.kernel), lambda dy: F.avg_pool2d_backward(dy, x.shape, step.kernel)
    shape = (CHANNELS, x.shape[1], step.kernel, step.kernel)
    inputs = shape[1] * step.kernel**2
    w = np.full(shape, 1 / inputs) if weights == EQUAL else rng.normal(scale=np.sqrt(2 / inputs), size=shape)
    options = {"stride": step.stride, "padding": step.padding, "dilation": step.dilation}
    return F.conv2d(x, w, **options), lambda dy: F.conv2d_backward(dy, x, w, needs=("x",), **options)[0]


def compute(parameters: FieldParameters) -> FieldResult:
    """Find a unit's receptive field by the formula, and by sending a gradient of 1 back from it.

    Parameters
    ----------
    parameters : FieldParameters
        The stack and the place of the unit.

    Returns
    -------
    FieldResult
    """
    sizes, steps, first = fields(parameters.stack)
    y, backwards = run(parameters.stack, parameters.weights, parameters.relu)
    place = np.array([parameters.y, parameters.x])
    unit = np.clip(np.rint((place - first) / steps[-1]), 0, np.array(y.shape[2:]) - 1).astype(int)
    centre = first + unit * steps[-1]
    reach = (sizes[-1] - 1) / 2
    box = np.stack([centre - reach, centre + reach], axis=1).astype(int).ravel()
    dy = np.zeros(y.shape)
    dy[0, 0, unit[0], unit[1]] = 1
    for backward in backwards:
        dy = backward(dy)
    gradient = np.abs(dy[0].sum(axis=0))
    profile = gradient.sum(axis=0)
    return FieldResult(
        parameters,
        sizes,
        steps,
        centre,
        box,
        gradient,
        _reached(gradient),
        half_square(gradient, centre),
        np.arange(WIDTH) - centre[1],
        profile / profile.max() if profile.any() else profile,
    )


def _reached(gradient: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(gradient)
    if not rows.size:
        return np.zeros(0, int)
    return np.array([rows.min(), rows.max(), columns.min(), columns.max()])


def half_square(gradient: np.ndarray, centre: np.ndarray) -> int:
    """Return the side of the smallest square around `centre` that holds half of `gradient`; 0 if that is 0.

    Parameters
    ----------
    gradient : ndarray
        Values that are not negative, shape (H, W).
    centre : ndarray
        Row and column, whole or half-way between two.
    """
    total = gradient.sum()
    if not total:
        return 0
    rows, columns = np.ogrid[: gradient.shape[0], : gradient.shape[1]]
    away = np.maximum(np.abs(rows - centre[0]), np.abs(columns - centre[1]))
    # In halves of a pixel distances are whole, and need no sorting.
    within = np.cumsum(np.bincount(np.rint(2 * away).astype(int).ravel(), gradient.ravel()))
    return int(np.searchsorted(within, total / 2)) + 1

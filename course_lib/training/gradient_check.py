"""Backward against centred finite differences, (f(x + h) - f(x - h)) / 2h, in float64."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.nn import Loss, Module


def one_sided_slopes(
    function: Callable[[], float], array: np.ndarray, positions: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return (f(x) - f(x - h))/h and (f(x + h) - f(x))/h at flat `positions` of `array`.

    Parameters
    ----------
    function : callable
        Takes nothing and returns a number that depends on `array`.
    array : ndarray of float64
        Changed in place, one element at a time, and put back.
    positions : ndarray of int
        Flat positions to try.
    step : float
        h.

    Raises
    ------
    TypeError
        If `array` is not float64: in float32 rounding drowns the difference.
    """
    if array.dtype != np.float64:
        raise TypeError(f"array must be float64, where such small differences count, got {array.dtype}")
    here = function()
    left, right = np.empty(len(positions)), np.empty(len(positions))
    for number, position in enumerate(positions):
        place = np.unravel_index(position, array.shape)
        kept = array[place]
        array[place] = kept - step
        left[number] = (here - function()) / step
        array[place] = kept + step
        right[number] = (function() - here) / step
        array[place] = kept
    return left, right


def numerical_gradient(function: Callable[[], float], array: np.ndarray, *, step: float = 1e-5) -> np.ndarray:
    """Return centred differences of `function()` by every element of `array`, which the function reads.

    Parameters
    ----------
    function : callable
        Takes nothing and returns a number that depends on `array`.
    array : ndarray of float64
        Changed in place, one element at a time, and put back.
    step : float
        h. A smaller one has less curvature error (it grows as h²) but more rounding error (as 1/h).

    Returns
    -------
    ndarray of float64
        Of the shape of `array`.

    Raises
    ------
    TypeError
        If `array` is not float64.
    """
    left, right = one_sided_slopes(function, array, np.arange(array.size), step)
    return ((left + right) / 2).reshape(array.shape)


def relative_error(received: np.ndarray, expected: np.ndarray, *, floor: float = 1e-12) -> np.ndarray:
    """Return |a - b| / max(|a|, |b|, floor); the floor keeps rounding near zero from counting."""
    scale = np.maximum(np.maximum(np.abs(received), np.abs(expected)), floor)
    return np.abs(received - expected) / scale


def is_smooth(
    coarse: tuple[np.ndarray, np.ndarray], fine: tuple[np.ndarray, np.ndarray], negligible: np.ndarray
) -> np.ndarray:
    """Return where the one-sided slopes of a step and of a smaller one tell of no kink nearby.

    Left and right slopes differ by curvature, which fades with the step, or by a kink at the point, which
    does not; a kink between the two steps makes the centred slopes differ.

    Parameters
    ----------
    coarse, fine : (left, right)
        As `one_sided_slopes` gives them.
    negligible : ndarray
        Differences below this are taken for rounding.
    """
    jump, small_jump = (np.abs(right - left) for left, right in (coarse, fine))
    kink_here = (jump > negligible) & (small_jump > jump / 2)
    kink_nearby = np.abs(sum(coarse) - sum(fine)) / 2 > negligible
    return ~(kink_here | kink_nearby)


@dataclass(frozen=True)
class GradientError:
    """The worst element of one array: where it is, what backward gave, what the differences gave.

    `tried` elements were compared; `kinks` more were left out, see `is_smooth`.
    Without any that could be compared the error is NaN.
    """

    name: str
    index: tuple[int, ...]
    received: float
    expected: float
    error: float
    tried: int
    kinks: int

    def __str__(self) -> str:
        if self.tried == 0:
            return f"{self.name}: all {self.kinks} elements tried lie on a kink: use other inputs"
        place = ", ".join(map(str, self.index))
        return (
            f"{self.name}[{place}]: backward gives {self.received:.6g}, "
            f"finite differences {self.expected:.6g} (relative error {self.error:.1e})"
        )


@dataclass(frozen=True)
class GradientReport:
    """The worst element of the gradient by the input ("x", first) and by each parameter."""

    errors: tuple[GradientError, ...]
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether every error is within the tolerance (NaN is not)."""
        return all(error.error <= self.tolerance for error in self.errors)

    def __str__(self) -> str:
        return "\n".join(
            f"{'ok   ' if error.error <= self.tolerance else 'WRONG'} {error}" for error in self.errors
        )


def check_gradients(
    model: Module,
    loss: Loss,
    inputs: np.ndarray,
    targets: np.ndarray,
    *,
    samples: int = 20,
    step: float = 1e-5,
    tolerance: float = 1e-5,
    rng: np.random.Generator | int = 0,
) -> GradientReport:
    """Compare a model's backward with finite differences of its own forward, on a float64 copy.

    The model itself is not touched. It is checked in the mode that it is in; random layers repeat the same
    draw for every difference. Elements on a kink (a ReLU at 0, a tie in a max-pool) have no gradient and are
    left out; that is read off the forward alone, so it cannot hide a wrong backward.

    Parameters
    ----------
    model : Module
        What is checked, whole.
    loss : Loss
        Ends in one number.
    inputs, targets : ndarray
        A small batch.
    samples : int
        Elements of the input and of each parameter that are tried, drawn without repetition.
    step : float
        h of the differences.
    tolerance : float
        Largest relative error that passes; gradients below a thousandth of the model's largest count as that
        large, so that rounding in them is no error.
    rng : Generator or int
        Draws the elements; an int is a seed.

    Returns
    -------
    GradientReport
        Print it to see the worst element of every array; `.passed` tells whether all are within tolerance.
    """
    rng = np.random.default_rng(rng)
    start = copy.deepcopy(model).astype(np.float64)
    for module in start.modules():
        module.cache = None
    loss = copy.deepcopy(loss)
    x = np.array(inputs, dtype=np.float64)

    def forward() -> tuple[Module, float]:
        # A fresh copy each time: running averages and random generators start from the same state.
        fresh = copy.deepcopy(start)
        return fresh, loss(fresh(x), targets)

    checked, _ = forward()
    dx = checked.backward(loss.backward())
    arrays = [("x", x, dx)]
    for (name, parameter), after in zip(start.named_parameters(), checked.parameters(), strict=True):
        gradient = np.zeros(parameter.shape) if after.grad is None else after.grad
        arrays.append((name, parameter.data, gradient))
    floor = 1e-3 * max(np.abs(gradient).max(initial=0) for _, _, gradient in arrays) or 1e-12
    errors = []
    for name, array, gradient in arrays:
        if array.size == 0:
            continue
        positions = rng.choice(array.size, size=min(samples, array.size), replace=False)
        coarse = one_sided_slopes(lambda: forward()[1], array, positions, step)
        fine = one_sided_slopes(lambda: forward()[1], array, positions, step / 10)
        expected = sum(coarse) / 2
        smooth = is_smooth(coarse, fine, tolerance * np.maximum(np.abs(expected), floor))
        errors.append(_worst(name, gradient, positions, expected, smooth, floor))
    return GradientReport(tuple(errors), tolerance)


def _worst(
    name: str,
    gradient: np.ndarray,
    positions: np.ndarray,
    expected: np.ndarray,
    smooth: np.ndarray,
    floor: float,
) -> GradientError:
    tried, kinks = int(smooth.sum()), int((~smooth).sum())
    if tried == 0:
        return GradientError(name, (), float("nan"), float("nan"), float("nan"), tried, kinks)
    received = gradient.reshape(-1)[positions[smooth]]
    expected = expected[smooth]
    error = relative_error(received, expected, floor=floor)
    worst = int(np.argmax(np.where(np.isnan(error), np.inf, error)))
    place = tuple(int(i) for i in np.unravel_index(positions[smooth][worst], gradient.shape))
    numbers = float(received[worst]), float(expected[worst]), float(error[worst])
    return GradientError(name, place, *numbers, tried, kinks)

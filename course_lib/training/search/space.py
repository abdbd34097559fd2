"""Spaces of hyper-parameters: what may vary, within which bounds, and on which scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Uniform:
    """A number between two bounds, all equally likely: momentum, dropout.

    Raises
    ------
    ValueError
        If the bounds do not rise.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check_bounds(self)

    def levels(self, count: int) -> list[float]:
        """Return `count` values at equal distances, the bounds among them; one value is the middle."""
        return [float(v) for v in np.linspace(self.low, self.high, count)] if count > 1 else [self.middle()]

    def middle(self) -> float:
        """Return the middle of the range."""
        return (self.low + self.high) / 2

    def around(self, low: float, high: float, margin: float) -> Uniform:
        """Return the range from `low` to `high`, wider by a share of this one's width, inside this one."""
        extra = margin * (self.high - self.low)
        return Uniform(max(self.low, low - extra), min(self.high, high + extra))


@dataclass(frozen=True)
class LogUniform:
    """A positive number whose logarithm is equally likely: learning rates, weight decay.

    A rate of 0.001 and one of 0.002 differ as much as 0.1 and 0.2. Drawn uniformly, nine in ten rates from
    0.0001 to 1 would be above 0.1.

    Raises
    ------
    ValueError
        If the bounds do not rise, or are not positive.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check_bounds(self)
        if self.low <= 0:
            raise ValueError(f"low must be positive on a logarithmic scale, got {self.low}")

    def levels(self, count: int) -> list[float]:
        """Return `count` values with equal ratios, the bounds among them; one value is the middle."""
        return [float(v) for v in np.geomspace(self.low, self.high, count)] if count > 1 else [self.middle()]

    def middle(self) -> float:
        """Return the geometric mean of the bounds."""
        return math.sqrt(self.low * self.high)

    def around(self, low: float, high: float, margin: float) -> LogUniform:
        """Return the range from `low` to `high`, wider by a share of this one's width, inside this one."""
        extra = (self.high / self.low) ** margin
        return LogUniform(max(self.low, low / extra), min(self.high, high * extra))


@dataclass(frozen=True)
class Integers:
    """A whole number from `low` to `high`, both included: widths (`log=True`), layers.

    Raises
    ------
    ValueError
        If the bounds do not rise, or are not positive on a logarithmic scale.
    """

    low: int
    high: int
    log: bool = False

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool):
                raise ValueError(f"{name} must be a whole number, got {value!r}")
        _check_bounds(self)
        if self.log and self.low <= 0:
            raise ValueError(f"low must be positive on a logarithmic scale, got {self.low}")

    def levels(self, count: int) -> list[int]:
        """Return up to `count` different values at about equal distances, or ratios if `log`."""
        return sorted({round(value) for value in self._real().levels(count)})

    def around(self, low: int, high: int, margin: float) -> Integers:
        """Return the range from `low` to `high`, wider by a share of this one's width, inside this one."""
        real = self._real().around(low, high, margin)
        narrow = Integers.__new__(Integers)
        # A single value is a range as well once a search has come so far.
        vars(narrow).update(low=math.floor(real.low), high=math.ceil(real.high), log=self.log)
        return narrow

    def _real(self) -> Uniform | LogUniform:
        return LogUniform(self.low, self.high) if self.log else Uniform(self.low, self.high)


@dataclass(frozen=True)
class Choice:
    """One of several things: optimisers, activations. Texts, numbers, truth values or None.

    Raises
    ------
    ValueError
        If there are none, or one is there twice.
    TypeError
        If one is something else, which a storage could not keep.
    """

    options: tuple[str | float | int | bool | None, ...]

    def __init__(self, *options: str | float | int | bool | None) -> None:
        object.__setattr__(self, "options", options)
        if not options or len(set(options)) < len(options):
            raise ValueError(f"options must be different, one at least, got {options!r}")
        for option in options:
            if not isinstance(option, str | float | int | bool | None):
                raise TypeError(f"options must be texts, numbers, truth values or None, got {option!r}")

    def levels(self, count: int) -> list[str | float | int | bool | None]:
        """Return all options, whatever `count` is."""
        return list(self.options)


Range = Uniform | LogUniform | Integers | Choice
Space = Mapping[str, Range]


def _check_bounds(found: Uniform | LogUniform | Integers) -> None:
    if not -math.inf < found.low < found.high < math.inf:
        raise ValueError(f"low must be below high, both finite, got {found.low} and {found.high}")


def check_space(space: Space) -> None:
    """Raise where `space` is not a mapping of names to ranges.

    Raises
    ------
    TypeError
        If a range is something else.
    ValueError
        If it is empty.
    """
    if not space:
        raise ValueError("space must name one hyper-parameter at least, got none")
    for name, found in space.items():
        if not isinstance(found, Range):
            raise TypeError(
                f"space[{name!r}] must be a LogUniform, Uniform, Integers or Choice, got {found!r}"
            )


def grid_points(space: Space, levels: int) -> list[dict[str, Any]]:
    """Return every combination of `levels` values of each range (of all its options, for a choice)."""
    points: list[dict[str, Any]] = [{}]
    for name, found in space.items():
        points = [{**point, name: value} for point in points for value in found.levels(levels)]
    return points

"""Preprocessing whose numbers come from the training data alone: `fit` on that, then call it on anything.

``prepare = Chain(ChannelMean(), Scaling()).fit(train.images)``, then ``prepare(test.images)``.
"""

from __future__ import annotations

from typing import Self

import numpy as np


class Preprocessing:
    """What all steps share: `fit(x)` learns from training data and returns the step, `step(x)` applies it.

    Inputs are float32 or float64, examples along the first axis; results are fresh, of the same dtype.
    A subclass writes `_learn`, which returns the numbers that it needs, and `_apply`.
    """

    learned: tuple[np.ndarray, ...] | None = None

    def fit(self, x: np.ndarray) -> Self:
        """Learn from the training data `x`; what was learned before is forgotten.

        Raises
        ------
        TypeError
            If `x` is no float32 or float64 array.
        ValueError
            If it holds no examples, or has too few axes.
        """
        self._check(x)
        if len(x) == 0:
            raise ValueError("x must hold at least one example to learn from, got none")
        # Sums over many examples are taken in float64, so that float32 data loses nothing.
        self.learned = self._learn(x.astype(np.float64, copy=False))
        self._shape = x.shape[1:]
        return self

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Apply what was learned.

        Raises
        ------
        TypeError
            If `x` is no float32 or float64 array.
        ValueError
            If `fit` was not called before, or with examples of another shape.
        """
        self._check(x)
        if self.learned is None:
            raise ValueError(f"{type(self).__name__} has learned nothing: call fit(training_data) first")
        if x.shape[1:] != self._shape:
            raise ValueError(f"x must hold examples of shape {self._shape}, as fitted, got {x.shape[1:]}")
        return self._apply(x, *(number.astype(x.dtype) for number in self.learned))

    def _check(self, x: np.ndarray) -> None:
        if not isinstance(x, np.ndarray) or x.dtype not in (np.float32, np.float64):
            got = x.dtype if isinstance(x, np.ndarray) else type(x).__name__
            raise TypeError(f"x must be a float32 or float64 array, got {got}")
        if x.ndim < 2:
            raise ValueError(f"x must have shape (N, ...), got {x.shape}")

    def _learn(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        return ()

    def _apply(self, x: np.ndarray, *learned: np.ndarray) -> np.ndarray:
        return x.copy()


class MeanImage(Preprocessing):
    """Subtract the mean training example: every pixel (feature) is centred on its own."""

    def _learn(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        return (x.mean(axis=0),)

    def _apply(self, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
        return x - mean


class ChannelMean(Preprocessing):
    """Subtract one mean a channel: x (N, C, ...) loses its mean over all axes but the second."""

    def _learn(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        return (x.mean(axis=_all_but_channels(x), keepdims=True)[0],)

    def _apply(self, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
        return x - mean


class Scaling(Preprocessing):
    """Divide by the standard deviation, one a channel or one a feature.

    Parameters
    ----------
    per : "channel" or "feature"
        What has a standard deviation of its own.
    eps : float
        Added to it, so that a constant feature is not divided by zero.

    Raises
    ------
    ValueError
        If `per` is neither, or `eps` is negative.
    """

    def __init__(self, *, per: str = "channel", eps: float = 1e-8) -> None:
        if per not in ("channel", "feature"):
            raise ValueError(f"per must be 'channel' or 'feature', got {per!r}")
        if not eps >= 0:
            raise ValueError(f"eps must not be negative, got {eps}")
        self.per = per
        self.eps = eps

    def _learn(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        axes = _all_but_channels(x) if self.per == "channel" else (0,)
        return (x.std(axis=axes, keepdims=True)[0] + self.eps,)

    def _apply(self, x: np.ndarray, deviation: np.ndarray) -> np.ndarray:
        return x / deviation


class PCA(Preprocessing):
    """Express examples by their coordinates along the principal axes of the training data.

    Parameters
    ----------
    components : int or None
        How many axes of largest variance are kept; None keeps as many as there are features.

    Notes
    -----
    `__call__` returns (N, components); `learned` holds the mean (D,), the axes (D, components) in columns and
    the variances (components,). Pearson, On lines and planes of closest fit to systems of points in space
    (1901).
    """

    def __init__(self, components: int | None = None) -> None:
        if components is not None and (not isinstance(components, int) or components < 1):
            raise ValueError(f"components must be a positive integer or None, got {components!r}")
        self.components = components

    def _learn(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        flat = x.reshape(len(x), -1)
        features = flat.shape[1]
        if self.components is not None and self.components > features:
            raise ValueError(f"components must be at most the {features} features, got {self.components}")
        mean = flat.mean(axis=0)
        centred = flat - mean
        variances, axes = np.linalg.eigh(centred.T @ centred / len(flat))
        kept = slice(None, None, -1) if self.components is None else slice(None, -self.components - 1, -1)
        # Rounding leaves tiny negative variances where the data has none.
        return mean, axes[:, kept], np.maximum(variances[kept], 0)

    def _apply(self, x: np.ndarray, mean: np.ndarray, axes: np.ndarray, variances: np.ndarray) -> np.ndarray:
        return (x.reshape(len(x), len(mean)) - mean) @ axes


class Whitening(PCA):
    """Give the training data a covariance of one: PCA, then division by the square root of each variance.

    Parameters
    ----------
    components : int or None
        As for `PCA`.
    eps : float
        Added to each variance under the root: directions that hold only noise are not blown up.
    zca : bool
        Rotate back to the original axes afterwards (zero-phase whitening): whitened images look like images,
        and the shape of the examples is kept.

    Notes
    -----
    The variance, an eigenvalue of the covariance, is in squared units: dividing by it instead of its root is
    a common slip. Bell and Sejnowski, The "independent components" of natural scenes are edge filters (1997).
    """

    def __init__(self, components: int | None = None, *, eps: float = 1e-5, zca: bool = False) -> None:
        super().__init__(components)
        if not eps >= 0:
            raise ValueError(f"eps must not be negative, got {eps}")
        self.eps = eps
        self.zca = zca

    def _apply(self, x: np.ndarray, mean: np.ndarray, axes: np.ndarray, variances: np.ndarray) -> np.ndarray:
        white = super()._apply(x, mean, axes, variances) / np.sqrt(variances + x.dtype.type(self.eps))
        return (white @ axes.T).reshape(x.shape) if self.zca else white


class Chain(Preprocessing):
    """Apply steps in order; each is fitted on what the ones before it make of the training data."""

    def __init__(self, *steps: Preprocessing) -> None:
        self.steps = steps

    def fit(self, x: np.ndarray) -> Self:
        """Fit every step; raises as they do."""
        for step in self.steps:
            x = step.fit(x)(x)
        return self

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Apply every step; raises as they do."""
        self._check(x)
        x = x.copy() if not self.steps else x
        for step in self.steps:
            x = step(x)
        return x


def _all_but_channels(x: np.ndarray) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))

"""What the whitening widget computes: a cloud of two features, and what each step makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.geometry import condition_number

POINTS = 240
MEAN = np.array([6.0, 3.0])
#: The stages that are shown, the cloud as it is measured first.
STAGES = ("as measured", "centred", "scaled", "turned (PCA)", "divided")
DIVISORS = ("√(λ + ε)", "λ + ε: a slip")
SMALLEST_EPS, LARGEST_EPS = -6.0, 0.0


@dataclass(frozen=True)
class WhiteningParameters:
    """What the hand can change: how the cloud lies, and which steps are taken.

    `correlation` is that of the signal in the two features, `noise` the deviation of what is added to each
    on its own, `unit` the second feature's deviation over the first's, `power` the power of ten of ε.
    """

    correlation: float = 0.9
    noise: float = 0.1
    unit: float = 0.4
    centre: bool = True
    scale: bool = True
    turn: bool = True
    divide: bool = True
    divisor: str = DIVISORS[0]
    power: float = -6.0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("correlation", -1, 1),
            ("noise", 0, 1),
            ("unit", 0.1, 2),
            ("power", SMALLEST_EPS, LARGEST_EPS),
        ):
            value = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
                raise ValueError(f"{name} must be a number from {low} to {high}, got {value!r}")
        for name in ("centre", "scale", "turn", "divide"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} must be True or False, got {getattr(self, name)!r}")
        if self.divisor not in list(DIVISORS):
            raise ValueError(f"divisor must be one of {', '.join(DIVISORS)}, got {self.divisor!r}")

    @property
    def eps(self) -> float:
        """What is added to each variance."""
        return 10.0**self.power


@dataclass(frozen=True)
class WhiteningResult:
    """The cloud after each of the five stages.

    Attributes
    ----------
    clouds : ndarray
        Shape (5, POINTS, 2).
    means, covariances : ndarray
        Shapes (5, 2) and (5, 2, 2); the covariance is divided by the number of points.
    axes, variances : ndarray
        Eigenvectors of each covariance in columns, (5, 2, 2), and its eigenvalues, (5, 2), largest first.
    conditions : ndarray
        Condition number of the Hessian of linear regression with a bias on each cloud, shape (5,).
    upper : ndarray of bool
        Which points have a positive signal in the first feature, shape (POINTS,).
    """

    parameters: WhiteningParameters
    clouds: np.ndarray
    means: np.ndarray
    covariances: np.ndarray
    axes: np.ndarray
    variances: np.ndarray
    conditions: np.ndarray
    upper: np.ndarray


@lru_cache(maxsize=1)
def _draws() -> np.ndarray:
    """Four independent features whose sample has mean 0 and covariance 1 exactly; read-only."""
    drawn = np.random.default_rng(7).standard_normal((POINTS, 4))
    drawn -= drawn.mean(axis=0)
    root = np.linalg.cholesky(drawn.T @ drawn / POINTS)
    found = np.linalg.solve(root, drawn.T).T
    found.setflags(write=False)
    return found


def measured_cloud(parameters: WhiteningParameters) -> np.ndarray:
    """Return the cloud as it is measured, (POINTS, 2).

    With ρ the correlation and σ the noise its covariance is exactly ``D ((1, ρ; ρ, 1) + σ² I) D``, where
    ``D = diag(1, unit)``.
    """
    first, other, *noise = _draws().T
    rho = parameters.correlation
    signal = np.stack([first, rho * first + np.sqrt(1 - rho**2) * other], axis=1)
    return MEAN + (signal + parameters.noise * np.stack(noise, axis=1)) * (1.0, parameters.unit)


def principal_axes(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (2,), largest first, and eigenvectors in columns, which point to the right.

    An eigenvector's sign is arbitrary; fixing it keeps the picture from turning over while a slider moves.
    """
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    # A little above the horizontal, which is itself an axis of clouds without correlation.
    return values, vectors * np.where(vectors[0] + 0.3 * vectors[1] < 0, -1, 1)


def compute(parameters: WhiteningParameters) -> WhiteningResult:
    """Take the steps one by one; one that is not taken leaves the cloud as it is.

    Parameters
    ----------
    parameters : WhiteningParameters
        The cloud and the steps.

    Returns
    -------
    WhiteningResult
    """
    x = measured_cloud(parameters)
    clouds = [x]
    clouds.append(x := x - x.mean(axis=0) if parameters.centre else x)
    clouds.append(x := x / x.std(axis=0) if parameters.scale else x)
    clouds.append(x := x @ principal_axes(_covariance(x))[1] if parameters.turn else x)
    clouds.append(x / _divisors(parameters, x) if parameters.divide else x)
    covariances = np.stack([_covariance(cloud) for cloud in clouds])
    spectra = [principal_axes(covariance) for covariance in covariances]
    return WhiteningResult(
        parameters,
        np.stack(clouds),
        np.stack([cloud.mean(axis=0) for cloud in clouds]),
        covariances,
        np.stack([vectors for _, vectors in spectra]),
        np.stack([values for values, _ in spectra]),
        np.array([_condition(cloud) for cloud in clouds]),
        _draws()[:, 0] > 0,
    )


def _covariance(x: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=0)
    return centred.T @ centred / len(x)


def _divisors(parameters: WhiteningParameters, x: np.ndarray) -> np.ndarray:
    # Along the axes as they are now: these are the principal ones only if the cloud was turned.
    variances = x.var(axis=0) + parameters.eps
    return np.sqrt(variances) if parameters.divisor == DIVISORS[0] else variances


def _condition(x: np.ndarray) -> float:
    a = np.column_stack([x, np.ones(len(x))])
    return condition_number(a.T @ a / len(x))

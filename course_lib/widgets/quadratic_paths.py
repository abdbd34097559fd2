"""What the widget on quadratics computes: a path of descent, seen along the eigenvectors of the Hessian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib.geometry import descend, momentum_rate, momentum_regime, momentum_roots, regime
from course_lib.widgets.quadratic_rates import WIDEST, Settings, best_settings, newton_map, rate_map

GRADIENT, MOMENTUM, NESTEROV, NEWTON = METHODS = ("gradient descent", "momentum", "Nesterov", "Newton")
WITH_MOMENTUM = (MOMENTUM, NESTEROV)
RAVINE, OWN = HESSIANS = ("ravine of condition κ", "own entries")
LARGEST_ENTRY, LARGEST_KAPPA, LARGEST_MOMENTUM = 30.0, 100.0, 0.99
REACH = 2.0  # how far from the minimum a path may start
STEPS = 60

_TURN = np.deg2rad(25.0)


@dataclass(frozen=True)
class DescentParameters:
    """What the hand can change.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    lr : float
        α, at most four times the inverse of the largest |λ|; with Newton the share of its step, at most 4.
    momentum : float
        μ, used by momentum and Nesterov.
    hessian : str
        One of `HESSIANS`.
    kappa : float
        Condition number of the ravine; its steepest eigenvalue is 1.
    h11, h12, h22 : float
        Entries of the own Hessian.
    theta1, theta2 : float
        The start, not further than 2 from the minimum at 0.
    step : int
        Which step is marked in all pictures.
    """

    method: str = MOMENTUM
    lr: float = 1.2
    momentum: float = 0.8
    hessian: str = RAVINE
    kappa: float = 20.0
    h11: float = 3.0
    h12: float = 1.0
    h22: float = 1.0
    theta1: float = -1.7
    theta2: float = 0.6
    step: int = 5

    def __post_init__(self) -> None:
        for name, choices in (("method", METHODS), ("hessian", HESSIANS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}, got {getattr(self, name)!r}")
        entries = (-LARGEST_ENTRY, LARGEST_ENTRY)
        limits = {"h11": entries, "h12": entries, "h22": entries, "momentum": (0, LARGEST_MOMENTUM)}
        limits |= {"kappa": (1, LARGEST_KAPPA), "theta1": (-REACH, REACH), "theta2": (-REACH, REACH)}
        for name, (low, high) in limits.items():
            _check_number(name, getattr(self, name), low, high)
        if np.hypot(self.theta1, self.theta2) > REACH * (1 + 1e-9):
            raise ValueError(
                f"theta1 and theta2 must be at most {REACH:g} from the minimum, got {self.theta1:.4g} and "
                f"{self.theta2:.4g}"
            )
        if not isinstance(self.step, int) or not 0 <= self.step <= STEPS:
            raise ValueError(f"step must be a whole number from 0 to {STEPS}, got {self.step!r}")
        _check_number("lr", self.lr, 0, largest_rate(self) * (1 + 1e-9))
        if self.method == NEWTON and np.abs(eigenvalues_of(self)).min() < 1e-9 * scale(self):
            raise ValueError(
                "method Newton divides by the eigenvalues of the Hessian, and one of them is 0: no step "
                "along its eigenvector is determined. Change an entry of H, or choose another method"
            )


def _check_number(name: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low:.4g} to {high:.4g}, got {value!r}")


@dataclass(frozen=True)
class DescentResult:
    """A path of descent on ½θᵀAθ, and what theory says of it.

    Attributes
    ----------
    hessian, eigenvectors : ndarray
        A and Q, shape (2, 2); eigenvectors in columns, the second a quarter turn left of the first.
    eigenvalues : ndarray
        Shape (2,), ascending.
    path, components : ndarray
        θₖ and Qᵀθₖ for k = 0 … 60, shape (61, 2).
    costs : ndarray
        ½θₖᵀAθₖ, shape (61,).
    factors : ndarray
        What a step leaves of each component in the long run, shape (2,).
    regimes : tuple of str
        What each component does, in the words of `course_lib.geometry.momentum_regime`.
    periods : ndarray
        Steps that an oscillation takes, shape (2,); NaN where there is none.
    rates : ndarray
        The larger factor for every rate and momentum, shape (100, 200); read-only.
    probe : tuple of float
        Where (α, μ) stands in that map: α in units of 1/largest |λ|, and μ.
    best_plain, best_pair : Settings or None
        The best rate without momentum, and the best pair of this method (of momentum, where it has none);
        None where no setting converges.
    """

    parameters: DescentParameters
    hessian: np.ndarray
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray
    path: np.ndarray
    components: np.ndarray
    costs: np.ndarray
    factors: np.ndarray
    regimes: tuple[str, str]
    periods: np.ndarray
    rates: np.ndarray
    probe: tuple[float, float]
    best_plain: Settings | None
    best_pair: Settings | None


def eigenpairs(parameters: DescentParameters) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (2,), ascending, and eigenvectors (2, 2) in columns that turn, and do not mirror."""
    if parameters.hessian == RAVINE:
        values = np.array([1.0 / parameters.kappa, 1.0])
        flat = np.array([np.cos(_TURN), np.sin(_TURN)])
    else:
        h12 = parameters.h12
        values, vectors = np.linalg.eigh(
            np.array([[parameters.h11, h12], [h12, parameters.h22]], dtype=float)
        )
        # What is 0 but for rounding has no sign.
        values[np.abs(values) < 1e-14 * np.abs(values).max()] = 0.0
        flat = vectors[:, 0] if tuple(vectors[:, 0]) > (0.0, 0.0) else -vectors[:, 0]
    return values, np.array([[flat[0], -flat[1]], [flat[1], flat[0]]])


def eigenvalues_of(parameters: DescentParameters) -> np.ndarray:
    """Return the eigenvalues (2,) of the Hessian, ascending."""
    return eigenpairs(parameters)[0]


def scale(parameters: DescentParameters) -> float:
    """Return the largest |λ|, or 1 where the Hessian is 0: rates are compared with its inverse."""
    return float(np.abs(eigenvalues_of(parameters)).max()) or 1.0


def largest_rate(parameters: DescentParameters) -> float:
    """Return the largest rate that may be set: four times 1/|λ|, where even momentum reaches its limit."""
    return WIDEST if parameters.method == NEWTON else WIDEST / scale(parameters)


def _components(parameters: DescentParameters, values: np.ndarray, start: np.ndarray) -> np.ndarray:
    # Walked along the eigenvectors: in other axes, rounding would mix a diverging component into the other.
    momentum, A = momentum_of(parameters), np.diag(values)
    if parameters.method != NEWTON:
        look_ahead = parameters.method == NESTEROV
        return descend(A, start, lr=parameters.lr, steps=STEPS, momentum=momentum, nesterov=look_ahead)
    found = [start]
    for _ in range(STEPS):
        found.append(found[-1] - parameters.lr * np.linalg.solve(A, A @ found[-1]))
    return np.stack(found)


def momentum_of(parameters: DescentParameters) -> float:
    """Return μ where the method uses it, otherwise 0."""
    return parameters.momentum if parameters.method in WITH_MOMENTUM else 0.0


def _regime(parameters: DescentParameters, eigenvalue: float, momentum: float) -> str:
    if parameters.method == NEWTON:
        return regime(1.0, parameters.lr)
    return momentum_regime(eigenvalue, parameters.lr, momentum, nesterov=parameters.method == NESTEROV)


def compute(parameters: DescentParameters) -> DescentResult:
    """Walk down a quadratic, and say what each component does and would do with other settings.

    Parameters
    ----------
    parameters : DescentParameters
        Method, rate, momentum, Hessian and start.

    Returns
    -------
    DescentResult
    """
    values, Q = eigenpairs(parameters)
    A, momentum = Q @ np.diag(values) @ Q.T, momentum_of(parameters)
    newton, look_ahead = parameters.method == NEWTON, parameters.method == NESTEROV
    components = _components(parameters, values, np.array([parameters.theta1, parameters.theta2]) @ Q)
    path = components @ Q.T
    # Newton's step treats every direction as if its eigenvalue were 1.
    acting, unit = (np.ones(2), 1.0) if newton else (values, scale(parameters))
    roots = momentum_roots(acting, parameters.lr, momentum, nesterov=look_ahead)
    dominant = np.take_along_axis(roots, np.abs(roots).argmax(axis=-1)[:, None], axis=-1)[:, 0]
    turns = np.abs(np.angle(dominant))
    return DescentResult(
        parameters,
        A,
        values,
        Q,
        path,
        components,
        0.5 * components**2 @ values,
        momentum_rate(acting, parameters.lr, momentum, nesterov=look_ahead),
        tuple(_regime(parameters, float(value), momentum) for value in values),
        np.where(turns > 1e-9, 2 * np.pi / np.maximum(turns, 1e-9), np.nan),
        newton_map() if newton else rate_map(*(float(value) for value in values / unit), look_ahead),
        (parameters.lr * unit, momentum),
        best_settings(A, MOMENTUM if newton else parameters.method, plain=True),
        best_settings(A, parameters.method, plain=False),
    )

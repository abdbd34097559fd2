"""Cost surfaces over the plane whose values, gradients and Hessians are known in closed form."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from course_lib.geometry.curvature import as_symmetric

Field = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Surface:
    """A cost J(θ) over the plane.

    Attributes
    ----------
    name : str
    value : callable
        (..., 2) -> (...)
    gradient : callable
        (..., 2) -> (..., 2)
    hessian : callable
        (2,) -> (2, 2)
    extent : tuple
        (x_min, x_max, y_min, y_max) of the part worth looking at.
    critical_points : dict
        Known critical points by kind: "minimum", "maximum", "saddle", "degenerate".
    """

    name: str
    value: Field
    gradient: Field
    hessian: Field
    extent: tuple[float, float, float, float] = (-2.0, 2.0, -2.0, 2.0)
    critical_points: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)


def quadratic_surface(H: np.ndarray, name: str = "quadratic") -> Surface:
    """½ θᵀHθ for any symmetric 2×2 matrix: bowl, ravine, saddle, trough or dome, as its eigenvalues say."""
    h = as_symmetric(H)
    if h.shape != (2, 2):
        raise ValueError(f"H must have shape (2, 2), got {h.shape}")
    low, high = np.linalg.eigvalsh(h)
    kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle" if low < 0 < high else "degenerate"
    return Surface(
        name,
        value=lambda t: 0.5 * np.einsum("...i,ij,...j->...", t, h, t),
        gradient=lambda t: t @ h,
        hessian=lambda t: h.copy(),
        critical_points={kind: ((0.0, 0.0),)},
    )


def _stack(*components: np.ndarray) -> np.ndarray:
    return np.stack(np.broadcast_arrays(*components), axis=-1)


def _himmelblau() -> Surface:
    def value(t: np.ndarray) -> np.ndarray:
        x, y = t[..., 0], t[..., 1]
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def gradient(t: np.ndarray) -> np.ndarray:
        x, y = t[..., 0], t[..., 1]
        a, b = x**2 + y - 11, x + y**2 - 7
        return _stack(4 * x * a + 2 * b, 2 * a + 4 * y * b)

    def hessian(t: np.ndarray) -> np.ndarray:
        x, y = t
        mixed = 4 * x + 4 * y
        return np.array([[12 * x**2 + 4 * y - 42, mixed], [mixed, 12 * y**2 + 4 * x - 26]])

    minima = ((3.0, 2.0), (-2.8051180869527448, 3.1313125182505730))
    minima += ((-3.7793102533777469, -3.2831859912861694), (3.5844283403304917, -1.8481265269644034))
    return Surface("Himmelblau", value, gradient, hessian, (-5, 5, -5, 5), {"minimum": minima})


def _rosenbrock(a: float = 1.0, b: float = 100.0) -> Surface:
    def value(t: np.ndarray) -> np.ndarray:
        x, y = t[..., 0], t[..., 1]
        return (a - x) ** 2 + b * (y - x**2) ** 2

    def gradient(t: np.ndarray) -> np.ndarray:
        x, y = t[..., 0], t[..., 1]
        return _stack(-2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2))

    def hessian(t: np.ndarray) -> np.ndarray:
        x, y = t
        return np.array([[2 - 4 * b * (y - 3 * x**2), -4 * b * x], [-4 * b * x, 2 * b]])

    return Surface("Rosenbrock", value, gradient, hessian, (-2, 2, -1, 3), {"minimum": ((a, a * a),)})


def _plateau() -> Surface:
    """1 − exp(−|θ|²): a dent in a plain that is flat, though not critical, far from it."""

    def value(t: np.ndarray) -> np.ndarray:
        return -np.expm1(-np.sum(t * t, axis=-1))

    def gradient(t: np.ndarray) -> np.ndarray:
        return 2 * t * np.exp(-np.sum(t * t, axis=-1, keepdims=True))

    def hessian(t: np.ndarray) -> np.ndarray:
        return np.exp(-t @ t) * (2 * np.eye(2) - 4 * np.outer(t, t))

    return Surface("plateau", value, gradient, hessian, (-4, 4, -4, 4), {"minimum": ((0.0, 0.0),)})


SURFACES: dict[str, Surface] = {
    surface.name: surface
    for surface in (
        quadratic_surface(np.diag([1.0, 1.0]), "bowl"),
        quadratic_surface(np.diag([1.0, 25.0]), "ravine"),
        quadratic_surface(np.diag([1.0, -1.0]), "saddle"),
        _plateau(),
        _himmelblau(),
        _rosenbrock(),
    )
}

"""What the surface explorer computes: a point's gradient, Hessian and verdict, and the slice through it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.geometry import (
    SURFACES,
    Surface,
    classify_critical_point,
    curvature,
    definiteness,
    quadratic_surface,
    spectrum,
    taylor2,
)

OWN = "own Hessian"
NAMES = (*SURFACES, OWN)
LARGEST_ENTRY = 30.0

_CELLS = 200
_SLICE_POINTS = 241
_STARTS = 9
_NEWTON_STEPS = 40
_FLAT = quadratic_surface(np.zeros((2, 2)))
# A point counts as critical where Newton's step to the critical point would be shorter than this.
_EXACT = 1e-9


@dataclass(frozen=True)
class SurfaceParameters:
    """What the hand can change.

    Attributes
    ----------
    surface : str
        One of `NAMES`.
    theta1, theta2 : float
        The point, inside the surface's extent.
    angle : float
        Of the direction v, in degrees from the θ₁ axis, from 0 to 180.
    reach : float
        How much of the slice to look at: 1 for all of it, less for a part around the point.
    h11, h12, h22 : float
        Entries of the own Hessian.
    """

    surface: str = "Himmelblau"
    theta1: float = 1.5
    theta2: float = -2.5
    angle: float = 45.0
    reach: float = 1.0
    h11: float = 1.0
    h12: float = 2.0
    h22: float = 1.0

    def __post_init__(self) -> None:
        if self.surface not in NAMES:
            raise ValueError(f"surface must be one of {', '.join(NAMES)}, got {self.surface!r}")
        entries = (-LARGEST_ENTRY, LARGEST_ENTRY)
        limits = {"h11": entries, "h12": entries, "h22": entries, "angle": (0, 180), "reach": (0.05, 1)}
        left, right, bottom, top = (SURFACES.get(self.surface) or _FLAT).extent
        limits |= {"theta1": (left, right), "theta2": (bottom, top)}
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not low <= value <= high:
                raise ValueError(f"{name} must be a number from {low:g} to {high:g}, got {value!r}")


@dataclass(frozen=True)
class SurfaceResult:
    """A surface seen from a point.

    Attributes
    ----------
    values : ndarray
        The cost over the extent, shape (200, 200), rows along θ₂; read-only.
    point, gradient, direction : ndarray
        Shape (2,); the direction has length 1.
    hessian, eigenvectors : ndarray
        Shape (2, 2); eigenvectors in columns.
    eigenvalues : ndarray
        Shape (2,), ascending.
    slope, curvature : float
        First and second derivative of the slice at the point: gᵀv and vᵀHv.
    t, slice, model : ndarray
        Steps along the direction, the cost there and its second-order Taylor model, shape (241,).
    kind : str
        "minimum", "maximum", "saddle", "degenerate" or "not critical".
    definiteness : str
        That of the Hessian.
    """

    parameters: SurfaceParameters
    values: np.ndarray
    point: np.ndarray
    gradient: np.ndarray
    hessian: np.ndarray
    eigenvalues: np.ndarray
    eigenvectors: np.ndarray
    direction: np.ndarray
    slope: float
    curvature: float
    t: np.ndarray
    slice: np.ndarray
    model: np.ndarray
    kind: str
    definiteness: str


# What names a surface: its name and, for the own Hessian, the three entries.
Key = tuple[str] | tuple[str, float, float, float]


def key_of(parameters: SurfaceParameters) -> Key:
    """Return what names the surface of some parameters; equal for equal surfaces."""
    own = (parameters.h11, parameters.h12, parameters.h22) if parameters.surface == OWN else ()
    return (parameters.surface, *own)


@lru_cache(maxsize=32)
def surface_of(key: Key) -> Surface:
    """Return the surface that a key names."""
    name, *entries = key
    if not entries:
        return SURFACES[name]
    h11, h12, h22 = entries
    return quadratic_surface(np.array([[h11, h12], [h12, h22]], dtype=float), OWN)


def chosen_surface(parameters: SurfaceParameters) -> Surface:
    """Return the surface that the parameters name."""
    return surface_of(key_of(parameters))


def verdict(surface: Surface, point: np.ndarray) -> str:
    """Name what a point is; critical only if it is so to about 1e-9 of its coordinates.

    A small gradient alone says little: far out on the plateau it is tiny and yet nothing is critical. So it
    is measured against the curvature, which tells how far away the zero of the gradient would be.
    """
    H = surface.hessian(point)
    tolerance = _EXACT * np.abs(H).max()
    return classify_critical_point(surface.gradient, point, H=H, gradient_tol=tolerance).kind


@lru_cache(maxsize=32)
def critical_points(key: Key) -> tuple[tuple[str, float, float], ...]:
    """Find the critical points in a surface's extent: kind and place, by Newton's method from many starts.

    Where the Hessian is singular along a whole line of critical points, only those that the surface names.
    """
    surface = surface_of(key)
    named = [(kind, *p) for kind, points in surface.critical_points.items() for p in points]
    if any(kind == "degenerate" for kind, *_ in named):
        return tuple(named)
    left, right, bottom, top = surface.extent
    found = [np.array(place, dtype=float) for _, *place in named]
    grid = np.meshgrid(np.linspace(left, right, _STARTS), np.linspace(bottom, top, _STARTS))
    for start in np.stack(grid, axis=-1).reshape(-1, 2):
        point = _newton(surface, start)
        if point is not None and all(np.abs(point - other).max() > 1e-6 for other in found):
            found.append(point)
    order = sorted(found, key=lambda p: (verdict(surface, p), round(p[0], 6), round(p[1], 6)))
    return tuple((verdict(surface, p), float(p[0]), float(p[1])) for p in order)


def _newton(surface: Surface, start: np.ndarray) -> np.ndarray | None:
    left, right, bottom, top = surface.extent
    point = start
    for _ in range(_NEWTON_STEPS):
        H = surface.hessian(point)
        if abs(np.linalg.det(H)) < 1e-12:
            return None
        step = np.linalg.solve(H, surface.gradient(point))
        point = point - step
        if not (left <= point[0] <= right and bottom <= point[1] <= top):
            return None
        if np.abs(step).max() < 1e-13:
            return point
    return point if np.abs(step).max() < 1e-10 else None


@lru_cache(maxsize=16)
def grid_values(key: Key) -> np.ndarray:
    """Return the cost in the middle of each of 200 × 200 cells of the extent, read-only."""
    surface = surface_of(key)
    left, right, bottom, top = surface.extent
    middles = (np.arange(_CELLS) + 0.5) / _CELLS
    x, y = np.meshgrid(left + (right - left) * middles, bottom + (top - bottom) * middles)
    values = surface.value(np.stack([x, y], axis=-1))
    values.setflags(write=False)
    return values


def _inside(surface: Surface, point: np.ndarray, direction: np.ndarray) -> tuple[float, float]:
    """Return the steps t at which the line point + t direction enters and leaves the extent."""
    lows, highs = np.array(surface.extent[::2]), np.array(surface.extent[1::2])
    along = np.abs(direction) > 1e-12
    ends = np.stack([(lows - point)[along], (highs - point)[along]]) / direction[along]
    return float(ends.min(axis=0).max()), float(ends.max(axis=0).min())


def compute(parameters: SurfaceParameters) -> SurfaceResult:
    """Cut a surface along a line through a point and fit the second-order Taylor model there.

    Parameters
    ----------
    parameters : SurfaceParameters
        Surface, point, direction and reach.

    Returns
    -------
    SurfaceResult
    """
    surface = chosen_surface(parameters)
    point = np.array([parameters.theta1, parameters.theta2], dtype=float)
    angle = np.deg2rad(parameters.angle)
    direction = np.array([np.cos(angle), np.sin(angle)])
    gradient, H = surface.gradient(point), surface.hessian(point)
    parts = spectrum(H)
    first, last = _inside(surface, point, direction)
    t = parameters.reach * np.linspace(first, last, _SLICE_POINTS)
    line = point + t[:, None] * direction
    return SurfaceResult(
        parameters,
        grid_values(key_of(parameters)),
        point,
        gradient,
        H,
        parts.eigenvalues,
        parts.eigenvectors,
        direction,
        float(gradient @ direction),
        curvature(H, direction),
        t,
        surface.value(line),
        taylor2(float(surface.value(point)), gradient, H, point)(line),
        verdict(surface, point),
        definiteness(H),
    )

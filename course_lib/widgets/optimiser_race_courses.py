"""What the optimisers race on: surfaces, and minibatches whose gradients have the surface's as their mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.geometry import SURFACES, Surface, quadratic_surface

ALIKE, RARE_FEATURE, FEW_TELL = "all alike", "θ₂ is a rare feature", "few tell the way of θ₂"
BATCHES = (ALIKE, RARE_FEATURE, FEW_TELL)

_CELLS = 200


@dataclass(frozen=True)
class Course:
    """A surface to race on; its lowest cost is 0.

    Attributes
    ----------
    surface : Surface
    start : (float, float)
        Where a race begins unless the hand says otherwise.
    unit : float
        A gradient that counts as ordinary here: noise is measured by it.
    power : float
        Lines of equal cost stand at equal distances of the cost's 1/power-th power.
    costs : (float, float)
        Limits of the logarithmic axis of costs.
    """

    surface: Surface
    start: tuple[float, float]
    unit: float
    power: float
    costs: tuple[float, float]


def _saddle() -> Surface:
    """½θ₁² + ¼(θ₂² − 1)²: a saddle at 0 between two minima of cost 0."""
    return Surface(
        "saddle",
        value=lambda t: 0.5 * t[..., 0] ** 2 + 0.25 * (t[..., 1] ** 2 - 1) ** 2,
        gradient=lambda t: t * np.stack([np.ones_like(t[..., 1]), t[..., 1] ** 2 - 1], axis=-1),
        hessian=lambda t: np.diag([1.0, 3 * t[1] ** 2 - 1]),
        critical_points={"minimum": ((0.0, -1.0), (0.0, 1.0)), "saddle": ((0.0, 0.0),)},
    )


def _tilted_ravine() -> Surface:
    """The ravine, turned by 45 degrees: its eigenvectors are no longer the axes."""
    turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)
    return quadratic_surface(turn @ np.diag([1.0, 25.0]) @ turn.T, "tilted ravine")


COURSES: dict[str, Course] = {
    course.surface.name: course
    for course in (
        Course(SURFACES["bowl"], (-1.6, -1.2), 1.0, 2.0, (1e-6, 1e1)),
        Course(SURFACES["ravine"], (-1.8, 0.9), 1.0, 2.0, (1e-6, 1e2)),
        # The start of the ravine, turned like it.
        Course(_tilted_ravine(), (-2.7 / 2**0.5, -0.9 / 2**0.5), 1.0, 2.0, (1e-6, 1e2)),
        Course(_saddle(), (1.6, 0.01), 1.0, 2.0, (1e-6, 1e1)),
        Course(SURFACES["plateau"], (-2.0, -1.0), 0.3, 1.0, (1e-6, 1e1)),
        Course(SURFACES["Rosenbrock"], (-1.2, 2.2), 10.0, 4.0, (1e-6, 1e4)),
    )
}


@lru_cache(maxsize=len(COURSES))
def grid_values(name: str) -> np.ndarray:
    """Return the cost in the middle of each of 200 × 200 cells of a course's extent, read-only."""
    surface = COURSES[name].surface
    left, right, bottom, top = surface.extent
    middles = (np.arange(_CELLS) + 0.5) / _CELLS
    x, y = np.meshgrid(left + (right - left) * middles, bottom + (top - bottom) * middles)
    values = surface.value(np.stack([x, y], axis=-1))
    values.setflags(write=False)
    return values


def minibatches(kind: str, one_in: int, noise: float, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw what each minibatch makes of the gradient: share · ∇J + shift, with means 1 and 0.

    Parameters
    ----------
    kind : str
        `ALIKE`; `RARE_FEATURE`: only one batch in `one_in` holds examples that say anything of θ₂, and its
        share is `one_in`; `FEW_TELL`: along θ₂ one batch in `one_in` is shifted by one_in − 1, all others
        by −1. Which one of every `one_in` in a row it is, is drawn anew for each of these rows.
    one_in : int
        How rare; 2 or more.
    noise : float
        Standard deviation of what is added to both entries of every gradient.
    steps : int
        How many minibatches.
    seed : int
        Which draw.

    Returns
    -------
    shares, shifts : ndarray of float64, shape (steps, 2)
        Shifts are in the unit of the course.
    """
    rng = np.random.default_rng(seed)
    shares, shifts = np.ones((steps, 2)), noise * rng.standard_normal((steps, 2))
    rows = -(-steps // one_in)
    rare = np.zeros((rows, one_in), dtype=bool)
    rare[np.arange(rows), rng.integers(one_in, size=rows)] = True
    rare = rare.reshape(-1)[:steps]
    if kind == RARE_FEATURE:
        shares[:, 1] = one_in * rare
        shifts[:, 1] *= one_in * rare
    if kind == FEW_TELL:
        shifts[:, 1] += np.where(rare, one_in - 1.0, -1.0)
    return shares, shifts

"""The geometry of cost surfaces: derivatives, curvature, critical points, convexity, quadratics."""

from course_lib.geometry.convexity import ConvexityFailure, find_convexity_failure, is_convex_by_hessian
from course_lib.geometry.critical_points import CriticalPoint, classify_critical_point, definiteness
from course_lib.geometry.curvature import Spectrum, condition_number, curvature, spectrum, taylor2
from course_lib.geometry.derivatives import gradient, hessian, hessian_vector_product
from course_lib.geometry.noisy_descent import (
    expected_costs,
    noise_floor,
    noisy_descent,
    sampling_variance,
)
from course_lib.geometry.quadratics import (
    best_learning_rate,
    best_momentum,
    best_nesterov,
    descend,
    descend_closed_form,
    momentum_limit,
    momentum_rate,
    momentum_regime,
    momentum_roots,
    rate_per_direction,
    regime,
    stability_limit,
    terminal_velocity,
)
from course_lib.geometry.surfaces import SURFACES, Surface, quadratic_surface
from course_lib.geometry.symmetry import average_hidden_units, hidden_permutations, permute_hidden_units

__all__ = [
    "SURFACES",
    "ConvexityFailure",
    "CriticalPoint",
    "Spectrum",
    "Surface",
    "average_hidden_units",
    "best_learning_rate",
    "best_momentum",
    "best_nesterov",
    "classify_critical_point",
    "condition_number",
    "curvature",
    "definiteness",
    "descend",
    "descend_closed_form",
    "expected_costs",
    "find_convexity_failure",
    "gradient",
    "hessian",
    "hessian_vector_product",
    "hidden_permutations",
    "is_convex_by_hessian",
    "momentum_limit",
    "momentum_rate",
    "momentum_regime",
    "momentum_roots",
    "noise_floor",
    "noisy_descent",
    "permute_hidden_units",
    "quadratic_surface",
    "rate_per_direction",
    "regime",
    "sampling_variance",
    "spectrum",
    "stability_limit",
    "taylor2",
    "terminal_velocity",
]

"""Hyper-parameter search: by hand, on a grid, at random, by a model, by evolution; from coarse to fine."""

from course_lib.training.search.coarse_to_fine import FinishedRound, Round, coarse_to_fine, narrow
from course_lib.training.search.result import SearchResult, Trial
from course_lib.training.search.searching import SearchError, search_hyperparameters
from course_lib.training.search.space import Choice, Integers, LogUniform, Uniform, grid_points

__all__ = [
    "Choice",
    "FinishedRound",
    "Integers",
    "LogUniform",
    "Round",
    "SearchError",
    "SearchResult",
    "Trial",
    "Uniform",
    "coarse_to_fine",
    "grid_points",
    "narrow",
    "search_hyperparameters",
]

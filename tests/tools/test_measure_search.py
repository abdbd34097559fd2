"""The measurement of the search strategies gives each of them the same budget, and its table the medians."""

import numpy as np

from course_lib import get_num_threads, set_num_threads
from tools.measure_search import COARSE_TO_FINE, STRATEGIES, as_table, measure


def test_every_strategy_gets_the_same_budget():
    before = get_num_threads()
    set_num_threads(1)
    try:
        curves = measure(seeds=1, trials=4)
    finally:
        set_num_threads(before)
    assert list(curves) == [*STRATEGIES, COARSE_TO_FINE]
    for rows in curves.values():
        assert rows.shape == (1, 4)
        # Infinite as long as every net has diverged.
        assert not np.isnan(rows).any()
        assert np.all(rows[:, 1:] <= rows[:, :-1])


def test_the_table_has_medians_after_some_of_the_trials():
    rows = np.array([[4.0, 3, 2, 1], [8, 7, 6, 5], [9, 9, 9, 9]])
    assert as_table({"random": rows}).splitlines()[-1] == "| random | 5.000 |"

"""A forward with a wrong cache passes its own check; the check of its backward, which is fed it, fails."""

import pytest

from tools.mutation.equivalents import read_equivalents
from tools.mutation.judging import KILLED, SURVIVED, judge_all
from tools.mutation.solutions import Solutions

FACTORS_EXCHANGED = "(xhat, gamma, inverse))"


@pytest.fixture(scope="module")
def solutions():
    return Solutions.of("normalisation")


@pytest.mark.parametrize("kind", ["batch", "layer"])
def test_wrong_caches_are_caught_where_they_are_used(solutions, kind):
    forward, backward = f"{kind}_norm_forward", f"{kind}_norm_backward"
    listed = [key for key in read_equivalents("normalisation") if key[0] == forward]
    jobs = [
        (backward, grade_id, mutant)
        for grade_id, mutant in solutions.mutants(forward)
        if mutant.key in listed
    ]
    assert len(jobs) == len(listed) >= 7
    outcomes = {o.mutant.after: o.state for o in judge_all(solutions, jobs, seeds=(b"sample",))}
    # In batch normalisation both factors are constant along the batch: their order is of no account.
    harmless = {after for after in outcomes if kind == "batch" and after.endswith(FACTORS_EXCHANGED)}
    assert outcomes == {after: SURVIVED if after in harmless else KILLED for after in outcomes}

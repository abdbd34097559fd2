"""The checks fail wrong solutions: the fast tests take a few of the mutants, the slow ones every eighth."""

import pytest

from grading.engine.shipped import shipped_assignments
from tools.mutation.equivalents import evaluate, parse_equivalents, read_equivalents
from tools.mutation.judging import BROKE, KILLED, SURVIVED, Outcome, judge_all, state_of
from tools.mutation.mutants import Mutant
from tools.mutation.solutions import Solutions, assignments_with_checks

SAMPLE = 6


@pytest.fixture(scope="module")
def solutions():
    return Solutions.of("convolution")


def mutant(source, function="canonical_kernel", before="before", after="after"):
    return Mutant(function, "constants", before, after, 1, source, "")


def judged(solutions, source, **settings):
    jobs = [("canonical_kernel", "canonical_kernel", mutant(source))]
    (outcome,) = judge_all(solutions, jobs, **settings)
    return outcome


def test_every_shipped_assignment_with_checks_is_tested():
    assert "convolution" in assignments_with_checks()
    assert set(assignments_with_checks()) <= set(shipped_assignments())
    for assignment in assignments_with_checks():
        solutions = Solutions.of(assignment)
        for check in solutions.checks:
            assert next(solutions.mutants(check)), check


def test_the_unchanged_solution_survives(solutions):
    for name, check in solutions.checks.items():
        assert state_of(check, solutions.names(), (b"seed",))[0] == SURVIVED, name
    assert judged(solutions, solutions.cells["canonical_kernel"]).state == SURVIVED


@pytest.mark.parametrize(
    "source",
    [
        "def canonical_kernel(name):\n    return None",
        "def canonical_kernel(name):\n    import os\n    os._exit(0)",
        "def canonical_kernel(name):\n    return np.ones((1 << 36,))",
        "canonical_kernel = 1 / 0",
    ],
    ids=["wrong", "ends the process", "wants all memory", "does not run"],
)
def test_wrong_mutants_are_killed_and_cost_only_themselves(solutions, source):
    assert judged(solutions, source).state == KILLED


def test_an_endless_loop_that_no_alarm_stops_is_killed_from_outside(solutions):
    source = "import signal\ndef canonical_kernel(name):\n    signal.setitimer(0, 0)\n    while True: pass"
    outcome = judged(solutions, source, wall_seconds=1.0)
    assert (outcome.state, outcome.detail) == (KILLED, "its process died, or was stopped")


@pytest.mark.parametrize("assignment", assignments_with_checks())
def test_a_sample_of_mutants_is_killed(assignment):
    solutions, listed = Solutions.of(assignment), read_equivalents(assignment)
    found = [(name, *made) for name in solutions.checks for made in solutions.mutants(name)]
    wrong = [job for job in found if job[2].key not in listed]
    jobs = wrong[:: len(wrong) // SAMPLE]
    outcomes = list(judge_all(solutions, jobs, seeds=(b"sample",)))
    assert len(outcomes) >= SAMPLE
    assert {outcome.state for outcome in outcomes} == {KILLED}


def test_the_report_counts_wrong_mutants_and_finds_what_the_list_gets_wrong():
    def outcome(after, state):
        return Outcome("f", mutant("", "f", after=after), state)

    outcomes = [
        outcome("killed", KILLED),
        outcome("survivor", SURVIVED),
        outcome("breaks", BROKE),
        outcome("right", SURVIVED),
        outcome("wrongly listed", KILLED),
    ]
    listed = {("f", "before", after, 1): "why" for after in ("right", "wrongly listed", "gone")}
    report = evaluate(outcomes, listed)
    assert (report.killed, report.total) == ({"f": 1}, {"f": 3})
    assert report.share == pytest.approx(1 / 3)
    assert [o.mutant.after for o in report.unexplained] == ["survivor"]
    assert [o.mutant.after for o in report.broke] == ["breaks"]
    assert [o.mutant.after for o in report.equivalent] == ["right"]
    assert [key[2] for key in report.listed_but_killed] == ["wrongly listed"]
    assert [key[2] for key in report.listed_but_gone] == ["gone"]
    assert report.stale
    assert evaluate(outcomes, listed, complete=False).listed_but_gone == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[equivalent]]\nfunction = 'f'\nbefore = 'a'\nafter = 'b'",
        "[[equivalent]]\nfunction = 'f'\nbefore = 'a'\nafter = 'b'\nreason = ' '",
        "[[equivalent]]\nfunction = 'f'\nbefore = 'a'\nafter = 'b'\nreason = 'r'\nwhy = 'w'",
        2 * "[[equivalent]]\nfunction = 'f'\nbefore = 'a'\nafter = 'b'\nreason = 'r'\n",
    ],
    ids=["no reason", "empty reason", "unknown field", "twice"],
)
def test_a_list_that_explains_nothing_is_refused(text):
    with pytest.raises(ValueError, match="list.toml, entry"):
        parse_equivalents(text, "list.toml")


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("assignment", assignments_with_checks())
def test_every_eighth_wrong_mutant_is_killed(assignment):
    # `python -m tools.mutation` judges them all: for seven assignments, that is too long for every change.
    solutions = Solutions.of(assignment)
    jobs = [(name, *found) for name in solutions.checks for found in solutions.mutants(name)]
    listed = read_equivalents(assignment)
    assert listed.keys() <= {mutant.key for _, _, mutant in jobs}
    report = evaluate(judge_all(solutions, jobs[::8]), listed, complete=False)
    assert report.broke == ()
    # On a busy machine an equivalent mutant may be killed by its time; the tool, run alone, calls it stale.
    assert report.listed_but_gone == ()
    assert report.share >= 0.99
    assert report.unexplained == (), "\n".join(o.mutant.diff for o in report.unexplained)

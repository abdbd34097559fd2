"""A search that was killed goes on as if it had not been, and workers elsewhere try the same points."""

import math
import os
import signal
import subprocess
import sys

import numpy as np
import optuna
import pytest

from course_lib.training.search import LogUniform, Uniform, search_hyperparameters

SPACE = {"rate": LogUniform(1e-5, 1.0), "momentum": Uniform(0.0, 0.99)}

# The objective kills its own process at the seventh trial, as a full memory or a closed lid would.
KILLED = """
import math, os, signal, sys
from course_lib.training.search import LogUniform, Uniform, search_hyperparameters

calls = 0

def objective(found):
    global calls
    calls += 1
    if calls == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return (math.log10(found["rate"]) + 2) ** 2 + (found["momentum"] - 0.8) ** 2

space = {"rate": LogUniform(1e-5, 1.0), "momentum": Uniform(0.0, 0.99)}
options = {"strategy": sys.argv[1], "levels": 4, "seed": 5, "storage": sys.argv[2]}
search_hyperparameters(objective, space, trials=14, **options)
"""


def bowl(found):
    return (math.log10(found["rate"]) + 2) ** 2 + (found["momentum"] - 0.8) ** 2


def tried(result):
    return [(trial.number, trial.parameters, trial.value) for trial in result.trials]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process so")
@pytest.mark.parametrize("strategy", ["grid", "random", "bayesian", "evolutionary"])
def test_a_killed_search_goes_on_to_the_same_end(strategy, tmp_path):
    storage = tmp_path / "search.db"
    run = subprocess.run(
        [sys.executable, "-c", KILLED, strategy, str(storage)], capture_output=True, text=True
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    calls = []

    def counted(found):
        calls.append(found)
        return bowl(found)

    options = {"strategy": strategy, "levels": 4, "seed": 5}
    resumed = search_hyperparameters(counted, SPACE, trials=14, storage=storage, **options)
    # Six were finished; the seventh, which was under way, is tried again.
    assert len(calls) == 8
    assert tried(resumed) == tried(search_hyperparameters(bowl, SPACE, trials=14, **options))


def test_a_finished_search_is_read_back_and_can_be_lengthened(tmp_path):
    storage = tmp_path / "search.db"
    first = search_hyperparameters(bowl, SPACE, trials=5, storage=storage)

    def never(found):
        raise AssertionError("this was tried before")

    assert tried(search_hyperparameters(never, SPACE, trials=5, storage=storage)) == tried(first)
    longer = search_hyperparameters(bowl, SPACE, trials=8, storage=storage)
    assert tried(longer)[:5] == tried(first)
    assert len(longer.trials) == 8


def test_a_point_that_was_queued_and_not_begun_is_tried(tmp_path):
    storage = tmp_path / "search.db"
    points = [{"rate": rate, "momentum": 0.5} for rate in (1e-3, 1e-2, 1e-1)]
    options = {"strategy": "manual", "points": points, "storage": storage}
    search_hyperparameters(bowl, SPACE, trials=1, **options)
    # What a kill between the two calls of optuna leaves behind.
    optuna.load_study(study_name="search", storage=f"sqlite:///{storage}").enqueue_trial(points[1])
    result = search_hyperparameters(bowl, SPACE, **options)
    assert [trial.parameters for trial in result.trials] == points


def test_another_search_in_the_same_place_is_refused(tmp_path):
    storage = tmp_path / "search.db"
    search_hyperparameters(bowl, SPACE, trials=2, storage=storage)
    with pytest.raises(ValueError, match="holds another search of the name 'search'"):
        search_hyperparameters(bowl, {**SPACE, "rate": LogUniform(1e-3, 1)}, trials=2, storage=storage)
    other = search_hyperparameters(
        bowl, {**SPACE, "rate": LogUniform(1e-3, 1)}, trials=2, storage=storage, name="b"
    )
    assert len(other.trials) == 2


def test_processes_try_the_same_points_as_one_does():
    # Defined in here, as in a notebook: no module holds it.
    def objective(found):
        return bowl(found) + 0 * os.getpid()

    alone = search_hyperparameters(objective, SPACE, trials=6, seed=3)
    together = search_hyperparameters(objective, SPACE, trials=6, seed=3, workers=2)
    assert tried(together) == tried(alone)


def test_trials_run_in_other_processes():
    result = search_hyperparameters(lambda found: os.getpid(), SPACE, trials=4, workers=2)
    assert os.getpid() not in result.values
    assert len(set(result.values)) <= 2


def test_a_cluster_tries_the_same_points():
    distributed = pytest.importorskip("distributed")
    alone = search_hyperparameters(bowl, SPACE, trials=6, seed=3)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        together = search_hyperparameters(bowl, SPACE, trials=6, seed=3, cluster=client)
    assert tried(together) == tried(alone)


@pytest.mark.slow
def test_a_cluster_of_processes_is_reached_by_its_address():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        result = search_hyperparameters(
            lambda found: os.getpid(), SPACE, trials=6, cluster=cluster.scheduler_address
        )
    assert os.getpid() not in result.values
    assert np.isfinite(result.values).all()


def test_what_cannot_be_sent_is_named():
    generator = (number for number in range(3))
    with pytest.raises(TypeError, match="objective cannot be sent to other processes"):
        search_hyperparameters(lambda found: next(generator), SPACE, trials=1, workers=2)

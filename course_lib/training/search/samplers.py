"""How the next hyper-parameters are chosen: the strategies, as optuna's samplers."""

from __future__ import annotations

import warnings
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from course_lib.training.search.space import Choice, Integers, LogUniform, Space

STRATEGIES = ("manual", "grid", "random", "bayesian", "evolutionary")
#: Trials of the evolutionary strategy that make a generation.
POPULATION = 8
#: Trials that the Bayesian strategy draws at random before it has a model.
STARTUP = 8


def optuna() -> ModuleType:
    """Return optuna, made to report no trial of its own.

    Raises
    ------
    ImportError
        If it is not installed, with the way to install it.
    """
    return optional("optuna", "search", "Searching hyper-parameters")


def optional(name: str, extra: str, purpose: str) -> ModuleType:
    """Import a package of one of the course's extras.

    Raises
    ------
    ImportError
        If it is not installed, with the way to install it.
    """
    try:
        module = import_module(name)
    except ModuleNotFoundError as problem:
        if problem.name != name:
            raise
        raise ImportError(
            f"{purpose} needs the package {name}, which is not installed. From a clone of the course: "
            f"pip install '.[{extra}]'",
            name=name,
        ) from None
    if name == "optuna":
        module.logging.set_verbosity(module.logging.WARNING)
    return module


def distributions(space: Space) -> dict[str, Any]:
    """Return the space in optuna's terms."""
    found = optuna().distributions
    made: dict[str, Any] = {}
    for name, inside in space.items():
        if isinstance(inside, Choice):
            made[name] = found.CategoricalDistribution(inside.options)
        elif isinstance(inside, Integers):
            made[name] = found.IntDistribution(inside.low, inside.high, log=inside.log)
        else:
            log = isinstance(inside, LogUniform)
            made[name] = found.FloatDistribution(inside.low, inside.high, log=log)
    return made


def sampler(strategy: str, seed: int, number: int) -> Any:
    """Return the sampler that draws trial `number`.

    Each trial has a sampler with a seed of its own: what it draws depends on the trials before it and on
    nothing else, so that a search that was killed goes on as if it had not been.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`; points of a manual search and of a grid are not drawn, the sampler stands by.
    seed : int
        Of the search.
    number : int
        Of the trial.

    Notes
    -----
    Bayesian: tree-structured Parzen estimators (Bergstra et al., Algorithms for hyper-parameter
    optimization, 2011). Evolutionary: a genetic algorithm with simulated binary crossover (NSGA-II of Deb
    et al., 2002, with the one objective that there is).
    """
    samplers = optuna().samplers
    own = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    if strategy == "bayesian":
        return samplers.TPESampler(n_startup_trials=STARTUP, multivariate=False, seed=own)
    if strategy == "evolutionary":
        with warnings.catch_warnings():
            # Its interface may change; the locked version is what the tests hold.
            warnings.simplefilter("ignore", optuna().exceptions.ExperimentalWarning)
            crossover = samplers.nsgaii.SBXCrossover()
        return samplers.NSGAIISampler(population_size=POPULATION, crossover=crossover, seed=own)
    return samplers.RandomSampler(seed=own)

"""Where trials run: here, in processes of this machine, or on a Dask cluster, all alike to a search."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from types import ModuleType
from typing import Any

from course_lib.config import set_num_threads
from course_lib.training.search.samplers import optional

Objective = Callable[[dict[str, Any]], float]


@dataclass(frozen=True)
class Crew:
    """An executor, how many trials it runs at a time, and whether they run in other processes."""

    executor: Executor
    size: int
    away: bool


class _Here(Executor):
    """Runs each call at once, in this process."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        """Call it, and return a future that is done."""
        future: Future = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as problem:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(problem)
        return future


@contextmanager
def crew(workers: int, cluster: Any) -> Iterator[Crew]:
    """Give somewhere to run trials, and close it afterwards.

    Parameters
    ----------
    workers : int
        Trials at a time. 1 without a cluster means this process; 0 with one, a trial for each of its threads.
    cluster : str, distributed.Client or None
        Address of a Dask scheduler, or a client of one, which stays open.

    Raises
    ------
    ImportError
        If there is a cluster and `distributed` is not installed.
    """
    if cluster is not None:
        distributed = optional("distributed", "cluster", "Searching on a cluster")
        own = isinstance(cluster, str)
        client = distributed.Client(cluster) if own else cluster
        try:
            size = workers or max(1, sum(client.nthreads().values()))
            yield Crew(client.get_executor(pure=False, retries=0), size, away=True)
        finally:
            if own:
                client.close()
    elif workers <= 1:
        yield Crew(_Here(), 1, away=False)
    else:
        # Processes that are begun anew: a fork of one that has threads may hang.
        pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=set_num_threads, initargs=(1,))
        try:
            yield Crew(pool, workers, away=True)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def parcel(objective: Objective) -> bytes:
    """Return the objective as bytes, so that processes can be sent what a notebook has defined.

    Raises
    ------
    TypeError
        If it cannot be sent.
    """
    try:
        return _pickling().dumps(objective)
    except (pickle.PicklingError, TypeError, AttributeError) as problem:
        raise TypeError(
            f"objective cannot be sent to other processes ({problem}): write it as a function that opens "
            "files and generators itself"
        ) from None


def _pickling() -> ModuleType:
    try:
        return import_module("cloudpickle")
    except ModuleNotFoundError:
        return pickle


def run_trial(sent: bytes, parameters: Mapping[str, Any]) -> tuple[float, float]:
    """Return what the objective says of `parameters`, and the seconds it took; in a worker."""
    return judge(pickle.loads(sent), parameters)


def judge(objective: Objective, parameters: Mapping[str, Any]) -> tuple[float, float]:
    """Return what the objective says of `parameters`, and the seconds it took.

    Raises
    ------
    TypeError
        If it returns no number.
    """
    begin = time.perf_counter()
    value = objective(dict(parameters))
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"objective must return a number, got {value!r}") from None
    return number, time.perf_counter() - begin

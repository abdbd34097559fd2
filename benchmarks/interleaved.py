"""Times several ways of doing the same work in turn, so that a drift of the machine hits all alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Call = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Seconds of one call in each round, one list a contender, in the order they ran."""

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        """Median seconds of one call."""
        return statistics.median(self.seconds[name])

    def quartiles(self, name: str) -> tuple[float, float, float]:
        """Quartiles (25 %, 50 %, 75 %) of the seconds of one call."""
        low, middle, high = statistics.quantiles(self.seconds[name], n=4, method="inclusive")
        return low, middle, high

    def ratio(self, slower: str, faster: str) -> tuple[float, float, float]:
        """Quartiles (25 %, 50 %, 75 %) of the ratios round by round; above 1, `faster` is faster.

        Where one of them ran in the first rounds only, those count.
        """
        pairs = [a / b for a, b in zip(self.seconds[slower], self.seconds[faster])]
        low, middle, high = statistics.quantiles(pairs, n=4, method="inclusive")
        return low, middle, high


def interleave(
    contenders: Mapping[str, Call],
    *,
    rounds: int = 15,
    round_seconds: float = 0.02,
    pause: float = 0.0,
    few: Mapping[str, int] | None = None,
    prepare: Callable[[str], object] = lambda name: None,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Time every contender `rounds` times in turn; every second round runs in the opposite order.

    Parameters
    ----------
    contenders : mapping of str to callable
        What is timed, by name.
    rounds : int
        At least 2.
    round_seconds : float
        Calls that are shorter are repeated within a round until it is filled.
    pause : float
        Seconds of rest before each turn: another's OpenMP threads may still spin for some milliseconds.
    few : mapping of str to int, optional
        Contenders that run in so many of the first rounds only, because they are slow.
    prepare : callable
        Called with a contender's name before its turn, untimed, as is one call to warm up.
    clock : callable
        Gives the seconds that count.
    """
    few = few or {}
    repeats: dict[str, int] = {}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        turn = [name for name in contenders if number < few.get(name, rounds)]
        for name in turn if number % 2 == 0 else reversed(turn):
            call = contenders[name]
            prepare(name)
            time.sleep(pause)
            once = _time(call, 1, clock)
            if name not in repeats:
                # The very first call has loaded and allocated what it needs; the second one tells.
                repeats[name] = max(1, int(round_seconds / max(_time(call, 1, clock), 1e-7)))
            if number == 0 or once < round_seconds:
                once = _time(call, repeats[name], clock)
            seconds[name].append(once)
    return Timing(seconds)


def _time(call: Call, repeats: int, clock: Callable[[], float]) -> float:
    begin = clock()
    for _ in range(repeats):
        call()
    return (clock() - begin) / repeats

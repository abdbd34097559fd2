"""Times several ways of doing the same work in turn, so that a drift of the machine hits all alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds of each round, one list a contender, in the order they ran."""

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        """Median seconds of one call."""
        return statistics.median(self.seconds[name])

    def ratio(self, slower: str, faster: str) -> tuple[float, float, float]:
        """Quartiles (25 %, 50 %, 75 %) of the ratios round by round; above 1, `faster` is faster."""
        pairs = [a / b for a, b in zip(self.seconds[slower], self.seconds[faster], strict=True)]
        low, middle, high = statistics.quantiles(pairs, n=4)
        return low, middle, high


def interleave(
    contenders: dict[str, Callable[[], object]], *, rounds: int = 15, round_seconds: float = 0.02
) -> Timing:
    """Time every contender `rounds` times in turn, after one warm-up call each.

    Calls shorter than `round_seconds` are repeated within a round until it is filled.
    """
    repeats = {}
    for name, call in contenders.items():
        call()
        begin = time.perf_counter()
        call()
        once = max(time.perf_counter() - begin, 1e-7)
        repeats[name] = max(1, int(round_seconds / once))
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, call in contenders.items():
            begin = time.perf_counter()
            for _ in range(repeats[name]):
                call()
            seconds[name].append((time.perf_counter() - begin) / repeats[name])
    return Timing(seconds)

"""random_search(evaluate, low, high, budget, seed): rates drawn log-uniformly, the best of them returned.

Which rates are drawn is the student's business. What is judged is what the checker hears: every call of
`evaluate` is recorded here, and the returned best is compared with the record, not with what it claims.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from grading.checks.comparison import article
from grading.checks.definition import Check, Dialogue, Drawn, Example, Misconception, Part, example
from grading.checks.student import StudentFault
from grading.checks.training import sections
from grading.checks.training.references import random_search as reference

Search = Callable[..., tuple[float, float]]
# Fewer trials could fall anywhere by chance; of so many, all but one in a hundred million searches have a
# sixth in each half.
ENOUGH, LEAST_SHARE = 64, 0.15
# A fifth of all runs diverge, and give no number, in narrow bands at rates of every size: a search that looks
# in the wrong place gets through, too.
BANDS, DIVERGES = 10, 0.2


class Listening:
    """A made-up cost of a rate, lowest at `peak`, which remembers what it was asked."""

    def __init__(self, peak: float) -> None:
        self.peak = peak
        self.trials: list[tuple[float, float]] = []

    def evaluate(self, rate: float) -> float:
        """Return the loss that a run with this rate ends at."""
        if isinstance(rate, np.ndarray) and rate.ndim == 0:
            rate = rate.item()
        if isinstance(rate, bool) or not isinstance(rate, int | float | np.number):
            raise TypeError(f"evaluate takes one rate, a number, got {article(rate)}")
        good = rate > 0 and BANDS * math.log10(rate) % 1 >= DIVERGES
        loss = math.log10(rate / self.peak) ** 2 + 0.1 if good else math.nan
        self.trials.append((float(rate), loss))
        return loss


def traits(
    call: Search, low: float, high: float, budget: int, seed: int, peak: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Search thrice, twice with one seed and once with another, and say what was heard.

    Returns
    -------
    counts : ndarray of int
        How many trials each search made.
    spread : ndarray
        Truths, 1 or 0: all rates lie within the bounds; they are spread evenly over the orders of magnitude;
        they form no grid. Where there are too few trials to tell, 1.
    best : ndarray
        Truths: what was returned is one of the trials heard; its loss is a number; no trial's is lower; some
        trial's is higher, or there is but one.
    seeds : ndarray
        Truths: the same seed tries the same rates; another seed tries others.

    Raises
    ------
    StudentFault
        If a search tries nothing, or does not return two numbers.
    """
    heard, returned = [], []
    for number in (seed, seed, seed + 1):
        listening = Listening(peak)
        returned.append(_pair(call(listening.evaluate, low, high, budget, number)))
        if not any(math.isfinite(loss) for _, loss in listening.trials):
            raise StudentFault("unsupported", text="it called evaluate on no rate that trains")
        heard.append(listening.trials)
    rates = [np.array([rate for rate, _ in trials]) for trials in heard]
    spread = [
        all(bool(((r >= low * (1 - 1e-9)) & (r <= high * (1 + 1e-9))).all()) for r in rates),
        all(_log_uniform(r, low, high) for r in rates),
        all(_no_grid(r) for r in rates),
    ]
    seeds = [np.array_equal(rates[0], rates[1]), not np.array_equal(rates[0], rates[2])]
    return (
        np.array([len(r) for r in rates]),
        np.array(spread, dtype=float),
        np.min([_best(*pair) for pair in zip(returned, heard, strict=True)], axis=0),
        np.array(seeds, dtype=float),
    )


def _best(returned: tuple[float, float], trials: list[tuple[float, float]]) -> list[float]:
    """Compare a returned trial with those that were heard."""
    rate, loss = returned
    finite = [other for _, other in trials if math.isfinite(other)]
    same = any(
        abs(rate - other_rate) <= 1e-9 * other_rate
        and (abs(loss - other) <= 1e-9 * abs(other) or (math.isnan(loss) and math.isnan(other)))
        for other_rate, other in trials
    )
    is_number = math.isfinite(loss)
    lowest = is_number and loss <= min(finite) * (1 + 1e-9)
    higher = is_number and (len(finite) == 1 or loss < max(finite) * (1 - 1e-9))
    return [float(truth) for truth in (same, is_number, lowest, higher)]


def _pair(value: object) -> tuple[float, float]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        came = f"{article(value)} of {len(value)}" if isinstance(value, tuple | list) else article(value)
        raise StudentFault("unsupported", text=f"expected the two numbers rate, loss, got {came}")
    found = []
    for item in value:
        if isinstance(item, np.ndarray) and item.size == 1 and item.dtype.kind in "fiu":
            item = item.reshape(()).item()
        if isinstance(item, bool) or not isinstance(item, int | float | np.number):
            raise StudentFault(
                "unsupported", text=f"expected the two numbers rate, loss, got {article(item)}"
            )
        try:
            found.append(float(item))
        except OverflowError:
            raise StudentFault("unsupported", text="a number is too large for a rate or a loss") from None
    return found[0], found[1]


def _log_uniform(rates: np.ndarray, low: float, high: float) -> bool:
    if len(rates) < ENOUGH or (rates <= 0).any():
        return len(rates) < ENOUGH
    share = (np.log(rates) < (math.log(low) + math.log(high)) / 2).mean()
    return bool(LEAST_SHARE <= share <= 1 - LEAST_SHARE)


def _no_grid(rates: np.ndarray) -> bool:
    """Tell whether the rates are at uneven distances, both as they are and in their logarithms."""
    if len(rates) < 4 or (rates <= 0).any():
        return True
    for values in (rates, np.log(rates)):
        steps = np.diff(np.sort(values))
        if np.ptp(steps) <= 1e-6 * (np.ptp(values) + 1e-300):
            return False
    return True


def _search(
    draw: Callable[[np.random.Generator, float, float, int], np.ndarray] = lambda rng, low, high, budget: (
        np.exp(rng.uniform(np.log(low), np.log(high), budget))
    ),
    choose: Callable[[np.ndarray], int] = lambda losses: int(np.nanargmin(losses)),
    seeded: Callable[[int], int | None] = lambda seed: seed,
) -> Search:
    """Return a search with other parts."""

    def run(
        evaluate: Callable[[float], float], low: float, high: float, budget: int, seed: int
    ) -> tuple[float, float]:
        rates = draw(np.random.default_rng(seeded(seed)), low, high, budget)
        losses = np.array([evaluate(float(rate)) for rate in rates])
        return float(rates[choose(losses)]), float(losses[choose(losses)])

    return run


def _log_draw(rng: np.random.Generator, low: float, high: float, budget: int) -> np.ndarray:
    return np.exp(rng.uniform(np.log(low), np.log(high), budget))


MISCONCEPTIONS = (
    Misconception(
        "search-uniform",
        "rates are drawn uniformly",
        "Nine tenths of them then lie in the highest order of magnitude. Draw the logarithm uniformly.",
        sections.SEARCH,
        (_search(lambda rng, low, high, budget: rng.uniform(low, high, budget)),),
    ),
    Misconception(
        "search-on-a-grid",
        "the rates form a grid",
        "Where only one of several settings matters a grid tries few values of it. Draw each at random.",
        sections.SEARCH,
        (
            _search(lambda rng, low, high, budget: np.geomspace(low, high, budget)),
            _search(lambda rng, low, high, budget: np.linspace(low, high, budget)),
        ),
    ),
    Misconception(
        "search-beyond-the-budget",
        "the budget is not kept",
        "The search may call evaluate exactly `budget` times, also to find the loss of the best.",
        sections.SEARCH,
        (
            _search(lambda rng, low, high, budget: _log_draw(rng, low, high, budget + 1)),
            _search(lambda rng, low, high, budget: _log_draw(rng, low, high, max(1, budget - 1))),
        ),
    ),
    Misconception(
        "search-takes-nan",
        "a run that diverged is taken for the best",
        "NaN compares with nothing: leave such losses out, with np.nanargmin or np.isfinite.",
        sections.SEARCH,
        (_search(choose=lambda losses: int(np.argmin(losses))),),
    ),
    Misconception(
        "search-takes-the-worst",
        "the highest loss is taken",
        "The best trial has the lowest loss.",
        sections.SEARCH,
        (_search(choose=lambda losses: int(np.nanargmax(losses))),),
    ),
    Misconception(
        "search-takes-the-last",
        "the last trial is returned, or the first",
        "Keep the trial with the lowest loss.",
        sections.SEARCH,
        (_search(choose=lambda losses: len(losses) - 1), _search(choose=lambda losses: 0)),
    ),
    Misconception(
        "search-ignores-the-seed",
        "the seed does not matter",
        "All randomness comes from np.random.default_rng(seed): another seed tries other rates.",
        sections.SEARCH,
        (_search(seeded=lambda seed: 0),),
    ),
    Misconception(
        "search-unseeded",
        "the same seed gives other rates",
        "All randomness comes from np.random.default_rng(seed), so that a search can be repeated.",
        sections.SEARCH,
        (_search(seeded=lambda seed: None),),
    ),
)


def search_of(
    rng: np.random.Generator, bounds: tuple[float, float], budget: int, seed: int, place: float
) -> Example:
    """Build a call; the best rate lies at a share of the way between the bounds, in logarithms."""
    low, high = bounds
    return example(low, high, budget, seed, float(low * (high / low) ** place))


FIXED = (
    example(1e-4, 1.0, 8, 0, 0.01, note="the example of the prompt"),
    example(1e-5, 10.0, 64, 1, 1e-3),
    example(1e-6, 1.0, 96, 2, 1e-4),
    example(0.5, 2.0, 12, 3, 1.0, note="a narrow range"),
)
DRAWN = Drawn(
    search_of,
    {
        "bounds": ((1e-4, 1.0), (1e-5, 10.0), (1e-3, 1e2)),
        "budget": (12, 16, 64, 80),
        "seed": (0, 1, 2, 3, 4, 5, 6, 7),
        "place": (0.5, 0.6, 0.7),
    },
    cases=6,
)
check = Check(
    name="random_search",
    signature="(evaluate, low, high, budget, seed)",
    section=sections.SEARCH,
    reference=reference,
    outputs=("trials", "spread", "best", "seeds"),
    parts=(
        Part("exactly the budget", 1, FIXED, DRAWN, output="trials"),
        Part("rates of all orders of magnitude, at random", 2, FIXED, DRAWN, output="spread"),
        Part("the best trial", 2, FIXED, DRAWN, output="best"),
        Part("the seed", 1, FIXED, DRAWN, output="seeds"),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(
        traits,
        ("low", "high", "budget", "seed", "best rate"),
        "random_search(evaluate, {low!r}, {high!r}, {budget}, {seed}{options})",
    ),
)

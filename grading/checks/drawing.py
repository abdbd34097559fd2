"""Draws arguments from a seed and shrinks failing ones: hypothesis chooses shapes, never elements."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from grading.checks.functions import FunctionArgument, is_function

SHRINK_SECONDS = 2.0
SHRINK_CALLS = 200
# How many inputs are drawn in search of a failure to shrink, where a fixed example failed.
SEARCH_CASES = 60
SEED_BITS = 4


@dataclass(frozen=True)
class Example:
    """One call: the arguments of a function, and what the call is there to show.

    Parameters
    ----------
    args : tuple
        Positional arguments; functions among them are made by `grading.checks.functions`.
    kwargs : mapping
        Keyword arguments.
    note : str
        What is special about it, in a few words.

    Raises
    ------
    TypeError
        If an argument is a bare function: nobody could read it in a counterexample, or tell two apart.
    """

    args: tuple
    kwargs: Mapping[str, object] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        for value in (*self.args, *self.kwargs.values()):
            if is_function(value) and not isinstance(value, FunctionArgument):
                raise TypeError(
                    f"the argument {value!r} is a function that cannot be shown: write it with formula or "
                    "described of grading.checks.functions"
                )

    @property
    def key(self) -> bytes:
        """Equal for equal arguments: a question that was answered is not asked again."""
        digest = hashlib.sha256()
        for name, value in [*enumerate(self.args), *sorted(self.kwargs.items())]:
            if isinstance(value, np.ndarray):
                digest.update(repr((name, value.dtype.str, value.shape)).encode() + value.tobytes())
            elif isinstance(value, FunctionArgument):
                digest.update(repr((name, value.key)).encode())
            else:
                digest.update(repr((name, value)).encode())
        return digest.digest()

    @property
    def size(self) -> tuple[int, float, float]:
        """How much there is to read: elements, then options away from 0, then digits and formulas."""
        values = [*self.args, *self.kwargs.values()]
        functions = [value for value in values if isinstance(value, FunctionArgument)]
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        arrays += [array for function in functions for array in function.arrays]
        listed = [list(_leaves(value)) for value in values if isinstance(value, list | tuple)]
        numbers = [abs(leaf) for leaf in [*values, *sum(listed, [])] if isinstance(leaf, int)]
        return (
            sum(array.size for array in arrays) + sum(map(len, listed)),
            float(sum(numbers)),
            float(sum(len(f"{item:g}") for array in arrays for item in array.flat))
            + sum(len(function.text) for function in functions),
        )


def _leaves(value: object) -> Iterator[object]:
    """Go through what lists and tuples hold, however deep."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def example(*args: object, note: str = "", **kwargs: object) -> Example:
    """Write an example as the call that it makes."""
    return Example(args, kwargs, note)


@dataclass(frozen=True)
class Drawn:
    """Arguments drawn from options.

    Parameters
    ----------
    build : callable
        `build(rng, **options) -> Example`: fills the drawn shapes with small numbers from `rng`.
    options : mapping of str to sequence
        For every option its values, the simplest first: failures shrink towards the front.
    cases : int
        How many to draw.
    """

    build: Callable[..., Example]
    options: Mapping[str, Sequence[object]]
    cases: int = 8

    def draw(self, seed_bytes: bytes) -> list[Example]:
        """Draw the examples that belong to a seed; the same seed gives the same examples."""
        drawn: dict[tuple[int, ...], None] = {}
        # All at once, because beginning an example costs time; hypothesis's first one is always the simplest.
        together = st.tuples(*[self.recipes()] * self.cases)
        _run(
            together,
            lambda recipes: drawn.update(dict.fromkeys(recipes)),
            seed_bytes,
            [Phase.generate],
            examples=2,
        )
        cooked = [self.cook(recipe) for recipe in drawn]
        return list({item.key: item for item in cooked}.values())

    def cook(self, recipe: tuple[int, ...]) -> Example:
        """Turn a recipe, an index for every option and a content seed, into the example."""
        *choices, content = recipe
        options = {name: self.options[name][index] for name, index in zip(self.options, choices, strict=True)}
        return self.build(np.random.default_rng(content), **options)

    def shrink(
        self,
        seed_bytes: bytes,
        wrong: Callable[[Example], bool],
        *,
        seconds: float = SHRINK_SECONDS,
        calls: int = SHRINK_CALLS,
    ) -> Example | None:
        """Search the smallest example for which `wrong` holds.

        Parameters
        ----------
        seed_bytes : bytes
            Decides what is tried.
        wrong : callable
            Asks the student; may raise StopShrinking to end the search.
        seconds, calls : float, int
            Budget: whichever is used up first ends the search.

        Returns
        -------
        Example or None
            The smallest failing example seen, by our own record; None if none failed.
        """
        search = _Search(self, wrong, time.monotonic() + seconds, calls)
        try:
            # What hypothesis reports does not matter: the record is ours.
            with contextlib.suppress(_Wrong):
                _run(self.recipes(), search.attempt, seed_bytes, [Phase.generate, Phase.shrink], SEARCH_CASES)
        except StopShrinking:
            return search.smallest
        with contextlib.suppress(StopShrinking):
            search.simplify()
        return search.smallest

    def recipes(self) -> st.SearchStrategy[tuple[int, ...]]:
        """Return the hypothesis strategy behind: an index for every option, and a content seed.

        Made of single bits: hypothesis salts integers with constants that it finds in whatever modules happen
        to be loaded, so that the same seed would draw other inputs in another process.
        """
        counts = [*(len(values) for values in self.options.values()), 2**SEED_BITS]
        widths = [(count - 1).bit_length() for count in counts]

        def decode(bits: tuple[bool, ...]) -> tuple[int, ...]:
            rest = iter(bits)
            numbers = (sum(next(rest) << place for place in range(width)) for width in widths)
            return tuple(number % count for number, count in zip(numbers, counts))

        return st.tuples(*[st.booleans()] * sum(widths)).map(decode)


@dataclass
class _Search:
    """The search for the smallest failure: what was asked, what failed, and how much may still be asked."""

    drawn: Drawn
    wrong: Callable[[Example], bool]
    deadline: float
    calls: int
    asked: dict[tuple[int, ...], bool] = field(default_factory=dict)
    recipe: tuple[int, ...] | None = None
    smallest: Example | None = None

    def fails(self, recipe: tuple[int, ...]) -> bool:
        """Ask once for a recipe, and keep it if it is the smallest failure so far."""
        if recipe not in self.asked:
            if len(self.asked) >= self.calls or time.monotonic() > self.deadline:
                raise StopShrinking
            candidate = self.drawn.cook(recipe)
            self.asked[recipe] = self.wrong(candidate)
            if self.asked[recipe] and (self.smallest is None or candidate.size < self.smallest.size):
                self.recipe, self.smallest = recipe, candidate
        return self.asked[recipe]

    def attempt(self, recipe: tuple[int, ...]) -> None:
        """Raise if the recipe fails: what hypothesis shrinks."""
        if self.fails(recipe):
            raise _Wrong

    def simplify(self) -> None:
        """Change one option at a time, as long as that gives something smaller.

        Hypothesis shrinks choices, not examples, and a smaller shape may happen to come out right with the
        contents it has: other contents are tried, too.
        """
        before = None
        while self.recipe is not None and self.recipe != before:
            before = self.recipe
            for place, values in enumerate(self.drawn.options.values()):
                for index in range(len(values)):
                    self._replace(place, index)

    def _replace(self, place: int, index: int) -> None:
        *choices, content = self.recipe
        choices[place] = index
        for contents in dict.fromkeys((content, 0, 1)):
            recipe = (*choices, contents)
            if self.drawn.cook(recipe).size < self.smallest.size and self.fails(recipe):
                return


class StopShrinking(BaseException):
    """Ends a search at once; no Exception, so that hypothesis does not take it for a failure."""


class _Wrong(Exception):
    """Tells hypothesis that an example fails."""


def _run(
    strategy: st.SearchStrategy,
    body: Callable[..., None],
    seed_bytes: bytes,
    phases: list[Phase],
    examples: int,
) -> None:
    """Let hypothesis call `body` with what it draws, quietly, and without leaving files behind."""
    number = int.from_bytes(hashlib.sha256(seed_bytes).digest()[:8], "big")
    quiet = settings(
        database=None,
        max_examples=examples,
        phases=phases,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    seed(number)(quiet(given(strategy)(body)))()

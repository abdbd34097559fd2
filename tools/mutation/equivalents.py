"""Mutants that are right answers, too: listed by hand, each with its reason, beside the checks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import grading.checks
from tools.mutation.judging import BROKE, KILLED, SURVIVED, Outcome
from tools.mutation.mutants import Mutant

Key = tuple[str, str, str, int]
FILE = "equivalent_mutants.toml"
_FIELDS = {"function", "before", "after", "occurrence", "reason"}


@dataclass(frozen=True)
class Report:
    """How the checks of one assignment did.

    Attributes
    ----------
    killed : dict of str to int
        Wrong mutants that failed, by check.
    total : dict of str to int
        Wrong mutants, by check.
    unexplained : tuple of Outcome
        Survivors that are not listed: the check must learn to fail them, or the list their reason.
    broke : tuple of Outcome
        Mutants on which a check itself raised.
    listed_but_killed : tuple of Key
        Listed mutants that fail: the list is wrong, or the check fails right answers.
    listed_but_gone : tuple of Key
        Listed mutants that no operator makes (any more).
    equivalent : tuple of Outcome
        Survivors that are listed.
    """

    killed: dict[str, int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    unexplained: tuple[Outcome, ...] = ()
    broke: tuple[Outcome, ...] = ()
    listed_but_killed: tuple[Key, ...] = ()
    listed_but_gone: tuple[Key, ...] = ()
    equivalent: tuple[Outcome, ...] = ()

    @property
    def share(self) -> float:
        """Killed wrong mutants, as a share of all wrong mutants; 0 where there are none."""
        total = sum(self.total.values())
        return sum(self.killed.values()) / total if total else 0.0

    @property
    def stale(self) -> bool:
        """Whether the list says what is not so."""
        return bool(self.listed_but_killed or self.listed_but_gone)


def read_equivalents(assignment: str) -> dict[Key, str]:
    """Read the reasons why mutants of an assignment are right, by what identifies a mutant.

    Raises
    ------
    ValueError
        If an entry is incomplete, has no reason, holds an unknown field, or comes twice.
    """
    path = Path(grading.checks.__file__).parent / assignment / FILE
    return parse_equivalents(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else {}


def parse_equivalents(text: str, name: str) -> dict[Key, str]:
    """Read the text of a list; see `read_equivalents`."""
    found: dict[Key, str] = {}
    for number, entry in enumerate(tomllib.loads(text).get("equivalent", []), start=1):
        wrong = (_FIELDS - {"occurrence"}) - entry.keys() or entry.keys() - _FIELDS
        if wrong or not str(entry["reason"]).strip():
            raise ValueError(
                f"{name}, entry {number}: needs function, before, after and a reason (and occurrence, where "
                f"it is not 1); wrong: {', '.join(sorted(wrong)) or 'an empty reason'}"
            )
        key = (entry["function"], entry["before"], entry["after"], entry.get("occurrence", 1))
        if key in found:
            raise ValueError(f"{name}, entry {number}: listed twice: {key}")
        found[key] = entry["reason"]
    return found


def evaluate(outcomes: Iterable[Outcome], listed: Mapping[Key, str], *, complete: bool = True) -> Report:
    """Compare what became of mutants with the list of those that are right.

    Parameters
    ----------
    outcomes : iterable of Outcome
        What was judged.
    listed : mapping of Key to str
        Reasons of the equivalent ones.
    complete : bool
        Whether all mutants were judged, so that listed ones that did not come are gone.
    """
    outcomes = list(outcomes)
    wrong = [outcome for outcome in outcomes if outcome.mutant.key not in listed]
    checks = dict.fromkeys(outcome.check for outcome in outcomes)
    return Report(
        killed={name: sum(o.check == name and o.state == KILLED for o in wrong) for name in checks},
        total={name: sum(o.check == name for o in wrong) for name in checks},
        unexplained=tuple(o for o in wrong if o.state == SURVIVED),
        broke=tuple(o for o in outcomes if o.state == BROKE),
        listed_but_killed=tuple(
            o.mutant.key for o in outcomes if o.mutant.key in listed and o.state == KILLED
        ),
        listed_but_gone=_gone(listed, [o.mutant for o in outcomes]) if complete else (),
        equivalent=tuple(o for o in outcomes if o.mutant.key in listed and o.state == SURVIVED),
    )


def _gone(listed: Mapping[Key, str], judged: Iterable[Mutant]) -> tuple[Key, ...]:
    made = {mutant.key for mutant in judged}
    return tuple(key for key in listed if key not in made)

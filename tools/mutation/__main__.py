"""Mutate the model solutions and let the checks judge the mutants.

Usage: python -m tools.mutation [ASSIGNMENT …] [--check NAME …] [--processes N] [--list]

Prints wrong mutants killed and judged for every check, and every survivor as a diff. The exit code is 1 where
fewer than 99 % are killed, a check broke, or the list of equivalent mutants says what is not so.
"""

from __future__ import annotations

import argparse
import os
import sys

# Before NumPy is loaded: the mutants' processes are forked, and share two processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "agg")

from tools.mutation.equivalents import Report, evaluate, read_equivalents  # noqa: E402
from tools.mutation.judging import PROCESSES, Outcome, judge_all  # noqa: E402
from tools.mutation.solutions import Solutions, assignments_with_checks  # noqa: E402

LEAST_SHARE = 0.99


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Mutation testing of the checks.")
    parser.add_argument("assignment", nargs="*", help="default: all that have checks")
    parser.add_argument("--check", action="append", help="only this check; may be repeated")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--list", action="store_true", help="show the mutants and judge nothing")
    options = parser.parse_args()
    fine = True
    for assignment in options.assignment or assignments_with_checks():
        solutions = Solutions.of(assignment)
        unknown = sorted(set(options.check or ()) - set(solutions.checks))
        if unknown:
            parser.error(f"{assignment} has no check {', '.join(unknown)}: {', '.join(solutions.checks)}")
        names = options.check or list(solutions.checks)
        jobs = [(name, *found) for name in names for found in solutions.mutants(name)]
        if options.list:
            for name, _, mutant in jobs:
                print(f"{name} [{mutant.operator}]\n{mutant.diff}")
            continue
        outcomes = []
        for outcome in judge_all(solutions, jobs, processes=options.processes):
            outcomes.append(outcome)
            if sys.stderr.isatty():
                print(f"\r{len(outcomes)} / {len(jobs)}", end="", file=sys.stderr, flush=True)
        report = evaluate(outcomes, read_equivalents(assignment), complete=options.check is None)
        show(assignment, report)
        fine &= report.share >= LEAST_SHARE and not (report.broke or report.stale or report.unexplained)
    return 0 if fine else 1


def show(assignment: str, report: Report) -> None:
    """Print a report."""
    print(f"\n{assignment}")
    for name, total in report.total.items():
        print(f"  {name:24} {report.killed[name]:4} / {total:4} killed")
    killed, total = sum(report.killed.values()), sum(report.total.values())
    print(f"  {'all':24} {killed:4} / {total:4} killed, {report.share:.2%}", end="")
    print(f"; {len(report.equivalent)} equivalent mutants survive, as listed")
    for title, outcomes in (("survived", report.unexplained), ("the check broke", report.broke)):
        for outcome in outcomes:
            print(described(title, outcome))
    for title, keys in (
        ("listed as equivalent, but killed", report.listed_but_killed),
        ("listed as equivalent, but no operator makes it", report.listed_but_gone),
    ):
        for key in keys:
            print(f"\n{title}: {key}")


def described(title: str, outcome: Outcome) -> str:
    """Write what became of one mutant, with its change and the fields that would list it."""
    mutant = outcome.mutant
    return (
        f"\n{title}: {outcome.check} [{mutant.operator}] {outcome.detail}\n{mutant.diff}\n"
        f"  function = {mutant.function!r}\n  before = {mutant.before!r}\n  after = {mutant.after!r}"
        + (f"\n  occurrence = {mutant.occurrence}" if mutant.occurrence > 1 else "")
    )


if __name__ == "__main__":
    sys.exit(main())

"""Measure the doctor on 300 runs that its rules were not tuned on.

Usage: python -m tools.training_runs [--tuning] [--write docs/doctor.md]

Prints the confusion matrix with a monitor and without one, and every wrong case. With --write, the part of
the page between its two marks is replaced. Takes a few minutes.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

from course_lib import set_num_threads
from course_lib.training.doctor.table import RULES
from tools.training_runs.confusion import Confusion, as_list, as_table
from tools.training_runs.generation import draw_all
from tools.training_runs.worlds import HELD_OUT, TUNING


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure the training doctor.")
    parser.add_argument("--tuning", action="store_true", help="the runs that the rules were tuned on")
    parser.add_argument("--write", type=Path, help="page to write the measurement into")
    options = parser.parse_args()
    # Nets are so small that a second thread only costs.
    set_num_threads(1)
    begin = time.perf_counter()
    full, curves = Confusion(), Confusion()
    for run in draw_all(TUNING if options.tuning else HELD_OUT):
        full.add(run)
        curves.add(run, with_monitor=False)
    text = report(full, curves)
    print(text)
    print(f"{full.counts.sum()} runs in {time.perf_counter() - begin:.0f} s")
    if options.write:
        page = put(options.write.read_text(encoding="utf-8"), "rules", rules())
        options.write.write_text(put(page, "measured", text), encoding="utf-8")


def put(page: str, part: str, text: str) -> str:
    """Return the page with the text between the two marks of a part replaced."""
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    pattern = re.compile(f"{begin}.*{end}", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"page must hold {begin} and {end}, got neither or one of them")
    return pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page)


def rules() -> str:
    """Return the doctor's table as Markdown."""
    lines = [
        "| problem | what the rule looks for | what goes on | remedy | lecture |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {rule.problem} | {' '.join((rule.applies.__doc__ or '').split())} | {rule.meaning} | "
        f"{rule.remedy} "
        f"| {rule.lecture} |"
        for rule in RULES
    ]
    return "\n".join(lines)


def report(full: Confusion, curves: Confusion) -> str:
    """Return the measurement as Markdown."""
    return f"""**With history and monitor**: the fault is the first finding in {full.right:.1%} of the ill
runs; {full.called_ill:.1%} of the healthy runs are called ill.

{as_table(full.counts)}

**With the history alone**, without a monitor: {curves.right:.1%} and {curves.called_ill:.1%}.

{as_table(curves.counts)}

### Every case that is wrong, with history and monitor

{as_list(full.wrong)}"""


if __name__ == "__main__":
    main()

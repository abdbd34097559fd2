"""`make bench`: the library beside plain NumPy, and beside PyTorch where it is installed.

Prints a table, one row a piece of work with what it must reach, and writes it as JSON and as a chart under
`benchmarks/results/`. Everybody's turns alternate within one process; a ratio is the median of the ratios
turn by turn, on one thread of the processor's time. ``--only Adam "max 3"`` measures the rows whose group or
name contains one of these.
"""

import argparse
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from threadpoolctl import threadpool_limits

from benchmarks import (
    convolution_work,
    layer_work,
    normalization_work,
    optimizer_work,
    own_process,
    pooling_work,
    training_work,
)
from benchmarks.chart import draw
from benchmarks.interleaved import Timing, interleave
from benchmarks.machine import Roofline, description, measure_roofline
from benchmarks.pytorch import torch
from benchmarks.table import met, show
from benchmarks.work import NUMPY, OURS, Goal, Work

import course_lib  # isort: skip  (after PyTorch)

RESULTS = Path(__file__).parent / "results"
FEWER = 3  # rounds of plain NumPy
PAUSE = 0.01


def all_work() -> list[Work]:
    """List every row."""
    rooms = (
        convolution_work,
        pooling_work,
        normalization_work,
        layer_work,
        optimizer_work,
        training_work,
    )
    return [work for room in rooms for work in room.rows()]


def chosen(patterns: list[str]) -> list[Work]:
    """Keep the rows whose group or name contains one of the patterns; all without patterns."""
    wanted = [pattern.lower() for pattern in patterns]
    return [
        work
        for work in all_work()
        if not wanted or any(pattern in f"{work.group} {work.name}".lower() for pattern in wanted)
    ]


@contextlib.contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Let everybody use that many threads, and go back afterwards."""
    before = course_lib.get_num_threads()
    course_lib.set_num_threads(count)
    if torch:
        torch.set_num_threads(count)
    gradients = torch.no_grad() if torch else contextlib.nullcontext()
    try:
        with threadpool_limits(count, user_api="blas"), gradients:
            yield
    finally:
        course_lib.set_num_threads(before)
        course_lib.set_backend("auto")


def time_work(work: Work, threads: int, rounds: int, *, with_numpy: bool) -> Timing:
    """Time everybody who can do the work."""
    contenders = work.contenders()
    if with_numpy:
        contenders[NUMPY] = contenders[OURS]

    def prepare(name: str) -> None:
        course_lib.set_backend("reference" if name == NUMPY else "auto")

    return interleave(
        contenders,
        rounds=rounds,
        pause=PAUSE if threads > 1 else 0,
        few={NUMPY: min(FEWER, rounds)},
        prepare=prepare,
        # The process's own seconds leave out those in which other programs had the processor.
        clock=time.process_time if threads == 1 else time.perf_counter,
    )


def measured(work: Work, timing: Timing, threads: int, roofline: Roofline) -> dict:
    """Give a row of the report."""
    ours = timing.median(OURS)
    share = None
    if work.multiply_adds and roofline.giga_multiply_adds:
        precision = 2 if "float64" in work.name else 1
        share = work.multiply_adds * precision / ours / 1e9 / roofline.giga_multiply_adds / threads
    elif work.megabytes and roofline.gigabytes:
        share = work.megabytes / ours / 1e3 / roofline.gigabytes
    others = {}
    for name in timing.seconds:
        if name != OURS:
            ratio, goal = timing.ratio(name, OURS), work.goals.get(name, Goal())
            others[name] = {
                "ms": 1e3 * timing.median(name),
                "ratio": ratio,
                **asdict(goal),
                "met": met(ratio[1], goal.must),
                "aim_met": met(ratio[1], goal.aim),
            }
    quartiles = [1e3 * value for value in timing.quartiles(OURS)]
    row = {"group": work.group, "work": work.name, "threads": threads, OURS: {"ms": quartiles}}
    return row | {"of_roofline": share, "others": others}


def measure(options: argparse.Namespace, console: Console) -> dict:
    """Measure what was asked for, and give the report."""
    roofline = measure_roofline()
    report = {"machine": description(), "roofline": asdict(roofline), "threads": options.threads, "rows": []}
    works = chosen(options.only)
    for threads in options.threads:
        with on_threads(threads), console.status("") as status:
            for number, work in enumerate(works):
                status.update(f"{threads} thread(s), {number + 1} of {len(works)}: {work.name}")
                timing = time_work(work, threads, options.rounds, with_numpy=not options.without_numpy)
                report["rows"].append(measured(work, timing, threads, roofline))
    if not options.only:
        with console.status("import time and peak memory, in processes of their own"):
            report["import"] = own_process.import_seconds()
            report["memory"] = own_process.peak_memory()
    return report


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, write, draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15, help="turns of everybody, at least 2")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="TEXT", help="rows that contain one of these"
    )
    parser.add_argument("--without-numpy", action="store_true", help="leave the slow reference out")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, help="folder for kernels.json and kernels.png"
    )
    options = parser.parse_args(arguments)
    if options.rounds < 2 or min(options.threads) < 1:
        parser.error("there must be at least 2 rounds, and 1 thread")
    if not chosen(options.only):
        parser.error(f"no row contains {' or '.join(options.only)}")
    console = Console()
    report = measure(options, console)
    show(report, console)
    options.results.mkdir(parents=True, exist_ok=True)
    listing, chart = options.results / "kernels.json", options.results / "kernels.png"
    listing.write_text(json.dumps(report, indent=1))
    draw(report, chart)
    console.print(f"written to {listing} and {chart}")


if __name__ == "__main__":
    main()

"""What grading on a cluster costs: the coordinator's time and memory at 10,000 submissions, a worker's time.

``python -m benchmarks.grading_cluster [--counts 100 1000 10000] [--real 30] [--json FILE]``. A scheduler and
two workers are processes of this machine, the coordinator is one more. For the counts the checker is a stub
(`benchmarks.stub_checker`) that answers at once: what is left is everything but grading, that is reading,
sending and recording. For ``--real`` the true checker grades, and a worker's time is measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import stub_checker
from benchmarks.dask_processes import cpu_seconds, peak_mb, resident_mb, running_cluster
from benchmarks.grading_class import ASSIGNMENT, make_class
from grading.engine.checker_process import COMMAND
from grading.engine.class_directory import ClassDirectory
from grading.engine.class_run import Progress
from grading.engine.coordinator import GradingOptions, grade_class
from grading.engine.release import release_assignment
from grading.engine.shipped import shipped_master

COUNTS = (100, 1000, 10_000)
REAL = 30
WORKERS = 2
_STUB = (sys.executable, "-I", stub_checker.__file__)
_SHIPPED = "convolution"
_QUESTIONS = {ASSIGNMENT: 4, _SHIPPED: 20}
_OFTEN = 1000
HEADER = (
    f"{'assignment':<12}{'questions':>9} {'checker':<8}{'submissions':>11}{'seconds':>9}"
    f"{'coordinator':>20}{'scheduler':>20}{'worker':>8}{'seconds a worker':>18}"
)


@dataclass(frozen=True)
class Row:
    """One run; milliseconds are a submission's, megabytes are peaks.

    ``on_the_way`` holds, after every thousandth submission, the seconds and the coordinator's megabytes then.
    """

    assignment: str
    questions: int
    stub: bool
    submissions: int
    seconds: float
    coordinator_ms: float
    coordinator_mb: float
    scheduler_ms: float
    scheduler_mb: float
    worker_mb: float
    worker_seconds: float
    on_the_way: list[tuple[int, float, float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="*", default=COUNTS, help="submissions for the stub")
    parser.add_argument("--stub-class", choices=_QUESTIONS, default=ASSIGNMENT, help="what the stub is sent")
    parser.add_argument("--questions", type=int, default=4, help=f"of {ASSIGNMENT!r} for the stub, 1 to 4")
    parser.add_argument("--real", type=int, default=REAL, help="submissions that are really graded; 0: none")
    parser.add_argument("--json", type=Path, help="write the numbers there as well")
    parser.add_argument("--coordinate", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.coordinate:
        print(json.dumps(coordinate(*arguments.coordinate)))
        return 0
    stub = arguments.stub_class
    questions = arguments.questions if stub == ASSIGNMENT else _QUESTIONS[stub]
    runs = [(count, stub, questions, True) for count in arguments.counts]
    if arguments.real:
        runs += [(arguments.real, name, number, False) for name, number in _QUESTIONS.items()]
    print(HEADER)
    rows = []
    for count, assignment, number, stubbed in runs:
        rows.append(measure(count, assignment, number, stub=stubbed))
        print(line(rows[-1]), flush=True)
    if arguments.json:
        report = {"cpus": os.cpu_count(), "workers": WORKERS, "rows": [asdict(row) for row in rows]}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0


def measure(count: int, assignment: str, questions: int, *, stub: bool) -> Row:
    """Grade so many submissions through a scheduler and two workers of this machine."""
    with tempfile.TemporaryDirectory(prefix="grading-cluster-") as parent:
        root = Path(parent) / "class"
        if assignment == ASSIGNMENT:
            make_class(root, count, figure=False, questions=questions)
        else:
            _shipped_class(root, count)
        with running_cluster(WORKERS) as cluster:
            told = _run_coordinator(root, assignment, cluster.address, stub=stub)
            scheduler = cluster.scheduler.pid
            used, memory = cpu_seconds(scheduler), peak_mb(scheduler)
            largest = max(peak_mb(worker.pid) for worker in cluster.workers)
    if told["fresh"] != count or told["errors"]:
        raise SystemExit(f"{told['fresh']} of {count} were graded, {told['errors']} with errors")
    return Row(
        assignment,
        questions,
        stub,
        count,
        told["seconds"],
        1000 * told["cpu"] / count,
        told["mb"],
        1000 * used / count,
        memory,
        largest,
        WORKERS * told["grading"] / (count - 1),
        told["on_the_way"],
    )


def coordinate(root: str, assignment: str, address: str, stub: str) -> dict:
    """Grade a class as `course grade --cluster` does, in this process alone; return what it took."""
    begin, answers, on_the_way = time.perf_counter(), [], []

    def note(progress: Progress) -> None:
        answers.append(time.perf_counter())
        if progress.done % _OFTEN == 0:
            seconds, memory = answers[-1] - begin, resident_mb(os.getpid())
            on_the_way.append((progress.done, seconds, memory))
            print(f"{progress.done} in {seconds:.0f} s, {memory:.0f} MB", file=sys.stderr, flush=True)

    options = GradingOptions(cluster=address, command=_STUB if stub == "stub" else COMMAND)
    graded = grade_class(
        ClassDirectory.open(root),
        assignment,
        options=options,
        on_progress=note,
    )
    return {
        "fresh": graded.fresh,
        "errors": len(graded.grader_errors),
        "seconds": time.perf_counter() - begin,
        # From the first answer on: what starting costs is not a submission's.
        "grading": answers[-1] - answers[0],
        "cpu": time.process_time(),
        "mb": peak_mb(os.getpid()),
        "on_the_way": on_the_way,
    }


def line(row: Row) -> str:
    """Return the numbers for people, to be read under `HEADER`."""
    return (
        f"{row.assignment:<12}{row.questions:>9} {'stub' if row.stub else 'real':<8}"
        f"{row.submissions:>11}{row.seconds:>9.1f}"
        f"{row.coordinator_ms:>8.1f} ms{row.coordinator_mb:>6.0f} MB"
        f"{row.scheduler_ms:>8.1f} ms{row.scheduler_mb:>6.0f} MB{row.worker_mb:>5.0f} MB"
        f"{row.worker_seconds:>16.3f} s"
    )


def _run_coordinator(root: Path, assignment: str, address: str, *, stub: bool) -> dict:
    kind = "stub" if stub else "real"
    own = [sys.executable, "-m", "benchmarks.grading_cluster", "--coordinate", str(root), assignment]
    done = subprocess.run([*own, address, kind], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def _shipped_class(root: Path, count: int) -> None:
    """Make a class of a shipped assignment in which everybody hands in its solution, each with a remark."""
    room = ClassDirectory.create(root)
    release_assignment(room, _SHIPPED)
    solved = json.loads(shipped_master(_SHIPPED).read_text())
    for number in range(count):
        remark = {"cell_type": "markdown", "id": "remark", "metadata": {}, "source": f"Student {number}"}
        folder = room.assignment("submitted", _SHIPPED, f"student{number:04d}")
        folder.mkdir(parents=True)
        handed_in = solved | {"cells": [*solved["cells"], remark]}
        (folder / f"{_SHIPPED}.ipynb").write_text(json.dumps(handed_in))


if __name__ == "__main__":
    sys.exit(main())

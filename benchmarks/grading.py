"""Submissions a minute: stock `nbgrader autograde` against `course grade`, same notebooks, two cores.

``python -m benchmarks.grading [--stock 40] [--ours 200] [--json FILE]``. Both grade in one run, one after the
other, and the scores that they wrote must be equal: a fast grader that grades something else does not count.
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

from nbgrader.api import Gradebook

from benchmarks.grading_class import ASSIGNMENT, make_classes
from benchmarks.process_tree import Memory, watch_memory

CORES = 2
_FEW = 10


@dataclass(frozen=True)
class Row:
    """One way of grading one kind of notebook."""

    grader: str
    figure: bool
    submissions: int
    seconds: float
    per_minute: float
    memory: Memory


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stock", type=int, default=40, help="submissions that stock nbgrader grades")
    parser.add_argument("--ours", type=int, default=200, help="submissions that the course grades")
    parser.add_argument("--json", type=Path, help="write the numbers there as well")
    arguments = parser.parse_args()
    if min(arguments.stock, arguments.ours) < _FEW:
        parser.error(f"grade at least {_FEW} submissions with each: start-up is part of the measurement")
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    rows = []
    for figure in (False, True):
        rows += compare(arguments.stock, arguments.ours, figure=figure)
    flat = memory_growth(arguments.ours, rows)
    report = {
        "cores": len(cores),
        "load_before": os.getloadavg()[0],
        "rows": [asdict(row) for row in rows],
        "ratios": ratios(rows),
        "memory": flat,
    }
    print(table(rows, flat))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0


def compare(stock: int, ours: int, *, figure: bool) -> list[Row]:
    """Grade the same class both ways."""
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as parent:
        room, stock_room = make_classes(Path(parent), max(stock, ours), figure=figure)
        for extra in sorted((stock_room / "submitted").iterdir())[stock:]:
            _remove(extra)
        for extra in sorted((room.root / "submitted").iterdir())[ours:]:
            _remove(extra)
        slow = run("stock nbgrader", ["nbgrader", "autograde", ASSIGNMENT], stock_room, stock, figure)
        fast = run(
            "course grade", ["course", "grade", ASSIGNMENT, "--workers", str(CORES)], room.root, ours, figure
        )
        theirs, mine = scores(stock_room), scores(room.root)
        if any(mine[student] != score for student, score in theirs.items() if student in mine):
            raise SystemExit("the two graders disagree about the scores: the times mean nothing")
        return [slow, fast]


def run(name: str, command: list[str], room: Path, submissions: int, figure: bool) -> Row:
    """Time one command as its user would run it, start-up included."""
    scripts = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{scripts}:{os.environ['PATH']}"}
    with tempfile.TemporaryFile() as log:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [scripts / command[0], *command[1:]], cwd=room, env=environment, stdout=log, stderr=log
        )
        memory = watch_memory(process)
        seconds = time.perf_counter() - begin
        if process.returncode:
            log.seek(0)
            raise SystemExit(f"{name} failed:\n{log.read().decode(errors='replace')[-2000:]}")
    return Row(name, figure, submissions, seconds, 60 * submissions / seconds, memory)


def scores(room: Path) -> dict[str, float]:
    """Return every student's score in a gradebook."""
    with Gradebook(f"sqlite:///{room / 'gradebook.db'}") as gradebook:
        return {item.student.id: item.score for item in gradebook.assignment_submissions(ASSIGNMENT)}


def memory_growth(many: int, rows: list[Row]) -> dict[str, dict]:
    """Return the memory at few and at many submissions: it must not grow with their number."""
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as parent:
        room, _ = make_classes(Path(parent), _FEW, figure=True)
        command = ["course", "grade", ASSIGNMENT, "--workers", str(CORES)]
        few = run("course grade", command, room.root, _FEW, True)
    last = next(row for row in rows if row.grader == "course grade" and row.figure)
    return {str(_FEW): asdict(few.memory), str(many): asdict(last.memory)}


def ratios(rows: list[Row]) -> dict[str, float]:
    """Return ours over stock, submissions a minute."""
    found = {}
    for figure in (False, True):
        stock, ours = (row for row in rows if row.figure is figure)
        found["with a figure" if figure else "without a figure"] = ours.per_minute / stock.per_minute
    return found


def table(rows: list[Row], memory: dict[str, dict]) -> str:
    """Return the numbers for people."""
    lines = [f"{'grader':<16}{'figure':<8}{'notebooks':>10}{'seconds':>9}{'a minute':>10}"]
    for row in rows:
        drawn = "yes" if row.figure else "no"
        lines.append(
            f"{row.grader:<16}{drawn:<8}{row.submissions:>10}{row.seconds:>9.1f}{row.per_minute:>10.0f}"
        )
    lines += [f"{ratio:.1f} times as many {kind}" for kind, ratio in ratios(rows).items()]
    for count, found in memory.items():
        lines.append(
            f"{count:>5} submissions: coordinator {found['coordinator_mb']:.0f} MB, "
            f"largest worker {found['largest_worker_mb']:.0f} MB, all together {found['together_mb']:.0f} MB"
        )
    return "\n".join(lines)


def _remove(student: Path) -> None:
    for path in sorted(student.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    student.rmdir()


if __name__ == "__main__":
    sys.exit(main())

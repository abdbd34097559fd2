"""Peak memory of grading 10, 100 and 1,000 submissions: it must not grow with their number.

``python -m benchmarks.grading_memory [--counts 10 100 1000] [--json FILE]``. Pages that processes share count
in each of them, so that "all together" is an upper bound.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.grading import CORES, Row, run
from benchmarks.grading_class import ASSIGNMENT, make_classes

COUNTS = (10, 100, 1000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="numbers of submissions")
    parser.add_argument("--json", type=Path, help="write the numbers there as well")
    arguments = parser.parse_args()
    rows = [measure(count) for count in arguments.counts]
    print(table(rows))
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 0


def measure(count: int) -> Row:
    """Grade a small assignment of so many submissions, as its user would."""
    with tempfile.TemporaryDirectory(prefix="grading-memory-") as parent:
        room, _ = make_classes(Path(parent), count, figure=False)
        command = ["course", "grade", ASSIGNMENT, "--workers", str(CORES)]
        return run("course grade", command, room.root, count, False)


def table(rows: list[Row]) -> str:
    """Return the numbers for people."""
    lines = [
        f"{'submissions':>11}{'seconds':>9}{'coordinator':>13}{'largest worker':>16}{'all together':>14}"
    ]
    for row in rows:
        memory = row.memory
        lines.append(
            f"{row.submissions:>11}{row.seconds:>9.1f}{memory.coordinator_mb:>10.0f} MB"
            f"{memory.largest_worker_mb:>13.0f} MB{memory.together_mb:>11.0f} MB"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

"""A made-up class of any size for the page that an instructor reads: results and a regrade."""

import random
from datetime import UTC, datetime

from grading.engine.regrade import Change, Regrade
from grading.engine.release_record import Released
from grading.report.class_report import Surroundings
from grading.results import CheckResult, NotebookResult

ASSIGNMENT = "convolution"
# Name, points, how hard (0 is middling), how well it tells strong from weak.
CHECKS = (
    ("count_products", 4, -2.0, 1.0),
    ("conv_output_size", 6, -1.2, 1.4),
    ("conv2d_forward", 10, -0.3, 2.2),
    ("conv2d_backward", 14, 0.9, 2.4),
    ("filter_image", 6, -1.6, 0.7),
    ("separable", 6, 0.1, 1.3),
    ("convolve1d", 5, -0.8, 1.2),
    ("conv_as_matrix", 8, 0.7, 1.8),
    ("max_pool2d_forward", 6, -1.0, 1.5),
    ("max_pool2d_backward", 8, 0.3, 1.9),
    ("avg_pool2d_forward", 5, -1.3, 1.6),
    ("avg_pool2d_backward", 6, 0.2, 1.7),
    ("net_size", 4, -2.8, 0.3),
    ("receptive_field", 5, 0.5, 0.1),
    ("texture_experiment", 7, 1.6, 1.1),
)
MISTAKES = {
    "conv2d_forward": (
        "conv-flips-the-kernel",
        "The kernel is turned round, as signal processing defines convolution. A layer correlates.",
        "Lecture 05, section 5.2: correlation and convolution",
    ),
    "conv2d_backward": (
        "conv-backward-ignores-stride",
        "The gradient is spread as for stride 1, so that it lands in the wrong places.",
        "Lecture 05, section 5.6: the backward pass",
    ),
    "max_pool2d_backward": (
        "pool-backward-assigns",
        "Where windows overlap, a cell's gradients add up; here the last one replaces the others.",
        "Lecture 06, section 6.3: pooling",
    ),
    "avg_pool2d_forward": (
        "average-takes-stride-for-window",
        "The mean is taken over stride × stride cells.",
        "Lecture 06, section 6.3: pooling",
    ),
}
COUNTEREXAMPLE = """input   x = [[1, 2, 0],
             [0, 1, 1]]      shape (2, 3), float64
        kernel = [[1, 0]]
expected [[1, 2],
          [0, 1]]
got      [[2, 0],
          [1, 1]]            differs at (0, 0)"""
FIRST = (
    "ada bo chi dag eve finn gita hal ines jon kai lena mo noor ola pia quim rosa sam tuva uli vera wim "
    "yara zoe"
)


def student_names(count: int) -> list[str]:
    """Return ids that are all different."""
    first = FIRST.split()
    return [
        first[i % len(first)] + (f"-{i // len(first) + 1}" if i >= len(first) else "") for i in range(count)
    ]


def made_up_results(count: int, seed: int = 0) -> list[NotebookResult]:
    """Return results that ability, difficulty and chance decide; once the grader has failed."""
    draw = random.Random(seed)
    results = []
    for number, student in enumerate(student_names(count)):
        ability = draw.gauss(0.4, 1.1)
        failed = number == count // 2
        checks = tuple(_check(draw, ability, *check, failed=failed) for check in CHECKS)
        results.append(
            NotebookResult(
                ASSIGNMENT,
                student,
                sum(check.points for check in checks),
                sum(check.max_points for check in checks),
                checks,
                notebook=ASSIGNMENT,
                status="error" if failed else "graded",
                reason=f"the checker of {student} died after 60 s" if failed else None,
                isolation={"landlock": "held", "seccomp": "held", "uid": "held"},
                engine_version="1.0.0+3f9c21ab77d0",
                graded_at="2026-10-05T18:20:00+00:00",
                seconds=0.4,
                restarts=int(draw.random() < 0.02),
                notes=("the cell `net_size` is missing",) if draw.random() < 0.03 else (),
            )
        )
    return results


def made_up_surroundings(results: list[NotebookResult]) -> Surroundings:
    """Return a release, and a regrade that gave every tenth of those who have `separable` its last points."""
    place = [name for name, *_ in CHECKS].index("separable")
    having = [result for result in results if result.checks[place].status == "passed"]
    changes = tuple(
        Change(result.student, ASSIGNMENT, result.score - 2, result.score, {"check_separable": [4.0, 6.0]})
        for result in having[::10]
    )
    return Surroundings(
        "autumn-2026",
        regrades=(Regrade(datetime(2026, 10, 6, 9, 30, tzinfo=UTC), changes),),
        releases=(Released("0d16128bc41f2a77", "9c1e77ab03d4f5e6", "", "2026-09-28T08:00:00+00:00"),),
    )


def _check(
    draw: random.Random,
    ability: float,
    name: str,
    most: float,
    difficulty: float,
    slope: float,
    *,
    failed: bool,
) -> CheckResult:
    if failed:
        return CheckResult(name, "error", 0.0, most, "the checker died")
    strength = slope * (ability - difficulty) + draw.gauss(0, 1)
    if strength > 0:
        return CheckResult(name, "passed", most, most)
    points = round(most / 2) if strength > -0.8 and most > 4 else 0.0
    known, explanation, section = MISTAKES.get(name, (None, None, None))
    if known is None or draw.random() < 0.3:
        return CheckResult(name, "failed", points, most, "the values differ")
    shown = COUNTEREXAMPLE + " " * draw.randrange(3)
    return CheckResult(name, "failed", points, most, "the values differ", shown, known, explanation, section)

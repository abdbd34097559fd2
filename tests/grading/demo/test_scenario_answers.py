"""The made-up answers themselves: right ones are right, wrong ones wrong where they say so, and only there.

This keeps the scenarios honest without the grader: every function runs here, against the library.
Hostile submissions do not: they run in the sandbox only.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import course_lib.functional as F
from grading.demo.scenario_files import read_scenarios

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "convolution"
SCENARIOS = read_scenarios(FOLDER)
FUNCTIONS = (
    "conv2d_forward",
    "conv2d_backward",
    "max_pool2d_forward",
    "max_pool2d_backward",
    "canonical_kernel",
    "filter_image",
)
HONEST = [scenario for scenario in SCENARIOS if scenario.expected.kind in ("right", "mistake")]
# (N, C, H, W), (O, C, KH, KW), stride, padding: square, non-square, one image, windows that do not tile.
CONVOLUTIONS = [
    ((2, 3, 5, 5), (4, 3, 3, 3), 1, 0),
    ((1, 2, 6, 4), (3, 2, 3, 2), 1, 1),
    ((2, 1, 7, 5), (2, 1, 2, 3), 2, 0),
    ((2, 2, 5, 8), (1, 2, 3, 3), 2, 2),
    ((3, 2, 4, 6), (2, 2, 1, 1), 3, 1),
]
# (N, C, H, W), kernel size, stride: tiling, overlapping, a stride beyond the window, rows left over.
POOLINGS = [((2, 3, 4, 4), 2, 2), ((1, 2, 5, 7), 3, 1), ((2, 1, 6, 5), 3, 2), ((2, 2, 7, 4), 2, 3)]
KERNELS = {
    "blur": np.ones((3, 3)) / 9,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "edge": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "vertical_edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
}


def namespace(scenario) -> dict:
    """Run a scenario's cells as a notebook would, in the order of the released notebook."""
    plt.switch_backend("agg")
    made = {"np": np, "plt": plt, "check": lambda name: None}
    for name in ("imports", *FUNCTIONS):
        before = [
            cell.source for cell in scenario.extra_cells if (cell.side, cell.anchor) == ("before", name)
        ]
        after = [cell.source for cell in scenario.extra_cells if (cell.side, cell.anchor) == ("after", name)]
        for source in (*before, scenario.answers.get(name, ""), *after):
            exec(compile(source, f"{scenario.name}/{name}", "exec"), made)
    plt.close("all")
    return made


def arrays(*shapes: tuple, dtype=np.float64) -> list:
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def cases(function: str):
    """Yield the arguments of a function and its right answers."""
    if function == "conv2d_forward":
        for x_shape, w_shape, stride, padding in CONVOLUTIONS:
            x, w, b = arrays(x_shape, w_shape, w_shape[:1])
            yield (x, w, b, stride, padding), F.conv2d(x, w, b, stride=stride, padding=padding)
    elif function == "conv2d_backward":
        for x_shape, w_shape, stride, padding in CONVOLUTIONS:
            x, w, b = arrays(x_shape, w_shape, w_shape[:1])
            (dy,) = arrays(F.conv2d(x, w, b, stride=stride, padding=padding).shape)
            yield (dy, x, w, stride, padding), F.conv2d_backward(dy, x, w, stride=stride, padding=padding)
    elif function == "max_pool2d_forward":
        for x_shape, kernel_size, stride in POOLINGS:
            (x,) = arrays(x_shape)
            yield (x, kernel_size, stride), F.max_pool2d(x, kernel_size, stride=stride)[0]
    elif function == "max_pool2d_backward":
        for x_shape, kernel_size, stride in POOLINGS:
            (x,) = arrays(x_shape)
            y, indices = F.max_pool2d(x, kernel_size, stride=stride)
            (dy,) = arrays(y.shape)
            yield (dy, x, kernel_size, stride), F.max_pool2d_backward(dy, indices, x.shape)
    elif function == "canonical_kernel":
        for name, kernel in KERNELS.items():
            yield (name,), kernel
    else:
        for image_shape, kernel_shape in (((5, 5), (3, 3)), ((4, 7), (5, 3)), ((6, 3), (1, 3))):
            image, kernel = arrays(image_shape, kernel_shape)
            around = tuple((side // 2, side // 2) for side in kernel_shape)
            flipped = np.ascontiguousarray(kernel[::-1, ::-1])
            yield (image, kernel), F.conv2d(image[None, None], flipped[None, None], padding=around)[0, 0]


def is_right(answer, right) -> bool:
    if isinstance(right, tuple):
        return len(answer) == len(right) and all(map(is_right, answer, right))
    answer = np.asarray(answer)
    return answer.shape == right.shape and bool(np.allclose(answer, right, rtol=1e-6, atol=1e-6))


def all_right(function, name: str) -> bool:
    for arguments, right in cases(name):
        copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
        try:
            answer = function(*copies)
        except (TypeError, ValueError, IndexError):
            return False
        if not is_right(answer, right):
            return False
    return True


@pytest.mark.parametrize("scenario", HONEST, ids=lambda scenario: scenario.name)
def test_answers_are_wrong_exactly_where_the_outcome_says_so(scenario):
    made = namespace(scenario)
    wrong = {name for name in FUNCTIONS if not all_right(made[name], name)}
    assert wrong == set(scenario.expected.checks)


def test_every_function_is_written_in_several_right_styles():
    styles = {name: set() for name in FUNCTIONS}
    for scenario in SCENARIOS:
        if scenario.expected.kind == "right":
            for name in FUNCTIONS:
                styles[name].add(scenario.answers[name])
    assert len([s for s in SCENARIOS if s.expected.kind == "right"]) == 6
    assert {name: len(sources) for name, sources in styles.items() if name != "canonical_kernel"} == {
        "conv2d_forward": 6,
        "conv2d_backward": 6,
        "max_pool2d_forward": 6,
        "max_pool2d_backward": 6,
        "filter_image": 6,
    }


def test_outcomes_add_up_to_their_scores():
    points = dict(zip(FUNCTIONS, (10, 10, 6, 8, 4, 6)))
    for scenario in SCENARIOS:
        checks = scenario.expected.checks
        lost = sum(points[name] - check.points for name, check in checks.items())
        assert scenario.expected.score == pytest.approx(sum(points.values()) - lost), scenario.name
        assert all(check.points < points[name] for name, check in checks.items()), scenario.name


def test_mistakes_name_their_misconception_once():
    named = [
        check.misconception
        for scenario in SCENARIOS
        if scenario.expected.kind == "mistake"
        for check in scenario.expected.checks.values()
    ]
    assert len([name for name in named if name]) >= 8

"""The made-up answers themselves: right ones are right, wrong ones wrong where they say so, and only there.

This keeps the scenarios honest without the grader: every function runs here, against the library.
Hostile submissions do not: they run in the sandbox only.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import course_lib.functional as F
from course_lib.data import load_textures
from grading.demo.scenario_files import read_scenarios

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "convolution"
SCENARIOS = read_scenarios(FOLDER)
# In the order of the notebook, with what each is worth.
POINTS = {
    "convolve1d": 6,
    "property_gaps": 4,
    "conv2d_forward": 10,
    "conv2d_backward": 10,
    "im2col": 5,
    "conv2d_from_columns": 3,
    "conv_as_matrix": 5,
    "slide_fully_connected": 3,
    "max_pool2d_forward": 6,
    "max_pool2d_backward": 8,
    "avg_pool2d_forward": 3,
    "avg_pool2d_backward": 4,
    "depthwise_separable": 5,
    "separable_costs": 3,
    "receptive_field": 4,
    "net_size": 4,
    "canonical_kernel": 4,
    "filter_image": 6,
    "shift_errors": 3,
    "texture_experiment": 4,
}
FUNCTIONS = tuple(POINTS)
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
    textures, names = load_textures()
    made = {"np": np, "plt": plt, "check": lambda name: None, "load_textures": load_textures}
    made |= {"textures": textures, "names": names}
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
    elif function == "filter_image":
        for image_shape, kernel_shape in (((5, 5), (3, 3)), ((4, 7), (5, 3)), ((6, 3), (1, 3))):
            image, kernel = arrays(image_shape, kernel_shape)
            around = tuple((side // 2, side // 2) for side in kernel_shape)
            flipped = np.ascontiguousarray(kernel[::-1, ::-1])
            yield (image, kernel), F.conv2d(image[None, None], flipped[None, None], padding=around)[0, 0]
    else:
        yield from more_cases(function)


def more_cases(function: str):
    """Go on with the functions whose right answers take other operations of the library, or counting."""
    if function == "convolve1d":
        for length, taps, stride, padding, dilation in ((6, 3, 1, 0, 1), (5, 2, 2, 1, 1), (9, 3, 2, 2, 3)):
            x, h = arrays((length,), (taps,))
            options = {"stride": stride, "padding": padding, "dilation": dilation}
            yield (
                (x, h, stride, padding, dilation),
                F.conv1d(x[None, None], h[None, None, ::-1], **options)[0, 0],
            )
    elif function == "property_gaps":
        x, z, h = arrays((5,), (5,), (3,))
        yield ("convolution", x, z, h, 2, -3), (np.array(0.0), np.array(0.0))
        backwards = np.abs(np.correlate(x, h, "full") - np.correlate(x, h, "full")[::-1]).max()
        yield ("correlation", x, z, h, 2, -3), (backwards, np.array(0.0))
        yield ("affine", x, z, h, 2, -3), (np.array(0.0), np.array(2.0))
    elif function in ("im2col", "conv2d_from_columns", "conv_as_matrix"):
        yield from matrix_cases(function)
    elif function == "slide_fully_connected":
        for x_shape, outputs, height, width in (((2, 3, 4, 3), 2, 4, 3), ((2, 2, 5, 4), 3, 2, 3)):
            x, weight, bias = arrays(x_shape, (x_shape[1] * height * width, outputs), (outputs,))
            kernels = np.ascontiguousarray(weight.T).reshape(outputs, x_shape[1], height, width)
            yield (x, weight, bias, height, width), F.conv2d(x, kernels, bias)
    elif function.startswith("avg_pool2d"):
        for x_shape, kernel_size, stride in POOLINGS:
            (x,) = arrays(x_shape)
            y = F.avg_pool2d(x, kernel_size, stride=stride)
            (dy,) = arrays(y.shape)
            dx = F.avg_pool2d_backward(dy, x.shape, kernel_size, stride=stride)
            forward = function.endswith("forward")
            yield ((x, kernel_size, stride), y) if forward else ((dy, x, kernel_size, stride), dx)
    elif function == "depthwise_separable":
        for x_shape, w_shape, stride, padding in CONVOLUTIONS:
            x, apart, mixing = arrays(x_shape, w_shape[1:], w_shape[:2])
            y = F.conv2d(x, apart[:, None], stride=stride, padding=padding, groups=len(apart))
            yield (x, apart, mixing, stride, padding), F.conv2d(y, mixing[:, :, None, None])
    else:
        yield from counted_cases(function)


def matrix_cases(function: str):
    """Take the matrices from the layer itself: what it makes of single ones, and what it multiplies."""
    for x_shape, w_shape, stride, padding in CONVOLUTIONS:
        x, w, b = arrays(x_shape, w_shape, w_shape[:1])
        y = F.conv2d(x, w, b, stride=stride, padding=padding)
        taps = int(np.prod(w_shape[1:]))
        each = np.eye(taps).reshape(taps, *w_shape[1:])
        columns = F.conv2d(x, each, stride=stride, padding=padding).swapaxes(0, 1).reshape(taps, -1)
        if function == "im2col":
            yield (x, *w_shape[2:], stride, padding), columns
        elif function == "conv2d_from_columns":
            yield (columns, w, b, *y.shape[2:]), y
        else:
            pixels = int(np.prod(x_shape[1:]))
            ones = np.eye(pixels).reshape(pixels, *x_shape[1:])
            matrix = F.conv2d(ones, w, stride=stride, padding=padding).reshape(pixels, -1).T
            yield (w, *x_shape[2:], stride, padding), matrix


def counted_cases(function: str):
    """Compare with numbers that were counted by hand, and with the library on a photograph."""
    if function == "separable_costs":
        yield (2, 3, 2, 3, 3, 1, 0), tuple(map(np.array, (24, 14, 96, 56)))
        yield (3, 4, 3, 5, 8, 2, 1), tuple(map(np.array, (108, 39, 108 * 12, 39 * 12)))
    elif function == "receptive_field":
        yield ([(3, 1, 1), (2, 2, 1), (3, 1, 1)],), (np.array(8), np.array(2))
        yield ([(3, 2, 1), (3, 2, 2), (1, 3, 1)],), (np.array(3 + 2 * 2 * 2), np.array(12))
    elif function == "net_size":
        net = [("conv", 2, 3, 1, 0), ("pool", 2, 2), ("fc", 3)]
        yield ((1, 4, 4), net), tuple(map(np.array, ([8, 2, 3], [18, 0, 6], [72, 0, 6])))
        net = [("conv", 4, 3, 2, 1), ("conv", 2, 1, 1, 0)]
        yield ((3, 5, 8), net), tuple(map(np.array, ([48, 24], [108, 8], [1296, 96])))
    elif function == "shift_errors":
        image, kernel = arrays((7, 12), (2, 3))
        for pool, shift in ((1, 2), (2, 1), (2, 3), (3, 3)):
            yield (image, kernel, pool, shift), errors_of(image, kernel, pool, shift)
    else:
        sobel = KERNELS["vertical_edge"].astype(float)
        textures, names = load_textures()
        for name, pool, tolerated in (("brick", 8, 3), ("grass", 4, 2), ("gravel", 1, 0)):
            picture = textures[names.index(name), :48, :48] / 255
            errors = [errors_of(picture, sobel, pool, shift)[1] for shift in range(1, 7)]
            yield (name, pool), (np.array(errors), np.array(tolerated))


def errors_of(image: np.ndarray, kernel: np.ndarray, pool: int, shift: int) -> tuple:
    """Measure with the library's operations, on the whole picture moved once."""

    def answer(columns: slice) -> np.ndarray:
        y = F.conv2d(np.ascontiguousarray(image[None, None, :, columns]), kernel[None, None])
        return F.max_pool2d(y, pool, stride=pool)[0][0, 0]

    before, after = answer(np.s_[: image.shape[1] - shift]), answer(np.s_[shift:])
    moved = shift // pool
    along, stays = before[:, moved:], after[:, : before.shape[1] - moved]
    return (
        np.abs(stays - along).sum() / np.abs(along).sum(),
        np.abs(after - before).sum() / np.abs(before).sum(),
    )


def is_right(answer, right) -> bool:
    if isinstance(right, tuple):
        return len(answer) == len(right) and all(map(is_right, answer, right))
    answer, right = np.asarray(answer), np.asarray(right)
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
    six = ("conv2d_forward", "conv2d_backward", "max_pool2d_forward", "max_pool2d_backward", "filter_image")
    assert {name: len(styles[name]) for name in six} == dict.fromkeys(six, 6)
    assert {name for name, sources in styles.items() if len(sources) < 3} <= {"canonical_kernel"}


def test_outcomes_add_up_to_their_scores():
    for scenario in SCENARIOS:
        checks = scenario.expected.checks
        lost = sum(POINTS[name] - check.points for name, check in checks.items())
        assert scenario.expected.score == pytest.approx(sum(POINTS.values()) - lost), scenario.name
        assert all(check.points < POINTS[name] for name, check in checks.items()), scenario.name


def test_mistakes_name_their_misconception_once():
    named = [
        check.misconception
        for scenario in SCENARIOS
        if scenario.expected.kind == "mistake"
        for check in scenario.expected.checks.values()
    ]
    assert len([name for name in named if name]) >= 8

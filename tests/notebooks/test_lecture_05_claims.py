"""Lecture 05, executed without a browser: each claim of its text is what the cell below it prints."""

import re

import numpy as np
import pytest

import course_lib.functional as F
from course_lib import nn, optim
from course_lib.data import load_photographs
from course_lib.widgets import ConvolutionStepper
from course_lib.widgets.convolution_arithmetic import StepperParameters, compute
from course_lib.widgets.example_kernels import IDENTITY, KERNELS, SHIFT, SOBEL, SOBEL_DOWN

pytestmark = pytest.mark.slow

HOLDS = [
    "superposition-shown",
    "two-dimensions-shown",
    "stride-dilation-shown",
    "groups-shown",
    "backward-shown",
    "matrix-shown",
    "im2col-shown",
]


@pytest.fixture(scope="module")
def executed(run_lecture):
    return run_lecture("05_convolution")


def printed(executed, cell_id):
    return executed.printed(cell_id)


def number(pattern, text):
    return float(re.search(pattern, text)[1].replace(",", ""))


@pytest.mark.parametrize("cell_id", HOLDS)
def test_what_is_said_to_be_equal_is_equal(executed, cell_id):
    text = printed(executed, cell_id)
    assert "True" in text
    assert "False" not in text


def test_the_flip_shows_with_a_lopsided_kernel_only(executed):
    text = printed(executed, "beware-flip-shown")
    assert number(r"symmetric kernel:.* up to ([\d.]+)", text) == 0
    assert number(r"lopsided +kernel:.* up to ([\d.]+)", text) > 1
    assert "a ⋆ b equals b ⋆ a: False · equals b ⋆ a read backwards: True" in text


def test_the_undivided_blur_is_eight_times_as_bright(executed):
    text = printed(executed, "beware-brightness")
    assert number(r"sum of the image = ([\d.]+)", text) == pytest.approx(8, abs=1e-5)
    before, after = map(float, re.search(r"blur / 8 .* mean ([\d.]+) → ([\d.]+)", text).groups())
    assert after == pytest.approx(before, abs=0.005)


def test_assigning_goes_wrong_only_where_windows_overlap(executed):
    text = printed(executed, "beware-accumulate-shown")
    assert "stride 2: assigning agrees with adding: True" in text
    assert "stride 1: assigning agrees with adding: False" in text
    assert "p = 0: [] instead of" in text


def test_gradients_agree_with_measured_ones(executed):
    gaps = re.findall(r"largest difference ([\d.e+-]+)", printed(executed, "gradient-check-run"))
    assert len(gaps) == 3
    assert max(map(float, gaps)) < 1e-6


def test_paving_runs_one_way_and_gravel_both(executed):
    text = printed(executed, "textures-shown")
    ratios = {name: number(rf"{name} .*ratio ([\d.]+)", text) for name in ("brick", "grass", "gravel")}
    assert ratios["brick"] > 2
    assert all(0.8 < ratios[name] < 1.25 for name in ("grass", "gravel"))


def test_the_layer_learns_sobel_turned_round(executed):
    text = printed(executed, "learn-sobel")
    weights = [float(value) for value in re.findall(r"-?\d+\.(?!\d*e)\d*", text.split("\n", 1)[1])]
    assert weights == pytest.approx([-1, 0, 1, -2, 0, 2, -1, 0, 1], abs=0.01)
    assert number(r"difference from Sobel ([\d.e+-]+)", printed(executed, "learn-sobel-shown")) < 1e-3


def test_descent_reaches_the_least_squares_kernel(executed):
    text = printed(executed, "noise-optimum-shown")
    lowest = number(r"least squares ([\d.]+)", text)
    assert number(r"Adam ([\d.]+)", text) == pytest.approx(lowest, rel=1e-2)


def test_the_learned_kernel_wins_on_the_pavilion_and_loses_on_the_dahlia(executed):
    rows = {}
    for line in printed(executed, "noise-compared").splitlines()[1:]:
        name, pavilion, dahlia = re.match(r"(.+?) {2,}([\d.]+) +([\d.]+)$", line).groups()
        rows[name] = (float(pavilion), float(dahlia))
    blurs = [rows["3×3 box"], rows["5×5 box"]]
    assert rows["learned"][0] < min(blur[0] for blur in blurs) < rows["as it is"][0]
    assert max(blur[1] for blur in blurs) < rows["learned"][1] < rows["as it is"][1]


def test_the_training_squares_hold_more_than_twice_as_much_fine_detail(executed):
    taught, tested = (
        [float(value) for value in re.findall(r"\d\.\d+", row)]
        for row in printed(executed, "noise-detail").splitlines()[1:]
    )
    assert all(2 * there < here for here, there in zip(taught, tested))
    assert taught[0] > 5 * taught[1], "most of it in the pavilion"


def test_convolution_commutes_and_is_linear(executed):
    text = printed(executed, "properties-shown")
    assert number(r"commutative: largest difference ([\d.e+-]+);", text) < 1e-12
    assert number(r"linear: largest difference ([\d.e+-]+)", text) < 1e-12
    assert number(r"NumPy's own: ([\d.e+-]+)", printed(executed, "definition")) < 1e-12


def test_the_layer_is_cross_correlation_and_a_turned_kernel_makes_it_convolution(executed):
    rows = [line.split(":")[1].strip() for line in printed(executed, "cross-correlation-shown").splitlines()]
    assert rows[0] == rows[1] != rows[2] == rows[3]


def test_the_size_formula_held_in_thousands_of_settings(executed):
    assert number(r"held in all (\d+)", printed(executed, "geometry-shown")) > 2000


def test_sobel_rises_to_the_right_and_sharpen_is_identity_and_edge(executed):
    text = printed(executed, "kernels-defined")
    assert number(r"on the ramp, middle: ([\d.]+)", text) == 8
    assert re.sub(r"[\s.\[\]]", "", text.split("sharpen − edge:")[1]) == "000010000"


def test_zero_padding_darkens_the_rim(executed):
    text = printed(executed, "rim-shown")
    inside, side, corner = (
        float(value) for value in re.search(r"inside ([\d.]+), side ([\d.]+), corner ([\d.]+)", text).groups()
    )
    assert inside == 0.8 > side > corner


def test_parameters_do_not_depend_on_the_picture(executed):
    rows = printed(executed, "parameters-counted").splitlines()
    assert {re.search(r": (\d+) parameters", row)[1] for row in rows} == {"448"}
    dense = [int(re.search(r"connected +([\d,]+)", row)[1].replace(",", "")) for row in rows]
    assert dense[-1] > 200 * dense[-2] > 40_000 * dense[0]


def test_the_matrix_repeats_few_weights(executed):
    text = printed(executed, "matrix-shown")
    assert number(r"entries, (\d+) not 0", text) == 96
    assert "distinct values: [-2. -1.  0.  1.  2.]" in text


def test_im2col_takes_nearly_nine_times_the_memory(executed):
    assert 7 < number(r"columns take ([\d.]+) times", printed(executed, "im2col-shown")) < 9


def test_answers_about_the_stepper():
    def same_both_ways(kernel):
        both = (
            compute(StepperParameters(kernel=kernel, operation=o)).output
            for o in ("convolution", "cross-correlation")
        )
        return np.array_equal(*both)

    known = {name: np.array(kernel) for name, kernel in ConvolutionStepper().kernels.items()}
    lopsided = {SHIFT, SOBEL, SOBEL_DOWN, "1×3 difference"}
    assert {name for name, kernel in known.items() if not same_both_ways(kernel)} == lopsided
    for stride, padding, dilation in ((2, 0, 1), (1, 0, 2), (2, 1, 2), (3, 1, 1), (1, 1, 3), (4, 2, 1)):
        parameters = StepperParameters(stride=stride, padding=padding, dilation=dilation)
        assert compute(parameters).output.shape == (3, 3)
    assert (compute(StepperParameters(kernel=np.ones((3, 3)))).dx[[3, 0], [3, 0]] == [9, 1]).all()
    assert compute(StepperParameters(kernel=np.ones((3, 3)), padding=1)).dx[1, 1] == 4
    identity = compute(StepperParameters(kernel=KERNELS[IDENTITY], padding=1)).matrix
    np.testing.assert_array_equal(identity, np.eye(49))


def test_answers_about_the_backward_stepper():
    dx = compute(StepperParameters(kernel=KERNELS[SOBEL])).dx
    assert not dx[:, 2:-2].any(), "in the middle Sobel's weights cancel"
    assert dx[2:-2, [0, 1, -2, -1]].all()
    assert not compute(StepperParameters(stride=3)).dx[-1].any()
    assert not compute(StepperParameters(stride=3)).dx[:, -1].any()


def test_exercise_7_trained_on_the_dahlia_alone():
    clean = np.stack([i @ np.array([0.299, 0.587, 0.114]) / 255 for i in load_photographs()[0]])[:, None]
    noisy = clean + 0.1 * np.random.default_rng(5).normal(size=clean.shape)
    train, test, core = np.s_[:, :, 100:300, 100:300], np.s_[:, :, 100:300, 330:640], np.s_[:, :, 2:-2, 2:-2]
    layer = nn.Conv2d(1, 1, 5, bias=False, rng=0, dtype=np.float64)
    layer.weight.data = np.zeros((1, 1, 5, 5))
    optimiser = optim.Adam(layer.parameters(), lr=0.03)
    for _ in range(300):
        optimiser.zero_grad()
        layer.backward(F.mse_loss(layer(noisy[1:2][train]), clean[1:2][train][core])[1])
        optimiser.step()
    box = F.conv2d(noisy[test], np.full((1, 1, 5, 5), 1 / 25))
    errors = [np.mean((y - clean[test][core]) ** 2, axis=(1, 2, 3)) for y in (layer(noisy[test]), box)]
    assert layer.weight.data[0, 0, 2, 2] == pytest.approx(0.19, abs=0.005)
    assert errors[0] == pytest.approx([0.00317, 0.00135], abs=6e-6)
    assert errors[1][1] == pytest.approx(0.00143, abs=6e-6)

"""Lecture 05, executed without a browser: each claim of its text is what the cell below it prints."""

import re

import pytest

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

"""Lecture 12: each claim of its text is what the cell beside it prints."""

import re
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("12_transfer_learning")


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+\.\d+(?:e[+-]\d+)?", text)]


def lines(lecture, cell_id):
    """What a cell printed: numbers after the first colon, line by line."""
    return [numbers(line.split(":", 1)[1]) for line in lecture.printed(cell_id).splitlines()]


def test_the_trunk_is_what_the_text_says(lecture):
    text = lecture.printed("trunk-loaded")
    assert "block 5: 26,240 parameters, maps (40, 8, 8)" in text
    assert "in all 55,504 parameters" in text


def test_codes_bring_a_class_together_and_much_of_it_needs_no_training(lecture):
    pixels, untrained, trained = (row[0] for row in lines(lecture, "closer-shown"))
    assert pixels > 0.93
    assert untrained == pytest.approx(0.66, abs=0.02)
    assert trained == pytest.approx(0.62, abs=0.02)


def test_the_hinge_forgets_what_is_right_by_a_margin(lecture):
    text = lecture.printed("heads-compared")
    assert re.findall(r"hinge ([\d.]+), pull (\d)", text) == [
        ("2.0", "2"),
        ("1.0", "2"),
        ("0.0", "0"),
        ("0.0", "0"),
    ]
    assert all(float(pull) > 0 for pull in re.findall(r"cross-entropy [\d.]+, pull ([\d.]+)", text))


def test_trained_codes_beat_pixels_and_untrained_ones(lecture):
    textures, clothes = lines(lecture, "heads-trained")
    assert textures == pytest.approx([0.49, 0.81, 0.96, 0.96], abs=0.03)
    assert clothes == pytest.approx([0.59, 0.61, 0.68, 0.64], abs=0.03)


def test_images_in_another_scale_give_worse_codes(lecture):
    right, unit, bytes_ = (row[0] for row in lines(lecture, "beware-scale-shown"))
    assert right > unit + 0.03 > bytes_ + 0.06


def test_centring_helps_scaling_does_not_and_the_rewriting_is_exact(lecture):
    text = lecture.printed("scaled-head-shown")
    plain, centred, standard = (float(n.replace(",", "")) for n in re.findall(r"moments ([\d,]+)", text))
    assert plain / centred == pytest.approx(3, abs=0.4)
    assert standard > centred
    low, high = numbers(text.splitlines()[0])
    assert high / low == pytest.approx(6, abs=0.6)
    assert lecture.number(r"score: ([\d.e-]+)", "scaled-head-shown") < 1e-10
    right, company = (row[-1] for row in lines(lecture, "beware-own-mean-shown"))
    assert right > 0.95
    assert company < 0.6


def test_frozen_keeps_its_statistics_and_no_gradient_is_not_enough(lecture):
    assert re.findall(r"learn: +([\d,]+)", lecture.printed("frozen-shown")) == ["6,410", "46,122", "61,914"]
    careless, frozen = lines(lecture, "frozen-statistics-shown")
    assert careless[0] - careless[1] == pytest.approx(0.04, abs=0.02)
    assert frozen[0] == frozen[1] == careless[0]


def test_fine_tuning_gains_nothing_on_good_codes_and_few_examples(lecture):
    before, *after = lines(lecture, "tuning-good")
    for J, share, test_J, test_share in after:
        assert share == before[1] == 1
        assert before[0] > J
        assert test_J > before[2]
        assert test_share == pytest.approx(before[3], abs=0.015)


def test_fine_tuning_helps_where_the_code_lacks_something(lecture):
    rows = [row[-4:] for row in lines(lecture, "tuning-poor")]
    before, alone, tenth, whole, tenfold, late = rows
    assert before[2] == pytest.approx(0.67, abs=0.01)
    assert alone[2] == pytest.approx(before[2], abs=0.01)
    assert tenth[2] == pytest.approx(0.65, abs=0.015)
    assert whole[2] == pytest.approx(0.61, abs=0.02)
    assert late[2] < whole[2] + 0.01
    assert tenfold[2] > before[2] + 0.05
    assert tenfold[0] > before[0]


def test_a_random_head_sends_long_gradients_and_ends_lower(lecture):
    (_, random), (_, trained) = lines(lecture, "tenth-gradients")
    assert 500 < random / trained < 800
    ends = [row[-1] for row in lines(lecture, "tenth-random")]
    assert min(ends) == pytest.approx(0.73, abs=0.02)
    assert max(ends) == pytest.approx(0.77, abs=0.02)
    assert max(ends) < lines(lecture, "tuning-good")[0][3] - 0.06


def test_rates_of_the_trunk(lecture):
    tenth, same, tenfold = lines(lecture, "tenth-shown")
    assert abs(tenth[1] - tenth[0]) < 0.02
    assert same[0] - same[1] > 0.03
    assert tenfold[1] < 0.72
    assert tenfold[2] > tenfold[1] + 0.15


def test_a_solved_head_falls_at_a_high_rate(lecture):
    fast, slow = (row[:5] for row in lines(lecture, "beware-head-rate-shown"))
    assert fast[0] - fast[1] == pytest.approx(0.14, abs=0.03)
    assert fast[-1] == pytest.approx(fast[0], abs=0.02)
    assert min(slow) > slow[0] - 0.03


def test_the_four_cases(lecture):
    gains = numbers(lecture.printed("four-cases-live").strip().splitlines()[-1].replace("+", ""))
    few_like, few_unlike, many_like, many_unlike = gains
    assert min(gains) > 0.03
    assert few_like > many_like
    assert few_unlike > many_unlike


def test_the_long_table_is_the_recorded_one():
    recorded = (ROOT / "docs" / "architectures.md").read_text(encoding="utf-8")
    table = recorded.split("<!-- transfer: begin -->\n")[1].split("\n<!-- transfer: end -->")[0]
    cells = nbformat.read(ROOT / "notebooks" / "12_transfer_learning.ipynb", as_version=4).cells
    assert table in next(cell.source for cell in cells if cell.id == "table")


def test_a_code_that_forgets_place_is_no_better_than_pixels(lecture):
    one, two, four = (row[0] for row in lines(lecture, "not-help-shown"))
    assert one < 1e-4 < 1 < min(two, four)
    few, some, many = ([*numbers(row)] for row in lecture.printed("not-help-table").splitlines())
    for pixels, first, _, last in (some, many):
        assert first < pixels + 0.02
        assert last - pixels == pytest.approx(0.095, abs=0.035)
    assert few[3] > few[0]

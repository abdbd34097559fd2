"""Lecture 07: each claim of its text is what the cell beside it prints."""

import re

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("07_units_data_and_initialisation")


def rows(text, pattern):
    found = re.findall(pattern, text)
    assert found, f"nothing like {pattern!r} in {text!r}"
    return found


def test_only_tanh_is_centred_and_relu_passes_a_half(lecture):
    text = lecture.printed("units-moments")
    table = rows(text, r"(.+?) +(-?[\d.]+) +([\d.]+) +([\d.]+) +([\d.]+)\n")
    mean, square, slope, largest = ({row[0]: float(row[i]) for row in table} for i in (1, 2, 3, 4))
    assert [name for name in mean if abs(mean[name]) < 0.01] == ["tanh"]
    assert slope["sigmoid"] < 1 / 20
    assert largest["sigmoid"] == 0.25
    assert square["ReLU"] == slope["ReLU"] == 0.5
    assert slope["ELU"] == pytest.approx(2 / 3, abs=0.01)
    assert 0 < mean["ELU"] < mean["leaky ReLU"]


def test_inputs_of_one_sign_give_gradients_of_one_sign_and_a_narrower_ravine(lecture):
    text = lecture.printed("zero-centred")
    assert "2σ(2z) − 1: True" in text
    found = rows(text, r"of one sign: +(\d+)%; condition number +(\d+)")
    assert [share for share, _ in found] == ["100", "0"]
    assert float(found[0][1]) > 4 * float(found[1][1])


def test_a_large_rate_kills_relus_and_a_leak_brings_some_back(lecture):
    text = lecture.printed("dying-shown")
    found = rows(text, r"(\d+) of 64 units never above 0, +(\d+)% right")
    dead, right = zip(*[map(int, row) for row in found])
    assert max(dead[:2]) <= 1
    assert dead[2] > 55
    assert dead[3] == dead[2]
    assert 3 < dead[3] - dead[4] < 15
    assert right[4] > right[3] + 25


def test_a_silent_unit_is_not_dead(lecture):
    counts = [int(n) for n in rows(lecture.printed("beware-silent"), r": +(\d+) of 64")]
    assert counts == sorted(counts, reverse=True)
    assert 64 > counts[-2] > counts[-1] + 2
    assert counts[-1] > 50


def test_gradients_vanish_behind_twenty_sigmoids_only(lecture):
    found = dict(rows(lecture.printed("vanishing-drawn"), r"(\w+), .*: ([\d.e+-]+) of it"))
    assert 1e-13 < float(found["sigmoid"]) < 1e-11
    assert 0.3 < float(found["tanh"]) < 3
    assert 0.3 < float(found["ReLU"]) < 3


def test_slip_5_a_sum_of_pieces_is_affine(lecture):
    assert lecture.printed("maxout-shown").count("True") == 2
    assert "for any z: 1\n" in lecture.printed("maxout-gradient")
    assert lecture.number(r"maximum ([\d.]+)", "beware-maxout-shown") > 1
    assert lecture.number(r"sum ([\d.e-]+)", "beware-maxout-shown") < 1e-13


def test_a_mean_image_of_clothes_has_a_shape_and_one_of_patches_has_none(lecture):
    text = lecture.printed("mean-images")
    clothes, patches = (float(n) for n in rows(text, r"±([\d.]+)"))
    assert clothes > 10 * patches


def test_a_constant_pixel_needs_an_eps(lecture):
    text = lecture.printed("beware-constant-shown")
    constant = int(rows(text, r"in all digits: (\d+)")[0])
    nans = [int(n) for n in rows(text, r"(\d+) NaN")]
    assert nans == [constant * 1797, 0]


def test_every_step_of_preparation_lowers_the_condition_number(lecture):
    table = dict(rows(lecture.printed("cost-shown"), r"(\w[\w, ]+?) +condition number +([\d.]+)"))
    kappa = {name: float(value) for name, value in table.items()}
    steps = dict(
        rows(lecture.printed("cost-shown"), r"(\w[\w, ]+?) +condition number .*steps: (over \d+|\d+)")
    )
    assert kappa["as measured"] > 1e6
    assert steps["as measured"] == "over 100000"
    assert kappa["centred"] > 1000
    assert kappa["scaled, not centred"] > 1000
    assert kappa["centred and scaled"] == pytest.approx(10, abs=1)
    assert kappa["whitened"] == 1.0
    assert steps["whitened"] == "1"


def test_what_pca_loses_is_what_it_drops(lecture):
    found = rows(lecture.printed("pca-shown"), r"lost +([\d.]+), sum of the other λ +([\d.]+)")
    assert all(lost == dropped for lost, dropped in found)


def test_slip_4_whitening_divides_by_the_root(lecture):
    assert "what the library does: True" in lecture.printed("whitening-shown")
    assert lecture.number(r"holds to ([\d.e-]+)", "whitening-shown") < 1e-9
    right, slip = rows(
        lecture.printed("beware-eigenvalue-shown"), r"axis 1: ([\d.]+), 50: +([\d.]+), 400: +([\d.]+)"
    )
    assert [float(n) for n in right] == [1, 1, 1]
    assert float(slip[0]) < 0.1 < 5 < float(slip[1]) < float(slip[2])


def test_statistics_of_other_data_mislead_the_classifier(lecture):
    text = lecture.printed("leaks-shown")
    everything, bags = rows(text, r"training mean: +(\d+)% right; their own mean: +(\d+)%")
    assert abs(int(everything[0]) - int(everything[1])) <= 2
    assert int(bags[1]) < int(bags[0]) / 4
    assert lecture.number(r"minus its own mean: +(\d+)%", "leaks-shown") == 10
    right, other = rows(text, r"coordinates: +(\d+)% right; by axes of the test data: +(\d+)%")[0]
    assert int(right) > 75
    assert int(other) < 40


def test_a_leak_predicts_coins(lecture):
    honest, leaking = (float(n) for n in rows(lecture.printed("leaks-coins-shown"), r"([\d.]+)% ±"))
    assert honest == pytest.approx(50, abs=2.5)
    assert leaking == pytest.approx(73, abs=2.5)


def test_zero_weights_teach_the_last_bias_alone_and_small_ones_hardly_more(lecture):
    zero, small = rows(
        lecture.printed("zero-small"),
        r"first weights ([\de+-]+), last weights ([\de+-]+), last bias ([\de+-]+)",
    )
    assert [float(n) for n in zero[:2]] == [0, 0]
    assert float(zero[2]) > 1e-3
    assert 0 < float(small[0]) < 1e-8


def test_the_variance_of_a_sum_needs_the_mean_square(lecture):
    text = lecture.printed("variance-shown")
    measured, right, wrong = (
        float(n) for n in rows(text, r"measured ([\d.]+); .* = ([\d.]+); .* ([\d.]+)\n")[0]
    )
    assert measured == pytest.approx(right, rel=0.03)
    assert wrong < 0.75 * right
    after, before = (float(n) for n in rows(text, r"\] ([\d.]+) from E\[h²\] ([\d.]+)")[0])
    assert after == pytest.approx(before, rel=0.15)


def test_slip_12_two_rules_go_by_the_name_of_xavier(lecture):
    text = lecture.printed("beware-xavier-shown")
    square, wide, last = rows(
        text, r"paper's ([\d.]+) \(([\d.]+) times\); drawn, normal ([\d.]+), uniform ([\d.]+)"
    )
    assert float(square[1]) == 1
    assert float(wide[1]) == 1.85
    for paper, _, normal, uniform in (square, wide, last):
        assert float(normal) == pytest.approx(float(paper), rel=0.05)
        assert float(uniform) == pytest.approx(float(paper), rel=0.05)


def test_theory_is_met_over_nine_powers_of_ten(lecture):
    found = rows(lecture.printed("theory-measured"), r"measured ([\d.e+-]+), theory ([\d.e+-]+)")
    assert len(found) == 3
    for measured, theory in found:
        assert 0.45 < float(measured) / float(theory) < 2.2
    assert float(found[1][1]) == pytest.approx(2.0**-30, rel=0.01)
    tanh = rows(lecture.printed("theory-predicted"), r"times 2l: \[([\d. ]+)\]")[0].split()
    assert float(tanh[-1]) == pytest.approx(1, abs=0.03)


def test_of_nine_starts_four_stay_at_guessing_and_one_explodes(lecture):
    table = rows(lecture.printed("experiment-shown"), r"(\w+) +(.+?) +([\d.]+) +([\d.]+|nan) +(\d+)%\n")
    last = {
        (unit, start): (float(first), float(loss), int(right)) for unit, start, first, loss, right in table
    }
    assert len(last) == 9
    guessing = {key for key, (_, loss, right) in last.items() if abs(loss - 2.303) < 0.02 and right == 10}
    assert guessing == {
        ("tanh", "zero"),
        ("tanh", "small, 0.01²"),
        ("ReLU", "small, 0.01²"),
        ("sigmoid", "Xavier"),
    }
    first, loss, _ = last["ReLU", "large, 0.3²"]
    assert first > 1000
    assert loss != loss
    for key in (("tanh", "Xavier"), ("ReLU", "He")):
        assert last[key][2] >= 75
        assert last[key][1] < last["ReLU", "Xavier"][1] < 1
    assert last["tanh", "large, 0.3²"][1] > last["ReLU", "Xavier"][1]

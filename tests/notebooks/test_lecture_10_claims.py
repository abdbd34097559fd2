"""Lecture 10: each claim of its text is what the cell beside it prints."""

import re

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("10_monitoring")


def rows(text, pattern):
    found = re.findall(pattern, text)
    assert found, f"nothing like {pattern!r} in {text!r}"
    return found


def numbers(lecture, cell, pattern):
    return [tuple(float(n) for n in row) for row in rows(lecture.printed(cell), pattern)]


def test_the_best_steps_are_where_the_formulas_say(lecture):
    (one, one_at), (centred, at) = numbers(
        lecture, "step-errors", r"least error ([\de.-]+) at h = ([\de.-]+)"
    )
    assert 1e-9 <= one_at <= 1e-6
    assert 1e-6 <= at <= 1e-4
    assert centred < one / 10
    assert centred < 1e-9


def test_float32_is_no_place_to_check(lecture):
    double, single = numbers(lecture, "beware-float32", r"1e-05 ([\de.+-]+); least ([\de.+-]+), at")
    assert double[0] < 1e-6
    assert single[0] > 0.05
    assert single[1] > 1000 * double[1]


def test_at_a_kink_the_difference_is_between_the_slopes(lecture):
    found = numbers(
        lecture, "beware-kinks", r"backward (\d), differences with h = 1e-5: ([\d.]+), 1e-6: ([\d.]+)"
    )
    assert found == [(1, 1, 1), (1, 0.65, 1), (0, 0.5, 0.5)]
    assert lecture.number(r"corner: (\d+) elements", "beware-kinks") > 0


def test_the_pattern_of_wrong_gradients_names_the_culprit(lecture):
    parts = re.split(r"\n\n", lecture.printed("wrong-checked").strip())
    wrong = {part.split("\n")[0]: re.findall(r"WRONG ([\w.]+)", part) for part in parts if part.strip()}
    assert wrong["right"] == []
    assert wrong["unmasked ReLU"] == ["x", "0.weight", "0.bias"]
    assert wrong["forgotten bias"] == ["0.bias"]
    assert wrong["summed, not averaged"] == ["x", "0.weight", "0.bias", "4.weight", "4.bias"]


def test_a_wrong_gradient_learns_and_ends_worse(lecture):
    (right, good), (wrong, worse) = numbers(lecture, "beware-it-learns", r"epochs ([\d.]+), ([\d.]+)% of")
    assert right < wrong < 0.5
    assert 85 < worse < good


def test_the_three_cheap_checks_tell(lecture):
    first = [float(n) for n in rows(lecture.printed("first-loss"), r"first loss +([\d.]+)")]
    assert first[0] > 15
    assert first[1] > 2.8
    assert first[2] == pytest.approx(2.303, abs=0.05)
    sound, bug = (float(n) for n in rows(lecture.printed("by-heart-shown"), r"steps: ([\d.]+)"))
    assert sound < 0.01
    assert bug > 1.5
    seeing, blind = (float(n) for n in rows(lecture.printed("blind-shown"), r"epochs ([\d.]+)"))
    assert seeing < 0.4
    assert blind == pytest.approx(2.30, abs=0.03)


def test_four_rates_have_the_shapes_that_are_told(lecture):
    low, good, high, very = numbers(lecture, "rates-drawn", r"first epoch +([\d.]+), last epoch +([\d.]+)")
    assert 0.3 < low[1] / low[0] < 0.8
    assert good[1] < 0.1
    assert good[1] * 5 < high[1] < high[0] / 2
    assert very[1] > 2.2


def test_noise_falls_with_the_root_of_the_batch(lecture):
    scaled = [float(n) for n in rows(lecture.printed("noise-shown"), r"times √S ([\d.]+)")]
    assert len(scaled) == 4
    assert max(scaled) / min(scaled) < 1.25


def test_gaps(lecture):
    many, few, small = numbers(
        lecture, "gap-shown", r"training ([\d.]+), validation ([\d.]+): a gap of ([\d.]+)"
    )
    assert few[2] > 3 * many[2]
    assert few[0] < 0.02
    assert small[0] > 1
    assert small[2] < 0.2 * small[0]
    text = lecture.printed("beware-mean-shown")
    recorded, validation = (float(n) for n in rows(text, r"epoch: ([\d.]+), validation ([\d.]+)")[0])
    assert recorded > validation > float(rows(text, r"after it: ([\d.]+)")[0])


@pytest.mark.parametrize(
    ("cell", "signs"),
    [
        ("show-runs", ["exactly 0", "never fell", r"(?:inf|nan) from step \d"]),
        (
            "waiting-shown",
            ["slow start: it took", "stayed near", "not converged: ", "healthy: nothing found"],
        ),
        ("leaps-shown", ["sees all examples", "without a rhythm", "an epoch's loss rose"]),
        ("overfit-shown", ["was lowest in epoch", "validation loss never below", "8 validation examples"]),
    ],
)
def test_every_ill_run_shows_its_sign(lecture, cell, signs):
    for sign in signs:
        assert re.search(sign, lecture.printed(cell)), sign


def test_without_updates_the_validation_loss_stays_to_the_last_digit(lecture):
    assert lecture.number(r"highest less the lowest: ([\d.e+-]+)", "show-runs") == 0


def test_slip_1_adding_the_gradient_climbs_at_any_rate(lecture):
    text = lecture.printed("beware-climbing")
    for line in text.strip().splitlines():
        losses = [float(n) for n in re.findall(r"\d+\.\d{4}", line)]
        assert losses == sorted(losses, reverse="−=" in line)
    assert len(text.strip().splitlines()) == 4


def test_waves_are_foretold_and_noise_is_not(lecture):
    told = {
        name.strip(): (int(share), int(turns))
        for name, share, turns in rows(
            lecture.printed("rhythm-shown"), r"(.+?) two steps foretell +(\d+)%, it turns at (\d+)%"
        )
    }
    assert told["a wave"][0] > 95
    assert told["noise"][0] < 10
    assert told["fluctuation"][0] < 20
    assert 60 < told["noise"][1] < 75
    assert told["oscillation"][0] > 50
    assert told["oscillation"][1] < 45


def test_few_validation_examples_scatter_as_the_formula_says(lecture):
    for formula, measured in numbers(lecture, "small-validation", r"\(10.5\) +([\d.]+)%, .* ([\d.]+)%"):
        assert measured == pytest.approx(formula, rel=0.1)


def test_slip_8_healthy_ratios_are_thousandths(lecture):
    number = r"([\d.e+-]+)"
    table = numbers(lecture, "ratio-shown", rf"{' +'.join([number] * 5)} +([\d.]+)%\n")
    best = max(table, key=lambda row: row[5])
    assert best[0] == 0.3
    assert best[1] > 0.1
    assert 1e-3 < best[2] < 2e-2
    assert best[3] == pytest.approx(0.002, abs=1e-3)
    assert table[0][2] < 2e-4
    assert table[0][5] < 30
    firsts = [row[1] for row in table]
    assert firsts == sorted(firsts)
    assert firsts[-1] == pytest.approx(0.4, abs=0.1)
    assert table[-1][3] == 0
    assert table[-1][4] > 2.2
    small, middle, slip = (float(n) for n in rows(lecture.printed("beware-ratio-shown"), r"steps ([\d.e+]+)"))
    assert slip > 2
    assert small < 1
    assert middle < 0.1


def test_signals_keep_their_size_from_he_only(lecture):
    found = rows(
        lecture.printed("signals-shown"), r"outputs ([\de.+ -]+);  gradients ([\de.+ -]+);  loss ([\d.]+)"
    )
    outputs = [[float(n) for n in row[0].split()] for row in found]
    assert max(outputs[0]) < 2 * min(outputs[0])
    assert outputs[1][2] < outputs[1][0] / 50
    assert float(found[0][2]) < 0.5 < 2.2 < float(found[1][2])
    assert outputs[2] == [1, 1, 1]
    assert float(found[2][2]) > 2.303
    back = [float(n) for n in found[1][1].split()]
    assert back == sorted(back)
    assert back[2] > 50 * back[0]
    dead, saturated = numbers(
        lecture, "silent-shown", r"units +loss ([\d.]+) in the first epoch, ([\d.]+) in the last"
    )
    assert dead[1] == pytest.approx(dead[0], abs=0.05)
    assert saturated[0] > 10 > saturated[1] > 2.303
    silent = rows(
        lecture.printed("silent-shown"),
        r"(\w[\w ]+?) +layer \d, \w+ *: silent +(\d+)% at first, +(\d+)% at last",
    )
    assert all((int(last) > 90) == (name != "healthy") for name, _, last in silent)


def test_filters_become_smooth(lecture):
    before, trained, decayed, fast = numbers(lecture, "filters-shown", r"neighbours ([\d.]+), (\d+)%")
    assert before[0] < 0.05 < 0.1 < trained[0] < decayed[0] < fast[0]
    assert min(trained[1], decayed[1]) > 70 > fast[1]


def test_the_live_run_loses_its_units(lecture):
    text = lecture.printed("live-fit")
    assert text.startswith("1. rate too high")
    assert "went silent by training" in text


def test_the_picture_that_stays_of_the_live_run_is_its_last(lecture):
    (shown,) = (
        output for output in lecture.cells["live-fit"].outputs if "text/html" in output.get("data", {})
    )
    for data in (shown.data["text/html"], shown.data["text/plain"]):
        assert "4 ReLU 100%. Alert: rate too high" in data
    assert "application/vnd.jupyter.widget-view+json" in shown.data


def test_the_doctor_needs_the_monitor(lecture):
    found = rows(lecture.printed("how-often-counted"), r"(\d+) of 34 right")
    with_monitor, alone = map(int, found)
    assert with_monitor >= 32
    assert alone <= with_monitor - 6
    assert "saturated units → healthy" in lecture.printed("how-often-counted")
    text = lecture.printed("beware-causes")
    assert re.search(r"loss alone: +plateau", text)
    assert "with monitor: rate too high" in text


def test_each_repair_brings_the_next_fault_to_light(lecture):
    found = rows(lecture.printed("experiment-shown"), r": (\d+)% right\n +([\w ]+):")
    assert [name for _, name in found] == [
        "gradients not applied",
        "rate too low",
        "rate too high",
        "healthy",
    ]
    assert int(found[-1][0]) > 75

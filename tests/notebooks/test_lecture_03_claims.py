"""Lecture 03: each claim of its text is what the cell beside it prints."""

import re

import numpy as np
import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("03_stochastic_training")


def numbers(text):
    return [float(found) for found in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", text)]


def line_of(lecture, cell_id, beginning):
    """The numbers in the line of a cell's output that begins so, without those of the beginning."""
    for line in lecture.printed(cell_id).splitlines():
        if line.startswith(beginning):
            return numbers(line[len(beginning) :])
    raise AssertionError(f"{cell_id} printed no line that begins with {beginning!r}")


def test_after_an_epoch_small_minibatches_are_ahead(lecture):
    rows = re.findall(r"S = +(\d+): +(\d+) updates, cost ([\d.]+)", lecture.printed("one-epoch"))
    assert [(int(S), int(updates)) for S, updates, _ in rows] == [(1024, 1), (32, 32), (1, 1024)]
    costs = [float(cost) for *_, cost in rows]
    assert costs == pytest.approx([2.243, 1.158, 0.280], abs=0.002)


def test_slip_1_adding_the_gradient_climbs(lecture):
    down, up = (line_of(lecture, "beware-sign-shown", f"θ {sign}= α ĝ:") for sign in "−+")
    assert down[0] == up[0] == pytest.approx(np.log(10), abs=1e-4)
    assert np.all(np.diff(down) < 0)
    assert np.all(np.diff(up) > 0)


def test_the_noise_is_counted_as_the_formulas_say(lecture):
    assert "the gradient of the cost: True" in lecture.printed("noise-gradients")
    lines = lecture.printed("noise-counted").splitlines()[1:]
    with_, with_formula, without, without_formula = (numbers(line.split("/ V")[1]) for line in lines)
    np.testing.assert_allclose(with_formula, 1 / 4.0 ** np.arange(6), atol=1e-5)
    np.testing.assert_allclose(with_, with_formula, rtol=0.15)
    np.testing.assert_allclose(without, without_formula, rtol=0.15, atol=1e-9)
    assert without_formula[-1] == 0


def test_the_error_falls_with_the_root_and_matters_more_later(lecture):
    equal = []
    for name in ("start", "after 1 epoch", "after 10 epochs"):
        signal, *_, at = line_of(lecture, "beware-root-shown", name)
        text = next(
            line for line in lecture.printed("beware-root-shown").splitlines() if line.startswith(name)
        )
        errors = numbers(re.search(r"64: (.*);", text)[1])
        np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 2, atol=0.01)
        assert (errors[0] / signal) ** 2 == pytest.approx(at, rel=0.05)
        equal.append(at)
    assert equal[1] < equal[0]
    assert equal[2] == pytest.approx(9 * equal[0], rel=0.05)


def test_unequal_minibatches_need_weights(lecture):
    assert line_of(lecture, "beware-last-shown", "sizes:")[-2:] == [64, 40]
    assert line_of(lecture, "beware-last-shown", "mean of minibatch gradients: off by")[0] > 1e-3
    assert line_of(lecture, "beware-last-shown", "weighted with their sizes:   off by")[0] < 1e-12


def test_an_epoch_holds_every_example_once(lecture):
    epochs = [sorted(numbers(line)[1:]) for line in lecture.printed("order-shown").splitlines()]
    assert epochs == [list(range(10))] * 2
    assert len(set(lecture.printed("order-shown").replace("epoch 1", "epoch 0").splitlines())) == 2


def test_sorted_data_spoil_the_run_and_the_minibatches(lecture):
    shuffled = line_of(lecture, "order-compared", "shuffled")
    by_class = line_of(lecture, "order-compared", "sorted by class")
    assert shuffled[0] < 0.5 < np.log(10) < by_class[0]
    assert by_class[1] < 20
    assert by_class[2] == 0
    batches = line_of(lecture, "order-compared", "minibatches shuffled")
    assert shuffled[0] < batches[0] < by_class[0]
    assert 2 < (100 - batches[1]) / (100 - shuffled[1]) < 3
    text = lecture.printed("beware-sorted-shown")
    noise = [float(found) for found in re.findall(r"V = ([\d.]+)", text)]
    assert noise[0] == pytest.approx(1 / 16, rel=0.1)
    assert noise[1] > 10 * noise[0]


def test_shuffling_beats_drawing_beats_sorting(lecture):
    orders = ("new order each epoch", "with replacement", "sorted by class")
    above = [line_of(lecture, "reshuffle-shown", name)[0] for name in orders]
    assert above == sorted(above)
    assert above[0] < 0.85 * above[1] < 0.5 * above[2]
    assert line_of(lecture, "reshuffle-shown", "same order each epoch")[0] < above[0], "does no worse"


def test_the_batch_size_has_a_u_curve(lecture):
    rows = [numbers(line) for line in lecture.printed("u-curve-seconds").splitlines()[1:]]
    sizes, updates, _, seen, total = np.array(rows).T
    assert sizes.tolist() == [1, 4, 16, 64, 256, 1024]
    best = total.argmin()
    assert 0 < best < 5
    assert total[0] > 1.5 * total[best] < 0.75 * 1.5 * total[-1]
    assert np.all(np.diff(updates[:3]) < -50), "falls steeply up to 16"
    assert updates[2:].tolist() == [80, 60, 60, 58], "by little more than a quarter after it"
    assert lecture.number(r"2/λ_max at the start: ([\d.]+)", "u-curve-fewest") == 1.73
    assert np.all(np.diff(seen) > 0)
    assert "S = 1 < S = 4 < S = 16 < S = 64 < S = 256 < S = 1024" in lecture.printed("beware-free-shown")


def test_the_floor_is_the_formulas(lecture):
    pairs = re.findall(r": ([\d.]+), formula ([\d.]+)", lecture.printed("floor-shown"))
    assert len(pairs) == 8
    for seen, known in np.array(pairs, dtype=float):
        assert seen == pytest.approx(known, rel=0.08)


def test_slip_14_a_cut_lowers_the_noise_and_nothing_else(lecture):
    cell = "beware-cut-shown"
    while_cut, held = line_of(lecture, cell, "while it is cut:")
    put_back, held_later = line_of(lecture, cell, "after it is put back:")
    early, not_yet = line_of(lecture, cell, "after update 200:")
    early_end, late_end = line_of(lecture, cell, "at the end:")
    assert while_cut < held - 0.03
    assert put_back > held_later - 0.005
    assert early < not_yet - 0.02
    assert early_end > late_end + 0.04


def test_a_late_fall_beats_a_rate_that_is_held(lecture):
    cell = "schedules-compared"
    held = line_of(lecture, cell, "held")
    early = line_of(lecture, cell, "cut at 1/8")
    for name in ("cut at 5/8", "hold, then 1/t", "cosine"):
        found = line_of(lecture, cell, name)
        found = found[-3:]
        assert found[0] < held[0] - 0.02
        assert found[1] < held[1] - 0.04
    assert early[0] > held[0] + 0.05
    assert early[1] == pytest.approx(held[1], abs=0.05)


def test_warm_up_helps_near_the_limit_and_saves_units(lecture):
    plain = line_of(lecture, "warm-up-shown", "cosine")
    warm = line_of(lecture, "warm-up-shown", "60 steps of warm-up, cosine")
    assert np.mean(warm[:3]) < np.mean(plain[:3]) - 0.02
    assert sum(warm[3:]) < sum(plain[3:])


def test_the_ladder_and_the_range_test_agree(lecture):
    losses = {
        rate: line_of(lecture, "finding-ladder", f"α = {rate:>5}: training loss of three epochs")
        for rate in ("0.01", "0.3", "1", "3", "10")
    }
    assert max(losses["1"][-1], losses["0.3"][-1]) < 0.65
    assert losses["0.01"][-1] > 1.5
    assert losses["3"][-1] > 1.5
    assert losses["10"][-1] > 2
    suggestion = lecture.number(r"suggestion ([\d.]+)", "range-test")
    assert 0.3 < suggestion < 1
    assert "as before: True True" in lecture.printed("range-test")
    text = lecture.printed("beware-range-shown")
    found = re.findall(r"suggestion +([\d.]+)", text)
    assert np.all(np.diff([float(rate) for rate in found]) > 0)
    for low, high in np.array(re.findall(r"from ([\d.]+) to ([\d.]+)", text), dtype=float):
        assert 1.1 < high / low < 2.3


def test_averaging_helps_within_a_run_and_not_across_runs(lecture):
    iterates, mean = numbers(lecture.printed("averaging-quadratic"))
    assert iterates == pytest.approx(0.295, abs=0.002)
    # Of K iterates: σ²/(2λK) in each direction.
    assert mean == pytest.approx((1 / 1 + 1 / 0.1) / (2 * 3800), rel=0.25)
    last = line_of(lecture, "averaging-net", "last iterate")
    average = line_of(lecture, "averaging-net", "mean of four epochs")
    assert average[0] < last[0] - 0.03
    assert average[1] < last[1] - 0.05
    assert average[2] > last[2] + 2
    best = min(
        line_of(lecture, "schedules-compared", name)[-2]
        for name in ("cut at 5/8", "hold, then 1/t", "cosine")
    )
    assert average[1] < best + 0.02, "as good as the best schedule"
    first, second, between = numbers(lecture.printed("beware-averaging-shown"))
    assert between > max(first, second) + 0.15


def test_restarts_differ_and_the_best_is_good(lecture):
    costs = line_of(lecture, "restarts-run", "validation costs:")
    assert len(costs) == 8
    dead = line_of(lecture, "restarts-run", "dead units:")
    assert max(costs) > 4 * min(costs)
    assert max(cost for cost, count in zip(costs, dead) if not count) < 0.5
    assert min(cost for cost, count in zip(costs, dead) if count) > 0.6
    assert lecture.number(r"test data: cost ([\d.]+)", "restarts-run") < 0.5


def test_a_growing_patience_outlasts_a_fluctuation(lecture):
    first, best, stopped = line_of(lecture, "stopping-run", "growth 1: best at epoch")
    later, lower, end = line_of(lecture, "stopping-run", "growth 2: best at epoch")
    assert (first, stopped, later, end) == (5, 8, 14, 28)
    assert lower < best - 0.1
    training, validation = numbers(lecture.printed("stopping-drawn").splitlines()[0])[1:]
    assert training < 0.1
    assert validation == pytest.approx(0.86, abs=0.03)
    assert "best epoch: True" in lecture.printed("stopping-drawn")


def test_the_best_of_many_guessers_looks_better_than_it_is(lecture):
    mean, best, test = numbers(lecture.printed("beware-best-shown"))
    assert mean == pytest.approx(10, abs=1.5)
    assert best > mean + 5
    assert test < mean + 2


def test_the_last_run_ends_where_the_text_says(lecture):
    epoch, of, best, last = numbers(lecture.printed("experiment-run").splitlines()[0])
    validation, error, right = line_of(lecture, "experiment-run", "validation loss")
    test, test_error, test_right = line_of(lecture, "experiment-run", "test       loss")
    assert 12 <= epoch <= of == 20
    assert last <= best + 0.0035
    assert validation == best
    assert best < test < best + 1.5 * np.hypot(error, test_error), "that much is chance"
    assert (error, test_error) == pytest.approx((0.03, 0.03), abs=0.01)
    assert test_right > right > 83

"""Lecture 08: each claim of its text is what the cell beside it prints."""

import re

import numpy as np
import pytest

pytestmark = pytest.mark.slow

NUMBER = r"([+-]?[\d.]+(?:e[+-]?\d+)?)"


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("08_normalisation")


def rows(text, pattern):
    found = re.findall(pattern, text)
    assert found, f"nothing like {pattern!r} in {text!r}"
    return np.array(found, dtype=float)


def test_without_the_norm_the_size_of_inputs_drifts(lecture):
    text = lecture.printed("drift-shown")
    pattern = rf"layer 8: deviation {NUMBER} at first, lowest {NUMBER}, highest {NUMBER}, at last {NUMBER}"
    without, with_norm = rows(text, pattern)
    assert without[1] < without[0] / 5
    assert without[1] < 0.4 < 3 < without[2]
    assert without[2] > 8 * without[1]
    assert 0.9 < with_norm[1] < with_norm[2] < 1.3
    losses = rows(text, rf"updates {NUMBER}")
    assert losses[1] < losses[0] - 0.05


def test_formulas_of_the_forward_are_the_librarys(lecture):
    assert "the library agrees: True" in lecture.printed("batch-norm-shown")
    assert "M = 9800 numbers a channel; the same as (8.1): True" in lecture.printed("maps-shown")
    assert lecture.printed("undo-shown").count("True") == 3
    assert lecture.number(rf"up to {NUMBER}", "undo-shown") > 5


def test_slip_16_a_constant_feature_needs_an_eps(lecture):
    text = lecture.printed("beware-eps-shown")
    constant = lecture.number(r"in this batch: (\d+)", "beware-eps-shown")
    assert rows(text, r": +(\d+) NaN").tolist() == [50 * constant, 0]
    assert constant > 0
    assert "deviation 0.71" in text


def test_running_averages_are_near_those_of_all_and_fold_away(lecture):
    kept, of_all = (
        np.array(
            re.search(rf"variance{name} +\[(.+)\]", lecture.printed("running-trained"))[1].split(), float
        )
        for name in (", kept", " of all")
    )
    np.testing.assert_allclose(kept, of_all, rtol=0.1)
    assert lecture.number(rf"at most {NUMBER}", "folded-shown") < 1e-4


def test_slip_9_the_kept_variance_is_the_unbiased_one(lecture):
    found = rows(
        lecture.printed("beware-variance-shown"),
        rf"M = +(\d+): .*÷ M {NUMBER}, kept {NUMBER}; of all digits {NUMBER}",
    )
    size, biased, kept, whole = found.T
    np.testing.assert_allclose(biased, whole * (size - 1) / size, rtol=0.06)
    np.testing.assert_allclose(kept, whole, rtol=0.06)


def test_slip_10_momentum_weighs_the_new_value(lecture):
    found = rows(
        lecture.printed("beware-momentum-shown"), rf"weighs {NUMBER}: .*± {NUMBER} \(theory ± {NUMBER}\)"
    )
    assert found[:, 0].tolist() == [0.1, 0.9]
    np.testing.assert_allclose(found[:, 1], found[:, 2], rtol=0.1)
    assert found[1, 1] > 3.5 * found[0, 1]


def test_training_mode_answers_by_the_company(lecture):
    text = lecture.printed("beware-mode-shown")
    mixed, by_class, mixed_training, by_class_training = rows(text, r": +(\d+)% right")
    assert mixed == by_class > 85
    assert mixed_training > 85
    assert by_class_training < 30
    assert "more than one value a channel" in text


def test_the_gradient_goes_through_the_statistics(lecture):
    text = lecture.printed("backward-shown")
    assert "formulas and library: True True" in text
    assert lecture.number(rf"at most {NUMBER} off", "backward-shown") < 1e-6
    alike, stretch = rows(text, rf"∂J/∂x = {NUMBER}")
    assert alike < 1e-10
    assert stretch < 0.01
    wrong, right = rows(
        lecture.printed("beware-constants-shown"), rf"steps +{NUMBER}, cost {NUMBER} → {NUMBER}"
    )
    assert abs(wrong[0]) > 10
    assert right[0] == 0
    assert wrong[1] == wrong[2] == right[2]


def test_only_batch_norm_asks_the_company(lecture):
    assert lecture.printed("others-shown").count("True") == 3
    assert "True" in lecture.printed("others-gradient")
    found = rows(
        lecture.printed("company-shown"),
        rf"company {NUMBER}, contrast × 3 {NUMBER}, one channel × 3 {NUMBER}",
    )
    batch, layer, instance, group = found
    assert batch.min() > 0.1
    assert layer[:2].tolist() == group[:2].tolist() == instance.tolist()[:2]
    assert max(layer[:2]) < 0.02
    assert instance[2] < 0.02
    assert min(layer[2], group[2]) > 0.1
    counts = rows(lecture.printed("beware-features-shown"), r"(\d+) of 1000")
    assert sorted(counts)[-2:] == sorted(counts[counts > 10].tolist())
    assert counts[counts > 10].sum() > 990


def test_decorrelated_norm_whitens_and_zca_stays_near_the_units(lecture):
    found = rows(
        lecture.printed("decorrelated-shown"),
        rf"variances {NUMBER} to {NUMBER}; largest covariance {NUMBER}; condition number {NUMBER}",
    )
    _, batch, white = found
    assert batch[:2].tolist() == [1, 1]
    assert batch[2] > 0.5
    assert batch[3] > 100
    assert white[2] < 0.05
    assert white[3] < 1.5
    (pca, pca_size), (zca, zca_size) = rows(
        lecture.printed("zca-shown"), rf"by {NUMBER} around means of size {NUMBER}"
    )
    assert pca > pca_size
    assert zca < zca_size / 5


def test_whitening_needs_many_more_values_than_units(lecture):
    size, small, deviation = rows(
        lecture.printed("beware-rank-shown"), rf"M = +(\d+): +(\d+) of 32 .* deviation +{NUMBER}"
    ).T
    assert (small[size < 32] >= 32 - (size[size < 32] - 1)).all()
    assert (np.diff(deviation) < 0).all()
    assert deviation[0] > 10
    assert deviation[-1] < 1.5


def test_either_order_beats_none_and_a_bias_is_superfluous(lecture):
    found = rows(
        lecture.printed("placement-shown"), rf"loss {NUMBER} to {NUMBER}, test digits right {NUMBER}%"
    )
    before, behind, none = found
    assert max(before[1], behind[1]) < none[0]
    assert behind[0] < before[0]
    assert behind[1] < before[1]
    assert min(before[2], behind[2]) > none[2] + 5
    bias, weight = rows(
        lecture.printed("beware-bias-shown"), rf"biases up to {NUMBER}, of the weights up to {NUMBER}"
    ).T
    assert bias[0] < 1e-6 < 0.01 < bias[1]
    assert weight.min() > 0.01


def test_the_size_of_the_weights_does_not_count(lecture):
    text = lecture.printed("scale-shown")
    cost, cost_long = rows(text, rf"w\) = {NUMBER}[,\n]")[:2]
    assert cost == pytest.approx(cost_long, abs=1e-5)
    assert lecture.number(rf"at most {NUMBER}", "scale-shown") < 1e-4
    assert lecture.number(rf"\| = {NUMBER}", "scale-shown") == pytest.approx(10, abs=0.01)
    lengths = rows(
        lecture.printed("brake-shown"), rf"\|w\| {NUMBER}, .*update {NUMBER}, at the end {NUMBER};"
    )
    assert (np.diff(lengths, axis=1) >= 0).all()
    assert (np.diff(lengths[:, 2]) > 0).all()
    rates = rows(lecture.printed("brake-shown"), rf"from {NUMBER} to {NUMBER};")
    assert rates[2, 1] < rates[2, 0] / 2
    assert lecture.number(rf"change by {NUMBER}", "beware-decay-shown") < 0.05


def test_the_gradient_is_good_for_longer_steps(lecture):
    falls, turns = rows(lecture.printed("surface-shown"), rf"up to {NUMBER}, r > 1 from {NUMBER} on").T
    assert falls.round(2).tolist() == pytest.approx([0.32, 0.18, 0.06, 1.78, 5.62, 5.62], rel=0.8)
    ratio = falls[3:] / falls[:3]
    assert ratio.min() > 5
    assert (turns[3:] / turns[:3]).min() > 9
    lengths = rows(lecture.printed("surface-shown"), rf"a step of {NUMBER}").ravel()
    assert lengths[3:] / lengths[:3] == pytest.approx([0.92, 5, 8], rel=0.3)


def test_live_runs_are_those_that_were_kept(lecture):
    same = rows(lecture.printed("rates-live"), r"as they were kept: (\d) of 8")
    assert same.min() >= 7


def test_rates_that_work(lecture):
    text = lecture.printed("rates-ranges")
    spans = {line.split()[0]: rows(line, r"× (\d+)").tolist() for line in text.splitlines()[2:]}
    assert spans["none"] == [42, 32, 18, 2]
    assert spans["batch"] == [100, 100, 75, 42]
    assert "only 0.237" in text
    assert "below 1.0: 0.056 to 1.33" in text
    assert text.count("none works") == 4
    assert "0.024 to 0.42, × 18" in text
    assert "0.042 to 3.16, × 75" in text


def test_gradients_of_very_deep_nets_grow_on_their_way_down_with_batch_norm(lecture):
    none, batch = rows(lecture.printed("rates-deep"), rf"16: {NUMBER} {NUMBER} {NUMBER} {NUMBER}")
    assert none.max() < 2 * none.min()
    assert (np.diff(batch) < 0).all()
    assert batch[0] > 10 * batch[-1]


def test_batch_norm_leaves_no_unit_dead(lecture):
    found = {
        line.split()[0]: [int(n) for n in line.split(":")[-1].split()]
        for line in lecture.printed("dead-shown").splitlines()
    }
    assert found["batch"] == [0, 0, 0, 0]
    assert found["layer"][3] > 3
    assert sum(found["none"]) > sum(found["layer"])


def test_all_starts_are_one_start_before_batch_norm(lecture):
    text = lecture.printed("starts-shown")
    found = re.findall(r"(none|batch) +(\S+?),? .*loss +(\S+) → (\S+)", text)
    first = {(norm, name): float(a) for norm, name, a, _ in found}
    last = {(norm, name): float(b) for norm, name, _, b in found}
    assert len({first["batch", name] for name in ("small", "Xavier", "He", "large")}) == 1
    assert max(last["batch", name] for name in ("small", "Xavier", "He")) < 0.8
    assert 0.8 < last["batch", "large"] < 2
    assert last["none", "small"] == pytest.approx(np.log(10), abs=0.01)
    assert last["none", "He"] < last["none", "Xavier"]
    assert np.isnan(last["none", "large"])


def shares(lecture, cell_id):
    found, previous = {}, ""
    for line in lecture.printed(cell_id).splitlines()[1:]:
        values = [float(value) for value in re.findall(r"([\d.]+)%", line)]
        name = line.split()[0] if line[0] != " " else f"{previous} as trained"
        found[name] = values
        previous = name
    return found


def test_how_small_a_batch_may_be_for_units(lecture):
    found = shares(lecture, "sizes-units-shown")
    assert found["batch"][0] == pytest.approx(45, abs=1)
    assert found["none"][0] == pytest.approx(90, abs=1)
    assert found["batch"][1] == pytest.approx(86, abs=1)
    assert found["none"][-1] == pytest.approx(55, abs=1)
    assert found["batch"][-1] == pytest.approx(89, abs=1)
    assert found["decorrelated as trained"][3] == pytest.approx(74, abs=1)
    assert found["decorrelated"][3] == pytest.approx(44, abs=1)
    # Below all others up to 32, but for batch norm with two examples.
    others = np.array([found[name] for name in ("none", "layer", "batch")])
    assert (np.array(found["decorrelated"])[1:4] < others[:, 1:4].min(axis=0)).all()


def test_how_small_a_batch_may_be_for_maps(lecture):
    found = shares(lecture, "sizes-maps-shown")
    assert found["batch"][0] == pytest.approx(70, abs=1)
    assert found["batch as trained"][0] == pytest.approx(80, abs=1)
    assert min(found["batch"][1:4]) > 79
    for name in ("layer", "instance", "group"):
        assert np.ptp(found[name][:4]) < 1.5
    last = {name: values[-1] for name, values in found.items() if "trained" not in name}
    assert max(last, key=last.get) == "decorrelated"
    assert last["none"] == pytest.approx(64, abs=2)
    assert last["layer"] == pytest.approx(64, abs=2)


def test_a_batch_of_one_trains_another_net(lecture):
    (batch, batch_used), (instance, instance_used) = rows(
        lecture.printed("beware-one-shown"), r"(\d+)% right as in training, +(\d+)% in evaluation"
    )
    assert instance == instance_used
    assert batch > batch_used + 5

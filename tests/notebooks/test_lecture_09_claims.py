"""Lecture 09: each claim of its text is what the cell beside it prints."""

import re

import pytest

from course_lib.widgets.playground_nets import PlaygroundParameters
from course_lib.widgets.playground_runs import compute

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("09_generalisation")


def rows(text, pattern):
    found = re.findall(pattern, text)
    assert found, f"nothing like {pattern!r} in {text!r}"
    return found


def judged(text):
    """What `judge` printed: name -> training loss, validation loss, % right, gap."""
    lines = rows(text, r"(.+?) *: training ([\d.]+), validation ([\d.]+), ([\d.]+) % right, gap (-?[\d.]+)")
    return {name: tuple(map(float, numbers)) for name, *numbers in lines}


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e[+-]\d+)?", text)]


def test_ten_times_the_pictures_close_the_gap(lecture):
    few, many = judged(lecture.printed("gap-shown")).values()
    assert few[0] == pytest.approx(0.07, abs=0.01)
    assert few[1] == pytest.approx(0.76, abs=0.02)
    assert few[1] > lecture.number(r"lowest .*: ([\d.]+)", "gap-shown") + 0.03
    assert few[2] == pytest.approx(78, abs=1)
    assert many[3] == pytest.approx(0.06, abs=0.02)
    assert many[2] == pytest.approx(83.5, abs=1)


def test_a_net_learns_labels_by_lot_by_heart(lecture):
    learnt, unseen = rows(lecture.printed("beware-memory-shown"), r"([\d.]+) %")
    assert float(learnt) > 99
    assert 7 < float(unseen) < 14


def test_descent_finds_the_closed_forms_of_both_costs(lecture):
    errors = rows(lecture.printed("penalties-checked"), r"difference ([\de.-]+)")
    assert float(errors[0]) < 1e-4
    assert float(errors[1]) < 2e-3


def test_only_soft_thresholding_gives_zeros(lecture):
    assert rows(lecture.printed("beware-nearly-zero-shown"), r"exactly 0: (\d)") == ["0", "2"]


def test_l1_empties_pixels_and_neither_cost_helps_where_there_is_no_gap(lecture):
    text = lecture.printed("penalties-real-told")
    table = rows(text, r"(\w+) *: validation ([\d.]+), .* (\d+) % of the weights .*, largest ([\d.]+)")
    J, small, largest = ({row[0]: float(row[i]) for row in table} for i in (1, 2, 3))
    assert J["none"] < J["L1"]
    assert J["none"] < J["L2"]
    assert small["L1"] == pytest.approx(65, abs=4)
    assert abs(small["L2"] - small["none"]) < 6
    assert largest["L2"] < 0.6 * largest["none"]
    assert largest["L1"] > 0.9 * largest["none"]


def test_l2_spreads_and_l1_keeps_what_it_was_given(lecture):
    table = rows(lecture.printed("spread-peaky-shown"), r"\[([\d.]+) +([\d.]+) +(-?[\d.]+) *\]")
    l2, l1, elastic = [tuple(map(float, row)) for row in table]
    assert l2[0] == l2[1]
    assert l2[2] == pytest.approx(0.7 * l2[0], abs=2e-3)
    assert l1[0] - l1[1] == pytest.approx(0.4, abs=2e-3)
    assert l1[2] == pytest.approx(0, abs=2e-3)
    assert elastic[0] == pytest.approx(elastic[1], abs=2e-3)
    assert elastic[2] == pytest.approx(0, abs=2e-3)


def test_weight_decay_is_l2_for_plain_descent_and_not_for_adam(lecture):
    same = lecture.number(r"weight decay: largest difference ([\de.-]+)", "weight-decay-shown")
    other = lecture.number(r"neither: ([\de.-]+)", "weight-decay-shown")
    assert same < 1e-3 * other
    calm, noisy = zip(
        *rows(lecture.printed("beware-adam-decay-shown"), r"small ([\d.]+), where large ([\d.]+)")
    )
    assert float(calm[0]) < 0.1 < 0.8 < float(noisy[0])
    expected = lecture.number(r"3000 = ([\d.]+)", "beware-adam-decay-shown")
    assert float(calm[1]) == pytest.approx(expected, abs=0.03)
    assert float(noisy[1]) == pytest.approx(expected, abs=0.03)


def test_a_cost_on_the_bias_depends_on_where_zero_lies(lecture):
    out, within = rows(lecture.printed("beware-biases-shown"), r"up to ([\de.+-]+)")
    assert float(out) < 1e-10
    assert float(within) > 1


def test_ours_has_the_half(lecture):
    assert numbers(lecture.printed("beware-half-shown")) == [0.1, 3, 0.45, 0.3, 0.9, 0.6]


def test_max_norm_holds_only_after_the_update(lecture):
    before, after = rows(lecture.printed("beware-max-norm-shown"), r"longest ([\d.]+), limit")
    assert float(before) > 1.2
    assert float(after) <= 1
    free, limited = judged(lecture.printed("max-norm-shown")).values()
    assert limited[1] < free[1] - 0.05
    lengths = rows(lecture.printed("max-norm-shown"), r"longest unit ([\d.]+)")
    assert float(lengths[0]) > 1.1
    assert float(lengths[1]) == 1
    beyond = rows(lecture.printed("max-norm-shown"), r"; (\d+) % of them")
    assert float(beyond[0]) == pytest.approx(100 / 7, abs=2)


def test_both_forms_of_dropout_keep_the_mean(lecture):
    text = lecture.printed("dropout-shown")
    first, inverted = rows(text, r"training mean ([\d.]+), variance ([\d.]+); evaluation ([\d.]+)")
    assert first[0] == first[2] == "2.40"
    assert inverted[0] == inverted[2] == "3.00"
    formula = lecture.number(r"formula .*variance ([\d.]+)", "dropout-shown")
    assert float(inverted[1]) == pytest.approx(formula, rel=0.02)


def test_a_wrong_scale_and_a_wrong_mode_cost(lecture):
    losses = rows(lecture.printed("beware-keep-shown"), r"validation ([\d.]+), ([\d.]+) % right")
    right, nowhere, twice, other = (float(loss) for loss, _ in losses)
    assert right < other < twice < nowhere
    noisy, calm = (numbers(line) for line in lecture.printed("beware-eval-shown").splitlines())
    assert len(set(calm)) == 1
    assert max(noisy) < calm[0] - 4


def test_the_scaled_net_is_the_geometric_mean_of_its_subnets(lecture):
    lines = rows(lecture.printed("ensemble-shown"), r"\[([\d. ]+)\]")
    assert lines[0] == lines[1]
    assert lines[2] != lines[1]
    table = rows(lecture.printed("ensemble-deep-shown"), r"validation ([\d.]+), ([\d.]+) % .* ([\d.]+)\n")
    one, arithmetic, geometric, scaled = [tuple(map(float, row)) for row in table]
    assert one[1] < scaled[1] - 5
    assert abs(geometric[0] - scaled[0]) < 0.01 < arithmetic[0] - scaled[0]
    assert abs(arithmetic[1] - scaled[1]) < 1
    assert geometric[2] < 0.1 < arithmetic[2]


def test_drop_connect_silences_each_unit_by_itself(lecture):
    text = lecture.printed("drop-connect-shown")
    formula, *measured = [numbers(row) for row in rows(text, r"variance \[([\d. ]+)\]")]
    for variances in measured:
        assert variances == pytest.approx(formula, rel=0.03)
    dropout, connect = (float(n) for n in rows(text, r"units (-?[\d.]+)"))
    assert dropout > 0.5
    assert abs(connect) < 0.03
    assert numbers(lecture.printed("beware-one-mask-shown"))[1:] == [64, 1]


def test_small_moves_help_and_noise_and_mirrors_do_not(lecture):
    table = judged(lecture.printed("augmentation-measured-shown"))
    none = table["none"]
    for name in ("shift by up to 1", "crop and scale", "rotation by up to 10°"):
        assert table[name][1] < none[1] - 0.05
        assert table[name][3] < 0.75 * none[3]
    assert table["noise of 0.1"][1] > none[1]
    assert table["flip"][1] < none[1]
    assert max(share for name, (_, _, share, _) in table.items() if name != "none") < none[2]
    assert table["flip"][2] == min(share for _, _, share, _ in table.values())
    assert lecture.number(r"^(\d+) %", "augmentation-shoes") > 95
    shares = rows(lecture.printed("augmentation-shoes-right"), r"shoes ([\d.]+) % .*clothes ([\d.]+) %")
    (shoes, others), (mirrored_shoes, mirrored_others) = (tuple(map(float, row)) for row in shares)
    assert mirrored_shoes < shoes - 3
    assert abs(mirrored_others - others) < 2


def test_what_suits_clothes_harms_digits(lecture):
    still, mirrored, shifted = rows(
        lecture.printed("beware-flip-shown"), r": ([\d.]+) % right, three nets from ([\d.]+) to ([\d.]+)"
    )
    assert float(mirrored[2]) < float(still[1]) - 2
    assert float(shifted[2]) < float(still[1]) - 2


def test_copies_in_both_sets_are_known_by_heart(lecture):
    leaking, honest = numbers(lecture.printed("beware-split-first-shown"))
    assert leaking > 65
    assert 6 < honest < 14


def test_early_stopping_keeps_the_best_weights(lecture):
    stopped, whole = judged(lecture.printed("stopping-run")).values()
    assert stopped[1] < 0.75 * whole[1]
    assert whole[1] > 0.9
    assert abs(stopped[2] - whole[2]) < 1
    best = int(lecture.number(r"best epoch (\d+)", "stopping-run"))
    after = int(lecture.number(r"stopped after (\d+)", "stopping-run"))
    assert best == pytest.approx(23, abs=1)
    assert after == max(best + 4, int(1.5 * best))
    last, kept, lowest = numbers(lecture.printed("beware-restore-shown"))
    assert kept == lowest < last - 0.05


def test_a_stop_is_worth_an_l2_cost(lecture):
    assert lecture.number(r"difference ([\d.]+)", "stopping-l2-shown") < 0.25


def test_an_ensemble_is_no_worse_than_its_mean_member(lecture):
    text = lecture.printed("averaging-shown")
    members = numbers(rows(text, r"restarts: ([\d. ]+);")[0])
    together = lecture.number(r"together: ([\d.]+)", "averaging-shown")
    assert len(members) == 5
    assert together < sum(members) / 5
    assert together == pytest.approx(min(members), abs=0.01)
    last, mean, falling = judged(lecture.printed("averaging-iterates")).values()
    assert max(mean[1], falling[1]) < together - 0.05
    assert mean[1] == pytest.approx(falling[1], abs=0.02)
    assert mean[1] < last[1] - 0.1
    assert mean[2] > last[2] + 1


def test_every_regulariser_lowers_the_loss_and_hardly_any_the_errors(lecture):
    table = judged(lecture.printed("together-shown"))
    none = table.pop("none")
    assert len(table) == 8
    for name, (_, J, share, gap) in table.items():
        assert 0.59 < J < 0.66, name
        assert 0.23 < gap < 0.5 < none[3], name
        assert abs(share - none[2]) < 2, name
    assert table["dropout, p = 0.5"][2] == max(
        share for name, (_, _, share, _) in table.items() if " and " not in name
    )
    dropout, together = table["dropout, p = 0.5"], table["L2, dropout and shift"]
    assert min(J for _, J, *_ in table.values()) == together[1]
    assert dropout[1] - together[1] < 0.03
    test = rows(lecture.printed("together-test-shown"), r"test ([\d.]+), ([\d.]+) %")
    losses, shares = ([float(row[i]) for row in test] for i in (0, 1))
    assert losses == pytest.approx([0.70, 0.59, 0.59], abs=0.02)
    assert max(shares) == shares[0]


def test_the_answers_about_the_playground_are_what_it_shows():
    def losses(kind, **settings):
        result = compute(PlaygroundParameters(kind=kind, **settings))
        at = result.updates.tolist().index(result.shown)
        return result, result.train_loss[at], result.validation_loss[at]

    plain, fitted, climbed = losses("none")
    assert plain.validation_loss.min() == pytest.approx(0.49, abs=0.02)
    assert climbed > 2
    assert losses("L2", lam=0.001)[2] == pytest.approx(1.3, abs=0.2)
    assert losses("L2", lam=0.01)[2] == pytest.approx(0.43, abs=0.03)
    assert losses("L2", lam=0.1)[0].accuracy[0] < 0.87
    (l1, _, first), (l2, _, second) = losses("L1", lam=10**-2.5), losses("L2", lam=10**-2.5)
    assert first == pytest.approx(second, abs=0.06)
    assert first == pytest.approx(0.70, abs=0.04)
    assert l1.nearly_zero > 0.9
    assert l2.nearly_zero < 0.2
    for limit in (1.0, 0.4):
        result, _, validation = losses("max-norm", limit=limit)
        assert result.nearly_zero < 0.1
        assert validation == pytest.approx(0.47, abs=0.03)
    dropout, connect = losses("dropout", p=0.5), losses("DropConnect", p=0.5)
    assert dropout[1] > connect[1] > fitted
    assert min(dropout[2], connect[2]) > 1.5
    many, few = losses("none", count=200)[2], losses("none", count=20)[2]
    assert many < 0.32
    for kind in ("L2", "max-norm", "early stopping"):
        assert many + 0.1 < losses(kind, count=20)[2] < few - 0.2
    assert losses("dropout", count=20, p=0.5)[2] > few

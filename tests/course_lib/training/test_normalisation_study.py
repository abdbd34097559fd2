"""The study of normalisation: its nets, its runs, what counts as a rate that works, and the kept numbers."""

import numpy as np
import pytest

from course_lib import nn
from course_lib.training import normalisation_nets as nets
from course_lib.training import normalisation_study as study


def test_digits_are_standardised_by_the_training_part():
    (x, y), (test_x, test_y) = nets.study_digits()
    assert x.shape == (1400, 64)
    assert test_x.shape == (397, 64)
    assert x.mean() == pytest.approx(0, abs=1e-6)
    assert x.std() == pytest.approx(1, rel=1e-6)
    assert (len(y), len(test_y)) == (1400, 397)


def test_nets_differ_by_their_norms_alone():
    plain = [
        layer.weight.data for layer in nets.unit_net("none", 3, 7).layers if isinstance(layer, nn.Linear)
    ]
    for norm in nets.UNIT_NORMS:
        net = nets.unit_net(norm, 3, 7)
        linear = [layer.weight.data for layer in net.layers if isinstance(layer, nn.Linear)]
        assert all(np.array_equal(a, b) for a, b in zip(plain, linear, strict=True))
        assert len(net.layers) == 7 + 3 * (norm != "none")
    assert nets.map_net("none", 0)(np.zeros((2, 1, 14, 14), np.float32)).shape == (2, 10)
    assert sum(isinstance(layer, nn.InstanceNorm2d) for layer in nets.map_net("instance", 0).layers) == 3


@pytest.mark.parametrize("make", [lambda: nets.unit_net("bach", 2, 0), lambda: nets.map_net("bach", 0)])
def test_an_unknown_norm_is_named(make):
    with pytest.raises(ValueError, match=r"norm must be one of none, batch, .*'bach'"):
        make()


def test_a_run_begins_at_the_same_loss_whatever_the_rate():
    slow, fast = (study.losses_at_rate("batch", 2, rate, 0, steps=12) for rate in (1e-3, 0.3))
    assert slow.shape == (12,)
    assert slow[0] == fast[0]
    assert fast[-1] < slow[-1]
    np.testing.assert_array_equal(fast, study.losses_at_rate("batch", 2, 0.3, 0, steps=12))


def test_what_diverges_is_infinite_from_there_on():
    losses = study.losses_at_rate("none", 8, 10.0, 0, steps=40)
    lost = np.flatnonzero(np.isinf(losses))
    assert lost.size
    assert np.isinf(losses[lost[0] :]).all()
    assert np.isfinite(losses[: lost[0]]).all()


def test_groups_are_means_of_neighbours():
    losses = np.arange(2 * study.TOGETHER, dtype=float)
    np.testing.assert_allclose(study.in_groups(losses), [losses[: study.TOGETHER].mean(), losses[-1] - 3.5])


def rates_that_end_at(*losses):
    """Three seeds, one of them lucky, of four points whose last two decide."""
    runs = np.full((len(study.RATES), 3, 4), 9.0)
    runs[: len(losses), :, 2:] = np.array(losses)[:, None, None]
    runs[:, 0] = 0.0
    return runs


def test_the_median_of_the_seeds_decides():
    np.testing.assert_array_equal(study.works(rates_that_end_at(0.4, 0.6), 0.5)[:3], [True, False, False])


def test_the_usable_range_is_the_longest_row_of_neighbours():
    runs = rates_that_end_at(0.1, 0.9, 0.1, 0.2, 0.1, 0.9, 0.1)
    assert study.usable_range(runs, 0.5) == (study.RATES[2], study.RATES[4])
    assert study.usable_range(runs, 0.05) is None


def test_the_kept_numbers_have_the_shape_of_the_study_and_cannot_be_changed():
    kept = study.normalisation_runs()
    points = study.STEPS // study.TOGETHER
    assert kept.losses.shape == (4, len(study.DEPTHS), len(study.RATES), study.SEEDS, points)
    assert kept.map_accuracies.shape == (6, len(study.MAP_SIZES), study.SEEDS, 2)
    assert kept.unit_accuracies.shape == (4, len(study.UNIT_SIZES), study.SEEDS, 2)
    assert ((kept.map_accuracies >= 0) & (kept.map_accuracies <= 1)).all()
    with pytest.raises(ValueError, match="read-only"):
        kept.losses[0] = 0


@pytest.mark.parametrize("norm", nets.UNIT_NORMS)
def test_the_kept_losses_are_those_of_the_library(norm):
    rate = 8
    live = study.in_groups(study.losses_at_rate(norm, study.DEPTHS[1], study.RATES[rate], 1))
    kept = study.normalisation_runs().losses[list(nets.UNIT_NORMS).index(norm), 1, rate, 1]
    np.testing.assert_allclose(live, kept, rtol=0.1, atol=0.02)


def test_norms_of_one_example_are_the_same_in_evaluation_and_in_training():
    train, test = nets.study_digits()
    few = tuple(part[:200] for part in train)
    for norm in ("none", "layer"):
        used, company = study.accuracies_at_size(nets.unit_net(norm, 1, 0), few, test, 8, 0, epochs=2)
        assert used == pytest.approx(company)
        assert used > 0.5
    used, company = study.accuracies_at_size(nets.unit_net("batch", 1, 0), few, test, 8, 0, epochs=2)
    assert used != pytest.approx(company)


@pytest.mark.slow
@pytest.mark.parametrize(("norm", "size"), [("batch", 32), ("group", 128)])
def test_the_kept_accuracies_are_those_of_the_library(norm, size):
    live = study.map_size_run(norm, size, 0)
    where = list(nets.MAP_NORMS).index(norm), study.MAP_SIZES.index(size), 0
    np.testing.assert_allclose(live, study.normalisation_runs().map_accuracies[where], atol=0.05)

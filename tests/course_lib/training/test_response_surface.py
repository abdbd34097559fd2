"""The response surface: its runs can be made again, and a look at it says what was kept."""

import numpy as np
import pytest

from course_lib.data import load_digits
from course_lib.training import response_surface as study
from course_lib.training.response_surface import DECAYS, RATES, WIDTHS, digit_run, kept_loss, loss_at, surface


def test_a_tenth_of_the_training_labels_was_drawn_and_no_other():
    images, labels = load_digits(dtype=np.float64)
    by_picture = {image.tobytes(): label for image, label in zip(images.reshape(-1, 64), labels)}
    sets = study.search_digits()
    assert [len(y) for _, y in sets] == [300, 300, 1197]
    x = sets[0][0]
    assert x.mean() == pytest.approx(0, abs=1e-6)
    assert x.std() == pytest.approx(1, rel=1e-6)
    order = np.random.default_rng(11).permutation(len(images))
    true = np.array([by_picture[images[place].tobytes()] for place in order])
    wrong = [np.flatnonzero(y != t) for (_, y), t in zip(sets, np.split(true, [300, 600]))]
    assert 20 <= len(wrong[0]) <= 30
    assert wrong[0].max() < 30
    assert len(wrong[1]) == len(wrong[2]) == 0


@pytest.mark.parametrize(("i", "j", "k", "seed"), [(4, 0, 3, 0), (6, 6, 5, 2)])
def test_a_kept_run_is_what_the_run_gives(i, j, k, seed):
    run = digit_run(float(RATES[i]), float(DECAYS[j]), int(WIDTHS[k]), seed=seed)
    kept = study.response_runs()
    # Kept with three digits; another machine rounds otherwise, which training makes larger.
    np.testing.assert_allclose(kept.validation_losses[i, j, k, seed], run.validation_losses, rtol=0.01)
    assert kept.test_losses[i, j, k, seed] == pytest.approx(run.test_loss, rel=0.01)
    assert kept.test_accuracies[i, j, k, seed] == pytest.approx(run.test_accuracy, abs=0.005)


def test_a_run_that_diverges_is_infinitely_bad():
    run = digit_run(100.0, 1.0, 4, epochs=3)
    assert run.validation_losses.shape == (3,)
    assert np.isinf(run.validation_losses[-1])
    assert np.isinf(run.test_loss)


def test_the_surface_is_a_mean_over_seeds_after_an_epoch():
    every = np.stack([surface(epochs=7, seed=seed) for seed in range(study.SEEDS)])
    np.testing.assert_allclose(surface(epochs=7), every.mean(axis=0))
    assert every.shape[1:] == (len(RATES), len(DECAYS), len(WIDTHS))
    assert not np.array_equal(every[0], every[1])


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"epochs": 21}, {"seed": 3}, {"seed": -1}])
def test_there_are_no_other_epochs_and_seeds(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        surface(**wrong)


def test_on_the_points_of_the_grid_the_look_up_is_exact():
    found = loss_at(RATES[:, None, None], DECAYS[:, None], WIDTHS, epochs=5, seed=1)
    np.testing.assert_allclose(found, surface(epochs=5, seed=1), rtol=1e-12)


def test_between_two_points_it_is_their_geometric_mean():
    table = surface()
    middle = loss_at(np.sqrt(RATES[3] * RATES[4]), DECAYS[2], WIDTHS[5])
    assert middle == pytest.approx(np.sqrt(table[3, 2, 5] * table[4, 2, 5]))
    middle = loss_at(RATES[3], np.sqrt(DECAYS[7] * DECAYS[8]), WIDTHS[1])
    assert middle == pytest.approx(np.sqrt(table[3, 7, 1] * table[3, 8, 1]))
    corners = loss_at(RATES[5] * 10**0.1, DECAYS[4] * 10**0.1, 12)
    assert table[5:7, 4:6, 2:4].min() < corners < table[5:7, 4:6, 2:4].max()


def test_beside_a_diverged_point_all_is_infinite_and_on_a_sound_one_it_is_not():
    table = surface()
    lost = np.argwhere(np.isinf(table[1:]) & np.isfinite(table[:-1]))
    assert len(lost)
    i, j, k = lost[0]
    assert np.isinf(loss_at(np.sqrt(RATES[i] * RATES[i + 1]), DECAYS[j], WIDTHS[k]))
    assert loss_at(RATES[i], DECAYS[j], WIDTHS[k]) == pytest.approx(table[i, j, k])


@pytest.mark.parametrize(
    ("name", "place"), [("rate", (2.0, 1e-3, 8)), ("decay", (0.1, 1e-6, 8)), ("width", (0.1, 1e-3, 65))]
)
def test_outside_nothing_is_known(name, place):
    with pytest.raises(ValueError, match=name):
        loss_at(*place)
    with pytest.raises(ValueError, match=name):
        loss_at(*(np.nan if key == name else value for key, value in zip(("rate", "decay", "width"), place)))


def test_a_search_may_say_how_many_epochs():
    found = {"rate": 0.02, "decay": 1e-3, "width": 20}
    assert kept_loss({**found, "epochs": 1}) > 1.2 * kept_loss({**found, "epochs": 5})
    assert kept_loss(found) == kept_loss({**found, "epochs": 20}) == float(loss_at(0.02, 1e-3, 20))

"""The study of fine-tuning: its tasks, its runs, and the kept numbers."""

from dataclasses import replace

import numpy as np
import pytest

from course_lib.training import transfer_study as study
from course_lib.training.transfer_cases import SOFTMAX, judge


@pytest.fixture(scope="module")
def few_textures():
    task = study.study_task("textures")
    return replace(task, test=task.test.subset(np.arange(60)))


@pytest.fixture(scope="module")
def tuned(few_textures):
    return study.fine_tune(few_textures, 3, 1e-3, 0, 1e-2, seed=0, updates=(0, 4))


def test_test_images_are_of_all_classes_and_always_the_same():
    for name, classes in (("textures", 3), ("clothes", 10)):
        task, again = study.study_task(name), study.study_task(name)
        assert len(task.test.labels) == study.TESTED
        counts = np.bincount(task.test.labels, minlength=classes)
        assert counts.min() > 0.5 * study.TESTED / classes
        np.testing.assert_array_equal(task.test.images, again.test.images)


def test_it_begins_where_the_head_on_frozen_codes_ended(few_textures, tuned):
    # That one stands alone: it was made and judged by other functions.
    assert tuned[0] == judge(few_textures, 3, [SOFTMAX], seed=0, updates=1)[SOFTMAX]


def test_a_trunk_that_learns_too_fast_forgets_and_a_frozen_one_does_not(few_textures, tuned):
    frozen = study.fine_tune(few_textures, 3, 1e-3, 0, 0, seed=0, updates=(0, 4))
    assert frozen[0] == tuned[0] > 0.85
    assert frozen[1] > 0.85
    assert tuned[1] < 0.8


def test_runs_of_a_seed_are_the_same(few_textures, tuned):
    again = study.fine_tune(few_textures, 3, 1e-3, 0, 1e-2, seed=0, updates=(0, 4))
    np.testing.assert_array_equal(again, tuned)


def test_early_blocks_learn_only_if_asked_to(few_textures):
    frozen, early = (
        study.fine_tune(few_textures, 3, 1e-4, rate, 0, seed=0, updates=(6,)) for rate in (0, 3e-2)
    )
    assert abs(float((early - frozen)[0])) > 0.02


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"head": 0.0}, "head must be above 0"),
        ({"early": -1.0}, "early"),
        ({"late": -1.0}, "late"),
        ({"updates": (5, 0)}, "updates must ascend"),
        ({"updates": (0,)}, "updates must ascend"),
        ({"updates": ()}, "updates must ascend"),
    ],
)
def test_impossible_arguments_are_named(few_textures, arguments, named):
    settings = {"head": 1e-3, "early": 0.0, "late": 0.0, "seed": 0} | arguments
    with pytest.raises(ValueError, match=named):
        study.fine_tune(few_textures, 3, **settings)


def test_an_unknown_task_is_named():
    with pytest.raises(ValueError, match=r"textures, clothes, got 'digits'"):
        study.study_task("digits")


def test_the_kept_grid_is_whole():
    runs = study.transfer_runs()
    axes = study.SIZES, study.EARLY_RATES, study.LATE_RATES, range(study.DRAWS)
    shape = len(study.TASKS), *map(len, axes), len(study.UPDATES)
    assert runs.tuned.shape == shape
    assert runs.baselines.shape == (len(study.TASKS), len(study.SIZES), len(study.BASELINES), study.DRAWS)
    for array in (runs.tuned, runs.baselines):
        assert not array.flags.writeable
        assert 0.1 <= array.min() <= array.max() <= 1
    # Before the first update the rates do not count.
    start = runs.tuned[..., 0]
    np.testing.assert_array_equal(start, np.broadcast_to(start[:, :, :1, :1], start.shape))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "rates"), [("textures", (0.0, 1e-4)), ("clothes", (1e-3, 1e-3))])
def test_kept_numbers_are_those_of_a_run(name, rates):
    early, late = rates
    at = study.EARLY_RATES.index(early), study.LATE_RATES.index(late)
    kept = study.transfer_runs().tuned[(study.TASKS.index(name), 0, *at, 0)]
    # Other processors round otherwise: some images of 300 may change sides on the way.
    np.testing.assert_allclose(
        study.fine_tune(study.study_task(name), 3, study.HEAD_RATE, *rates, seed=0), kept, atol=0.03
    )

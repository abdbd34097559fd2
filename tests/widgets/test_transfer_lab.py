"""The transfer lab: what it reads off the kept runs, and what it says."""

import numpy as np
import pytest

from course_lib.training import transfer_study as study
from course_lib.widgets import TransferLab
from course_lib.widgets.transfer_lab import EVEN, TransferLabParameters, compute


def kept(task, size, early, late):
    at = study.EARLY_RATES.index(early), study.LATE_RATES.index(late)
    return study.transfer_runs().tuned[(study.TASKS.index(task), study.SIZES.index(size), *at)]


def test_it_shows_the_runs_of_its_settings():
    result = compute(TransferLabParameters("textures", 60, 1e-4, 1e-2))
    np.testing.assert_array_equal(result.curves, kept("textures", 60, 1e-4, 1e-2))
    baselines = study.transfer_runs().baselines[0, 1].astype(float).mean(axis=1)
    np.testing.assert_allclose(result.without, baselines)


def test_the_table_holds_the_four_cases_at_the_same_rates():
    result = compute(TransferLabParameters("textures", 60, 1e-3, 1e-3))
    for row, size in enumerate(study.SIZES):
        for column, task in enumerate(study.TASKS):
            tuned = kept(task, size, 1e-3, 1e-3).astype(float)[:, -1].mean()
            at = column, study.SIZES.index(size)
            without = study.transfer_runs().baselines[at].astype(float).mean(axis=1).max()
            np.testing.assert_allclose(result.table[row, column], (tuned, without))
            np.testing.assert_allclose(result.gains[row, column], tuned - without)


def test_freezing_everything_leaves_the_codes_and_only_the_head_moves():
    frozen = compute(TransferLabParameters(late=0.0))
    tuned = compute(TransferLabParameters(late=1e-2))
    np.testing.assert_array_equal(frozen.curves[:, 0], tuned.curves[:, 0])
    assert (frozen.curves != tuned.curves).any()


def test_it_says_what_transfer_is_worth():
    for task in study.TASKS:
        for size in study.SIZES:
            result = compute(TransferLabParameters(task, size))
            gain = result.curves[:, -1].mean() - result.without.max()
            word = "makes no clear difference" if abs(gain) < EVEN else "helps" if gain > 0 else "does worse"
            assert f"Transfer {word} here" in TransferLab.explain(result)
            assert f"{task.capitalize()}, {size} a class" in TransferLab.explain(result)


def test_the_frame_is_on_the_chosen_case():
    widget = TransferLab(task="clothes", size=3)
    frame = widget._artists["frame"]
    assert frame.get_xy() == pytest.approx((1.03, 0.03))
    widget.controls["size"].value = 60
    assert frame.get_xy() == pytest.approx((1.03, 1.03))
    widget.controls["task"].value = "textures"
    assert frame.get_xy() == pytest.approx((0.03, 1.03))


def test_moving_a_slider_changes_the_artists_that_are_there():
    widget = TransferLab()
    artists, before = dict(widget._artists), widget.picture.png
    widget.controls["late"].value = 1e-2
    widget.controls["early"].value = 1e-3
    assert widget.picture.png != before
    assert all(widget._artists[name] is artist for name, artist in artists.items())
    assert "fine-tuning on clothes" in widget.picture.alt


@pytest.mark.parametrize(
    ("name", "value"),
    [("task", "digits"), ("size", 4), ("early", 1e-2), ("late", -1.0), ("size", [3])],
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        TransferLabParameters(**{name: value})


def ends(task, size):
    """Mean accuracy at the end for every setting of the rates."""
    rates = [(early, late) for early in study.EARLY_RATES for late in study.LATE_RATES]
    return {each: compute(TransferLabParameters(task, size, *each)).curves[:, -1].mean() for each in rates}


def test_the_lecture_s_walk_through_the_lab_is_what_it_shows():
    clothes = compute(TransferLabParameters("clothes", 3, 0.0, 0.0))
    assert clothes.curves[:, 0].mean() == pytest.approx(0.69, abs=0.005)
    assert clothes.without.max() == pytest.approx(0.57, abs=0.005)
    fast = compute(TransferLabParameters("textures", 3, 0.0, 1e-2))
    mean = fast.curves.mean(axis=0)
    assert 0.28 < mean[0] - mean[1] < 0.36
    assert mean[-1] < mean[0] - 0.1
    assert fast.gains[0, 0] == pytest.approx(-0.13, abs=0.005)
    many = compute(TransferLabParameters("clothes", 60, 0.0, 0.0))
    assert many.curves.mean(axis=0)[[0, 1, -1]] == pytest.approx([0.88, 0.73, 0.88], abs=0.006)
    assert many.curves[:, 0].mean() - many.without.max() == pytest.approx(0.08, abs=0.006)
    assert min(ends("textures", 60).values()) > 0.98


def test_the_lecture_s_answer_about_the_lab_is_what_it_shows():
    few = ends("textures", 3)
    new = compute(TransferLabParameters("textures", 3)).without.max()
    assert all(few[rates] - new < -EVEN for rates in few if rates[1] >= 1e-3)
    best = {("textures", 3): (1e-3, 0.0), ("clothes", 3): (0.0, 0.0), ("clothes", 60): (0.0, 1e-4)}
    for case, rates in best.items():
        assert max(ends(*case), key=ends(*case).get) == rates
    assert few[1e-3, 0.0] == pytest.approx(0.985, abs=0.001)
    assert ends("clothes", 3)[0.0, 0.0] == pytest.approx(0.685, abs=0.001)
    assert ends("clothes", 60)[0.0, 1e-4] == pytest.approx(0.882, abs=0.001)
    for case in (*best, ("textures", 60)):
        found = ends(*case)
        careful = [found[rates] for rates in found if max(rates) <= 1e-4]
        assert min(careful) > max(found.values()) - 0.015

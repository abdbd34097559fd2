"""With and without normalisation: what the widget reads off the kept runs, and what it says."""

import numpy as np
import pytest

from course_lib.training.normalisation_nets import UNIT_NORMS
from course_lib.training.normalisation_study import DEPTHS, RATES, normalisation_runs, usable_range
from course_lib.widgets import WithAndWithout
from course_lib.widgets.with_and_without import POWERS, TARGETS, ComparisonParameters, compute


def test_its_rates_are_those_of_the_study():
    np.testing.assert_allclose(10.0 ** np.array(POWERS), RATES, rtol=1e-3)


def test_it_shows_the_runs_of_its_settings():
    result = compute(ComparisonParameters("layer", 8, POWERS[3]))
    losses = normalisation_runs().losses
    np.testing.assert_array_equal(result.curves[0], losses[0, 3, 3])
    np.testing.assert_array_equal(result.curves[1], losses[list(UNIT_NORMS).index("layer"), 3, 3])
    ends = [np.median(run[:, -2:].mean(axis=1)) for run in losses[0, 3].astype(float)]
    np.testing.assert_allclose(result.ends[0], ends)
    for row, runs in enumerate(losses[0]):
        found = usable_range(runs, 0.5)
        np.testing.assert_array_equal(result.ranges[0, row], (np.nan, np.nan) if found is None else found)


def test_a_stricter_mark_leaves_no_more_rates():
    for norm in ("batch", "layer", "decorrelated"):
        spans = [compute(ComparisonParameters(norm, target=target)).ranges for target in TARGETS]
        width = np.nan_to_num(np.log([span[..., 1] / span[..., 0] for span in spans]), nan=-1)
        assert (np.diff(width, axis=0) >= 0).all()


def span(norm, depth, target=0.5):
    low, high = compute(ComparisonParameters(norm, depth, target=target)).ranges[:, DEPTHS.index(depth)].T
    return low, high


def test_the_lecture_answers_its_questions_rightly():
    (low, low_with), (high, high_with) = span("batch", 4)
    assert 7 <= high_with / high <= 8
    assert 1.7 <= low_with / low <= 1.8
    (low, low_with), _ = span("batch", 16)
    assert np.isnan(low)
    assert low_with > 0.2
    (low, low_with), (_, high_with) = span("batch", 16, 1.0)
    assert np.isnan(low)
    assert 23 < high_with / low_with < 25
    at_one = POWERS.index(0.0)
    assert compute(ComparisonParameters("batch", 4)).ends[1, at_one] < 0.1
    assert 0.8 < compute(ComparisonParameters("layer", 4)).ends[1, at_one] < 1.2
    (_, batch_low), (_, batch_high) = span("batch", 4, 1.5)
    (_, white_low), (_, white_high) = span("decorrelated", 4, 1.5)
    assert white_low > 3 * batch_low
    assert white_high == batch_high


def test_it_says_where_the_loss_ends_and_which_rates_work():
    said = WithAndWithout.explain(compute(ComparisonParameters("batch", 16, 1.0)))
    assert "Without a norm the loss diverges at α = 10; no rate works." in said
    said = WithAndWithout.explain(compute(ComparisonParameters("batch", 4, 0.0, 1.5)))
    assert "rates that work: or below 0.01 to " in said


def test_moving_a_slider_changes_the_artists_that_are_there():
    widget = WithAndWithout()
    artists, before = dict(widget._artists), widget.picture.png
    widget.controls["power"].value = POWERS[5]
    widget.controls["depth"].value = 16
    widget.controls["norm"].value = "layer"
    assert widget.picture.png != before
    assert all(widget._artists[name] is artist for name, artist in artists.items())
    assert "16 hidden layers without and with layer norm" in widget.picture.alt


@pytest.mark.parametrize(
    ("name", "value"), [("norm", "none"), ("depth", 3), ("power", 0.3), ("target", 0.3), ("depth", [4])]
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        ComparisonParameters(**{name: value})

"""The search lab shows the trials that a search made, and what they came to."""

import numpy as np
import pytest

from course_lib.training.kept_searches import METHODS, SEARCHES, TRIALS, best_so_far, tried_points
from course_lib.training.response_surface import DECAYS, RATES, WIDTHS, loss_at, surface
from course_lib.widgets import SearchLab
from course_lib.widgets.search_lab_trials import SearchLabParameters, compute, lowest_over_widths


@pytest.mark.parametrize("method", METHODS)
def test_losses_are_those_of_the_surface_at_the_points_tried(method):
    result = compute(SearchLabParameters(method, budget=20, search=4))
    np.testing.assert_array_equal(result.points, tried_points(method, 3, 20))
    np.testing.assert_allclose(result.losses, [loss_at(*point) for point in result.points])
    assert [result.best[t] for t in range(20)] == [min(result.losses[: t + 1]) for t in range(20)]
    assert result.losses[result.winner] == result.best[-1]


def test_quartiles_are_of_all_searches():
    result = compute(SearchLabParameters("evolutionary", budget=40))
    ends = np.sort(best_so_far("evolutionary", 40)[:, -1])
    lower, median, upper = result.quartiles[:, -1]
    assert (ends <= lower).sum() == pytest.approx(SEARCHES / 4, abs=1.5)
    assert (ends <= median).sum() == pytest.approx(SEARCHES / 2, abs=1.5)
    assert (ends <= upper).sum() == pytest.approx(3 * SEARCHES / 4, abs=1.5)
    random = compute(SearchLabParameters("random", budget=40))
    np.testing.assert_array_equal(result.luck, random.quartiles[1])


def test_the_hand_gets_the_best_width_where_it_points():
    result = compute(SearchLabParameters(rate=float(RATES[5]), decay=float(DECAYS[6])))
    column = surface()[5, 6]
    assert result.by_hand == pytest.approx(column.min())
    assert result.hand_width == WIDTHS[column.argmin()]


def test_the_map_is_lowest_over_widths():
    found = lowest_over_widths(len(RATES), len(DECAYS))
    np.testing.assert_allclose(found, surface().min(axis=-1).T)


@pytest.mark.parametrize(
    "wrong",
    [{"method": "luck"}, {"budget": 0}, {"budget": TRIALS + 1}, {"budget": 2.0}, {"search": True}]
    + [{"search": SEARCHES + 1}, {"rate": 2.0}, {"rate": np.nan}, {"decay": "little"}],
)
def test_impossible_settings_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SearchLabParameters(**wrong)


def test_moving_a_control_changes_the_artists_that_are_there():
    lab = SearchLab()
    figure, dots, before = lab._figure, lab._artists["tried"], lab.picture.png
    lab.controls["method"].value = "Bayesian"
    lab.controls["budget"].value = 33
    assert lab._figure is figure
    assert lab._artists["tried"] is dots
    np.testing.assert_allclose(10 ** dots.get_xdata(), tried_points("Bayesian", 0, 33)[:, 0])
    assert lab.picture.png != before
    assert lab.picture.alt == f"Search lab. {SearchLab.explain(lab._result)}"
    assert "best of 33 trials" in lab.message.value


def test_diverged_trials_stand_at_the_rim():
    lab = SearchLab(method="grid", budget=27)
    lost = lab._artists["lost"]
    too_high = lab._result.losses > 1.5
    assert too_high.any()
    np.testing.assert_array_equal(lost.get_xdata(), np.flatnonzero(too_high) + 1)
    assert set(lost.get_ydata()) == {1.5}
    assert len(lab._artists["trials"].get_xdata()) == (~too_high).sum()


def test_a_drag_tries_by_hand_and_stays_within_the_surface():
    lab = SearchLab()
    handle = lab.make_handles(lab._artists, lab._result)["hand"]
    target = handle.axes.transData.transform((-1.5, -2.0))
    lab._moved("hand", *target, False)
    parameters = lab.current_parameters()
    assert parameters.rate == pytest.approx(10**-1.5)
    assert parameters.decay == pytest.approx(1e-2)
    assert lab._result.by_hand == pytest.approx(surface()[6, 6].min())
    lab.controls["budget"].value = 5
    assert lab.current_parameters().rate == parameters.rate, "a slider leaves the hand's point alone"
    lab._moved("hand", 0, 0, False)
    parameters = lab.current_parameters()
    assert (parameters.rate, parameters.decay) == (RATES[0], DECAYS[0])

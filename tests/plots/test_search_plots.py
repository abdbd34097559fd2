"""Figures of searches show medians, every trial and the best one, and carry their alt text."""

import numpy as np
import pytest

from course_lib import plots

CURVES = {"random": np.array([[3.0, 2, 2], [4, 4, 1], [5, 3, 3]]), "grid": np.ones((3, 3))}
COLUMNS = {"rate": np.array([1e-3, 1e-2, 1e-1]), "unit": np.array(["relu", "tanh", "relu"])}
VALUES = np.array([0.5, 0.2, np.inf])


def trials(**changes):
    options = {"alt": "Three trials", "ylabel": "loss", "logarithmic": ["rate"], **changes}
    return plots.show_search_trials(COLUMNS, VALUES, **options)


def test_the_budget_curve_is_the_median_of_the_repetitions():
    figure = plots.show_search_budget(CURVES, alt="Two strategies", ylabel="loss", logarithmic=True)
    axis = figure.axes[0]
    np.testing.assert_array_equal(axis.lines[0].get_xdata(), [1, 2, 3])
    np.testing.assert_array_equal(axis.lines[0].get_ydata(), [4, 3, 2])
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["random", "grid"]
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_yscale()) == ("trials", "loss", "log")
    assert figure._repr_mimebundle_()["text/plain"] == "Two strategies"


def test_every_hyper_parameter_has_an_axis_and_the_best_trial_a_mark():
    figure = trials()
    rate, unit = figure.axes
    assert (rate.get_xlabel(), unit.get_xlabel(), rate.get_ylabel()) == ("rate", "unit", "loss")
    assert (rate.get_xscale(), unit.get_xscale()) == ("log", "linear")
    finite, lost, best = rate.lines
    np.testing.assert_array_equal(finite.get_ydata(), [0.5, 0.2])
    np.testing.assert_array_equal(lost.get_xdata(), [0.1])
    assert lost.get_ydata()[0] > 0.5
    assert (best.get_xdata()[0], best.get_ydata()[0]) == (1e-2, 0.2)
    assert figure._repr_mimebundle_()["text/plain"] == "Three trials"


def test_the_best_can_be_the_largest():
    assert trials(maximize=True).axes[0].lines[2].get_ydata()[0] == 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.show_search_budget({}, alt="a", ylabel="b"), "curves must hold at least one"),
        (lambda: plots.show_search_budget({"a": [1]}, alt="a", ylabel="b"), r"curves\['a'\] must have shape"),
        (lambda: plots.show_search_trials({}, [1], alt="a", ylabel="b"), "must hold one hyper-parameter"),
        (
            lambda: plots.show_search_trials({"a": [1, 2]}, [1], alt="a", ylabel="b"),
            r"parameters\['a'\] must",
        ),
        (lambda: trials(alt=" "), "alt must say"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def maps(values, **changes):
    options = {"alt": "Maps", "xlabel": "rate", "ylabel": "decay", "label": "loss", "highest": 4.0}
    return plots.show_response_maps(values, x=np.array([0.01, 0.1, 1]), y=np.array([1e-3, 1]), **options)


def test_a_star_marks_the_lowest_place_of_each_map():
    figure = maps({"a": [[1, 0.5, np.inf], [2, 3, 4.0]], "b": [[3, 3, 3], [0.7, 3, np.nan]]})
    stars = [(axis.lines[0].get_xdata()[0], axis.lines[0].get_ydata()[0]) for axis in figure.axes[:2]]
    assert stars == [(0.1, 1e-3), (0.01, 1)]
    assert [axis.get_title(loc="left") for axis in figure.axes[:2]] == ["a", "b"]
    assert figure.axes[0].collections[0].get_array().mask.tolist() == [[False, False, True], [False] * 3]
    assert len({axis.collections[0].norm.vmin for axis in figure.axes[:2]}) == 1
    assert figure._repr_mimebundle_()["text/plain"] == "Maps"


@pytest.mark.parametrize("wrong", [{}, {"a": np.ones((3, 2))}, {"a": np.full((2, 3), np.inf)}])
def test_maps_need_a_value_for_each_place(wrong):
    with pytest.raises(ValueError, match="maps"):
        maps(wrong)


def test_widths_over_few_decades_have_plain_numbers_that_do_not_overlap():
    widths = {"width": np.array([2, 9, 60])}
    figure = plots.show_search_trials(widths, VALUES, alt="A", ylabel="loss", logarithmic=["width"])
    figure.draw_without_rendering()
    shown = figure.axes[0].xaxis
    inside = [t.label1.get_text() for t in shown.get_major_ticks() if 1.5 <= t.get_loc() <= 80]
    assert inside == ["2", "5", "10", "20", "50"]
    assert {tick.label1.get_text() for tick in shown.get_minor_ticks()} <= {""}

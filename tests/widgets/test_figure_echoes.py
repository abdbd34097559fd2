"""A slider in the page rounds to its steps and tells the kernel so; that is not the hand's wish."""

import pytest

import course_lib.widgets.figure_panel as figure_panel
from course_lib.widgets import QuadraticDescent, SurfaceExplorer
from course_lib.widgets.surface_slices import critical_points


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set."""
    now = [100.0]
    monkeypatch.setattr(figure_panel.time, "monotonic", lambda: now[0])
    return now


def rounded(value, step):
    return round(value / step) * step


def test_a_page_that_opens_changes_nothing():
    widget = QuadraticDescent(method="gradient descent", hessian="own entries", lr=0.3, kappa=20.0)
    before, picture = widget.current_parameters(), widget.picture.png
    widget.controls["kappa"].value = 10**1.3
    widget.controls["momentum"].value = 0.8 + 1e-16
    widget.controls["lr"].value = rounded(0.3, widget.controls["lr"].step)
    assert widget.current_parameters() == before
    assert widget.picture.png is picture


def test_digits_that_a_slider_does_not_show_are_kept():
    widget = QuadraticDescent(kappa=7.0)
    widget.controls["best rate"].click()
    best = 2 / (1 + 1 / 7)
    assert widget.current_parameters().lr == pytest.approx(best, rel=1e-12)
    widget.controls["lr"].value = rounded(best, 0.01)
    widget.controls["step"].value += 1
    assert widget.current_parameters().lr == pytest.approx(best, rel=1e-12)
    widget.controls["lr"].value = rounded(best, 0.01) + 0.01
    assert widget.current_parameters().lr == pytest.approx(1.76)


def test_a_critical_point_stays_one_when_the_page_has_rounded_it():
    explorer = SurfaceExplorer()
    kind, *place = next(point for point in critical_points(("Himmelblau",)) if point[0] == "saddle")
    explorer.controls["visit"].value = tuple(place)
    for name, value in zip(("theta1", "theta2"), place):
        explorer.controls[name].value = round(value, 2)
    explorer.controls["angle"].value = 60
    assert "Saddle" in explorer.message.value


def test_an_echo_of_an_earlier_place_does_not_pull_a_handle_back(clock):
    widget = QuadraticDescent()
    left, top, right, bottom = widget.picture.handles[-1]["box"]
    for share in (0.2, 0.3, 0.4):
        widget._moved("probe", left + share * (right - left), 200.0, True)
        clock[0] += 0.01
    widget.controls["lr"].value = 0.8
    assert widget.current_parameters().lr == pytest.approx(1.6)


def test_sliders_follow_a_held_handle_now_and_then_and_are_right_when_it_is_let_go(clock):
    widget = QuadraticDescent()
    left, top, right, bottom = widget.picture.handles[-1]["box"]
    slider, behind = widget.controls["lr"], []
    for number in range(12):
        clock[0] += 0.03
        widget._moved("probe", left + (0.2 + 0.02 * number) * (right - left), 200.0, True)
        behind.append(slider.value != widget.current_parameters().lr)
    assert behind == [False, *[True] * 6, False, *[True] * 4]
    widget._moved("probe", left + 0.5 * (right - left), 200.0, False)
    assert slider.value == widget.current_parameters().lr


def test_what_comes_later_is_the_hands_wish(clock):
    widget = QuadraticDescent()
    left, top, right, bottom = widget.picture.handles[-1]["box"]
    for share in (0.2, 0.3, 0.4):
        widget._moved("probe", left + share * (right - left), 200.0, True)
    clock[0] += 2
    widget.controls["lr"].value = 0.8
    assert widget.current_parameters().lr == pytest.approx(0.8)


def test_the_hand_may_go_back_at_once_to_what_the_widget_has_set(clock):
    widget = QuadraticDescent(method="Newton", lr=1.5)
    widget.controls["method"].value = "gradient descent"
    slider = widget.controls["lr"]
    set_by_widget = widget.current_parameters().lr
    for value in (set_by_widget + slider.step, set_by_widget):
        clock[0] += 0.05
        slider.value = value
        assert widget.current_parameters().lr == pytest.approx(value)


def test_an_echo_is_expected_once(clock):
    widget = QuadraticDescent(kappa=6.0)
    widget.controls["best rate"].click()
    slider = widget.controls["lr"]
    shown = rounded(widget.current_parameters().lr, slider.step)
    for value in (shown, shown + slider.step, shown):
        clock[0] += 0.05
        slider.value = value
    assert widget.current_parameters().lr == pytest.approx(shown, rel=1e-12)


def test_a_hand_that_was_quicker_than_the_echo_may_go_back(clock):
    widget = QuadraticDescent(kappa=6.0)
    widget.controls["best rate"].click()
    slider = widget.controls["lr"]
    shown = rounded(widget.current_parameters().lr, slider.step)
    # A page whose kernel is busy tells only the last of two values: the echo is not among them.
    for value in (shown + slider.step, shown):
        clock[0] += 0.05
        slider.value = value
        assert widget.current_parameters().lr == pytest.approx(value, rel=1e-12)

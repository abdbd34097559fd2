"""However a widget came to a setting, its picture is the one that is drawn there from nothing."""

import ipywidgets
import numpy as np
import pytest

import course_lib.widgets
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.figure_view import FigureView

ALL = [getattr(course_lib.widgets, name) for name in course_lib.widgets.__all__]
PANELS = [widget for widget in ALL if issubclass(widget, FigurePanel)]
every_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.__name__)


def another_value(control):
    """A value that a control can take next."""
    if isinstance(control, ipywidgets.Checkbox):
        return not control.value
    if hasattr(control, "options"):
        values = [value for _, value in control._options_full]
        return values[(values.index(control.value) + 1) % len(values)]
    if isinstance(control, ipywidgets.FloatLogSlider):
        exponents = np.linspace(control.min, control.max, 4)[1:3]
        return max(control.base**exponents, key=lambda value: abs(np.log(value / control.value)))
    low, high = control.value - 2 * control.step, control.value + 2 * control.step
    return high if high <= control.max else low


def drawn_from_nothing(widget):
    return FigureView(lambda dark: widget.make_figure(widget._result, dark=dark)[0])._shown


@every_panel
def test_changes_and_drags_leave_nothing_behind(panel):
    widget = panel()
    for control in widget.controls.values():
        if isinstance(control, ipywidgets.Button):
            continue
        control.value = another_value(control)
        if hasattr(widget, "finish"):
            widget.stop()
    for handle in widget.picture.handles:
        left, top, right, bottom = handle["box"]
        for held, share in ((True, 0.3), (True, 0.6), (False, 0.7)):
            across, down = left + share * (right - left), top + share * (bottom - top)
            widget._moved(handle["name"], across, widget.picture.height - down, held)
    np.testing.assert_array_equal(widget.picture._shown, drawn_from_nothing(widget))

"""Lecture 10 in a real browser: the picture that was shown anew after its run is alive, and the only one."""

import pytest
from jupyterlab_driver import LIGHT
from widget_controls import Widget

pytestmark = pytest.mark.browser


def test_the_live_picture_ends_with_its_run_and_can_be_gone_over(open_lecture, artifacts):
    lecture = open_lecture("10_monitoring")
    lecture.page.bring_to_front()
    lecture.use_theme(LIGHT)
    widget = Widget(lecture, "live-fit")
    widget.scroll_to_top()
    lecture.settle()
    lecture.page.screenshot(path=artifacts / "lecture_10_live-fit_light.png")
    assert widget.cell.locator(".course-panel").count() == 1
    assert widget.cell.locator("canvas.course-figure").count() == 1
    assert "Alert: rate too high" in widget.cell.locator(".course-message").inner_text()
    assert "4 ReLU 100%" in widget.painted.get_attribute("aria-label")
    sliders = [control for control in widget.controls() if control.name.startswith("Until")]
    assert len(sliders) == 1
    assert widget.move_by_key(sliders[0])
    assert lecture.console_errors == []

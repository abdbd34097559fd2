"""Every lecture in a real browser: it runs, and every control of every widget changes its picture."""

import copy
import json
import os
import re
import statistics
from functools import partial
from pathlib import Path

import nbformat
import pytest
from jupyterlab_driver import DARK, LIGHT
from widget_controls import Widget

import course_lib.widgets

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
LECTURES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
_MADE = re.compile(rf"^(?:{'|'.join(course_lib.widgets.__all__)})\(.*\)$")
WORDS = ".course-title, .course-label, .stepper-words, .widget-label, .course-message span"
_PIXELS = "canvas => canvas.toDataURL()"
_HEAR_STATES = """() => { window.states = [];
  jupyterapp.shell.currentWidget.sessionContext.session.kernel.statusChanged.connect(
    (_, state) => window.states.push(state)); }"""
TIMES = 5
# A frame has 16.7 ms, and what is measured ends with one: of few moves the median would say little.
MOVES = 15


def widget_cells(name):
    """The cells of a lecture that end in a widget."""
    cells = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells
    return [
        cell.id
        for cell in cells
        if cell.cell_type == "code" and cell.source and _MADE.match(cell.source.splitlines()[-1])
    ]


WIDGETS = [(name, cell_id) for name in LECTURES for cell_id in widget_cells(name)]
every_lecture = pytest.mark.parametrize("name", LECTURES)
every_widget = pytest.mark.parametrize(("name", "cell_id"), WIDGETS)


@pytest.fixture(scope="module")
def report(artifacts):
    """What the lectures did, for the eye: run times, and how long a repaint took.

    That is its median and the fastest of all, as what else the machine does lengthens it: see the load.
    """
    empty = {"repaint_ms": {}, "fastest_ms": {}, "load": 0.0}
    found = {name: {"widgets": widget_cells(name)} | copy.deepcopy(empty) for name in LECTURES}
    yield found
    # One file a lecture: runs of others at the same time leave it alone.
    for name, facts in found.items():
        if "run_seconds" in facts or facts["repaint_ms"]:
            text = json.dumps(facts, indent=1, ensure_ascii=False)
            (artifacts / f"lecture_{name[:2]}.json").write_text(text + "\n")


def note_times(facts, label, times):
    facts["repaint_ms"][label] = round(statistics.median(times), 1)
    facts["fastest_ms"][label] = round(min(times), 1)
    facts["load"] = max(facts["load"], round(os.getloadavg()[0], 1))


@pytest.fixture
def widget(open_lecture, name, cell_id):
    lecture = open_lecture(name)
    lecture.page.bring_to_front()
    lecture.use_theme(LIGHT)
    return Widget(lecture, cell_id)


def test_the_server_has_loaded_the_courses_extension(lab):
    assert "course_lib.server_extension | extension was successfully loaded" in lab.log.read_text()


@every_lecture
def test_it_runs_from_top_to_bottom(open_lecture, report, name):
    run = open_lecture(name).report
    assert run.errors == []
    assert run.cells > 10
    report[name] |= {
        "run_seconds": round(run.seconds, 1),
        "processor_seconds": round(run.processor_seconds, 1),
        "cells": run.cells,
    }
    # What else the machine does meanwhile lengthens the run, and is not the lecture's.
    assert run.processor_seconds < 60


@every_widget
def test_every_control_is_named_and_moved_by_key(widget, report, name, cell_id):
    controls = list(widget.controls())
    assert controls
    for control in controls:
        assert control.name, f"a {control.kind} has no label"
        key = widget.move_by_key(control)
        moved = f"no key changes the picture through the {control.kind} {control.name!r}"
        assert key, f"{moved}: {widget.standing()}"
        if control.kind != "choice":
            times = widget.repaint_times(control, key, times=TIMES)
            goes = times or control.kind == "list"
            assert goes, f"the {control.kind} {control.name!r} goes one way only: {widget.standing()}"
            label = f"{cell_id}: {control.kind} {control.name.split(' at ')[0]} by key"
            note_times(report[name], label, times or [0])


@every_widget
def test_every_control_is_moved_by_pointer(widget, report, name, cell_id):
    for control in list(widget.controls()):
        assert widget.move_by_pointer(control), f"the pointer cannot move the {control.kind} {control.name!r}"
        if control.kind == "handle":
            handle, picture = widget.drag_times(control, times=MOVES)
            title = control.place.get_attribute("title").split(":")[0]
            note_times(report[name], f"{cell_id}: drag of {title}, handle follows", handle)
            note_times(report[name], f"{cell_id}: drag of {title}, picture follows", picture)


@every_widget
def test_every_button_does_something_by_key_and_by_pointer(widget, report, name, cell_id):
    buttons = widget.buttons()
    for button in buttons:
        assert button.name
        assert widget.press(button, button.place.click), f"the button {button.name!r} does nothing"
        by_key = partial(button.place.press, "Enter")
        assert widget.press(button, by_key), f"no key presses the button {button.name!r}"
    report[name].setdefault("buttons", {})[cell_id] = [button.name for button in buttons]


@every_widget
def test_nothing_jumps_when_a_control_is_moved(widget, name, cell_id):
    heights = {widget.height()}
    for control in list(widget.controls())[:4]:
        widget.move_by_key(control)
        heights.add(widget.height())
    assert len(heights) == 1


@pytest.mark.parametrize(("theme", "shade"), [(LIGHT, "light"), (DARK, "dark")])
@every_widget
def test_both_themes_are_readable(open_lecture, artifacts, name, cell_id, theme, shade):
    lecture = open_lecture(name)
    lecture.page.bring_to_front()
    lecture.use_theme(theme)
    widget = Widget(lecture, cell_id)
    widget.scroll_to_top()
    lecture.settle()
    box = widget.root.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    assert widget.gap_behind_boxes() >= 10
    lecture.page.screenshot(path=artifacts / f"lecture_{name[:2]}_{cell_id}_{shade}.png")
    for words in widget.cell.locator(WORDS).all():
        if words.is_visible() and words.inner_text().strip():
            assert lecture.contrast(words) >= 4.5, words.inner_text()


@pytest.mark.parametrize(("name", "cell_id"), [("01_cost_surfaces", "explorer")])
def test_changes_sent_one_by_one_make_the_picture_that_is_sent_whole(widget):
    (handle,) = (control for control in widget.controls() if control.kind == "handle")
    widget.drag(handle.place, 60, -40, steps=12)
    widget.notebook.settle()
    changed = widget.painted.evaluate(_PIXELS)
    # A page that turns dark and light again gets the picture anew.
    for theme in (DARK, LIGHT):
        widget.notebook.use_theme(theme)
        again = Widget(widget.notebook, "explorer")
        widget.notebook.settle()
    assert again.painted.evaluate(_PIXELS) == changed


@pytest.mark.parametrize(("name", "cell_id"), [("08_normalisation", "cube-widget")])
def test_the_kernel_is_not_shown_as_busy_for_each_move_of_a_held_handle(widget):
    (handle,) = (control for control in widget.controls() if control.kind == "handle")
    widget.notebook.settle()
    widget.page.evaluate(_HEAR_STATES)
    widget.drag_times(handle, times=MOVES)
    # Where the hand lets go, the kernel is busy as with anything else.
    assert 1 <= widget.page.evaluate("window.states").count("busy") < MOVES / 2


@every_lecture
def test_nothing_went_wrong_unseen(open_lecture, name):
    assert open_lecture(name).console_errors == []
    assert open_lecture(name).foreign_requests == []

"""A run that is shown while it goes on: parts in order, the end is complete, and a new wish cancels it."""

import threading
from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
import pytest

import course_lib.widgets.streamed_panel as streamed_panel
from course_lib.plots.accessible import describe, new_figure
from course_lib.widgets.streamed_panel import StreamedPanel

PARTS = 5


@dataclass(frozen=True)
class CountParameters:
    start: int = 0

    def __post_init__(self):
        if self.start == 13:
            raise ValueError("start must not be 13, got 13")


@dataclass(frozen=True)
class CountResult:
    parameters: CountParameters
    values: np.ndarray


class Gate:
    """Lets a stream give one part at a time, and knows how many it has given."""

    def __init__(self):
        self.open = threading.Semaphore(0)
        self.given = []

    def parts(self, parameters):
        for number in range(PARTS):
            if number:
                assert self.open.acquire(timeout=20)
            self.given.append((parameters.start, number))
            yield CountResult(parameters, np.full(2, parameters.start + number))


class Counter(StreamedPanel):
    """Counts from a start, one a part."""

    Parameters: ClassVar[type] = CountParameters
    gate: ClassVar[Gate]

    @staticmethod
    def compute(parameters):
        return CountResult(parameters, np.full(2, parameters.start + PARTS - 1))

    def stream(self, parameters):
        return self.gate.parts(parameters)

    def make_controls(self, parameters):
        return {"start": ipywidgets.IntSlider(parameters.start, description="Start")} | self.run_buttons()

    @classmethod
    def make_figure(cls, result, *, dark):
        figure = new_figure(2, 1, dark=dark)
        (line,) = figure.subplots().plot([], [])
        cls.update_figure(figure, {"line": line}, result)
        return figure, {"line": line}

    @classmethod
    def update_figure(cls, figure, artists, result):
        artists["line"].set_data([0, 1], result.values)
        describe(figure, cls.explain(result))

    @classmethod
    def explain(cls, result):
        return f"It stands at {result.values[0]}."


@pytest.fixture
def counter(monkeypatch):
    monkeypatch.setattr(streamed_panel, "_PAUSE", 0.0)
    monkeypatch.setattr(Counter, "gate", Gate(), raising=False)
    widget = Counter()
    yield widget
    widget.stop()
    for _ in range(4 * PARTS):
        Counter.gate.open.release()
    widget.finish(20)


def let_go(widget, parts=PARTS):
    for _ in range(parts):
        Counter.gate.open.release()
    widget.finish(20)


def test_the_first_view_is_complete_and_nothing_runs(counter):
    assert "stands at 4" in counter.picture.alt
    assert not counter.is_running()
    assert Counter.gate.given == []


def test_the_first_part_is_shown_at_once_and_the_last_at_the_end(counter):
    counter.controls["start"].value = 10
    assert "stands at 10" in counter.picture.alt
    assert counter.is_running()
    let_go(counter)
    assert "stands at 14" in counter.picture.alt
    assert "stands at 14" in counter.message.value
    assert not counter.is_running()
    assert counter.current_parameters() == CountParameters(10)


def test_every_part_is_shown_in_order(counter):
    seen = []
    counter.picture.observe(lambda change: seen.append(change["new"]), "alt")
    counter.controls["start"].value = 10
    let_go(counter)
    assert seen == [f"It stands at {number}." for number in range(10, 15)]


def test_a_new_wish_cancels_the_run(counter):
    counter.controls["start"].value = 10
    old = counter._run
    counter.controls["start"].value = 20
    let_go(counter, 2 * PARTS)
    old.join(20)
    assert not old.is_alive()
    assert "stands at 24" in counter.picture.alt
    assert max(number for start, number in Counter.gate.given if start == 10) <= 1


def test_the_run_goes_on_when_the_first_picture_is_on_its_way(counter, monkeypatch):
    for _ in range(PARTS):
        Counter.gate.open.release()
    repaint, given = counter.picture.repaint, []

    def watched(**how):
        if not given:
            # A run that did not wait would come to its end here.
            counter._run.join(0.3)
        given.append(len(Counter.gate.given))
        repaint(**how)

    monkeypatch.setattr(counter.picture, "repaint", watched)
    counter.controls["start"].value = 10
    counter.finish(20)
    assert given[0] == 1
    assert "stands at 14" in counter.picture.alt


def test_stop_keeps_the_latest_picture(counter):
    counter.controls["start"].value = 10
    counter.controls["stop"].click()
    assert not counter.is_running()
    assert "Stopped. It stands at 10." in counter.message.value
    let_go(counter)
    assert "stands at 10" in counter.picture.alt
    assert len(Counter.gate.given) <= 2


def test_stop_says_nothing_where_nothing_runs(counter):
    before = counter.message.value
    counter.controls["stop"].click()
    assert counter.message.value == before


def test_the_run_can_be_begun_again(counter):
    counter.controls["again"].click()
    assert "stands at 0." in counter.picture.alt
    let_go(counter)
    assert "stands at 4" in counter.picture.alt


def test_a_theme_that_changes_during_a_run_shows_the_present_part(counter):
    counter.controls["start"].value = 10
    counter.picture.dark = True
    assert "stands at 10" in counter.picture.alt
    let_go(counter)
    assert counter.picture.painted_dark
    assert "stands at 14" in counter.picture.alt


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_goes_wrong_in_a_run_is_told(counter, monkeypatch):
    def fails(parameters):
        yield CountResult(parameters, np.zeros(2))
        raise RuntimeError("no more chalk")

    monkeypatch.setattr(Counter, "stream", staticmethod(fails))
    counter.controls["start"].value = 10
    counter.finish(20)
    assert "no more chalk" in counter.message.value
    assert "course-problem" in counter.message.value


def test_an_impossible_wish_leaves_the_run_alone(counter):
    counter.controls["start"].value = 10
    counter.controls["start"].value = 13
    assert "start must not be 13" in counter.message.value
    assert counter.is_running()
    let_go(counter)
    assert "stands at 14" in counter.picture.alt
    assert {start for start, _ in Counter.gate.given} == {10}

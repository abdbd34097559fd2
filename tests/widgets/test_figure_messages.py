"""What a figure tells its page: with what it is told, the page has the same picture at every moment."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib.plots.accessible import describe, new_figure
from course_lib.widgets.figure_view import FigureView

WIDTH, HEIGHT = 300, 100


class Page:
    """Does with messages what painted_picture.js does."""

    def __init__(self, view):
        self.view, self.sizes = view, []
        state = view.get_state()
        self.told = state
        self.picture = np.frombuffer(state["pixels"], np.uint8).reshape(HEIGHT, WIDTH, 4).copy()
        view.send = self.hear

    def hear(self, message, buffers=()):
        if message["kind"] != "paint":
            return
        self.told, data = message, np.frombuffer(buffers[0], np.uint8)
        self.sizes.append(len(data))
        if message["changed"] is None:
            self.picture = data.reshape(HEIGHT, WIDTH, 4).copy()
            return
        at, mask = 0, 4 * message["changed"]
        for left, top, width, height in message["patches"]:
            size = -(-width * height // 8)
            bits = np.unpackbits(data[mask : mask + size], count=width * height)
            rows, columns = np.nonzero(bits.reshape(height, width))
            self.picture[top + rows, left + columns] = data[at : at + 4 * len(rows)].reshape(-1, 4)
            at, mask = at + 4 * len(rows), mask + size
        assert mask == len(data)

    def is_right(self):
        wanted = np.asarray(Image.open(io.BytesIO(self.view.png)).convert("RGBA"))
        return np.array_equal(self.picture, wanted)


@pytest.fixture
def dot():
    """A view of a dot that can be moved, and the page that shows it."""
    artists = {}

    def make(dark):
        figure = new_figure(WIDTH / 100, HEIGHT / 100, dark=dark, layout="none")
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
        (artists["dot"],) = axes.plot([0.5], [0.5], "o", color="red" if dark else "black")
        artists["dot"].set_animated(True)
        artists["figure"] = figure
        return describe(figure, "A dot in the middle.")

    def place():
        return [{"name": "dot", "left": float(artists["dot"].get_xdata()[0])}]

    view = FigureView(make, None, place)
    return view, Page(view), artists


def test_a_page_that_opens_has_the_picture_and_what_belongs_to_it(dot):
    view, page, _ = dot
    assert page.is_right()
    assert page.told["alt"] == view.alt == "A dot in the middle."
    assert (page.told["width"], page.told["height"]) == (WIDTH, HEIGHT)
    assert page.told["handles"] == [{"name": "dot", "left": 0.5}]


def test_only_what_changed_is_sent(dot):
    view, page, artists = dot
    artists["dot"].set_data([0.8], [0.5])
    describe(artists["figure"], "A dot on the right.")
    view.repaint()
    assert page.is_right()
    assert 0 < page.sizes[-1] < WIDTH * HEIGHT * 4 / 5
    assert page.told["alt"] == "A dot on the right."
    assert page.told["handles"] == [{"name": "dot", "left": 0.8}]


def test_an_equal_picture_is_not_a_new_one(dot):
    view, page, _ = dot
    before, png = view.paints, view.png
    view.repaint()
    assert page.sizes == [0]
    assert page.told["patches"] == []
    assert view.paints == before
    assert view.png is png


def test_another_theme_is_sent_whole(dot):
    view, page, _ = dot
    view.dark = True
    assert page.is_right()
    assert page.sizes[-1] == WIDTH * HEIGHT * 4
    assert page.told["painted_dark"] is True


def test_a_page_that_missed_something_gets_all(dot):
    view, page, artists = dot
    seen = view.paints
    del view.send
    artists["dot"].set_data([0.2], [0.5])
    view.repaint()
    view.send = page.hear
    assert not page.is_right()
    view._heard(view, {"kind": "ready", "paints": seen}, [])
    assert page.is_right()
    page.sizes.clear()
    view._heard(view, {"kind": "ready", "paints": view.paints}, [])
    assert page.sizes == []


def move(view, number):
    message = {"kind": "move", "number": number, "name": "dot", "left": 30.0, "top": 40.0, "held": True}
    view._heard(view, message, [])


def test_the_first_picture_answers_a_move(dot):
    view, page, artists = dot
    answers = []
    view.send = lambda message, buffers=(): answers.append((message["kind"], message["answers"]))

    def follow(name, x, y, held):
        artists["dot"].set_data([x / WIDTH], [y / HEIGHT])
        view.repaint()
        view.repaint()

    view._on_move = follow
    move(view, 7)
    assert answers == [("paint", 7), ("paint", None)]
    view.repaint()
    assert answers[-1] == ("paint", None)


@pytest.mark.parametrize("problem", [None, RuntimeError("no way there")])
def test_a_move_without_a_picture_is_answered_all_the_same(dot, problem):
    view, _, _ = dot
    answers = []
    view.send = lambda message, buffers=(): answers.append((message["kind"], message["answers"]))

    def refuse(name, x, y, held):
        if problem:
            raise problem

    view._on_move = refuse
    if problem:
        with pytest.raises(RuntimeError, match="no way there"):
            move(view, 8)
    else:
        move(view, 8)
    assert answers == [("moved", 8)]
    view.repaint()
    assert answers[-1] == ("paint", None)


def test_a_part_of_the_state_comes_without_the_picture(dot):
    view, _, _ = dot
    assert "pixels" not in view.get_state("dark")

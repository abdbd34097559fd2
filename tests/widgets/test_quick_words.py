"""Words that are set a line at a time look as matplotlib sets them, and are set once."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from course_lib.plots.accessible import new_figure
from course_lib.widgets.quick_words import QuickCanvas, WordKeepingRenderer

SIZE, MIDDLE = 200, 100
LINES = ["Step 12", "−1.50", "θ₁ and θ₂", "10⁻³", "jJgy,;_", "'", "____", "▲ ● κ = ∞", "a", "."]


def drawn(kind, words, angle=0, colour="#102030", size=9.0, at=(MIDDLE, MIDDLE)):
    renderer = kind(SIZE, SIZE, 100)
    gc = renderer.new_gc()
    gc.set_foreground(colour)
    renderer.draw_text(gc, *at, words, FontProperties(size=size), angle)
    return np.asarray(renderer.buffer_rgba()).copy()


def rims(picture):
    rows, columns = np.nonzero(picture[..., 3] > 60)
    return np.array([rows.min(), rows.max(), columns.min(), columns.max()])


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("size", [8.0, 10.0, 17.5])
@pytest.mark.parametrize("words", LINES)
def test_it_looks_as_matplotlib_draws_it(words, size, angle):
    ours, theirs = (drawn(kind, words, angle, size=size) for kind in (WordKeepingRenderer, RendererAgg))
    np.testing.assert_allclose(rims(ours), rims(theirs), atol=1)
    ink = [picture[..., 3].astype(float) for picture in (ours, theirs)]
    assert ink[0].sum() == pytest.approx(ink[1].sum(), rel=0.01)
    # The middle of all ink: also glyph by glyph nothing is a pixel off.
    for axis in (0, 1):
        places = [(i.sum(axis=axis) * np.arange(SIZE)).sum() / i.sum() for i in ink]
        assert places[0] == pytest.approx(places[1], abs=0.05)


def test_words_have_their_colour():
    picture = drawn(WordKeepingRenderer, "IIII", colour="#2080c0", size=30)
    darkest = picture[picture[..., 3] == picture[..., 3].max()]
    np.testing.assert_array_equal(np.unique(darkest, axis=0), [[0x20, 0x80, 0xC0, 255]])


@pytest.mark.parametrize(("angle", "colour"), [(30, "#000000"), (0, (0, 0, 0, 0.5))])
def test_what_it_cannot_do_is_left_to_matplotlib(angle, colour):
    ours, theirs = (drawn(kind, "word", angle, colour) for kind in (WordKeepingRenderer, RendererAgg))
    np.testing.assert_array_equal(ours, theirs)


def test_the_same_words_in_other_properties_are_others():
    renderer = WordKeepingRenderer(SIZE, SIZE, 100)
    gc = renderer.new_gc()
    prop = FontProperties(size=9)
    found = []
    for change in (lambda: None, lambda: prop.set_size(12), lambda: prop.set_weight("bold")):
        change()
        renderer.clear()
        renderer.draw_text(gc, MIDDLE, MIDDLE, "word", prop, 0)
        found.append(int(np.asarray(renderer.buffer_rgba())[..., 3].sum()))
    assert found[0] < found[1] < found[2]


def test_words_are_set_once(monkeypatch):
    renderer = WordKeepingRenderer(SIZE, SIZE, 100)
    gc, prop = renderer.new_gc(), FontProperties(size=9)
    renderer.draw_text(gc, MIDDLE, MIDDLE, "word", prop, 0)
    first = np.asarray(renderer.buffer_rgba()).copy()

    def refuse(*_):
        raise AssertionError("set again")

    monkeypatch.setattr(renderer, "_prepare_font", refuse)
    renderer.clear()
    renderer.draw_text(gc, MIDDLE, MIDDLE, "word", prop, 0)
    np.testing.assert_array_equal(np.asarray(renderer.buffer_rgba()), first)


def test_words_keep_inside_their_clip():
    figure = new_figure(2, 1, layout="none")
    axes = figure.add_axes((0.1, 0.1, 0.3, 0.8))
    axes.set_axis_off()
    axes.text(0.5, 0.5, "a long line of words", clip_on=True)
    canvas = QuickCanvas(figure)
    canvas.draw()
    dark = np.asarray(canvas.buffer_rgba())[..., :3].min(axis=(0, 2)) < 128
    assert dark[40:79].any()
    assert not dark[81:].any()


def test_a_canvas_of_another_resolution_has_another_renderer():
    canvas = QuickCanvas(new_figure(2, 1, layout="none"))
    first = canvas.get_renderer()
    assert canvas.get_renderer() is first
    canvas.figure.set_dpi(50)
    assert canvas.get_renderer() is not first
    assert canvas.get_renderer().width == 100

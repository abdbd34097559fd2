"""What of a figure is drawn when: once, now and then, or with every change."""

import numpy as np
import pytest
from PIL import Image

from course_lib.plots.accessible import describe, new_figure
from course_lib.widgets.figure_view import FigureView, change_now_and_then

WIDTH = 300


@pytest.fixture
def bars():
    """Three bars side by side that are drawn once, now and then, and always; and the view that shows them."""
    found = []

    def make(dark):
        figure = new_figure(WIDTH / 100, 1.0, dark=dark, layout="none")
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 3), ylim=(0, 1))
        axes.set_axis_off()
        found[:] = axes.bar([0.5, 1.5, 2.5], [1, 1, 1], 1, color="black")
        change_now_and_then(found[1])
        found[2].set_animated(True)
        return describe(figure, "Three bars.")

    return FigureView(make), found


def colours(view):
    import io

    pixels = np.asarray(Image.open(io.BytesIO(view.png)).convert("RGB"))[50]
    return [tuple(pixels[column]) for column in (50, 150, 250)]


def test_all_are_drawn_at_first(bars):
    view, _ = bars
    assert colours(view) == [(0, 0, 0)] * 3
    assert not view.painted_dark


def test_each_layer_is_drawn_in_its_time(bars):
    view, artists = bars
    for artist in artists:
        artist.set_facecolor("red")
    view.repaint()
    assert colours(view) == [(0, 0, 0), (0, 0, 0), (255, 0, 0)]
    view.repaint(everything=True)
    assert colours(view) == [(0, 0, 0), (255, 0, 0), (255, 0, 0)]


def test_another_theme_makes_all_anew(bars):
    view, artists = bars
    before = list(artists)
    view.dark = True
    assert all(new is not old for new, old in zip(artists, before))
    assert view.painted_dark
    assert colours(view) == [(0, 0, 0)] * 3

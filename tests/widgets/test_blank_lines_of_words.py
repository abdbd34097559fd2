"""A blank line between two lines of words takes its room, and draws nothing."""

import numpy as np

from course_lib.plots.accessible import new_figure
from course_lib.widgets.quick_words import QuickCanvas


def inked_rows(words):
    figure = new_figure(2.0, 1.5, layout="none")
    figure.text(0.1, 0.9, words, va="top")
    canvas = QuickCanvas(figure)
    canvas.draw()
    return np.flatnonzero((np.asarray(canvas.buffer_rgba())[..., :3] < 128).any(axis=(1, 2)))


def test_a_blank_line_is_room_between_two_others():
    apart, together = inked_rows("up\n\ndown"), inked_rows("up\ndown")
    assert apart[0] == together[0]
    assert apart[-1] > together[-1] + 8
    assert np.diff(apart).max() > np.diff(together).max() + 8


def test_nothing_but_blanks_draws_nothing():
    assert inked_rows(" ").size == 0
    assert inked_rows("").size == 0

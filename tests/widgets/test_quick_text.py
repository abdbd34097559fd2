"""Words that are drawn without being measured stand where they were put, a line below the other."""

import numpy as np
import pytest
from matplotlib.text import Text

from course_lib.plots.accessible import new_figure
from course_lib.widgets.quick_text import QuickText
from course_lib.widgets.quick_words import QuickCanvas

INK = 128  # darker than this on a white ground
DPI = 100


def inked(artist):
    figure = new_figure(4, 3, dark=False, layout="none")
    figure.set_dpi(DPI)
    figure.add_artist(artist)
    canvas = QuickCanvas(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].min(axis=-1) < INK


def box(ink):
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return rows[0], rows[-1], columns[0], columns[-1]


@pytest.mark.parametrize("words", ["xyz", "θ = (1, −1.5)", "Ähnlich"])
def test_a_line_looks_as_matplotlib_sets_it(words):
    quick, usual = inked(QuickText(0.25, 0.5, words)), inked(Text(0.25, 0.5, words))
    np.testing.assert_allclose(box(quick)[2:], box(usual)[2:], atol=1)
    # Its small letters lie around the place, where usually the baseline does.
    down = np.subtract(box(quick)[:2], box(usual)[:2])
    assert down[0] == down[1]
    assert 2 <= down[0] <= 5


def test_each_line_lies_below_the_one_before():
    one = box(inked(QuickText(0.1, 0.5, "xo", leading=36)))
    three = box(inked(QuickText(0.1, 0.5, "xo\n\nxo", leading=36)))
    assert three[0] == one[0]
    assert three[1] - one[1] == 2 * 36 * DPI / 72
    assert three[2:] == one[2:]


def test_words_can_be_changed_coloured_and_hidden():
    text = QuickText(0.1, 0.5, "first", color="#CC0000")
    figure = new_figure(4, 3, dark=False, layout="none")
    figure.add_artist(text)
    canvas = QuickCanvas(figure)

    def drawn():
        canvas.draw()
        return np.asarray(canvas.buffer_rgba()).copy()

    first = drawn()
    assert (first[..., 0].astype(int) - first[..., 1]).max() > 100
    text.set_text("second")
    assert (drawn() != first).any()
    text.set_visible(False)
    assert (drawn() == 255).all()


def test_another_resolution_is_followed():
    def drawn(*resolutions):
        figure = new_figure(4, 3, dark=False, layout="none")
        figure.add_artist(QuickText(0.1, 0.5, "xyz\nxyz", leading=30))
        for dpi in resolutions:
            figure.set_dpi(dpi)
            canvas = QuickCanvas(figure)
            canvas.draw()
        return np.asarray(canvas.buffer_rgba())

    np.testing.assert_array_equal(drawn(DPI, 2 * DPI), drawn(2 * DPI))

"""Ticks that are drawn without a layout stand where matplotlib's own stand, and say the same."""

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.ticker import MaxNLocator

from course_lib.plots.accessible import new_figure
from course_lib.plots.palette import look
from course_lib.widgets.quick_ticks import QuickTicks
from course_lib.widgets.quick_words import QuickCanvas

BINS = 5
INK = 128  # darker than this on a white ground
NEAR = 2  # pixels
LIMITS = [((-1.3, 2.1), (0, 1)), ((0.8, -0.3), (-1200, 43000)), ((1e-4, 7e-4), (-0.05, 0.05))]


def inked(xlim, ylim, *, quick):
    with rc_context(look(dark=False)):
        figure = new_figure(4, 3, dark=False, layout="none")
        axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
        axes.set(xlim=xlim, ylim=ylim)
        if quick:
            ticks = QuickTicks(axes, bins=BINS)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(BINS, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(lambda value, _: f"{value:.10g}".replace("-", "−"))
        canvas = QuickCanvas(figure)
        figure.set_dpi(100)
        canvas.draw()
    found = np.asarray(canvas.buffer_rgba())[..., :3].min(axis=-1) < INK
    return (found, ticks) if quick else found


def widened(ink):
    wide = ink.copy()
    for down in range(-NEAR, NEAR + 1):
        for right in range(-NEAR, NEAR + 1):
            wide |= np.roll(ink, (down, right), axis=(0, 1))
    return wide


@pytest.mark.parametrize(("xlim", "ylim"), LIMITS)
def test_they_stand_where_matplotlibs_own_stand(xlim, ylim):
    usual, (quick, _) = inked(xlim, ylim, quick=False), inked(xlim, ylim, quick=True)
    assert quick.sum() > 700
    assert not (usual & ~widened(quick)).any()
    assert not (quick & ~widened(usual)).any()


def test_limits_that_change_are_followed_and_nothing_is_drawn_where_they_are_hidden():
    one, ticks = inked((0, 1), (0, 1), quick=True)
    canvas = ticks.figure.canvas
    ticks.axes.set_xlim(0, 7)
    canvas.draw()
    other = np.asarray(canvas.buffer_rgba())[..., 0] < INK
    assert (one != other).any()
    ticks.set_visible(False)
    canvas.draw()
    assert (np.asarray(canvas.buffer_rgba())[..., 0] < INK).sum() < other.sum() - 200


def test_another_resolution_is_followed():
    def drawn(*resolutions):
        figure = new_figure(4, 3, dark=False, layout="none")
        QuickTicks(figure.add_axes((0.2, 0.2, 0.7, 0.7)), bins=BINS)
        for dpi in resolutions:
            figure.set_dpi(dpi)
            canvas = QuickCanvas(figure)
            canvas.draw()
        return np.asarray(canvas.buffer_rgba())

    np.testing.assert_array_equal(drawn(100, 200), drawn(200))

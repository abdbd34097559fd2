"""Images that are drawn fast look as matplotlib's own do without interpolation."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_lib.plots.accessible import new_figure
from course_lib.plots.palette import SIGNED
from course_lib.widgets.quick_image import show_quickly

RNG = np.random.default_rng(0)
CASES = {
    "pixel by pixel": (RNG.random((80, 120)), {"cmap": "gray", "vmin": 0.2, "vmax": 0.9}),
    "few cells": (RNG.normal(size=(5, 6)), {"cmap": SIGNED}),
    "its own shape": (RNG.normal(size=(5, 6)), {"aspect": "auto"}),
    "the first row below": (RNG.random((4, 3)), {"origin": "lower"}),
    "another extent": (RNG.random((7, 7)), {"extent": (2, 9, 5, 1)}),
    "colours": (RNG.random((6, 9, 4)), {}),
    "colours as bytes": (RNG.integers(0, 256, (6, 9, 4), np.uint8), {}),
    "without transparency": (RNG.random((6, 9, 3)), {}),
    "a single cell": (np.ones((1, 1)), {"vmin": 0, "vmax": 2}),
    "holes": (np.where(RNG.random((6, 6)) < 0.3, np.nan, 0.5), {"vmin": 0, "vmax": 1}),
}


def drawn(show, values, options, change=lambda image: None):
    figure = new_figure(1.5, 1.2, layout="none")
    axes = figure.add_axes((15 / 150, 20 / 120, 120 / 150, 80 / 120))
    axes.set_axis_off()
    image = show(axes, values, **options)
    change(image)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


def usually(axes, values, **options):
    return axes.imshow(values, interpolation="nearest", **options)


@pytest.mark.parametrize("case", CASES)
def test_it_looks_as_usual(case):
    ours, theirs = (drawn(show, *CASES[case]) for show in (show_quickly, usually))
    differs = np.abs(ours - theirs).max(axis=2) > 3
    # Where a border of cells falls on the middle of a pixel, either cell is right.
    assert differs.mean() < 0.02


OTHER = RNG.normal(size=(5, 6))
CHANGES = {
    "values": lambda image: image.set_data(OTHER),
    "limits": lambda image: image.set_clim(-9, 9),
    "colours": lambda image: image.set_cmap("magma"),
    "extent": lambda image: image.set_extent((1, 3, 4, 0)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changes_are_seen(change):
    def twice(image):
        FigureCanvasAgg(image.axes.figure).draw()
        change(image)

    values = RNG.normal(size=(5, 6))
    before, after = (drawn(show_quickly, values, {}, c) for c in (lambda image: None, twice))
    assert (before != after).any()
    np.testing.assert_array_equal(after, drawn(show_quickly, values, {}, change))


def test_it_stays_inside_its_axes_and_can_be_hidden():
    values = np.ones((4, 4))
    wide = drawn(show_quickly, values, {"vmin": 0, "vmax": 2}, lambda image: image.axes.set_xlim(1, 2))
    assert (wide[:, :15] == 255).all()
    assert (drawn(show_quickly, values, {}, lambda image: image.set_visible(False)) == 255).all()

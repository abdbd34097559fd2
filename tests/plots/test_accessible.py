"""Every figure carries its alt text, and a figure without one is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib import plots

KERNEL = np.array([[1.0, 0, -1], [2, 0, -2]])
DRAWN = {
    "images": lambda alt: plots.show_images([np.eye(4), np.zeros((4, 6, 3))], ["grey", "colour"], alt=alt),
    "signed images": lambda alt: plots.show_images([np.eye(4) - 0.5], ["signed"], alt=alt, signed=True),
    "brightness": lambda alt: plots.show_brightness([np.eye(4), 3 * np.eye(4)], ["a", "b"], alt=alt),
    "matrices": lambda alt: plots.show_matrices([KERNEL, KERNEL.T], ["a", "b"], alt=alt),
    "matrix": lambda alt: plots.show_matrix(np.eye(30), "a", alt=alt, rows="out", columns="in"),
    "signals": lambda alt: plots.show_signals({"a": [1, 2], "b": [0, 1, 3]}, alt=alt, columns=2),
    "curves": lambda alt: plots.show_curves({"a": [1, 2]}, alt=alt, xlabel="step", ylabel="loss"),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_notebook_gets_a_picture_with_alt_text(draw):
    bundle = draw('A "quoted" text\n  over two lines')._repr_mimebundle_()
    assert bundle["text/plain"] == 'A "quoted" text over two lines'
    assert 'alt="A &quot;quoted&quot; text over two lines"' in bundle["text/html"]
    assert "http" not in bundle["text/html"]


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_the_picture_is_not_empty(draw):
    pixels = np.asarray(Image.open(io.BytesIO(draw("alt").png())).convert("L"))
    assert pixels.std() > 5


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_figure_without_alt_text_is_refused(draw):
    with pytest.raises(ValueError, match="alt must say"):
        draw("  ")


def test_axes_of_curves_are_labelled():
    axis = plots.show_curves({"a": [1, 2]}, alt="x", xlabel="step", ylabel="loss", levels={"best": 1}).axes[0]
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("step", "loss")
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["a", "best"]


def test_curves_stand_where_x_says():
    axis = plots.show_curves({"a": [1, 2]}, x=[-3, 5], alt="x", xlabel="t", ylabel="J").axes[0]
    np.testing.assert_array_equal(axis.lines[0].get_xdata(), [-3, 5])


def test_no_line_runs_through_the_names_of_the_curves():
    options = {"alt": "x", "xlabel": "step", "ylabel": "loss", "levels": {"best": 1}}
    inside = plots.show_curves({"a": [1, 2]}, **options).axes[0].get_legend()
    assert inside.get_frame_on() and inside.get_frame().get_alpha() >= 0.8
    figure = plots.show_curves({"a": [1, 2]}, legend="outside", **options)
    figure.png()  # lays it out
    axis, names = figure.axes[0].get_window_extent(), figure.axes[0].get_legend().get_window_extent()
    assert axis.x1 < names.x0 and names.x1 <= figure.bbox.x1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.show_images([np.eye(3)], ["a", "b"], alt="x"), "titles must name every image"),
        (lambda: plots.show_images([np.zeros(3)], ["a"], alt="x"), r"images\[0\] must have shape"),
        (lambda: plots.show_matrices([np.zeros(3)], ["a"], alt="x"), r"matrices\[0\] must have two dim"),
        (lambda: plots.show_signals({"a": np.eye(2)}, alt="x"), r"signals\['a'\] must have one dimension"),
        (lambda: plots.show_signals({}, alt="x"), "at least one signal"),
        (lambda: plots.show_curves({}, alt="x", xlabel="", ylabel=""), "at least one curve"),
        (
            lambda: plots.show_curves({"a": [1, 2]}, x=[1, 2, 3], alt="x", xlabel="", ylabel=""),
            r"curves\['a'\] must have the shape of x",
        ),
        (
            lambda: plots.show_curves({"a": [1]}, alt="x", xlabel="", ylabel="", legend="left"),
            "legend must be 'inside' or 'outside', got 'left'",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_signed_pictures_paint_nought_white():
    figure = plots.show_images([np.array([[-1.0, 0, 3]])], ["signed"], alt="x", signed=True)
    image = figure.axes[0].images[0]
    low, high = image.get_clim()
    assert low == -high
    assert image.to_rgba(np.array([[0.0]]))[0, 0, :3] == pytest.approx([1, 1, 1], abs=0.01)


def test_signed_pictures_share_a_scale_when_told_to():
    pictures = [np.full((2, 2), 1.0), np.full((2, 2), -4.0)]
    limits = {}
    for shared in (False, True):
        figure = plots.show_images(pictures, ["a", "b"], alt="x", signed=True, one_scale=shared)
        limits[shared] = [axes.images[0].get_clim() for axes in figure.axes]
    assert limits[False] == [(-1, 1), (-4, 4)]
    assert limits[True] == [(-4, 4), (-4, 4)]


def test_uint8_pictures_keep_their_brightness():
    figure = plots.show_images([np.full((2, 2), 100, np.uint8)], ["grey"], alt="x")
    assert figure.axes[0].images[0].get_clim() == (0, 255)

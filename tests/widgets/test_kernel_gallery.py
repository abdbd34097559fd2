"""What the gallery computes and says, against SciPy."""

import numpy as np
import pytest
from scipy.signal import convolve2d

from course_lib.widgets import KernelGallery
from course_lib.widgets.example_kernels import BLUR, EDGE, IDENTITY, KERNELS, SHIFT
from course_lib.widgets.kernel_gallery import COLOURED, GalleryParameters, compute, photograph


@pytest.mark.parametrize("kernel", KERNELS)
def test_filtering_is_true_convolution(kernel):
    result = compute(GalleryParameters(kernel=kernel, photograph="flower"))
    expected = convolve2d(photograph("flower"), KERNELS[kernel], mode="same")
    np.testing.assert_allclose(result.after, expected, atol=1e-12)


def test_an_undivided_blur_makes_the_inside_eight_times_as_bright():
    result = compute(GalleryParameters(kernel=BLUR))
    inside = np.s_[1:-1, 1:-1]
    assert result.after[inside].mean() / result.before[inside].mean() == pytest.approx(8, rel=0.01)
    divided = compute(GalleryParameters(kernel=BLUR, normalised=True))
    np.testing.assert_allclose(divided.after, result.after / 8)
    assert divided.weights.sum() == pytest.approx(1)


def test_a_kernel_that_sums_to_nought_is_not_divided():
    result = compute(GalleryParameters(kernel=EDGE, normalised=True))
    assert not result.divided
    assert "nothing to divide by" in KernelGallery.explain(result)


def test_a_mean_of_nearly_nought_has_no_sign():
    result = compute(GalleryParameters(kernel="horizontal edge (Sobel)", photograph="pavement"))
    assert -0.005 < result.after.mean() < 0
    assert "Mean brightness 0.44 → 0.00;" in KernelGallery.explain(result)


def test_shift_moves_to_the_right():
    result = compute(GalleryParameters(kernel=SHIFT))
    np.testing.assert_array_equal(result.after[:, 1:], result.before[:, :-1])


def test_histograms_count_every_pixel():
    result = compute(GalleryParameters(kernel=EDGE))
    np.testing.assert_allclose(result.shares.sum(axis=1), 100)


@pytest.mark.parametrize("dark", [False, True])
def test_the_label_says_where_the_histograms_are_cut(dark):
    gallery = KernelGallery(kernel=BLUR)
    gallery.picture.dark = dark
    label, axis = (gallery._artists[name] for name in ("share label", "brightness"))
    assert label.get_text() == "% of pixels"
    assert axis.get_ylim()[1] < 30
    gallery.controls["kernel"].value = EDGE
    assert gallery._result.shares.max() > 30
    assert label.get_text() == "% of pixels (cut at 30)"
    assert axis.get_ylim()[1] == 30
    gallery.controls["kernel"].value = BLUR
    assert label.get_text() == "% of pixels"


def test_a_control_changes_the_artists_that_are_there():
    gallery = KernelGallery(kernel=IDENTITY)
    figure, artist = gallery._figure, gallery._artists["after"]
    before, data = gallery.picture.png, np.asarray(artist.get_array()).copy()
    gallery.controls["kernel"].value = EDGE
    gallery.controls["display"].value = COLOURED
    assert gallery._figure is figure
    assert gallery._artists["after"] is artist
    assert not np.array_equal(data, artist.get_array())
    assert gallery.picture.png != before
    assert "edge" in gallery.picture.alt
    assert gallery.current_parameters() == GalleryParameters(kernel=EDGE, display=COLOURED)


def test_a_dark_page_gets_the_picture_in_its_present_state():
    gallery = KernelGallery(kernel=IDENTITY)
    gallery.controls["kernel"].value = EDGE
    light = gallery.picture.png
    gallery.picture.dark = True
    assert gallery.picture.png != light
    assert "edge" in gallery.picture.alt
    gallery.picture.dark = False
    assert gallery.picture.png == light


def test_a_failing_update_is_shown_and_not_swallowed(monkeypatch):
    gallery = KernelGallery()
    monkeypatch.setattr(type(gallery), "compute", staticmethod(lambda parameters: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        gallery.controls["kernel"].value = EDGE
    assert "The widget failed" in gallery.message.value
    assert "ZeroDivisionError" in gallery.message.value

"""The stepper's pictures are digits taken from real photographs."""

import numpy as np
import pytest

from course_lib.widgets.photo_patches import SIDE, coarse_patch, grey, patches


def test_every_patch_is_readable_and_shows_something():
    for name, patch in patches().items():
        assert patch.shape == (SIDE, SIDE), name
        assert set(np.unique(patch)) <= set(range(10)), name
        assert np.ptp(patch) >= 3, f"{name} is nearly flat"


def test_grey_weighs_the_colours_and_keeps_white():
    white = np.full((2, 2, 3), 255, np.uint8)
    np.testing.assert_allclose(grey(white), 1)
    red, green = np.zeros((2, 1, 1, 3), np.uint8)
    red[..., 0] = green[..., 1] = 255
    assert grey(green) > grey(red)


def test_a_coarse_cell_is_the_mean_of_its_square():
    image = np.kron([[0.0, 1.0], [1.0, 0.0]], np.ones((3, 3)))
    np.testing.assert_array_equal(coarse_patch(image, 0, 0, 3, side=2), [[0, 9], [9, 0]])


def test_a_patch_outside_the_image_is_refused():
    with pytest.raises(ValueError, match="leaves the image"):
        coarse_patch(np.zeros((10, 10)), 5, 5, 3, side=2)

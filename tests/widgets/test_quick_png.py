"""What the quick writer writes, an ordinary decoder reads back to the last bit."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib.widgets.quick_png import quick_png


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (9, 1), (40, 31)])
def test_an_ordinary_decoder_reads_it_back(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    picture = Image.open(io.BytesIO(quick_png(pixels)))
    assert picture.mode == "RGBA"
    np.testing.assert_array_equal(np.asarray(picture), pixels)


def test_a_part_of_a_larger_picture_is_read_back():
    large = np.random.default_rng(1).integers(0, 256, (20, 30, 4), dtype=np.uint8)
    part = large[3:11, ::2]
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(quick_png(part)))), part)


def test_a_plain_picture_is_small():
    assert len(quick_png(np.full((400, 800, 4), 255, np.uint8))) < 0.01 * 400 * 800 * 4


@pytest.mark.parametrize(
    "pixels", [np.zeros((3, 3), np.uint8), np.zeros((3, 3, 3), np.uint8), np.zeros((2, 2, 4))]
)
def test_other_arrays_are_refused(pixels):
    with pytest.raises(ValueError, match="pixels must be uint8"):
        quick_png(pixels)

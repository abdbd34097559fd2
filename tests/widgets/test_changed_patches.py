"""What changed of a picture: all of it is sent, and little else."""

import numpy as np
import pytest

from course_lib.widgets.changed_patches import TILE, Patch, changed_patches, changed_pixels


def picture(height=70, width=101, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


def patched(before, after):
    """Do what the page does: lay the patches of the new picture over the old one."""
    found = before.copy()
    patches = changed_patches(before, after)
    data, count = changed_pixels(before, after, patches)
    at, mask = 0, 4 * count
    for left, top, width, height in patches:
        size = -(-width * height // 8)
        bits = np.unpackbits(np.frombuffer(data[mask : mask + size], np.uint8), count=width * height)
        rows, columns = np.nonzero(bits.reshape(height, width))
        colours = np.frombuffer(data[at : at + 4 * len(rows)], np.uint8).reshape(-1, 4)
        found[top + rows, left + columns] = colours
        at, mask = at + 4 * len(rows), mask + size
    assert (at, mask) == (4 * count, len(data))
    return found


def test_equal_pictures_need_nothing():
    assert changed_patches(picture(), picture()) == []


@pytest.mark.parametrize(("row", "column"), [(0, 0), (69, 100), (33, 50), (69, 0)])
@pytest.mark.parametrize("channel", range(4))
def test_a_single_pixel_needs_a_single_tile(row, column, channel):
    before = picture()
    after = before.copy()
    after[row, column, channel] ^= 1
    (patch,) = changed_patches(before, after)
    assert patch.width <= TILE
    assert patch.height <= TILE
    np.testing.assert_array_equal(patched(before, after), after)


def test_another_picture_is_a_single_patch():
    before = np.zeros((70, 101, 4), np.uint8)
    assert changed_patches(before, before + 1) == [Patch(0, 0, 101, 70)]


def test_of_a_patch_only_the_changed_pixels_are_sent():
    before = picture()
    after = before.copy()
    after[20:30, 40] ^= 255
    after[25, 40:50] ^= 255
    after[25, 40] = 255 - before[25, 40]
    patches = changed_patches(before, after)
    data, count = changed_pixels(before, after, patches)
    assert count == 19
    assert len(data) < 4 * count + sum(patch.width * patch.height for patch in patches) / 8 + len(patches)


def test_distant_changes_leave_alone_what_is_between():
    before = np.zeros((400, 800, 4), np.uint8)
    after = before.copy()
    after[10:60, 20:90] = after[10:60, 700:790] = after[300:390, 300:310] = 255
    patches = changed_patches(before, after)
    assert len(patches) == 3
    assert sum(patch.width * patch.height for patch in patches) < 2 * (50 * 70 + 50 * 90 + 90 * 10)
    np.testing.assert_array_equal(patched(before, after), after)


@pytest.mark.parametrize("seed", range(20))
def test_patches_make_the_old_picture_the_new_one_and_do_not_overlap(seed):
    rng = np.random.default_rng(seed)
    before = picture(seed=seed)
    after = before.copy()
    for _ in range(rng.integers(1, 9)):
        top, left = rng.integers(0, 60), rng.integers(0, 90)
        after[top : top + rng.integers(1, 20), left : left + rng.integers(1, 40)] = rng.integers(0, 256, 4)
    np.testing.assert_array_equal(patched(before, after), after)
    covered = np.zeros(after.shape[:2], int)
    for left, top, width, height in changed_patches(before, after):
        covered[top : top + height, left : left + width] += 1
    assert covered.max() <= 1


def test_pictures_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="before and after must both have the shape"):
        changed_patches(picture(), picture(width=100))


def test_other_numbers_are_refused():
    with pytest.raises(ValueError, match="must be uint8, got float64"):
        changed_patches(picture().astype(float), picture())

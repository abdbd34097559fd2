"""Augmentation against what each step claims, and SciPy's interpolation as an oracle."""

import numpy as np
import pytest

from course_lib.data import (
    Augmentation,
    Brightness,
    ColourCast,
    Contrast,
    CropAndScale,
    Elastic,
    Flip,
    Jitter,
    Minibatches,
    Rotate,
    Shift,
    load_photographs,
)
from course_lib.data.interpolation import grid_of, sample

EVERY = [
    Flip(),
    Shift(2),
    CropAndScale(0.6),
    Rotate(30),
    Elastic(2),
    Brightness(),
    Contrast(),
    ColourCast(),
    Jitter(),
    Augmentation(Flip(), Brightness(), Rotate(10)),
]


def images(count=6, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).random((count, 3, 7, 10)).astype(dtype)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("step", EVERY, ids=lambda step: type(step).__name__)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(step, dtype):
    x = images(dtype=dtype)[:, :, ::-1]
    x.flags.writeable = False
    before = x.copy()
    y = step(x, rng())
    assert y.shape == x.shape and y.dtype == dtype and y.flags.writeable
    assert not np.shares_memory(x, y)
    assert np.array_equal(x, before)
    assert not np.array_equal(y, x)
    assert y.min() >= 0 and y.max() <= 1
    assert np.array_equal(step(x, rng()), y)
    assert not np.array_equal(step(x, rng(1)), y)
    assert step(x[:0], rng()).shape == (0, 3, 7, 10)
    with pytest.raises(TypeError, match="images must be a float32 or float64 array, got uint8"):
        step(x.astype(np.uint8), rng())
    with pytest.raises(ValueError, match=r"images must have shape \(N, C, H, W\)"):
        step(x[0], rng())
    with pytest.raises(TypeError, match="rng must be a np.random.Generator, got int"):
        step(x, 3)


@pytest.mark.parametrize(
    "step",
    [Flip(0), Shift(0), CropAndScale(1), Rotate(0), Elastic(0), Brightness(0), Jitter(0), Augmentation()],
)
def test_strength_zero_changes_nothing(step):
    assert np.array_equal(step(images(), rng()), images())


def test_a_flip_mirrors_and_half_of_the_images_are():
    assert np.array_equal(Flip(1)(images(), rng()), images()[..., ::-1])
    mirrored = (Flip()(images(2000), rng()) != images(2000)).any(axis=(1, 2, 3)).mean()
    assert 0.45 < mirrored < 0.55


def test_a_shift_is_a_crop_from_the_image_padded_by_its_edge():
    x = images(200)
    padded = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)), mode="edge")
    seen = set()
    for before, after in zip(padded, Shift(2)(x, rng()), strict=True):
        places = [
            (row, column)
            for row in range(5)
            for column in range(5)
            if np.array_equal(before[:, row : row + 7, column : column + 10], after)
        ]
        assert len(places) == 1
        seen.update(places)
    assert len(seen) == 25


def test_interpolation_is_that_of_scipy():
    ndimage = pytest.importorskip("scipy.ndimage")
    x = images()
    rows, columns = rng().uniform(-6, 6, (2, 6, 4, 9))
    expected = [
        [ndimage.map_coordinates(plane, [r + 3, c + 4.5], order=1, mode="nearest") for plane in image]
        for image, r, c in zip(x, rows, columns, strict=True)
    ]
    np.testing.assert_allclose(sample(x, rows, columns), expected, atol=1e-12)


def test_images_of_one_pixel_can_be_read_between_pixels():
    x = images()[:, :, :1, :1]
    rows, columns = grid_of(x)
    assert np.array_equal(sample(x, rows + 0.3, columns - 5), x)


def test_a_quarter_turn_moves_corners_to_corners():
    x = images()[:, :, :, :7]

    class Quarter:
        def uniform(self, low, high, size):
            return np.full(size, high)

    rows, columns = Rotate(90).source(*grid_of(x), Quarter())
    np.testing.assert_allclose(sample(x, rows, columns), np.rot90(x, -1, axes=(2, 3)), atol=1e-12)


def test_a_crop_stays_within_the_image():
    x = images(300)
    rows, columns = CropAndScale(0.5).source(*grid_of(x), rng())
    assert abs(rows).max() <= 3.5 and abs(columns).max() <= 5
    heights = np.ptp(rows, axis=(1, 2)) / 6
    assert 0.5 <= heights.min() < 0.55 and 0.95 < heights.max() <= 1


def test_an_elastic_field_is_bounded_and_smooth():
    x = np.zeros((4, 1, 40, 40))
    rows, columns = Elastic(3, bend=10).source(*grid_of(x), rng())
    down = rows - grid_of(x)[0]
    assert 1 < abs(down).max() <= 3
    assert abs(np.diff(down, axis=1)).max() <= 2 * 3 / 9


def test_contrast_keeps_each_mean_and_brightness_each_difference():
    x = 0.4 + 0.2 * images()
    np.testing.assert_allclose(Contrast(0.5)(x, rng()).mean(axis=(1, 2, 3)), x.mean(axis=(1, 2, 3)))
    moved = Brightness(0.3)(x, rng()) - x
    assert np.ptp(moved, axis=(1, 2, 3)).max() < 1e-12
    assert abs(moved).max() <= 0.3


def test_a_colour_cast_is_one_number_a_channel_and_needs_colours():
    x = 0.4 + 0.2 * images()
    moved = ColourCast(0.2)(x, rng()) - x
    assert np.ptp(moved, axis=(2, 3)).max() < 1e-12
    assert np.ptp(moved[:, :, 0, 0], axis=1).min() > 0
    with pytest.raises(ValueError, match="images must have 3 channels for a colour cast, got 1"):
        ColourCast()(x[:, :1], rng())


def test_geometric_steps_are_joined_in_the_order_in_which_they_are_named():
    photograph = load_photographs()[0][:1, 100:140, 200:240].transpose(0, 3, 1, 2) / 255.0
    both = Augmentation(Flip(1), Shift(3))(photograph, rng(4))
    # Of two steps, the last one draws first: the same draws, one after the other.
    source = rng(4)
    down, right = source.integers(-3, 3, (2, 1), endpoint=True)[:, 0]
    padded = np.pad(photograph[..., ::-1], ((0, 0), (0, 0), (3, 3), (3, 3)), mode="edge")
    assert np.array_equal(both, padded[:, :, 3 + down : 43 + down, 3 + right : 43 + right])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Flip(1.5), "p must be a number from 0 to 1"),
        (lambda: Shift(-1), "pixels must be a number"),
        (lambda: Rotate(float("nan")), "degrees must be a number"),
        (lambda: CropAndScale(0), "smallest must be a number from 0.05 to 1"),
        (lambda: Brightness("much"), "strength must be a number"),
    ],
)
def test_bad_strengths_are_told(make, reason):
    with pytest.raises(ValueError, match=reason):
        make()


def test_what_is_no_step_is_refused():
    with pytest.raises(TypeError, match="geometric or photometric steps"):
        Augmentation(np.fliplr)


def test_minibatches_are_augmented_anew_each_epoch_and_the_data_is_not_touched():
    x, labels = images(8), np.arange(8)
    before = x.copy()
    loader = Minibatches(x, labels, 4, rng=3, shuffle=False, augment=Augmentation(Shift(1), Jitter()))
    first, second = ([batch for batch, _ in loader] for _ in range(2))
    assert not np.array_equal(first[0], second[0])
    assert np.array_equal(x, before)
    again = Minibatches(x, labels, 4, rng=3, shuffle=False, augment=Augmentation(Shift(1), Jitter()))
    assert all(np.array_equal(a, b) for a, (b, _) in zip(first, again, strict=True))
    with pytest.raises(ValueError, match="rng must be a Generator or a seed"):
        Minibatches(x, labels, 4, shuffle=False, augment=Flip())

"""Features of a moved picture: what moves along, what stays, and what the classifier makes of it."""

import numpy as np
import pytest
from scipy.signal import correlate2d

import course_lib.functional as F
from course_lib.data import load_fashion_mnist_subset
from course_lib.widgets import ShiftLab
from course_lib.widgets.shifted_pictures import (
    LARGEST,
    NO_POOLING,
    PICTURES,
    POOLINGS,
    SHIFTS,
    SIDE,
    ShiftParameters,
    classifier,
    compute,
    features,
    kernels,
    moved,
    pictures,
    probabilities,
    relative_errors,
)

POOLED = [name for name in POOLINGS if name != NO_POOLING]


def test_features_are_edges_in_eight_directions():
    picture = pictures()[2][0]
    found = features(picture[None], NO_POOLING)[0]
    for kernel, plane in zip(kernels()[:, 0], found):
        expected = np.maximum(correlate2d(picture, kernel, mode="same"), 0)
        np.testing.assert_allclose(plane, expected, atol=1e-5)
    assert len({kernel.tobytes() for kernel in kernels()}) == 8
    np.testing.assert_allclose(kernels().sum(axis=(1, 2, 3)), 0)


@pytest.mark.parametrize("picture", PICTURES)
def test_without_pooling_features_move_along_exactly(picture):
    result = compute(ShiftParameters(picture, NO_POOLING))
    np.testing.assert_allclose(result.equivariance, 0, atol=1e-6)
    assert (result.invariance[SHIFTS != 0] > 0.2).all()


@pytest.mark.parametrize("pooling", POOLED)
def test_pooled_features_move_along_where_the_shift_is_a_multiple_of_the_step(pooling):
    result = compute(ShiftParameters(pooling=pooling))
    whole = SHIFTS % POOLINGS[pooling] == 0
    np.testing.assert_allclose(result.equivariance[whole], 0, atol=1e-6)
    assert (result.equivariance[~whole] > 0.1).all()


def test_pooling_makes_features_stay_more_nearly_what_they_are():
    plain, small, large = (
        compute(ShiftParameters(pooling=name)).invariance
        for name in (NO_POOLING, "max pooling 2×2", "max pooling 4×4")
    )
    near = np.abs(SHIFTS) == 1
    assert (large[near] < small[near]).all()
    assert (small[near] < plain[near]).all()


def test_the_class_stays_more_often_with_wider_pooling():
    kept = {name: compute(ShiftParameters(pooling=name)).kept for name in POOLINGS}
    near = (SHIFTS != 0) & (np.abs(SHIFTS) <= 3)
    assert kept["max pooling 4×4"][near].mean() > kept[NO_POOLING][near].mean() + 0.1
    assert all(shares[LARGEST] == 1 for shares in kept.values())
    assert kept["max pooling 4×4"][0] < 0.5, "six pixels are too many for any of them"


def test_a_picture_that_moves_stays_whole():
    picture = pictures()[2][1]
    for shift in (-LARGEST, LARGEST):
        assert moved(picture, shift).sum() == picture.sum()
        rim = features(moved(picture, shift)[None], NO_POOLING)[..., [0, -1]]
        assert not rim.any()


def test_relative_errors_by_hand():
    here = np.array([[0.0, 4, 8, 0]])
    assert relative_errors(moved(here, 1), here, 1) == (0, pytest.approx((4 + 4 + 8) / 12))
    assert relative_errors(here, here, 1)[1] == 0


@pytest.mark.parametrize("pooling", POOLINGS)
def test_the_classifier_knows_garments_in_the_middle(pooling):
    _, test = load_fashion_mnist_subset()
    some = slice(None, None, 5)
    images = np.pad(test.images[some, 0], ((0, 0), (8, 8), (8, 8)))
    right = probabilities(images, pooling).argmax(axis=1) == test.labels[some]
    assert right.mean() > 0.72


def test_the_classifier_is_what_ordinary_descent_finds():
    # The same steps, taken on the weights themselves.
    train, labels, *_ = pictures()
    phi = features(train, "mean pooling 4×4").reshape(len(train), -1).astype(np.float64)
    rate = len(train) / (phi @ phi.T).sum(axis=0).max()
    W, velocity = np.zeros((10, phi.shape[1])), 0.0
    for _ in range(80):
        velocity = 0.9 * velocity - rate * F.cross_entropy(phi @ W.T, labels)[1].T @ phi
        W += velocity
    found = classifier("mean pooling 4×4")
    np.testing.assert_allclose(found, W, atol=2e-3 * np.abs(W).max())


def test_no_picture_is_used_twice():
    train, labels, chosen, others = pictures()
    assert train.shape == (500, SIDE, SIDE)
    assert np.bincount(labels).tolist() == [50] * 10
    seen = {image.tobytes() for image in (*train, *chosen, *others)}
    assert len(seen) == 500 + len(PICTURES) + 100


def test_sliding_changes_the_artists_that_are_there():
    widget = ShiftLab()
    figure, image, before = widget._figure, widget._artists["images"][0], widget.picture.png
    widget.controls["shift"].value = -4
    assert widget._figure is figure
    assert widget._artists["images"][0] is image
    assert widget.picture.png != before
    assert "moved by −4 pixels" in widget.picture.alt
    assert "by 0 %" in widget.picture.alt


def test_every_picture_has_a_frame_all_round():
    for image in ShiftLab()._artists["images"]:
        spines = image.axes.spines.values()
        assert len(spines) == 4
        assert all(spine.get_visible() and spine.get_edgecolor()[:3] == (0x88 / 255,) * 3 for spine in spines)
        assert all(spine.get_animated() for spine in spines), "else the pictures cover them"


def test_an_odd_shift_is_explained():
    explained = ShiftLab.explain(compute(ShiftParameters(pooling="max pooling 2×2", shift=3)))
    assert "no multiple of 2" in explained
    assert "no multiple" not in ShiftLab.explain(compute(ShiftParameters(pooling=NO_POOLING, shift=3)))

"""Preprocessing against what it claims of the training data, and against scikit-learn."""

import numpy as np
import pytest

from course_lib.data import PCA, Chain, ChannelMean, MeanImage, Scaling, Whitening, load_digits

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(2.0, [[[[3.0]], [[0.5]]]], (200, 2, 4, 5))
CLOUD = RNG.standard_normal((500, 6)) @ RNG.standard_normal((6, 6)) + RNG.standard_normal(6)
EVERY = [
    MeanImage,
    ChannelMean,
    Scaling,
    lambda: Scaling(per="feature"),
    PCA,
    lambda: PCA(3),
    Whitening,
    lambda: Whitening(zca=True),
    lambda: Chain(MeanImage(), Scaling()),
]


def test_the_mean_image_is_gone_pixel_by_pixel():
    centred = MeanImage().fit(IMAGES)(IMAGES)
    np.testing.assert_allclose(centred.mean(axis=0), 0, atol=1e-14)


def test_the_channel_mean_leaves_differences_between_pixels():
    centred = ChannelMean().fit(IMAGES)(IMAGES)
    np.testing.assert_allclose(centred.mean(axis=(0, 2, 3)), 0, atol=1e-14)
    np.testing.assert_allclose(
        np.ptp(centred.mean(axis=0), axis=(1, 2)), np.ptp(IMAGES.mean(axis=0), axis=(1, 2))
    )


def test_scaling_gives_every_channel_or_feature_a_deviation_of_one():
    scaled = Scaling(eps=0).fit(IMAGES)(IMAGES)
    np.testing.assert_allclose(scaled.std(axis=(0, 2, 3)), 1)
    scaled = Scaling(per="feature", eps=0).fit(IMAGES)(IMAGES)
    np.testing.assert_allclose(scaled.std(axis=0), 1)


def test_a_constant_feature_is_not_divided_by_zero():
    constant = np.ones((5, 3))
    assert np.isfinite(Chain(MeanImage(), Scaling(per="feature")).fit(constant)(constant)).all()
    assert np.isfinite(Whitening().fit(constant)(constant)).all()


def test_principal_axes_are_those_of_scikit_learn():
    decomposition = pytest.importorskip("sklearn.decomposition")
    oracle = decomposition.PCA(4).fit(CLOUD)
    ours = PCA(4).fit(CLOUD)
    np.testing.assert_allclose(abs(ours(CLOUD)), abs(oracle.transform(CLOUD)), atol=1e-10)
    # Ours divides by N, as the batch statistics of the course do; scikit-learn by N - 1.
    np.testing.assert_allclose(ours.learned[2], oracle.explained_variance_ * (len(CLOUD) - 1) / len(CLOUD))


@pytest.mark.parametrize("zca", [False, True])
def test_whitened_data_has_the_identity_as_covariance(zca):
    white = Whitening(eps=0, zca=zca).fit(CLOUD)(CLOUD)
    np.testing.assert_allclose(white.T @ white / len(white), np.eye(6), atol=1e-10)


def test_zca_is_the_whitening_that_changes_the_data_least():
    by_pca, by_zca = (Whitening(eps=0, zca=zca).fit(CLOUD)(CLOUD) for zca in (False, True))
    centred = CLOUD - CLOUD.mean(axis=0)
    assert ((by_zca - centred) ** 2).sum() < ((by_pca - centred) ** 2).sum()


def test_eps_keeps_directions_of_noise_small():
    flat = np.column_stack([RNG.standard_normal(300), 1e-6 * RNG.standard_normal(300)])
    white = Whitening(eps=1e-4).fit(flat)(flat)
    assert white[:, 0].std() == pytest.approx(1, rel=1e-3)
    assert white[:, 1].std() < 1e-3


def test_test_data_is_judged_by_the_numbers_of_the_training_data():
    step = Chain(MeanImage(), Scaling(per="feature", eps=0)).fit(CLOUD)
    other = CLOUD + 10
    np.testing.assert_allclose(
        step(other) - step(CLOUD), np.broadcast_to(10 / CLOUD.std(axis=0), CLOUD.shape)
    )


def test_steps_of_a_chain_see_what_the_ones_before_them_made():
    digits = load_digits().images
    white = Chain(ChannelMean(), Whitening(zca=True, eps=1e-3)).fit(digits)(digits)
    assert white.shape == digits.shape and white.dtype == np.float32
    assert abs(white.mean()) < 1e-4


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(make, dtype):
    train = CLOUD.astype(dtype)[:, :, None]
    test = train[:7][::-1]
    test.flags.writeable = False
    before = train.copy()
    step = make().fit(train)
    made = step(test)
    assert made.dtype == dtype and len(made) == 7
    assert not np.shares_memory(made, train)
    assert np.array_equal(train, before)
    np.testing.assert_array_equal(make().fit(train)(test), made)
    assert len(step(test[:0])) == 0
    with pytest.raises(ValueError, match="as fitted"):
        step(test[:, :3])
    with pytest.raises(TypeError, match="x must be a float32 or float64 array, got int64"):
        make().fit(np.ones((3, 2), dtype=np.int64))
    with pytest.raises(TypeError, match="got list"):
        step([[1.0]])
    with pytest.raises(ValueError, match=r"x must have shape \(N, ...\)"):
        step(np.ones(3))
    with pytest.raises(ValueError, match="at least one example"):
        make().fit(test[:0])


@pytest.mark.parametrize("make", EVERY[:-1])
def test_nothing_is_applied_before_it_was_fitted(make):
    with pytest.raises(ValueError, match="call fit"):
        make()(CLOUD)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Scaling(per="pixel"), "per must be 'channel' or 'feature'"),
        (lambda: Scaling(eps=-1), "eps must not be negative"),
        (lambda: Whitening(eps=float("nan")), "eps must not be negative"),
        (lambda: PCA(0), "components must be a positive integer"),
        (lambda: PCA(9).fit(CLOUD), "at most the 6 features, got 9"),
    ],
)
def test_bad_settings_are_told(make, reason):
    with pytest.raises(ValueError, match=reason):
        make()

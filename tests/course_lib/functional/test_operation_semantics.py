"""What is easily got wrong: padding, ties, NaN, running averages, extremes."""

import numpy as np
import pytest

import course_lib.functional as F

pytestmark = pytest.mark.usefixtures("backend")

NAN, INF = np.nan, np.inf


def draw(*shape, seed=3):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize(("kernel", "dilation"), [(3, 1), (2, 1), (4, 3), (5, 2), (1, 1)])
def test_same_padding_keeps_the_size_and_puts_the_odd_zero_after(kernel, dilation):
    x, w = draw(2, 3, 9, 8), draw(4, 3, kernel, kernel)
    total = dilation * (kernel - 1)
    explicit = ((total // 2, total - total // 2),) * 2
    y = F.conv2d(x, w, padding="same", dilation=dilation)
    assert y.shape == (2, 4, 9, 8)
    np.testing.assert_allclose(y, F.conv2d(x, w, padding=explicit, dilation=dilation), atol=1e-12)


def test_padding_may_be_spelt_in_four_ways():
    x, w = draw(1, 2, 6, 7), draw(3, 2, 3, 3)
    y = F.conv2d(x, w, padding=((1, 1), (2, 2)))
    for padding in [(1, 2), [1, (2, 2)], np.array([[1, 1], [2, 2]])]:
        np.testing.assert_array_equal(F.conv2d(x, w, padding=padding), y)
    np.testing.assert_array_equal(F.conv2d(x, w, padding="valid"), F.conv2d(x, w))


def test_one_pair_means_before_and_after_in_one_dimension_only():
    x, w = draw(1, 2, 9), draw(3, 2, 3)
    padded = np.pad(x, ((0, 0), (0, 0), (2, 1)))
    np.testing.assert_allclose(F.conv1d(x, w, padding=(2, 1)), F.conv1d(padded, w), atol=1e-12)


def test_a_kernel_may_lie_mostly_in_the_padding():
    x, w = draw(2, 2, 1, 2), draw(3, 2, 4, 5)
    y = F.conv2d(x, w, padding=3)
    assert y.shape == (2, 3, 4, 4)
    padded = np.pad(x, ((0, 0), (0, 0), (3, 3), (3, 3)))
    assert y[1, 2, 1, 2] == pytest.approx((padded[1, :, 1:5, 2:7] * w[2]).sum())


def test_only_needed_gradients_are_computed():
    x, w = draw(2, 3, 6, 5), draw(4, 3, 3, 3)
    dy = np.ones((2, 4, 4, 3))
    full = F.conv2d_backward(dy, x, w)
    for needs in [(), ("x",), ["w"], {"b"}, ("b", "x")]:
        for part, found, expected in zip("xwb", F.conv2d_backward(dy, x, w, needs=needs), full):
            if part in needs:
                np.testing.assert_array_equal(found, expected)
            else:
                assert found is None


def test_rows_that_the_stride_never_reaches_get_no_gradient():
    x, w = draw(1, 1, 8, 9), draw(1, 1, 2, 2)
    dx, _, _ = F.conv2d_backward(np.ones((1, 1, 2, 3)), x, w, stride=(4, 3))
    assert not dx[0, 0, 2:4].any() and not dx[0, 0, 6:].any() and not dx[0, 0, :, 2::3].any()
    assert dx[0, 0, :2, :2] == pytest.approx(w[0, 0])


def test_max_pool_points_into_the_unpadded_plane_and_the_first_maximum_wins():
    x = np.zeros((1, 1, 4, 5))
    x[0, 0, 1, 2] = x[0, 0, 2, 1] = 1
    y, indices = F.max_pool2d(x, 3, stride=2, padding=1)
    assert indices.dtype == np.int64
    np.testing.assert_array_equal(y[0, 0], [[0, 1, 0], [1, 1, 0]])
    np.testing.assert_array_equal(indices[0, 0], [[0, 7, 3], [11, 7, 8]])


def test_padding_never_wins_a_max_pool():
    x = np.full((1, 1, 3, 3), -INF)
    y, indices = F.max_pool2d(x, 2, stride=1, padding=1)
    assert (y == -INF).all()
    np.testing.assert_array_equal(indices[0, 0, 0], [0, 0, 1, 2])
    assert (F.max_pool2d(-np.ones((1, 1, 3, 3)), 2, padding=1)[0] == -1).all()


def test_nan_goes_through_a_max_pool_with_its_place():
    x = np.array([[1.0, NAN, 2.0, 3.0], [NAN, 5.0, 6.0, 4.0]])[None, None]
    y, indices = F.max_pool2d(x, 2)
    np.testing.assert_array_equal(y[0, 0], [[NAN, 6.0]])
    np.testing.assert_array_equal(indices[0, 0], [[1, 6]])


def test_overlapping_windows_add_their_gradients():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    _, indices = F.max_pool2d(x[:, :, ::-1, ::-1], 2, stride=1)
    dx = F.max_pool2d_backward(np.ones((1, 1, 2, 2)), indices, (1, 1, 3, 3))
    np.testing.assert_array_equal(dx[0, 0], [[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    _, indices = F.max_pool2d(np.eye(3)[None, None][:, :, :, ::-1] * [0, 1, 0], 2, stride=1)
    dx = F.max_pool2d_backward(np.arange(1.0, 5).reshape(1, 1, 2, 2), indices, (1, 1, 3, 3))
    assert dx[0, 0, 1, 1] == 10


def test_average_pool_counts_padding_only_when_asked():
    x = np.ones((1, 1, 2, 2))
    counted = F.avg_pool2d(x, 2, stride=1, padding=1)[0, 0]
    np.testing.assert_allclose(counted, [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]])
    assert (F.avg_pool2d(x, 2, stride=1, padding=1, count_include_pad=False) == 1).all()


def test_relu_keeps_nan_and_its_slope_at_zero_is_zero():
    x = np.array([-INF, -1.0, 0.0, 2.0, NAN])
    np.testing.assert_array_equal(F.relu(x), [0, 0, 0, 2, NAN])
    np.testing.assert_array_equal(F.relu_backward(np.ones(5), x)[:4], [0, 0, 0, 1])
    np.testing.assert_array_equal(F.relu_backward(np.array([INF, INF]), np.array([-1.0, 1.0])), [0, INF])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_hold_at_the_extremes(dtype):
    x = np.array([-1e4, -800, -100, -1e-6, 0, 1e-6, 100, 800, 1e4, NAN, -INF, INF], dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        exact = x.astype(np.longdouble)
        expected = {
            "sigmoid": 1 / (1 + np.exp(-exact)),
            "tanh": np.tanh(exact),
            "elu": np.where(exact > 0, exact, np.expm1(exact)),
        }
    for name, values in expected.items():
        found = getattr(F, name)(x)
        limits = np.finfo(dtype)
        np.testing.assert_allclose(
            found, values.astype(dtype), rtol=4 * limits.eps, atol=limits.smallest_normal, err_msg=name
        )


def test_softmax_holds_for_large_scores_and_masks():
    x = np.array([[1000.0, 1000, -INF], [-1000, -1001, -1002]])
    y = F.softmax(x)
    np.testing.assert_allclose(y[0], [0.5, 0.5, 0])
    np.testing.assert_allclose(y[1], np.exp([0, -1, -2]) / np.exp([0, -1, -2]).sum())
    np.testing.assert_allclose(F.log_softmax(x)[0], [-np.log(2), -np.log(2), -INF])
    assert np.isnan(F.softmax(np.array([[NAN, 1.0, 2.0]]))).all()


def test_cross_entropy_of_hopeless_scores_is_finite_and_its_rows_cancel():
    logits = np.array([[0.0, 1e4, 3.0], [1e4, 0.0, -1e4]])
    loss, gradient = F.cross_entropy(logits, np.array([0, 0], np.uint8))
    assert loss == pytest.approx(5e3)
    np.testing.assert_allclose(gradient, [[-0.5, 0.5, 0], [0, 0, 0]], atol=1e-15)


def test_binary_cross_entropy_holds_at_the_extremes():
    loss, gradient = F.binary_cross_entropy_with_logits(np.array([1e4, -1e4]), np.array([0.0, 1.0]))
    assert loss == pytest.approx(1e4)
    np.testing.assert_allclose(gradient, [0.5, -0.5])


def test_hinge_loss_counts_violations_only():
    scores = np.array([[3.0, 1.0, 2.5], [0.0, 5.0, 0.0]])
    loss, gradient = F.hinge_loss(scores, np.array([0, 1]))
    assert loss == pytest.approx(0.25)
    np.testing.assert_allclose(gradient, [[-0.5, 0, 0.5], [0, 0, 0]])


def test_losses_show_nan():
    for loss_of, target in [(F.cross_entropy, np.array([0])), (F.hinge_loss, np.array([0]))]:
        assert np.isnan(loss_of(np.array([[1.0, NAN]]), target)[0])
    assert np.isnan(F.mse_loss(np.array([NAN]), np.array([1.0]))[0])


def test_batch_norm_moves_its_running_averages_in_place():
    x = draw(6, 3, 4, 5)
    running_mean, running_var = np.full(3, 0.5), np.full(3, 2.0)
    y, _ = F.batch_norm(x, np.ones(3), np.zeros(3), running_mean, running_var, training=True, momentum=0.2)
    rows = x.transpose(1, 0, 2, 3).reshape(3, -1)
    np.testing.assert_allclose(running_mean, 0.8 * 0.5 + 0.2 * rows.mean(axis=1))
    np.testing.assert_allclose(running_var, 0.8 * 2 + 0.2 * rows.var(axis=1, ddof=1))
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=(0, 2, 3)), 1, rtol=1e-4)


def test_evaluating_batch_norm_changes_nothing_and_later_training_does_not_change_its_backward():
    x = draw(4, 3, 2, 2)
    running_mean, running_var = np.zeros(3), np.ones(3)
    _, cache = F.batch_norm(x, np.ones(3), np.zeros(3), running_mean, running_var, training=False)
    assert not running_mean.any() and (running_var == 1).all()
    before = F.batch_norm_backward(x, cache)
    F.batch_norm(x + 3, np.ones(3), np.zeros(3), running_mean, running_var, training=True)
    for found, expected in zip(F.batch_norm_backward(x, cache), before):
        np.testing.assert_array_equal(found, expected)


def test_strided_running_averages_are_updated_too():
    both = np.zeros((3, 2))
    F.batch_norm(draw(5, 3), np.ones(3), np.zeros(3), both[:, 0], both[:, 1], training=True)
    assert both.all()


def test_an_empty_batch_leaves_running_averages_alone():
    mean, var = np.zeros(3), np.ones(3)
    F.batch_norm(np.ones((0, 3)), np.ones(3), np.zeros(3), mean, var, training=True)
    assert not mean.any() and (var == 1).all()


def test_batch_norm_of_far_off_values_does_not_cancel():
    x = (draw(64, 2, 8, 8) + 1e3).astype(np.float32)
    y, _ = F.batch_norm(x, np.ones(2, np.float32), np.zeros(2, np.float32), training=True)
    expected = (x - x.astype(np.float64).mean((0, 2, 3), keepdims=True)) / x.std(
        (0, 2, 3), keepdims=True, dtype=float
    )
    np.testing.assert_allclose(y, expected, atol=2e-3)


def test_decorrelated_channels_have_the_identity_as_covariance():
    x = np.einsum("ij,njhw->nihw", draw(4, 4), draw(8, 4, 5, 6))
    mean, whitening = np.zeros(4), np.eye(4)
    y, _ = F.decorrelated_batch_norm(x, mean, whitening, training=True, momentum=1, eps=0)
    rows = y.transpose(1, 0, 2, 3).reshape(4, -1)
    np.testing.assert_allclose(rows @ rows.T / rows.shape[1], np.eye(4), atol=1e-10)
    evaluated, _ = F.decorrelated_batch_norm(x, mean, whitening, training=False)
    np.testing.assert_allclose(evaluated, y, atol=1e-10)


@pytest.mark.parametrize("drop", [F.dropout, F.drop_connect])
def test_dropping_keeps_the_expectation_and_its_mask_is_the_gradient(drop):
    x = np.ones((200, 200), np.float32)
    y, mask = drop(x, 0.3, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(y, x * mask)
    assert mask.dtype == np.float32
    np.testing.assert_allclose(np.unique(mask), [0, 1 / 0.7], rtol=1e-6)
    assert (mask == 0).mean() == pytest.approx(0.3, abs=0.01)
    again, _ = drop(x, 0.3, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(again, y)


def test_dropout_at_its_ends():
    x, rng = np.ones(5), np.random.default_rng(1)
    assert not F.dropout(x, 1, rng=rng)[0].any()
    for y, mask in (F.dropout(x, 0, rng=rng), F.dropout(x, 0.5, training=False, rng=rng)):
        assert (y == 1).all() and (mask == 1).all() and not np.shares_memory(x, y)


def test_extended_precision_is_computed_by_the_reference():
    x, w = draw(1, 2, 4, 4).astype(np.longdouble), draw(3, 2, 3, 3).astype(np.longdouble)
    y = F.conv2d(x, w)
    assert y.dtype == np.longdouble
    np.testing.assert_allclose(y.astype(float), F.conv2d(x.astype(float), w.astype(float)), atol=1e-12)

"""The reference against independent computations: SciPy, plain loops, and PyTorch where it is installed."""

import numpy as np
import pytest
import scipy.signal
import scipy.special
from hypothesis import given, settings
from operation_cases import CONV1D, CONV2D, POOL
from strategies import SEEDS, convolutions, values, windows

import course_lib
import course_lib.functional as F


@pytest.fixture(autouse=True, scope="module")
def reference():
    course_lib.set_backend("reference")
    yield
    course_lib.set_backend("auto")


@settings(max_examples=60)
@given(case=convolutions(most_channels=8), seed=SEEDS)
def test_convolution_is_scipys_correlation(case, seed):
    x, w, b = values(seed, np.float64, case.x, case.w, case.w[:1])
    padded = np.pad(x, ((0, 0), (0, 0), *case.padding))
    # A dilated kernel is a larger one with zeros in between.
    spread = np.zeros((*w.shape[:2], *(d * (k - 1) + 1 for k, d in zip(w.shape[2:], case.dilation))))
    spread[:, :, :: case.dilation[0], :: case.dilation[1]] = w
    outputs, inputs = len(w) // case.groups, w.shape[1]
    found = F.conv2d(x, w, b, **case.options)
    for n in range(len(x)):
        for o in range(len(w)):
            first = o // outputs * inputs
            full = sum(
                scipy.signal.correlate(padded[n, first + c], spread[o, c], mode="valid", method="direct")
                for c in range(inputs)
            )
            expected = full[:: case.stride[0], :: case.stride[1]] + b[o]
            np.testing.assert_allclose(found[n, o], expected, atol=1e-10)


@settings(max_examples=60)
@given(case=windows(), seed=SEEDS)
def test_pooling_is_a_loop_over_windows(case, seed):
    (x,) = values(seed, np.float64, case.x)
    y, indices = F.max_pool2d(x, **case.options)
    mean = F.avg_pool2d(x, **case.options)
    real_mean = F.avg_pool2d(x, **case.options, count_include_pad=False)
    (top, bottom), (left, right) = case.padding
    padded = np.pad(x, ((0, 0), (0, 0), *case.padding), constant_values=np.nan)
    h = (x.shape[2] + top + bottom - case.kernel_size[0]) // case.stride[0] + 1
    w = (x.shape[3] + left + right - case.kernel_size[1]) // case.stride[1] + 1
    assert y.shape == mean.shape == (*x.shape[:2], h, w)
    for place in np.ndindex(*y.shape):
        n, c, i, j = place
        rows = slice(i * case.stride[0], i * case.stride[0] + case.kernel_size[0])
        columns = slice(j * case.stride[1], j * case.stride[1] + case.kernel_size[1])
        window = padded[n, c, rows, columns]
        real = window[~np.isnan(window)]
        assert y[place] == real.max() == x[n, c].flat[indices[place]]
        assert mean[place] == pytest.approx(real.sum() / window.size, abs=1e-12)
        assert real_mean[place] == pytest.approx(real.mean(), abs=1e-12)


def test_softmax_and_cross_entropy_are_scipys():
    x, _ = values(1, np.float64, (7, 5), (1,))
    np.testing.assert_allclose(F.softmax(x, axis=0), scipy.special.softmax(x, axis=0), rtol=1e-12)
    np.testing.assert_allclose(F.log_softmax(x), scipy.special.log_softmax(x, axis=1), rtol=1e-12)
    targets = np.arange(7) % 5
    expected = np.mean([scipy.special.logsumexp(row) - row[t] for row, t in zip(x, targets)])
    assert F.cross_entropy(x, targets)[0] == pytest.approx(expected, rel=1e-12)


def test_sigmoid_and_binary_cross_entropy_are_scipys():
    x, t = values(2, np.float64, (40,), (40,))
    x, t = x * 20, scipy.special.expit(t)
    np.testing.assert_allclose(F.sigmoid(x), scipy.special.expit(x), rtol=1e-12)
    p = scipy.special.expit(x)
    expected = -(scipy.special.xlogy(t, p) + scipy.special.xlogy(1 - t, scipy.special.expit(-x))).mean()
    assert F.binary_cross_entropy_with_logits(x, t)[0] == pytest.approx(expected, rel=1e-12)


def test_hinge_loss_is_a_loop():
    scores, _ = values(3, np.float64, (6, 4), (1,))
    targets = np.array([0, 3, 1, 2, 2, 0])
    expected = sum(
        max(0.0, 1 + scores[n, c] - scores[n, t]) for n, t in enumerate(targets) for c in range(4) if c != t
    )
    assert F.hinge_loss(scores, targets)[0] == pytest.approx(expected / 6)


def test_norms_are_loops_over_what_they_average():
    x, gamma, beta = values(4, np.float64, (3, 4, 5, 2), (4,), (4,))

    def standard(part):
        return (part - part.mean()) / np.sqrt(((part - part.mean()) ** 2).mean() + 1e-5)

    batch, group, instance = (np.empty_like(x) for _ in range(3))
    for c in range(4):
        batch[:, c] = standard(x[:, c]) * gamma[c] + beta[c]
    for n in range(3):
        for g in range(2):
            group[n, 2 * g : 2 * g + 2] = standard(x[n, 2 * g : 2 * g + 2])
        for c in range(4):
            instance[n, c] = standard(x[n, c])
    scale, shift = gamma[:, None, None], beta[:, None, None]
    np.testing.assert_allclose(F.batch_norm(x, gamma, beta, training=True)[0], batch, atol=1e-12)
    np.testing.assert_allclose(F.group_norm(x, 2, gamma, beta)[0], group * scale + shift, atol=1e-12)
    np.testing.assert_allclose(F.instance_norm(x, gamma, beta)[0], instance * scale + shift, atol=1e-12)
    rows, _ = F.layer_norm(x, gamma[:2], beta[:2])
    expected = np.array([standard(row) for row in x.reshape(-1, 2)]).reshape(x.shape) * gamma[:2] + beta[:2]
    np.testing.assert_allclose(rows, expected, atol=1e-12)


def test_whitening_is_the_inverse_root_of_the_covariance():
    (x,) = values(5, np.float64, (6, 3, 4, 2))
    rows = x.transpose(1, 0, 2, 3).reshape(3, -1)
    root = scipy.linalg.sqrtm(np.linalg.inv(np.cov(rows, bias=True) + 1e-3 * np.eye(3)))
    expected = root @ (rows - rows.mean(axis=1, keepdims=True))
    found, _ = F.decorrelated_batch_norm(x, training=True, eps=1e-3)
    np.testing.assert_allclose(found.transpose(1, 0, 2, 3).reshape(3, -1), expected, atol=1e-10)


def torch_gradients(function, arrays, seed=9):
    """Give PyTorch's result and gradients for a gradient of the result drawn from a fixed seed."""
    torch = pytest.importorskip("torch")
    tensors = {key: torch.tensor(value, requires_grad=True) for key, value in arrays.items()}
    y = function(torch.nn.functional, torch, **tensors)
    (dy,) = values(seed, np.float64, tuple(y.shape))
    y.backward(torch.tensor(dy))
    return y.detach().numpy(), dy, {key: value.grad.numpy() for key, value in tensors.items()}


def test_pytorch_convolves_alike():
    x, w, b = values(6, np.float64, (2, 4, 7, 6), (6, 2, 3, 2), (6,))
    (top, bottom), (left, right) = CONV2D["padding"]
    options = {key: CONV2D[key] for key in ("stride", "dilation", "groups")}
    y, dy, gradients = torch_gradients(
        lambda nn, torch, x, w, b: nn.conv2d(nn.pad(x, (left, right, top, bottom)), w, b, **options),
        {"x": x, "w": w, "b": b},
    )
    np.testing.assert_allclose(F.conv2d(x, w, b, **CONV2D), y, atol=1e-12)
    for found, expected in zip(F.conv2d_backward(dy, x, w, **CONV2D), gradients.values()):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_pytorch_convolves_sequences_alike():
    x, w, b = values(7, np.float64, (2, 4, 11), (6, 2, 3), (6,))
    options = {key: CONV1D[key] for key in ("stride", "dilation", "groups")}
    y, dy, gradients = torch_gradients(
        lambda nn, torch, x, w, b: nn.conv1d(nn.pad(x, CONV1D["padding"]), w, b, **options),
        {"x": x, "w": w, "b": b},
    )
    np.testing.assert_allclose(F.conv1d(x, w, b, **CONV1D), y, atol=1e-12)
    for found, expected in zip(F.conv1d_backward(dy, x, w, **CONV1D), gradients.values()):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_pytorch_pools_alike():
    torch = pytest.importorskip("torch")
    (x,) = values(8, np.float64, (2, 3, 7, 6))
    options = {**POOL, "padding": (1, 1)}
    y, indices = torch.nn.functional.max_pool2d(torch.tensor(x), **options, return_indices=True)
    found = F.max_pool2d(x, **options)
    np.testing.assert_array_equal(found[0], y.numpy())
    np.testing.assert_array_equal(found[1], indices.numpy())
    for counts in (True, False):
        expected, dy, gradients = torch_gradients(
            lambda nn, torch, x, counts=counts: nn.avg_pool2d(x, **options, count_include_pad=counts),
            {"x": x},
        )
        np.testing.assert_allclose(F.avg_pool2d(x, **options, count_include_pad=counts), expected, atol=1e-12)
        dx = F.avg_pool2d_backward(dy, x.shape, **options, count_include_pad=counts)
        np.testing.assert_allclose(dx, gradients["x"], atol=1e-12)


@pytest.mark.parametrize("training", [True, False])
def test_pytorch_normalises_alike_and_keeps_the_same_running_averages(training):
    torch = pytest.importorskip("torch")
    x, gamma, beta = values(9, np.float64, (5, 3, 4, 2), (3,), (3,))
    ours, theirs = (
        (np.full(3, 0.2), np.full(3, 1.5)),
        (torch.full((3,), 0.2).double(), torch.full((3,), 1.5).double()),
    )
    y, dy, gradients = torch_gradients(
        lambda nn, torch, x, gamma, beta: nn.batch_norm(x, *theirs, gamma, beta, training, 0.3, 1e-3),
        {"x": x, "gamma": gamma, "beta": beta},
    )
    found, cache = F.batch_norm(x, gamma, beta, *ours, training=training, momentum=0.3, eps=1e-3)
    np.testing.assert_allclose(found, y, atol=1e-12)
    for average, expected in zip(ours, theirs):
        np.testing.assert_allclose(average, expected.numpy(), atol=1e-12)
    for mine, expected in zip(F.batch_norm_backward(dy, cache), gradients.values()):
        np.testing.assert_allclose(mine, expected, atol=1e-12)

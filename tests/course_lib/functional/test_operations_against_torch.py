"""Every operation and loss beside PyTorch's: values and gradients, in both precisions, on both backends."""

import numpy as np
import pytest
from hypothesis import given, settings
from operation_cases import CONV1D, CONV2D, LOSSES, OPERATIONS, POOL, drawing
from strategies import SEEDS, convolutions, values, windows

import course_lib
import course_lib.functional as F
from course_lib import kernels

torch = pytest.importorskip("torch")
T = torch.nn.functional


def padded(x, padding, value=0.0):
    """Pad as `padding` says, one (before, after) for each spatial axis; PyTorch wants the last axis first."""
    return T.pad(x, [side for pair in reversed(padding) for side in pair], value=value)


def convolved(x, w, b, padding, **options):
    return (T.conv1d if x.ndim == 3 else T.conv2d)(padded(x, padding), w, b, **options)


def max_pooled(x, kernel_size, stride, padding):
    return T.max_pool2d(padded(x, padding, -torch.inf), kernel_size, stride)


def average_pooled(x, kernel_size, stride, padding, counts):
    whole = T.avg_pool2d(padded(x, padding), kernel_size, stride)
    return whole if counts else whole / T.avg_pool2d(padded(torch.ones_like(x), padding), kernel_size, stride)


def whitened(x):
    rows = x.transpose(0, 1).reshape(x.shape[1], -1)
    centred = rows - rows.mean(1, keepdim=True)
    covariance = centred @ centred.T / rows.shape[1] + 1e-5 * torch.eye(len(rows), dtype=x.dtype)
    values_, vectors = torch.linalg.eigh(covariance)
    white = vectors @ torch.diag(values_**-0.5) @ vectors.T @ centred
    return white.reshape(x.shape[1], x.shape[0], *x.shape[2:]).transpose(0, 1)


def evaluated_batch_norm(x, gamma, beta):
    mean, var = torch.linspace(-1, 1, 4, dtype=x.dtype), torch.linspace(1, 2, 4, dtype=x.dtype)
    return T.batch_norm(x, mean, var, gamma, beta, training=False)


THEIRS = {
    "conv2d": lambda x, w, b: convolved(x, w, b, **CONV2D),
    "conv2d wide": lambda x, w, b: T.conv2d(x, w, b, padding="same"),
    "conv2d depthwise": lambda x, w, b: T.conv2d(x, w, b, padding=1, groups=5),
    "conv1d": lambda x, w, b: convolved(x, w, b, **{**CONV1D, "padding": [CONV1D["padding"]]}),
    "max_pool2d": lambda x: max_pooled(x, **POOL),
    "avg_pool2d": lambda x: average_pooled(x, **POOL, counts=True),
    "avg_pool2d of real elements": lambda x: average_pooled(x, **POOL, counts=False),
    "global_avg_pool2d": lambda x: T.adaptive_avg_pool2d(x, 1).flatten(1),
    "linear": T.linear,
    "batch_norm": lambda x, gamma, beta: T.batch_norm(x, None, None, gamma, beta, training=True),
    "batch_norm evaluated": evaluated_batch_norm,
    "group_norm": lambda x, gamma, beta: T.group_norm(x, 2, gamma, beta),
    "instance_norm": lambda x, gamma, beta: T.instance_norm(x, weight=gamma, bias=beta),
    "layer_norm": lambda x, gamma, beta: T.layer_norm(x, gamma.shape, gamma, beta),
    "decorrelated_batch_norm": whitened,
    "relu": T.relu,
    "leaky_relu": lambda x: T.leaky_relu(x, 0.2),
    "elu": lambda x: T.elu(x, 1.5),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "maxout": lambda x: x.unflatten(1, (2, 3)).amax(2),
    "softmax": lambda x: T.softmax(x, 1),
    "softmax of rows": lambda x: T.softmax(x, -1),
    "log_softmax": lambda x: T.log_softmax(x, 1),
}
THEIR_LOSSES = {
    "cross_entropy": T.cross_entropy,
    # PyTorch divides by the number of classes as well.
    "hinge_loss": lambda scores, targets: T.multi_margin_loss(scores, targets) * scores.shape[1],
    "mse_loss": T.mse_loss,
    "binary_cross_entropy_with_logits": T.binary_cross_entropy_with_logits,
}
# Up to this share of the largest element, whose rounding the small ones carry.
TOLERANCES = {np.float32: 1e-4, np.float64: 1e-10}


def assert_close(found, expected, dtype, name):
    expected = expected.detach().numpy()
    assert found.shape == expected.shape and found.dtype == expected.dtype == dtype
    limit = TOLERANCES[dtype] * max(1, np.abs(expected).max(initial=0))
    np.testing.assert_allclose(found, expected, rtol=0, atol=limit, err_msg=name)


def test_every_operation_has_its_counterpart():
    assert THEIRS.keys() == OPERATIONS.keys() and THEIR_LOSSES.keys() == LOSSES.keys()


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", OPERATIONS)
def test_values_and_gradients_are_pytorchs(name, seed, dtype):
    operation, draw = OPERATIONS[name], drawing(dtype, seed)
    arrays = operation.arrays(draw, seed + 2)
    tensors = {key: torch.tensor(value, requires_grad=True) for key, value in arrays.items()}
    expected = THEIRS[name](*tensors.values())
    y = operation.forward(**arrays)
    assert_close(y, expected, dtype, "y")
    dy = draw(*y.shape)
    expected.backward(torch.tensor(dy))
    for key, gradient in operation.backward(dy, **arrays).items():
        assert_close(gradient, tensors[key].grad, dtype, key)


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_gradients_are_pytorchs(name, seed, dtype):
    loss_of, make = LOSSES[name]
    first, second = make(drawing(dtype, seed), seed + 2)
    scores = torch.tensor(first, requires_grad=True)
    expected = THEIR_LOSSES[name](scores, torch.tensor(second))
    expected.backward()
    loss, gradient = loss_of(first, second)
    assert loss == pytest.approx(expected.item(), rel=TOLERANCES[dtype])
    assert_close(gradient, scores.grad, dtype, "gradient")


@settings(max_examples=60)
@given(case=convolutions(), seed=SEEDS)
def test_drawn_convolutions_are_pytorchs(case, seed):
    x, w, b = values(seed, np.float64, case.x, case.w, case.w[:1])
    if not len(x):
        return
    tensors = [torch.tensor(value, requires_grad=True) for value in (x, w, b)]
    expected = convolved(*tensors, **case.options)
    (dy,) = values(seed + 1, np.float64, tuple(expected.shape))
    expected.backward(torch.tensor(dy))
    for backend in ("kernels", "reference"):
        course_lib.set_backend(backend if kernels.problem() is None else "reference")
        try:
            assert_close(F.conv2d(x, w, b, **case.options), expected, np.float64, "y")
            for found, tensor, name in zip(F.conv2d_backward(dy, x, w, **case.options), tensors, "xwb"):
                assert_close(found, tensor.grad, np.float64, name)
        finally:
            course_lib.set_backend("auto")


@settings(max_examples=60)
@given(case=windows(), seed=SEEDS)
def test_drawn_poolings_are_pytorchs(case, seed):
    (x,) = values(seed, np.float64, case.x)
    if not len(x):
        return
    for counts in (None, True, False):
        tensor = torch.tensor(x, requires_grad=True)
        if counts is None:
            y, indices = F.max_pool2d(x, **case.options)
            expected = max_pooled(tensor, **case.options)
        else:
            y = F.avg_pool2d(x, **case.options, count_include_pad=counts)
            expected = average_pooled(tensor, **case.options, counts=counts)
        (dy,) = values(seed + 1, np.float64, y.shape)
        expected.backward(torch.tensor(dy))
        dx = (
            F.max_pool2d_backward(dy, indices, x.shape)
            if counts is None
            else F.avg_pool2d_backward(dy, x.shape, **case.options, count_include_pad=counts)
        )
        assert_close(y, expected, np.float64, "y")
        assert_close(dx, tensor.grad, np.float64, "x")

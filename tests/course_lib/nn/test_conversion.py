"""Fully connected and convolutional layers into each other: the same numbers from other tables of weights."""

import numpy as np
import pytest

from course_lib import nn

CONVOLUTIONS = {
    "plain": (nn.Conv2d(2, 3, 3, rng=0), (2, 5, 6)),
    "strided, padded": (nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=1, rng=0), (2, 5, 4)),
    "asymmetric padding": (nn.Conv2d(1, 2, 2, padding=((0, 1), (2, 0)), bias=False, rng=0), (1, 4, 3)),
    "same, dilated": (nn.Conv2d(1, 2, (3, 2), padding="same", dilation=2, rng=0), (1, 5, 6)),
    "groups": (nn.Conv2d(4, 6, 3, groups=2, stride=2, rng=0), (4, 5, 6)),
    "depthwise": (nn.Conv2d(3, 6, 2, groups=3, rng=0), (3, 4, 4)),
    "1×1": (nn.Conv2d(3, 2, 1, rng=0), (3, 2, 3)),
}


@pytest.fixture(params=CONVOLUTIONS.values(), ids=CONVOLUTIONS.keys())
def convolution(request):
    layer, shape = request.param
    return layer.astype(np.float64), shape


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_a_convolution_is_the_product_with_its_matrix(convolution):
    layer, shape = convolution
    x = draw(3, *shape)
    matrix, bias, output_shape = nn.conv_as_matrix(layer, shape)
    y = x.reshape(3, -1) @ matrix.T + (0 if bias is None else bias)
    np.testing.assert_allclose(y.reshape(3, *output_shape), layer(x), rtol=1e-12, atol=1e-12)


def test_its_transpose_is_the_way_back(convolution):
    layer, shape = convolution
    y = layer(draw(2, *shape))
    dy = draw(*y.shape, seed=1)
    matrix, _, _ = nn.conv_as_matrix(layer, shape)
    dx = dy.reshape(2, -1) @ matrix
    np.testing.assert_allclose(dx.reshape(2, *shape), layer.backward(dy), rtol=1e-12, atol=1e-12)


def test_the_matrix_is_sparse_and_tied(convolution):
    layer, shape = convolution
    matrix, bias, (channels, height, width) = nn.conv_as_matrix(layer, shape)
    kernels = layer.weight.data.reshape(channels, -1)
    assert (np.count_nonzero(matrix, axis=1) <= kernels.shape[1]).all()
    for kernel, rows in zip(kernels, matrix.reshape(channels, height * width, -1), strict=True):
        assert set(rows[rows != 0]) <= set(kernel)
    assert matrix.dtype == layer.weight.dtype
    if bias is not None:
        np.testing.assert_array_equal(bias.reshape(channels, -1).T[0], layer.bias.data)


def test_as_a_layer_it_computes_the_same_and_trains_alone(convolution):
    layer, shape = convolution
    made = nn.conv_as_linear(layer, shape)
    x = draw(2, *shape)
    before = layer(x).reshape(2, -1)
    np.testing.assert_allclose(made(x.reshape(2, -1)), before, rtol=1e-12, atol=1e-12)
    made.weight.data += 1
    np.testing.assert_array_equal(layer(x).reshape(2, -1), before)


@pytest.mark.parametrize("bias", [True, False])
def test_a_full_layer_is_a_convolution_with_kernels_of_the_whole_plane(bias):
    layer = nn.Linear(24, 5, bias=bias, rng=0, dtype=np.float64)
    made = nn.linear_as_conv(layer, (2, 3, 4))
    assert made.weight.shape == (5, 2, 3, 4)
    x = draw(3, 2, 3, 4)
    y = made(x)
    assert y.shape == (3, 5, 1, 1)
    np.testing.assert_allclose(y[:, :, 0, 0], layer(x.reshape(3, -1)), rtol=1e-12)
    dy = draw(3, 5, seed=1)
    made.backward(dy[:, :, None, None])
    layer.backward(dy)
    np.testing.assert_allclose(made.weight.grad.reshape(5, -1), layer.weight.grad, rtol=1e-12)
    made.weight.data += 1
    assert not np.array_equal(made.weight.data.reshape(5, -1), layer.weight.data)


def test_there_and_back_is_the_same_layer():
    layer = nn.Linear(12, 4, rng=0)
    back = nn.conv_as_linear(nn.linear_as_conv(layer, (3, 2, 2)), (3, 2, 2))
    np.testing.assert_array_equal(back.weight.data, layer.weight.data)
    np.testing.assert_array_equal(back.bias.data, layer.bias.data)


def classifier():
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 3, 3, rng=0), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Conv2d(3, 4, 2, stride=2, rng=1),
        nn.Tanh(),
        nn.Flatten(),
        nn.Linear(16, 6, rng=2),
        nn.BatchNorm1d(6),
        nn.ReLU(),
        nn.Dropout(0.5, rng=3),
        nn.Linear(6, 2, rng=4),
    ).astype(np.float64)


def averaging_classifier():
    return nn.Sequential(
        nn.Conv2d(1, 3, 3, stride=(2, 1), rng=0),
        nn.ReLU(),
        nn.GlobalAvgPool2d(),
        nn.Linear(3, 2, rng=2),
    ).astype(np.float64)


@pytest.mark.parametrize(
    ("make", "size", "step"), [(classifier, (10, 10), (4, 4)), (averaging_classifier, (7, 6), (2, 1))]
)
def test_sliding_gives_what_the_classifier_gives_for_every_part(make, size, step):
    model = make()
    rng = np.random.default_rng(5)
    model.load_state_dict({name: a + rng.uniform(0, 0.3, a.shape) for name, a in model.state_dict().items()})
    sliding = nn.fully_convolutional(model, (1, *size))
    image = draw(2, 1, size[0] + 3 * step[0], size[1] + 2 * step[1])
    answers = sliding(image)
    assert answers.shape == (2, 2, 4, 3)
    model.eval()
    for r in range(4):
        for s in range(3):
            part = image[:, :, r * step[0] : r * step[0] + size[0], s * step[1] : s * step[1] + size[1]]
            np.testing.assert_allclose(answers[:, :, r, s], model(part), rtol=1e-10, atol=1e-12)


def test_the_classifier_is_left_as_it_was():
    model = classifier()
    model[0].eval()
    x = draw(3, 1, 10, 10)
    model(x)
    before = model.state_dict()
    sliding = nn.fully_convolutional(model, (1, 10, 10))
    for parameter in sliding.parameters():
        parameter.data += 1
    np.testing.assert_equal(model.state_dict(), before)
    assert [module.training for module in model.modules()][:2] == [True, False]
    assert model.backward(np.ones((3, 2))).shape == x.shape
    assert not any(module.training for module in sliding.modules())


def test_sliding_costs_less_than_going_over_the_parts():
    sliding = nn.fully_convolutional(classifier(), (1, 10, 10))
    once = nn.summary(sliding, (1, 10, 10)).multiply_adds
    large = nn.summary(sliding, (1, 42, 42)).multiply_adds
    assert large < 81 * once / 2


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([nn.Flatten(), nn.Linear(16, 3, rng=0), nn.LayerNorm(3)], "layer 2, LayerNorm"),
        ([nn.Conv2d(1, 2, 3, rng=0), nn.GroupNorm(1, 2)], "layer 1, GroupNorm"),
        ([nn.Conv2d(1, 2, 3, rng=0), nn.SqueezeExcitation(2, rng=0)], "layer 1, SqueezeExcitation"),
        ([nn.Linear(4, 2, rng=0)], "layer 0, Linear"),
    ],
)
def test_what_sees_a_whole_image_cannot_slide(layers, message):
    with pytest.raises(ValueError, match=message):
        nn.fully_convolutional(nn.Sequential(*layers), (1, 4, 4))


def test_bad_shapes_are_named():
    with pytest.raises(ValueError, match="input_shape must hold the layer's 24"):
        nn.linear_as_conv(nn.Linear(24, 5, rng=0), (2, 3, 5))
    with pytest.raises(ValueError, match="input_shape"):
        nn.linear_as_conv(nn.Linear(24, 5, rng=0), (24,))
    with pytest.raises(ValueError, match="input_shape must have 2 channels"):
        nn.conv_as_matrix(nn.Conv2d(2, 3, 3, rng=0), (3, 5, 5))
    with pytest.raises(ValueError, match="window spans 3"):
        nn.conv_as_matrix(nn.Conv2d(2, 3, 3, rng=0), (2, 2, 5))

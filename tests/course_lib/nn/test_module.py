"""How modules find what is inside them, and what parameters promise."""

import copy

import numpy as np
import pytest

from course_lib import nn


class TwoBranches(nn.Module):
    """y = left(x) + right(right(x)), with everything that may hold modules."""

    def __init__(self):
        self.left = nn.Linear(3, 3, rng=0)
        self.right = [nn.Linear(3, 3, rng=1), nn.Sequential(nn.BatchNorm1d(3), nn.Tanh())]
        self.scale = nn.Parameter(np.ones(1, np.float32))

    def forward(self, x):
        self.cache = x
        branch = x
        for module in self.right:
            branch = module(branch)
        return (self.left(x) + branch) * self.scale.data

    def backward(self, dy):
        dy = dy * self.scale.data
        dx = self.left.backward(dy)
        for module in reversed(self.right):
            dy = module.backward(dy)
        return dx + dy


def test_names_follow_attributes_lists_and_positions():
    names = [name for name, _ in TwoBranches().named_parameters()]
    assert sorted(names) == [
        "left.bias",
        "left.weight",
        "right.0.bias",
        "right.0.weight",
        "right.1.0.bias",
        "right.1.0.weight",
        "scale",
    ]


def test_the_state_has_buffers_too():
    state = TwoBranches().state_dict()
    assert {name for name in state if "running" in name} == {
        "right.1.0.running_mean",
        "right.1.0.running_var",
    }


def test_a_model_of_ones_own_trains_evaluates_and_converts():
    model = TwoBranches()
    x = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    model(x)
    running = model.right[1][0].running_mean.copy()
    model.eval()
    assert not any(module.training for module in model.modules())
    model(x)
    np.testing.assert_array_equal(model.right[1][0].running_mean, running)
    model.astype(np.float64)
    assert all(array.dtype == np.float64 for array in model.state_dict().values())
    assert model(x.astype(np.float64)).dtype == np.float64


def test_conversion_is_to_floats_only():
    with pytest.raises(TypeError, match="dtype.*int64"):
        nn.Linear(2, 2).astype(np.int64)


def test_a_shared_parameter_comes_once():
    first, second = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
    second.weight = first.weight
    model = nn.Sequential(first, second)
    assert len(model.parameters()) == 3
    x = np.ones((2, 3), np.float32)
    y = model(x)
    model.backward(np.ones_like(y))
    alone = nn.Linear(3, 3)
    alone.load_state_dict(first.state_dict())
    alone(x)
    alone.backward(np.ones_like(y) @ second.weight.data)
    expected = alone.weight.grad + np.ones_like(y).T @ alone(x)
    np.testing.assert_allclose(first.weight.grad, expected, rtol=1e-5)


def test_a_state_that_misses_only_the_head_loads_when_not_strict():
    body, other = nn.Linear(3, 4, rng=0), nn.Linear(3, 4, rng=1)
    model = nn.Sequential(other, nn.Linear(4, 2, rng=2))
    head = model[1].weight.data.copy()
    saved = {f"0.{name}": array for name, array in body.state_dict().items()}
    with pytest.raises(ValueError, match=r"1\.weight"):
        model.load_state_dict(saved)
    model.load_state_dict(saved, strict=False)
    np.testing.assert_array_equal(other.weight.data, body.weight.data)
    np.testing.assert_array_equal(model[1].weight.data, head)


def test_loading_keeps_the_dtype_of_the_module():
    layer = nn.Linear(2, 3, rng=0)
    layer.load_state_dict({name: array.astype(np.float64) for name, array in layer.state_dict().items()})
    assert layer.weight.dtype == np.float32


def test_a_deep_copy_is_independent():
    model = TwoBranches()
    twin = copy.deepcopy(model)
    twin.left.weight.data[...] = 0
    assert model.left.weight.data.any()


def test_methods_that_a_module_must_write_say_so():
    with pytest.raises(NotImplementedError, match="Module has no forward"):
        nn.Module()(np.zeros(1))
    with pytest.raises(NotImplementedError, match="Loss has no forward"):
        nn.Loss()(np.zeros(1), np.zeros(1))


def test_sequential_refuses_what_it_cannot_run():
    with pytest.raises(TypeError, match="layers.*function as number 1"):
        nn.Sequential(nn.ReLU(), lambda x: x)
    relu = nn.ReLU()
    with pytest.raises(ValueError, match="number 2, ReLU, is used twice"):
        nn.Sequential(relu, nn.Tanh(), relu)
    with pytest.raises(ValueError, match="number 1, Sequential, is used twice"):
        nn.Sequential(relu, nn.Sequential(relu))


def test_sequential_is_a_list_of_layers():
    layers = [nn.Linear(3, 4, rng=0), nn.ReLU(), nn.Linear(4, 2, rng=1)]
    model = nn.Sequential(*layers)
    assert len(model) == 3
    assert list(model) == layers
    assert model[-1] is layers[-1]
    x = np.ones((2, 3), np.float32)
    np.testing.assert_array_equal(model[:2](x), layers[1](layers[0](x)))


def test_an_empty_sequential_is_the_identity():
    x = np.ones((2, 3))
    assert nn.Sequential()(x) is x


def test_a_representation_shows_the_tree():
    text = repr(nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, groups=1), nn.Sequential(nn.ReLU())))
    assert text == (
        "Sequential(\n"
        "  (0): Conv2d(1, 2, kernel_size=(3, 3), padding=1)\n"
        "  (1): Sequential(\n"
        "    (0): ReLU()\n"
        "  )\n"
        ")"
    )


# Parameters


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_parameter_keeps_its_dtype_and_copies(dtype):
    array = np.ones((2, 3), dtype)
    parameter = nn.Parameter(array)
    parameter.data -= 1
    assert parameter.dtype == dtype
    assert (array == 1).all()
    assert (parameter.shape, parameter.size) == ((2, 3), 6)


def test_changing_data_in_place_changes_the_parameter():
    parameter = nn.Parameter(np.ones(3))
    alias = parameter.data
    parameter.data *= 2
    parameter.data[0] = 5
    assert alias is parameter.data
    assert parameter.data.tolist() == [5, 2, 2]


def test_data_may_be_assigned_with_another_shape_and_dtype():
    parameter = nn.Parameter(np.ones(3, np.float32))
    array = np.zeros((2, 2))
    parameter.data = array
    array[...] = 9
    assert (parameter.shape, parameter.dtype) == ((2, 2), np.float64)
    assert not parameter.data.any()


@pytest.mark.parametrize("array", [np.arange(3), np.ones(3, np.float16), np.array(["a"]), [1, 2]])
def test_a_parameter_is_made_of_floats(array):
    with pytest.raises(TypeError, match="array.*float32 or float64"):
        nn.Parameter(array)
    parameter = nn.Parameter(np.ones(3))
    with pytest.raises(TypeError, match="data.*float32 or float64"):
        parameter.data = array


def test_a_gradient_must_fit():
    parameter = nn.Parameter(np.ones(3))
    with pytest.raises(ValueError, match=r"grad.*\(3,\).*\(2,\)"):
        parameter.grad = np.zeros(2)
    with pytest.raises(TypeError, match="grad.*int64"):
        parameter.grad = np.zeros(3, np.int64)
    gradient = np.zeros(3)
    parameter.grad = gradient
    assert parameter.grad is gradient
    parameter.grad = None
    assert parameter.grad is None


def test_adding_a_gradient_leaves_the_assigned_array_alone():
    parameter = nn.Parameter(np.ones(3, np.float32))
    mine = np.ones(3, np.float32)
    parameter.grad = mine
    parameter.add_grad(np.full(3, 2.0))
    assert mine.tolist() == [1, 1, 1]
    assert parameter.grad.tolist() == [3, 3, 3]
    assert parameter.grad.dtype == np.float32


@pytest.mark.parametrize("bias", [True, False])
def test_backward_to_parameters_leaves_the_gradients_that_backward_leaves(bias):
    def network():
        return nn.Sequential(
            nn.Sequential(nn.Conv2d(2, 3, 3, padding=1, bias=bias, rng=0), nn.ReLU()),
            nn.BatchNorm2d(3),
            nn.GlobalAvgPool2d(),
            nn.Linear(3, 4, rng=1),
        )

    x, dy = (
        np.random.default_rng(2).standard_normal((5, 2, 6, 7)).astype(np.float32),
        np.ones((5, 4), np.float32),
    )
    dy[::2] = -2
    whole, alone = network(), network()
    for model in (whole, alone):
        model(x)
    assert whole.backward(dy).shape == x.shape
    assert alone.backward_to_parameters(dy) is None
    assert nn.Sequential().backward_to_parameters(dy) is None
    for (name, expected), (_, found) in zip(whole.named_parameters(), alone.named_parameters()):
        assert np.array_equal(found.grad, expected.grad), name


def test_backward_to_parameters_serves_layers_that_only_write_backward():
    class Doubling(nn.Module):
        def __init__(self):
            self.factor = nn.Parameter(np.full(1, 2.0))

        def forward(self, x):
            self.cache = x
            return x * self.factor.data

        def backward(self, dy):
            self.factor.add_grad(np.array([(dy * self.cached()).sum()]))
            return dy * self.factor.data

    model = nn.Sequential(Doubling(), Doubling())
    model(np.arange(4.0))
    model.backward_to_parameters(np.ones(4))
    assert [parameter.grad[0] for parameter in model.parameters()] == [12.0, 12.0]


def test_backward_to_parameters_calls_a_backward_that_was_put_on_a_layer():
    layer, heard = nn.Conv2d(1, 1, 3, rng=0), []
    plain = layer.backward
    layer.backward = lambda dy: heard.append(dy.shape) or plain(dy)
    model = nn.Sequential(layer)
    y = model(np.ones((2, 1, 4, 4), np.float32))
    model.backward_to_parameters(np.ones_like(y))
    assert heard == [y.shape] and layer.weight.grad is not None

"""The gradient check passes right models, finds wrong ones, and is not fooled by kinks."""

import numpy as np
import pytest

from course_lib import nn
from course_lib.training import check_gradients, numerical_gradient, relative_error


def network(*middle):
    rng = np.random.default_rng(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, rng=rng),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        *middle,
        nn.Flatten(),
        nn.Linear(24, 3, rng=rng),
    )


def batch():
    rng = np.random.default_rng(1)
    return rng.normal(size=(3, 1, 4, 6)), rng.integers(0, 3, 3)


class ForgetsTwo(nn.Module):
    """x² with a backward that forgets the factor 2."""

    def forward(self, x):
        self.cache = x
        return x * x

    def backward(self, dy):
        return dy * self.cached()


class WrongInOnePlace(nn.Linear):
    def backward(self, dy):
        dx = super().backward(dy)
        gradient = self.weight.grad.copy()
        gradient[1, 2] += 1e-3
        self.weight.grad = gradient
        return dx


@pytest.mark.parametrize("training", [True, False])
def test_a_right_network_passes(training):
    model = network(nn.Dropout(0.3, rng=0)).train(training)
    report = check_gradients(model, nn.CrossEntropyLoss(), *batch())
    assert report.passed, str(report)
    assert {error.name for error in report.errors} == {"x"} | {name for name, _ in model.named_parameters()}
    assert max(error.error for error in report.errors) < 1e-6


def test_a_wrong_layer_is_found_in_everything_before_it():
    report = check_gradients(network(ForgetsTwo()), nn.CrossEntropyLoss(), *batch())
    assert not report.passed
    wrong = {error.name for error in report.errors if error.error > report.tolerance}
    assert "0.weight" in wrong
    assert {"6.weight", "6.bias"}.isdisjoint(wrong)
    worst = next(error for error in report.errors if error.name == "0.weight")
    np.testing.assert_allclose(worst.received, worst.expected / 2, rtol=1e-4)


def test_one_wrong_element_is_named_with_what_was_expected():
    model = WrongInOnePlace(4, 3, rng=0)
    rng = np.random.default_rng(1)
    report = check_gradients(model, nn.CrossEntropyLoss(), rng.normal(size=(5, 4)), rng.integers(0, 3, 5))
    assert not report.passed
    worst = next(error for error in report.errors if error.name == "weight")
    assert worst.index == (1, 2)
    np.testing.assert_allclose(worst.received - worst.expected, 1e-3, rtol=1e-4)
    assert "WRONG weight[1, 2]: backward gives" in str(report)


def test_a_kink_is_left_out_and_counted():
    model = nn.Sequential(nn.ReLU(), nn.Linear(4, 3, rng=0))
    x = np.random.default_rng(0).normal(size=(5, 4))
    x[0] = 0
    report = check_gradients(model, nn.CrossEntropyLoss(), x, np.array([0, 1, 2, 0, 1]))
    assert report.passed, str(report)
    assert (report.errors[0].tried, report.errors[0].kinks) == (16, 4)


def test_inputs_that_are_all_kinks_do_not_pass():
    model = nn.Sequential(nn.ReLU(), nn.Linear(4, 3, rng=0))
    report = check_gradients(model, nn.CrossEntropyLoss(), np.zeros((2, 4)), np.array([0, 1]))
    assert not report.passed
    assert "use other inputs" in str(report)


def test_the_model_is_not_touched():
    model = network()
    before = model.state_dict()
    check_gradients(model, nn.CrossEntropyLoss(), *batch(), samples=2)
    np.testing.assert_equal(model.state_dict(), before)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(array.dtype == np.float32 for array in model.state_dict().values())


def test_numerical_gradient_of_a_known_function():
    x = np.random.default_rng(0).normal(size=(3, 2))
    before = x.copy()
    received = numerical_gradient(lambda: float(np.sin(x).sum()), x)
    np.testing.assert_allclose(received, np.cos(x), rtol=1e-8)
    np.testing.assert_array_equal(x, before)


def test_single_precision_is_refused():
    x = np.ones(3, np.float32)
    with pytest.raises(TypeError, match="array.*float64.*float32"):
        numerical_gradient(lambda: float(x.sum()), x)


def test_relative_error_is_relative_to_the_larger():
    np.testing.assert_allclose(relative_error(np.array([1.0, 0.0]), np.array([2.0, 0.0])), [0.5, 0])

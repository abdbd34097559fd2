"""What is frozen stays as it is, whatever trains around it; what is in evaluation keeps its statistics."""

import numpy as np
import pytest

from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.training import fit

DIGITS = load_digits().subset(np.arange(128))


def trunk(seed=0):
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, rng=seed), nn.BatchNorm2d(4), nn.ReLU(), nn.GlobalAvgPool2d()
    )


def train(model):
    optimizer = optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=0.1)
    fit(model, nn.CrossEntropyLoss(), optimizer, DIGITS, epochs=2, progress=False)


def changed(before, after):
    return {name for name in before if not np.array_equal(before[name], after[name])}


def test_a_frozen_module_comes_out_of_training_as_it_went_in():
    model = nn.Sequential(nn.Frozen(trunk()), nn.Linear(4, 10, rng=1))
    before = model.state_dict()
    train(model)
    assert changed(before, model.state_dict()) == {"1.weight", "1.bias"}


def test_a_frozen_module_in_the_middle_lets_the_gradient_through():
    first, last = nn.Conv2d(1, 1, 3, padding=1, rng=2), nn.Linear(4, 10, rng=1)
    model = nn.Sequential(first, nn.Frozen(trunk()), last)
    before = model.state_dict()
    train(model)
    assert changed(before, model.state_dict()) == {"0.weight", "0.bias", "2.weight", "2.bias"}


def test_in_evaluation_weights_learn_and_statistics_stay():
    model = nn.Sequential(nn.InEvaluation(trunk()), nn.Linear(4, 10, rng=1))
    before = model.state_dict()
    train(model)
    kept = set(before) - changed(before, model.state_dict())
    assert kept == {"0.module.1.running_mean", "0.module.1.running_var"}


@pytest.mark.parametrize("wrap", [nn.Frozen, nn.InEvaluation])
def test_both_give_in_training_what_the_module_gives_in_evaluation(wrap):
    inside = trunk()
    inside.layers.append(nn.Dropout(0.5, rng=0))
    expected = inside.eval()(DIGITS.images)
    wrapped = wrap(inside).train()
    np.testing.assert_array_equal(wrapped(DIGITS.images), expected)
    assert inside.training, "the mode of what is inside is put back"


def test_the_gradient_by_the_input_is_the_modules_own():
    inside = trunk().eval().astype(np.float64)
    images = DIGITS.images[:8].astype(np.float64)
    dy = np.random.default_rng(0).normal(size=inside(images).shape)
    expected = inside.backward(dy).copy()
    inside.zero_grad()
    frozen = nn.Frozen(inside)
    frozen(images)
    np.testing.assert_array_equal(frozen.backward(dy), expected)
    assert all(parameter.grad is None for parameter in frozen.parameters())


def test_backward_to_parameters_ends_before_what_is_frozen():
    class Counting(nn.Identity):
        calls = 0

        def backward(self, dy):
            self.calls += 1
            return super().backward(dy)

    inside = Counting()
    model = nn.Sequential(nn.Frozen(inside), nn.Linear(3, 2, rng=0))
    model(np.ones((4, 3), np.float32))
    model.backward_to_parameters(np.ones((4, 2), np.float32))
    assert inside.calls == 0
    model.backward(np.ones((4, 2), np.float32))
    assert inside.calls == 1


def test_learning_parameters_leave_out_what_is_frozen():
    inner = nn.Linear(2, 2, rng=0)
    model = nn.Sequential(nn.Frozen(nn.Sequential(inner)), nn.Linear(2, 2, rng=1))
    assert nn.learning_parameters(model) == [model[1].weight, model[1].bias]
    assert len(model.parameters()) == 4


def test_a_summary_sees_through_the_wrapping():
    plain, wrapped = trunk(), nn.Sequential(nn.Frozen(trunk()))
    tables = [nn.summary(model, (1, 8, 8)) for model in (plain, wrapped)]
    assert tables[0].multiply_adds == tables[1].multiply_adds > 0
    assert tables[0].parameters == tables[1].parameters


@pytest.mark.parametrize("wrap", [nn.Frozen, nn.InEvaluation])
def test_only_modules_are_wrapped(wrap):
    with pytest.raises(TypeError, match="module must be Modules, got a str"):
        wrap("trunk")

"""A whole network beside the same one in PyTorch: outputs, gradients, running averages, training steps."""

import numpy as np
import pytest

from course_lib import nn, optim

torch = pytest.importorskip("torch")


def ours():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.Conv2d(4, 6, (3, 1), stride=(2, 1), dilation=(1, 2), groups=2),
        nn.GroupNorm(3, 6),
        nn.ELU(),
        nn.AvgPool2d(2, stride=1),
        nn.Flatten(),
        nn.Linear(18, 7),
        nn.BatchNorm1d(7),
        nn.Tanh(),
        nn.Linear(7, 3),
    ).astype(np.float64)


def theirs():
    t = torch.nn
    return t.Sequential(
        t.Conv2d(2, 4, 3, padding=1, bias=False),
        t.BatchNorm2d(4),
        t.ReLU(),
        t.MaxPool2d(3, stride=2, padding=1),
        t.Conv2d(4, 6, (3, 1), stride=(2, 1), dilation=(1, 2), groups=2),
        t.GroupNorm(3, 6),
        t.ELU(),
        t.AvgPool2d(2, stride=1),
        t.Flatten(),
        t.Linear(18, 7),
        t.BatchNorm1d(7),
        t.Tanh(),
        t.Linear(7, 3),
    ).double()


@pytest.fixture
def pair():
    torch.manual_seed(0)
    mine, other = ours(), theirs()
    state = {name: value.numpy() for name, value in other.state_dict().items() if "tracked" not in name}
    mine.load_state_dict(state)
    return mine, other


def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(5, 2, 10, 8)), rng.integers(0, 3, 5)


def test_state_names_are_pytorchs(pair):
    mine, other = pair
    assert list(mine.state_dict()) == [name for name in other.state_dict() if "tracked" not in name]


def test_three_training_steps_agree(pair):
    mine, other = pair
    x, targets = data()
    criterion, optimizer = nn.CrossEntropyLoss(), optim.SGD(mine.parameters(), 0.1, momentum=0.9)
    their_optimizer = torch.optim.SGD(other.parameters(), lr=0.1, momentum=0.9)
    for _ in range(3):
        inputs = torch.tensor(x, requires_grad=True)
        their_loss = torch.nn.functional.cross_entropy(other(inputs), torch.tensor(targets))
        their_optimizer.zero_grad()
        their_loss.backward()
        their_optimizer.step()
        loss = criterion(mine(x), targets)
        optimizer.zero_grad()
        dx = mine.backward(criterion.backward())
        gradients = [parameter.grad for parameter in mine.parameters()]
        optimizer.step()
        np.testing.assert_allclose(loss, their_loss.item(), rtol=1e-10)
        np.testing.assert_allclose(dx, inputs.grad.numpy(), rtol=1e-8, atol=1e-12)
        for gradient, parameter in zip(gradients, other.parameters(), strict=True):
            np.testing.assert_allclose(gradient, parameter.grad.numpy(), rtol=1e-8, atol=1e-12)
    expected = other.state_dict()
    for name, array in mine.state_dict().items():
        np.testing.assert_allclose(array, expected[name].numpy(), rtol=1e-8, atol=1e-10, err_msg=name)


def test_evaluation_agrees(pair):
    mine, other = pair
    x, _ = data()
    mine(x)
    other(torch.tensor(x))
    mine.eval()
    other.eval()
    np.testing.assert_allclose(mine(x), other(torch.tensor(x)).detach().numpy(), rtol=1e-9, atol=1e-12)

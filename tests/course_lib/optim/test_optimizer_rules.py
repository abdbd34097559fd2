"""Twelve steps of every rule, against sums over the whole past and against PyTorch.

The oracle never keeps a running average: it writes each average out as the weighted sum that it stands for.
"""

import numpy as np
import pytest

from course_lib import optim
from course_lib.nn import Parameter

STEPS = 12
SGD_OPTIONS = [
    {},
    {"momentum": 0.9},
    {"momentum": 0.8, "dampening": 0.3},
    {"momentum": 0.9, "nesterov": True},
    {"weight_decay": 0.1},
    {"momentum": 0.7, "dampening": 0.1, "weight_decay": 0.2},
    {"momentum": 0.9, "nesterov": True, "weight_decay": 0.05},
]
ADAM_OPTIONS = [
    {},
    {"betas": (0.7, 0.95), "eps": 1e-3},
    {"weight_decay": 0.1},
    {"amsgrad": True, "betas": (0.5, 0.6)},
    {"amsgrad": True, "weight_decay": 0.2, "betas": (0.8, 0.5)},
]
ADAGRAD_OPTIONS = [
    {},
    {"lr_decay": 0.2},
    {"weight_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-3},
]
RMSPROP_OPTIONS = [
    {},
    {"alpha": 0.8, "eps": 1e-3},
    {"momentum": 0.9},
    {"centered": True},
    {"centered": True, "momentum": 0.6, "weight_decay": 0.1, "alpha": 0.9},
]


def slope(theta, step):
    """A gradient that bends, depends on the step as a minibatch's does, and now and then is large."""
    rare = 30.0 if step == 4 else 1.0
    return rare * (np.sin(3 * theta) + 0.3 * theta + 0.2 * np.cos(step + np.arange(theta.size)))


def trajectory(optimizer, parameter):
    points = []
    for step in range(1, STEPS + 1):
        parameter.grad = slope(parameter.data, step)
        optimizer.step()
        points.append(parameter.data.copy())
    return np.array(points)


def start():
    return np.random.default_rng(5).normal(size=6)


def unrolled(advance, *, weight_decay=0.0):
    """Return the points that `advance(theta, gradients so far)` goes through."""
    theta, gradients, points = start(), [], []
    for step in range(1, STEPS + 1):
        gradients.append(slope(theta, step) + weight_decay * theta)
        theta = advance(theta, np.array(gradients))
        points.append(theta)
    return np.array(points)


def fading_sum(terms, share):
    """Sum of terms[i]·share^(age of i)."""
    ages = np.arange(len(terms))[::-1]
    return (share ** ages[:, None] * terms).sum(axis=0)


def sgd_oracle(lr, *, momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0):
    def advance(theta, gradients):
        shares = np.full((len(gradients), 1), 1 - dampening)
        shares[0] = 1
        velocity = fading_sum(shares * gradients, momentum)
        return theta - lr * (gradients[-1] + momentum * velocity if nesterov else velocity)

    return unrolled(advance, weight_decay=weight_decay)


def adam_oracle(
    lr,
    *,
    betas=(0.9, 0.999),
    eps=1e-8,
    weight_decay=0.0,
    amsgrad=False,
    bias_correction=True,
    decoupled=False,
):
    def advance(theta, gradients):
        averages = []
        for beta, terms in zip(betas, (gradients, gradients**2), strict=True):
            weight = 1 / sum(beta**age for age in range(len(terms))) if bias_correction else 1 - beta
            averages.append(weight * fading_sum(terms, beta))
        mean, square = averages
        if amsgrad:
            raw = [
                (1 - betas[1]) * fading_sum(gradients[:t] ** 2, betas[1])
                for t in range(1, len(gradients) + 1)
            ]
            square = np.max(raw, axis=0) / (1 - betas[1] ** len(gradients))
        kept = 1 - lr * weight_decay if decoupled else 1
        return kept * theta - lr * mean / (np.sqrt(square) + eps)

    return unrolled(advance, weight_decay=0.0 if decoupled else weight_decay)


def adagrad_oracle(lr, *, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10):
    def advance(theta, gradients):
        total = initial_accumulator_value + (gradients**2).sum(axis=0)
        return theta - lr / (1 + (len(gradients) - 1) * lr_decay) * gradients[-1] / (np.sqrt(total) + eps)

    return unrolled(advance, weight_decay=weight_decay)


def rmsprop_oracle(lr, *, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False):
    def scaled(gradients):
        spread = (1 - alpha) * fading_sum(gradients**2, alpha)
        if centered:
            spread = spread - ((1 - alpha) * fading_sum(gradients, alpha)) ** 2
        return gradients[-1] / (np.sqrt(spread) + eps)

    def advance(theta, gradients):
        past = np.array([scaled(gradients[: t + 1]) for t in range(len(gradients))])
        return theta - lr * fading_sum(past, momentum)

    return unrolled(advance, weight_decay=weight_decay)


def adamw_oracle(lr, *, weight_decay=1e-2, **options):
    return adam_oracle(lr, weight_decay=weight_decay, decoupled=True, **options)


def velocity_oracle(lr, *, momentum=0.9, weight_decay=0.0):
    return sgd_oracle(lr, momentum=momentum, weight_decay=weight_decay)


def average_oracle(lr, *, beta=0.9, weight_decay=0.0):
    def advance(theta, gradients):
        return theta - lr * (1 - beta) * fading_sum(gradients, beta)

    return unrolled(advance, weight_decay=weight_decay)


CASES = [
    *[("SGD", 0.05, options, sgd_oracle) for options in SGD_OPTIONS],
    *[("Adam", 0.05, options, adam_oracle) for options in ADAM_OPTIONS],
    *[("AdamW", 0.05, options, adamw_oracle) for options in ADAM_OPTIONS],
    *[("Adagrad", 0.3, options, adagrad_oracle) for options in ADAGRAD_OPTIONS],
    *[("RMSprop", 0.02, options, rmsprop_oracle) for options in RMSPROP_OPTIONS],
]
OURS_ALONE = [
    ("Adam", 0.05, {"bias_correction": False}, adam_oracle),
    ("AdamW", 0.05, {"bias_correction": False, "weight_decay": 0.3}, adamw_oracle),
    ("VelocityMomentum", 0.05, {}, velocity_oracle),
    ("VelocityMomentum", 0.05, {"momentum": 0.6, "weight_decay": 0.2}, velocity_oracle),
    ("AverageMomentum", 0.2, {}, average_oracle),
    ("AverageMomentum", 0.2, {"beta": 0.6, "weight_decay": 0.2}, average_oracle),
]


def names(cases):
    return [f"{name}-{'-'.join(map(str, options)) or 'plain'}" for name, _, options, _ in cases]


@pytest.mark.parametrize(
    ("name", "lr", "options", "oracle"), CASES + OURS_ALONE, ids=names(CASES + OURS_ALONE)
)
def test_twelve_steps_are_the_sums_that_the_rule_stands_for(name, lr, options, oracle):
    parameter = Parameter(start())
    received = trajectory(getattr(optim, name)([parameter], lr, **options), parameter)
    np.testing.assert_allclose(received, oracle(lr, **options), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("name", "lr", "options", "oracle"), CASES, ids=names(CASES))
def test_twelve_steps_are_pytorchs(name, lr, options, oracle):
    torch = pytest.importorskip("torch")
    parameter = Parameter(start())
    received = trajectory(getattr(optim, name)([parameter], lr, **options), parameter)
    theirs = torch.nn.Parameter(torch.tensor(start()))
    optimizer = getattr(torch.optim, name)([theirs], lr=lr, **options)
    expected = []
    for step in range(1, STEPS + 1):
        theirs.grad = torch.tensor(slope(theirs.detach().numpy(), step))
        optimizer.step()
        expected.append(theirs.detach().numpy().copy())
    np.testing.assert_allclose(received, expected, rtol=0, atol=1e-9)


def test_groups_with_a_schedule_are_pytorchs():
    torch = pytest.importorskip("torch")
    ours = [Parameter(start()), Parameter(start() + 1)]
    theirs = [torch.nn.Parameter(torch.tensor(parameter.data)) for parameter in ours]
    groups = ({"lr": 0.02, "momentum": 0.5}, {"weight_decay": 0.1})
    optimizer = optim.SGD(
        [{"params": [p], **g} for p, g in zip(ours, groups, strict=True)], 0.1, momentum=0.9
    )
    other = torch.optim.SGD(
        [{"params": [p], **g} for p, g in zip(theirs, groups, strict=True)], lr=0.1, momentum=0.9
    )
    schedule = torch.optim.lr_scheduler.ExponentialLR(other, 0.8)
    for step in range(1, STEPS + 1):
        optimizer.lr = optim.ExponentialDecay(0.1, 0.8)(step - 1)
        for mine, their in zip(ours, theirs, strict=True):
            mine.grad = slope(mine.data, step)
            their.grad = torch.tensor(slope(their.detach().numpy(), step))
        optimizer.step()
        other.step()
        schedule.step()
    for mine, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.data, their.detach().numpy(), rtol=0, atol=1e-9)


def test_defaults_are_pytorchs():
    torch = pytest.importorskip("torch")
    theirs = [torch.nn.Parameter(torch.zeros(1))]
    ours = [Parameter(np.zeros(1))]
    pairs = [
        (optim.SGD(ours, 0.1), torch.optim.SGD(theirs, 0.1)),
        *[
            (getattr(optim, n)(ours), getattr(torch.optim, n)(theirs))
            for n in ("Adam", "AdamW", "Adagrad", "RMSprop")
        ],
    ]
    for mine, other in pairs:
        for name in set(mine.option_names) & set(other.defaults):
            assert getattr(mine, name) == other.defaults[name], (type(mine).__name__, name)


def test_the_first_step_of_adam_is_the_rate_whatever_the_gradient():
    parameter = Parameter(np.zeros(3))
    parameter.grad = np.array([1e-3, -1.0, 1e4])
    optim.Adam([parameter], 0.01).step()
    np.testing.assert_allclose(parameter.data, [-0.01, 0.01, -0.01], rtol=1e-4)


def test_without_correction_the_first_step_of_adam_is_about_three_times_the_rate():
    parameter = Parameter(np.zeros(1))
    parameter.grad = np.ones(1)
    optim.Adam([parameter], 0.01, bias_correction=False).step()
    np.testing.assert_allclose(parameter.data, -0.01 * 0.1 / np.sqrt(0.001), rtol=1e-6)


def test_momentum_under_a_constant_gradient_reaches_the_geometric_sum():
    parameter = Parameter(np.zeros(1))
    optimizer = optim.SGD([parameter], 0.01, momentum=0.9)
    for _ in range(400):
        before = parameter.data.copy()
        parameter.grad = np.ones(1)
        optimizer.step()
    np.testing.assert_allclose(parameter.data - before, -0.01 / (1 - 0.9), rtol=1e-9)

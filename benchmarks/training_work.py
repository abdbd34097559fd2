"""A whole training step of a small image network, as a student writes it, beside PyTorch's."""

import numpy as np

from benchmarks.pytorch import TF, torch
from benchmarks.work import OURS, TORCH, TORCH_CHANNELS_LAST, Call, Goal, Work
from course_lib import nn, optim

GROUP = "Training step"
NAME = "3 convolutions, batch 64 of 3×32×32"
BATCH, CLASSES = 64, 10
RATE, MOMENTUM = 0.01, 0.9


def rows() -> list[Work]:
    """List the step without the gradient by the images, as PyTorch and `fit` take it, and with it."""
    goals = {TORCH: Goal(1.7, 2.5), TORCH_CHANNELS_LAST: Goal(aim=1.6)}
    # Two backward passes a forward one, but for the gradient by the images.
    first, second, third = 32 * 3 * 25 * 32**2, 64 * 32 * 9 * 16**2, 128 * 64 * 9 * 8**2
    work = BATCH * (2 * first + 3 * second + 3 * third)
    return [
        Work(GROUP, NAME, contenders, goals, multiply_adds=work),
        Work(
            GROUP,
            f"{NAME}, and the images' gradient",
            lambda: contenders(input_gradient=True),
            multiply_adds=work + BATCH * first,
        ),
    ]


def contenders(*, input_gradient: bool = False) -> dict[str, Call]:
    ours = {OURS: our_step(input_gradient=input_gradient)}
    if not torch:
        return ours
    theirs = {TORCH: torch_step(input_gradient=input_gradient)}
    if not input_gradient:
        theirs[TORCH_CHANNELS_LAST] = torch_step(channels_last=True)
    return ours | theirs


def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((BATCH, 3, 32, 32)).astype(np.float32), rng.integers(0, CLASSES, BATCH)


def our_network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2, rng=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1, rng=2),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1, rng=3),
        nn.BatchNorm2d(128),
        nn.ReLU(),
        nn.GlobalAvgPool2d(),
        nn.Linear(128, CLASSES, rng=4),
    )


def our_step(*, input_gradient: bool = False) -> Call:
    x, targets = batch()
    model, criterion = our_network(), nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), RATE, momentum=MOMENTUM)
    backward = model.backward if input_gradient else model.backward_to_parameters

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), targets)
        backward(criterion.backward())
        optimizer.step()
        return loss

    return step


def torch_step(*, channels_last: bool = False, input_gradient: bool = False) -> Call:
    layers = torch.nn
    model = layers.Sequential(
        layers.Conv2d(3, 32, 5, padding=2),
        layers.BatchNorm2d(32),
        layers.ReLU(),
        layers.MaxPool2d(2),
        layers.Conv2d(32, 64, 3, padding=1),
        layers.BatchNorm2d(64),
        layers.ReLU(),
        layers.MaxPool2d(2),
        layers.Conv2d(64, 128, 3, padding=1),
        layers.BatchNorm2d(128),
        layers.ReLU(),
        layers.AdaptiveAvgPool2d(1),
        layers.Flatten(),
        layers.Linear(128, CLASSES),
    )
    x, targets = map(torch.from_numpy, batch())
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
    x.requires_grad_(input_gradient)
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=MOMENTUM)

    def step():
        with torch.enable_grad():
            optimizer.zero_grad()
            x.grad = None
            loss = TF.cross_entropy(model(x), targets)
            loss.backward()
        optimizer.step()
        return loss.item()

    return step

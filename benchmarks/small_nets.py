"""Small nets on the embedded data, as a lecture trains them, and the same ones in PyTorch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.pytorch import torch
from course_lib import nn, optim
from course_lib.data import LabelledImages, load_digits, load_fashion_mnist_subset, stratified_split
from course_lib.training import RateSchedule, fit

BATCH = 64


@dataclass(frozen=True)
class Lesson:
    """A net, its data, and what it is to reach.

    Attributes
    ----------
    name : str
        What is learned.
    data : callable
        Of a seed: training and test images.
    channels, kernel : tuple of int, int
        Output channels of the convolutions, each followed by batch norm and ReLU; side of the first kernel,
        the others have 3.
    pools : tuple of bool
        Whether a 2×2 max pool follows each.
    epochs : int
        Passes over the training images.
    accuracy : float
        Least test accuracy, the mean over `seeds`.
    seconds : float
        Most that a run may take on two idle cores.
    seeds : int
        Runs, each with a split and an initialisation of its own.
    """

    name: str
    data: Callable[[int], tuple[LabelledImages, LabelledImages]]
    channels: tuple[int, ...]
    kernel: int
    pools: tuple[bool, ...]
    epochs: int
    accuracy: float
    seconds: float
    seeds: int
    rate: float = 3e-3


DIGITS = Lesson(
    "digits, 80/20",
    lambda seed: stratified_split(load_digits(), (0.8, 0.2), rng=seed),
    channels=(16, 32, 64),
    kernel=3,
    pools=(False, True, True),
    epochs=10,
    accuracy=0.985,
    seconds=10,
    seeds=5,
)
FASHION = Lesson(
    "Fashion-MNIST, 5,000",
    lambda seed: load_fashion_mnist_subset(),
    channels=(12, 32),
    kernel=5,
    pools=(True, True),
    epochs=8,
    accuracy=0.85,
    seconds=60,
    seeds=1,
)
LESSONS = (DIGITS, FASHION)


def our_accuracy(lesson: Lesson, seed: int) -> float:
    """Train with the course's library; return the test accuracy."""
    train, test = lesson.data(seed)
    rng = np.random.default_rng(seed)
    layers: list[nn.Module] = []
    before, kernel, side = 1, lesson.kernel, train.images.shape[-1]
    for channels, pool in zip(lesson.channels, lesson.pools, strict=True):
        layers += [
            nn.Conv2d(before, channels, kernel, padding=kernel // 2, bias=False, rng=rng),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        ]
        layers += [nn.MaxPool2d(2)] if pool else []
        before, kernel, side = channels, 3, side // 2 if pool else side
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * side * side, 10, rng=rng))
    steps = lesson.epochs * -(-len(train.images) // BATCH)
    history = fit(
        model,
        nn.CrossEntropyLoss(),
        optim.Adam(model.parameters(), lesson.rate),
        train,
        validation=test,
        epochs=lesson.epochs,
        batch_size=BATCH,
        rng=seed,
        callbacks=[RateSchedule(optim.Cosine(lesson.rate, steps=steps))],
        progress=False,
    )
    return history.validation_accuracy[-1]


def torch_accuracy(lesson: Lesson, seed: int) -> float:
    """Train the same net with eager PyTorch, validated as often; return the test accuracy."""
    torch.manual_seed(seed)
    train, test = lesson.data(seed)
    layers: list[torch.nn.Module] = []
    before, kernel, side = 1, lesson.kernel, train.images.shape[-1]
    for channels, pool in zip(lesson.channels, lesson.pools, strict=True):
        layers += [
            torch.nn.Conv2d(before, channels, kernel, padding=kernel // 2, bias=False),
            torch.nn.BatchNorm2d(channels),
            torch.nn.ReLU(),
        ]
        layers += [torch.nn.MaxPool2d(2)] if pool else []
        before, kernel, side = channels, 3, side // 2 if pool else side
    model = torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(before * side * side, 10))
    optimizer = torch.optim.Adam(model.parameters(), lesson.rate)
    steps = lesson.epochs * -(-len(train.images) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    criterion = torch.nn.CrossEntropyLoss()
    images, labels = torch.from_numpy(train.images), torch.from_numpy(train.labels)
    test_images, test_labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
    accuracy = 0.0
    for _ in range(lesson.epochs):
        model.train()
        for chosen in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            criterion(model(images[chosen]), labels[chosen]).backward()
            optimizer.step()
            schedule.step()
        model.eval()
        with torch.no_grad():
            guesses = torch.cat([model(part).argmax(1) for part in test_images.split(256)])
        accuracy = float((guesses == test_labels).double().mean())
    return accuracy

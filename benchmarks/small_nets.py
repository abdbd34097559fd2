"""Small nets on the embedded data, as a lecture trains them, and the same ones in PyTorch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.lesson_nets import PlainNet, ResidualNet
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
    net : PlainNet or ResidualNet
        Makes it of either library's layers.
    epochs : int
        Passes over the training images.
    accuracy : float
        Least test accuracy, the mean over `seeds`.
    seconds : float
        Most that a run may take on two idle cores.
    seeds : int
        Runs, each with a split and an initialisation of its own.
    rate : float
        Of Adam, at first; it falls along a cosine.
    """

    name: str
    data: Callable[[int], tuple[LabelledImages, LabelledImages]]
    net: PlainNet | ResidualNet
    epochs: int
    accuracy: float
    seconds: float
    seeds: int
    rate: float = 3e-3


DIGITS = Lesson(
    "digits, 80/20",
    lambda seed: stratified_split(load_digits(), (0.8, 0.2), rng=seed),
    PlainNet(channels=(16, 32, 64), kernel=3, pools=(False, True, True)),
    epochs=10,
    accuracy=0.985,
    seconds=10,
    seeds=5,
)
FASHION = Lesson(
    "Fashion-MNIST, 5,000",
    lambda seed: load_fashion_mnist_subset(),
    PlainNet(channels=(12, 32), kernel=5, pools=(True, True)),
    epochs=8,
    accuracy=0.85,
    seconds=60,
    seeds=1,
)
RESIDUAL = Lesson(
    "Fashion-MNIST, 5,000, ResNet-20",
    lambda seed: load_fashion_mnist_subset(),
    ResidualNet(20),
    epochs=5,
    accuracy=0.86,
    seconds=120,
    seeds=1,
)
LESSONS = (DIGITS, FASHION, RESIDUAL)


def our_epochs(lesson: Lesson, seed: int) -> Iterator[float]:
    """Train with the course's library; yield the test accuracy after each epoch."""
    train, test = lesson.data(seed)
    model = lesson.net.ours(train.images.shape[-1], np.random.default_rng(seed))
    optimizer = optim.Adam(model.parameters(), lesson.rate)
    an_epoch = -(-len(train.images) // BATCH)
    cosine = optim.Cosine(lesson.rate, steps=lesson.epochs * an_epoch)
    orders = np.random.default_rng(seed)
    for epoch in range(lesson.epochs):
        history = fit(
            model,
            nn.CrossEntropyLoss(),
            optimizer,
            train,
            validation=test,
            epochs=1,
            batch_size=BATCH,
            rng=orders,
            callbacks=[RateSchedule(lambda step, begun=epoch * an_epoch: cosine(begun + step))],
            progress=False,
        )
        yield history.validation_accuracy[-1]


def our_accuracy(lesson: Lesson, seed: int) -> float:
    """Return the test accuracy after the whole training."""
    *_, accuracy = our_epochs(lesson, seed)
    return accuracy


def torch_epochs(lesson: Lesson, seed: int) -> Iterator[float]:
    """Train the same net with eager PyTorch; yield the test accuracy after each epoch."""
    torch.manual_seed(seed)
    train, test = lesson.data(seed)
    model = lesson.net.theirs(train.images.shape[-1])
    optimizer = torch.optim.Adam(model.parameters(), lesson.rate)
    steps = lesson.epochs * -(-len(train.images) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    criterion = torch.nn.CrossEntropyLoss()
    images, labels = torch.from_numpy(train.images), torch.from_numpy(train.labels)
    test_images, test_labels = torch.from_numpy(test.images), torch.from_numpy(test.labels)
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
        yield float((guesses == test_labels).double().mean())

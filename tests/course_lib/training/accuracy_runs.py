"""Small nets on the embedded data, as a lecture trains them: what they reach is a promise of the course."""

import numpy as np

from course_lib import nn, optim
from course_lib.data import load_digits, load_fashion_mnist_subset, stratified_split
from course_lib.training import RateSchedule, fit


def digits_net(rng):
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10, rng=rng),
    )


def fashion_net(rng):
    return nn.Sequential(
        nn.Conv2d(1, 12, 5, padding=2, bias=False, rng=rng),
        nn.BatchNorm2d(12),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(12, 32, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 10, rng=rng),
    )


def accuracy_on_digits(seed):
    """Return the test accuracy after an 80/20 stratified split."""
    train, test = stratified_split(load_digits(), (0.8, 0.2), rng=seed)
    return _trained(digits_net(np.random.default_rng(seed)), train, test, epochs=10, rate=3e-3, seed=seed)


def accuracy_on_fashion(seed):
    """Return the test accuracy after training on the embedded 5,000 images."""
    train, test = load_fashion_mnist_subset()
    return _trained(fashion_net(np.random.default_rng(seed)), train, test, epochs=8, rate=3e-3, seed=seed)


def _trained(model, train, test, *, epochs, rate, seed):
    steps = epochs * -(-len(train.images) // 64)
    optimizer = optim.Adam(model.parameters(), rate)
    history = fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        train,
        validation=test,
        epochs=epochs,
        rng=seed,
        callbacks=[RateSchedule(optim.Cosine(rate, steps=steps))],
        progress=False,
    )
    return history.validation_accuracy[-1]

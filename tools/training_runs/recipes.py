"""A training run as a recipe: everything that decides it, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from course_lib import nn, optim
from course_lib.nn import initialisers
from course_lib.training import Callback, History, Monitor, RateSchedule, fit
from tools.training_runs.samples import SETS

ACTIVATIONS = {"relu": nn.ReLU, "leaky": nn.LeakyReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
OPTIMIZERS = {
    "sgd": lambda parameters, rate: optim.SGD(parameters, rate),
    "momentum": lambda parameters, rate: optim.SGD(parameters, rate, momentum=0.9),
    "heavy": lambda parameters, rate: optim.SGD(parameters, rate, momentum=0.98),
    "adam": lambda parameters, rate: optim.Adam(parameters, rate),
}


def _usual_start(activation: str) -> Callable[..., np.ndarray]:
    return initialisers.he_normal if activation in ("relu", "leaky") else initialisers.xavier_normal


@dataclass(frozen=True)
class Recipe:
    """What decides a run.

    Attributes
    ----------
    samples, train, validation, mislabelled : str, int, int, float
        Which data, how many examples of it, and the share of training labels that are drawn at random.
    widths, filters, activation, normalise : tuple of int, int, str, bool
        Hidden layers; filters of a convolution before them, or 0; batch norm behind each.
    start, bias : callable or None, float
        How weights start (as for `nn.initialise`), and biases of hidden layers.
    optimizer, rate, batch, epochs : str, float, int, int
        As for `fit`.
    schedule : callable or None
        Rate as a multiple of `rate`, of the share of the run that is done.
    sign : float
        Gradients are multiplied by it: -1 climbs, 0 applies none.
    elsewhere : bool
        The optimiser holds the parameters of another net.
    squares : bool
        The cost is the mean squared distance to one-hot targets, not the cross-entropy.
    outliers : float
        Share of batches whose inputs come in another unit, 25 times as large.
    seed : int
    """

    samples: str
    train: int
    validation: int
    widths: tuple[int, ...]
    optimizer: str
    seed: int
    rate: float = 0.1
    batch: int = 32
    epochs: int = 12
    filters: int = 0
    activation: str = "relu"
    normalise: bool = False
    mislabelled: float = 0.0
    start: Callable[..., np.ndarray] | None = None
    bias: float = 0.0
    schedule: Callable[[float], float] | None = None
    sign: float = 1.0
    elsewhere: bool = False
    squares: bool = False
    outliers: float = 0.0

    def but(self, **changes: object) -> Recipe:
        """Return a copy with some things changed."""
        return replace(self, **changes)

    def told(self) -> str:
        """Return the recipe in a few words."""
        net = "-".join([*([f"conv {self.filters}"] if self.filters else []), *map(str, self.widths)])
        return (
            f"{self.samples}, {net} {self.activation}{' batch norm' if self.normalise else ''}, "
            f"{self.optimizer} "
            f"{self.rate:.2g}, batch {self.batch}, {self.epochs} epochs of {self.train}"
        )

    @property
    def classes(self) -> int:
        """Number of classes."""
        return SETS[self.samples]().classes

    def build(self) -> nn.Sequential:
        """Return the net before training."""
        rng = np.random.default_rng([self.seed, 1])
        side, classes = SETS[self.samples]().side, self.classes
        activation = ACTIVATIONS[self.activation]
        layers: list[nn.Module] = []
        inside = side * side
        if self.filters:
            layers.append(nn.Conv2d(1, self.filters, 3, stride=2, padding=1, rng=rng))
            layers += [nn.BatchNorm2d(self.filters)] if self.normalise else []
            layers.append(activation())
            inside = self.filters * ((side + 1) // 2) ** 2
        layers.append(nn.Flatten())
        for width in self.widths:
            layers.append(nn.Linear(inside, width, rng=rng))
            layers += [nn.BatchNorm1d(width)] if self.normalise else []
            layers.append(activation())
            inside = width
        layers.append(nn.Linear(inside, classes, rng=rng))
        model = nn.Sequential(*layers)
        draw = self.start or _usual_start(self.activation)
        nn.initialise(model, draw, rng=rng)
        if self.bias:
            for layer in layers[:-1]:
                if isinstance(layer, nn.Linear | nn.Conv2d):
                    layer.bias.data = np.full_like(layer.bias.data, self.bias)
        return model

    def data(self) -> tuple:
        """Return the training and the validation examples."""
        rng = np.random.default_rng([self.seed, 2])
        # Whole batches only: batch norm cannot train on one example that is left over.
        whole = max(self.train - self.train % self.batch, min(self.train, self.batch))
        train, validation = SETS[self.samples]().draw(whole, self.validation, rng)
        wrong = rng.random(whole) < self.mislabelled
        train = train[0], np.where(wrong, rng.integers(0, self.classes, whole), train[1])
        if self.squares:
            one_hot = np.eye(self.classes, dtype=np.float32)
            return tuple((images, one_hot[labels]) for images, labels in (train, validation))
        return train, validation


@dataclass
class Outcome:
    """A recipe carried out: what was recorded, and the net that came out."""

    recipe: Recipe
    history: History
    monitor: Monitor
    model: nn.Sequential = field(repr=False)


class _Tampering(Callback):
    """Multiply every gradient before the update."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def before_update(self, run):
        for parameter in run.model.parameters():
            parameter.grad *= self.factor


def carry_out(recipe: Recipe) -> Outcome:
    """Train as the recipe says; overflow is no error here."""
    train, validation = recipe.data()
    model = recipe.build()
    moved = recipe.build() if recipe.elsewhere else model
    optimizer = OPTIMIZERS[recipe.optimizer](moved.parameters(), recipe.rate)
    steps = recipe.epochs * -(-len(train[0]) // recipe.batch)
    monitor = Monitor(every=max(1, steps // 40))
    callbacks: list[Callback] = [monitor]
    if recipe.sign != 1:
        callbacks.append(_Tampering(recipe.sign))
    if recipe.schedule is not None:
        schedule = recipe.schedule
        callbacks.append(RateSchedule(lambda step: recipe.rate * schedule(step / steps)))

    def unscaled(inputs, rng):
        return inputs * 25 if rng.random() < recipe.outliers else inputs

    with np.errstate(all="ignore"):
        history = fit(
            model,
            nn.MSELoss() if recipe.squares else nn.CrossEntropyLoss(),
            optimizer,
            train,
            validation=validation,
            epochs=recipe.epochs,
            batch_size=recipe.batch,
            augment=unscaled if recipe.outliers else None,
            rng=recipe.seed,
            callbacks=callbacks,
            progress=False,
        )
    return Outcome(recipe, history, monitor, model)

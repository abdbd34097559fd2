"""Where runs come from: data and nets that the rules were tuned on, and others that they never saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.training_runs.recipes import Recipe

#: Rates that suit inputs of unit variance and He's or Xavier's initial weights.
SOUND_RATES = {
    "sgd": (0.05, 0.15),
    "momentum": (0.006, 0.02),
    "heavy": (0.001, 0.004),
    "adam": (0.0015, 0.005),
}


def sound_rate(optimizer: str, rng: np.random.Generator) -> float:
    """Draw a rate that suits the optimiser, log-uniformly."""
    return float(np.exp(rng.uniform(*np.log(SOUND_RATES[optimizer]))))


@dataclass(frozen=True)
class World:
    """Data sets and nets that recipes are drawn from.

    Attributes
    ----------
    samples : tuple of str
        Data sets.
    train : (int, int)
        Range of the number of training examples of a well-supplied run.
    validation : int
        Validation examples.
    widths : tuple of tuple of int
        Hidden layers.
    filters : int
        Of the convolution that some of the nets begin with.
    activations : tuple of str
    normalised : float
        Share of nets with batch norm.
    batches : tuple of int
        Ordinary batch sizes.
    seed : int
        Runs of different worlds have different seeds.
    """

    samples: tuple[str, ...]
    train: tuple[int, int]
    validation: int
    widths: tuple[tuple[int, ...], ...]
    filters: int
    activations: tuple[str, ...]
    normalised: float
    batches: tuple[int, ...]
    seed: int

    def sound(self, rng: np.random.Generator) -> Recipe:
        """Draw a recipe with nothing wrong."""
        samples = str(rng.choice(self.samples))
        optimizer = str(rng.choice(["sgd", "momentum", "adam"]))
        return Recipe(
            samples=samples,
            train=int(rng.integers(*self.train)),
            validation=self.validation,
            widths=self.widths[rng.integers(len(self.widths))],
            optimizer=optimizer,
            rate=sound_rate(optimizer, rng),
            seed=int(rng.integers(2**31)),
            batch=int(rng.choice(self.batches)),
            epochs=int(rng.integers(9, 13)),
            # Textures can hardly be told apart without a convolution.
            filters=self.filters if rng.random() < 0.15 or samples == "textures" else 0,
            activation=str(rng.choice(self.activations)),
            normalise=rng.random() < self.normalised,
        )


TUNING = World(
    samples=("digits", "digits", "textures"),
    train=(400, 650),
    validation=240,
    widths=((32,), (48,), (64,), (32, 32), (48, 24)),
    filters=6,
    activations=("relu", "relu", "tanh"),
    normalised=0.1,
    batches=(24, 32, 48),
    seed=1,
)
HELD_OUT = World(
    samples=("fashion",),
    train=(450, 700),
    validation=240,
    widths=((20,), (36,), (72,), (40, 28), (52, 26, 16)),
    filters=4,
    activations=("relu", "leaky", "tanh", "sigmoid"),
    normalised=0.2,
    batches=(20, 28, 56),
    seed=3,
)

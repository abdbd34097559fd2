"""What is known of a training run, whoever recorded it: plain arrays, empty where nothing was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


def _nothing() -> np.ndarray:
    return np.empty(0)


@dataclass(frozen=True)
class Observed:
    """A run as the doctor's rules see it.

    Attributes
    ----------
    step_loss, step_accuracy : ndarray of float64, shape (S,)
        Of every minibatch.
    train_loss, train_accuracy, validation_loss, validation_accuracy : ndarray of float64, shape (E,)
        Of every epoch.
    update_ratio : ndarray of float64, shape (T, P)
        Norm of each weight's update over the weight's norm, at the recorded steps.
    weight_names : tuple of str
        Names of these P weights.
    recorded_at : ndarray of float64, shape (T,)
        The recorded steps as shares of the run.
    silent : dict of str to ndarray, shape (T,)
        Share of dead units of each rectifier, or of saturated values of each sigmoid or tanh.
    layers : dict of str to str
        Kind of each layer that was watched, such as "ReLU".
    spread : dict of str to ndarray, shape (T,)
        Standard deviation of each layer's outputs.
    validation_examples : int or None
        As many as the caller said, or as few as the accuracies can be fractions of.
    batch_examples : int or None
        Of a minibatch: as few as the first steps' accuracies can be fractions of.
    """

    step_loss: np.ndarray = field(default_factory=_nothing)
    step_accuracy: np.ndarray = field(default_factory=_nothing)
    train_loss: np.ndarray = field(default_factory=_nothing)
    train_accuracy: np.ndarray = field(default_factory=_nothing)
    validation_loss: np.ndarray = field(default_factory=_nothing)
    validation_accuracy: np.ndarray = field(default_factory=_nothing)
    update_ratio: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    weight_names: tuple[str, ...] = ()
    recorded_at: np.ndarray = field(default_factory=_nothing)
    silent: dict[str, np.ndarray] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)
    spread: dict[str, np.ndarray] = field(default_factory=dict)
    validation_examples: int | None = None
    batch_examples: int | None = None

    def knows(self, what: str) -> bool:
        """Return whether anything was recorded of `what`, the name of an attribute."""
        value = getattr(self, what)
        return value is not None and np.size(value) > 0 if not isinstance(value, dict) else bool(value)

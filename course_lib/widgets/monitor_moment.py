"""What the training monitor draws: a recording, cut at the moment that the hand has chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib.widgets.monitor_recording import ACTIVATIONS, QUANTITIES, Recording, example


@dataclass(frozen=True)
class MonitorParameters:
    """What the hand can change.

    Attributes
    ----------
    quantity : str
        Of which values the map shows the sizes.
    layer : int
        Of which layer, from 1 on.
    until : int
        How much of what was recorded is shown, in percent.
    recording : Recording or None
        The run; None takes an example.
    """

    quantity: str = ACTIVATIONS
    layer: int = 2
    until: int = 100
    recording: Recording | None = None

    def __post_init__(self) -> None:
        if self.quantity not in QUANTITIES:
            raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}, got {self.quantity!r}")
        most = len((self.recording or example()).layers)
        for name, low, high in (("layer", 1, most), ("until", 1, 100)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
                raise ValueError(f"{name} must be a whole number from {low} to {high}, got {value!r}")


@dataclass(frozen=True)
class MonitorResult:
    """What is drawn, up to the chosen time.

    Attributes
    ----------
    parameters : MonitorParameters
    steps : int
        Steps that are planned, which the axes have room for.
    step : int
        Steps that are shown.
    step_loss : ndarray, shape (S,)
    epochs : ndarray, shape (E,)
        Steps at which epochs end.
    losses, accuracies : ndarray, shape (2, E)
        Of training and validation.
    at : ndarray, shape (T,)
    ratios : ndarray, shape (P, T)
    map : ndarray, shape (B, T)
        Shares of values by their size.
    silent : ndarray, shape (Q, T)
    filters : ndarray, shape (F, H, W)
    ratio_names, silent_names, alerts : tuple of str
    layer : str
        Name of the layer of the map.
    """

    parameters: MonitorParameters
    steps: int
    step: int
    step_loss: np.ndarray
    epochs: np.ndarray
    losses: np.ndarray
    accuracies: np.ndarray
    at: np.ndarray
    ratios: np.ndarray
    map: np.ndarray
    silent: np.ndarray
    filters: np.ndarray
    ratio_names: tuple[str, ...]
    silent_names: tuple[str, ...]
    alerts: tuple[str, ...]
    layer: str


def compute(parameters: MonitorParameters) -> MonitorResult:
    """Cut a recording at the chosen time.

    Parameters
    ----------
    parameters : MonitorParameters
        Recording, time, and what the map shows.

    Returns
    -------
    MonitorResult
    """
    seen = parameters.recording or example()
    step = round(seen.step_loss.size * parameters.until / 100)
    done = step // max(1, seen.steps_per_epoch)
    recorded = int(np.searchsorted(seen.at, step))
    curves = [
        np.stack([_padded(train, done), _padded(validation, done)])
        for train, validation in (
            (seen.train_loss, seen.validation_loss),
            (seen.train_accuracy, seen.validation_accuracy),
        )
    ]
    filters = seen.filters[min(done, len(seen.filters) - 1)] if len(seen.filters) else np.empty((0, 1, 1))
    return MonitorResult(
        parameters,
        seen.steps,
        step,
        seen.step_loss[:step],
        seen.steps_per_epoch * np.arange(1, curves[0].shape[1] + 1),
        *curves,
        seen.at[:recorded],
        seen.ratios[:, :recorded],
        seen.sizes[parameters.quantity][parameters.layer - 1, :recorded].T,
        seen.silent[:, :recorded],
        filters,
        seen.ratio_names,
        seen.silent_names,
        seen.alerts,
        seen.layers[parameters.layer - 1],
    )


def _padded(values: np.ndarray, length: int) -> np.ndarray:
    """Return the first values, with NaN where there are none: a run may have no validation data."""
    found = np.full(length, np.nan)
    found[: min(length, values.size)] = values[:length]
    return found

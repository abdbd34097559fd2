"""What the training monitor draws: a recording of a run, as far as it has come, as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib.data import LabelledImages, load_fashion_mnist_subset
from course_lib.nn import (
    Conv2d,
    CrossEntropyLoss,
    Flatten,
    Linear,
    ReLU,
    Sequential,
    initialise,
    initialisers,
)
from course_lib.optim import SGD
from course_lib.training import Callback, History, Monitor, Run, diagnose, fit
from course_lib.training.monitor import SIZE_EDGES

ACTIVATIONS, GRADIENTS = "activations", "gradients"
QUANTITIES = (ACTIVATIONS, GRADIENTS)
#: Findings that say no more, while a run goes on, than that it goes on.
NOT_YET = ("not converged",)
# With fewer steps nothing is said: the first ones decide nothing.
_FEWEST_STEPS = 10
_MOST_FILTERS = 16


@dataclass(frozen=True, eq=False)
class Recording:
    """A run, as far as it has come.

    Attributes
    ----------
    steps : int
        Steps that are planned.
    steps_per_epoch : int
    step_loss : ndarray, shape (S,)
    train_loss, validation_loss, train_accuracy, validation_accuracy : ndarray, shape (E,)
    at : ndarray, shape (T,)
        Steps that were recorded.
    ratio_names : tuple of str
    ratios : ndarray, shape (P, T)
        Update-to-weight ratio of each weight.
    layers : tuple of str
        Names and kinds of the L layers.
    sizes : dict of str to ndarray, shape (L, T, B)
        For activations and gradients: shares of values by their size, see `SIZE_EDGES`.
    silent_names : tuple of str
    silent : ndarray, shape (Q, T)
        Share of dead units, or of saturated values.
    filters : ndarray, shape (E + 1, F, H, W)
        First-layer filters before training and after each epoch, means over their input channels.
    alerts : tuple of str
        Findings of the doctor, the first with its evidence.
    """

    steps: int
    steps_per_epoch: int
    step_loss: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    train_accuracy: np.ndarray
    validation_accuracy: np.ndarray
    at: np.ndarray
    ratio_names: tuple[str, ...]
    ratios: np.ndarray
    layers: tuple[str, ...]
    sizes: dict[str, np.ndarray]
    silent_names: tuple[str, ...]
    silent: np.ndarray
    filters: np.ndarray
    alerts: tuple[str, ...]

    def __post_init__(self) -> None:
        for array in (*vars(self).values(), *self.sizes.values()):
            if isinstance(array, np.ndarray):
                array.setflags(write=False)


def record(history: History, monitor: Monitor, *, steps: int, steps_per_epoch: int) -> Recording:
    """Copy what a history and a monitor hold now.

    Parameters
    ----------
    history, monitor : History, Monitor
        Of the same run, finished or not.
    steps, steps_per_epoch : int
        What is planned.

    Returns
    -------
    Recording
    """
    count = len(monitor.steps)
    weights = [name for name in monitor.update_ratio if name.endswith("weight")]
    seen = {ACTIVATIONS: monitor.activations, GRADIENTS: monitor.gradients}
    layers = tuple(f"{name} {one.layer}" for name, one in monitor.activations.items())
    silent = {f"{name} {one.layer}": one.silent for name, one in monitor.activations.items() if one.silent}
    nothing = [(float("nan"),) * (len(SIZE_EDGES) + 1)] * count
    return Recording(
        steps,
        steps_per_epoch,
        *(
            np.array(getattr(history, name), dtype=float)
            for name in ("step_loss", "train_loss", "validation_loss", "train_accuracy")
        ),
        np.array(history.validation_accuracy, dtype=float),
        np.array(monitor.steps),
        tuple(name.removesuffix(".weight") for name in weights),
        np.array([monitor.update_ratio[name][:count] for name in weights]).reshape(len(weights), count),
        layers,
        {
            kind: np.array(
                # A first layer gets no gradient by its input, but always one by its output.
                [records[name].sizes[:count] if name in records else nothing for name in monitor.activations]
            ).reshape(len(layers), count, len(SIZE_EDGES) + 1)
            for kind, records in seen.items()
        },
        tuple(silent),
        np.array([values[:count] for values in silent.values()]).reshape(len(silent), count),
        np.array([one.mean(axis=1)[:_MOST_FILTERS] for one in monitor.filters]),
        _alerts(history, monitor, running=len(history.step_loss) < steps),
    )


def _alerts(history: History, monitor: Monitor, *, running: bool) -> tuple[str, ...]:
    if len(history.step_loss) < _FEWEST_STEPS or not monitor.steps:
        return ()
    found = [one for one in diagnose(history, monitor).findings if not (running and one.problem in NOT_YET)]
    return tuple(
        f"{one.problem}: {one.evidence}" if number == 0 else one.problem for number, one in enumerate(found)
    )


class Recorder(Monitor):
    """A monitor that tells now and then what it has seen so far.

    Parameters
    ----------
    tell : callable
        Takes a `Recording`.
    every : int
        As for `Monitor`.
    due : callable
        Takes nothing; whether it is time to tell again. After each epoch, and at the end, it is told anyway.
    """

    def __init__(self, tell: Callable[[Recording], None], *, every: int, due: Callable[[], bool]) -> None:
        super().__init__(every=every)
        self._tell = tell
        self._due = due

    def _report(self, run: Run) -> None:
        if not self.steps:
            return
        steps = run.epochs * run.steps_per_epoch
        self._tell(record(run.history, self, steps=steps, steps_per_epoch=run.steps_per_epoch))

    def after_step(self, run: Run) -> None:
        """Measure the update; tell if it is time."""
        super().after_step(run)
        if self._due():
            self._report(run)

    def after_epoch(self, run: Run) -> None:
        """Keep the filters, and tell."""
        super().after_epoch(run)
        self._report(run)

    def after_fit(self, run: Run) -> None:
        """Let go of the model, and tell for the last time."""
        super().after_fit(run)
        self._report(run)


@cache
def example() -> Recording:
    """Train a small convolutional net on real clothes, and return its recording."""
    clothes, tests = load_fashion_mnist_subset()
    mean, deviation = clothes.images.mean(), clothes.images.std()

    def prepared(examples: LabelledImages, count: int) -> tuple[np.ndarray, np.ndarray]:
        return (examples.images[:count] - mean) / deviation, examples.labels[:count]

    layers = (Conv2d(1, 8, 7, stride=2, padding=3), ReLU(), Flatten(), Linear(8 * 14 * 14, 32), ReLU())
    model = initialise(Sequential(*layers, Linear(32, 10)), initialisers.he_normal, rng=4)
    found: list[Recording] = []
    fit(
        model,
        CrossEntropyLoss(),
        SGD(model.parameters(), 0.003, momentum=0.9),
        prepared(clothes, 1600),
        validation=prepared(tests, 400),
        epochs=4,
        batch_size=32,
        callbacks=[_last(found)],
        progress=False,
    )
    return found[-1]


def _last(found: list[Recording]) -> Callback:
    return Recorder(found.append, every=4, due=lambda: False)


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

"""What the training monitor knows: a recording of a run, as far as it has come, as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib.data import load_fashion_mnist_subset
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
    clothes, _ = load_fashion_mnist_subset()
    images = (clothes.images - clothes.images.mean()) / clothes.images.std()
    train, validation = slice(0, 1600), slice(1600, 2000)

    layers = (Conv2d(1, 8, 7, stride=2, padding=3), ReLU(), Flatten(), Linear(8 * 14 * 14, 32), ReLU())
    model = initialise(Sequential(*layers, Linear(32, 10)), initialisers.he_normal, rng=4)
    found: list[Recording] = []
    fit(
        model,
        CrossEntropyLoss(),
        SGD(model.parameters(), 0.003, momentum=0.9),
        (images[train], clothes.labels[train]),
        validation=(images[validation], clothes.labels[validation]),
        epochs=4,
        batch_size=32,
        callbacks=[_last(found)],
        progress=False,
    )
    return found[-1]


def _last(found: list[Recording]) -> Callback:
    return Recorder(found.append, every=4, due=lambda: False)

"""The monitor: what happens inside a net while it trains, layer by layer, at a small price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib.nn import ELU, LeakyReLU, Module, ReLU, Sigmoid, Tanh
from course_lib.training.callbacks import Callback, Run

#: Cumulative shares at which distributions are kept.
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
#: Sizes |v| between which values are counted: four steps a power of ten.
SIZE_EDGES = 10.0 ** np.arange(-8, 2.01, 0.25)
# As many values of an array decide its statistics at most: their error is then about a hundredth.
SAMPLE = 4096
RECTIFIERS = (ReLU, LeakyReLU, ELU)
# Within this share of a bound, a sigmoid's gradient is below a tenth of its largest.
SATURATED = 0.02


@dataclass
class Record:
    """What was seen of one layer or parameter; every list has a value a recorded step.

    Attributes
    ----------
    step : list of int
        Updates that were made before.
    mean, std : list of float
        Of the values.
    quantiles : list of tuple of float
        At the shares `QUANTILES`.
    sizes : list of tuple of float
        Share of values whose size lies below the first of `SIZE_EDGES` (0 among them), between two of them,
        and from the last one on.
    silent : list of float
        Share of a rectifier's units that are below zero for the whole batch (dead, if they stay so), share of
        values of a sigmoid or tanh that are near a bound (saturated); empty for other layers.
    layer : str
        Name of the layer's class.
    """

    step: list[int] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    std: list[float] = field(default_factory=list)
    quantiles: list[tuple[float, ...]] = field(default_factory=list)
    sizes: list[tuple[float, ...]] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)
    layer: str = ""

    def add(self, step: int, values: np.ndarray) -> None:
        """Write down the distribution of `values`, judged by a regular sample."""
        flat = values.reshape(-1)
        flat = flat[:: max(1, flat.size // SAMPLE)].astype(np.float64)
        self.step.append(step)
        if not np.isfinite(flat).all():
            self.mean.append(float("nan"))
            self.std.append(float("nan"))
            self.quantiles.append((float("nan"),) * len(QUANTILES))
            self.sizes.append((float("nan"),) * (len(SIZE_EDGES) + 1))
            return
        self.mean.append(float(flat.mean()))
        self.std.append(float(flat.std()))
        flat.sort()
        places = np.rint(np.array(QUANTILES) * (flat.size - 1)).astype(int)
        self.quantiles.append(tuple(flat[places].tolist()))
        below = np.searchsorted(np.sort(np.abs(flat)), SIZE_EDGES)
        self.sizes.append(tuple((np.diff(below, prepend=0, append=flat.size) / flat.size).tolist()))


class Monitor(Callback):
    """Record activations, gradients and updates every so many steps, and the first filters each epoch.

    Layers are those that hold no others, by their names in `Module.named_modules`; parameters go by theirs
    in `state_dict`.

    Parameters
    ----------
    every : int
        Steps between two records. A recorded step takes longer by about half: 20 costs a few percent.

    Attributes
    ----------
    activations, gradients : dict of str to Record
        Outputs of each layer, and gradients of the cost by them.
    update_ratio : dict of str to list of float
        Norm of each parameter's update over the norm of the parameter. About 1e-3 is healthy for weights.
    steps : list of int
        Updates that were made before each recorded step.
    filters : list of ndarray
        Weights of the first convolution before training and after each epoch; empty without one.

    Raises
    ------
    ValueError
        If `every` is not positive.
    """

    def __init__(self, *, every: int = 20) -> None:
        if not isinstance(every, int) or isinstance(every, bool) or every < 1:
            raise ValueError(f"every must be a positive number of steps, got {every!r}")
        self.every = every
        self._watched: list[Module] = []
        self._before: dict[str, np.ndarray] = {}
        self._forget()

    def _forget(self) -> None:
        self.activations: dict[str, Record] = {}
        self.gradients: dict[str, Record] = {}
        self.update_ratio: dict[str, list[float]] = {}
        self.steps: list[int] = []
        self.filters: list[np.ndarray] = []

    def before_fit(self, run: Run) -> None:
        """Begin anew, and watch the model's layers."""
        self._forget()
        self._keep_filters(run)
        for name, module in run.model.named_modules():
            if module not in self._watched and not any(True for _ in module.children()):
                module.forward = self._listening(module.forward, name, module, run)
                module.backward = self._listening_backward(module.backward, name, module, run)
                self._watched.append(module)

    def before_update(self, run: Run) -> None:
        """Remember the parameters, where the update is to be measured."""
        if self._is_due(run):
            self._before = {name: parameter.data.copy() for name, parameter in run.model.named_parameters()}

    def after_step(self, run: Run) -> None:
        """Measure the update."""
        if not self._before:
            return
        self.steps.append(run.step - 1)
        for name, parameter in run.model.named_parameters():
            before = self._before[name]
            norm = float(np.linalg.norm(before))
            moved = float(np.linalg.norm(parameter.data - before))
            self.update_ratio.setdefault(name, []).append(moved / norm if norm else float("nan"))
        self._before = {}

    def after_epoch(self, run: Run) -> None:
        """Keep the filters."""
        self._keep_filters(run)

    def after_fit(self, run: Run) -> None:
        """Let go of the model."""
        for module in self._watched:
            # Back to the methods of the class.
            del module.forward, module.backward
        self._watched = []

    def state_dict(self) -> dict[str, Any]:
        """Return everything recorded."""
        return {
            "activations": {name: vars(record) for name, record in self.activations.items()},
            "gradients": {name: vars(record) for name, record in self.gradients.items()},
            "update_ratio": self.update_ratio,
            "steps": self.steps,
            "filters": self.filters,
        }

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        for kind in ("activations", "gradients"):
            records = {name: Record(**lists) for name, lists in saved[kind].items()}
            for record in records.values():
                record.quantiles = [tuple(values) for values in record.quantiles]
                record.sizes = [tuple(values) for values in record.sizes]
            setattr(self, kind, records)
        self.update_ratio, self.steps = saved["update_ratio"], saved["steps"]
        self.filters = list(saved["filters"])

    def _is_due(self, run: Run) -> bool:
        return run.step % self.every == 0

    def _listening(self, forward: Callable, name: str, module: Module, run: Run) -> Callable:
        def watched(x: np.ndarray) -> np.ndarray:
            y = forward(x)
            if module.training and self._is_due(run):
                record = self.activations.setdefault(name, Record(layer=type(module).__name__))
                record.add(run.step, y)
                if (share := silent_share(module, y)) is not None:
                    record.silent.append(share)
            return y

        return watched

    def _listening_backward(self, backward: Callable, name: str, module: Module, run: Run) -> Callable:
        def watched(dy: np.ndarray) -> np.ndarray:
            if self._is_due(run):
                record = self.gradients.setdefault(name, Record(layer=type(module).__name__))
                record.add(run.step, dy)
            return backward(dy)

        return watched

    def _keep_filters(self, run: Run) -> None:
        for _, parameter in run.model.named_parameters():
            if parameter.data.ndim == 4:
                self.filters.append(parameter.data.copy())
                return


def silent_share(module: Module, y: np.ndarray) -> float | None:
    """Return the share of a rectifier's dead units, or of a sigmoid's or tanh's saturated values, in a batch.

    A unit is a channel of (N, C, ...), or a column of (N, D): dead in this batch if no example activates it.
    None for layers that can be neither, and for an empty batch.
    """
    if y.size == 0:
        return None
    if isinstance(module, RECTIFIERS):
        return float((np.moveaxis(y, 1, 0).reshape(y.shape[1], -1).max(axis=1) <= 0).mean())
    if isinstance(module, Tanh):
        return float((np.abs(y) > 1 - 2 * SATURATED).mean())
    if isinstance(module, Sigmoid):
        return float((np.abs(y - 0.5) > 0.5 - SATURATED).mean())
    return None

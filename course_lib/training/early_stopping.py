"""Early stopping: end a run when validation no longer gets better, and go back to where it was best."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course_lib.training.callbacks import Callback, Run


class EarlyStopping(Callback):
    """Stop when the validation loss has not improved for long enough, with a patience that grows.

    After a new best at epoch e, the run may go on until epoch max(e + `patience`, `growth`·e): what took long
    to get better may take long again.

    Parameters
    ----------
    patience : int
        Epochs without a new best that are allowed at least.
    growth : float
        1 keeps the patience constant; 2 allows as many epochs again as the best one took.
    watch : str
        A list of `History` that has a value an epoch; accuracies are to rise, losses to fall.
    least : float
        An improvement by no more than this is none.
    restore_best : bool
        Put the weights and running statistics of the best epoch back when training ends.

    Attributes
    ----------
    best, best_epoch, deadline
        The best value so far (NaN before the first), its epoch, and the epoch after which the run stops.

    Raises
    ------
    ValueError
        If a number is out of its range, or `watch` cannot be watched; after the first epoch, if it was not
        recorded.

    Notes
    -----
    Prechelt, Early stopping — but when? (1998); the growing patience is that of Bengio, Practical
    recommendations for gradient-based training of deep architectures (2012).
    """

    WATCHABLE = ("validation_loss", "validation_accuracy", "train_loss", "train_accuracy")

    def __init__(
        self,
        patience: int = 5,
        *,
        growth: float = 1.0,
        watch: str = "validation_loss",
        least: float = 0.0,
        restore_best: bool = True,
    ) -> None:
        if not isinstance(patience, int) or isinstance(patience, bool) or patience < 1:
            raise ValueError(f"patience must be a positive number of epochs, got {patience!r}")
        if not 1 <= growth < math.inf:
            raise ValueError(f"growth must be 1 or more, got {growth}")
        if watch not in self.WATCHABLE:
            raise ValueError(f"watch must be one of {', '.join(self.WATCHABLE)}, got {watch!r}")
        if not least >= 0:
            raise ValueError(f"least must not be negative, got {least}")
        self.patience = patience
        self.growth = growth
        self.watch = watch
        self.least = least
        self.restore_best = restore_best
        self._forget()

    def _forget(self) -> None:
        self.best = math.nan
        self.best_epoch = 0
        self.deadline = self.patience
        self._best_state: dict[str, np.ndarray] | None = None

    def before_fit(self, run: Run) -> None:
        """Begin anew."""
        self._forget()

    def after_epoch(self, run: Run) -> None:
        """Look whether this epoch is the best, and whether it was the last."""
        record = getattr(run.history, self.watch)
        if not record:
            raise ValueError(f"watch={self.watch!r} needs it to be recorded: give fit validation=")
        value = record[-1]
        gain = value - self.best if self.watch.endswith("accuracy") else self.best - value
        if (math.isnan(self.best) and not math.isnan(value)) or gain > self.least:
            self.best, self.best_epoch = value, run.epoch
            self.deadline = max(run.epoch + self.patience, math.floor(self.growth * run.epoch))
            self._best_state = run.model.state_dict() if self.restore_best else None
        if run.epoch >= self.deadline:
            run.stop = True

    def after_fit(self, run: Run) -> None:
        """Put the best state back."""
        if self._best_state is not None:
            run.model.load_state_dict(self._best_state)

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint needs."""
        return {
            "best": self.best,
            "best_epoch": self.best_epoch,
            "deadline": self.deadline,
            "state": self._best_state,
        }

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self.best, self.best_epoch, self.deadline = saved["best"], saved["best_epoch"], saved["deadline"]
        self._best_state = saved["state"]

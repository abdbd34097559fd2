"""The average of the iterates: what SGD fluctuates around is better than where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.optim.optimizer import Trainable, check_parameters, in_range
from course_lib.optim.scratch import Scratch


class IterateAverage:
    """A running average of the parameters, to be swapped in for evaluation.

    ::

        average = IterateAverage(model.parameters())
        ...                         # after every optimizer.step():
        average.update()
        ...
        with average.swapped():     # the model computes with the average
            evaluate(model, ...)

    Parameters
    ----------
    params : iterable of Parameter
        What is averaged.
    decay : float or None
        None: the mean of all iterates seen (Polyak and Juditsky 1992). Below 1: a ← decay·a + (1 − decay)·θ,
        which forgets in about 1/(1 − decay) updates. The first update takes θ itself.

    Raises
    ------
    TypeError, ValueError
        If the parameters are none, or the decay is out of its range.
    """

    def __init__(self, params: Iterable[Trainable], *, decay: float | None = None) -> None:
        self.params = list(params)
        check_parameters(self.params)
        self.decay = None if decay is None else in_range("decay", decay, low=0, below=1)
        self.count = 0
        self.average: list[np.ndarray] = []
        self._is_in = False
        self._scratch = Scratch()

    def update(self) -> None:
        """Take the parameters' present values into the average.

        Raises
        ------
        RuntimeError
            While the average is swapped in: it would be averaged with itself.
        """
        if self._is_in:
            raise RuntimeError("update must not come while the average is swapped in: swap back first")
        self.count += 1
        if self.count == 1:
            self.average = [parameter.data.copy() for parameter in self.params]
            return
        share = 1 / self.count if self.decay is None else 1 - self.decay
        for average, parameter in zip(self.average, self.params, strict=True):
            move = np.subtract(parameter.data, average, out=self._scratch.like(average, "move"))
            move *= share
            average += move

    def swap(self) -> None:
        """Exchange the parameters and their average, in place; a second time undoes it.

        Raises
        ------
        RuntimeError
            Before the first update.
        """
        if not self.count:
            raise RuntimeError("swap needs an average: call update() after an optimiser's step first")
        for average, parameter in zip(self.average, self.params, strict=True):
            kept = self._scratch.like(average, "kept")
            kept[...] = average
            average[...] = parameter.data
            parameter.data[...] = kept
        self._is_in = not self._is_in

    @contextmanager
    def swapped(self) -> Iterator[None]:
        """Have the average in the parameters within a `with`.

        Raises
        ------
        RuntimeError
            Before the first update, or where the average is swapped in already.
        """
        if self._is_in:
            raise RuntimeError("swapped must not be entered while the average is swapped in already")
        self.swap()
        try:
            yield
        finally:
            self.swap()

    def state_dict(self) -> dict[str, Any]:
        """Return a copy: "decay", "count" and "average" (one array a parameter).

        Raises
        ------
        RuntimeError
            While the average is swapped in.
        """
        if self._is_in:
            raise RuntimeError("state_dict must not come while the average is swapped in: swap back first")
        return {
            "decay": self.decay,
            "count": self.count,
            "average": [average.copy() for average in self.average],
        }

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue where the average that gave `saved` stood.

        Raises
        ------
        ValueError
            If `saved` is not of parameters of these shapes. Then nothing has been changed.
        """
        if set(saved) != {"decay", "count", "average"}:
            raise ValueError(f"saved must have 'decay', 'count' and 'average', got {sorted(saved)}")
        shapes = [np.shape(average) for average in saved["average"]]
        own = [parameter.data.shape for parameter in self.params]
        if shapes != (own if saved["count"] else []):
            raise ValueError(f"saved must be of parameters of shapes {own}, got {shapes}")
        self.decay, self.count = saved["decay"], saved["count"]
        self.average = [
            np.array(average, dtype=parameter.data.dtype)
            for average, parameter in zip(saved["average"], self.params)
        ]

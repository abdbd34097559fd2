"""Optimisers whose rule moves all parameters of a group at once: compiled where it can be, else in NumPy."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib.config import operation
from course_lib.optim.optimizer import Optimizer, Row


class GroupRule(Optimizer):
    """Base of the optimisers whose rule stands in `course_lib.reference.optimizers`, to read and to change.

    A subclass names the rule, and writes `row` and `numbers`. The kernels take parameters, gradients and
    averages that are contiguous and share float32 or float64; any others go the reference's way.
    """

    rule: str

    def row(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> tuple:
        """Make what the state lacks, count the step, and return the rule's row for this parameter."""
        raise NotImplementedError(f"{type(self).__name__} has no row")

    def numbers(self, options: SimpleNamespace) -> tuple:
        """Return the rule's arguments after the rows."""
        raise NotImplementedError(f"{type(self).__name__} has no numbers")

    def update_all(self, rows: list[Row], options: SimpleNamespace) -> None:
        """Move all parameters of a group."""
        kinds: dict[str | None, list[tuple]] = {}
        for data, grad, state in rows:
            row = self.row(data, grad, state, options)
            kinds.setdefault(_kind(row), []).append(row)
        numbers = self.numbers(options)
        for kind, alike in kinds.items():
            if kind is None:
                getattr(import_module("course_lib.reference.optimizers"), self.rule)(alike, *numbers)
            else:
                operation("optimizers", self.rule, alike[0][0].dtype)(alike, *numbers, None)

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter."""
        self.update_all([(data, grad, state)], options)


def _kind(row: tuple) -> str | None:
    """Return the arrays' dtype character if the kernels take them: contiguous, and all alike."""
    kind = row[0].dtype.char
    for array in row[:-1]:
        if array is not None and not (array.dtype.char == kind and array.flags.c_contiguous):
            return None
    return kind

"""Arrays for intermediate results of an update, so that a step allocates nothing."""

from __future__ import annotations

import numpy as np


class Scratch:
    """Named work arrays that all parameters of an optimiser share: as large as the largest of them.

    What is in them lasts until the next parameter's turn; copies and pickles start without any.
    """

    def __init__(self) -> None:
        self._flat: dict[tuple[np.dtype, str], np.ndarray] = {}

    def like(self, array: np.ndarray, name: str) -> np.ndarray:
        """Return the array of this name in the shape and dtype of `array`, with any content."""
        flat = self._flat.get((array.dtype, name))
        if flat is None or flat.size < array.size:
            flat = self._flat[array.dtype, name] = np.empty(array.size, array.dtype)
        return flat[: array.size].reshape(array.shape)

    def __reduce__(self) -> tuple:
        return Scratch, ()

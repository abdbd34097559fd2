"""A trainable array and its gradient."""

from __future__ import annotations

import numpy as np

from course_lib import aligned
from course_lib.nn.reuse import only_here

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


class Parameter:
    """An array that an optimiser changes, with the gradient of the loss by it.

    Parameters
    ----------
    array : array_like of float32 or float64
        Initial value. It is copied, so that training never writes to the caller's array.

    Raises
    ------
    TypeError
        If the array is of another dtype.
    """

    #: A gradient that was forgotten and that nobody holds.
    _spare: np.ndarray | None = None

    def __init__(self, array: np.ndarray) -> None:
        self._data = _owned_floats(array, "array")
        self._grad: np.ndarray | None = None

    @property
    def data(self) -> np.ndarray:
        """The value; assigning copies, and may change shape and dtype."""
        return self._data

    @data.setter
    def data(self, array: np.ndarray) -> None:
        # `parameter.data -= step` changes the array in place and then assigns that same array.
        if array is not self._data:
            self._data = _owned_floats(array, "data")

    @property
    def grad(self) -> np.ndarray | None:
        """Gradient of the loss by the value, None where there is none yet; assigning does not copy."""
        return self._grad

    @grad.setter
    def grad(self, array: np.ndarray | None) -> None:
        if array is not None:
            array = np.asarray(array)
            if array.dtype not in FLOATS:
                raise TypeError(f"grad must be float32 or float64, got {array.dtype}")
            if array.shape != self._data.shape:
                raise ValueError(f"grad must have the data's shape {self._data.shape}, got {array.shape}")
        self._grad = array

    def add_grad(self, array: np.ndarray) -> None:
        """Add `array` to the gradient; whoever holds the present gradient array keeps it unchanged.

        Raises
        ------
        ValueError
            If the shape is not that of the data.
        """
        array = np.asarray(array, dtype=self._data.dtype)
        if self._grad is None or array.shape != self._grad.shape:
            self._start_grad(array)
        elif self._owns_grad():
            self._grad += array
        else:
            self.grad = self._grad + array

    def zero_grad(self) -> None:
        """Forget the gradient."""
        if self._grad is not None and self._owns_grad():
            self._spare = self._grad
        self._grad = None

    def _owns_grad(self) -> bool:
        return aligned.owns(self._grad) and self._grad.flags.writeable and only_here(vars(self), "_grad")

    def _start_grad(self, array: np.ndarray) -> None:
        # A copy, as the layer fills its array again.
        spare, self._spare = self._spare, None
        if spare is None or spare.shape != array.shape or spare.dtype != array.dtype:
            spare = aligned.empty(array.shape, array.dtype)
        spare[...] = array
        self.grad = spare

    def __getstate__(self) -> dict:
        return {name: value for name, value in vars(self).items() if name != "_spare"}

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self._data.shape

    @property
    def size(self) -> int:
        """Number of values."""
        return self._data.size

    @property
    def dtype(self) -> np.dtype:
        """Dtype of the value."""
        return self._data.dtype

    def __repr__(self) -> str:
        return f"Parameter(shape={self.shape}, dtype={self.dtype})"


def _owned_floats(array: np.ndarray, argument: str) -> np.ndarray:
    array = np.asarray(array)
    if array.dtype not in FLOATS:
        raise TypeError(
            f"{argument} must be float32 or float64, got {array.dtype}: convert it with .astype(np.float32)"
        )
    return aligned.copy(array)

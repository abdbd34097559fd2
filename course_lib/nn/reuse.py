"""Result arrays that a layer fills again once nobody else holds them.

After two training steps a layer has the arrays that it needs. Whoever keeps a result, or a view of it, keeps
it unchanged: the layer sees the reference and takes another array.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, MutableMapping, MutableSequence
from functools import partial

import numpy as np

from course_lib import aligned

#: Results of one kind that a layer remembers: the one that the next layer still holds, and the one to fill.
KEPT = 2


def only_here(container: MutableMapping | MutableSequence, key: object) -> bool:
    """Return whether `container[key]` is referred to by this container alone."""
    return sys.getrefcount(container[key]) == _ONLY_HERE


# How many references the interpreter itself counts while it looks differs between versions of Python.
_ONLY_HERE = 0
_probe = [np.empty(0)]
while not only_here(_probe, 0):
    _ONLY_HERE += 1
del _probe


class SpareArrays:
    """The result arrays of one layer, by name; copies and pickles start without any."""

    def __init__(self) -> None:
        self._kept: dict[str, list[np.ndarray]] = {}

    def take(self, name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """Return an array with any content that nobody else holds, a new one if need be."""
        kept = self._kept.setdefault(name, [])
        for position in range(len(kept)):
            fits = kept[position].shape == shape and kept[position].dtype == dtype
            if fits and only_here(kept, position):
                kept.append(kept.pop(position))
                return kept[-1]
        kept.append(aligned.empty(shape, dtype))
        del kept[:-KEPT]
        return kept[-1]

    def __reduce__(self) -> tuple:
        return SpareArrays, ()


class ReusesArrays:
    """What has results to fill again: a layer, a loss."""

    def fresh(self, name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """Return an array for a result, with any content: an earlier one that nobody holds, or a new one."""
        if "_spares" not in vars(self):
            self._spares = SpareArrays()
        return self._spares.take(name, shape, np.dtype(dtype))

    def spare(self, name: str) -> Callable[[tuple[int, ...], np.dtype], np.ndarray]:
        """Return `fresh` for one name: the `out=` of an operation, which knows shape and dtype."""
        return partial(self.fresh, name)

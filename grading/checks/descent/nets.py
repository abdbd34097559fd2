"""Small nets with one layer of hidden units, as arrays of small numbers."""

from __future__ import annotations

import numpy as np

from grading.checks.small_numbers import fill

Net = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn_net(rng: np.random.Generator, inputs: int, hidden: int, outputs: int, numbers: str) -> Net:
    """Return w1 (hidden, inputs), b1 (hidden,), w2 (outputs, hidden) and b2 (outputs,)."""
    shapes = ((hidden, inputs), (hidden,), (outputs, hidden), (outputs,))
    return tuple(fill(rng, shape, numbers) for shape in shapes)

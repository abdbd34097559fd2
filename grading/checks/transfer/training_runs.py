"""Weights that came out of a student's training, measured here: no notebook's report is believed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.comparison import article
from grading.checks.drawing import Example, example
from grading.checks.student import StudentFault
from grading.checks.transfer import features
from grading.checks.transfer.features import Features
from grading.checks.transfer.heads import (
    group_step,
    probabilities,
    softmax_head,
    tuned_gradients,
    unscaled_head,
)

Array = np.ndarray
# What a patch that is moved or paled may cost at most, of 96: the levels keep well clear of it.
ROWS, COLUMNS, CONTRASTS = (0, 7, 40, 90, 119), (0, 5, 13, 27), (1.0, 0.9, 0.8)
HEAD_SHAPES = {"V": (40, 3), "v": (3,)}
TUNED_SHAPES = {"W": (240, 40), "b": (40,), **HEAD_SHAPES}


def read_weights(value: object, shapes: dict[str, tuple[int, ...]]) -> list[Array]:
    """Read a tuple of arrays of known shapes.

    Raises
    ------
    StudentFault
        If it is anything else: an accuracy, the weights of another net, or numbers that are not finite.
    """
    names = ", ".join(shapes)
    if not isinstance(value, tuple | list) or len(value) != len(shapes):
        came = f"{len(value)} values" if isinstance(value, tuple | list) else article(value)
        raise StudentFault(
            "unsupported",
            text=f"expected the weights {names}, got {came}. An accuracy is measured here and not asked for",
        )
    found = []
    for (name, shape), item in zip(shapes.items(), value, strict=True):
        try:
            array = np.asarray(item)
        except (ValueError, TypeError, OverflowError):
            array = np.zeros(0)
        if array.shape != shape or array.dtype.kind not in "fiu":
            kind = f"elements of type {array.dtype}" if array.shape == shape else article(item)
            raise StudentFault(
                "unsupported", text=f"{name} must have real numbers in the shape {shape}, got {kind}"
            )
        array = array.astype(np.float64)
        if not np.isfinite(array).all():
            raise StudentFault("unsupported", text=f"{name} has values that are not finite: did it diverge?")
        found.append(array)
    return found


def codes_of(seen: Features, W: Array, b: Array) -> Array:
    """Return the codes of images, with a last layer W, b of the trunk."""
    return seen.s + seen.u @ W + b


def accuracy(codes: Array, labels: Array, V: Array, v: Array) -> float:
    """Return the share of codes whose label has the largest score."""
    return float(((codes @ V + v).argmax(axis=1) == labels).mean())


def loss(codes: Array, labels: Array, V: Array, v: Array) -> float:
    """Return the mean cross-entropy."""
    right = probabilities(codes @ V + v)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-300)).mean())


def head_accuracies(
    call: Callable[..., object], levels: tuple[float, ...], row: int, column: int, contrast: float
) -> tuple[float, ...]:
    """Measure a head on patches that are moved and paled; count its accuracy up to each level."""
    V, v = read_weights(call(), HEAD_SHAPES)
    seen, labels = features.texture_test(row, column, contrast)
    found = accuracy(codes_of(seen, *features.last_layer()), labels, V, v)
    return tuple(min(found, level) for level in levels)


def patches(rng: np.random.Generator, level: float | tuple[float, ...]) -> Example:
    """Build an example: which patches, and the level or levels."""
    row, column, contrast = (values[int(rng.integers(len(values)))] for values in (ROWS, COLUMNS, CONTRASTS))
    return example(level, row, column, contrast)


def few() -> tuple[Features, Array]:
    """Return the nine training patches that count as few, three a texture."""
    seen, labels = features.texture_training()
    rows = np.concatenate(
        [np.arange(features.TEXTURES[0]) + kind * features.TEXTURES[1] for kind in range(3)]
    )
    return Features(seen.u[rows], seen.s[rows], seen.maps[rows]), labels[rows]


def trained_head() -> tuple[Array, Array]:
    """Return a head for the codes of textures, fitted to the nine patches."""
    seen, labels = few()
    codes = codes_of(seen, *features.last_layer())
    mean, deviation = codes.mean(axis=0), codes.std(axis=0)
    V, v = softmax_head((codes - mean) / deviation, labels, 3, 0.01, 0.5, 200)
    return unscaled_head(V, v, mean, deviation)


def tuned_weights(steps: int = 100, share: float = 0.1) -> tuple[Array, Array, Array, Array]:
    """Return the trunk's last layer and the head after fine-tuning on the nine patches."""
    seen, labels = few()
    params = dict(zip("WbVv", (*features.last_layer(), *trained_head())))
    velocities = {name: np.zeros_like(value) for name, value in params.items()}
    shares = {"W": share, "b": share, "V": 1, "v": 1}
    for _ in range(steps):
        grads = dict(zip("WbVv", tuned_gradients(seen.u, seen.s, labels, *params.values())))
        params, velocities = group_step(params, grads, velocities, shares, 0.03)
    return tuple(params.values())

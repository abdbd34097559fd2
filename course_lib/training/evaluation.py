"""Loss and accuracy of a model on data that it is not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from course_lib.data import Minibatches
from course_lib.nn import Module


def accuracy(outputs: np.ndarray, targets: np.ndarray) -> float:
    """Return the share of rows of `outputs` (N, C) whose largest column is the target, or NaN.

    NaN stands for an empty batch, and for targets that are not one class number an example.
    """
    targets = np.asarray(targets)
    classes = (
        outputs.ndim == 2 and targets.shape == outputs.shape[:1] and np.issubdtype(targets.dtype, np.integer)
    )
    return float((outputs.argmax(axis=1) == targets).mean()) if classes and len(targets) else float("nan")


@contextmanager
def evaluation_mode(model: Module) -> Iterator[None]:
    """Switch the model to evaluation and afterwards every module back to the mode that it was in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode


def evaluate(
    model: Module,
    loss: Callable[[np.ndarray, np.ndarray], float],
    data: tuple[np.ndarray, np.ndarray],
    *,
    batch_size: int = 256,
) -> tuple[float, float]:
    """Return mean loss and accuracy over `data`, in evaluation mode; the model's mode is restored.

    Parameters
    ----------
    model : Module
        What is judged.
    loss : callable
        Of outputs and targets, a mean over its batch.
    data : (inputs, targets)
        As long as each other.
    batch_size : int
        Examples that are run at once.

    Raises
    ------
    ValueError
        If there is no data, or lengths differ.
    """
    inputs, targets = data
    if len(inputs) == 0:
        raise ValueError("data must hold at least one example, got none")
    total = np.zeros(2)
    with evaluation_mode(model):
        for x, y in Minibatches(inputs, targets, batch_size, shuffle=False):
            outputs = model(x)
            total += len(x) * np.array([loss(outputs, y), accuracy(outputs, y)])
    mean_loss, mean_accuracy = total / len(inputs)
    return float(mean_loss), float(mean_accuracy)

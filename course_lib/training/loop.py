"""The training loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from course_lib.data import Minibatches
from course_lib.nn import ElasticNet, Loss, Module
from course_lib.optim import Optimizer
from course_lib.training.callbacks import Callback, ProgressBar, Run
from course_lib.training.evaluation import accuracy, evaluate
from course_lib.training.history import History


def fit(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    train: tuple[np.ndarray, np.ndarray],
    *,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    epochs: int,
    batch_size: int = 64,
    penalty: ElasticNet | None = None,
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    rng: np.random.Generator | int = 0,
    callbacks: Sequence[Callback] = (),
    progress: bool = True,
) -> History:
    """Train `model` on minibatches drawn in a new order each epoch; it is left in evaluation mode.

    Parameters
    ----------
    model : Module
        Changed in place.
    loss : Loss
        `loss(outputs, targets)` is a mean over the batch, `loss.backward()` its gradient.
    optimizer : Optimizer
        Holds the parameters that move.
    train : (inputs, targets)
        Arrays of the same length, such as `LabelledImages`.
    validation : (inputs, targets) or None
        Judged after every epoch.
    epochs : int
        Passes over the data.
    batch_size : int
        Examples an update.
    penalty : ElasticNet or None
        Cost of large weights, such as an `L2Penalty`, whose gradient is added in every update. The recorded
        losses are without it, so that runs compare.
    augment : callable or None
        Changes the inputs of each training batch, such as an `Augmentation`.
    rng : Generator or int
        Draws the orders and the augmentation; an int is a seed.
    callbacks : sequence of Callback
        Told of every step and epoch, in this order.
    progress : bool
        Show a progress bar.

    Returns
    -------
    History
        Losses and accuracies of every step and epoch.

    Raises
    ------
    ValueError
        If there is no training data, lengths differ, or `epochs` or `batch_size` is out of range.
    """
    batches = Minibatches(*train, batch_size, rng=rng, augment=augment)
    if len(batches) == 0:
        raise ValueError("train must hold at least one example, got none")
    if epochs < 0:
        raise ValueError(f"epochs must be 0 or more, got {epochs}")
    callbacks = [*callbacks, ProgressBar()] if progress else list(callbacks)
    run = Run(model, loss, optimizer, epochs, len(batches), batches, callbacks)
    begun: list[Callback] = []
    try:
        for callback in callbacks:
            callback.before_fit(run)
            begun.append(callback)
        while run.epoch < epochs and not run.stop:
            run_epoch(run, batches, validation, callbacks, penalty)
    finally:
        model.eval()
        for callback in begun:
            callback.after_fit(run)
    return run.history


def run_epoch(
    run: Run,
    batches: Minibatches,
    validation: tuple[np.ndarray, np.ndarray] | None,
    callbacks: Sequence[Callback],
    penalty: ElasticNet | None = None,
) -> None:
    """Make one pass over the data: for each minibatch forward, loss, backward, update."""
    model, loss, optimizer, history = run.model, run.loss, run.optimizer, run.history
    start = time.perf_counter()
    total = np.zeros(2)
    model.train()
    for x, y in batches:
        outputs = model(x)
        numbers = loss(outputs, y), accuracy(outputs, y)
        optimizer.zero_grad()
        model.backward_to_parameters(loss.backward())
        if penalty is not None:
            penalty.backward()
        for callback in callbacks:
            callback.before_update(run)
        optimizer.step()

        total += len(x) * np.array(numbers)
        history.step_loss.append(numbers[0])
        history.step_accuracy.append(numbers[1])
        run.step += 1
        for callback in callbacks:
            callback.after_step(run)

    mean_loss, mean_accuracy = total / len(batches.inputs)
    history.train_loss.append(float(mean_loss))
    history.train_accuracy.append(float(mean_accuracy))
    if validation is not None:
        validation_loss, validation_accuracy = evaluate(model, loss, validation)
        history.validation_loss.append(validation_loss)
        history.validation_accuracy.append(validation_accuracy)
    history.learning_rate.append(float(optimizer.lr))
    history.seconds.append(time.perf_counter() - start)
    run.epoch += 1
    for callback in callbacks:
        callback.after_epoch(run)

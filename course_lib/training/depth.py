"""What depth does: the same net deeper and deeper, with and without skip connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib import functional as F
from course_lib import nn, optim
from course_lib.data import load_fashion_mnist_subset
from course_lib.nn import models
from course_lib.nn.blocks import start_as_shortcuts
from course_lib.training.callbacks import RateSchedule
from course_lib.training.evaluation import accuracy
from course_lib.training.loop import fit

#: How a net of the experiment is made: depth, channels of the three stages, seed.
Builder = Callable[[int, tuple[int, int, int], int], nn.Sequential]
Examples = tuple[np.ndarray, np.ndarray]


def _plain_without_norm(depth: int, widths: tuple[int, int, int], seed: int) -> nn.Sequential:
    layers = models.small_resnet(depth, widths=widths, skip=False, rng=seed)
    net = nn.Sequential(*(layer for layer in layers if not isinstance(layer, nn.BatchNorm2d)))
    nn.initialise(net, nn.initialisers.he_normal, rng=seed)
    return net


#: The kinds of net by name. All have the same convolutions; "plain" and "residual" differ by the skips alone.
KINDS: dict[str, Builder] = {
    "plain": lambda depth, widths, seed: models.small_resnet(depth, widths=widths, skip=False, rng=seed),
    "residual": lambda depth, widths, seed: models.small_resnet(depth, widths=widths, rng=seed),
    "pre-activation": lambda depth, widths, seed: models.preactivation_resnet(depth, widths=widths, rng=seed),
    "plain, no normalisation": _plain_without_norm,
}


@dataclass(frozen=True)
class GradientNorms:
    """Norms of the loss's gradient by the outputs on the way through a net.

    Attributes
    ----------
    layers : ndarray of int64, shape (P,)
        Convolutions before each output, shortcuts not counted.
    norms : ndarray of float64, shape (P,)
        Euclidean norm of the gradient by it, over the whole batch.
    """

    layers: np.ndarray
    norms: np.ndarray

    @property
    def growth(self) -> float:
        """Norm at the first output over that at the last: above 1 it grows on the way back, else it fades."""
        return float(self.norms[0] / self.norms[-1])


@dataclass(frozen=True)
class DepthRun:
    """One net's training.

    Attributes
    ----------
    kind : str
        Key of `KINDS`.
    depth : int
        Layers with weights.
    train_loss : list of float
        Mean over each epoch, while the weights move.
    final_loss, final_accuracy : float
        On the training data afterwards, each batch normalised by its own statistics as in training.
    test_accuracy : list of float
        After each epoch, in evaluation.
    seconds : float
        Time that the training took.
    """

    kind: str
    depth: int
    train_loss: list[float]
    final_loss: float
    final_accuracy: float
    test_accuracy: list[float]
    seconds: float


def gradient_norms(model: nn.Sequential, loss: nn.Loss, batch: Examples) -> GradientNorms:
    """Measure how large the gradient is on its way back, at the outputs of activations and blocks.

    Parameters
    ----------
    model : Sequential
        A net such as `small_resnet`; it is run in training mode and its gradients are forgotten afterwards.
        Running averages move as by any forward.
    loss : Loss
        Of outputs and targets.
    batch : (inputs, targets)

    Raises
    ------
    ValueError
        If the model has no activation and no block with convolutions.
    """
    inputs, targets = batch
    mode = model.training
    model.train()
    loss(model(inputs), targets)
    dy = loss.backward()
    norms: list[float] = []
    for layer in reversed(list(model)):
        norms.append(float(np.linalg.norm(dy.astype(np.float64))))
        dy = layer.backward(dy)
    model.zero_grad()
    model.train(mode)

    passed, layers, chosen = 0, [], []
    for layer, norm in zip(model, reversed(norms), strict=True):
        passed += _convolutions(layer)
        if isinstance(layer, nn.ReLU | nn.BasicBlock | nn.PreActivationBlock):
            layers.append(passed)
            chosen.append(norm)
    if not chosen:
        raise ValueError("model must have activations or residual blocks in a row, got none")
    return GradientNorms(np.array(layers), np.array(chosen))


def _convolutions(layer: nn.Module) -> int:
    """Count the convolutions on the longer way through a layer."""
    return sum(
        isinstance(module, nn.Conv2d) and ".shortcut" not in f".{name}"
        for name, module in layer.named_modules()
    )


def small_clothes(count: int = 2500) -> tuple[Examples, Examples]:
    """Return images of Fashion-MNIST at half their size, mean 0: what many deep nets can train on in minutes.

    Parameters
    ----------
    count : int
        Training images, the first ones; their classes are mixed.

    Returns
    -------
    train, test : (images, labels)
        Images (N, 1, 14, 14) float32.
    """
    train, test = load_fashion_mnist_subset()
    train = train.subset(np.arange(len(train.labels))[:count])
    mean = train.images.mean()
    return tuple((F.avg_pool2d(images - mean, 2), labels) for images, labels in (train, test))


def train_at_depth(
    kind: str,
    depth: int,
    data: tuple[Examples, Examples],
    *,
    widths: tuple[int, int, int] = (8, 16, 32),
    epochs: int = 12,
    rate: float = 0.1,
    warm_up: int = 1,
    batch_size: int = 32,
    from_shortcuts: bool = True,
    seed: int = 0,
) -> DepthRun:
    """Train one net of the experiment by SGD with momentum 0.9; the rate grows at first and falls then.

    Parameters
    ----------
    kind : str
        Key of `KINDS`.
    depth : int
        6n + 2.
    data : (train, test)
        Each of images and labels.
    widths : (int, int, int)
        Channels of the three stages.
    epochs, batch_size : int
        As for `fit`.
    rate : float
        The largest rate, from which it falls along a cosine.
    warm_up : int
        Epochs, 0 or more and fewer than all, in which the rate grows evenly: deep nets start badly at a large
        one (He et al. 2016, of 110 layers; Goyal et al. 2017).
    from_shortcuts : bool
        Start residual blocks as nothing but their shortcuts, see `course_lib.nn.blocks.start_as_shortcuts`. A
        plain net has no shortcuts, so that nothing changes there.
    seed : int
        Of the initial weights and the order of the examples.

    Raises
    ------
    ValueError
        If the kind is unknown, the depth no 6n + 2, or the warm-up not shorter than the training.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    if not 0 <= warm_up < epochs:
        raise ValueError(f"warm_up must be from 0 to {epochs - 1}, fewer than the epochs, got {warm_up}")
    train, test = data
    model, loss = KINDS[kind](depth, widths, seed), nn.CrossEntropyLoss()
    if from_shortcuts:
        start_as_shortcuts(model)
    an_epoch = -(-len(train[0]) // batch_size)
    schedule: optim.Schedule = optim.Cosine(rate, steps=(epochs - warm_up) * an_epoch)
    if warm_up:
        schedule = optim.WarmUp(schedule, warm_up * an_epoch)
    started = time.perf_counter()
    history = fit(
        model,
        loss,
        optim.SGD(model.parameters(), rate, momentum=0.9, weight_decay=1e-4),
        train,
        validation=test,
        epochs=epochs,
        batch_size=batch_size,
        rng=seed,
        callbacks=[RateSchedule(schedule)],
        progress=False,
    )
    seconds = time.perf_counter() - started
    final_loss, final_accuracy = _judged_as_trained(model, loss, train)
    return DepthRun(
        kind, depth, history.train_loss, final_loss, final_accuracy, history.validation_accuracy, seconds
    )


def depth_experiment(
    depths: Sequence[int] = (8, 20, 44),
    kinds: Sequence[str] = ("plain", "residual"),
    *,
    data: tuple[Examples, Examples] | None = None,
    **options: object,
) -> list[DepthRun]:
    """Train every kind of net at every depth on the same data, from the same seed.

    Parameters
    ----------
    depths : sequence of int
        Each 6n + 2.
    kinds : sequence of str
        Keys of `KINDS`.
    data : (train, test) or None
        None is `small_clothes()`: 2,500 images of 14 x 14.
    **options
        As for `train_at_depth`.

    Returns
    -------
    list of DepthRun
        Depth by depth within each kind.

    Notes
    -----
    As it is, it takes one and a half minutes of one processor. Seconds suffice for a first look:
    ``depth_experiment((8, 32), data=small_clothes(640), widths=(4, 8, 16), epochs=3)``.
    """
    data = small_clothes() if data is None else data
    return [train_at_depth(kind, depth, data, **options) for kind in kinds for depth in depths]


def curves_by_depth(runs: Sequence[DepthRun]) -> dict[str, dict[int, np.ndarray]]:
    """Return training losses as `course_lib.plots.show_depth` draws them.

    Parameters
    ----------
    runs : sequence of DepthRun
        Of the same number of epochs.

    Returns
    -------
    dict of str to dict of int to ndarray
        By kind and depth the loss of each epoch, shape (epochs,): the mean where several runs, of different
        seeds, have both in common.
    """
    found: dict[str, dict[int, list[list[float]]]] = {}
    for run in runs:
        found.setdefault(run.kind, {}).setdefault(run.depth, []).append(run.train_loss)
    return {
        kind: {depth: np.mean(losses, axis=0) for depth, losses in deep.items()}
        for kind, deep in found.items()
    }


def _judged_as_trained(model: nn.Sequential, loss: nn.Loss, data: Examples) -> tuple[float, float]:
    """Return loss and accuracy with each batch's own statistics; the model ends in evaluation mode.

    Running averages of a net of forty layers lag behind weights that have just moved, which says nothing of
    how well these fit the training data.
    """
    inputs, targets = data
    total = np.zeros(2)
    model.train()
    for at in range(0, len(inputs), 250):
        outputs = model(inputs[at : at + 250])
        part = targets[at : at + 250]
        total += len(part) * np.array([loss(outputs, part), accuracy(outputs, part)])
    model.eval()
    final_loss, final_accuracy = total / len(inputs)
    return float(final_loss), float(final_accuracy)

"""The four cases of transfer, measured: little or much data, like or unlike what the trunk was trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib import nn, optim
from course_lib.data import LabelledImages
from course_lib.functional import arguments
from course_lib.nn import models
from course_lib.training.callbacks import RateSchedule
from course_lib.training.evaluation import evaluate
from course_lib.training.loop import fit
from course_lib.training.pretrained import pretrained_trunk, trunk_images
from course_lib.training.transfer import extract_codes, linear_head, rate_groups, with_head
from course_lib.training.transfer_tasks import TransferTask, clothes, textures

#: Modules at the end of the trunk that fine-tuning moves, and their share of the head's rate.
TUNED, TUNED_SHARE = 2, 0.1
#: Rates of Adam at the start: of a new net, and of the head in fine-tuning.
NEW_RATE, TUNED_RATE = 3e-3, 1e-3
#: Of `linear_head`: the hinge loss sums over classes, and needs more.
PENALTIES = {nn.CrossEntropyLoss: 1e-2, nn.HingeLoss: 1e-1}
#: Passes over the data that a new net makes at least, whatever the number of updates.
NEW_EPOCHS = 8
#: Of `linear_head`: within some percent of the minimum, which accuracies do not tell from it.
HEAD_STEPS = 150
SCRATCH, PIXELS, RANDOM = "new net", "pixels, softmax", "random trunk, softmax"
SOFTMAX, SVM, FINE_TUNED = "trunk, softmax", "trunk, SVM", "trunk, fine-tuned"
#: Ways that use what the trunk has learned, and ways that do not.
TRANSFER, OWN = (SOFTMAX, SVM, FINE_TUNED), (SCRATCH, PIXELS, RANDOM)


@dataclass(frozen=True)
class TransferCell:
    """One of the four cases.

    Attributes
    ----------
    task : str
    similar : bool
        Whether its images are like those of ImageNet.
    examples : int
        Training examples a class.
    accuracies : dict of str to list of float
        Test accuracies by method, one a draw of the training examples.
    """

    task: str
    similar: bool
    examples: int
    accuracies: dict[str, list[float]]

    def mean(self, method: str) -> float:
        """Return a method's mean accuracy over the draws."""
        return float(np.mean(self.accuracies[method]))

    @property
    def gain(self) -> float:
        """Best mean with the trained trunk less the best without: below 0, transfer does not help."""
        best = [
            max(self.mean(method) for method in group if method in self.accuracies)
            for group in (TRANSFER, OWN)
        ]
        return best[0] - best[1]


@dataclass(frozen=True)
class TransferTable:
    """What `transfer_table` measured: the cells with little data first, the similar task before the other."""

    cells: tuple[TransferCell, ...]

    def cell(self, *, large: bool, similar: bool) -> TransferCell:
        """Return one of the four cases."""
        chosen = [cell for cell in self.cells if cell.similar == similar]
        return max(chosen, key=_examples) if large else min(chosen, key=_examples)

    def markdown(self) -> str:
        """Return the table with a row a method, a column a case, and the gain by transfer as its last row."""
        heads = [
            f"{'like' if cell.similar else 'unlike'} ImageNet, {cell.examples} a class ({cell.task})"
            for cell in self.cells
        ]
        lines = ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
        measured = self.cells[0].accuracies
        lines += [
            f"| {method} | " + " | ".join(_spread(cell, method) for cell in self.cells) + " |"
            for method in (*OWN, *TRANSFER)
            if method in measured
        ]
        gains = " | ".join(f"{cell.gain:+.3f}" for cell in self.cells)
        return "\n".join([*lines, f"| **gain by transfer** | {gains} |"])

    __str__ = markdown


def transfer_table(
    tasks: Sequence[TransferTask] | None = None,
    *,
    methods: Sequence[str] | None = None,
    draws: int = 3,
    large_draws: int = 1,
    updates: int = 200,
) -> TransferTable:
    """Measure every method on every task with few and with many examples.

    Methods that learn a head on codes (softmax, SVM) take those of the trained trunk, of an untrained one, or
    the pixels themselves; fine-tuning goes on from the softmax head and moves the last blocks at a tenth of
    the head's rate; a new net, `small_vgg`, is trained from scratch.

    Parameters
    ----------
    tasks : sequence of TransferTask or None
        None is `textures()` and `clothes()`.
    methods : sequence of str or None
        Some of `TRANSFER` and of `OWN`, at least one of each; None is all of them.
    draws, large_draws : int
        Times that the training examples (and the seeds) are drawn where they are few, and where they are
        many: these differ little from draw to draw, and take most of the time.
    updates : int
        Of the new net, which makes eight passes over the data at least; fine-tuning takes half as many.

    Returns
    -------
    TransferTable

    Raises
    ------
    ValueError
        If a method is unknown, or those with or without transfer are missing.
    """
    tasks = (textures(), clothes()) if tasks is None else tasks
    methods = (*OWN, *TRANSFER) if methods is None else methods
    for group in (TRANSFER, OWN):
        if not set(methods) & set(group) or set(methods) - {*TRANSFER, *OWN}:
            raise ValueError(f"methods must be some of {OWN} and some of {TRANSFER}, got {tuple(methods)}")
    for name, count in (("draws", draws), ("large_draws", large_draws)):
        arguments.whole(name, count, 1)
    cells = []
    for large in (False, True):
        for task in tasks:
            examples = task.many if large else task.few
            found: dict[str, list[float]] = {method: [] for method in methods}
            for seed in range(large_draws if large else draws):
                for method, accuracy in judge(task, examples, methods, seed=seed, updates=updates).items():
                    found[method].append(accuracy)
            cells.append(TransferCell(task.name, task.similar, examples, found))
    return TransferTable(tuple(cells))


def judge(
    task: TransferTask, examples: int, methods: Sequence[str], *, seed: int, updates: int
) -> dict[str, float]:
    """Return the test accuracy of each method after one draw of training examples."""
    train = task.draw(examples, np.random.default_rng(seed))

    @cache
    def trained() -> _Codes:
        return _Codes(pretrained_trunk(), task, train)

    ways: dict[str, Callable[[], float]] = {
        SCRATCH: lambda: _new_net(task, train, seed, updates),
        PIXELS: lambda: _Codes(nn.Identity(), task, train, as_pixels=True).judge(nn.CrossEntropyLoss()),
        RANDOM: lambda: _Codes(models.efficientnet_lite0_trunk(rng=seed), task, train).judge(
            nn.CrossEntropyLoss()
        ),
        SOFTMAX: lambda: trained().judge(nn.CrossEntropyLoss()),
        SVM: lambda: trained().judge(nn.HingeLoss()),
        FINE_TUNED: lambda: trained().fine_tune(seed, updates // 2),
    }
    return {method: ways[method]() for method in methods}


class _Codes:
    """A trunk's codes of a task's images, and what is made of them."""

    def __init__(
        self, trunk: nn.Module, task: TransferTask, train: LabelledImages, *, as_pixels: bool = False
    ) -> None:
        self.trunk, self.task = trunk, task
        images = train.images, task.test.images
        self.labels = train.labels, task.test.labels
        self.joint: list[nn.Module] = [nn.Flatten()]
        if not as_pixels:
            images = tuple(trunk_images(each, size=task.size) for each in images)
            self.joint.insert(0, nn.AvgPool2d(-(-task.size // 8) // task.grid))
        self.images = images
        net = nn.Sequential(trunk, *self.joint)
        self.codes = tuple(extract_codes(net, each) for each in images)

    def head(self, loss: nn.Loss) -> nn.Linear:
        options = {"penalty": PENALTIES[type(loss)], "classes": self.task.classes, "steps": HEAD_STEPS}
        return linear_head(self.codes[0], self.labels[0], loss=loss, **options)

    def judge(self, loss: nn.Loss) -> float:
        guesses = self.head(loss)(self.codes[1]).argmax(axis=1)
        return float((guesses == self.labels[1]).mean())

    def fine_tune(self, seed: int, updates: int) -> float:
        loss = nn.CrossEntropyLoss()
        model = with_head(self.trunk, nn.Sequential(*self.joint, self.head(loss)), tuned=TUNED)
        # What is frozen gives the same for ever: it runs once, and training goes on from there.
        frozen, tuned = model[0], model[1:]
        train, test = (_maps(frozen, each) for each in self.images)
        groups = rate_groups([(tuned[0], TUNED_SHARE), (tuned[-1], 1)], TUNED_RATE)
        optimizer = optim.Adam(groups, TUNED_RATE)
        _train(tuned, optimizer, TUNED_RATE, (train, self.labels[0]), seed, updates)
        return evaluate(tuned, loss, (test, self.labels[1]))[1]


def _maps(trunk: nn.Module, images: np.ndarray) -> np.ndarray:
    """Return the outputs of a trunk in their own shape."""
    shape = trunk(images[:1]).shape[1:]
    return extract_codes(trunk, images).reshape(len(images), *shape)


def _new_net(task: TransferTask, train: LabelledImages, seed: int, updates: int) -> float:
    mean = train.images.mean()
    model = models.small_vgg(classes=task.classes, rng=seed)
    data = train.images - mean, train.labels
    optimizer = optim.Adam(model.parameters(), NEW_RATE)
    _train(model, optimizer, NEW_RATE, data, seed, updates, least_epochs=NEW_EPOCHS)
    return evaluate(model, nn.CrossEntropyLoss(), (task.test.images - mean, task.test.labels))[1]


def _train(
    model: nn.Module,
    optimizer: optim.Optimizer,
    rate: float,
    data: tuple[np.ndarray, np.ndarray],
    seed: int,
    updates: int,
    *,
    least_epochs: int = 1,
) -> None:
    """Train for about `updates` steps, in whole epochs, while the rate falls along a cosine."""
    batch_size = min(64, len(data[0]))
    an_epoch = -(-len(data[0]) // batch_size)
    epochs = max(least_epochs, round(updates / an_epoch))
    fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        data,
        epochs=epochs,
        batch_size=batch_size,
        rng=seed,
        callbacks=[RateSchedule(optim.Cosine(rate, steps=epochs * an_epoch))],
        progress=False,
    )


def _examples(cell: TransferCell) -> int:
    return cell.examples


def _spread(cell: TransferCell, method: str) -> str:
    values = cell.accuracies[method]
    return f"{cell.mean(method):.3f}" + (f" ± {np.std(values):.3f}" if len(values) > 1 else "")

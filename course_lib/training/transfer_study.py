"""Fine-tuning on a grid: how fast the early and the late blocks of a trunk learn, and on how much data.

Single runs are cheap and can be made at will; the whole grid was run once by
`python -m tools.measure_transfer` and is read from the file beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from course_lib import nn, optim
from course_lib.functional import arguments
from course_lib.training.callbacks import EachStep, RateSchedule
from course_lib.training.evaluation import evaluate
from course_lib.training.loop import fit
from course_lib.training.pretrained import pretrained_trunk, trunk_images
from course_lib.training.transfer import extract_codes, linear_head, rate_groups
from course_lib.training.transfer_cases import PIXELS, SCRATCH
from course_lib.training.transfer_tasks import TransferTask, clothes, textures

FILE = Path(__file__).with_name("transfer_runs.npz")

#: Rates of Adam at the start: of the head, and in the order of the grid's axes; 0 is frozen.
HEAD_RATE = 1e-3
EARLY_RATES = (0.0, 1e-4, 1e-3)
LATE_RATES = (0.0, 1e-4, 1e-3, 1e-2)
#: Training examples a class.
SIZES = (3, 60)
TASKS = ("textures", "clothes")
DRAWS = 2
#: The early part of the trunk is its stem and blocks 1 to 3, the late one blocks 4 and 5.
EARLY = 4
#: Updates after which the accuracy on test images was measured; 0 is the head on frozen codes.
UPDATES = (0, 5, 15, 30, 60)
#: Images of a minibatch, and test images.
BATCH, TESTED = 30, 300
#: What the runs are compared with, and the updates that a new net makes.
BASELINES, NEW_UPDATES = (SCRATCH, PIXELS), 200


@dataclass(frozen=True)
class TransferRuns:
    """The grid of runs that was made once.

    Attributes
    ----------
    tuned : ndarray of float32, shape (tasks, sizes, early rates, late rates, draws, points)
        Test accuracies at `UPDATES`.
    baselines : ndarray of float32, shape (tasks, sizes, len(BASELINES), draws)
        Test accuracies without the trunk.
    """

    tuned: np.ndarray
    baselines: np.ndarray


@lru_cache(maxsize=1)
def transfer_runs() -> TransferRuns:
    """Read the grid that was made once; do not change it.

    Returns
    -------
    TransferRuns
    """
    with np.load(FILE, allow_pickle=False) as kept:
        tuned, baselines = (
            np.stack([kept[f"{task}_{kind}"] for task in TASKS]).astype(np.float32)
            for kind in ("tuned", "baselines")
        )
    tuned.flags.writeable = baselines.flags.writeable = False
    return TransferRuns(tuned, baselines)


def study_task(name: str) -> TransferTask:
    """Return `textures()` or `clothes()` as the study uses it: 32 pixels a side, `TESTED` test images.

    Parameters
    ----------
    name : str
        One of `TASKS`.

    Raises
    ------
    ValueError
        If there is no such task.
    """
    if name not in TASKS:
        raise ValueError(f"name must be one of {', '.join(TASKS)}, got {name!r}")
    task = textures() if name == "textures" else clothes()
    # Test images of textures come photograph by photograph.
    chosen = np.random.default_rng(0).permutation(len(task.test.labels))[:TESTED]
    return replace(task, test=task.test.subset(chosen), few=SIZES[0], many=SIZES[-1], size=32)


def fine_tune(
    task: TransferTask,
    examples: int,
    head: float,
    early: float,
    late: float,
    *,
    seed: int,
    updates: Sequence[int] = UPDATES,
) -> np.ndarray:
    """Train a softmax head on frozen codes, then fine-tune from there, and measure on the way.

    Adam, with a rate for the head and for each part of the trunk; all fall to zero along a cosine over the
    last of `updates`. Normalisation keeps its averages.

    Parameters
    ----------
    task : TransferTask
        What is learnt.
    examples : int
        Training examples a class.
    head, early, late : float
        Rates of the head, of the stem and the first three blocks, and of the last two; 0 freezes.
    seed : int
        Draws the examples and their order.
    updates : sequence of int
        When the accuracy on `task.test` is measured, ascending, the last above 0; 0 is before the first.

    Returns
    -------
    ndarray of float64, shape (len(updates),)

    Raises
    ------
    ValueError
        If a rate is negative, that of the head is 0, or `updates` is no such sequence.
    """
    for name, rate in (("head", head), ("early", early), ("late", late)):
        arguments.number(name, rate, 0)
    if head == 0:
        raise ValueError("head must be above 0, got 0: a head that does not learn is no fine-tuning")
    wanted = [arguments.whole("updates", each, 0) for each in updates]
    if not wanted or wanted != sorted(set(wanted)) or wanted[-1] == 0:
        raise ValueError(f"updates must ascend to a number above 0, got {tuple(updates)}")
    train = task.draw(examples, np.random.default_rng(seed))
    sets = [trunk_images(each.images, size=task.size) for each in (train, task.test)]
    trunk = pretrained_trunk()
    joint = nn.Sequential(nn.AvgPool2d(-(-task.size // 8) // task.grid), nn.Flatten())
    codes = extract_codes(nn.Sequential(trunk, joint), sets[0])
    linear = linear_head(codes, train.labels, classes=task.classes, steps=150)

    kinds = [nn.InEvaluation if rate else nn.Frozen for rate in (early, late)]
    first, second = kinds[0](trunk[:EARLY]), kinds[1](trunk[EARLY:])
    groups = rate_groups([(first, early / head), (second, late / head), (linear, 1)], head)
    chain = [first, second, joint, linear]
    # What is frozen and comes first gives the same for ever: it runs once.
    while isinstance(chain[0], nn.Frozen):
        frozen = chain.pop(0)
        sets = [_outputs(frozen, each) for each in sets]
    model = nn.Sequential(*chain)
    return _measured(model, groups, head, (sets[0], train.labels), (sets[1], task.test.labels), seed, wanted)


def _measured(
    model: nn.Module,
    groups: list[dict],
    rate: float,
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    seed: int,
    wanted: list[int],
) -> np.ndarray:
    """Train the model; return its accuracy on `test` after each of so many updates."""
    found: dict[int, float] = {}
    done = 0

    def look() -> None:
        nonlocal done
        done += 1
        if done in wanted:
            found[done] = evaluate(model, nn.CrossEntropyLoss(), test)[1]

    if wanted[0] == 0:
        found[0] = evaluate(model, nn.CrossEntropyLoss(), test)[1]
    batch = min(BATCH, len(train[1]))
    fit(
        model,
        nn.CrossEntropyLoss(),
        optim.Adam(groups, rate),
        train,
        epochs=-(-wanted[-1] // -(-len(train[1]) // batch)),
        batch_size=batch,
        rng=seed,
        callbacks=[RateSchedule(optim.Cosine(rate, steps=wanted[-1])), EachStep(look)],
        progress=False,
    )
    return np.array([found[each] for each in wanted])


def _outputs(module: nn.Module, images: np.ndarray) -> np.ndarray:
    shape = module(images[:1]).shape[1:]
    return extract_codes(module, images).reshape(len(images), *shape)

"""Transfer: the codes of a trained net for other data, a linear classifier on them, and fine-tuning."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np

from course_lib import optim
from course_lib.functional import arguments
from course_lib.nn import (
    CrossEntropyLoss,
    Frozen,
    InEvaluation,
    L2Penalty,
    Linear,
    Loss,
    Module,
    Parameter,
    learning_parameters,
)
from course_lib.nn import Sequential as Chain
from course_lib.training.callbacks import RateSchedule
from course_lib.training.evaluation import evaluation_mode
from course_lib.training.loop import fit

#: Below this share of the largest, a standard deviation counts as that of a constant.
CONSTANT = 1e-6


def extract_codes(trunk: Module, images: np.ndarray, *, batch_size: int = 64) -> np.ndarray:
    """Return what a trunk makes of images, one row each, computed in evaluation mode.

    Parameters
    ----------
    trunk : Module
        Left as it is.
    images : ndarray, shape (N, C, H, W)
        As the trunk expects them.
    batch_size : int
        Images that are run at once.

    Returns
    -------
    ndarray, shape (N, D)
        The outputs, flattened channel by channel.

    Raises
    ------
    ValueError
        If there is no image.
    """
    if len(images) == 0:
        raise ValueError("images must hold at least one image, got none")
    batch_size = arguments.whole("batch_size", batch_size, 1)
    with evaluation_mode(trunk):
        parts = [trunk(images[at : at + batch_size]) for at in range(0, len(images), batch_size)]
    return np.concatenate([part.reshape(len(part), math.prod(part.shape[1:])) for part in parts])


def linear_head(
    codes: np.ndarray,
    labels: np.ndarray,
    *,
    loss: Loss | None = None,
    penalty: float = 1e-2,
    classes: int | None = None,
    steps: int = 300,
    rate: float = 0.05,
) -> Linear:
    """Return a linear classifier of codes: softmax regression, or with `HingeLoss()` a linear SVM.

    Both problems are convex, so that nothing depends on a start: it is at zero. The codes are brought to
    mean 0 and deviation 1 for the fit, and the weights that come out are rewritten for the codes as they
    are, so that the head can be put on the trunk.

    Parameters
    ----------
    codes : ndarray of float32 or float64, shape (N, D)
        As `extract_codes` gives them.
    labels : ndarray of integers, shape (N,)
        Class of each.
    loss : Loss or None
        None is `CrossEntropyLoss()`.
    penalty : float
        Adds penalty/2·Σw² over the weights for standardised codes; few examples need much.
    classes : int or None
        Outputs; None is the largest label and one.
    steps : int
        Updates by Adam, each on all codes, while the rate falls to zero along a cosine.
    rate : float
        The first rate.

    Returns
    -------
    Linear
        In the dtype of `codes`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit.
    """
    codes = arguments.tensor("codes", codes, 2)
    labels = np.asarray(labels)
    if len(codes) == 0:
        raise ValueError("codes must hold at least one row, got none")
    if classes is None:
        classes = int(labels.max()) + 1
    mean, deviation = codes.mean(axis=0), codes.std(axis=0)
    deviation = np.where(deviation > CONSTANT * deviation.max(), deviation, 1).astype(codes.dtype)

    head = Linear(codes.shape[1], classes, rng=0, dtype=codes.dtype.type)
    head.weight.data[...] = 0
    head.bias.data[...] = 0
    fit(
        head,
        CrossEntropyLoss() if loss is None else loss,
        optim.Adam(head.parameters(), rate),
        ((codes - mean) / deviation, labels),
        epochs=arguments.whole("steps", steps, 1),
        batch_size=len(codes),
        penalty=L2Penalty([head.weight], penalty) if penalty else None,
        callbacks=[RateSchedule(optim.Cosine(rate, steps=steps))],
        progress=False,
    )
    head.weight.data /= deviation
    head.bias.data -= head.weight.data @ mean
    head.zero_grad()
    return head


def with_head(trunk: Chain, head: Module, *, tuned: int = 0) -> Chain:
    """Return copies of a trunk and a head as one model, in which only the last modules of the trunk learn.

    What learns of the trunk does so with its statistics of normalisation as they are (`InEvaluation`).

    Parameters
    ----------
    trunk : Sequential
        Trained before.
    head : Module
        From the trunk's output to logits.
    tuned : int
        How many modules at the end of the trunk learn, 0 to all.

    Returns
    -------
    Sequential
        Three parts at most: what is frozen of the trunk, what is tuned of it, and the head, which comes last.

    Raises
    ------
    ValueError
        If the trunk has not so many modules.
    """
    if not 0 <= tuned <= len(trunk):
        raise ValueError(f"tuned must be from 0 to the trunk's {len(trunk)} modules, got {tuned}")
    trunk = copy.deepcopy(trunk)
    kept = len(trunk) - tuned
    parts: list[Module] = [Frozen(trunk[:kept])] if kept else []
    parts += [InEvaluation(trunk[kept:])] if tuned else []
    return Chain(*parts, copy.deepcopy(head))


def rate_groups(
    parts: Sequence[tuple[Module, float]], rate: float
) -> list[dict[str, list[Parameter] | float]]:
    """Return parameter groups for an optimiser, each part with its own share of the rate.

    `optim.Adam(rate_groups([(trunk, 0.1), (head, 1)], 1e-3), 1e-3)` moves a trunk at a tenth of the head's
    rate, also when a schedule changes the rate. What is frozen, and parts with a share of 0, are left out.

    Parameters
    ----------
    parts : sequence of (Module, float)
        Modules and their shares, 0 or more.
    rate : float
        The optimiser's rate.

    Raises
    ------
    ValueError
        If a share is negative, or no parameter is left.
    """
    groups = []
    for number, (module, share) in enumerate(parts):
        arguments.number(f"share of part {number}", share, 0)
        parameters = learning_parameters(module)
        if share and parameters:
            groups.append({"params": parameters, "lr": share * rate})
    if not groups:
        raise ValueError("parts must have something that learns, but all is frozen or has a share of 0")
    return groups

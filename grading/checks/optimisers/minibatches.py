"""minibatches(count, size, epochs, seed): every example once an epoch, in a new order each time.

Which orders are drawn is the student's business. What is judged is what all good answers have in common: what
each epoch holds, how large the batches are, and whether orders change with the epoch and with the seed alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.comparison import article
from grading.checks.definition import Check, Dialogue, Drawn, Example, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.minibatches_mistakes import MISCONCEPTIONS
from grading.checks.optimisers.references import minibatches as reference
from grading.checks.student import StudentFault

# Two orders of fewer examples could be equal by chance; of fewer than MANY, many neighbours could meet.
ENOUGH = 12
MANY = 24


def traits(
    call: Callable[..., object], count: int, size: int, epochs: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ask for batches thrice, twice with one seed and once with another, and say what they are like.

    Returns
    -------
    epochs : ndarray
        The indices of every epoch, sorted; of shape (epochs, count) if nothing is missing.
    sizes : ndarray
        The sizes of all batches.
    order : ndarray
        Truths about the order, 1 or 0: shuffled, also beyond blocks; another in every epoch; the same for the
        same seed; another for another seed. Where there are too few examples to tell, 1.

    Raises
    ------
    StudentFault
        If what comes back is no list of arrays of whole numbers.
    """
    batches, again, other = (_batches(call(count, size, epochs, s)) for s in (seed, seed, seed + 1))
    flat = np.concatenate([np.zeros(0, np.int64), *batches])
    whole = len(flat) == epochs * count
    rows = flat.reshape(epochs, count) if whole else flat[None]
    truths = [
        all(_shuffled(row) for row in rows),
        len({row.tobytes() for row in rows}) == len(rows),
        np.array_equal(flat, np.concatenate([np.zeros(0, np.int64), *again])),
        not np.array_equal(flat, np.concatenate([np.zeros(0, np.int64), *other])),
    ]
    told = [bool(truth) or count < ENOUGH for truth in truths]
    return np.sort(rows, axis=1), np.array([len(batch) for batch in batches]), np.array(told, dtype=float)


def _batches(value: object) -> list[np.ndarray]:
    """Read batches of indices, as whatever sequence they come."""
    if isinstance(value, np.ndarray) and value.ndim == 2:
        value = list(value)
    if not isinstance(value, list | tuple):
        raise StudentFault("unsupported", text=f"expected a list of index arrays, got {article(value)}")
    found = []
    for item in value:
        array = item
        if isinstance(item, list | tuple) and all(isinstance(i, int | np.integer) for i in item):
            array = np.array(item, dtype=np.int64)
        if not isinstance(array, np.ndarray) or array.ndim != 1 or array.dtype.kind not in "iu":
            raise StudentFault(
                "unsupported", text=f"each batch must be a 1-D array of whole numbers, got {article(array)}"
            )
        found.append(array.astype(np.int64))
    return found


def _shuffled(row: np.ndarray) -> bool:
    """Tell whether neighbours were torn apart: shuffled blocks would keep most of them together."""
    together = np.count_nonzero(np.diff(row) == 1)
    return together < len(row) - 1 if len(row) < MANY else 2 * together < len(row) - 1


def epochs_of(rng: np.random.Generator, count: int, size: int, epochs: int, seed: int) -> Example:
    """Build a call."""
    return example(count, size, epochs, seed)


FIXED = (
    example(10, 4, 2, 0, note="the example of the prompt"),
    example(12, 3, 1, 1, note="a size that fits"),
    example(14, 20, 3, 2, note="fewer examples than a batch holds"),
    example(30, 7, 3, 5),
)
DRAWN = Drawn(
    epochs_of,
    {
        "count": (1, 5, 12, 13, 16, 25, 30, 40),
        "size": (1, 2, 3, 4, 5, 8, 16),
        "epochs": (1, 2, 3),
        "seed": (0, 1, 2, 3, 4, 5, 6, 7),
    },
)
check = Check(
    name="minibatches",
    signature="(count, size, epochs, seed)",
    section=sections.EPOCHS,
    reference=reference,
    outputs=("epochs", "sizes", "order"),
    parts=(
        Part("every example once an epoch", 2, FIXED, DRAWN, output="epochs"),
        Part("the sizes of the batches", 2, FIXED, DRAWN, output="sizes"),
        Part("the order", 2, FIXED, DRAWN, output="order"),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(
        traits, ("count", "size", "epochs", "seed"), "minibatches({count}, {size}, {epochs}, {seed})"
    ),
)

"""table_readings(): where transfer helps, read from the experiment, which is run here again."""

from __future__ import annotations

from functools import cache

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.transfer import features, sections
from grading.checks.transfer.heads import map_codes, softmax_head, unscaled_head
from grading.checks.transfer.training_runs import accuracy

# A difference in accuracy that is worth speaking of.
WORTH = 0.05
GRIDS = (1, 2)


@cache
def table() -> dict[tuple[str, str], tuple[float, float]]:
    """Return (with the trunk, without) by (examples, images): "few" or "many", and "textures" or digits.

    Digits are there twice: "digits 1" with codes averaged over the whole map, "digits 2" with 2 × 2 means.
    """
    seen, labels = features.texture_training()
    test, test_labels = features.texture_test(0, 0, 1.0)
    cut = [
        photograph[top : top + features.PATCH, side : side + features.PATCH].ravel()
        for photograph in features.photographs()
        for top, side in features.training_places()
    ]
    pixels = np.array(cut), features.patches(256, 0, 0, 120, 28, 32).reshape(96, -1)
    found = {}
    for size, count in zip(("few", "many"), features.TEXTURES):
        rows = np.concatenate([np.arange(count) + k * features.TEXTURES[1] for k in range(3)])
        found[size, "textures"] = tuple(
            _judge(train[rows], labels[rows], other, test_labels)
            for train, other in ((map_codes(seen.maps, 1), map_codes(test.maps, 1)), pixels)
        )
    digits, digit_labels, _ = features.digit_images()
    end = 10 * features.DIGITS[1]
    for grid in GRIDS:
        codes = map_codes(features.digit_maps(), grid)
        for size, count in zip(("few", "many"), features.DIGITS):
            rows = np.concatenate([np.arange(count) + k * features.DIGITS[1] for k in range(10)])
            found[size, f"digits {grid}"] = tuple(
                _judge(x[rows], digit_labels[rows], x[end:], digit_labels[end:]) for x in (codes, digits)
            )
    return found


def _judge(train: np.ndarray, labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray) -> float:
    """Fit a head to scaled inputs as the notebook's experiment does, and return its accuracy."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation > 1e-6 * deviation.max(), deviation, 1)
    V, v = softmax_head((train - mean) / deviation, labels, labels.max() + 1, 0.01, 0.5, 200)
    return accuracy(test, test_labels, *unscaled_head(V, v, mean, deviation))


@cache
def gains() -> tuple[float, ...]:
    """Return the gains in the order of the answers."""
    found = table()
    order = [(size, images) for images in ("textures", "digits 1", "digits 2") for size in ("few", "many")]
    return tuple(found[key][0] - found[key][1] for key in order)


def reference() -> tuple[np.ndarray, np.ndarray, int]:
    """Return 1, 0 or −1 for few and many textures, the same for digits, and their better grid."""
    worth = [int(gain > WORTH) - int(gain < -WORTH) for gain in gains()]
    best = GRIDS[int(np.argmax([gains()[2], gains()[4]]))]
    return np.array(worth[:2]), np.array(worth[2:4]), best


MISCONCEPTIONS = (
    Misconception(
        "transfer-always-helps",
        "transfer is said to help where it does not",
        "Compare the two accuracies of digits. A mean over the whole map forgets where a stroke is, and "
        "pixels know.",
        sections.TABLE,
        (lambda: [1, 1], lambda: [1, 0], lambda: [0, 1]),
        output="digits",
    ),
    Misconception(
        "transfer-said-not-to-matter",
        "a loss is no draw",
        "Where pixels are ahead by more than 0.05, transfer does harm: −1.",
        sections.TABLE,
        (lambda: [0, 0], lambda: [-1, 0], lambda: [0, -1]),
        output="digits",
    ),
    Misconception(
        "transfer-only-with-few",
        "transfer is said not to help with many patches",
        "20 patches are many for the codes, and still few for a thousand pixels each: look at both rows.",
        sections.TABLE,
        (lambda: [1, 0], lambda: [1, -1]),
        output="textures",
    ),
)
ONCE = (example(),)
check = Check(
    name="table_readings",
    signature="()",
    section=sections.TABLE,
    reference=reference,
    outputs=("textures", "digits", "grid"),
    parts=(
        Part("textures", 1, ONCE, output="textures"),
        Part("digits, one mean a map", 1, ONCE, output="digits"),
        Part("the better code of digits", 1, ONCE, output="grid"),
    ),
    misconceptions=MISCONCEPTIONS,
)

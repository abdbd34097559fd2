"""What goes wrong in minibatches, each with the batches that it makes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.optimisers import sections

Array = np.ndarray
Batches = Callable[[int, int, int, int], list[Array]]


def _cut(order: Array, size: int) -> list[Array]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _whole_only(order: Array, size: int) -> list[Array]:
    return [batch for batch in _cut(order, size) if len(batch) == size]


def _wrapped(order: Array, size: int) -> list[Array]:
    """Fill the last batch with examples from the beginning."""
    count = -(-len(order) // size) * size
    return _cut(np.resize(order, count), size)


def _last_grows(order: Array, size: int) -> list[Array]:
    """Add what is left over to the last whole batch."""
    whole = max(len(order) // size, 1)
    return [*(order[i * size : (i + 1) * size] for i in range(whole - 1)), order[(whole - 1) * size :]]


def _evenly(order: Array, size: int) -> list[Array]:
    return np.array_split(order, -(-len(order) // size))


def _from(orders: Callable[[np.random.Generator, int, int], list[Array]], cut: Callable = _cut) -> Batches:
    """Return batches from `orders(rng, count, size)`, asked once an epoch."""

    def batches(count: int, size: int, epochs: int, seed: int) -> list[Array]:
        rng = np.random.default_rng(seed)
        return [batch for _ in range(epochs) for batch in cut(orders(rng, count, size), size)]

    return batches


def _permutation(rng: np.random.Generator, count: int, size: int) -> Array:
    return rng.permutation(count)


def _with_replacement(rng: np.random.Generator, count: int, size: int) -> Array:
    return rng.integers(0, count, count)


def _choice(rng: np.random.Generator, count: int, size: int) -> Array:
    return rng.choice(count, count)


def _blocks(rng: np.random.Generator, count: int, size: int) -> Array:
    blocks = _cut(np.arange(count), size)
    return np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])


def _blocks_whole(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    blocks = _cut(np.arange(count), size)
    return [blocks[i] for _ in range(epochs) for i in rng.permutation(len(blocks))]


def _one_order(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    return _cut(np.random.default_rng(seed).permutation(count), size) * epochs


def _unseeded(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    rng = np.random.default_rng()
    return [batch for _ in range(epochs) for batch in _cut(rng.permutation(count), size)]


def _fixed_seed(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    return _from(_permutation)(count, size, epochs, 0)


def _one_epoch(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    return _from(_permutation)(count, size, 1, seed)


def _across_epochs(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    return _cut(np.concatenate([rng.permutation(count) for _ in range(epochs)]), size)


MISCONCEPTIONS = (
    Misconception(
        "batches-drop-the-rest",
        "examples that fill no whole batch are dropped",
        "The last batch of an epoch may be smaller: every example comes once an epoch.",
        sections.EPOCHS,
        (_from(_permutation, _whole_only),),
    ),
    Misconception(
        "batches-fill-the-last",
        "the last batch is filled up, or what is left over is spread",
        "All batches hold `size` examples, except the last of an epoch, which holds what is left, once each.",
        sections.EPOCHS,
        (_from(_permutation, _wrapped), _from(_permutation, _last_grows), _from(_permutation, _evenly)),
    ),
    Misconception(
        "batches-with-replacement",
        "examples are drawn with replacement",
        "An epoch goes through a permutation: independent draws miss about a third of the examples.",
        sections.EPOCHS,
        (_from(_with_replacement), _from(_choice)),
    ),
    Misconception(
        "batches-not-shuffled",
        "the examples come in their own order",
        "Data are often sorted by class. Shuffle the indices before you cut them into batches.",
        sections.EPOCHS,
        (_from(lambda rng, count, size: np.arange(count)),),
    ),
    Misconception(
        "batches-of-neighbours",
        "whole batches are shuffled, not examples",
        "Neighbours stay together in one batch for ever. Shuffle first, then cut.",
        sections.EPOCHS,
        (_blocks_whole, _from(_blocks)),
    ),
    Misconception(
        "batches-in-one-order",
        "every epoch has the same order",
        "Make the generator once, outside of the loop over epochs, and draw a new permutation in every "
        "epoch.",
        sections.EPOCHS,
        (_one_order,),
    ),
    Misconception(
        "batches-ignore-the-seed",
        "the order does not depend on the seed alone",
        "np.random.default_rng(seed) gives the same orders for the same seed, and others for another.",
        sections.EPOCHS,
        (_unseeded, _fixed_seed),
    ),
    Misconception(
        "batches-of-one-epoch",
        "there is only one epoch",
        "Return the batches of all epochs, one epoch after the other, in one list.",
        sections.EPOCHS,
        (_one_epoch,),
    ),
    Misconception(
        "batches-run-over-the-epochs-end",
        "a batch holds examples of two epochs",
        "Each epoch ends with its own last batch; the next epoch begins with a new one.",
        sections.EPOCHS,
        (_across_epochs,),
    ),
)

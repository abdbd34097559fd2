"""Minibatches: one pass over the data in a fresh random order each time it is iterated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np


class Minibatches:
    """Iterate over (inputs, targets) in minibatches; each new iteration is one epoch in a new order.

    Parameters
    ----------
    inputs, targets : ndarray
        Same length along the first axis. They are not copied; each batch is.
    batch_size : int
        Examples a batch. The last batch holds what is left over, unless `drop_last`.
    rng : Generator, int or None
        Draws the orders; an int seeds one. Needed to shuffle.
    shuffle : bool
        If False, every epoch goes through the data in its own order.
    drop_last : bool
        Leave out a last batch that is smaller than `batch_size`.
    augment : callable or None
        ``augment(inputs, rng)`` returns the inputs that a batch is to have, as `Augmentation` does.

    Attributes
    ----------
    rng : Generator or None
        Draws the orders and what `augment` does; its state after an epoch decides all later ones.

    Raises
    ------
    ValueError
        If lengths differ, the batch size is not a positive integer, or shuffling or augmentation is asked for
        without `rng`.
    """

    def __init__(
        self,
        inputs: np.ndarray,
        targets: np.ndarray,
        batch_size: int,
        *,
        rng: np.random.Generator | int | None = None,
        shuffle: bool = True,
        drop_last: bool = False,
        augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None,
    ) -> None:
        if len(inputs) != len(targets):
            raise ValueError(f"targets must be as many as inputs, got {len(targets)} for {len(inputs)}")
        if not isinstance(batch_size, int | np.integer) or isinstance(batch_size, bool) or batch_size < 1:
            raise ValueError(f"batch_size must be an integer of 1 or more, got {batch_size!r}")
        if rng is None and (shuffle or augment is not None):
            raise ValueError(
                "rng must be a Generator or a seed, got None: pass one, or shuffle=False and no augment"
            )
        self.inputs = inputs
        self.targets = targets
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.augment = augment
        self.rng = None if rng is None else np.random.default_rng(rng)

    def __len__(self) -> int:
        """Return the number of batches an epoch."""
        whole, rest = divmod(len(self.inputs), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield fresh arrays (inputs, targets) of one epoch."""
        count = len(self.inputs)
        order = self.rng.permutation(count) if self.shuffle else np.arange(count)
        for batch in range(len(self)):
            chosen = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            inputs = self.inputs[chosen]
            yield inputs if self.augment is None else self.augment(inputs, self.rng), self.targets[chosen]

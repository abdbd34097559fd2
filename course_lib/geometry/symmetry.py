"""Why a net with hidden units is not convex: they can be permuted, and averaged they learn nothing.

A net with one hidden layer is y = W₂ φ(W₁x + b₁) + b₂. Reordering the K hidden units, in W₁, b₁ and W₂ alike,
changes no output: every solution stands K! times in parameter space. Were the cost convex, the average of
solutions would be a solution as good; it is a net whose hidden units are all alike.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

Parameters = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _checked(parameters: Sequence[np.ndarray]) -> Parameters:
    w1, b1, w2, b2 = (np.asarray(p) for p in parameters)
    hidden = w1.shape[0]
    if w1.ndim != 2 or b1.shape != (hidden,) or w2.shape != (*b2.shape, hidden):
        raise ValueError(
            "parameters must be w1 (K, in), b1 (K,), w2 (out, K), b2 (out,); "
            f"got {[p.shape for p in (w1, b1, w2, b2)]}"
        )
    return w1, b1, w2, b2


def permute_hidden_units(parameters: Sequence[np.ndarray], order: Sequence[int]) -> Parameters:
    """The same function with its hidden units in another order.

    Parameters
    ----------
    parameters : sequence of arrays
        w1 (K, in), b1 (K,), w2 (out, K), b2 (out,).
    order : sequence of int
        A permutation of 0 … K−1; unit `order[k]` moves to place k.

    Raises
    ------
    ValueError
        If the shapes do not fit or `order` is no permutation.
    """
    w1, b1, w2, b2 = _checked(parameters)
    index = np.asarray(order)
    if sorted(index.tolist()) != list(range(w1.shape[0])):
        raise ValueError(f"order must be a permutation of 0 … {w1.shape[0] - 1}, got {index.tolist()}")
    return w1[index], b1[index], w2[:, index], b2.copy()


def hidden_permutations(parameters: Sequence[np.ndarray]) -> Iterator[Parameters]:
    """All K! copies of a net, the net itself first."""
    for order in itertools.permutations(range(len(np.asarray(parameters[0])))):
        yield permute_hidden_units(parameters, order)


def average_hidden_units(parameters: Sequence[np.ndarray]) -> Parameters:
    """The mean over all K! permuted nets, without visiting them: every hidden unit becomes the mean unit."""
    w1, b1, w2, b2 = _checked(parameters)
    hidden = w1.shape[0]
    return (
        np.repeat(w1.mean(axis=0, keepdims=True), hidden, axis=0),
        np.full_like(b1, b1.mean()),
        np.repeat(w2.mean(axis=1, keepdims=True), hidden, axis=1),
        b2.copy(),
    )

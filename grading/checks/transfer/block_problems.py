"""Images and kernels for blocks, and the blocks with something changed: what mistakes compute."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Drawn, Example, example
from grading.checks.small_numbers import fill
from grading.checks.transfer.blocks import conv2d, conv2d_backward, relu

Array = np.ndarray


def block_call(
    rng: np.random.Generator,
    n: int,
    c: int,
    m: int,
    size: tuple[int, int],
    kind: str,
    dtype: str,
    signs: tuple[int, int] = (0, 0),
) -> Example:
    """Build the call of a block: x, w1, w2. The numbers are exact in any order of adding, zeros too.

    All values of w1 and w2 have the sign that is given, unless it is 0: so mistakes show on few pixels.
    """
    x = fill(rng, (n, c, *size), {"negative": "whole", "alternating": "counting"}.get(kind, kind), dtype)
    if kind == "negative":
        x = -np.abs(x)
    elif kind == "alternating":
        x.reshape(-1)[1::2] *= -1
    x[rng.random(x.shape) < 0.2] = 0
    kernels = fill(rng, (m, c, 3, 3), "whole", dtype) / 4, fill(rng, (c, m, 3, 3), "whole", dtype) / 8
    return example(x, *(sign * np.abs(w) if sign else w for sign, w in zip(signs, kernels, strict=True)))


def block_gradient_call(rng: np.random.Generator, *options: object, **others: object) -> Example:
    """Build the call of a block's gradient: dy, x, w1, w2."""
    forward = block_call(rng, *options, **others)
    x = forward.args[0]
    return example(fill(rng, x.shape, "whole", str(x.dtype)), *forward.args)


def centre(*values: float) -> Array:
    """Return kernels of one channel to one, with only the middle set: they multiply."""
    w = np.zeros((len(values), 1, 3, 3))
    w[:, 0, 1, 1] = values
    return w


OPTIONS = {
    "n": (1, 2),
    "c": (1, 2, 3),
    "m": (1, 2, 3),
    "size": ((1, 1), (1, 2), (2, 2), (3, 2), (2, 4)),
    "kind": ("counting", "alternating", "negative", "whole", "halves"),
    "signs": ((1, 1), (-1, 1), (1, -1), (0, 0)),
    "dtype": ("float64", "float32"),
}


def drawn_blocks(build: Callable[..., Example]) -> Drawn:
    """Draw calls of blocks."""
    return Drawn(build, OPTIONS, cases=6)


def fixed_blocks(build: Callable[..., Example], seed: int) -> tuple[Example, ...]:
    """Return calls in which each mistake shows: other numbers of channels inside, non-square images."""
    rng = np.random.default_rng(seed)
    shapes = ((2, 2, 3, (3, 4)), (1, 3, 2, (4, 2)), (2, 2, 2, (3, 3)))
    calls = [build(rng, *shape, "whole", "float64") for shape in shapes]
    return (*calls, build(rng, 2, 2, 3, (2, 3), "halves", "float32"))


def residual_with(
    *,
    skip: float = 1.0,
    last: str = "after",
    inner: bool = True,
    from_inside: bool = False,
    both: bool = False,
) -> Callable[..., Array]:
    """Return the residual block with something changed.

    Parameters
    ----------
    skip : float
        What x is multiplied by before it is added.
    last : str
        Where the last ReLU stands: "after" the sum, "before" it, or "nowhere".
    inner : bool
        False leaves out the ReLU between the convolutions.
    from_inside : bool
        True adds relu(x).
    both : bool
        True has a ReLU before and after the sum.
    """

    def block(x: Array, w1: Array, w2: Array) -> Array:
        h = conv2d(x, w1)
        z = conv2d(relu(h) if inner else h, w2)
        z = relu(z) if last == "before" or both else z
        y = z + skip * (relu(x) if from_inside else x)
        return relu(y) if last == "after" else y

    return block


def preactivation_with(
    *, skip: float = 1.0, first: bool = True, inner: bool = True, last: bool = False, behind: bool = False
) -> Callable[..., Array]:
    """Return the pre-activation block with something changed.

    Parameters
    ----------
    skip : float
        What x is multiplied by before it is added.
    first, inner : bool
        False leaves out the ReLU before the first, the second convolution.
    last : bool
        True has a ReLU after the sum.
    behind : bool
        True adds x behind its ReLU.
    """

    def block(x: Array, w1: Array, w2: Array) -> Array:
        a = relu(x) if first else x
        h = conv2d(a, w1)
        z = conv2d(relu(h) if inner else h, w2)
        y = z + skip * (relu(x) if behind else x)
        return relu(y) if last else y

    return block


def block_gradients(
    *,
    pre: bool = False,
    outer: bool = True,
    inner: bool = True,
    identity: str = "as the sum",
    sees: str = "activated",
    through_second: bool = True,
) -> Callable[..., tuple[Array, Array, Array]]:
    """Return the gradients of a block with something changed.

    Parameters
    ----------
    pre : bool
        True for the pre-activation block.
    outer, inner : bool
        False forgets the mask of the ReLU after the sum (pre: before the first convolution), or of that
        between the convolutions.
    identity : str
        What the skip passes on: "as the sum" (right), "nothing", "dy" (not masked), "masked" (by x > 0).
    sees : str
        "raw" takes the convolutions' inputs before their ReLU for the kernels' gradients.
    through_second : bool
        False brings dy to the first convolution without passing the second.
    """

    def gradients(dy: Array, x: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array]:
        a = relu(x) if pre else x
        before = conv2d(a, w1)
        h = relu(before)
        d = dy if pre or not outer else dy * (x + conv2d(h, w2) > 0)
        seen = (x, before) if sees == "raw" else (a, h)
        dh, dw2 = conv2d_backward(d, seen[1], w2)
        if not through_second:
            dh = np.broadcast_to(d.mean(axis=1, keepdims=True), h.shape)
        dh = dh * (before > 0) if inner else dh
        da, dw1 = conv2d_backward(dh, seen[0], w1)
        if pre and outer:
            da = da * (x > 0)
        passed = {"as the sum": d, "nothing": 0, "dy": dy, "masked": d * (x > 0)}[identity]
        return da + passed, dw1, dw2

    return gradients

"""The right answers for residual blocks, the gradient on its way back, and the inception module."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def conv2d(x: Array, w: Array) -> Array:
    """Convolve x (N, C, H, W) with w (O, C, k, k), k odd, padded so that height and width stay.

    A plain sum over the kernel: of whole numbers it is exact, so that a 0 before a ReLU is a 0.
    """
    k, (high, wide) = w.shape[2], x.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)])
    places = [(i, j) for i in range(k) for j in range(k)]
    return sum(
        np.einsum("nchw,oc->nohw", padded[:, :, i : i + high, j : j + wide], w[:, :, i, j]) for i, j in places
    )


def conv2d_backward(dy: Array, x: Array, w: Array) -> tuple[Array, Array]:
    """Return the gradients of `conv2d` by x and w."""
    k, (high, wide) = w.shape[2], x.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)])
    dw = np.zeros(w.shape)
    for i in range(k):
        for j in range(k):
            dw[:, :, i, j] = np.einsum("nohw,nchw->oc", dy, padded[:, :, i : i + high, j : j + wide])
    return conv2d(dy, w[:, :, ::-1, ::-1].swapaxes(0, 1)), dw


def max_pool3(x: Array) -> Array:
    """Return the largest value of each 3×3 window, stride 1, at the edges of what lies inside."""
    high, wide = x.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)], constant_values=-np.inf)
    return np.max([padded[:, :, i : i + high, j : j + wide] for i in range(3) for j in range(3)], axis=0)


def relu(x: Array) -> Array:
    """Return max(x, 0)."""
    return np.maximum(x, 0)


def residual(x: Array, w1: Array, w2: Array) -> Array:
    """Return relu(x + conv(relu(conv(x))))."""
    return relu(x + conv2d(relu(conv2d(x, w1)), w2))


def residual_backward(dy: Array, x: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array]:
    """Return the gradients of `residual` by x, w1 and w2."""
    before = conv2d(x, w1)
    h = relu(before)
    d = dy * (x + conv2d(h, w2) > 0)
    dh, dw2 = conv2d_backward(d, h, w2)
    dx, dw1 = conv2d_backward(dh * (before > 0), x, w1)
    return d + dx, dw1, dw2


def preactivation(x: Array, w1: Array, w2: Array) -> Array:
    """Return x + conv(relu(conv(relu(x))))."""
    return x + conv2d(relu(conv2d(relu(x), w1)), w2)


def preactivation_backward(dy: Array, x: Array, w1: Array, w2: Array) -> tuple[Array, Array, Array]:
    """Return the gradients of `preactivation` by x, w1 and w2."""
    before = conv2d(relu(x), w1)
    dh, dw2 = conv2d_backward(dy, relu(before), w2)
    da, dw1 = conv2d_backward(dh * (before > 0), relu(x), w1)
    return dy + da * (x > 0), dw1, dw2


def gradient_flow(x: Array, weights: Array, dy: Array, skip: bool) -> Array:
    """Return the norms of the gradient by h_0 ... h_L of h ← relu(h W) (+ h with skip)."""
    masks, h = [], x
    for W in weights:
        a = h @ W
        masks.append(a > 0)
        h = relu(a) + (h if skip else 0)
    norms = [np.linalg.norm(dy)]
    for W, mask in zip(weights[::-1], masks[::-1], strict=True):
        dy = (dy * mask) @ W.T + (dy if skip else 0)
        norms.append(np.linalg.norm(dy))
    return np.array(norms[::-1])


def inception_forward(x: Array, w1: Array, r3: Array, w3: Array, r5: Array, w5: Array, wp: Array) -> Array:
    """Join 1×1, reduced 3×3, reduced 5×5 and pooled branches along the channels, a ReLU behind each conv."""

    def branch(x: Array, *kernels: Array) -> Array:
        for w in kernels:
            x = relu(conv2d(x, w))
        return x

    return np.concatenate(
        [branch(x, w1), branch(x, r3, w3), branch(x, r5, w5), branch(max_pool3(x), wp)], axis=1
    )


def inception_size(
    channels: int, ones: int, threes: tuple[int, int], fives: tuple[int, int], pooled: int, side: int
) -> tuple[int, int, int]:
    """Return weights, multiply-adds on side × side, and multiply-adds if no 1×1 cut the channels."""
    reduced = channels * (ones + threes[0] + fives[0] + pooled)
    weights = reduced + 9 * threes[0] * threes[1] + 25 * fives[0] * fives[1]
    direct = channels * (ones + 9 * threes[1] + 25 * fives[1] + pooled)
    return weights, weights * side**2, direct * side**2

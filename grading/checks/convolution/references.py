"""The right answers, with the parameters that the assignment asks for."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.reference import convolution, pooling


def conv2d_forward(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Cross-correlate x (N, C, H, W) with w (O, C, KH, KW) and add b (O,); gives (N, O, OH, OW)."""
    return convolution.conv2d(x, w, b, (stride, stride), ((padding, padding),) * 2, (1, 1), 1)


def conv2d_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients by x, w and b."""
    everything = (True, True, True)
    return convolution.conv2d_backward(
        dy, x, w, (stride, stride), ((padding, padding),) * 2, (1, 1), 1, everything
    )


def max_pool2d_forward(x: np.ndarray, kernel_size: int, stride: int) -> np.ndarray:
    """Take the maximum of every window of x (N, C, H, W) that fits."""
    return _pool(x, kernel_size, stride)[0]


def max_pool2d_backward(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int) -> np.ndarray:
    """Send every gradient to the first maximum of its window."""
    return pooling.max_pool2d_backward(dy, _pool(x, kernel_size, stride)[1], x.shape)


def max_pool2d_backward_to_all(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int) -> np.ndarray:
    """Send every gradient to all maxima of its window: as good an answer where there are ties."""
    return _to_maxima(dy, x, kernel_size, stride, share=False)


def max_pool2d_backward_shared(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int) -> np.ndarray:
    """Split every gradient evenly among the maxima of its window: as good an answer, too."""
    return _to_maxima(dy, x, kernel_size, stride, share=True)


def avg_pool2d_forward(x: np.ndarray, kernel_size: int, stride: int) -> np.ndarray:
    """Take the mean of every window of x (N, C, H, W) that fits."""
    return pooling.avg_pool2d(x, (kernel_size, kernel_size), (stride, stride), ((0, 0), (0, 0)), True)


def avg_pool2d_backward(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int) -> np.ndarray:
    """Spread every gradient evenly over its window."""
    window, step, nothing = (kernel_size, kernel_size), (stride, stride), ((0, 0), (0, 0))
    return pooling.avg_pool2d_backward(dy, x.shape, window, step, nothing, True)


def depthwise_separable(
    x: np.ndarray, depthwise: np.ndarray, pointwise: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Filter every channel with its own kernel (C, KH, KW), then mix the channels with pointwise (O, C)."""
    around = ((padding, padding),) * 2
    apart = convolution.conv2d(
        x, depthwise[:, None], None, (stride, stride), around, (1, 1), groups=len(depthwise)
    )
    return np.einsum("oc,nchw->nohw", pointwise, apart)


def filter_image(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve image (H, W) with an odd kernel, flipped; zeros around, same size."""
    rows, columns = kernel.shape
    padded = np.pad(image, ((rows // 2, rows // 2), (columns // 2, columns // 2)))
    return np.einsum("ijkl,kl->ij", sliding_window_view(padded, kernel.shape), kernel[::-1, ::-1])


_KERNELS = {
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]),
    "edge": np.array([[-1.0, -1.0, -1.0], [-1.0, 8.0, -1.0], [-1.0, -1.0, -1.0]]),
    "vertical_edge": np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]),
}


def canonical_kernel(name: str) -> np.ndarray:
    """Return the 3x3 kernel of that name."""
    return _KERNELS[name].copy()


def _pool(x: np.ndarray, kernel_size: int, stride: int) -> tuple[np.ndarray, np.ndarray]:
    return pooling.max_pool2d(x, (kernel_size, kernel_size), (stride, stride), ((0, 0), (0, 0)))


def _to_maxima(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int, share: bool) -> np.ndarray:
    dx = np.zeros_like(x)
    for i, j in np.ndindex(dy.shape[2:]):
        window = np.s_[:, :, i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size]
        winners = x[window] == x[window].max(axis=(2, 3), keepdims=True)
        count = winners.sum(axis=(2, 3), keepdims=True) if share else 1
        dx[window] += winners * dy[:, :, i : i + 1, j : j + 1] / count
    return dx

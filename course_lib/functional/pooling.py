"""Pooling of images: maximum and mean of windows, mean of whole planes, with their gradients."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.arguments import Paddings, Pair
from course_lib.functional.convolution import Padding


def max_pool2d(
    x: np.ndarray, kernel_size: int | Pair, *, stride: int | Pair | None = None, padding: Padding = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Take the maximum of each window.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images, float32 or float64.
    kernel_size : int or (int, int)
        Size of the windows.
    stride : int or (int, int), optional
        Steps between windows; by default the kernel size.
    padding : int, (int, int), ((top, bottom), (left, right)), "same" or "valid"
        Elements around the images, below the kernel size; they never win.

    Returns
    -------
    y : ndarray, shape (N, C, OH, OW)
        Maxima; NaN where a window holds one.
    indices : ndarray of int64, shape (N, C, OH, OW)
        Where they stood, as flat positions in the unpadded (H, W) plane; the first in row order wins a tie.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    x = arguments.tensor("x", x, 4)
    kernel, step, pads = _window(x.shape, kernel_size, stride, padding)
    return operation("pooling", "max_pool2d", x.dtype)(x, kernel, step, pads)


def max_pool2d_backward(
    dy: np.ndarray, indices: np.ndarray, x_shape: tuple[int, int, int, int]
) -> np.ndarray:
    """Give the gradient of `max_pool2d`; where windows overlap, gradients add up.

    Parameters
    ----------
    dy : ndarray, shape (N, C, OH, OW)
        Gradient of the maxima.
    indices : ndarray of int, shape (N, C, OH, OW)
        Where they stood, from the forward.
    x_shape : (N, C, H, W)
        Shape of the forward's input.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    dy = arguments.tensor("dy", dy, 4)
    x_shape = arguments.shape_of("x_shape", x_shape, 4)
    if dy.shape[:2] != x_shape[:2]:
        raise ValueError(f"x_shape must begin with dy's {dy.shape[:2]} (N, C), got {x_shape}")
    indices = arguments.positions("indices", indices, dy.shape)
    return operation("pooling", "max_pool2d_backward", dy.dtype)(dy, indices, x_shape)


def avg_pool2d(
    x: np.ndarray,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    count_include_pad: bool = True,
) -> np.ndarray:
    """Take the mean of each window.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images, float32 or float64.
    kernel_size : int or (int, int)
        Size of the windows.
    stride : int or (int, int), optional
        Steps between windows; by default the kernel size.
    padding : int, (int, int), ((top, bottom), (left, right)), "same" or "valid"
        Zeros around the images, below the kernel size.
    count_include_pad : bool
        Divide by the window's size; otherwise by the number of its elements that lie in the image.

    Returns
    -------
    ndarray, shape (N, C, OH, OW)
        Means.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    x = arguments.tensor("x", x, 4)
    kernel, step, pads = _window(x.shape, kernel_size, stride, padding)
    return operation("pooling", "avg_pool2d", x.dtype)(x, kernel, step, pads, bool(count_include_pad))


def avg_pool2d_backward(
    dy: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    count_include_pad: bool = True,
) -> np.ndarray:
    """Give the gradient of `avg_pool2d`.

    Parameters
    ----------
    dy : ndarray, shape (N, C, OH, OW)
        Gradient of the means.
    x_shape : (N, C, H, W)
        Shape of the forward's input.
    kernel_size, stride, padding, count_include_pad
        As in the forward.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    x_shape = arguments.shape_of("x_shape", x_shape, 4)
    kernel, step, pads = _window(x_shape, kernel_size, stride, padding)
    size = arguments.output_size(x_shape[2:], kernel, step, pads, (1, 1))
    dy = arguments.tensor("dy", dy, 4)
    if dy.shape != (*x_shape[:2], *size):
        raise ValueError(
            f"dy must have shape {(*x_shape[:2], *size)} (that of the forward's result), got {dy.shape}"
        )
    return operation("pooling", "avg_pool2d_backward", dy.dtype)(
        dy, x_shape, kernel, step, pads, bool(count_include_pad)
    )


def global_avg_pool2d(x: np.ndarray) -> np.ndarray:
    """Take the mean of each plane.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images with at least one element a plane.

    Returns
    -------
    ndarray, shape (N, C)
        Means.

    Raises
    ------
    TypeError, ValueError
        If x is not such an array.
    """
    x = arguments.tensor("x", x, 4)
    _not_empty("x", x.shape)
    return operation("pooling", "global_avg_pool2d", x.dtype)(x)


def global_avg_pool2d_backward(dy: np.ndarray, x_shape: tuple[int, int, int, int]) -> np.ndarray:
    """Give the gradient of `global_avg_pool2d`.

    Parameters
    ----------
    dy : ndarray, shape (N, C)
        Gradient of the means.
    x_shape : (N, C, H, W)
        Shape of the forward's input.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    dy = arguments.tensor("dy", dy, 2)
    x_shape = arguments.shape_of("x_shape", x_shape, 4)
    if dy.shape != x_shape[:2]:
        raise ValueError(f"dy must have shape {x_shape[:2]} (N, C of x_shape), got {dy.shape}")
    _not_empty("x_shape", x_shape)
    return operation("pooling", "global_avg_pool2d_backward", dy.dtype)(dy, x_shape)


def _window(
    x_shape: tuple[int, ...], kernel_size: int | Pair, stride: int | Pair | None, padding: Padding
) -> tuple[Pair, Pair, Paddings]:
    kernel = arguments.spatial("kernel_size", kernel_size, 2)
    step = kernel if stride is None else arguments.spatial("stride", stride, 2)
    pads = arguments.paddings(padding, kernel, step, (1, 1))
    for (before, after), k in zip(pads, kernel):
        if before >= k or after >= k:
            raise ValueError(
                f"padding must be below the kernel size {kernel}, got {padding!r}: a window would lie in it "
                "altogether"
            )
    _not_empty("x", x_shape)
    arguments.output_size(x_shape[2:], kernel, step, pads, (1, 1))
    return kernel, step, pads


def _not_empty(name: str, shape: tuple[int, ...]) -> None:
    if shape[2] == 0 or shape[3] == 0:
        raise ValueError(f"{name} must have at least one element a plane, got shape {tuple(shape)}")

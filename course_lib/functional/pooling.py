"""Pooling of images: maximum and mean of windows, mean of whole planes, with their gradients."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.arguments import Paddings, Pair
from course_lib.functional.convolution import Padding
from course_lib.functional.results import Out, Outs, result, results


def max_pool2d(
    x: np.ndarray,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    out: Outs = None,
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
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

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
    given = x
    x = arguments.tensor("x", x, 4)
    size, *window = _window(x.shape, kernel_size, stride, padding)
    shape = (*x.shape[:2], *size)
    maxima = results(out, [(shape, x.dtype), (shape, np.dtype(np.int64))], (given,))
    operation("pooling", "max_pool2d", x.dtype)(x, *window, maxima)
    return maxima


def max_pool2d_backward(
    dy: np.ndarray, indices: np.ndarray, x_shape: tuple[int, int, int, int], *, out: Out = None
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
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, indices
    dy = arguments.tensor("dy", dy, 4)
    x_shape = arguments.shape_of("x_shape", x_shape, 4)
    if dy.shape[:2] != x_shape[:2]:
        raise ValueError(f"x_shape must begin with dy's {dy.shape[:2]} (N, C), got {x_shape}")
    indices = arguments.positions("indices", indices, dy.shape)
    dx = result(out, x_shape, dy.dtype, inputs)
    operation("pooling", "max_pool2d_backward", dy.dtype)(dy, indices, x_shape, dx)
    return dx


def avg_pool2d(
    x: np.ndarray,
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    count_include_pad: bool = True,
    out: Out = None,
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
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, C, OH, OW)
        Means.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    given = x
    x = arguments.tensor("x", x, 4)
    size, *window = _window(x.shape, kernel_size, stride, padding)
    y = result(out, (*x.shape[:2], *size), x.dtype, (given,))
    operation("pooling", "avg_pool2d", x.dtype)(x, *window, bool(count_include_pad), y)
    return y


def avg_pool2d_backward(
    dy: np.ndarray,
    x_shape: tuple[int, int, int, int],
    kernel_size: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Padding = 0,
    count_include_pad: bool = True,
    out: Out = None,
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
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

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
    size, *window = _window(x_shape, kernel_size, stride, padding)
    given = dy
    dy = arguments.tensor("dy", dy, 4)
    if dy.shape != (*x_shape[:2], *size):
        raise ValueError(
            f"dy must have shape {(*x_shape[:2], *size)} (that of the forward's result), got {dy.shape}"
        )
    dx = result(out, x_shape, dy.dtype, (given,))
    operation("pooling", "avg_pool2d_backward", dy.dtype)(dy, x_shape, *window, bool(count_include_pad), dx)
    return dx


def global_avg_pool2d(x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Take the mean of each plane.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images with at least one element a plane.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, C)
        Means.

    Raises
    ------
    TypeError, ValueError
        If x is not such an array.
    """
    given = x
    x = arguments.tensor("x", x, 4)
    _not_empty("x", x.shape)
    y = result(out, x.shape[:2], x.dtype, (given,))
    operation("pooling", "global_avg_pool2d", x.dtype)(x, y)
    return y


def global_avg_pool2d_backward(
    dy: np.ndarray, x_shape: tuple[int, int, int, int], *, out: Out = None
) -> np.ndarray:
    """Give the gradient of `global_avg_pool2d`.

    Parameters
    ----------
    dy : ndarray, shape (N, C)
        Gradient of the means.
    x_shape : (N, C, H, W)
        Shape of the forward's input.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    given = dy
    dy = arguments.tensor("dy", dy, 2)
    x_shape = arguments.shape_of("x_shape", x_shape, 4)
    if dy.shape != x_shape[:2]:
        raise ValueError(f"dy must have shape {x_shape[:2]} (N, C of x_shape), got {dy.shape}")
    _not_empty("x_shape", x_shape)
    dx = result(out, x_shape, dy.dtype, (given,))
    operation("pooling", "global_avg_pool2d_backward", dy.dtype)(dy, x_shape, dx)
    return dx


def _window(
    x_shape: tuple[int, ...], kernel_size: int | Pair, stride: int | Pair | None, padding: Padding
) -> tuple[tuple[int, ...], Pair, Pair, Paddings]:
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
    return arguments.output_size(x_shape[2:], kernel, step, pads, (1, 1)), kernel, step, pads


def _not_empty(name: str, shape: tuple[int, ...]) -> None:
    if shape[2] == 0 or shape[3] == 0:
        raise ValueError(f"{name} must have at least one element a plane, got shape {tuple(shape)}")

"""Convolution in one and two dimensions (cross-correlation, as networks mean it), with its gradients."""

from collections.abc import Collection

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.arguments import Pair
from course_lib.functional.results import Out, Outs, result, results

Padding = int | str | tuple[int | Pair, int | Pair]
Gradients = tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None]

_PARTS = ("x", "w", "b")


def conv2d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    out: Out = None,
) -> np.ndarray:
    """Convolve images with kernels.

    ``y[n, o, r, s] = b[o] + sum over c, i, j of w[o, c, i, j] x[n, c, r stride + i dilation, s stride + j
    dilation]`` on the padded x; with groups, c runs over the channels of o's group.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images, float32 or float64.
    w : ndarray, shape (O, C / groups, KH, KW)
        Kernels, of the dtype of `x`.
    b : ndarray, shape (O,), optional
        Biases.
    stride, dilation : int or (int, int)
        Steps between windows, and between the elements a window sees.
    padding : int, (int, int), ((top, bottom), (left, right)), "same" or "valid"
        Zeros around the images. ``"same"`` needs stride 1 and puts an odd element after.
    groups : int
        Into how many separate parts channels and kernels are split; C and O must be divisible by it.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, O, OH, OW)
        ``OH = floor((H + top + bottom - dilation (KH - 1) - 1) / stride) + 1``, OW likewise.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285.
    """
    inputs = x, w, b
    x, w, size, options = _checked(x, w, stride, padding, dilation, groups)
    if b is not None:
        b = arguments.shaped("b", b, (len(w),), "one value for each kernel", x)
    y = result(out, (len(x), len(w), *size), x.dtype, inputs)
    operation("convolution", "conv2d", x.dtype)(x, w, b, *options, y)
    return y


def conv2d_backward(
    dy: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    *,
    stride: int | Pair = 1,
    padding: Padding = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    needs: Collection[str] = _PARTS,
    out: Outs = None,
) -> Gradients:
    """Give the gradients of `conv2d`.

    Parameters
    ----------
    dy : ndarray, shape (N, O, OH, OW)
        Gradient of the forward's result.
    x, w, stride, padding, dilation, groups
        As in the forward.
    needs : collection of {"x", "w", "b"}
        Which gradients to compute.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

    Returns
    -------
    dx, dw, db : ndarray or None
        Shaped as x, w and b; None where not needed.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, x, w
    x, w, size, options = _checked(x, w, stride, padding, dilation, groups)
    dy = arguments.shaped("dy", dy, (len(x), len(w), *size), "that of the forward's result", x)
    needed = _needed(needs)
    gradients = results(out, _gradients(x, w, needed), inputs)
    operation("convolution", "conv2d_backward", x.dtype)(dy, x, w, *options, needed, gradients)
    return gradients


def conv1d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None = None,
    *,
    stride: int = 1,
    padding: int | str | Pair = 0,
    dilation: int = 1,
    groups: int = 1,
    out: Out = None,
) -> np.ndarray:
    """Convolve sequences with kernels: `conv2d` along one axis.

    Parameters
    ----------
    x : ndarray, shape (N, C, L)
        Sequences, float32 or float64.
    w : ndarray, shape (O, C / groups, K)
        Kernels, of the dtype of `x`.
    b : ndarray, shape (O,), optional
        Biases.
    stride, dilation : int
        Steps between windows, and between the elements a window sees.
    padding : int, (before, after), "same" or "valid"
        Zeros around the sequences.
    groups : int
        Into how many separate parts channels and kernels are split.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, O, OL)
        ``OL = floor((L + before + after - dilation (K - 1) - 1) / stride) + 1``.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = x, w, b
    x, w, size, options = _checked(x, w, stride, padding, dilation, groups, axes=1)
    if b is not None:
        b = arguments.shaped("b", b, (len(w),), "one value for each kernel", x)
    y = result(out, (len(x), len(w), *size), x.dtype, inputs)
    operation("convolution", "conv2d", x.dtype)(x[:, :, None], w[:, :, None], b, *options, y[:, :, None])
    return y


def conv1d_backward(
    dy: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    *,
    stride: int = 1,
    padding: int | str | Pair = 0,
    dilation: int = 1,
    groups: int = 1,
    needs: Collection[str] = _PARTS,
    out: Outs = None,
) -> Gradients:
    """Give the gradients of `conv1d`.

    Parameters
    ----------
    dy : ndarray, shape (N, O, OL)
        Gradient of the forward's result.
    x, w, stride, padding, dilation, groups
        As in the forward.
    needs : collection of {"x", "w", "b"}
        Which gradients to compute.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

    Returns
    -------
    dx, dw, db : ndarray or None
        Shaped as x, w and b; None where not needed.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, x, w
    x, w, size, options = _checked(x, w, stride, padding, dilation, groups, axes=1)
    dy = arguments.shaped("dy", dy, (len(x), len(w), *size), "that of the forward's result", x)
    needed = _needed(needs)
    gradients = results(out, _gradients(x, w, needed), inputs)
    dx, dw, db = gradients
    planes = (None if dx is None else dx[:, :, None]), (None if dw is None else dw[:, :, None]), db
    operation("convolution", "conv2d_backward", x.dtype)(
        dy[:, :, None], x[:, :, None], w[:, :, None], *options, needed, planes
    )
    return gradients


def _checked(
    x: np.ndarray,
    w: np.ndarray,
    stride: int | Pair,
    padding: Padding,
    dilation: int | Pair,
    groups: int,
    axes: int = 2,
) -> tuple[np.ndarray, np.ndarray, tuple[int, ...], tuple[Pair, tuple[Pair, Pair], Pair, int]]:
    x = arguments.tensor("x", x, axes + 2)
    w = arguments.tensor(
        "w", w, axes + 2, "(O, C/groups, KH, KW)" if axes == 2 else "(O, C/groups, K)", like=x
    )
    stride = arguments.spatial("stride", stride, axes)
    dilation = arguments.spatial("dilation", dilation, axes)
    groups = arguments.whole("groups", groups, 1)
    if 0 in w.shape:
        raise ValueError(f"w must hold at least one element, got shape {w.shape}")
    channels, kernels = x.shape[1], len(w)
    if channels % groups or kernels % groups:
        raise ValueError(
            f"groups must divide the {channels} channels of x and the {kernels} kernels of w, got {groups}: "
            "take a common divisor"
        )
    if w.shape[1] * groups != channels:
        raise ValueError(
            f"w has kernels for {w.shape[1]} channels, but x has {channels} channels in {groups} group(s): "
            f"w must have shape {(kernels, channels // groups, *w.shape[2:])}"
        )
    padding = arguments.paddings(padding, w.shape[2:], stride, dilation)
    size = arguments.output_size(x.shape[2:], w.shape[2:], stride, padding, dilation)
    if axes == 1:
        stride, padding, dilation = (1, *stride), ((0, 0), *padding), (1, *dilation)
    return x, w, size, (stride, padding, dilation, groups)


def _needed(needs: Collection[str]) -> tuple[bool, bool, bool]:
    if needs is _PARTS:
        return True, True, True
    if isinstance(needs, str) or not isinstance(needs, Collection):
        raise TypeError(f"needs must be a collection of names such as ('x', 'w'), got {needs!r}")
    if unknown := [part for part in needs if part not in _PARTS]:
        raise ValueError(f"needs may hold 'x', 'w' and 'b', got {unknown[0]!r}")
    return "x" in needs, "w" in needs, "b" in needs


def _gradients(x: np.ndarray, w: np.ndarray, needed: tuple[bool, bool, bool]) -> list:
    shapes = x.shape, w.shape, w.shape[:1]
    return [(shape, x.dtype) if need else None for shape, need in zip(shapes, needed)]

"""What goes wrong in max_pool2d_backward, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import max_pool2d_backward as right
from grading.checks.definition import Misconception

Array = np.ndarray
Winner = Callable[[Array], int]


def _last(flat: Array) -> int:
    return len(flat) - 1 - int(flat[::-1].argmax())


def _places(
    dy: Array, x: Array, window: int, step: int, winner: Winner = np.argmax
) -> Iterator[tuple[tuple[int, int, int, int], int, int, float]]:
    """Yield for every window its place in dy, the row and column of its maximum in x, and its gradient."""
    for n, c, i, j in np.ndindex(dy.shape):
        part = x[n, c, i * step : i * step + window, j * step : j * step + window]
        row, column = np.unravel_index(winner(part.reshape(-1)), part.shape)
        yield (n, c, i, j), i * step + int(row), j * step + int(column), dy[n, c, i, j]


def _added(dy: Array, x: Array, window: int, step: int, winner: Winner = np.argmax) -> Array:
    dx = np.zeros(x.shape)
    for (n, c, _, _), row, column, gradient in _places(dy, x, window, step, winner):
        dx[n, c, row, column] += gradient
    return dx


def _assigned(dy: Array, x: Array, kernel_size: int, stride: int) -> Array:
    dx = np.zeros(x.shape)
    for (n, c, _, _), row, column, gradient in _places(dy, x, kernel_size, stride):
        dx[n, c, row, column] = gradient
    return dx


def _assigned_where_largest(dy: Array, x: Array, kernel_size: int, stride: int) -> Array:
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dy.shape):
        window = np.s_[n, c, i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size]
        dx[window][x[window] == x[window].max()] = dy[n, c, i, j]
    return dx


def _window_overwritten(first_only: bool) -> Callable[..., Array]:
    """Write the whole window anew: the gradient at the maximum, and zeros around it."""

    def compute(dy: Array, x: Array, kernel_size: int, stride: int) -> Array:
        dx = np.zeros(x.shape)
        for (n, c, i, j), row, column, gradient in _places(dy, x, kernel_size, stride):
            window = np.s_[n, c, i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size]
            largest = x[window] == x[window].max()
            if first_only:
                dx[window] = 0
                dx[n, c, row, column] = gradient
            else:
                dx[window] = largest * gradient
        return dx

    return compute


def _unravelled_by_height(beyond: str) -> Callable[..., Array]:
    """Count along rows of length H instead of W; indexes beyond the plane are clipped or an error."""

    def compute(dy: Array, x: Array, kernel_size: int, stride: int) -> Array:
        height, width = x.shape[2:]
        dx = np.zeros((*x.shape[:2], height * width))
        for (n, c, _, _), row, column, gradient in _places(dy, x, kernel_size, stride):
            flat = row * height + column
            if flat >= height * width and beyond == "raise":
                raise IndexError("beyond the plane")
            dx[n, c, min(flat, height * width - 1)] += gradient
        return dx.reshape(x.shape)

    return compute


def _spread(dy: Array, x: Array, kernel_size: int, stride: int, divide: bool = True) -> Array:
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(dy.shape[2:]):
        window = np.s_[:, :, i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size]
        dx[window] += dy[:, :, i : i + 1, j : j + 1] / (kernel_size**2 if divide else 1)
    return dx


def _window_inside_its_own_corner(dy: Array, x: Array, kernel_size: int, stride: int) -> Array:
    dx = np.zeros(x.shape)
    for (n, c, i, j), row, column, gradient in _places(dy, x, kernel_size, stride):
        dx[n, c, row - i * stride, column - j * stride] += gradient
    return dx


MISCONCEPTIONS = (
    Misconception(
        "pool-backward-assigns",
        "the last window wins",
        "An element can be the maximum of several windows, and then their gradients add up. Use += instead "
        "of =.",
        sections.POOLING_BACKWARD,
        (_assigned, _assigned_where_largest),
    ),
    Misconception(
        "pool-backward-overwrites-window",
        "each window overwrites the one before with zeros",
        "You write the whole window, zeros included, over what overlapping windows had left. Add to dx "
        "instead of assigning "
        "to it.",
        sections.POOLING_BACKWARD,
        (_window_overwritten(False), _window_overwritten(True)),
    ),
    Misconception(
        "pool-backward-hard-coded",
        "windows are always 2×2 with stride 2",
        "Your answers are those of kernel_size=2 and stride=2. Use the two arguments.",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: _added(dy, x, 2, 2),),
    ),
    Misconception(
        "pool-backward-window-is-stride",
        "the window is as large as the stride",
        "You look for the maximum in stride × stride elements. The window is kernel_size × kernel_size.",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: _added(dy, x, stride, stride),),
    ),
    Misconception(
        "pool-backward-stride-is-window",
        "the windows are kernel_size apart",
        "Window (i, j) starts at row i·stride and column j·stride, whatever its size.",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: _added(dy, x, kernel_size, kernel_size),),
    ),
    Misconception(
        "pool-backward-unravels-by-height",
        "flat indexes are counted with the height",
        "Element (r, s) of a plane has the flat index r·W + s, with the width. Yours uses the height, which "
        "shows as soon as "
        "the image is not square.",
        sections.POOLING_BACKWARD,
        (_unravelled_by_height("clip"), _unravelled_by_height("raise")),
    ),
    Misconception(
        "pool-backward-forgets-offset",
        "the place in the window is taken for the place in the image",
        "argmax counts inside the window: add i·stride to its row and j·stride to its column.",
        sections.POOLING_BACKWARD,
        (_window_inside_its_own_corner,),
    ),
    Misconception(
        "pool-backward-spreads",
        "the gradient is spread over the whole window",
        "Only the maximum influences the output, so it alone receives the gradient; spreading belongs to "
        "average pooling.",
        sections.POOLING_BACKWARD,
        (_spread, lambda dy, x, kernel_size, stride: _spread(dy, x, kernel_size, stride, divide=False)),
    ),
    Misconception(
        "pool-backward-forgets-upstream",
        "dy is left out",
        "You mark the maxima with 1. Each must receive its window's dy (chain rule).",
        sections.POOLING_BACKWARD,
        (
            lambda dy, x, kernel_size, stride: right(np.ones_like(dy), x, kernel_size, stride),
            lambda dy, x, kernel_size, stride: np.minimum(right(np.ones_like(dy), x, kernel_size, stride), 1),
        ),
    ),
    Misconception(
        "pool-backward-last-tie",
        "ties go to the last maximum",
        "Where several elements share the maximum, the gradient goes to the first of them (or to all, or in "
        "equal shares).",
        sections.POOLING_BACKWARD,
        (lambda dy, x, kernel_size, stride: _added(dy, x, kernel_size, stride, _last),),
    ),
)

"""What goes wrong in shift_errors, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.moving_pictures import response
from grading.checks.convolution.moving_pictures import shift_errors as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _responses(image: Array, kernel: Array, pool: int, shift: int) -> tuple[Array, Array]:
    columns = image.shape[1] - shift
    return response(image[:, :columns], kernel, pool), response(image[:, shift:], kernel, pool)


def _share(left: Array, of: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.divide(np.abs(left - of).sum(), np.abs(of).sum()))


def _wrong_way(image: Array, kernel: Array, pool: int, shift: int) -> float:
    before, after = _responses(image, kernel, pool, shift)
    moved = shift // pool
    return _share(after[:, moved:], before[:, : before.shape[1] - moved])


def _moved_by(columns: Callable[[int, int], int]) -> Callable[..., float]:
    """Move what is expected by another number of columns."""

    def compute(image: Array, kernel: Array, pool: int, shift: int) -> float:
        before, after = _responses(image, kernel, pool, shift)
        moved = columns(pool, shift)
        expected = before[:, moved:]
        return _share(after[:, : expected.shape[1]], expected)

    return compute


def _absolute(reduce: Callable[[Array], float]) -> Callable[..., tuple[float, float]]:
    """Leave out the division, and sum or average the differences."""

    def compute(image: Array, kernel: Array, pool: int, shift: int) -> tuple[float, float]:
        before, after = _responses(image, kernel, pool, shift)
        expected = before[:, shift // pool :]
        kept = after[:, : expected.shape[1]]
        return float(reduce(np.abs(kept - expected))), float(reduce(np.abs(after - before)))

    return compute


def _rolled(image: Array, kernel: Array, pool: int, shift: int) -> float:
    before = response(image, kernel, pool)
    return _share(response(np.roll(image, -shift, axis=1), kernel, pool), before)


def _of_the_moved(image: Array, kernel: Array, pool: int, shift: int) -> float:
    before, after = _responses(image, kernel, pool, shift)
    return _share(before, after)


def _downwards(image: Array, kernel: Array, pool: int, shift: int) -> tuple[float, float]:
    return right(image.T, kernel.T, pool, shift)


MISCONCEPTIONS = (
    Misconception(
        "moved-the-wrong-way",
        "the answers are compared the wrong way round",
        "When the picture moves to the left, what was in column q comes to column 0: compare B[:, :n−q] with "
        "A[:, q:].",
        sections.SHIFTS,
        (_wrong_way,),
        output="equivariance",
    ),
    Misconception(
        "moved-by-pixels",
        "the answer is moved by pixels",
        "Behind the pooling one column stands for `pool` pixels: the answer moves by shift // pool columns.",
        sections.SHIFTS,
        (_moved_by(lambda pool, shift: shift),),
        output="equivariance",
    ),
    Misconception(
        "moved-by-rounding-up",
        "the answer is moved by a column too many",
        "The answer moves by shift // pool columns, rounded down.",
        sections.SHIFTS,
        (_moved_by(lambda pool, shift: -(-shift // pool)), _moved_by(lambda pool, shift: shift // pool + 1)),
        output="equivariance",
    ),
    Misconception(
        "equivariance-not-aligned",
        "the answer is not moved back",
        "Equivariant means that the answer moves along with the picture: move it before you compare.",
        sections.SHIFTS,
        (_moved_by(lambda pool, shift: 0),),
        output="equivariance",
    ),
    Misconception(
        "invariance-aligned",
        "the answer is moved before it is compared",
        "Invariant means that the answer stays where it is: for this error compare A and B place by place.",
        sections.SHIFTS,
        (_moved_by(lambda pool, shift: shift // pool),),
        output="invariance",
    ),
    Misconception(
        "errors-not-relative",
        "the differences are not divided",
        "An error is a share: the sum of the absolute differences divided by that of the answers.",
        sections.SHIFTS,
        (_absolute(np.sum), _absolute(np.mean), _absolute(np.max)),
    ),
    Misconception(
        "share-of-the-moved",
        "the differences are divided by the moved picture's answers",
        "The error is a share of the first picture's answers: divide by the sum of |A|.",
        sections.SHIFTS,
        (_of_the_moved,),
        output="invariance",
    ),
    Misconception(
        "picture-rolled-round",
        "the picture is rolled round",
        "np.roll brings in on the right what left on the left. Take two crops: image[:, :W−shift] and "
        "image[:, shift:].",
        sections.SHIFTS,
        (_rolled,),
        output="invariance",
    ),
)

"""Every operation in short NumPy: the oracle of tests and grader, and the backend without a compiler."""

from collections.abc import Callable
from functools import wraps
from typing import Any


def filling(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Make an operation that gives new arrays one that also copies them into its last argument.

    That is how the kernels are called; the operations themselves stay as short as a lecture shows them.
    """

    @wraps(compute)
    def fill(*arguments: Any) -> Any:
        *inputs, out = arguments
        found = compute(*inputs)
        several = isinstance(out, tuple)
        for target, value in zip(out if several else (out,), found if several else (found,)):
            if target is not None:
                target[...] = value
        return found

    return fill

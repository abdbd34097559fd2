"""group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0): rates by group, and freezing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.comparison import Difference, compare, unpack
from grading.checks.definition import Check, Dialogue, Drawn, Example, Part, example
from grading.checks.optimisers.stepping import ANY_VALUE
from grading.checks.small_numbers import fill
from grading.checks.student import StudentFault
from grading.checks.transfer import sections
from grading.checks.transfer.group_step_mistakes import MISCONCEPTIONS
from grading.checks.transfer.heads import group_step as reference

Array = np.ndarray
NAMES = ("trunk", "middle", "head")


def paths(
    call: Callable[..., object],
    params: Array,
    velocities: Array,
    grads: Array,
    shares: tuple[float | None, ...],
    lr: float,
    **options: float,
) -> Array:
    """Make a step for every gradient, each with what the one before returned.

    Parameters
    ----------
    params, velocities : ndarray, shape (G, n)
        A row for each group; the groups are called trunk, middle and head.
    grads : ndarray, shape (steps, G, n)
        A gradient for each step.
    shares : tuple of float or None
        None leaves a group out of the shares.

    Returns
    -------
    ndarray, shape (steps, G, n)
        Parameters after each step.

    Raises
    ------
    StudentFault
        If a step does not return two dictionaries with an array of the right shape for each group.
    """
    names = NAMES[: len(params)]
    values, moving = dict(zip(names, params)), dict(zip(names, velocities))
    given = {name: share for name, share in zip(names, shares) if share is not None}
    found = []
    for number, grad in enumerate(grads, start=1):
        reply = unpack(
            call(values, dict(zip(names, grad)), moving, given, lr, **options), ("params", "velocities")
        )
        if isinstance(reply, Difference):
            raise StudentFault("unsupported", text=f"step {number} {reply.message}")
        for what, part in zip(("params", "velocities"), reply):
            if not isinstance(part, dict) or set(part) != set(names):
                raise StudentFault(
                    "unsupported", text=f"{what} of step {number} must be a dictionary of {', '.join(names)}"
                )
            for name, array in part.items():
                wrong = compare(params[0], array, ANY_VALUE, f"{what}[{name!r}]")
                if wrong is not None:
                    raise StudentFault("unsupported", text=f"in step {number}, {wrong.message}")
        values, moving = ({name: np.asarray(part[name]) for name in names} for part in reply)
        found.append([np.asarray(values[name], dtype=np.float64) for name in names])
    return np.array(found)


def fine_tuning(
    rng: np.random.Generator,
    size: int,
    steps: int,
    shares: tuple[float | None, ...],
    moving: bool,
    decay: float,
    rho: float,
    dtype: str,
) -> Example:
    """Build an example; `moving` tells whether there are velocities from earlier steps."""
    shape = (len(shares), size)
    velocities = fill(rng, shape, "halves", dtype) * moving
    grads = fill(rng, (steps, *shape), "whole", dtype)
    return example(fill(rng, shape, "whole", dtype), velocities, grads, shares, 0.5, rho=rho, decay=decay)


RNG = np.random.default_rng(76)


def _fixed(size: int, steps: int, shares: tuple, moving: bool, decay: float, rho: float = 0.5) -> Example:
    return fine_tuning(RNG, size, steps, shares, moving, decay, rho, "float64")


SHARES = (
    example(
        np.array([[4.0], [4.0]]),
        np.zeros((2, 1)),
        np.array([[[2.0], [2.0]], [[2.0], [2.0]]]),
        (0.1, 1),
        0.5,
        rho=0.5,
        note="the example of the prompt",
    ),
    _fixed(2, 3, (0.1, 0.5, 1), True, 0.0),
    example(np.array([[1.0, 2.0]]), np.zeros((1, 2)), np.array([[[1.0, -1.0]], [[2.0, 1.0]]]), (0.5,), 0.5),
)
FROZEN = (
    _fixed(2, 2, (0, 0.1, 1), False, 0.0),
    _fixed(2, 2, (0.0, None, 1), True, 0.25),
    _fixed(1, 3, (None, 1), True, 0.0),
    _fixed(3, 1, (0, 1), False, 0.5),
)
DECAY = (_fixed(2, 2, (0.1, 1), False, 0.25), _fixed(1, 3, (0.5, 0.25, 1), True, 0.5))
OPTIONS = {"size": (1, 2, 3), "steps": (1, 2, 3), "rho": (0.5, 0.9), "dtype": ("float64", "float32")}
check = Check(
    name="group_step",
    signature="(params, grads, velocities, shares, lr, rho=0.9, decay=0.0)",
    section=sections.TUNING,
    reference=reference,
    outputs=("params",),
    magnitude=lambda params, velocities, grads, shares, lr, **options: float(
        np.abs(params).max() + 10 * np.abs(velocities).max() + 10 * np.abs(grads).max()
    ),
    parts=(
        Part(
            "rates by group",
            2,
            SHARES,
            Drawn(
                fine_tuning,
                {
                    "shares": ((1,), (0.1, 1), (0.5, 0.25, 1)),
                    "moving": (False, True),
                    "decay": (0.0,),
                    **OPTIONS,
                },
            ),
        ),
        Part(
            "what is frozen stays",
            2,
            FROZEN,
            Drawn(
                fine_tuning,
                {
                    "shares": ((0,), (None, 1), (0, 1), (0, None, 0.1)),
                    "moving": (False, True),
                    "decay": (0.0, 0.5),
                    **OPTIONS,
                },
            ),
        ),
        Part(
            "weight decay",
            1,
            DECAY,
            Drawn(
                fine_tuning,
                {"shares": ((1,), (0.1, 1)), "moving": (False, True), "decay": (0.5, 0.25), **OPTIONS},
                cases=5,
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(
        paths,
        ("params", "velocities", "grads", "shares", "lr"),
        "params, velocities = group_step(params, grad, velocities, shares, {lr!r}{options}) for every "
        "grad in "
        "grads; rows are the groups trunk, middle, head, their shares {shares!r} (None: not in the "
        "dictionary)",
    ),
)

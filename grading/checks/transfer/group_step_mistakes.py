"""What goes wrong in group_step, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

from grading.checks.definition import Misconception
from grading.checks.transfer import sections

Step = Callable[..., tuple[dict, dict]]


def stepping(
    *,
    frozen: str = "stays",
    shared: str = "rate",
    decay_shared: bool = True,
    absent: float = 0.0,
    sign: float = -1.0,
    decay_share: float = 1.0,
    decay_sign: float = 1.0,
    damped: bool = False,
    leaves: bool = False,
) -> Step:
    """Return the step with something changed.

    Parameters
    ----------
    frozen : str
        "stays", or what a frozen group does nevertheless: "coasts" by its velocity, "decays", or both.
    shared : str
        What is multiplied by the share: "rate", "velocity", "nothing".
    decay_shared : bool
        False decays at the whole rate.
    absent : float
        Share of a group that none is given for.
    sign : float
        1 climbs.
    decay_share, decay_sign : float
        Of the decay in the gradient.
    damped : bool
        True weighs the gradient by 1 − rho.
    leaves : bool
        True moves by the velocity of before.
    """

    def step(
        params: dict,
        grads: dict,
        velocities: dict,
        shares: dict,
        lr: float,
        rho: float = 0.9,
        decay: float = 0.0,
    ) -> tuple[dict, dict]:
        after, moved = {}, {}
        for name, value in params.items():
            share, old = shares.get(name, absent), velocities[name]
            pull = decay_share * decay_sign * decay * value
            if share == 0:
                moved[name] = rho * old if "coasts" in frozen else 0 * old
                moved[name] = moved[name] - (lr * pull if "decays" in frozen else 0)
                after[name] = value + moved[name]
                continue
            rate = lr * (share if shared == "rate" else 1)
            gradient = grads[name] * (1 - rho if damped else 1)
            new = rho * old + sign * rate * gradient - (rate if decay_shared else lr) * pull
            moved[name] = new
            after[name] = value + (old if leaves else new) * (share if shared == "velocity" else 1)
        return after, moved

    return step


def _mistake(id: str, title: str, explanation: str, *computes: Step) -> Misconception:
    return Misconception(id, title, explanation, sections.TUNING, computes)


MISCONCEPTIONS = (
    _mistake(
        "groups-climb",
        "the step climbs",
        "Subtract lr · share · gradient from the velocity.",
        stepping(sign=1.0),
    ),
    _mistake(
        "frozen-still-decays",
        "frozen parameters shrink",
        "A gradient of zero is not enough: weight decay pulls at what is frozen. Leave it out of the step.",
        stepping(frozen="decays"),
    ),
    _mistake(
        "frozen-still-coasts",
        "frozen parameters go on by their velocity",
        "What is frozen stays, whatever velocity it had when it was frozen.",
        stepping(frozen="coasts"),
        stepping(frozen="coasts, decays"),
    ),
    _mistake(
        "share-is-ignored",
        "every group moves at the full rate",
        "Multiply the rate by the share of each group.",
        stepping(shared="nothing", decay_shared=False),
        stepping(shared="nothing"),
    ),
    _mistake(
        "share-on-the-velocity",
        "the share multiplies the velocity",
        "The share belongs to the rate, inside the velocity: a velocity that is there moves the group as "
        "it is.",
        stepping(shared="velocity"),
        stepping(shared="velocity", decay_shared=False),
    ),
    _mistake(
        "decay-at-the-full-rate",
        "the decay takes no part in the share",
        "The decay is part of the gradient: lr · share · (gradient + decay · parameter).",
        stepping(decay_shared=False),
    ),
    _mistake(
        "group-without-a-share-learns",
        "a group without a share learns",
        "Groups that are not in shares are frozen, as those with a share of 0.",
        stepping(absent=1.0),
    ),
    _mistake(
        "decay-missing-or-turned",
        "the decay is missing, turned, or halved",
        "Its gradient is decay · parameter, added to the gradient.",
        stepping(decay_share=0.0),
        stepping(decay_sign=-1.0),
        stepping(decay_share=2.0),
        stepping(decay_share=0.5),
    ),
    _mistake(
        "group-velocity-damped",
        "the gradient is weighed by 1 − ρ",
        "That is the damped form. Here it is ρ · velocity less the whole step.",
        stepping(damped=True),
    ),
    _mistake(
        "group-moves-by-the-old-velocity",
        "the step uses the velocity of before",
        "First the new velocity, then the step by it.",
        stepping(leaves=True),
    ),
)

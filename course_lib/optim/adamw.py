"""AdamW: Adam with weight decay beside the gradient instead of in it (Loshchilov and Hutter 2019)."""

from __future__ import annotations

from collections.abc import Iterable

from course_lib.optim.adam import Adam
from course_lib.optim.optimizer import Trainable


class AdamW(Adam):
    """θ ← (1 − lr·weight_decay)·θ, then Adam's step along the plain gradient.

    The decay is thus not divided by √v̂ and is the same for all parameters.

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate, about the size of a step.
    betas : (float, float)
        Share of the old value in the two averages.
    eps : float
        Added to the root, after the correction.
    weight_decay : float
        Rate of the decay.
    amsgrad : bool
        Use the largest average of squares so far.
    bias_correction : bool
        Divide the averages by 1−βᵗ.
    """

    decoupled = True

    def __init__(
        self,
        params: Iterable[Trainable],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            bias_correction=bias_correction,
        )

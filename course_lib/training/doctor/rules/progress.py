"""A loss that waits: at the beginning, in the middle, or for more epochs."""

from __future__ import annotations

from course_lib.training.doctor.measures import Measures
from course_lib.training.doctor.rule import Rule

FEW_EPOCHS = 5


def slow_start(m: Measures) -> str | None:
    """The loss stays where it began for a good part of the run, while signals in the net are faint."""
    if m.flat_start < 0.06 or m.hesitation < 0.4 or m.ends_in_nan:
        return None
    evidence = f"it took {m.flat_start:.0%} of the run until a tenth of the loss's fall had happened"
    if m.run.spread:
        last = list(m.run.spread)[-1]
        outputs = float(m.run.spread[last][0])
        if not outputs < 0.05:
            return None
        return f"{evidence}; the outputs of layer {last} began with a standard deviation of {outputs:.1e}"
    if m.fall > 0.1:
        return evidence
    return (
        f"the loss hardly moved, from {m.start:.3g} to {m.end:.3g}; dead units or a tiny rate "
        "would look the same"
    )


def plateau(m: Measures) -> str | None:
    """After a fall the loss stays within 4 % of the first one for a third of the run, at a high level."""
    share, level = m.flat_stretch
    if m.ends_in_nan or m.epochs.size < FEW_EPOCHS or share < 0.34 or level < 0.4 * m.start:
        return None
    evidence = (
        f"the loss stayed near {level:.3g}, {level / m.start:.0%} of the first, for {share:.0%} of the run"
    )
    if m.ratio_collapsed:
        evidence += f"; updates went from {m.early_ratio:.1e} of the weights to {m.typical_ratio:.1e}"
    return evidence


def not_converged(m: Measures) -> str | None:
    """The loss still falls at the end, or is above half of the first after only a few epochs."""
    if m.ends_in_nan:
        return None
    if m.late_fall > 0.065:
        return (
            f"the last third of the run still took {m.late_fall:.0%} of the first loss away, down "
            f"to {m.end:.3g}"
        )
    epochs = m.run.train_loss.size
    if m.by_steps and epochs < FEW_EPOCHS and m.fall > 0.03 and m.end > 0.5 * m.start:
        return f"after {epochs} epochs the loss is {m.end:.3g}, still {m.end / m.start:.0%} of the first"
    return None


SLOW_START = Rule(
    "slow start",
    "Initial weights are so small that signals fade from layer to layer, and gradients with them.",
    "Start with He's (rectifiers) or Xavier's variance (tanh), or put batch norm between.",
    "07 · Units, data and initialisation",
    slow_start,
    better_with=("spread",),
)
PLATEAU = Rule(
    "plateau",
    "The cost is flat here: a saddle, units that are all alike, or a rate that was cut too early.",
    "Look at the schedule of the rate; begin with random weights; momentum and Adam leave plateaux sooner.",
    "01 · Cost surfaces; 04 · Adaptive optimisers",
    plateau,
)
NOT_CONVERGED = Rule(
    "not converged",
    "Training ended while the loss was falling.",
    "More epochs; with early stopping one may plan too many.",
    "10 · Monitoring and debugging, section 10.5, “Learning late, or not to the end”",
    not_converged,
)

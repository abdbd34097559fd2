"""A learning rate that is too high, in all its forms, or too low."""

from __future__ import annotations

from course_lib.training.doctor.measures import Measures
from course_lib.training.doctor.rule import Rule
from course_lib.training.doctor.rules.units import BOUNDED, MANY, MANY_AT_FIRST, RECTIFIERS

# About 1e-3 is healthy; small nets that are trained briefly take ten times as much.
LARGE_RATIO = 0.04
VERY_LARGE_RATIO = 0.05
# Crossings of the mean that make a rhythm: four waves.
WAVES = 8
# With more examples a step, noise as large as the loss has another cause.
SMALL_BATCH = 4
TINY_RATIO = 7e-4


def not_a_number(m: Measures) -> str | None:
    """Some loss is NaN or infinite, or ends a thousand times as high as it began."""
    unit = "step" if m.by_steps else "epoch"
    if m.ends_in_nan:
        return (
            f"the loss is {m.whole_curve[m.finite_steps]} from {unit} {m.finite_steps} on; before, "
            f"it reached {m.curve.max():.3g}"
        )
    if m.end > 1000 * m.start:
        return f"the loss went from {m.start:.3g} up to {m.curve.max():.3g} at {unit} {int(m.curve.argmax())}"
    return None


def instability(m: Measures) -> str | None:
    """An epoch's loss is twice that of an earlier one, by a noticeable amount."""
    if m.rise > 1.8 and m.rise_of_start > 0.08 and not m.early_ratio > 2 * VERY_LARGE_RATIO:
        return (
            f"after falling, an epoch's loss rose to {m.rise:.1f} times the lowest before it "
            f"({m.rise_of_start:.0%} of the first loss); the highest step was {m.spike:.1f} times the median"
        )
    return None


def oscillation(m: Measures) -> str | None:
    """The loss goes up and down though steps see all examples, or in a rhythm that two steps foretell."""
    if m.ends_in_nan or m.turns < 0.03:
        return None
    if m.all_at_once and m.rises > 0.3:
        return (
            f"every step sees all examples, and yet the loss turns at {m.turns:.0%} of the steps "
            "of the second half; "
            f"its rises add up to {m.rises:.0%} of its mean"
        )
    # Noise turns at two points in three; waves at fewer, and a zigzag at all.
    rhythm = not 0.45 < m.turns < 0.85
    if rhythm and m.predictable > 0.5 and m.crossings >= WAVES and m.swing > 0.3:
        return (
            f"in the second half the loss swings by {m.swing:.0%} of its mean and turns at "
            f"{m.turns:.0%} of the "
            f"steps; two steps foretell {m.predictable:.0%} of it, which noise would not allow"
        )
    return None


def rate_too_high(m: Measures) -> str | None:
    """Large updates, and a loss that stays high."""
    if m.ratios.size:
        name, first, late = m.late_silent((*RECTIFIERS, *BOUNDED))
        if late > MANY and first < MANY_AT_FIRST and m.early_ratio > LARGE_RATIO:
            return (
                f"{late:.0%} of layer {name} went silent by training ({first:.0%} before), with "
                "first updates of "
                f"{m.early_ratio:.1e} of the weights (about 1e-3 is healthy)"
            )
        if m.typical_ratio > LARGE_RATIO and m.end > 0.12 * m.start:
            return (
                f"updates are {m.typical_ratio:.1e} of the weights (about 1e-3 is healthy), and "
                "the loss ends at "
                f"{m.end:.3g}, {m.end / m.start:.0%} of the first"
            )
        if m.early_ratio > VERY_LARGE_RATIO and m.end > 0.05 * m.start:
            return (
                f"the first updates were {m.early_ratio:.1e} of the weights (about 1e-3 is "
                "healthy), and the loss "
                f"ends at {m.end:.3g}, {m.end / m.start:.0%} of the first"
            )
        return None
    if m.spike > 2 and m.end > 0.3 * m.start and m.noise > 0.15:
        return (
            f"the loss stays at {m.end / m.start:.0%} of the first, with noise of {m.noise:.0%} of its mean"
        )
    return None


def fluctuation(m: Measures) -> str | None:
    """Steps of few examples scatter more than the loss itself, without a rhythm."""
    small = (m.run.batch_examples or SMALL_BATCH) <= SMALL_BATCH
    if m.by_steps and small and m.noise > 1 and m.predictable < 0.5 and m.end > 0.05 * m.start:
        return (
            f"the steps' losses scatter by {m.noise:.0%} of their mean, without a rhythm (two steps foretell "
            f"{m.predictable:.0%}), and the mean ends at {m.end / m.start:.0%} of the first loss"
        )
    return None


def rate_too_low(m: Measures) -> str | None:
    """Tiny updates, and a loss that is still far up."""
    if m.ratios.size:
        if (
            m.typical_ratio < TINY_RATIO
            and m.fall < 0.8
            and m.early_ratio < 2 * TINY_RATIO
            and not m.ratio_collapsed
        ):
            return (
                f"updates are {m.typical_ratio:.1e} of the weights (about 1e-3 is healthy), and after "
                f"{m.epochs.size} epochs the loss is still {m.end / m.start:.0%} of the first"
            )
        return None
    if m.epochs.size >= 5 and 0.01 < m.fall < 0.5 and m.late_fall > 0.02:
        return (
            f"after {m.epochs.size} epochs the loss is still {m.end / m.start:.0%} of the first, "
            "and falls steadily"
        )
    return None


NOT_A_NUMBER = Rule(
    "not a number",
    "The loss runs away until it is no number any more: the rate is too high.",
    "Take a tenth of the rate; find it by learning_rate_range. If it happens at any rate, look "
    "for a logarithm "
    "or a division of 0, and for inputs that are NaN or unscaled.",
    "10 · Monitoring and debugging, section 10.4, “No learning”; 03 · Stochastic training",
    not_a_number,
)
INSTABILITY = Rule(
    "instability",
    "The cost had fallen and jumps up again: single steps undo the work of many.",
    "Lower the rate, or let it decay; look at the batches where it jumps for unscaled or wrong examples.",
    "03 · Stochastic training; 10 · Monitoring and debugging, section 10.6, “Learning in leaps”",
    instability,
)
OSCILLATION = Rule(
    "oscillation",
    "Steps overshoot the valley and come back, again and again.",
    "Lower the rate, or, where momentum makes the waves, lower that; below 1/curvature there are none.",
    "02 · Gradient descent and momentum",
    oscillation,
    needs=(),
)
RATE_TOO_HIGH = Rule(
    "rate too high",
    "Steps are so large that the loss stays high: it bounces between the walls, or the units were destroyed.",
    "Take a third of the rate, then a tenth; find it by learning_rate_range.",
    "03 · Stochastic training",
    rate_too_high,
    better_with=("update_ratio",),
)
FLUCTUATION = Rule(
    "fluctuation",
    "Small batches: each gradient says something else, and the weights wander around the minimum.",
    "Larger batches, a rate that decays, or the average of the iterates (AverageIterates).",
    "03 · Stochastic training",
    fluctuation,
    needs=("step_loss",),
)
RATE_TOO_LOW = Rule(
    "rate too low",
    "Every step is far shorter than it could be.",
    "Take ten times the rate; find it by learning_rate_range. Momentum or Adam help too.",
    "03 · Stochastic training",
    rate_too_low,
    better_with=("update_ratio",),
)

"""cured_settings(): settings that cure the ninth run, tried here from several starts."""

from __future__ import annotations

import hashlib
import math

import numpy as np

from grading.checks.definition import Misconception, Part, example
from grading.checks.measured import Measured, Measurement, Refused, Shortfall
from grading.checks.training import sections
from grading.checks.training.ninth_run import BOUNDS, ILL, ninth_run

STARTS = 2
ACCURACY, CALM, AWAKE = 0.92, 1.15, 0.2
# A run that learns less than this is not cured of anything, however calm it is.
SOMETHING = 0.5
LEARNS, STAYS_CALM, STAYS_AWAKE = "learns the digits", "falls without jumps", "keeps its units awake"

STILL_TOO_FAST = Misconception(
    "cure-rate-still-too-high",
    "the rate is still too high",
    "The validation loss jumps up again after it was low. With momentum ρ a step is worth 1/(1 − ρ) steps: "
    "lower one of them.",
    sections.DIAGNOSIS,
    (lambda: {**ILL, "start": 1.0}, lambda: {"rate": 1.5, "momentum": 0.9, "start": 1.0, "batch": 8}),
)
STILL_SATURATED = Misconception(
    "cure-weights-still-too-large",
    "the weights still begin too large",
    "tanh is at its bounds from the beginning, where it has no slope. Xavier's weights are those of "
    "start = 1.",
    sections.DIAGNOSIS,
    (lambda: {"rate": 0.02, "momentum": 0.9, "start": 10.0, "batch": 16},),
)
TOO_SLOW = Misconception(
    "cure-rate-too-low-now",
    "now the rate is too low",
    "The loss falls quietly and has a long way to go after eight epochs.",
    sections.DIAGNOSIS,
    (
        lambda: {"rate": 1e-4, "momentum": 0.9, "start": 1.0, "batch": 16},
        lambda: {"rate": 1e-3, "momentum": 0.0, "start": 1.0, "batch": 32},
    ),
)


def read_settings(value: object) -> dict[str, float]:
    """Read the four settings; raise Refused where they are none."""
    if type(value) is not dict or set(value) != set(BOUNDS):
        raise Refused(f"expected a dictionary with exactly the keys {', '.join(BOUNDS)}")
    settings: dict[str, float] = {}
    for name, (low, high) in BOUNDS.items():
        number = value[name]
        if isinstance(number, bool) or not isinstance(number, int | float | np.integer | np.floating):
            raise Refused(f"{name} must be a number from {low} to {high}, got a {type(number).__name__}")
        # Compared before it is converted: an int may be too large for a float.
        if not low <= number <= high:
            shown = f"{float(number):g}" if abs(number) < 1e300 else "a huge number"
            raise Refused(f"{name} must be a number from {low} to {high}, got {shown}")
        settings[name] = float(number)
    if settings["batch"] != int(settings["batch"]):
        raise Refused(f"batch must be a whole number, got {settings['batch']:g}")
    return {**settings, "batch": int(settings["batch"])}


def measure(value: object, seed: bytes) -> Measurement:
    """Train with the settings from some starts, and look at each run."""
    settings = read_settings(value)
    numbers = np.frombuffer(hashlib.sha256(seed).digest()[: 4 * STARTS], np.uint32)
    with np.errstate(all="ignore"):
        runs = [ninth_run(**settings, seed=int(number)) for number in numbers]
    least = min(run["validation_accuracy"][-1] for run in runs)
    jump = max(_jump(run["validation_loss"]) for run in runs)
    saturated = max(max(run["saturated"]) for run in runs)
    awake, calm = saturated <= AWAKE, jump <= CALM
    mistake = TOO_SLOW
    if not awake and settings["start"] > 2:
        mistake = STILL_SATURATED
    elif not calm or not awake:
        mistake = STILL_TOO_FAST
    short: dict[str, Shortfall] = {}
    if least < ACCURACY:
        short[LEARNS] = Shortfall(
            f"the validation accuracy ends at {least:.1%} in the worst of {STARTS} starts; "
            f"{ACCURACY:.0%} are asked for",
            mistake,
        )
    if not calm:
        times = "infinitely many" if math.isinf(jump) else f"{jump:.3g}"
        short[STAYS_CALM] = Shortfall(
            f"the validation loss ends at {times} times its lowest value in the worst of {STARTS} starts; at "
            f"most {CALM} are allowed",
            mistake,
        )
    if not awake:
        short[STAYS_AWAKE] = Shortfall(
            f"{saturated:.0%} of the hidden values are saturated after an epoch; at most {AWAKE:.0%} are "
            "allowed",
            mistake,
        )
    for part in (STAYS_CALM, STAYS_AWAKE) if least < SOMETHING else ():
        short.setdefault(part, Shortfall(f"nothing is cured: the accuracy ends at {least:.1%}", mistake))
    return Measurement(short, f"the worst of {STARTS} starts ends at a validation accuracy of {least:.1%}.")


def _jump(losses: list[float]) -> float:
    """Return how many times its lowest value the last loss is; infinite where a loss is no number."""
    if not np.isfinite(losses).all():
        return math.inf
    return losses[-1] / max(min(losses), 1e-3)


check = Measured(
    name="cured_settings",
    signature="()",
    section=sections.DIAGNOSIS,
    reference=lambda: {"rate": 0.05, "momentum": 0.9, "start": 1.0, "batch": 16},
    outputs=("settings",),
    parts=(
        Part(LEARNS, 2, (example(),)),
        Part(STAYS_CALM, 2, (example(),)),
        Part(STAYS_AWAKE, 2, (example(),)),
    ),
    misconceptions=(STILL_TOO_FAST, STILL_SATURATED, TOO_SLOW),
    measure=measure,
)

"""diagnoses(): what is wrong with eight recorded runs, and what to do about it."""

from __future__ import annotations

from grading.checks.comparison import article
from grading.checks.definition import Misconception, Part, example
from grading.checks.measured import Measured, Measurement, Refused, Shortfall
from grading.checks.training import sections

# Names that the prompt offers, and of each the remedies that help; the first is the reference's.
REMEDIES = {
    "gradients not applied": ("apply the gradients",),
    "wrong direction": ("subtract the gradient",),
    "not a number": ("lower the rate",),
    "rate too low": ("raise the rate",),
    "slow start": ("larger initial weights",),
    "saturated units": ("smaller initial weights",),
    "dead units": ("raise the biases", "lower the rate"),
    "fluctuation": ("larger batches", "lower the rate"),
    "oscillation": ("lower the rate", "lower the momentum"),
    "plateau": ("raise the rate", "larger initial weights"),
    "not converged": ("train longer",),
    "overfitting": ("more data or regularisation", "stop earlier"),
    "validation set too small": ("more validation examples",),
}
ANSWERS = (
    "not a number",
    "gradients not applied",
    "overfitting",
    "slow start",
    "wrong direction",
    "validation set too small",
    "dead units",
    "oscillation",
)
REMEDY_NAMES = tuple(sorted({remedy for remedies in REMEDIES.values() for remedy in remedies}))
TEXT = 40


def _with(**instead: str) -> list[tuple[str, str]]:
    """Return the right answers but for some runs, given by run1="illness"."""
    names = [instead.get(f"run{number}", name) for number, name in enumerate(ANSWERS, start=1)]
    return [(name, REMEDIES[name][0]) for name in names]


CONFUSED = {
    (2, "rate too low"): Misconception(
        "diagnosis-low-rate-for-no-step",
        "a rate that is too low is not the same as no step at all",
        "With a low rate the weights move, if only a little. Here the update ratio is 0 for every layer.",
        sections.DIAGNOSIS,
        (lambda: _with(run2="rate too low"),),
    ),
    (2, "plateau"): Misconception(
        "diagnosis-plateau-for-no-step",
        "on a plateau the steps are small, here there are none",
        "Look at the update ratio: it is 0 for every layer, from the first step on.",
        sections.DIAGNOSIS,
        (lambda: _with(run2="plateau"),),
    ),
    (4, "rate too low"): Misconception(
        "diagnosis-low-rate-for-slow-start",
        "the run is slow at the start only",
        "With a low rate the loss creeps all the way. Here it stands still first, and then falls steeply.",
        sections.DIAGNOSIS,
        (lambda: _with(run4="rate too low"),),
    ),
    (4, "plateau"): Misconception(
        "diagnosis-plateau-for-slow-start",
        "a flat part at the very start is a slow start",
        "A plateau comes after the loss has fallen. Weights that begin too small give a flat part first.",
        sections.DIAGNOSIS,
        (lambda: _with(run4="plateau"),),
    ),
    (5, "not a number"): Misconception(
        "diagnosis-divergence-for-climbing",
        "the loss climbs from the very first step",
        "It never falls, and the first updates are of a sound size: every step goes uphill. That numbers "
        "overflow in the end is what comes of it.",
        sections.DIAGNOSIS,
        (lambda: _with(run5="not a number"), lambda: _with(run5="oscillation")),
    ),
    (6, "fluctuation"): Misconception(
        "diagnosis-fluctuation-for-few-examples",
        "it is the validation that jumps, not the training",
        "The training loss falls smoothly. The validation accuracy takes few different values, as with few "
        "examples.",
        sections.DIAGNOSIS,
        (lambda: _with(run6="fluctuation"), lambda: _with(run6="overfitting")),
    ),
    (8, "fluctuation"): Misconception(
        "diagnosis-fluctuation-for-oscillation",
        "nothing is random in these steps",
        "There is one update an epoch, with all examples. The loss swings because steps overshoot.",
        sections.DIAGNOSIS,
        (lambda: _with(run8="fluctuation"),),
    ),
}
# Another name for what is told apart above.
_ALSO = {(5, "oscillation"): (5, "not a number"), (6, "overfitting"): (6, "fluctuation")}


def names_of(value: object) -> list[tuple[str, str]]:
    """Read eight pairs of names; raise Refused where they are none."""
    if type(value) not in (list, tuple) or len(value) != len(ANSWERS):
        came = f"{len(value)} entries" if type(value) in (list, tuple) else article(value)
        raise Refused(f"expected a list of {len(ANSWERS)} pairs (illness, remedy), got {came}")
    pairs = []
    for number, pair in enumerate(value, start=1):
        if type(pair) not in (list, tuple) or len(pair) != 2 or any(type(name) is not str for name in pair):
            raise Refused(f"run {number}: expected a pair of texts, illness and remedy")
        illness, remedy = (" ".join(name.lower().split()) for name in pair)
        if illness not in REMEDIES:
            raise Refused(f"run {number}: {illness[:TEXT]!r} is none of the illnesses in the list")
        if remedy not in REMEDY_NAMES:
            raise Refused(f"run {number}: {remedy[:TEXT]!r} is none of the remedies in the list")
        pairs.append((illness, remedy))
    return pairs


def measure(value: object, seed: bytes) -> Measurement:
    """Compare the names run by run; a remedy counts beside the right illness only."""
    pairs, short = names_of(value), {}
    if len(set(pairs)) == 1:
        raise Refused("all eight runs have the same answer: they are ill of eight different things")
    for number, ((illness, remedy), right) in enumerate(zip(pairs, ANSWERS, strict=True), start=1):
        if illness != right:
            place = _ALSO.get((number, illness), (number, illness))
            text = f"run {number}: {illness!r} does not fit what was recorded"
            short[f"run {number}"] = Shortfall(text, CONFUSED.get(place))
        elif remedy not in REMEDIES[right]:
            text = f"run {number}: {remedy!r} does not help where the illness is {right!r}"
            short[f"run {number}"] = Shortfall(text)
    told = f"{len(ANSWERS) - len(short)} of {len(ANSWERS)} runs are named and treated rightly."
    return Measurement(short, told)


check = Measured(
    name="diagnoses",
    signature="()",
    section=sections.DIAGNOSIS,
    reference=_with,
    outputs=("diagnoses",),
    parts=tuple(Part(f"run {number}", 1, (example(),)) for number in range(1, len(ANSWERS) + 1)),
    misconceptions=tuple(CONFUSED.values()),
    measure=measure,
)

"""double(x): the one function of the attacked assignment that a check judges."""

import numpy as np

from grading.checks.definition import Check, Drawn, Part, example

# CANARY-CHECKS-5d1e: no student may ever see this file.
SECRET_FACTOR = 2.0


def reference(x):
    return SECRET_FACTOR * x


def build(rng, size):
    return example(rng.integers(-9, 10, size).astype(np.float64))


check = Check(
    name="double",
    signature="(x)",
    section="none",
    reference=reference,
    parts=(
        Part("a small array", 1, (example(np.array([1.0, -2.0])),)),
        Part("any array", 3, drawn=Drawn(build, {"size": (1, 2, 5)}, cases=4)),
    ),
)

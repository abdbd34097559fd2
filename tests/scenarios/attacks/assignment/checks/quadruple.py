"""quadruple(x): may call double, so that a wrong one is looked into with the reference in its place."""

import numpy as np

from grading.checks.definition import Check, Drawn, Part, example

# CANARY-CHECKS-5d1e: no student may ever see this file.


def double(x):
    return 2.0 * x


def build(rng, size):
    return example(rng.integers(-9, 10, size).astype(np.float64))


check = Check(
    name="quadruple",
    signature="(x)",
    section="none",
    reference=lambda x: 4.0 * x,
    parts=(Part("any array", 1, (example(np.array([1.0, -2.0])),), Drawn(build, {"size": (1, 2, 5)}, cases=4)),),
    uses={"double": double},
)

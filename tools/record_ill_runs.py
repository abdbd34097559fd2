"""Record the eight ill training runs of the assignment on training.

Each fault is put in by its cause (`tools.training_runs.faults`), on small nets that learn clothes; kept is
the first run of which the training doctor says the same, so that what is wrong can be read from the record.

Usage: python -m tools.record_ill_runs [--output FILE]
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from course_lib import set_num_threads
from course_lib.training.doctor import diagnose
from tools.training_runs.faults import FAULTS
from tools.training_runs.recipes import Outcome
from tools.training_runs.worlds import HELD_OUT

#: In the order of the file, which is that of the questions.
ILLNESSES = (
    "not a number",
    "gradients not applied",
    "overfitting",
    "slow start",
    "wrong direction",
    "validation set too small",
    "dead units",
    "oscillation",
)
# Others than those that the doctor was measured on.
WORLD = replace(HELD_OUT, seed=14, widths=((32,), (40, 24)), activations=("relu",), normalised=0.0)
TRIES = 200
CURVES = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")


def ill_run(illness: str) -> Outcome:
    """Return the first run with a fault that the doctor finds first, and no other before it.

    Raises
    ------
    RuntimeError
        If there is none in `TRIES` draws.
    """
    for number in range(TRIES):
        rng = np.random.default_rng([WORLD.seed, list(FAULTS).index(illness), number])
        outcome = next(FAULTS[illness](WORLD.sound(rng), rng), None)
        if outcome is not None and diagnose(outcome.history, outcome.monitor).first == illness:
            return outcome
    raise RuntimeError(f"{TRIES} recipes did not show {illness!r}")


def record(outcome: Outcome) -> dict[str, np.ndarray]:
    """Return what a student sees of a run: curves, losses of steps, and the monitor's numbers by layer."""
    history, monitor = outcome.history, outcome.monitor
    kept = {name: getattr(history, name) for name in ("step_loss", *CURVES)}
    layers = [name for name in monitor.update_ratio if name.endswith("weight")]
    kept["monitored_steps"] = monitor.steps
    kept["update_ratio"] = [monitor.update_ratio[name] for name in layers]
    kept["silent"] = [seen.silent for seen in monitor.activations.values() if seen.silent]
    return {name: np.asarray(values, dtype=np.float32) for name, values in kept.items()}


def build() -> dict[str, np.ndarray]:
    """Return the arrays of recorded_runs.npz, "1/train_loss" and so on."""
    found = {}
    for number, illness in enumerate(ILLNESSES, start=1):
        outcome = ill_run(illness)
        print(f"{number} {illness}: {outcome.recipe.told()}", flush=True)
        found |= {f"{number}/{name}": values for name, values in record(outcome).items()}
    return found


def main() -> None:
    """Write the file and print its checksum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("recorded_runs.npz"), help="file to write")
    options = parser.parse_args()
    set_num_threads(1)
    np.savez_compressed(options.output, **build())
    content = options.output.read_bytes()
    print(f"{options.output}  {len(content)} bytes  {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()

"""Run the grid of the study on fine-tuning, and keep its numbers where the course reads them.

About five minutes on one core.

Usage: python -m tools.measure_transfer [textures] [clothes] [--file FILE]
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import numpy as np

from course_lib.training import transfer_study as study
from course_lib.training.transfer_cases import judge


def grid(name: str) -> dict[str, np.ndarray]:
    """Return the accuracies of a task with and without the trunk, over sizes, rates and draws."""
    task = study.study_task(name)
    axes = study.SIZES, study.EARLY_RATES, study.LATE_RATES, range(study.DRAWS)
    tuned = [
        study.fine_tune(task, size, study.HEAD_RATE, early, late, seed=seed)
        for size, early, late, seed in itertools.product(*axes)
    ]
    shape = (*map(len, axes), len(study.UPDATES))
    baselines = np.empty((len(study.SIZES), len(study.BASELINES), study.DRAWS))
    for row, size in enumerate(study.SIZES):
        for seed in range(study.DRAWS):
            found = judge(task, size, study.BASELINES, seed=seed, updates=study.NEW_UPDATES)
            baselines[row, :, seed] = [found[method] for method in study.BASELINES]
    return {
        f"{name}_tuned": np.array(tuned, dtype=np.float32).reshape(shape),
        f"{name}_baselines": baselines.astype(np.float32),
    }


def main() -> None:
    """Measure the tasks that were asked for, and keep the rest of the file as it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("tasks", nargs="*", default=list(study.TASKS), choices=study.TASKS, metavar="task")
    parser.add_argument("--file", type=Path, default=study.FILE)
    arguments = parser.parse_args()
    kept: dict[str, np.ndarray] = {}
    if arguments.file.exists():
        with np.load(arguments.file, allow_pickle=False) as archive:
            kept = {name: archive[name] for name in archive.files}
    for name in arguments.tasks:
        kept |= grid(name)
        np.savez_compressed(arguments.file, **kept)
        print(f"{name}: {arguments.file} now has {arguments.file.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()

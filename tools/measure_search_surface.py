"""Run the nets of the response surface and the searches of it, and keep them where the course reads them.

About three minutes on one core: 2,106 runs of 20 epochs, then 120 searches of 64 trials each.

Usage: python -m tools.measure_search_surface [--only surface|searches] [--file FILE]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from course_lib import set_num_threads
from course_lib.training import kept_searches
from course_lib.training import response_surface as study


def surface() -> dict[str, np.ndarray]:
    """Return the losses of all runs of the grid."""
    shape = (len(study.RATES), len(study.DECAYS), len(study.WIDTHS), study.SEEDS)
    validation = np.empty((*shape, study.EPOCHS))
    test_losses, test_accuracies = np.empty(shape), np.empty(shape)
    for place in np.ndindex(shape):
        rate, decay, width = (
            float(study.RATES[place[0]]),
            float(study.DECAYS[place[1]]),
            int(study.WIDTHS[place[2]]),
        )
        run = study.digit_run(rate, decay, width, seed=place[3])
        validation[place] = run.validation_losses
        test_losses[place], test_accuracies[place] = run.test_loss, run.test_accuracy
    # Three digits are enough for a search, and what is above 65,504 has diverged.
    with np.errstate(over="ignore"):
        return {
            "validation_losses": validation.astype(np.float16),
            "test_losses": test_losses.astype(np.float16),
            "test_accuracies": test_accuracies.astype(np.float16),
        }


def searches() -> dict[str, np.ndarray]:
    """Return the points that each method tried on the surface that is in the file, search by search."""
    points = [
        [kept_searches.run_search(method, seed) for seed in range(kept_searches.SEARCHES)]
        for method in kept_searches.KEPT
    ]
    return {"points": np.array(points, dtype=np.float32)}


PARTS = {"surface": surface, "searches": searches}


def main() -> None:
    """Measure what was asked for, and keep the rest of the file as it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", choices=PARTS, help="the part to measure; without it both")
    parser.add_argument("--file", type=Path, default=study.FILE)
    arguments = parser.parse_args()
    set_num_threads(1)
    kept: dict[str, np.ndarray] = {}
    if arguments.file.exists():
        with np.load(arguments.file, allow_pickle=False) as archive:
            kept = {name: archive[name] for name in archive.files}
    for part in [arguments.only] if arguments.only else PARTS:
        begin = time.process_time()
        kept |= PARTS[part]()
        np.savez_compressed(arguments.file, **kept)
        size, seconds = arguments.file.stat().st_size, time.process_time() - begin
        print(f"{part}: {seconds:.0f} s of CPU; {arguments.file} now has {size:,} bytes", flush=True)


if __name__ == "__main__":
    main()

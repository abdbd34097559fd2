"""Run the grids of the study on normalisation, and keep their numbers where the course reads them.

About ten minutes on one core.

Usage: python -m tools.measure_normalisation [rates] [sizes] [--file FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from course_lib.training import normalisation_nets as nets
from course_lib.training import normalisation_study as study


def rates() -> dict[str, np.ndarray]:
    """Return the losses over norms, depths and rates."""
    found = [
        [
            [
                [study.losses_at_rate(norm, depth, float(rate), seed) for seed in range(study.SEEDS)]
                for rate in study.RATES
            ]
            for depth in study.DEPTHS
        ]
        for norm in nets.UNIT_NORMS
    ]
    # Two digits are enough for a picture, and what is above 65,504 has diverged.
    with np.errstate(over="ignore"):
        return {"losses": study.in_groups(np.array(found)).astype(np.float16)}


def sizes() -> dict[str, np.ndarray]:
    """Return the accuracies over norms and batch sizes, of both kinds of nets."""
    found = {}
    for name, run, norms, batches in (
        ("map_accuracies", study.map_size_run, nets.MAP_NORMS, study.MAP_SIZES),
        ("unit_accuracies", study.unit_size_run, nets.UNIT_NORMS, study.UNIT_SIZES),
    ):
        rows = [
            [[run(norm, size, seed) for seed in range(study.SEEDS)] for size in batches] for norm in norms
        ]
        found[name] = np.array(rows, dtype=np.float32)
    return found


PARTS = {"rates": rates, "sizes": sizes}


def main() -> None:
    """Measure what was asked for, and keep the rest of the file as it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"default: {' and '.join(PARTS)}")
    parser.add_argument("--file", type=Path, default=study.FILE)
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.parts) - PARTS.keys()):
        parser.error(f"no part is called {', '.join(unknown)}; the parts are {' and '.join(PARTS)}")
    kept: dict[str, np.ndarray] = {}
    if arguments.file.exists():
        with np.load(arguments.file, allow_pickle=False) as archive:
            kept = {name: archive[name] for name in archive.files}
    for part in arguments.parts or PARTS:
        kept |= PARTS[part]()
        np.savez_compressed(arguments.file, **kept)
        print(f"{part}: {arguments.file} now has {arguments.file.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()

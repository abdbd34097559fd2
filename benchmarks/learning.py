"""`python -m benchmarks.learning`: what small nets reach on real data, and in how many seconds.

PyTorch's runs and ours alternate, seed by seed; a ratio is its seconds over ours. Also: how much of a
training step augmentation costs. Written as JSON to `benchmarks/results/learning.json`.
"""

import argparse
import json
import statistics
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.interleaved import interleave
from benchmarks.kernels import RESULTS, on_threads
from benchmarks.machine import description
from benchmarks.pytorch import torch
from benchmarks.small_nets import LESSONS, Lesson, our_accuracy, torch_accuracy
from benchmarks.training_work import batch, our_step
from course_lib.data import Augmentation, Brightness, Contrast, Elastic, Flip, Rotate, Shift

CONTENDERS = {"ours": our_accuracy} | ({"PyTorch": torch_accuracy} if torch else {})
AUGMENTATIONS = {
    "flip, shift": Augmentation(Flip(), Shift(3)),
    "flip, shift, rotate, brightness, contrast": Augmentation(
        Flip(), Shift(3), Rotate(), Brightness(), Contrast()
    ),
    "flip, shift, rotate, elastic": Augmentation(Flip(), Shift(3), Rotate(), Elastic()),
}


def run_lesson(lesson: Lesson, seeds: int) -> dict:
    """Train everybody's net for each seed in turn."""
    runs: dict[str, dict[str, list[float]]] = {name: {"seconds": [], "accuracy": []} for name in CONTENDERS}
    for seed in range(seeds):
        names = list(CONTENDERS)
        for name in names if seed % 2 == 0 else reversed(names):
            started = time.perf_counter()
            # PyTorch trains with gradients although the table of kernels is measured without.
            with torch.enable_grad() if torch else nullcontext():
                accuracy = CONTENDERS[name](lesson, seed)
            runs[name]["seconds"].append(time.perf_counter() - started)
            runs[name]["accuracy"].append(accuracy)
    return runs


def augmentation_share(rounds: int) -> dict[str, float]:
    """Return milliseconds of a training step on 64 images 3×32×32, and of augmenting them."""
    images = np.clip(batch()[0], 0, 1)
    rng = np.random.default_rng(0)
    calls = {name: lambda augment=augment: augment(images, rng) for name, augment in AUGMENTATIONS.items()}
    timing = interleave({"training step": our_step()} | calls, rounds=rounds)
    return {name: 1e3 * timing.median(name) for name in timing.seconds}


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--lesson", default="", help="only lessons whose names contain this")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for learning.json")
    options = parser.parse_args(arguments)
    chosen = [lesson for lesson in LESSONS if options.lesson in lesson.name]
    if not chosen:
        parser.error(f"--lesson must be part of one of: {', '.join(lesson.name for lesson in LESSONS)}")
    console = Console()
    report: dict = {"machine": description(), "threads": options.threads, "lessons": {}}
    table = Table(title=f"Learning on {options.threads} thread(s)")
    for column in ("lesson", "who", "accuracy, mean", "must", "seconds a run", "most", "theirs ÷ ours"):
        table.add_column(column)
    with on_threads(options.threads):
        for lesson in chosen:
            with console.status(f"training on {lesson.name}"):
                runs = report["lessons"][lesson.name] = run_lesson(lesson, lesson.seeds)
            for name, found in runs.items():
                ratio = statistics.median(
                    theirs / ours
                    for theirs, ours in zip(found["seconds"], runs["ours"]["seconds"], strict=True)
                )
                table.add_row(
                    lesson.name if name == "ours" else "",
                    name,
                    f"{statistics.mean(found['accuracy']):.4f}",
                    f"{lesson.accuracy:g}" if name == "ours" else "",
                    f"{statistics.median(found['seconds']):.1f}",
                    f"{lesson.seconds:g}" if name == "ours" else "",
                    f"{ratio:.2f}" if name != "ours" else "",
                )
        shares = report["augmentation_ms"] = augmentation_share(options.rounds)
    console.print(table)
    step = shares.pop("training step")
    for name, milliseconds in shares.items():
        console.print(f"Augmenting 64 images 3×32×32 ({name}): {milliseconds:.1f} ms, step {step:.1f} ms")
    console.print(f"{report['machine']['cpu']}, PyTorch {report['machine']['torch']}")
    options.results.mkdir(parents=True, exist_ok=True)
    listing = options.results / "learning.json"
    listing.write_text(json.dumps(report, indent=1))
    console.print(f"Written to {listing}")


if __name__ == "__main__":
    main()

"""`python -m benchmarks.learning`: what small nets reach on real data, and in how many seconds.

PyTorch's epochs and ours alternate within one process; a ratio is the median of its seconds over ours, epoch
by epoch. Also: how much of a training step augmentation costs. Written as JSON to
`benchmarks/results/learning.json`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.interleaved import Timing, interleave
from benchmarks.kernels import RESULTS, on_threads
from benchmarks.machine import description
from benchmarks.pytorch import torch
from benchmarks.small_nets import LESSONS, Lesson, our_epochs, torch_epochs
from benchmarks.training_work import batch, our_step
from course_lib.data import Augmentation, Brightness, Contrast, Elastic, Flip, Rotate, Shift

CONTENDERS = {"ours": our_epochs} | ({"PyTorch": torch_epochs} if torch else {})
Clock = Callable[[], float]
AUGMENTATIONS = {
    "flip, shift": Augmentation(Flip(), Shift(3)),
    "flip, shift, rotate, brightness, contrast": Augmentation(
        Flip(), Shift(3), Rotate(), Brightness(), Contrast()
    ),
    "flip, shift, rotate, elastic": Augmentation(Flip(), Shift(3), Rotate(), Elastic()),
}


@dataclass(frozen=True)
class Learner:
    """How somebody's runs of a lesson went.

    Attributes
    ----------
    epochs : list of float
        Seconds of each epoch with its judgement, run after run; the first of a run also makes the net.
    accuracies : list of float
        Test accuracy at the end of each run.
    """

    epochs: list[float]
    accuracies: list[float]

    @property
    def seconds_a_run(self) -> float:
        """Mean over the runs."""
        return sum(self.epochs) / len(self.accuracies)


def run_lesson(lesson: Lesson, clock: Clock = time.perf_counter) -> dict[str, Learner]:
    """Train everybody's net for each seed, epoch by epoch in turn; the order changes every time."""
    found = {name: Learner([], []) for name in CONTENDERS}
    for seed in range(lesson.seeds):
        trainings = {name: epochs(lesson, seed) for name, epochs in CONTENDERS.items()}
        accuracies: dict[str, float] = {}
        for number in range(lesson.epochs):
            for name in trainings if number % 2 == 0 else reversed(trainings):
                started = clock()
                # PyTorch trains with gradients although the table of kernels is measured without.
                with torch.enable_grad() if torch else nullcontext():
                    accuracies[name] = next(trainings[name])
                found[name].epochs.append(clock() - started)
        for name, accuracy in accuracies.items():
            found[name].accuracies.append(accuracy)
    return found


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
    # The process's own seconds leave out those in which other programs had the processor.
    clock = time.process_time if options.threads == 1 else time.perf_counter
    table = Table(title=f"Learning on {options.threads} thread(s)")
    for column in ("lesson", "who", "accuracy, mean", "must", "seconds a run", "most", "theirs ÷ ours"):
        table.add_column(column)
    with on_threads(options.threads):
        for lesson in chosen:
            with console.status(f"training on {lesson.name}"):
                runs = run_lesson(lesson, clock)
            report["lessons"][lesson.name] = {name: asdict(learner) for name, learner in runs.items()}
            timing = Timing({name: learner.epochs for name, learner in runs.items()})
            for name, learner in runs.items():
                ours = name == "ours"
                low, middle, high = timing.ratio(name, "ours")
                table.add_row(
                    lesson.name if ours else "",
                    name,
                    f"{statistics.mean(learner.accuracies):.4f}",
                    f"{lesson.accuracy:g}" if ours else "",
                    f"{learner.seconds_a_run:.1f}",
                    f"{lesson.seconds:g}" if ours else "",
                    "" if ours else f"{middle:.2f} ({low:.2f}–{high:.2f})",
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

"""Measure what each search strategy finds for a budget of trials, on a real problem, and draw it.

A net with one hidden layer learns the embedded digits for three epochs; rate, momentum, weight decay and
width are searched for the lowest validation loss. Every strategy has the same budget, and starts anew for
every seed. What a trial comes to depends on its hyper-parameters alone.

Usage: python -m tools.measure_search [--seeds N] [--trials N] [--write docs/search.md]
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

import numpy as np

from course_lib import nn, optim, plots, set_num_threads
from course_lib.data import load_digits, stratified_split
from course_lib.training import evaluate, fit
from course_lib.training.search import (
    Integers,
    LogUniform,
    Round,
    SearchResult,
    Uniform,
    coarse_to_fine,
    search_hyperparameters,
)

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SPACE = {
    "rate": LogUniform(1e-4, 3.0),
    "momentum": Uniform(0.0, 0.98),
    "weight_decay": LogUniform(1e-6, 1e-1),
    "width": Integers(4, 64, log=True),
}
STRATEGIES = ("grid", "random", "bayesian", "evolutionary")
COARSE_TO_FINE = "coarse to fine"
TRAIN, VALIDATION = stratified_split(load_digits(), (0.5, 0.5), rng=0)


def validation_loss(found: dict) -> float:
    """Train a net with these hyper-parameters; early stopping stays out of it."""
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(64, found["width"], rng=0), nn.ReLU(), nn.Linear(found["width"], 10, rng=1)
    )
    optimizer = optim.SGD(
        model.parameters(), found["rate"], momentum=found["momentum"], weight_decay=found["weight_decay"]
    )
    loss = nn.CrossEntropyLoss()
    with np.errstate(all="ignore"):
        fit(model, loss, optimizer, TRAIN, epochs=3, batch_size=32, rng=0, progress=False)
        return evaluate(model, loss, VALIDATION)[0]


def searches(strategy: str, trials: int, seed: int) -> list[SearchResult]:
    """Return the rounds of one search; all strategies but one have a single round."""
    if strategy == COARSE_TO_FINE:
        rounds = [Round(trials // 2), Round(trials // 4), Round(trials - trials // 2 - trials // 4)]
        return [one.result for one in coarse_to_fine(validation_loss, SPACE, rounds, seed=seed)]
    # A grid of this budget has as many values each as fit into it.
    levels = int(trials ** (1 / len(SPACE)) + 1e-9) + 1 if strategy == "grid" else 1
    return [
        search_hyperparameters(
            validation_loss, SPACE, strategy=strategy, trials=trials, levels=levels, seed=seed
        )
    ]


def measure(seeds: int, trials: int) -> dict[str, np.ndarray]:
    """Return the budget curves of every strategy, shape (seeds, trials)."""
    curves = {}
    for strategy in (*STRATEGIES, COARSE_TO_FINE):
        rows = []
        for seed in range(seeds):
            values = np.concatenate([result.values for result in searches(strategy, trials, seed)])
            rows.append(np.minimum.accumulate(values))
        curves[strategy] = np.array(rows)
    return curves


def as_table(curves: dict[str, np.ndarray]) -> str:
    """Return medians over the seeds after some of the trials, as a Markdown table."""
    trials = next(iter(curves.values())).shape[1]
    marks = [mark for mark in (4, 8, 12, 16, 24, 32, 64) if mark <= trials]
    lines = ["| strategy | " + " | ".join(f"{mark} trials" for mark in marks) + " |"]
    lines.append("|---" * (len(marks) + 1) + "|")
    for name, rows in curves.items():
        cells = (f"{np.median(rows[:, mark - 1]):.3f}" for mark in marks)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure the search strategies.")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--trials", type=int, default=32)
    parser.add_argument("--write", type=Path, help="page to write the measurement into")
    options = parser.parse_args()
    set_num_threads(1)
    begin = time.perf_counter()
    curves = measure(options.seeds, options.trials)
    table = as_table(curves)
    print(table)
    print(f"{options.seeds * options.trials * len(curves)} trials in {time.perf_counter() - begin:.0f} s")
    if options.write is None:
        return
    best = {name: float(np.median(rows[:, -1])) for name, rows in curves.items()}
    ends = ", ".join(f"{name} at {value:.3f}" for name, value in best.items())
    alt = (
        f"Lowest validation loss so far over {options.trials} trials, median and middle half of "
        f"{options.seeds} searches. They end with {ends}."
    )
    figure = plots.show_search_budget(curves, alt=alt, ylabel="lowest validation loss", logarithmic=True)
    image = options.write.parent / "images" / "search_budget.png"
    image.write_bytes(figure.png())
    text = (
        f"Median over {options.seeds} searches of the lowest validation loss so far:\n\n{table}\n\n"
        f"![{alt}](images/{image.name})"
    )
    page = options.write.read_text(encoding="utf-8")
    pattern = re.compile(f"{BEGIN}.*{END}", re.DOTALL)
    options.write.write_text(pattern.sub(lambda _: f"{BEGIN}\n\n{text}\n\n{END}", page), encoding="utf-8")


if __name__ == "__main__":
    main()

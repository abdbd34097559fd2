"""Measure what docs/architectures.md says, and write it there: parameter counts, transfer, depth.

Each part stands between two comments in the page and is replaced whole. Counts take seconds, depth and
transfer some minutes each.

Usage: python -m tools.measure_architectures [counts] [transfer] [places] [depth] [--page FILE]
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from course_lib import nn, plots
from course_lib.nn import models
from course_lib.training import curves_by_depth, depth_experiment, transfer_table
from course_lib.training.depth import KINDS, DepthRun, GradientNorms, gradient_norms, small_clothes
from course_lib.training.transfer_cases import PIXELS, SOFTMAX, judge
from course_lib.training.transfer_tasks import clothes

PAGE = Path(__file__).resolve().parents[1] / "docs" / "architectures.md"
#: The net on which gradients are followed: deep enough that they grow or fade by orders of magnitude.
DEEPEST, WIDTHS = 44, (8, 16, 32)
#: Of the depth experiment's initial weights and orders.
SEEDS = (0, 1)


def counts(page: Path) -> str:
    """Return the table of parameters and multiply-adds, counted beside published."""
    lines = [
        "| net | parameters, counted | published | multiply-adds for an image | published by |",
        "|---|---:|---:|---:|---|",
    ]
    for net in models.PUBLISHED:
        size = nn.summary(net.build(rng=0), net.input_shape)
        lines.append(
            f"| {net.name} | {size.parameters:,} | {net.stated or f'{net.parameters:,}'} "
            f"| {size.multiply_adds / 1e6:,.1f} M | {net.source} |"
        )
    return "\n".join(lines)


def transfer(page: Path) -> str:
    """Return the table of the four cases."""
    return transfer_table().markdown()


def places(page: Path) -> str:
    """Return how much of the place a code has to keep, on clothes."""
    examples = 3, 30
    ways = {"pixels": (1, PIXELS), "trunk, mean over the map": (1, SOFTMAX)}
    ways |= {f"trunk, means over {grid}×{grid} parts": (grid, SOFTMAX) for grid in (2, 4)}
    heads = " | ".join(f"{count} a class" for count in examples)
    lines = [f"| clothes, test accuracy | {heads} |", "|---|---:|---:|"]
    for name, (grid, method) in ways.items():
        task = dataclasses.replace(clothes(), grid=grid)
        found = [judge(task, count, [method], seed=0, updates=1)[method] for count in examples]
        lines.append(f"| {name} | " + " | ".join(f"{accuracy:.3f}" for accuracy in found) + " |")
    return "\n".join(lines)


def depth(page: Path) -> str:
    """Return the table of the depth experiment; its figure is written beside the page."""
    data = small_clothes()
    return shown_depth(
        [run for seed in SEEDS for run in depth_experiment(data=data, seed=seed)], data[0], page
    )


def shown_depth(runs: list[DepthRun], train: tuple[np.ndarray, np.ndarray], page: Path) -> str:
    """Return the tables of runs over several seeds and of gradients before training; write the figure."""
    batch = train[0][:64], train[1][:64]
    norms = {
        kind: gradient_norms(build(DEEPEST, WIDTHS, 0), nn.CrossEntropyLoss(), batch)
        for kind, build in KINDS.items()
    }
    nets: dict[tuple[str, int], list[DepthRun]] = {}
    for run in runs:
        nets.setdefault((run.kind, run.depth), []).append(run)
    losses = curves_by_depth(runs)
    figure = plots.show_depth(
        losses,
        {kind: (found.layers, found.norms) for kind, found in norms.items()},
        alt=alt_text(losses, norms),
    )
    picture = page.parent / "images" / "depth.png"
    picture.write_bytes(figure.png())
    lines = [
        f"![{figure.alt}](images/{picture.name})",
        "",
        "| net | layers | training loss | training accuracy | test accuracy |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {kind} | {layers} | {_range([run.final_loss for run in same])} "
        f"| {_range([run.final_accuracy for run in same])} "
        f"| {_range([run.test_accuracy[-1] for run in same])} |"
        for (kind, layers), same in nets.items()
    ]
    lines += [
        "",
        f"| net of {DEEPEST} layers before training | gradient at the first ÷ at the last layer |",
        "|---|---:|",
    ]
    lines += [f"| {kind} | {_times(found.growth)} |" for kind, found in norms.items()]
    return "\n".join(lines)


def alt_text(losses: dict[str, dict[int, np.ndarray]], norms: dict[str, GradientNorms]) -> str:
    """Say in words what the figure shows, as measured."""
    curves = {
        f"{kind} {layers} layers": curve for kind, deep in losses.items() for layers, curve in deep.items()
    }
    ends = ", ".join(f"{name} {curve[-1]:.2f}" for name, curve in curves.items())
    epochs = len(next(iter(curves.values())))
    growths = ", ".join(f"{kind} {_times(found.growth)}" for kind, found in norms.items())
    return (
        f"Left: training loss over {epochs} epochs, a mean over {len(SEEDS)} seeds, which ends at: {ends}. "
        f"Right: norm of the gradient over the layers of nets with {DEEPEST}, logarithmic; at the first "
        f"layer it is as many times that at the last: {growths}."
    )


def _range(values: list[float]) -> str:
    return f"{np.mean(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


PARTS: dict[str, Callable[[Path], str]] = {
    "counts": counts,
    "transfer": transfer,
    "places": places,
    "depth": depth,
}


def replaced(text: str, part: str, content: str) -> str:
    """Return the page's text with the content of one part exchanged.

    Raises
    ------
    ValueError
        If the page has not exactly one place for it.
    """
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"the page must have {begin} and {end} once each")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{content}\n{end}{rest.partition(end)[2]}"


def main() -> None:
    """Measure the parts that are asked for and put them into the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=list(PARTS), choices=PARTS, metavar="part")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    for part in arguments.parts:
        started = time.perf_counter()
        content = PARTS[part](arguments.page)
        arguments.page.write_text(replaced(arguments.page.read_text("utf-8"), part, content), "utf-8")
        print(f"{part}: {time.perf_counter() - started:.0f} s\n{content}\n")


if __name__ == "__main__":
    main()

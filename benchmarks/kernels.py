"""`make bench`: the kernels beside the NumPy reference, and beside PyTorch where it is installed.

Prints a table, one row a piece of work, and writes it as JSON under `benchmarks/results/`.
"""

import argparse
import json
import platform
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

import course_lib
import course_lib.functional as F
from benchmarks.interleaved import interleave

try:
    import torch
    import torch.nn.functional as TF
except ImportError:
    torch = None

Pair = tuple[Callable[[], object], Callable[[], object] | None]


def array(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def conv2d(n: int, c: int, size: int, o: int, k: int, stride: int = 1, groups: int = 1) -> dict[str, Pair]:
    x, w, b = array(n, c, size, size), array(o, c // groups, k, k), array(o)
    how = {"stride": stride, "padding": k // 2, "groups": groups}
    dy = F.conv2d(x, w, b, **how)
    theirs = backward = None
    if torch:
        tx, tw, tb, tdy = (torch.from_numpy(a) for a in (x, w, b, dy))
        spatial = [k // 2, k // 2]

        def theirs():
            return TF.conv2d(tx, tw, tb, **how)

        def backward():
            return torch.ops.aten.convolution_backward(
                tdy, tx, tw, [o], [stride] * 2, spatial, [1, 1], False, [0, 0], groups, [True] * 3
            )

    name = f"conv2d {k}×{k} s{stride}" + (f" g{groups}" if groups > 1 else "") + f"  {n}×{c}×{size}²→{o}"
    return {
        f"{name} forward": (lambda: F.conv2d(x, w, b, **how), theirs),
        f"{name} backward": (lambda: F.conv2d_backward(dy, x, w, **how), backward),
    }


def max_pool2d() -> dict[str, Pair]:
    x = array(32, 64, 32, 32)
    y, indices = F.max_pool2d(x, 2)
    theirs = (lambda: TF.max_pool2d(tx, 2, return_indices=True)) if torch else None
    if torch:
        tx = torch.from_numpy(x)
    return {
        "max_pool2d 2×2  32×64×32² forward": (lambda: F.max_pool2d(x, 2), theirs),
        "max_pool2d 2×2  32×64×32² backward": (lambda: F.max_pool2d_backward(y, indices, x.shape), None),
    }


def batch_norm() -> dict[str, Pair]:
    x, gamma, beta = array(32, 64, 32, 32), array(64), array(64)
    y, cache = F.batch_norm(x, gamma, beta, training=True)
    theirs = None
    if torch:
        tensors = [torch.from_numpy(a) for a in (x, gamma, beta)]

        def theirs():
            return TF.batch_norm(tensors[0], None, None, tensors[1], tensors[2], training=True)

    return {
        "batch_norm  32×64×32² forward": (lambda: F.batch_norm(x, gamma, beta, training=True), theirs),
        "batch_norm  32×64×32² backward": (lambda: F.batch_norm_backward(y, cache), None),
    }


def small_ones() -> dict[str, Pair]:
    scores, targets = array(256, 10), np.arange(256) % 10
    x, w, b = array(256, 512), array(128, 512), array(128)
    planes = array(32, 64, 32, 32)
    theirs: dict[str, Callable[[], object] | None] = dict.fromkeys(("linear", "relu"))
    if torch:
        tx, tw, tb, tplanes = (torch.from_numpy(a) for a in (x, w, b, planes))
        theirs = {"linear": lambda: TF.linear(tx, tw, tb), "relu": lambda: TF.relu(tplanes)}
    return {
        "linear  256×512→128": (lambda: F.linear(x, w, b), theirs["linear"]),
        "relu  32×64×32²": (lambda: F.relu(planes), theirs["relu"]),
        "cross_entropy with gradient  256×10": (lambda: F.cross_entropy(scores, targets), None),
    }


def cases() -> dict[str, Pair]:
    """Every piece of work: our call through the public function, and PyTorch's where it can be named."""
    return {
        **conv2d(16, 32, 32, 64, 3),
        **conv2d(16, 64, 16, 128, 3),
        **conv2d(16, 64, 32, 64, 1),
        **conv2d(16, 3, 32, 32, 5),
        **conv2d(16, 64, 32, 64, 3, stride=2),
        **conv2d(16, 64, 32, 64, 3, groups=64),
        **conv2d(8, 1, 8, 16, 3),
        **max_pool2d(),
        **batch_norm(),
        **small_ones(),
    }


def with_backend(name: str, call: Callable[[], object]) -> Callable[[], object]:
    """The same call with another backend in force."""

    def switched():
        course_lib.set_backend(name)
        return call()

    return switched


def measure(threads: int, rounds: int) -> list[dict]:
    """One row a case: milliseconds of the kernels and how many times longer the others took."""
    course_lib.set_num_threads(threads)
    if torch:
        torch.set_num_threads(threads)
    rows = []
    for name, (ours, theirs) in cases().items():
        contenders = {"kernels": with_backend("kernels", ours), "reference": with_backend("reference", ours)}
        if theirs:
            contenders["torch"] = theirs
        timing = interleave(contenders, rounds=rounds)
        rows.append({"work": name, "threads": threads, "milliseconds": 1e3 * timing.median("kernels")})
        for other in contenders.keys() - {"kernels"}:
            rows[-1][other] = timing.ratio(other, "kernels")
    course_lib.set_backend("auto")
    return rows


def spread(quartiles: tuple[float, float, float] | None) -> str:
    """The median with its quartiles, or a dash where nothing was measured."""
    return "–" if quartiles is None else "{1:.2f}  ({0:.2f}–{2:.2f})".format(*quartiles)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    console = Console()
    results = []
    for threads in options.threads:
        with console.status(f"measuring with {threads} thread(s) …"):
            rows = measure(threads, options.rounds)
        results += rows
        table = Table("work", "ours, ms", title=f"{threads} thread(s): time of the other ÷ ours (quartiles)")
        for other in ("reference", "torch"):
            table.add_column(other, justify="right")
        for row in rows:
            shown = [
                "{1:.2f}  ({0:.2f}–{2:.2f})".format(*row[o]) if o in row else "–"
                for o in ("reference", "torch")
            ]
            table.add_row(row["work"], f"{row['milliseconds']:.3f}", *shown)
        console.print(table)
    target = Path(__file__).parent / "results" / "kernels.json"
    target.parent.mkdir(exist_ok=True)
    machine = {"cpu": cpu_name(), "python": platform.python_version(), "numpy": np.__version__}
    target.write_text(json.dumps({"machine": machine, "rows": results}, indent=1))
    console.print(f"{machine['cpu']}; written to {target}")


def cpu_name() -> str:
    """The processor's name as the system tells it."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        names = [
            line.partition(":")[2].strip()
            for line in listing.read_text().splitlines()
            if "model name" in line
        ]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()

"""What the machine is, and what it can do at best: multiply-adds a second, and bytes from and to memory."""

import ctypes
import os
import platform
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import course_lib
from benchmarks.pytorch import torch

SOURCE = Path(__file__).with_name("roofline.c")


@dataclass(frozen=True)
class Roofline:
    """The bounds on one thread; 0 where no C compiler is there to measure them."""

    giga_multiply_adds: float = 0.0
    gigabytes: float = 0.0


def description() -> dict[str, str]:
    """Name processor and versions."""
    facts = course_lib.show_config("dicts")
    return {
        "cpu": cpu_name(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "backend": facts["backend"],
        "instruction set": str(facts["instruction_set"]),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__ if torch else "not installed",
    }


def cpu_name() -> str:
    """Return the processor's name as the system tells it."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def measure_roofline(repeats: int = 9) -> Roofline:
    """Compile two loops for this very machine and take the best of some runs."""
    compiler = shutil.which("cc")
    if compiler is None:
        return Roofline()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "roofline.so")
        command = [compiler, "-O3", "-march=native", "-shared", "-fPIC", str(SOURCE), "-o", str(library)]
        if subprocess.run(command, capture_output=True).returncode:
            return Roofline()
        loops = ctypes.CDLL(str(library))
        loops.multiply_add.restype = ctypes.c_double
        rounds = 2_000_000
        seconds, operations = _best(lambda: loops.multiply_add(ctypes.c_long(rounds)), repeats)
        multiply_adds = operations / seconds / 1e9
        # Several times what a third-level cache holds.
        target, one, other = (np.ones(32_000_000, np.float32) for _ in range(3))
        pointers = [each.ctypes.data_as(ctypes.c_void_p) for each in (target, one, other)]
        seconds, _ = _best(lambda: loops.triad(*pointers, ctypes.c_long(target.size)), repeats)
        return Roofline(multiply_adds, 3 * target.nbytes / seconds / 1e9)


def _best(call, repeats: int) -> tuple[float, float]:
    call()
    runs = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = call()
        runs.append((time.perf_counter() - begin, result))
    return min(runs)

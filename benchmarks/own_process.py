"""What needs a process of its own: the time of an import, and the peak memory of a training run.

``python -m benchmarks.own_process ours`` (or ``torch``) trains the benchmark's network for some steps and
prints by how many bytes its peak memory exceeds that after the import.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.pytorch import HIDE, torch

STEPS = 30
GROUP = "Processes of their own"
IMPORT_MUST, MEMORY_MUST = 0.2, 1.2


def import_seconds(rounds: int = 7) -> dict:
    """Time `import course_lib.functional` above `import numpy`, in turn, each in a fresh process."""
    extra = [
        _python_seconds("import course_lib.functional") - _python_seconds("import numpy")
        for _ in range(rounds)
    ]
    low, middle, high = statistics.quantiles(extra, n=4, method="inclusive")
    return {"seconds": [low, middle, high], "must": IMPORT_MUST, "met": middle < IMPORT_MUST}


def peak_memory(rounds: int = 3) -> dict:
    """Compare the peak memory above import of the network's training on one thread."""
    ours = statistics.median(_peak("ours") for _ in range(rounds))
    found = {"ours_mb": ours / 1e6}
    if torch:
        theirs = statistics.median(_peak("torch") for _ in range(rounds))
        found |= {"torch_mb": theirs / 1e6, "ratio": ours / theirs, "must": MEMORY_MUST}
        found["met"] = ours / theirs <= MEMORY_MUST
    return found


def _python_seconds(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begin


def _peak(which: str) -> int:
    command = [sys.executable, "-m", "benchmarks.own_process", which]
    environment = os.environ | ({} if which == "torch" else {HIDE: "1"})
    outcome = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return int(outcome.stdout)


def _resident(peak: bool) -> int:
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage tells may be the peak of the process that started this one.
        facts = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return 1024 * int(facts["VmHWM" if peak else "VmRSS"].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _train(which: str) -> int:
    from benchmarks.training_work import our_step, torch_step

    if which == "torch":
        torch.set_num_threads(1)
        before = _resident(peak=False)
        step = torch_step()
    else:
        import course_lib

        course_lib.set_num_threads(1)
        before = _resident(peak=False)
        step = our_step()
    for _ in range(STEPS):
        step()
    return _resident(peak=True) - before


if __name__ == "__main__":
    print(_train(sys.argv[1]))

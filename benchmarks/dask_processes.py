"""A Dask scheduler and workers as processes of this machine, and what they used."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")
# As docs/cluster.md says: the scheduler keeps no copies of what it passed on.
_FORGETFUL = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0"}


@dataclass(frozen=True)
class Cluster:
    """Processes that run."""

    address: str
    scheduler: subprocess.Popen
    workers: tuple[subprocess.Popen, ...]


@contextmanager
def running_cluster(workers: int) -> Iterator[Cluster]:
    """Start a scheduler and so many workers of one thread, and end them afterwards."""
    with tempfile.TemporaryDirectory(prefix="dask-processes-") as name:
        base = Path(name)
        told = base / "scheduler.json"
        processes = [_start(base, "scheduler", "--port", "0", "--scheduler-file", str(told), "--no-show")]
        try:
            address = _address(told, processes[0])
            options = ("worker", address, "--no-nanny", "--nthreads", "1")
            processes += [_start(base, *options) for _ in range(workers)]
            yield Cluster(address, processes[0], tuple(processes[1:]))
        finally:
            # A worker that is asked to end waits for its scheduler, which may have ended.
            for process in processes:
                process.kill()
            for process in processes:
                process.wait()


def peak_mb(pid: int) -> float:
    """Return the peak resident memory of a process that runs, in MB."""
    return _status_mb(pid, "VmHWM")


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process that runs, in MB."""
    return _status_mb(pid, "VmRSS")


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a running process used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _status_mb(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise OSError(f"process {pid} tells no {name}")


def _start(base: Path, kind: str, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
    command += ["--host", "127.0.0.1", "--no-dashboard"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        command, cwd=base, env=os.environ | _FORGETFUL, stdin=nowhere, stdout=nowhere, stderr=nowhere
    )


def _address(path: Path, process: subprocess.Popen) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return json.loads(path.read_text())["address"]
        except (OSError, ValueError):
            time.sleep(0.05)
    raise SystemExit("the scheduler did not start")

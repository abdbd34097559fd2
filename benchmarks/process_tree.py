"""Peak memory of a program and of everything that it starts, read from /proc while it runs."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Memory:
    """Peak resident memory in MB; pages that processes share count in each of them."""

    coordinator_mb: float
    largest_worker_mb: float
    together_mb: float


def watch_memory(process: subprocess.Popen) -> Memory:
    """Wait for a program to end, and return what it and its descendants used at most."""
    own = largest = together = 0
    while True:
        sizes = _sizes(process.pid)
        own = max(own, sizes.pop(process.pid, 0))
        largest = max([largest, *sizes.values()])
        together = max(together, own + sum(sizes.values()))
        try:
            process.wait(_PAUSE)
        except subprocess.TimeoutExpired:
            continue
        return Memory(own / 1e6, largest / 1e6, together / 1e6)


def _sizes(root: int) -> dict[int, int]:
    """Return the resident bytes of a process and its descendants, by process id."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended meanwhile
    family, found = {root}, True
    while found:
        found = {pid for pid, parent in parents.items() if parent in family} - family
        family |= found
    sizes = {}
    for pid in family:
        try:
            sizes[pid] = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        except OSError:
            continue
    return sizes

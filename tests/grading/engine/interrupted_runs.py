"""Starts `course grade` as its user does, kills one of its processes, and compares what classes hold."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from nbgrader.api import Gradebook

# What each kind of process has in its command line.
TARGETS = {"coordinator": "grading.cli", "checker": "grading.checker", "sandbox": "grading.sandbox"}
# When and by which code: everything else must be the same.
_VOLATILE = ("seconds", "graded_at", "isolation", "restarts", "key", "engine_version")


def start_grading(root, *, workers=2):
    command = [sys.executable, "-m", "grading.cli", "grade", "sums", "--dir", root, "--workers", str(workers)]
    return subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )


def kill_one(grading, target, seconds):
    """After some seconds, kill a process of a kind; return its id, or None where there was none any more."""
    try:
        grading.wait(seconds)
    except subprocess.TimeoutExpired:
        word = TARGETS[target]
        found = sorted(pid for pid, command in family(grading.pid).items() if word in command)
        if found:
            os.kill(found[0], signal.SIGKILL)
            return found[0]
    return None


def finish(grading, seconds=120):
    output, _ = grading.communicate(timeout=seconds)
    return output.decode(errors="replace")


def family(root):
    """Return the command lines of a process and its descendants, by process id."""
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
    found, more = {root}, True
    while more:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        found |= more
    return {pid: commands[pid] for pid in found if pid in commands}


def await_ends(pids, seconds=20):
    """Wait until processes are gone, however they were started; return those that are left."""
    deadline = time.monotonic() + seconds
    while (left := [pid for pid in pids if _runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def recorded(root):
    """Return everything that a class directory says of its students, without times."""
    found = {"gradebook": {}, "results": {}, "notebooks": {}}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions("sums"):
            assert submission.student.id not in found["gradebook"]
            [notebook] = submission.notebooks
            found["gradebook"][submission.student.id] = sorted(
                (grade.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for grade in notebook.grades
            )
    for path in sorted((root / ".course" / "results" / "sums").glob("*")):
        data = json.loads(path.read_text())
        found["results"][path.name] = {key: data[key] for key in data if key not in _VOLATILE}
    for path in sorted((root / "autograded").rglob("*")):
        if path.is_file():
            found["notebooks"][str(path.relative_to(root))] = path.read_bytes()
    return found


def finished(root):
    """Return when each complete result was written, by student."""
    results = (root / ".course" / "results" / "sums").glob("*.json")
    return {path.stem: path.stat().st_mtime_ns for path in results}

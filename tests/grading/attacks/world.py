"""Around an attacked class: files worth stealing, doors to knock at, and what must not change."""

import contextlib
import ctypes
import hashlib
import json
import os
import secrets
import shutil
import socket
from pathlib import Path

import grading
from grading.engine import ClassDirectory

ASSIGNMENT = "attacks"
SCENARIOS = Path(grading.__file__).resolve().parents[1] / "tests" / "scenarios" / ASSIGNMENT
# Whatever an attack leaves behind carries this name.
MARKER = "ntc-attack"
PLANTED = {
    "master": "CANARY-MASTER-7c3a",
    "hidden tests": "CANARY-HIDDEN-91bf",
    "checks": "CANARY-CHECKS-5d1e",
    "gradebook": "CANARY-GRADEBOOK-2e90",
    "another submission": "CANARY-SUBMISSION-c4d8",
    "home": "CANARY-HOME-88ab",
    "environment": "CANARY-ENVIRONMENT-0b57",
    "outside": "CANARY-OUTSIDE-f31c",
}
_IPC = ("shm", "sem", "msg")
_SUBREAPER = 36


class World:
    """A class directory, a home, a directory that everybody may write to, and listening sockets.

    Everything is as readable as files can be: the sandbox alone stands between them and an attack.

    Parameters
    ----------
    root : Path
        An empty directory.
    """

    def __init__(self, root: Path):
        self.root = root
        self.home, self.outside, self.scratch = root / "home", root / "outside", root / "tmp"
        self._make_home()
        self.scratch.mkdir(mode=0o711)
        os.environ.update(HOME=str(self.home), TMPDIR=str(self.scratch), COURSE_SECRET=PLANTED["environment"])
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
        self.directory = ClassDirectory.create(root / "class")
        source = self.directory.assignment("source", ASSIGNMENT)
        source.mkdir(parents=True)
        shutil.copy(SCENARIOS / "assignment" / f"{ASSIGNMENT}.ipynb", source)
        checks = self.directory.extra_checks / ASSIGNMENT
        shutil.copytree(
            SCENARIOS / "assignment" / "checks", checks, ignore=shutil.ignore_patterns("__pycache__")
        )
        self._listen()
        self._ipc = _ipc_objects()
        self._self = _own_limits()

    def told(self) -> str:
        """Return what an attacker could know at best, as JSON."""
        return json.dumps(
            {
                "class": str(self.directory.root),
                "home": str(self.home),
                "outside": str(self.outside),
                "tmp": str(self.scratch),
                "project": str(Path(grading.__file__).resolve().parents[1]),
                "assignment": ASSIGNMENT,
                "victim": "honest-victim",
                "grader": os.getpid(),
                "tcp": self._sockets["tcp"].getsockname()[1],
                "udp": self._sockets["udp"].getsockname()[1],
                "abstract": self._abstract,
                "marker": MARKER,
            }
        )

    def secrets(self, seeds: list[str]) -> dict[str, str]:
        """Return everything that must never be shown, by what it is."""
        found = PLANTED | {"class key": self.directory.key_path.read_text().strip()}
        return found | {f"seed {number}": seed for number, seed in enumerate(seeds)}

    def snapshot(self) -> dict[str, tuple]:
        """Content, mode, owner, links and times of everything that grading has to leave alone."""
        kept = {}
        tops = [self.directory.root / name for name in ("submitted", "source", "release", "checks")]
        tops += [self.directory.root / "nbgrader_config.py", self.directory.key_path, self.home, self.outside]
        for top in tops:
            for path in [top, *sorted(top.rglob("*"))]:
                status = path.lstat()
                if path.is_symlink():
                    content = os.readlink(path)
                elif path.is_file():
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
                else:
                    content = sorted(os.listdir(path)) if path.is_dir() else None
                times = (status.st_mtime_ns, status.st_ctime_ns)
                kept[str(path)] = (content, status.st_mode, status.st_uid, status.st_nlink, times)
        return kept

    def left_behind(self) -> list[str]:
        """Return processes, IPC objects, sockets and files that outlived the grading, and visitors."""
        found = [f"process {line}" for line in descendants(os.getpid())]
        found += [f"IPC object {line}" for line in sorted(_ipc_objects() - self._ipc)]
        found += [f"in the temporary directory: {name}" for name in os.listdir(self.scratch)]
        for place in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/", self.outside, self.root):
            with contextlib.suppress(OSError):
                found += [f"{place}/{name}" for name in os.listdir(place) if MARKER in name]
        found += [f"socket {line.strip()}" for line in _lines("/proc/net/unix") if f"@{MARKER}" in line]
        found += [f"a visitor at the {name} socket" for name in self._sockets if self._visited(name)]
        if _own_limits() != self._self:
            found.append(f"the grader's own limits: {_own_limits()}, before {self._self}")
        return found

    def close(self) -> None:
        for listener in self._sockets.values():
            listener.close()

    def _make_home(self) -> None:
        for directory in (self.home / ".ssh", self.outside):
            directory.mkdir(parents=True)
        for path in (self.home / ".ssh" / "id_rsa", self.home / ".netrc", self.home / "grades.csv"):
            path.write_text(PLANTED["home"] + "\n")
        victim = self.outside / "victim"
        victim.write_text(PLANTED["outside"] + "\n")
        victim.chmod(0o666)
        for directory in (self.home, self.home / ".ssh", self.outside):
            directory.chmod(0o777)

    def _listen(self) -> None:
        self._sockets = {
            "tcp": socket.socket(),
            "udp": socket.socket(type=socket.SOCK_DGRAM),
            "unix": socket.socket(socket.AF_UNIX),
            "abstract": socket.socket(socket.AF_UNIX),
        }
        self._abstract = f"ntc-listener-{secrets.token_hex(4)}"
        for name in ("tcp", "udp"):
            self._sockets[name].bind(("127.0.0.1", 0))
        self._sockets["unix"].bind(str(self.outside / "socket"))
        os.chmod(self.outside / "socket", 0o777)
        self._sockets["abstract"].bind("\0" + self._abstract)
        for name, listener in self._sockets.items():
            listener.setblocking(False)
            if name != "udp":
                listener.listen()

    def _visited(self, name: str) -> bool:
        listener = self._sockets[name]
        try:
            listener.recv(100) if name == "udp" else listener.accept()
        except BlockingIOError:
            return False
        return True


def descendants(pid: int) -> list[str]:
    """Return the command of every process that descends from one; its own dead children are reaped first."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    parents, names = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                name, _, rest = Path(f"/proc/{entry}/stat").read_text().rpartition(")")
                parents[int(entry)], names[int(entry)] = int(rest.split()[1]), name
    found = []
    for child in parents:
        above = parents[child]
        while above in parents and above != pid:
            above = parents[above]
        if above == pid:
            found.append(names[child] + ")")
    return found


def _ipc_objects() -> set[str]:
    found = set()
    for kind in _IPC:
        for line in _lines(f"/proc/sysvipc/{kind}")[1:]:
            found.add(f"{kind} {' '.join(line.split()[:3])}")
    return found


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _own_limits() -> list:
    import resource

    limits = [
        resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")
    ]
    return [
        os.getpriority(os.PRIO_PROCESS, 0),
        sorted(os.sched_getaffinity(0)),
        os.sched_getscheduler(0),
        limits,
    ]

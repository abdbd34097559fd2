"""What one session may use, and the process attributes that hold it to that."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import os
import sys
from dataclasses import dataclass

try:
    import resource
except ImportError:  # Windows has none; confinement reports the layer as missing there.
    resource = None

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_READ = 23
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION = 0x20080522
_LAST_CAPABILITY = 63


@dataclass(frozen=True)
class Limits:
    """Budgets of one session; every one of them is finite.

    ``memory_bytes`` is address space beyond what the warm server already maps. ``session_seconds`` is
    wall-clock time from fork to end, ``cpu_seconds`` processor time over all threads. ``reply_bytes`` bounds
    the raw part of one frame, ``traffic_bytes`` all frames of a session.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    session_seconds: float = 180.0
    cpu_seconds: int = 180
    memory_bytes: int = 2 << 30
    file_bytes: int = 64 << 20
    open_files: int = 128
    threads: int = 64
    scratch_bytes: int = 128 << 20
    scratch_files: int = 2000
    output_bytes: int = 256 << 10
    image_bytes: int = 4 << 20
    outputs: int = 100
    reply_bytes: int = 64 << 20
    calls: int = 20_000
    traffic_bytes: int = 2 << 30

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**62:
                raise ValueError(f"{field.name}={value!r}: a limit must be a finite number above zero")

    def to_dict(self) -> dict:
        """Return the limits as plain numbers."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> Limits:
        """Make limits from numbers; names that are not limits raise ValueError."""
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"unknown limits {unknown}; known are {sorted(known)}")
        return cls(**values)


def set_resource_limits(limits: Limits, mapped_bytes: int, open_files: int = 0) -> str:
    """Set the hard resource limits of this process.

    Parameters
    ----------
    limits : Limits
        What is allowed.
    mapped_bytes : int
        What this process maps already, from `mapped_bytes`; its own memory limit counts from there.
    open_files : int
        Descriptors that it keeps open; its own limit counts from there.

    Returns
    -------
    str
        ``"held"``, or ``"missing: …"`` where the system has no such limits.
    """
    if resource is None:
        return "missing: this system has no resource limits"
    wanted = {
        "AS": mapped_bytes + limits.memory_bytes,
        "CPU": limits.cpu_seconds,
        "FSIZE": limits.file_bytes,
        "NOFILE": open_files + limits.open_files,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    refused = []
    for name, value in wanted.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        value = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
        try:
            resource.setrlimit(number, (value, value))
        except (ValueError, OSError) as error:
            refused.append(f"{name} ({error})")
    return f"missing: {', '.join(refused)}" if refused else "held"


def limit_tasks(threads: int) -> None:
    """Bound the tasks of this process's user to those that exist and ``threads`` more.

    The kernel counts per user and exempts uid 0, so that this only helps where the uid is an ordinary one;
    the supervisor counts threads besides.
    """
    if resource is None or not hasattr(resource, "RLIMIT_NPROC"):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    value = _tasks_of_user(os.getuid()) + threads
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (value, value))


def _tasks_of_user(uid: int) -> int:
    count = 0
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            try:
                if os.stat(f"/proc/{name}").st_uid == uid:
                    count += len(os.listdir(f"/proc/{name}/task"))
            except OSError:  # the process ended meanwhile, or hides from us
                count += 1
    return count


def mapped_bytes() -> int:
    """Return the size of this process's address space, 1 GB where the system does not tell."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 30


@functools.cache
def c_library() -> ctypes.CDLL:
    """Return the C library of this process, which keeps errno for ``ctypes.get_errno``."""
    return ctypes.CDLL(None, use_errno=True)


def prctl(option: int, argument: int = 0, second: int = 0) -> None:
    """Call prctl(2); raises OSError where it fails and NotImplementedError outside Linux."""
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("prctl exists on Linux only")
    zero = ctypes.c_ulong(0)
    if c_library().prctl(option, ctypes.c_ulong(argument), ctypes.c_ulong(second), zero, zero) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")


def die_with_parent(parent: int) -> None:
    """Ask for SIGKILL when the parent ends; to be called after a change of uid, which clears the request.

    Raises
    ------
    ProcessLookupError
        If the parent ended before the request was in place.
    """
    prctl(PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        raise ProcessLookupError("the parent process ended during the start")


def drop_to_uid(uid: int) -> None:
    """Become ``uid`` and its group for good, with no supplementary groups."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """Give up every capability, including the right to get one back."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    drop_bounding_set()
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)()
    if c_library().capset(header, data) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"capset: {os.strerror(code)}")


def drop_bounding_set() -> None:
    """Keep programs that are executed from here on from gaining capabilities; this process keeps what it has.

    Dropping is slow, so a server does it once for all its children. A process that may not drop any has none
    to give.
    """
    for capability in range(_LAST_CAPABILITY + 1):
        if c_library().prctl(PR_CAPBSET_READ, ctypes.c_ulong(capability)) != 1:
            continue
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except PermissionError:
            break


def held_capabilities() -> int:
    """Return the union of this process's effective, permitted, inheritable and ambient capability bits."""
    union = 0
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith(("CapInh", "CapPrm", "CapEff", "CapAmb")):
                union |= int(line.split()[1], 16)
    return union

"""All layers of isolation, applied to this process in the order that lets each of them hold.

Used by the children that run student code and, with other reading rules, by the processes that judge them.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence

from . import landlock
from .limits import (
    PR_SET_NO_NEW_PRIVS,
    Limits,
    die_with_parent,
    drop_capabilities,
    drop_to_uid,
    held_capabilities,
    limit_tasks,
    mapped_bytes,
    prctl,
    set_resource_limits,
)
from .seccomp import install_filter

HELD = "held"
# What must hold for isolation to count as full; a distinct uid comes on top where it is possible.
STRONG = (
    "one task",
    "process group",
    "resource limits",
    "capabilities",
    "parent death",
    "no new privileges",
    "landlock",
    "seccomp",
)


class ConfinementError(Exception):
    """The process cannot be confined safely and must not go on."""


def missing_layers(layers: dict[str, str]) -> list[str]:
    """Return the strong layers that do not hold; anything in it means reduced isolation."""
    return [name for name in STRONG if layers.get(name) != HELD]


def confine(
    *,
    read: Sequence[str | landlock.Rule],
    write: Sequence[str] = (),
    limits: Limits,
    uid: int | None = None,
    uid_reason: str = "the uid of the grader itself",
    parent: int | None = None,
    keep: Sequence[int] | None = None,
    allow_socket_messages: bool = False,
    new_session: bool = True,
) -> dict[str, str]:
    """Confine this process for good.

    Parameters
    ----------
    read : sequence of str or Rule
        Paths, or rules opened earlier, that may be read; the descriptors of opened rules stay open.
    write : sequence of str
        Directories that may be read and written, without execution, devices, sockets, FIFOs or links.
    limits : Limits
        Resource limits.
    uid : int, optional
        An unprivileged uid to become; only root can.
    uid_reason : str
        Without ``uid``: why the uid stays, for the report.
    parent : int, optional
        The process whose death must end this one; default is the present parent.
    keep : sequence of int, optional
        Close every descriptor except these and 0 to 2; by default none is closed.
    allow_socket_messages : bool
        Let sendmsg and recvmsg through, for a socket that is open already.
    new_session : bool
        Become the leader of a new session and process group.

    Returns
    -------
    dict
        Layer to ``"held"`` or ``"missing: why"``.

    Raises
    ------
    ConfinementError
        If the process has more than one task: a filter would cover one of them only.
    """
    layers: dict[str, str] = {}
    parent = os.getppid() if parent is None else parent
    tasks = _task_count()
    if tasks is not None and tasks != 1:
        raise ConfinementError(f"{tasks} tasks in this process; exactly one must run when it is confined")
    layers["one task"] = HELD if tasks == 1 else "missing: the system does not tell how many threads run"

    kept = 1 + max(_open_descriptors()) if keep is None else 0
    rules, closing = _rules(read, write)
    mapped = mapped_bytes()
    _prefer_as_memory_victim()
    if new_session:
        _apply(layers, "process group", _lead_session)
    if uid is None:
        layers["uid"] = f"missing: {uid_reason}"
    else:
        _apply(layers, "uid", lambda: drop_to_uid(uid))
    if os.geteuid() != 0:
        limit_tasks(limits.threads)
    _apply(layers, "capabilities", _without_capabilities)
    _apply(layers, "parent death", lambda: die_with_parent(parent))
    _apply(layers, "no new privileges", lambda: prctl(PR_SET_NO_NEW_PRIVS, 1))
    _apply(layers, "landlock", lambda: landlock.restrict(rules))
    for rule in closing:
        os.close(rule.fd)
    if keep is not None:
        _close_all_but({0, 1, 2, *keep})
    # Only now, since the rules may hold more descriptors open than the process may have afterwards.
    layers["resource limits"] = set_resource_limits(limits, mapped, kept)
    _apply(layers, "seccomp", lambda: install_filter(messages=allow_socket_messages))
    _verify(layers)
    return layers


def _rules(
    read: Sequence[str | landlock.Rule], write: Sequence[str]
) -> tuple[list[landlock.Rule], list[landlock.Rule]]:
    if landlock.abi_version() < 1:
        return [], []
    opened = landlock.open_rules((path for path in read if isinstance(path, str)), landlock.READ)
    opened += landlock.open_rules(write, landlock.SCRATCH)
    opened += landlock.open_rules([os.devnull], landlock.READ_FILE | landlock.WRITE_FILE)
    given = [rule for rule in read if isinstance(rule, landlock.Rule)]
    return given + opened, opened


def _open_descriptors() -> list[int]:
    directory = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    if not os.path.isdir(directory):
        return [2]
    listed = [int(name) for name in os.listdir(directory)]
    return [fd for fd in listed if _is_open(fd)]  # without the one that the listing itself needed


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def _close_all_but(kept: set[int]) -> None:
    start = 0
    for fd in sorted(kept):
        if start < fd:  # an empty range would make some versions of closerange close far too much
            os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, os.sysconf("SC_OPEN_MAX") if sys.platform == "darwin" else 1 << 20)


def _apply(layers: dict[str, str], name: str, action: Callable[[], object]) -> None:
    try:
        action()
    except (OSError, NotImplementedError, AttributeError) as error:
        layers[name] = f"missing: {error}"
    else:
        layers[name] = HELD


def _task_count() -> int | None:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


def _lead_session() -> None:
    os.setsid()


def _without_capabilities() -> None:
    if not sys.platform.startswith("linux"):
        raise NotImplementedError("capabilities exist on Linux only")
    drop_capabilities()
    held = held_capabilities()
    if held:
        raise PermissionError(f"capabilities {held:#x} are still held")


def _prefer_as_memory_victim() -> None:
    # When the machine itself runs out of memory, this process goes before the grader.
    if os.path.exists("/proc/self/oom_score_adj"):
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")


def _verify(layers: dict[str, str]) -> None:
    """Try what the two walls must deny; a wall that lets it through is reported as missing."""
    if layers["landlock"] == HELD:
        try:
            os.close(os.open("/", os.O_RDONLY))
        except PermissionError:
            pass
        else:
            layers["landlock"] = "missing: the root directory can still be read"
    if layers["seccomp"] == HELD:
        try:
            socket.socket(socket.AF_UNIX).close()
        except PermissionError:
            pass
        else:
            layers["seccomp"] = "missing: a socket can still be made"

"""Attacks each layer of the sandbox from the inside, with harmless means, and says which of them held."""

from __future__ import annotations

from dataclasses import dataclass

from grading.checker.clean_text import clean_text
from grading.checker.sandbox_client import Limits, ProtocolViolation, SandboxDied, SandboxServer, Session

CELL_SECONDS = 1.0
FILLING_SECONDS = 6.0
PACKAGES = ("numpy", "matplotlib", "ipython")
LIMITS = Limits(
    cell_seconds=8.0,
    call_seconds=1.0,
    session_seconds=20.0,
    cpu_seconds=20,
    memory_bytes=1 << 30,
    file_bytes=4 << 20,
    scratch_bytes=8 << 20,
)


# How a layer says no. Any other exception means that the attack itself is broken, and proves nothing.
REFUSALS = frozenset({"PermissionError", "OSError", "MemoryError", "ValueError", "BlockingIOError"})
FILLING = """
import time
for number in range(64):
    open(f"part{number}", "wb").write(bytes(1 << 20))
    time.sleep(0.05)
"""
STUBBORN = """
import time
end = time.time() + 6
while time.time() < end:
    try:
        while time.time() < end:
            pass
    except BaseException:
        pass
"""


@dataclass(frozen=True)
class Attack:
    """One attack: a cell that prints what it achieved, or is refused.

    Attributes
    ----------
    name : str
        What is attacked.
    layer : str
        The layer that must refuse it.
    source : str
        The cell; running to its end means that the layer did not hold.
    ends_session : bool
        Whether being killed is the way in which the layer holds.
    """

    name: str
    layer: str
    source: str
    ends_session: bool = False


ATTACKS = (
    Attack("read the password file", "landlock", "open('/etc/passwd').read()"),
    Attack("list the root directory", "landlock", "os.listdir('/')"),
    Attack(
        "read another process's environment", "landlock", "open(f'/proc/{os.getppid()}/environ', 'rb').read()"
    ),
    Attack(
        "write outside the scratch directory",
        "landlock",
        "os.mkdir('/var/tmp/probe'); os.rmdir('/var/tmp/probe')",
    ),
    Attack("read the reference solutions", "landlock", "import course_lib.reference"),
    Attack("read the checks", "landlock", "import grading.checks.loading"),
    Attack("open a socket", "seccomp", "import socket; socket.socket()"),
    Attack("start a process", "seccomp", "if os.fork() == 0: os._exit(0)"),
    Attack("run a program", "seccomp", "os.execv('/bin/true', ['true'])"),
    Attack("signal the parent process", "seccomp", "os.kill(os.getppid(), 0)"),
    Attack(
        "be traced",
        "seccomp",
        "import ctypes\nif ctypes.CDLL(None).ptrace(0, 0, 0, 0): raise PermissionError",
    ),
    Attack("make anonymous memory files", "seccomp", "os.memfd_create('probe')"),
    Attack("become another user", "capabilities", "os.setresuid(9, 9, 9); os.chroot('.')"),
    Attack("use more memory than allowed", "resource limits", "block = bytearray(4 << 30)"),
    Attack("write a larger file than allowed", "resource limits", "open('big', 'wb').write(bytes(6 << 20))"),
    Attack(
        "raise a limit", "resource limits", "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (9999, 9999))"
    ),
    Attack("fill the scratch directory", "scratch quota", FILLING, ends_session=True),
    Attack("ignore the wall clock", "wall clock", STUBBORN, ends_session=True),
)


def run_probes(scratch_root: str | None = None) -> list[dict]:
    """Start a sandbox and attack it.

    Parameters
    ----------
    scratch_root : str, optional
        Where its scratch directories are made; default is the system's.

    Returns
    -------
    list of dict
        ``name``, ``layer``, ``held`` and ``detail`` of every attack.

    Raises
    ------
    SandboxUnavailable
        If there is no sandbox on this system.
    """
    policy = {"packages": PACKAGES, "files": ()}
    with SandboxServer.start(policy, LIMITS, scratch_root) as server:
        return [_probe(server, attack) for attack in ATTACKS]


def _probe(server: SandboxServer, attack: Attack) -> dict:
    try:
        with server.open() as session:
            held, detail = _attack(session, attack)
    except SandboxDied as died:
        held, detail = False, f"the session could not be opened: {died}"
    return {"name": attack.name, "layer": attack.layer, "held": held, "detail": clean_text(detail, 300)}


def _attack(session: Session, attack: Attack) -> tuple[bool, str]:
    seconds = FILLING_SECONDS if attack.layer == "scratch quota" else CELL_SECONDS
    try:
        reply = session.run_cell(f"import os\n{attack.source}", timeout=seconds)
    except (SandboxDied, ProtocolViolation) as ended:
        return attack.ends_session, str(ended)
    if reply.error is None:
        return False, "the attack succeeded"
    name = reply.error[0]
    return name in REFUSALS and not attack.ends_session, f"{name}: {reply.error[1]}"

"""Who ends with whom: sessions with their client, the server with its owner, and strays with the server."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from forked import in_child

from grading.checker import sandbox_client
from grading.checker.sandbox_client import Limits, SandboxDied, SandboxServer
from grading.sandbox import supervisor
from grading.sandbox.confinement import confine
from grading.sandbox.control import ControlSocket
from grading.sandbox.reading import plan_reading
from grading.sandbox.session import Start
from grading.sandbox.supervisor import Supervisor

PATIENCE = 20.0


def _eventually(condition: Callable[[], bool]) -> bool:
    """Wait for what another process does; bounded, and false when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


OWNER = """
import os, sys, time
sys.path.insert(0, {project!r})
from grading.checker.sandbox_client import SandboxServer
server = SandboxServer.start({{"packages": ["numpy", "matplotlib", "ipython"]}}, scratch_root={root!r})
session = server.open()
pid = session.run_cell("import os; os.getpid()").outputs[0]["data"]["text/plain"]
print(server._pid, pid, flush=True)
session.run_cell("while True:\\n  try:\\n    while True: sum(range(99))\\n  except BaseException: pass")
"""


def test_a_killed_owner_takes_everything_along(tmp_path: Path) -> None:
    project = str(Path(__file__).resolve().parents[3])
    source = OWNER.format(project=project, root=str(tmp_path))
    with subprocess.Popen([sys.executable, "-I", "-c", source], stdout=subprocess.PIPE, text=True) as owner:
        server_pid, session_pid = map(int, owner.stdout.readline().split())
        assert _alive(server_pid)
        assert _alive(session_pid)
        owner.kill()
    assert _eventually(lambda: not _alive(session_pid) and not _alive(server_pid))
    assert _eventually(lambda: list(tmp_path.iterdir()) == [])


def test_a_killed_server_ends_its_sessions(tmp_path: Path) -> None:
    policy = {"packages": ["numpy", "matplotlib", "ipython"]}
    with SandboxServer.start(policy, Limits(), str(tmp_path)) as server:
        session = server.open()
        pid = int(session.run_cell("import os; os.getpid()").outputs[0]["data"]["text/plain"])
        os.kill(server._pid, signal.SIGKILL)
        assert _eventually(lambda: not _alive(pid))
        with pytest.raises(SandboxDied):
            session.run_cell("1")
        with pytest.raises(SandboxDied, match="server"):
            server.open()


def test_a_server_killed_while_it_starts_is_started_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawn, pids = sandbox_client._spawn, []

    def spawn_and_kill(*descriptors: int) -> int:
        pids.append(spawn(*descriptors))
        if len(pids) == 1:
            os.kill(pids[0], signal.SIGKILL)
        return pids[-1]

    monkeypatch.setattr(sandbox_client, "_spawn", spawn_and_kill)
    with SandboxServer.start({"packages": ["numpy"]}, Limits(), str(tmp_path)) as server:
        assert server.alive
        assert len(pids) == 2
    assert not any(map(_alive, pids))


def test_a_session_ends_with_the_process_that_opened_it(server: SandboxServer) -> None:
    def work() -> int:
        session = server.open()
        return int(session.run_cell("import os; os.getpid()").outputs[0]["data"]["text/plain"])

    pid = in_child(work)
    assert _eventually(lambda: not _alive(pid))
    with server.open() as session:
        assert session.run_cell("1").error is None


def test_a_confined_process_can_use_the_server(server: SandboxServer) -> None:
    def work() -> list:
        layers = confine(read=[], limits=Limits(), allow_socket_messages=True)
        with server.open() as session:
            session.run_cell("def f(x): return x + 1")
            answer = session.call("f", (41,)).value
        return [answer, session.close().reason, layers["seccomp"]]

    answer, reason, _ = in_child(work)
    assert (answer, reason) == (42, "finished")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a process that adopts orphans")
def test_what_escapes_a_session_without_walls_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, write = os.pipe()

    def escape(start: Start, shell: object, parent: int) -> None:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(write, str(os.getpid()).encode())
                time.sleep(3600)
            os._exit(0)
        os.wait()
        os._exit(0)

    def work() -> list:
        monkeypatch.setattr(supervisor, "run_session", escape)
        template = Start(-1, -1, Limits(), str(tmp_path), plan_reading([]), (), None, "", b"")
        _, orders = socket.socketpair()
        watcher = Supervisor(ControlSocket(orders), None, template)
        pipes = [os.pipe() for _ in range(3)]
        watcher.open_session("x", Limits(), bytes(32), (pipes[0][0], pipes[1][1], pipes[2][1]))
        watcher.wait_until_idle(time.monotonic() + PATIENCE)
        stray = int(os.read(read, 20))
        return [stray, os.read(pipes[2][0], 4096).decode()]

    stray, report = in_child(work)
    assert "finished" in report
    assert _eventually(lambda: not _alive(stray))
    assert list(tmp_path.iterdir()) == []

"""Cells that end their process or do not end: each session ends as stated, and the next one is served."""

from dataclasses import replace

import pytest

from grading.checker.sandbox_client import SandboxDied, SandboxServer, SandboxTimeout, Session

pytestmark = pytest.mark.usefixtures("serves_the_next")


class TestDeath:
    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("import os; os._exit(0)", "ended itself"),
            ("import os; os._exit(3)", "exit code 3"),
            ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "SIGTERM"),
            (
                "import sys; sys.setrecursionlimit(10**9)\nx = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
                "SIG",
            ),
        ],
    )
    def test_is_reported_with_its_reason(self, session: Session, source: str, reason: str) -> None:
        with pytest.raises(SandboxDied) as caught:
            session.run_cell(source)
            session.run_cell("1")
        assert not isinstance(caught.value, SandboxTimeout)
        assert reason in caught.value.reason

    def test_ends_every_later_request(self, session: Session) -> None:
        with pytest.raises(SandboxDied):
            session.run_cell("import os; os._exit(1)")
        with pytest.raises(SandboxDied, match="has ended"):
            session.run_cell("1")

    def test_in_a_call_is_no_result(self, session: Session) -> None:
        session.run_cell("import os\ndef f():\n    os._exit(0)")
        with pytest.raises(SandboxDied):
            session.call("f")


class TestTime:
    def test_loop_in_a_cell_costs_that_cell(self, session: Session) -> None:
        reply = session.run_cell("while True:\n    pass", timeout=0.3)
        assert reply.error[0] == "CellTimeout"
        assert session.run_cell("1 + 1").error is None

    def test_loop_that_catches_everything_is_killed(self, session: Session) -> None:
        with pytest.raises(SandboxTimeout, match="no reply within 2.2 seconds"):
            session.run_cell(
                "while True:\n    try:\n        while True: sum(range(1000))\n    except BaseException: pass",
                timeout=0.2,
            )

    def test_loop_in_a_call_is_killed(self, session: Session) -> None:
        session.run_cell("def f():\n    while True: pass")
        with pytest.raises(SandboxTimeout):
            session.call("f", timeout=0.3)

    def test_loop_in_c_with_ignored_signals_is_killed(self, session: Session) -> None:
        source = "import signal, ctypes\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        source += "    except OSError: pass\nctypes.pythonapi.PyGILState_Ensure()\nsum(iter(int, 1))"
        with pytest.raises(SandboxTimeout):
            session.run_cell(source, timeout=0.2)

    def test_whole_session_is_bounded(self, server: SandboxServer) -> None:
        with (
            server.open(replace(server.limits, session_seconds=0.5)) as session,
            pytest.raises(SandboxDied, match="seconds in all"),
        ):
            for _ in range(10):
                session.run_cell("__import__('time').sleep(0.2)")

    def test_processor_time_is_bounded(self, server: SandboxServer) -> None:
        with (
            server.open(replace(server.limits, cpu_seconds=1)) as session,
            pytest.raises(SandboxDied, match="processor"),
        ):
            session.run_cell("while True:\n    pass")

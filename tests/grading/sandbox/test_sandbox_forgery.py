"""Cells that write on the channel themselves: nothing that they forge is worth more than a value."""

import pytest
from hostile_cells import show

from grading.checker.sandbox_client import ProtocolViolation, SandboxDied, Session

pytestmark = pytest.mark.usefixtures("serves_the_next")


class TestForgery:
    def test_prints_cannot_reach_the_channel(self, session: Session) -> None:
        reply = session.run_cell(
            "import os, sys\nfor fd in (0, 1, 2): os.write(fd, b'NTF1 forged')\nprint('NTF1')\n"
            "sys.__stdout__.write('NTF1'); None"
        )
        assert reply.error is None
        assert session.run_cell("1").error is None

    @pytest.mark.parametrize(
        "junk", ["b'junk' * 10", "b'NTF1' + bytes(4) + b'\\xff' * 8", "b'NTF1' + b'\\xff' * 12"]
    )
    def test_bytes_on_the_channel_end_the_session(self, session: Session, junk: str) -> None:
        source = (
            f"import os\nfor fd in range(3, 20):\n    try: os.write(fd, {junk})\n    except OSError: pass"
        )
        with pytest.raises((ProtocolViolation, SandboxDied)):
            session.run_cell(source)
            session.run_cell("1")

    FORGER = """
import os, sys, json, struct, gc
def frame(message):
    data = json.dumps(message).encode()
    for fd in range(3, 20):
        try: os.write(fd, struct.pack('>4sIQ', b'NTF1', len(data), 0) + data)
        except OSError: pass
def nonce():
    f = sys._getframe()
    while f:
        if isinstance(f.f_locals.get('request'), dict): return f.f_locals['request']['nonce']
        f = f.f_back
"""

    def test_a_forged_reply_with_the_right_nonce_is_one_value_and_then_the_end(
        self, session: Session
    ) -> None:
        source = (
            self.FORGER
            + "def f():\n    frame({'nonce': nonce(), 'value': True, 'arguments': [], 'handles': []})"
        )
        session.run_cell(source + "\n    return 1")
        # What it forges is what it could have returned.
        assert session.call("f").value is True
        with pytest.raises((ProtocolViolation, SandboxDied)):
            session.call("f")

    @pytest.mark.parametrize(
        "message",
        [
            "{'nonce': nonce(), 'points': 10}",
            "{'nonce': nonce()}",
            "{'nonce': 'guessed', 'value': True, 'arguments': [], 'handles': []}",
            "{'nonce': nonce(), 'value': ['h', 7], 'arguments': [], 'handles': []}",
            "{'nonce': nonce(), 'value': True, 'arguments': [1], 'handles': []}",
            "{'nonce': nonce(), 'value': 5, 'arguments': [], 'handles': []}",
            "{'nonce': nonce(), 'value': ['a', 'object', [1], 8], 'arguments': [], 'handles': []}",
            "{'nonce': nonce(), 'value': ['a', 'float64', [10**12], 8], 'arguments': [], 'handles': []}",
            "{'nonce': nonce(), 'raised': {'name': 'AssertionError', 'text': '', 'traceback': ''}}",
            "{'nonce': nonce(), 'raised': {'name': 'SystemExit', 'text': '', 'traceback': ''}}",
            "[1]",
        ],
    )
    def test_malformed_replies_end_the_session(self, session: Session, message: str) -> None:
        session.run_cell(self.FORGER + f"def f():\n    frame({message})")
        with pytest.raises((ProtocolViolation, SandboxDied)):
            session.call("f")
        with pytest.raises(SandboxDied, match="has ended"):
            session.call("f")

    def test_closing_the_channel_ends_the_session(self, session: Session) -> None:
        with pytest.raises((SandboxDied, ProtocolViolation)):
            session.run_cell("import os, time\nos.closerange(3, 20)\ntime.sleep(30)", timeout=2)


def test_sandbox_holds_nothing_of_the_grader(session: Session) -> None:
    source = "import os, sys\nprint(sorted(os.environ))\n"
    source += "print([m for m in sys.modules if m.startswith('grading')])\nfds = []\nfor fd in range(64):\n"
    source += "    try: os.fstat(fd); fds.append(fd)\n    except OSError: pass\nprint(fds)"
    environ, modules, descriptors = show(session, source).splitlines()
    assert environ == str(
        [
            "HOME",
            "MPLBACKEND",
            "MPLCONFIGDIR",
            "NBGRADER_EXECUTION",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "TMPDIR",
        ]
    )
    assert modules == "['grading']"
    assert len(descriptors.split(",")) == 5

"""Cells that take too much memory, room or output: each is contained, and the next session is served."""

import pytest
from hostile_cells import refused

from grading.checker.sandbox_client import SandboxDied, Session

pytestmark = pytest.mark.usefixtures("serves_the_next")


class TestResources:
    def test_memory_hog_gets_memory_error(self, session: Session) -> None:
        reply = session.run_cell("held = []\nwhile True:\n    held.append(bytearray(16 << 20))")
        assert reply.error[0] == "MemoryError"
        assert session.run_cell("del held\n1").error is None

    def test_huge_arrays_are_refused(self, session: Session) -> None:
        reply = session.run_cell("import numpy as np\nnp.ones(10**10)")
        assert reply.error[0] in ("MemoryError", "_ArrayMemoryError")

    @pytest.mark.parametrize(
        "source",
        [
            "import os; os.memfd_create('x')",
            "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\n"
            "if l.shmget(0, 1 << 20, 0o1600) < 0: raise OSError(ctypes.get_errno(), 'shmget')",
            "from multiprocessing import shared_memory\nshared_memory.SharedMemory(create=True, size=100)",
            "import mmap, os\nmmap.mmap(os.open('/dev/shm/x', os.O_CREAT | os.O_RDWR), 100)",
        ],
    )
    def test_shared_memory_is_refused(self, session: Session, source: str) -> None:
        assert refused(session, source)

    def test_endless_output_is_cut(self, session: Session) -> None:
        reply = session.run_cell("for _ in range(200): print('x' * 1_000_000)")
        assert reply.error is None
        (output,) = reply.outputs
        assert len(output["text"]) < session.limits.output_bytes + 200
        assert "output cut" in output["text"]

    def test_millions_of_outputs_are_cut(self, session: Session) -> None:
        reply = session.run_cell("from IPython.display import display\nfor i in range(2000): display(i)")
        assert len(reply.outputs) <= session.limits.outputs + 1
        assert "outputs cut" in reply.outputs[-1]["text"]

    def test_large_file_is_refused(self, session: Session) -> None:
        reply = session.run_cell("f = open('big', 'wb')\nf.write(bytes(9 << 20))\nf.flush()")
        assert reply.error[0] == "OSError"

    def test_many_large_files_end_the_session(self, session: Session) -> None:
        source = "import time\nfor i in range(10): open(f'f{i}', 'wb').write(bytes(7 << 20)); time.sleep(0.1)"
        with pytest.raises(SandboxDied, match="bytes of files"):
            session.run_cell(source)

    def test_cell_that_writes_too_much_at_once_gets_the_blame(self, session: Session) -> None:
        with pytest.raises(SandboxDied, match="bytes of files"):
            session.run_cell("for i in range(3): open(f'f{i}', 'wb').write(bytes(7 << 20))")

    def test_call_that_writes_too_much_at_once_gets_the_blame(self, session: Session) -> None:
        session.run_cell("def f():\n    for i in range(3): open(f'f{i}', 'wb').write(bytes(7 << 20))")
        with pytest.raises(SandboxDied, match="bytes of files"):
            session.call("f")

    def test_every_descriptor_in_use_ends_nothing(self, session: Session) -> None:
        reply = session.run_cell("held = []\nwhile True: held.append(open('f', 'w'))")
        assert reply.error[0] == "OSError"
        assert session.run_cell("held.clear()\n1").error is None

    def test_removed_files_count_while_they_are_open(self, session: Session) -> None:
        source = "import os, time\nheld = []\nfor i in range(10):\n    f = open('x', 'wb')\n"
        source += "    f.write(bytes(7 << 20))\n"
        source += "    f.flush(); os.unlink('x'); held.append(f); time.sleep(0.1)"
        with pytest.raises(SandboxDied, match="removed files"):
            session.run_cell(source)

    def test_sparse_files_are_bounded_by_the_file_limit(self, session: Session) -> None:
        assert refused(session, "f = open('sparse', 'wb')\nf.truncate(1 << 40)")

    def test_thirty_thousand_files_end_the_session(self, session: Session) -> None:
        source = "for i in range(30_000): open(f'f{i}', 'w').close()\nimport time; time.sleep(3)"
        with pytest.raises(SandboxDied, match="files"):
            session.run_cell(source)

    def test_three_thousand_deep_directories_end_the_session(self, session: Session) -> None:
        source = "import os, time\nfor i in range(3000):\n    os.mkdir('d' * 99)\n    os.chdir('d' * 99)\n"
        source += "time.sleep(3)"
        with pytest.raises(SandboxDied, match="deeper"):
            session.run_cell(source)

    def test_unreadable_directories_are_removed_with_the_rest(self, session: Session) -> None:
        assert session.run_cell("import os; os.umask(0o777); os.makedirs('a'); os.mkdir('b')").error is None

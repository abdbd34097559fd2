"""Hostile cells: each is contained, its session ends or goes on as stated, and the next one is served."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grading.checker.sandbox_client import (
    ProtocolViolation,
    SandboxDied,
    SandboxServer,
    SandboxTimeout,
    Session,
)

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def serves_the_next(server: SandboxServer, scratch_root: str) -> Iterator[None]:
    """After every attack the next session works, and no file of the last one is left."""
    yield
    with server.open() as session:
        assert session.run_cell("6 * 7").outputs[0]["data"]["text/plain"] == "42"
    left = [name for name in os.listdir(scratch_root) if name.startswith("scratch-")]
    assert left == []


def _show(session: Session, source: str) -> str:
    """Run a cell and return everything that it showed as text."""
    reply = session.run_cell(source)
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
        for output in reply.outputs
    )


def _refused(session: Session, source: str) -> bool:
    reply = session.run_cell(source)
    return reply.error is not None and reply.error[0] in ("PermissionError", "BlockingIOError", "OSError")


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
        began = time.monotonic()
        with pytest.raises(SandboxTimeout, match="no reply"):
            session.run_cell(
                "while True:\n    try:\n        while True: sum(range(1000))\n    except BaseException: pass",
                timeout=0.2,
            )
        assert time.monotonic() - began < 4

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
        with server.open(replace(server.limits, session_seconds=0.5)) as session:
            session.run_cell("import time")
            with pytest.raises(SandboxDied, match="seconds in all"):
                session.run_cell("time.sleep(5)")

    def test_processor_time_is_bounded(self, server: SandboxServer) -> None:
        with (
            server.open(replace(server.limits, cpu_seconds=1)) as session,
            pytest.raises(SandboxDied, match="processor"),
        ):
            session.run_cell("while True:\n    pass")


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
        assert _refused(session, source)

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
        assert _refused(session, "f = open('sparse', 'wb')\nf.truncate(1 << 40)")

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


class TestProcesses:
    @pytest.mark.parametrize(
        "source",
        [
            "import os; os.fork()",
            "import os; os.forkpty()",
            "import subprocess; subprocess.run(['/bin/true'])",
            "import os; os.posix_spawn('/bin/true', ['true'], {})",
            "import os; os.execv('/bin/true', ['true'])",
            "import multiprocessing as m; m.get_context('fork').Process(target=print).start()",
            "import os; os.setsid()",
            "import os; os.setpgid(0, 0)",
            "import os; os.nice(5)",
            "import os; os.sched_setaffinity(0, {0})",
            "import os; os.kill(os.getppid(), 0)",
            "import os; os.kill(1, 9)",
            "import os; os.kill(-1, 9)",
            "import os; os.kill(0, 15)",
            "import os; os.killpg(os.getpgrp(), 9)",
            "import resource as r, os; r.prlimit(os.getppid(), r.RLIMIT_NOFILE)",
            "import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0))",
            "import os; os.setuid(65534)",
            "import os; os.pidfd_open(os.getppid())",
        ],
    )
    def test_other_processes_are_out_of_reach(self, session: Session, source: str) -> None:
        reply = session.run_cell(source)
        assert reply.error is not None
        assert reply.error[0] in ("PermissionError", "OSError", "ValueError"), reply.error

    @pytest.mark.parametrize(
        ("call", "arguments"),
        [
            ("ptrace", "16, os.getppid(), None, None"),
            ("process_vm_readv", "os.getppid(), None, 0, None, 0, 0"),
            ("unshare", "0x10000000"),
            ("personality", "0xffffffff"),
            ("prctl", "1, 0, 0, 0, 0"),
            ("prctl", "4, 1, 0, 0, 0"),
            ("inotify_init", ""),
            ("chroot", "b'.'"),
            ("sethostname", "b'x', 1"),
            ("vfork", ""),
            ("mount", "b'none', b'.', b'tmpfs', 0, None"),
            ("semget", "0, 1, 0o1600"),
            ("msgget", "0, 0o1600"),
        ],
    )
    def test_system_calls_outside_the_list_are_refused(
        self, session: Session, call: str, arguments: str
    ) -> None:
        source = (
            f"import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nr = libc.{call}({arguments})\n"
        )
        assert _show(session, source + "(r, ctypes.get_errno())") == "(-1, 1)"

    @pytest.mark.parametrize("number", [425, 434, 438, 448, 298, 321, 323, 250, 272, 319, 1073741824 + 39])
    def test_raw_system_calls_outside_the_list_are_refused(self, session: Session, number: int) -> None:
        source = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        assert (
            _show(session, source + f"(libc.syscall({number}, 0, 0, 0, 0, 0), ctypes.get_errno())")
            == "(-1, 1)"
        )

    def test_foreign_abi_ends_the_process(self, session: Session) -> None:
        # mov eax, 20 (getpid of the 32-bit interface); int 0x80; ret
        source = """
        import ctypes, mmap
        page = mmap.mmap(-1, 4096, prot=7)
        page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
        """
        with pytest.raises(SandboxDied, match="SIGSYS"):
            session.run_cell("\n".join(line.strip() for line in source.splitlines()))

    def test_a_few_threads_work(self, session: Session) -> None:
        source = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool:\n"
        assert _show(session, source + "    total = sum(pool.map(abs, range(-9, 0)))\ntotal") == "45"

    def test_thread_bomb_ends_the_session(self, session: Session) -> None:
        source = "import threading, time\nthreading.stack_size(1 << 16)\nwhile True:\n"
        source += "    threading.Thread(target=time.sleep, args=(60,)).start()"
        with pytest.raises(SandboxDied, match="threads"):
            session.run_cell(source + "\n    time.sleep(0.001)")

    def test_nothing_outlives_the_session(self, server: SandboxServer) -> None:
        with server.open() as session:
            pid = int(_show(session, "import os, threading, time, atexit\nos.getpid()"))
            session.run_cell("threading.Thread(target=time.sleep, args=(3600,)).start()")
            session.run_cell("atexit.register(time.sleep, 3600)")
        assert not os.path.exists(f"/proc/{pid}")


class TestFiles:
    @pytest.mark.parametrize(
        "path",
        [
            "/etc/shadow",
            "/etc/passwd",
            "/proc/self/environ",
            "/proc/self/status",
            "/proc/1/cmdline",
            str(Path.home() / ".bashrc"),
            str(PROJECT / "grading" / "checks" / "__init__.py"),
            str(PROJECT / "grading" / "source" / "convolution" / "convolution.ipynb"),
            str(PROJECT / "grading" / "sandbox" / "session.py"),
            str(PROJECT / "course_lib" / "reference" / "convolution.py"),
            str(PROJECT / "course_lib" / "functional" / "convolution.py"),
            str(PROJECT / "pyproject.toml"),
        ],
    )
    def test_outside_files_cannot_be_read(self, session: Session, path: str) -> None:
        reply = session.run_cell(f"open({path!r}).read()")
        assert reply.error is not None
        assert reply.error[0] == "PermissionError" or not os.path.exists(path)

    @pytest.mark.parametrize("relative", ["environ", "mem", "fd", "maps", "cwd", "root/etc/passwd"])
    def test_the_servers_process_directory_is_closed(self, session: Session, relative: str) -> None:
        source = f"import os\npath = f'/proc/{{os.getppid()}}/{relative}'\n"
        assert _refused(
            session, source + "os.listdir(path) if path.endswith('fd') else open(path, 'rb').read()"
        )

    @pytest.mark.parametrize("relative", ["exe", "cwd", "root", "fd/3"])
    def test_the_servers_links_are_closed(self, session: Session, relative: str) -> None:
        assert _refused(session, f"import os; os.readlink(f'/proc/{{os.getppid()}}/{relative}')")

    @pytest.mark.parametrize(
        "directory", ["/", "/tmp", "/proc", "/etc", str(PROJECT), str(PROJECT / "grading")]
    )
    def test_outside_directories_cannot_be_listed(self, session: Session, directory: str) -> None:
        assert _refused(session, f"import os; os.listdir({directory!r})")

    def test_other_sessions_are_out_of_reach(self, server: SandboxServer, session: Session) -> None:
        with server.open() as other:
            other.run_cell("open('secret', 'w').write('s')")
            where = _show(other, "import os; print(os.getcwd(), end='')")
            assert _refused(session, f"open({where + '/secret'!r}).read()")
            assert _refused(session, f"open({where + '/planted'!r}, 'w')")
            assert _refused(session, f"import os; os.listdir({where!r})")

    @pytest.mark.parametrize(
        "action",
        [
            "open({p!r}, 'w')",
            "open({p!r}, 'a')",
            "open({p!r}, 'r+')",
            "import os; os.open({p!r}, os.O_RDONLY | os.O_TRUNC)",
            "import os; os.open({p!r}, 3 | os.O_TRUNC)",
            "import os; os.open(os.path.dirname({p!r}), os.O_TMPFILE | os.O_RDWR)",
            "import os; os.truncate({p!r}, 0)",
            "import os; os.unlink({p!r})",
            "import os; os.rename({p!r}, 'mine')",
            "import os; os.link({p!r}, 'mine')",
            "import os; os.symlink({p!r}, 'mine')",
            "import os; os.chown({p!r}, 1, 1)",
            "import os; os.setxattr({p!r}, 'user.x', b'1')",
            "import os; os.mkdir({p!r} + '.d')",
        ],
    )
    def test_outside_files_cannot_be_changed(self, session: Session, tmp_path: Path, action: str) -> None:
        victim = tmp_path / "victim"
        victim.write_text("precious")
        victim.chmod(0o666)
        tmp_path.chmod(0o777)
        before = victim.stat()
        assert _refused(session, action.format(p=str(victim)))
        assert victim.stat() == before
        assert victim.read_text() == "precious"
        assert [path.name for path in tmp_path.iterdir()] == ["victim"]

    @pytest.mark.parametrize(
        "action", ["os.chmod({p!r}, 0o777)", "os.utime({p!r}, (1, 1))", "os.chmod({p!r}, 0)"]
    )
    def test_metadata_only_seems_to_change(self, session: Session, tmp_path: Path, action: str) -> None:
        victim = tmp_path / "victim"
        victim.write_text("precious")
        before = victim.stat()
        assert session.run_cell("import os; " + action.format(p=str(victim))).error is None
        assert victim.stat() == before

    @pytest.mark.parametrize(
        "action",
        [
            "os.mkfifo('fifo')",
            "os.mknod('node')",
            "os.symlink('/etc', 'link')",
            "import socket; socket.socket(socket.AF_UNIX).bind('s')",
        ],
    )
    def test_special_files_cannot_be_made(self, session: Session, action: str) -> None:
        assert _refused(session, "import os; " + action)

    def test_what_is_written_cannot_be_executed(self, session: Session) -> None:
        source = "import os\nopen('p', 'w').write('#!/bin/sh\\n')\nos.chmod('p', 0o755)\nos.execv('p', ['p'])"
        assert _refused(session, source)

    def test_scratch_can_be_used(self, session: Session) -> None:
        source = "import os, json\nos.makedirs('a/b')\njson.dump([1], open('a/b/x.json', 'w'))\n"
        source += "os.replace('a/b/x.json', 'a/b/y.json')\njson.load(open('a/b/y.json'))"
        assert _show(session, source) == "[1]"


class TestNetwork:
    @pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"])
    def test_sockets_are_refused(self, session: Session, family: str) -> None:
        assert _refused(session, f"import socket; socket.socket(socket.{family})")

    def test_socket_pairs_are_refused(self, session: Session) -> None:
        assert _refused(session, "import socket; socket.socketpair()")


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
    environ, modules, descriptors = _show(session, source).splitlines()
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

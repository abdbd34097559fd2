"""Cells that reach for processes, files and networks outside: refused, and the next session is served."""

import os
from pathlib import Path

import pytest
from hostile_cells import refused, show

from grading.checker.sandbox_client import SandboxDied, SandboxServer, Session

pytestmark = pytest.mark.usefixtures("serves_the_next")
PROJECT = Path(__file__).resolve().parents[3]


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
        assert show(session, source + "(r, ctypes.get_errno())") == "(-1, 1)"

    @pytest.mark.parametrize("number", [425, 434, 438, 448, 298, 321, 323, 250, 272, 319, 1073741824 + 39])
    def test_raw_system_calls_outside_the_list_are_refused(self, session: Session, number: int) -> None:
        source = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        assert (
            show(session, source + f"(libc.syscall({number}, 0, 0, 0, 0, 0), ctypes.get_errno())")
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
        assert show(session, source + "    total = sum(pool.map(abs, range(-9, 0)))\ntotal") == "45"

    def test_thread_bomb_ends_the_session(self, session: Session) -> None:
        source = "import threading, time\nthreading.stack_size(1 << 16)\nwhile True:\n"
        source += "    threading.Thread(target=time.sleep, args=(60,)).start()"
        with pytest.raises(SandboxDied, match="threads"):
            session.run_cell(source + "\n    time.sleep(0.001)")

    def test_nothing_outlives_the_session(self, server: SandboxServer) -> None:
        with server.open() as session:
            pid = int(show(session, "import os, threading, time, atexit\nos.getpid()"))
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
        assert refused(
            session, source + "os.listdir(path) if path.endswith('fd') else open(path, 'rb').read()"
        )

    @pytest.mark.parametrize("relative", ["exe", "cwd", "root", "fd/3"])
    def test_the_servers_links_are_closed(self, session: Session, relative: str) -> None:
        assert refused(session, f"import os; os.readlink(f'/proc/{{os.getppid()}}/{relative}')")

    @pytest.mark.parametrize(
        "directory", ["/", "/tmp", "/proc", "/etc", str(PROJECT), str(PROJECT / "grading")]
    )
    def test_outside_directories_cannot_be_listed(self, session: Session, directory: str) -> None:
        assert refused(session, f"import os; os.listdir({directory!r})")

    def test_other_sessions_are_out_of_reach(self, server: SandboxServer, session: Session) -> None:
        with server.open() as other:
            other.run_cell("open('secret', 'w').write('s')")
            where = show(other, "import os; print(os.getcwd(), end='')")
            assert refused(session, f"open({where + '/secret'!r}).read()")
            assert refused(session, f"open({where + '/planted'!r}, 'w')")
            assert refused(session, f"import os; os.listdir({where!r})")

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
        assert refused(session, action.format(p=str(victim)))
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
        assert refused(session, "import os; " + action)

    def test_what_is_written_cannot_be_executed(self, session: Session) -> None:
        source = "import os\nopen('p', 'w').write('#!/bin/sh\\n')\nos.chmod('p', 0o755)\nos.execv('p', ['p'])"
        assert refused(session, source)

    def test_scratch_can_be_used(self, session: Session) -> None:
        source = "import os, json\nos.makedirs('a/b')\njson.dump([1], open('a/b/x.json', 'w'))\n"
        source += "os.replace('a/b/x.json', 'a/b/y.json')\njson.load(open('a/b/y.json'))"
        assert show(session, source) == "[1]"


class TestNetwork:
    @pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"])
    def test_sockets_are_refused(self, session: Session, family: str) -> None:
        assert refused(session, f"import socket; socket.socket(socket.{family})")

    def test_socket_pairs_are_refused(self, session: Session) -> None:
        assert refused(session, "import socket; socket.socketpair()")

"""The system-call filter: assembler, program on both architectures, effects in a real child."""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from forked import in_child

from grading.sandbox import bpf
from grading.sandbox.bpf import Instruction, assemble
from grading.sandbox.seccomp import (
    ALLOW,
    ALLOWED,
    ANY_PID,
    ERRNO,
    KILL_PROCESS,
    PRETENDED,
    build_filter,
    for_process,
    install_filter,
    listed_syscalls,
)
from grading.sandbox.syscalls import AUDIT_ARCH, NUMBERS

PID = 4321
DENIED = ERRNO | errno.EPERM
linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in NUMBERS, reason="needs seccomp"
)


class TestAssembler:
    def test_encodes_as_the_kernel_reads(self) -> None:
        program = assemble(
            [
                Instruction(bpf.LOAD, 0),
                Instruction(bpf.JUMP_EQUAL, 5, "yes", None),
                Instruction(bpf.RETURN, 1),
                "yes",
                Instruction(bpf.RETURN, 2),
            ]
        )
        expected = [(0x20, 0, 0, 0), (0x15, 1, 0, 5), (0x06, 0, 0, 1), (0x06, 0, 0, 2)]
        assert list(struct.iter_unpack("HBBI", program)) == expected

    @pytest.mark.parametrize(
        ("items", "match"),
        [
            ([], "instructions"),
            ([Instruction(bpf.LOAD, 0)], "must return"),
            ([Instruction(bpf.JUMP_EQUAL, 0, "nowhere"), Instruction(bpf.RETURN, 0)], "unknown label"),
            (["a", "a", Instruction(bpf.RETURN, 0)], "twice"),
            (["a", Instruction(bpf.JUMP_EQUAL, 0, "a"), Instruction(bpf.RETURN, 0)], "backwards"),
            ([Instruction(bpf.JUMP, 0, "end"), Instruction(bpf.RETURN, 0), "end"], "too far"),
            (
                [
                    Instruction(bpf.JUMP_EQUAL, 0, "far"),
                    *[Instruction(bpf.LOAD, 0)] * 256,
                    "far",
                    Instruction(bpf.RETURN, 0),
                ],
                "too far",
            ),
        ],
    )
    def test_refuses_broken_programs(self, items: list, match: str) -> None:
        with pytest.raises(ValueError, match=match):
            assemble(items)

    def test_the_longest_jump_works(self) -> None:
        program = assemble(
            [
                Instruction(bpf.JUMP_EQUAL, 0, "far"),
                *[Instruction(bpf.RETURN, 1)] * 255,
                "far",
                Instruction(bpf.RETURN, 2),
            ]
        )
        assert bpf.run(program, 0, 0) == 2

    @pytest.mark.parametrize("index", [-1, 6])
    def test_arguments_are_numbered_to_five(self, index: int) -> None:
        with pytest.raises(ValueError, match="index"):
            bpf.argument_offset(index)


@pytest.mark.parametrize("machine", sorted(NUMBERS))
class TestProgram:
    def _verdict(self, machine: str, name: str | int, *arguments: int, messages: bool = False) -> int:
        number = NUMBERS[machine][name] if isinstance(name, str) else name
        program = for_process(build_filter(machine, ANY_PID, messages=messages), PID)
        return bpf.run(program, number, AUDIT_ARCH[machine], arguments)

    def test_lets_through_exactly_the_list(self, machine: str) -> None:
        numbers = NUMBERS[machine]
        free = {numbers[name] for name in ALLOWED if name in numbers}
        for number in [*range(600), 0x40000000, 0x40000027, 0xFFFFFFFF]:
            # With arguments that no condition accepts, only what is free of conditions is left.
            assert (self._verdict(machine, number, *[0x77777777] * 6) == ALLOW) == (number in free), number

    def test_kills_foreign_architectures(self, machine: str) -> None:
        program = build_filter(machine, PID)
        for arch in (0x40000003, 0x40000028, *(set(AUDIT_ARCH.values()) - {AUDIT_ARCH[machine]})):
            assert bpf.run(program, NUMBERS[machine]["read"], arch) == KILL_PROCESS

    def test_pretends_for_metadata(self, machine: str) -> None:
        for name in PRETENDED:
            if name in NUMBERS[machine]:
                assert self._verdict(machine, name) == ERRNO

    @pytest.mark.parametrize(
        ("name", "arguments", "allowed"),
        [
            ("kill", (PID, 9), True),
            ("kill", (PID + 1, 9), False),
            ("kill", (0, 9), False),
            ("kill", (2**64 - 1, 9), False),
            ("tgkill", (PID, PID, 9), True),
            ("tgkill", (1, 1, 9), False),
            ("prlimit64", (0, 7, 0, 0x7000), True),
            ("prlimit64", (PID, 7, 0, 0x7000), True),
            ("prlimit64", (0, 7, 0x7000, 0), False),
            ("prlimit64", (0, 7, 0x700000000, 0), False),
            ("prlimit64", (PID + 1, 7, 0, 0x7000), False),
            ("clone", (0x3D0F00,), True),
            ("clone", (0x7D0F00,), True),
            ("clone", (0x01200011,), False),
            ("clone", (17,), False),
            ("clone", (0x3D0F00 & ~0x10000,), False),
            ("clone", (0x3D0F00 & ~0x100,), False),
            ("clone", (0x3D0F00 | 0x10000000,), False),
            ("clone", (0x3D0F00 | 0x20000000,), False),
            ("clone", (0x3D0F00 | 0x00008000,), False),
            ("clone", (0x3D0F00 | 0x00002000,), False),
            ("ioctl", (0, 0x5401), True),
            ("ioctl", (0, 0x5412), False),
            ("ioctl", (0, 0x541C), False),
            ("fcntl", (0, 3), True),
            ("fcntl", (0, 1030), True),
            ("fcntl", (0, 6), False),
            ("fcntl", (0, 8), False),
            ("fcntl", (0, 1024), False),
            ("fcntl", (0, 1031), False),
            ("openat", (0, 0, 0), True),
            ("openat", (0, 0, os.O_CLOEXEC | os.O_DIRECTORY), True),
            ("openat", (0, 0, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), True),
            ("openat", (0, 0, os.O_RDWR | os.O_TRUNC), True),
            ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), False),
            ("openat", (0, 0, 3), False),
            ("openat", (0, 0, 3 | os.O_TRUNC), False),
            ("renameat2", (0, 0, 0, 0, 1), True),
            ("renameat2", (0, 0, 0, 0, 4), False),
            ("pipe2", (0, os.O_CLOEXEC), True),
            ("pipe2", (0, 0x80), False),
            ("prctl", (15,), True),
            ("prctl", (1,), False),
            ("prctl", (4,), False),
            ("prctl", (22,), False),
        ],
    )
    def test_judges_arguments(self, machine: str, name: str, arguments: tuple, allowed: bool) -> None:
        assert self._verdict(machine, name, *arguments) == (ALLOW if allowed else DENIED)

    def test_clone3_is_absent_rather_than_denied(self, machine: str) -> None:
        assert self._verdict(machine, "clone3") == ERRNO | errno.ENOSYS

    def test_messages_only_when_asked_for(self, machine: str) -> None:
        for name in ("sendmsg", "recvmsg"):
            assert self._verdict(machine, name) == DENIED
            assert self._verdict(machine, name, messages=True) == ALLOW

    def test_the_list_stays_short(self, machine: str) -> None:
        assert len(listed_syscalls(machine)) <= 110
        assert not listed_syscalls(machine) & {"execve", "execveat", "fork", "vfork", "socket", "symlinkat"}


def test_unknown_architecture_has_no_filter() -> None:
    with pytest.raises(NotImplementedError, match="riscv64"):
        build_filter("riscv64", 1)


def _error_of(action: Callable[[], object]) -> int:
    try:
        action()
    except OSError as error:
        return error.errno
    return 0


@linux_only
class TestEffects:
    def _raw(self, name: str, *arguments: int) -> int:
        libc = ctypes.CDLL(None, use_errno=True)
        result = libc.syscall(NUMBERS[platform.machine()].get(name, name), *map(ctypes.c_long, arguments))
        return ctypes.get_errno() if result < 0 else 0

    def test_what_is_denied(self) -> None:
        def attack() -> dict:
            install_filter()
            return {
                "socket": _error_of(lambda: socket.socket()),
                "fork": _error_of(os.fork),
                "exec": _error_of(lambda: os.execv("/bin/true", ["true"])),
                "kill": _error_of(lambda: os.kill(os.getppid(), 0)),
                "symlink": _error_of(lambda: os.symlink("a", "b")),
                "setsid": _error_of(os.setsid),
                "clone3": self._raw("clone3", 0, 0),
            }

        answers = in_child(attack)
        assert answers.pop("clone3") == errno.ENOSYS
        assert set(answers.values()) == {errno.EPERM}

    def test_what_works(self) -> None:
        def work() -> list:
            install_filter()
            done = []
            thread = threading.Thread(target=done.append, args=(1,))
            thread.start()
            thread.join()
            os.kill(os.getpid(), 0)
            os.chmod("/", 0o777)
            return done

        before = os.stat("/").st_mode
        assert in_child(work) == [1]
        assert os.stat("/").st_mode == before

    def test_opening_for_reading_does_not_truncate(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        victim.write_text("precious")

        def work() -> list:
            install_filter()
            modes = [os.O_RDONLY | os.O_TRUNC, 3, 3 | os.O_TRUNC]
            return [_error_of(lambda mode=mode: os.close(os.open(victim, mode))) for mode in modes]

        assert in_child(work) == [errno.EPERM] * 3
        assert victim.read_text() == "precious"

    def test_threads_inherit_it(self) -> None:
        def work() -> list:
            install_filter()
            errors: list[int] = []
            thread = threading.Thread(target=lambda: errors.append(_error_of(lambda: socket.socket())))
            thread.start()
            thread.join()
            return errors

        assert in_child(work) == [errno.EPERM]

    def test_messages_cross_an_open_socket(self) -> None:
        here, there = socket.socketpair()

        def work() -> bool:
            install_filter(messages=True)
            there.sendmsg([b"x"])
            return _error_of(lambda: socket.socketpair()) == errno.EPERM

        assert in_child(work)
        assert here.recv(1) == b"x"

    def test_it_cannot_be_taken_off(self) -> None:
        def work() -> list:
            install_filter()
            libc = ctypes.CDLL(None, use_errno=True)
            return [libc.prctl(22, 0, 0, 0, 0), libc.prctl(38, 0, 0, 0, 0)]

        assert in_child(work) == [-1, -1]

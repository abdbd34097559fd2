"""The system-call filter: what is not listed here fails with EPERM.

Numeric Python after a fork needs few calls: files, memory, clocks, threads. Everything that makes a process,
a socket, a shared object or a change of somebody else's state is absent, so that a kernel feature invented
later is denied as well.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import struct
from dataclasses import dataclass

from .bpf import (
    AND,
    ARCH_OFFSET,
    JUMP_EQUAL,
    LOAD,
    NUMBER_OFFSET,
    RETURN,
    Instruction,
    argument_offset,
    assemble,
)
from .limits import PR_SET_NO_NEW_PRIVS, prctl
from .syscalls import AUDIT_ARCH, NUMBERS

KILL_PROCESS = 0x80000000
ALLOW = 0x7FFF0000
ERRNO = 0x00050000
_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

_ALLOWED = """
    read write close fstat newfstatat stat lstat statx lseek pread64 pwrite64 readv writev getdents64
    access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir mkdir mkdirat rmdir unlink
    unlinkat rename renameat ftruncate statfs fstatfs umask dup dup2 dup3 pipe fadvise64 mmap mprotect
    munmap mremap madvise brk futex membarrier rseq set_robust_list sched_yield sched_getaffinity getcpu
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall setitimer getitimer alarm
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage getrlimit
    sysinfo uname getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups
    getpgrp getrandom poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait exit
    exit_group
"""
ALLOWED = tuple(_ALLOWED.split())

# Changes of metadata and of durability that libraries ask for in passing: nothing happens, and they are told
# that it did.
_PRETENDED = """
    chmod fchmod fchmodat fchmodat2 utime utimes futimesat utimensat fsync fdatasync
"""
PRETENDED = tuple(_PRETENDED.split())

REFUSED_WITH = {
    "clone3": errno.ENOSYS,  # a filter cannot read its flags; the C library falls back to clone
    "fallocate": errno.EOPNOTSUPP,
    "listxattr": errno.EOPNOTSUPP,
    "llistxattr": errno.EOPNOTSUPP,
    "flistxattr": errno.EOPNOTSUPP,
}

# Stands for the process in a filter that is assembled before the fork; larger than any process identifier.
ANY_PID = 0x7FEDCBA9

MESSAGES = ("sendmsg", "recvmsg")

_THREAD_FLAGS = 0x00010000 | 0x00000100 | 0x00000800  # THREAD, VM, SIGHAND
# What C libraries add for a thread: FS, FILES, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, DETACHED and
# CHILD_SETTID.
_THREAD_EXTRAS = 0x200 | 0x400 | 0x40000 | 0x80000 | 0x100000 | 0x200000 | 0x400000 | 0x1000000
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX and FIOCLEX.
_IOCTL_REQUESTS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# DUPFD, GETFD, SETFD, GETFL, SETFL and DUPFD_CLOEXEC.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)
# Reading, writing, both; truncating only what is open for writing. An open for reading that truncates, and
# access mode 3, which asks for neither, would escape file rules that do not know truncation.
_OPEN_MASK = 0x203
_OPEN_MODES = (0, 1, 2, 1 | 0x200, 2 | 0x200)
# No flags, NOREPLACE or EXCHANGE; but no WHITEOUT, which makes a device.
_RENAME_FLAGS = (0, 1, 2)
# CLOEXEC and NONBLOCK.
_PIPE_FLAGS = (0, 0x80000, 0x800, 0x80800)
# SET_NAME, GET_NAME and SET_VMA, which names the stacks of threads.
_PRCTL_OPTIONS = (15, 16, 0x53564D41)


@dataclass(frozen=True)
class Argument:
    """A condition: an argument's low word under ``mask`` is in ``values``; if ``wide``, the rest is 0."""

    index: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    wide: bool = False


def _argument_rules(pid: int) -> dict[str, tuple[Argument, ...]]:
    return {
        "clone": (
            Argument(0, (_THREAD_FLAGS,), mask=_THREAD_FLAGS),
            Argument(0, (0,), mask=0xFFFFFFFF & ~(_THREAD_FLAGS | _THREAD_EXTRAS)),
        ),
        "kill": (Argument(0, (pid,)),),
        "tgkill": (Argument(0, (pid,)),),
        "prlimit64": (Argument(0, (0, pid)), Argument(2, (0,), wide=True)),
        "ioctl": (Argument(1, _IOCTL_REQUESTS),),
        "fcntl": (Argument(1, _FCNTL_COMMANDS),),
        "prctl": (Argument(0, _PRCTL_OPTIONS),),
        "open": (Argument(1, _OPEN_MODES, mask=_OPEN_MASK),),
        "openat": (Argument(2, _OPEN_MODES, mask=_OPEN_MASK),),
        "renameat2": (Argument(4, _RENAME_FLAGS),),
        "pipe2": (Argument(1, _PIPE_FLAGS),),
    }


def listed_syscalls(machine: str) -> set[str]:
    """Return the names that the filter lets through, wholly or by argument, on an architecture."""
    return {name for name in [*ALLOWED, *_argument_rules(1)] if name in NUMBERS[machine]}


@functools.cache
def build_filter(machine: str, pid: int, *, messages: bool = False) -> bytes:
    """Assemble the filter.

    Parameters
    ----------
    machine : str
        ``"x86_64"`` or ``"aarch64"``.
    pid : int
        The process that the filter is for: it may signal itself and nobody else.
    messages : bool
        Also let sendmsg and recvmsg through, for a process that holds a socket already; sockets cannot be
        made either way.

    Raises
    ------
    NotImplementedError
        For an architecture without a table.
    """
    if machine not in NUMBERS:
        raise NotImplementedError(f"no system-call table for {machine}")
    numbers = NUMBERS[machine]
    program: list[Instruction | str] = [
        Instruction(LOAD, ARCH_OFFSET),
        Instruction(JUMP_EQUAL, AUDIT_ARCH[machine], "native", None),
        Instruction(RETURN, KILL_PROCESS),
        "native",
        Instruction(LOAD, NUMBER_OFFSET),
    ]

    def answer(names: tuple[str, ...], verdict: int) -> None:
        for name in names:
            if name in numbers:
                program.extend(
                    (
                        Instruction(JUMP_EQUAL, numbers[name], None, f"not {name}"),
                        Instruction(RETURN, verdict),
                        f"not {name}",
                    )
                )

    answer(ALLOWED, ALLOW)
    for name, conditions in _argument_rules(pid).items():
        if name not in numbers:
            continue
        program.append(Instruction(JUMP_EQUAL, numbers[name], None, f"not {name}"))
        for place, condition in enumerate(conditions):
            met = f"{name} {place} met"
            program.append(Instruction(LOAD, argument_offset(condition.index)))
            if condition.mask != 0xFFFFFFFF:
                program.append(Instruction(AND, condition.mask))
            program.extend(Instruction(JUMP_EQUAL, value, met, None) for value in condition.values)
            program.append(Instruction(RETURN, ERRNO | errno.EPERM))
            program.append(met)
            if condition.wide:
                program.append(Instruction(LOAD, argument_offset(condition.index, high=True)))
                program.append(Instruction(JUMP_EQUAL, 0, f"{met} wide", None))
                program.append(Instruction(RETURN, ERRNO | errno.EPERM))
                program.append(f"{met} wide")
        program.append(Instruction(RETURN, ALLOW))
        program.append(f"not {name}")
    if messages:
        answer(MESSAGES, ALLOW)
    answer(PRETENDED, ERRNO)
    for name, code in REFUSED_WITH.items():
        answer((name,), ERRNO | code)
    program.append(Instruction(RETURN, ERRNO | errno.EPERM))
    return assemble(program)


def prepare_filter() -> None:
    """Assemble the filter once, for the processes that are forked from this one."""
    if platform.machine() in NUMBERS:
        build_filter(platform.machine(), ANY_PID)


def for_process(program: bytes, pid: int) -> bytes:
    """Return a filter that was built for `ANY_PID` with its place taken by ``pid``."""
    return program.replace(struct.pack("I", ANY_PID), struct.pack("I", pid))


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install_filter(*, messages: bool = False) -> None:
    """Confine this task, and every thread that it starts, to the listed system calls, for good.

    Raises
    ------
    NotImplementedError
        On another system than Linux, or an architecture without a table.
    OSError
        If the kernel refuses the filter.
    """
    if not hasattr(os, "sched_getaffinity") or platform.system() != "Linux":
        raise NotImplementedError("seccomp exists on Linux only")
    code = for_process(
        build_filter(platform.machine(), ANY_PID, **({"messages": True} if messages else {})), os.getpid()
    )
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program))

"""File-system rules of the Landlock security module, by descriptor, for kernels with its ABI 1 to 7 and
later.

Everything that the running kernel can restrict is restricted; what a rule does not grant is denied. Landlock
does not cover changes of metadata, and before ABI 3 not truncate: the system-call filter denies those.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from .limits import PR_SET_NO_NEW_PRIVS, c_library, prctl

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (1 << bit for bit in range(6, 13))
REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in range(13, 16))

READ = READ_FILE | READ_DIR
# No execution, devices, sockets, FIFOs, symbolic links, or links and renames across directories.
SCRATCH = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
_FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_NETWORK_TCP = 1 | 2  # bind, connect
_SCOPE_ALL = 1 | 2  # abstract sockets, signals


@dataclass(frozen=True)
class Rule:
    """Rights under one path, held as an open descriptor so that no later rename can redirect it."""

    fd: int
    rights: int
    path: str


def abi_version() -> int:
    """Return the kernel's Landlock ABI; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    zero = ctypes.c_size_t(0)
    return max(0, c_library().syscall(_CREATE_RULESET, None, zero, ctypes.c_uint(_VERSION_FLAG)))


def handled_rights(abi: int) -> tuple[int, int, int]:
    """Return what an ABI can restrict: rights on files, on the network, and scopes."""
    files = (1 << 13) - 1
    files |= REFER if abi >= 2 else 0
    files |= TRUNCATE if abi >= 3 else 0
    files |= IOCTL_DEV if abi >= 5 else 0
    return files, _NETWORK_TCP if abi >= 4 else 0, _SCOPE_ALL if abi >= 6 else 0


def open_rules(paths: Iterable[str], rights: int) -> list[Rule]:
    """Open a rule for every path that exists.

    The last component of a path is resolved, so that a symbolic link grants its target; paths that do not
    exist or cannot be reached are left out, since a rule that is absent denies.
    """
    rules = []
    for path in paths:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EACCES, errno.ENOTDIR, errno.ELOOP):
                continue
            raise
        is_directory = stat.S_ISDIR(os.fstat(fd).st_mode)
        rules.append(Rule(fd, rights if is_directory else rights & _FILE_RIGHTS, path))
    return rules


def restrict(rules: Iterable[Rule]) -> int:
    """Restrict this task, and every thread that it starts, to ``rules`` for good; return the ABI that was
    used.

    Raises
    ------
    NotImplementedError
        If the kernel has no Landlock, or it is switched off.
    OSError
        If the kernel refuses a rule.
    """
    abi = abi_version()
    if abi < 1:
        raise NotImplementedError("the kernel has no Landlock, or it is switched off")
    files, network, scopes = handled_rights(abi)
    attributes = struct.pack("=QQQ", files, network, scopes)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    syscall = c_library().syscall
    zero = ctypes.c_uint(0)
    ruleset = _checked(
        syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), zero), "create a ruleset"
    )
    try:
        for rule in rules:
            attribute = struct.pack("=Qi", rule.rights & files, rule.fd)
            result = syscall(_ADD_RULE, ctypes.c_int(ruleset), _RULE_PATH_BENEATH, attribute, zero)
            _checked(result, f"add the rule for {rule.path}")
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        _checked(syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), zero), "restrict this process")
    finally:
        os.close(ruleset)
    return abi


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock could not {what}: {os.strerror(code)}")
    return result

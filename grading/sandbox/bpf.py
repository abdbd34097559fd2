"""A small assembler and an interpreter for classic BPF as seccomp uses it.

The kernel hands a filter the ``seccomp_data`` of a system call: number (32 bits at 0), architecture (at 4),
instruction pointer (at 8) and six 64-bit arguments (from 16). Only loads of 32-bit words, AND, jumps and
returns are needed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

LOAD = 0x20  # A = word at offset k
AND = 0x54  # A &= k
JUMP = 0x05  # skip k
JUMP_EQUAL = 0x15  # skip jt if A == k, else jf
RETURN = 0x06

NUMBER_OFFSET = 0
ARCH_OFFSET = 4
MAX_PROGRAM = 4096


@dataclass(frozen=True)
class Instruction:
    """One instruction; ``when_true`` and ``when_false`` are labels, or None for the next instruction."""

    code: int
    k: int
    when_true: str | None = None
    when_false: str | None = None


def argument_offset(index: int, *, high: bool = False) -> int:
    """Return the offset of one half of a system call's argument (little-endian machines)."""
    if not 0 <= index < 6:
        raise ValueError(f"index={index}: a system call has arguments 0 to 5")
    return 16 + 8 * index + (4 if high else 0)


def assemble(items: list[Instruction | str]) -> bytes:
    """Turn instructions and labels (plain strings) into the kernel's format.

    Raises
    ------
    ValueError
        For an unknown or doubled label, a jump backwards or over more than 255 instructions, or a program
        that is empty, too long or may run past its end.
    """
    positions: dict[str, int] = {}
    instructions: list[Instruction] = []
    for item in items:
        if isinstance(item, str):
            if item in positions:
                raise ValueError(f"label {item!r} stands twice")
            positions[item] = len(instructions)
        else:
            instructions.append(item)
    if not instructions or len(instructions) > MAX_PROGRAM:
        raise ValueError(f"a program of {len(instructions)} instructions; 1 to {MAX_PROGRAM} are allowed")
    if instructions[-1].code != RETURN:
        raise ValueError("the last instruction must return")

    def distance(label: str | None, index: int, largest: int) -> int:
        if label is None:
            return 0
        if label not in positions:
            raise ValueError(f"unknown label {label!r}")
        offset = positions[label] - index - 1
        if not 0 <= offset <= largest or positions[label] >= len(instructions):
            raise ValueError(f"the jump to {label!r} is too far or goes backwards")
        return offset

    code = bytearray()
    for index, item in enumerate(instructions):
        if item.code == JUMP:
            code += struct.pack("HBBI", JUMP, 0, 0, distance(item.when_true, index, MAX_PROGRAM))
        elif item.code == JUMP_EQUAL:
            jumps = distance(item.when_true, index, 255), distance(item.when_false, index, 255)
            code += struct.pack("HBBI", JUMP_EQUAL, *jumps, item.k)
        else:
            code += struct.pack("HBBI", item.code, 0, 0, item.k)
    return bytes(code)


def run(program: bytes, number: int, arch: int, arguments: tuple[int, ...] = ()) -> int:
    """Interpret a program on one system call and return its verdict, as the kernel would."""
    padded = [argument & (2**64 - 1) for argument in arguments] + [0] * (6 - len(arguments))
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, arch, 0, *padded)
    accumulator = 0
    position = 0
    while True:
        code, when_true, when_false, k = struct.unpack_from("HBBI", program, 8 * position)
        position += 1
        if code == LOAD:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif code == AND:
            accumulator &= k
        elif code == JUMP:
            position += k
        elif code == JUMP_EQUAL:
            position += when_true if accumulator == k else when_false
        elif code == RETURN:
            return k
        else:
            raise ValueError(f"instruction code {code:#x} is not one that this interpreter knows")

# Scratch memory of one call: a NumPy array owns it, so it is freed whatever happens; no two calls share it.
import numpy as np

from libc.stdint cimport int32_t, uintptr_t

cdef enum:
    PAGE = 4096


cdef inline Py_ssize_t round_up(Py_ssize_t value, Py_ssize_t multiple) noexcept nogil:
    return (value + multiple - 1) // multiple * multiple


cdef inline object scratch(Py_ssize_t nbytes):
    return np.empty(nbytes + 64, np.uint8)


cdef inline char *aligned(unsigned char[::1] memory) noexcept nogil:
    return <char *> (<uintptr_t> (&memory[0] + 63) // 64 * 64)

# Scratch memory of one call: a NumPy array owns it, so it is freed whatever happens. The latest one, unless
# it is very large, waits for the next call; a call that finds it in use by another thread takes a new one.
import numpy as np

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.object cimport PyObject

from libc.stdint cimport int32_t, uintptr_t

cdef enum:
    PAGE = 4096
    LARGEST_KEPT = 16 * 1024 * 1024

cdef extern from "Python.h":
    Py_ssize_t Py_REFCNT(PyObject *value)

cdef object latest = None


cdef inline Py_ssize_t round_up(Py_ssize_t value, Py_ssize_t multiple) noexcept nogil:
    return (value + multiple - 1) // multiple * multiple


cdef inline Py_ssize_t ceiling(Py_ssize_t value, Py_ssize_t share) noexcept nogil:
    return (value + share - 1) // share


cdef object scratch(Py_ssize_t nbytes):
    global latest
    cdef object memory
    # Only this module's variable refers to an array that no call uses.
    if latest is not None and Py_REFCNT(<PyObject *> latest) == 1 and latest.size >= nbytes + 64:
        return latest
    memory = np.empty(nbytes + 64, np.uint8)
    if nbytes <= LARGEST_KEPT:
        latest = memory
    return memory


cdef inline char *aligned(unsigned char[::1] memory) noexcept nogil:
    return <char *> (<uintptr_t> (&memory[0] + 63) // 64 * 64)


cdef void *address(object array) except? NULL:
    # Where a C-contiguous array begins, faster than a memoryview tells. The caller keeps the array.
    cdef Py_buffer view
    PyObject_GetBuffer(array, &view, PyBUF_SIMPLE)
    PyBuffer_Release(&view)
    return view.buf


cdef inline char *aligned_start(object memory) except? NULL:
    return <char *> ((<uintptr_t> address(memory) + 63) // 64 * 64)

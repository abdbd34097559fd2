# How many threads a call may use; each module that includes this keeps its own number, set by the package.
from cython.parallel cimport prange, threadid

cdef int thread_count = 1


def set_threads(int count):
    """Let large calls use `count` threads."""
    global thread_count
    thread_count = count


cdef inline int threads_for(double work) noexcept nogil:
    # Entering a parallel region costs as much as some hundred thousand multiply-adds.
    return thread_count if work >= 5e5 else 1

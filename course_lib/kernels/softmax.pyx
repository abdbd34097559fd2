"""Softmax and its logarithm over rows (M, C): a row is finished while it is in the cache; each fills out."""

include "threads.pxi"

from libc.math cimport log

ctypedef fused real:
    float
    double

include "exponential.pxi"
include "sums.pxi"

cdef enum Kind:
    SOFTMAX, SOFTMAX_BACKWARD, LOG_SOFTMAX, LOG_SOFTMAX_BACKWARD


def softmax(x, out):
    """Turn each row of scores into probabilities."""
    apply(SOFTMAX, x, x, out)


def softmax_backward(dy, y, out):
    """Apply the transposed Jacobian of softmax."""
    apply(SOFTMAX_BACKWARD, y, dy, out)


def log_softmax(x, out):
    """Give the logarithms of the softmax."""
    apply(LOG_SOFTMAX, x, x, out)


def log_softmax_backward(dy, y, out):
    """Apply the transposed Jacobian of log_softmax."""
    apply(LOG_SOFTMAX_BACKWARD, y, dy, out)


cdef apply(Kind kind, x, dy, out):
    if x.itemsize == 4:
        all_rows[float](kind, x, dy, out)
    else:
        all_rows[double](kind, x, dy, out)


cdef all_rows(Kind kind, const real[:, ::1] x, const real[:, ::1] dy, real[:, ::1] out):
    cdef Py_ssize_t r, columns = x.shape[1]
    cdef int threads = threads_for(10.0 * x.shape[0] * columns)
    for r in prange(x.shape[0], nogil=True, num_threads=threads, schedule="static"):
        one_row(kind, &x[r, 0], &dy[r, 0], &out[r, 0], columns)


cdef void one_row(Kind kind, const real *x, const real *dy, real *out, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    cdef real factor, most
    if kind == SOFTMAX or kind == LOG_SOFTMAX:
        most = largest(x, count)
        for i in range(count):
            out[i] = exponential(x[i] - most)
        factor = total(out, count)
        if kind == SOFTMAX:
            factor = 1 / factor
            for i in range(count):
                out[i] = out[i] * factor
        else:
            factor = <real> log(<double> factor)
            for i in range(count):
                out[i] = (x[i] - most) - factor
    elif kind == SOFTMAX_BACKWARD:
        factor = products(dy, x, count, <real> 0)
        for i in range(count):
            out[i] = x[i] * (dy[i] - factor)
    else:
        factor = total(dy, count)
        for i in range(count):
            out[i] = dy[i] - exponential(x[i]) * factor

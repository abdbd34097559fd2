"""Maxout: each piece of a group raises the maxima of the pieces before it."""

include "threads.pxi"

from libc.stdint cimport int64_t

ctypedef fused real:
    float
    double


def maxout(x, tuple results):
    """Take maxima over axis 2 of (A, groups, pieces, B); fills y and which piece won."""
    y, indices = results
    if x.itemsize == 4:
        pick_maxima[float](x, y, indices)
    else:
        pick_maxima[double](x, y, indices)


cdef pick_maxima(const real[:, :, :, ::1] x, real[:, :, ::1] y, int64_t[:, :, ::1] indices):
    cdef Py_ssize_t task, groups = x.shape[1]
    cdef int threads = threads_for(<double> x.shape[0] * groups * x.shape[2] * x.shape[3])
    for task in prange(x.shape[0] * groups, nogil=True, num_threads=threads, schedule="static"):
        pick(&x[task // groups, task % groups, 0, 0], x.shape[2], x.shape[3],
             &y[task // groups, task % groups, 0], &indices[task // groups, task % groups, 0])


cdef void pick(const real *x, Py_ssize_t pieces, Py_ssize_t width, real *y, int64_t *indices) noexcept nogil:
    cdef Py_ssize_t piece, i
    cdef real value
    cdef bint wins
    for i in range(width):
        y[i] = x[i]
        indices[i] = 0
    for piece in range(1, pieces):
        for i in range(width):
            value = x[piece * width + i]
            wins = (value > y[i]) | ((value != value) & (y[i] == y[i]))
            y[i] = value if wins else y[i]
            indices[i] = piece if wins else indices[i]


def maxout_backward(dy, indices, Py_ssize_t pieces, dx):
    """Send the gradient (A, groups, B) to the piece that won."""
    dx.fill(0)
    if dy.itemsize == 4:
        send[float](dy, indices, dx)
    else:
        send[double](dy, indices, dx)


cdef send(const real[:, :, ::1] dy, const int64_t[:, :, ::1] indices, real[:, :, :, ::1] dx):
    cdef Py_ssize_t a, g, i
    with nogil:
        for a in range(dy.shape[0]):
            for g in range(dy.shape[1]):
                for i in range(dy.shape[2]):
                    dx[a, g, indices[a, g, i], i] = dy[a, g, i]

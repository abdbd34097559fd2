"""Optimiser steps: one pass over the values, gradients and averages of all parameters of a group.

The rules change values and averages in place; their arguments are those of the reference's functions.
"""

include "threads.pxi"

from cpython.buffer cimport PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer
from libc.math cimport pow, sqrt, sqrtf
from libc.stdint cimport uintptr_t
from libc.stdlib cimport calloc, free

ctypedef fused real:
    float
    double

cdef enum:
    # Arrays of a parameter at most: value, gradient, and three averages.
    MOST = 5
    # Elements that a thread takes at a time.
    SEGMENT = 16384
    # Bytes of a cache line: vectors that straddle two of them are slow.
    LINE = 64

cdef struct Segment:
    # Elements of one parameter; NULL stands for an average that the options do without.
    char *arrays[MOST]
    Py_ssize_t count
    # Its parameter's number of steps.
    long step


cdef class Segments:
    """All parameters of a group, cut into segments; it holds their memory while it lives."""

    cdef Py_buffer *buffers
    cdef Segment *all
    cdef Py_ssize_t held, count, itemsize, elements

    def __cinit__(self, list rows, int arrays):
        cdef Py_ssize_t size, start
        cdef Segment *segment
        cdef Py_buffer *own
        cdef int k
        self.buffers = <Py_buffer *> calloc(len(rows) * arrays + 1, sizeof(Py_buffer))
        if self.buffers == NULL:
            raise MemoryError
        for row in rows:
            for k in range(arrays):
                # The gradient is only read.
                if row[k] is not None:
                    PyObject_GetBuffer(row[k], &self.buffers[self.held],
                                       PyBUF_SIMPLE if k == 1 else PyBUF_WRITABLE)
                self.held += 1
            self.itemsize = self.buffers[self.held - arrays].itemsize
            size = self.buffers[self.held - arrays].len // self.itemsize
            self.elements += size
            # One more than would do if none began before a cache line.
            self.count += (size + SEGMENT - 1) // SEGMENT + 1
        self.all = <Segment *> calloc(self.count + 1, sizeof(Segment))
        if self.all == NULL:
            raise MemoryError
        segment = self.all
        own = self.buffers
        for row in rows:
            size = own[0].len // self.itemsize
            start = 0
            while start < size:
                # The first one ends at a cache line.
                segment.count = SEGMENT if start else until_line(own[0].buf) // self.itemsize or SEGMENT
                segment.count = min(segment.count, size - start)
                segment.step = row[arrays]
                for k in range(arrays):
                    if own[k].buf != NULL:
                        segment.arrays[k] = <char *> own[k].buf + start * self.itemsize
                start += segment.count
                segment += 1
            own += arrays
        self.count = segment - self.all

    def __dealloc__(self):
        cdef Py_ssize_t position
        if self.buffers != NULL:
            for position in range(self.held):
                # Does nothing where there was no array.
                PyBuffer_Release(&self.buffers[position])
        free(self.buffers)
        free(self.all)


cdef inline Py_ssize_t until_line(const void *place) noexcept nogil:
    return (LINE - <uintptr_t> place % LINE) % LINE


cdef inline real root(real x) noexcept nogil:
    if real is float:
        return sqrtf(x)
    else:
        return sqrt(x)


cdef inline real decayed(real grad, real theta, real weight_decay) noexcept nogil:
    return grad + weight_decay * theta if weight_decay != 0 else grad


def sgd(list rows, double lr, double momentum, double dampening, bint nesterov, double weight_decay, out=None):
    """Step along the gradient, or along a velocity."""
    cdef Segments work = Segments(rows, 3)
    cdef int threads = threads_for(4.0 * work.elements)
    cdef Py_ssize_t s
    for s in prange(work.count, nogil=True, num_threads=threads, schedule="static"):
        if work.itemsize == 4:
            sgd_segment[float](&work.all[s], <float> lr, <float> momentum, 1 - dampening, nesterov,
                               <float> weight_decay)
        else:
            sgd_segment[double](&work.all[s], lr, momentum, 1 - dampening, nesterov, weight_decay)


cdef void sgd_segment(const Segment *segment, real lr, real momentum, double kept,
                      bint nesterov, real weight_decay) noexcept nogil:
    cdef real *theta = <real *> segment.arrays[0]
    cdef real *grad = <real *> segment.arrays[1]
    cdef real *velocity = <real *> segment.arrays[2]
    cdef real step, share = <real> (1 if segment.step == 1 else kept)
    cdef Py_ssize_t i
    if velocity == NULL:
        for i in range(segment.count):
            theta[i] -= lr * decayed(grad[i], theta[i], weight_decay)
    elif nesterov:
        for i in range(segment.count):
            step = decayed(grad[i], theta[i], weight_decay)
            velocity[i] = momentum * velocity[i] + share * step
            theta[i] -= lr * (step + momentum * velocity[i])
    else:
        for i in range(segment.count):
            velocity[i] = momentum * velocity[i] + share * decayed(grad[i], theta[i], weight_decay)
            theta[i] -= lr * velocity[i]


def adagrad(list rows, double lr, double lr_decay, double eps, double weight_decay, out=None):
    """Step along the gradient over the root of the sum of its squares."""
    cdef Segments work = Segments(rows, 3)
    cdef int threads = threads_for(8.0 * work.elements)
    cdef Py_ssize_t s
    for s in prange(work.count, nogil=True, num_threads=threads, schedule="static"):
        if work.itemsize == 4:
            adagrad_segment[float](&work.all[s], lr, lr_decay, <float> eps, <float> weight_decay)
        else:
            adagrad_segment[double](&work.all[s], lr, lr_decay, eps, weight_decay)


cdef void adagrad_segment(const Segment *segment, double lr, double lr_decay, real eps,
                          real weight_decay) noexcept nogil:
    cdef real *theta = <real *> segment.arrays[0]
    cdef real *grad = <real *> segment.arrays[1]
    cdef real *total = <real *> segment.arrays[2]
    cdef real slope, rate = <real> (lr / (1 + (segment.step - 1) * lr_decay))
    cdef Py_ssize_t i
    for i in range(segment.count):
        slope = decayed(grad[i], theta[i], weight_decay)
        total[i] += slope * slope
        theta[i] -= rate * slope / (root(total[i]) + eps)


def rmsprop(list rows, double lr, double alpha, double eps, double weight_decay, double momentum, out=None):
    """Step along the gradient over the root of the fading average of its squares."""
    cdef Segments work = Segments(rows, 5)
    cdef int threads = threads_for(8.0 * work.elements)
    cdef Py_ssize_t s
    for s in prange(work.count, nogil=True, num_threads=threads, schedule="static"):
        if work.itemsize == 4:
            rmsprop_segment[float](&work.all[s], <float> lr, alpha, <float> eps, <float> weight_decay,
                                   <float> momentum)
        else:
            rmsprop_segment[double](&work.all[s], lr, alpha, eps, weight_decay, momentum)


cdef void rmsprop_segment(const Segment *segment, real lr, double alpha, real eps,
                          real weight_decay, real momentum) noexcept nogil:
    cdef real *theta = <real *> segment.arrays[0]
    cdef real *grad = <real *> segment.arrays[1]
    cdef real *square = <real *> segment.arrays[2]
    cdef real *mean = <real *> segment.arrays[3]
    cdef real *velocity = <real *> segment.arrays[4]
    cdef real old = <real> alpha, new = <real> (1 - alpha), slope, spread
    cdef Py_ssize_t i
    if mean == NULL and velocity == NULL:
        for i in range(segment.count):
            slope = decayed(grad[i], theta[i], weight_decay)
            square[i] = old * square[i] + new * slope * slope
            theta[i] -= lr * slope / (root(square[i]) + eps)
        return
    for i in range(segment.count):
        slope = decayed(grad[i], theta[i], weight_decay)
        spread = square[i] = old * square[i] + new * slope * slope
        if mean != NULL:
            mean[i] = old * mean[i] + new * slope
            spread = spread - mean[i] * mean[i]
        slope = slope / (root(spread) + eps)
        if velocity != NULL:
            slope = velocity[i] = momentum * velocity[i] + slope
        theta[i] -= lr * slope


def adam(list rows, double lr, tuple betas, double eps, double weight_decay, bint decoupled,
         bint bias_correction, out=None):
    """Step along the average gradient over the root of the average of its squares."""
    cdef Segments work = Segments(rows, 5)
    cdef int threads = threads_for(12.0 * work.elements)
    cdef double beta1 = betas[0], beta2 = betas[1]
    cdef double shrink = 1 - lr * weight_decay if decoupled else 1
    cdef double added = 0 if decoupled else weight_decay
    cdef Py_ssize_t s
    for s in prange(work.count, nogil=True, num_threads=threads, schedule="static"):
        if work.itemsize == 4:
            adam_segment[float](&work.all[s], lr, beta1, beta2, <float> eps, <float> added,
                                <float> shrink, bias_correction)
        else:
            adam_segment[double](&work.all[s], lr, beta1, beta2, eps, added, shrink, bias_correction)


cdef void adam_segment(const Segment *segment, double lr, double beta1, double beta2,
                       real eps, real weight_decay, real shrink, bint bias_correction) noexcept nogil:
    cdef real *theta = <real *> segment.arrays[0]
    cdef real *grad = <real *> segment.arrays[1]
    cdef real *mean = <real *> segment.arrays[2]
    cdef real *square = <real *> segment.arrays[3]
    cdef real *largest = <real *> segment.arrays[4]
    cdef real old1 = <real> beta1, new1 = <real> (1 - beta1), old2 = <real> beta2, new2 = <real> (1 - beta2)
    cdef real slope, rate = <real> lr, scale = 1
    cdef Py_ssize_t i
    if bias_correction:
        rate = <real> (lr / (1 - pow(beta1, segment.step)))
        scale = <real> (1 / sqrt(1 - pow(beta2, segment.step)))
    if largest == NULL:
        for i in range(segment.count):
            slope = decayed(grad[i], theta[i], weight_decay)
            mean[i] = old1 * mean[i] + new1 * slope
            square[i] = old2 * square[i] + new2 * slope * slope
            theta[i] = shrink * theta[i] - rate * mean[i] / (root(square[i]) * scale + eps)
        return
    for i in range(segment.count):
        slope = decayed(grad[i], theta[i], weight_decay)
        mean[i] = old1 * mean[i] + new1 * slope
        square[i] = old2 * square[i] + new2 * slope * slope
        # Not "square > largest", so that NaN wins as in NumPy's maximum.
        largest[i] = largest[i] if square[i] <= largest[i] else square[i]
        theta[i] = shrink * theta[i] - rate * mean[i] / (root(largest[i]) * scale + eps)

"""Losses and their gradients in one pass; sums are kept in double precision.

Each fills the second of its results, the gradient, and returns both.
"""

include "threads.pxi"

from libc.math cimport log
from libc.stdint cimport int64_t

ctypedef fused real:
    float
    double

include "exponential.pxi"
include "sums.pxi"

cdef enum:
    # Elements whose losses are kept until they are added up.
    SEGMENT = 1024


def cross_entropy(logits, targets, tuple results):
    """Give the mean of -log softmax(logits)[target], and its gradient."""
    dlogits = results[1]
    if logits.itemsize == 4:
        return all_cross_entropies[float](logits, targets, dlogits), dlogits
    return all_cross_entropies[double](logits, targets, dlogits), dlogits


cdef all_cross_entropies(const real[:, ::1] logits, const int64_t[::1] targets, real[:, ::1] dlogits):
    cdef Py_ssize_t r, rows = logits.shape[0]
    cdef double loss = 0
    cdef int threads = threads_for(10.0 * rows * logits.shape[1])
    for r in prange(rows, nogil=True, num_threads=threads, schedule="static"):
        loss += row_cross_entropy(&logits[r, 0], targets[r], &dlogits[r, 0], logits.shape[1], rows)
    return loss / rows


cdef double row_cross_entropy(const real *logits, Py_ssize_t target, real *dlogits, Py_ssize_t count,
                              Py_ssize_t rows) noexcept nogil:
    cdef Py_ssize_t i
    cdef real factor, most = largest(logits, count)
    cdef double whole
    for i in range(count):
        dlogits[i] = exponential(logits[i] - most)
    whole = total(dlogits, count)
    factor = <real> (1 / (whole * rows))
    for i in range(count):
        dlogits[i] = dlogits[i] * factor
    dlogits[target] -= <real> (1.0 / rows)
    return log(whole) - (logits[target] - most)


def hinge_loss(scores, targets, tuple results):
    """Give the multi-class hinge loss with margin 1, and its gradient."""
    dscores = results[1]
    if scores.itemsize == 4:
        return all_hinges[float](scores, targets, dscores), dscores
    return all_hinges[double](scores, targets, dscores), dscores


cdef all_hinges(const real[:, ::1] scores, const int64_t[::1] targets, real[:, ::1] dscores):
    cdef Py_ssize_t r, rows = scores.shape[0]
    cdef double loss = 0
    cdef int threads = threads_for(<double> rows * scores.shape[1])
    for r in prange(rows, nogil=True, num_threads=threads, schedule="static"):
        loss += row_hinge(&scores[r, 0], targets[r], &dscores[r, 0], scores.shape[1], <real> (1.0 / rows))
    return loss / rows


cdef double row_hinge(const real *scores, Py_ssize_t target, real *dscores, Py_ssize_t count,
                      real share) noexcept nogil:
    cdef Py_ssize_t i, wrong = 0
    cdef real margin
    cdef double loss = 0
    for i in range(count):
        margin = 1 + scores[i] - scores[target]
        dscores[i] = 0
        # Not "margin > 0", so that NaN shows in the loss.
        if i != target and not margin <= 0:
            loss += margin
            if margin > 0:
                dscores[i] = share
                wrong += 1
    dscores[target] = -share * wrong
    return loss


def mse_loss(x, target, tuple results):
    """Give the mean of the squared differences of flat arrays, and its gradient."""
    dx = results[1]
    if x.itemsize == 4:
        return all_squares[float](x, target, dx), dx
    return all_squares[double](x, target, dx), dx


cdef all_squares(const real[::1] x, const real[::1] target, real[::1] dx):
    cdef Py_ssize_t s, count = x.shape[0]
    cdef double loss = 0
    cdef int threads = threads_for(count)
    for s in prange((count + SEGMENT - 1) // SEGMENT, nogil=True, num_threads=threads, schedule="static"):
        loss += square_segment(&x[s * SEGMENT], &target[s * SEGMENT], &dx[s * SEGMENT],
                               min(<Py_ssize_t> SEGMENT, count - s * SEGMENT), <real> (2.0 / count))
    return loss / count


cdef double square_segment(const real *x, const real *target, real *dx, Py_ssize_t count,
                           real factor) noexcept nogil:
    cdef Py_ssize_t i
    cdef double loss
    for i in range(count):
        dx[i] = x[i] - target[i]
    loss = squares(dx, count, <real> 0)
    for i in range(count):
        dx[i] = dx[i] * factor
    return loss


def binary_cross_entropy_with_logits(x, target, tuple results):
    """Give the mean of -t log s(x) - (1 - t) log(1 - s(x)) of flat arrays, and its gradient."""
    dx = results[1]
    if x.itemsize == 4:
        return binary_entropies[float](x, target, dx), dx
    return binary_entropies[double](x, target, dx), dx


cdef binary_entropies(const real[::1] x, const real[::1] target, real[::1] dx):
    cdef Py_ssize_t s, count = x.shape[0]
    cdef double loss = 0
    cdef int threads = threads_for(20.0 * count)
    for s in prange((count + SEGMENT - 1) // SEGMENT, nogil=True, num_threads=threads, schedule="static"):
        loss += entropy_segment(&x[s * SEGMENT], &target[s * SEGMENT], &dx[s * SEGMENT],
                                min(<Py_ssize_t> SEGMENT, count - s * SEGMENT), <real> (1.0 / count))
    return loss / count


cdef double entropy_segment(const real *x, const real *target, real *dx, Py_ssize_t count,
                            real factor) noexcept nogil:
    cdef Py_ssize_t i
    cdef real decay, positive, sigmoid
    cdef real[SEGMENT] losses
    for i in range(count):
        # The form that cannot overflow: max(x, 0) - t x + log(1 + exp(-|x|)).
        decay = exponential(x[i] if x[i] < 0 else -x[i])
        positive = <real> 0 if x[i] < 0 else x[i]
        losses[i] = positive - target[i] * x[i] + log_one_plus(decay)
        sigmoid = (decay if x[i] < 0 else <real> 1) / (1 + decay)
        dx[i] = (sigmoid - target[i]) * factor
    return total(losses, count)

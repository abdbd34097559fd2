"""Whitening (ZCA): means and centring in one pass over the data; products of matrices and eigenvectors are left
to BLAS and LAPACK, which no plain loop would beat.
"""

import numpy as np

include "threads.pxi"

ctypedef fused real:
    float
    double


include "sums.pxi"

cdef enum:
    # Elements whose sum is taken in the arrays' own precision; what comes of them is added in double.
    BLOCK = 1024


def decorrelated_batch_norm(x, mean, whitening, double eps, tuple results):
    """Whiten the channels of (C, M); the first arguments are those of the reference's operation.

    Fills the first of the results and returns all of them.
    """
    y, channels = results[0], len(x)
    vectors, values = np.eye(channels, dtype=x.dtype), np.ones(channels, x.dtype)
    if mean is None:
        mean = np.empty(channels, x.dtype)
        centred = centre(x, mean, False)
        covariance = centred @ centred.T / x.dtype.type(x.shape[1]) + x.dtype.type(eps) * vectors
        if np.isfinite(covariance).all():
            values, vectors = np.linalg.eigh(covariance)
        else:  # LAPACK would not come to an end
            values, vectors = np.full_like(values, np.nan), np.full_like(vectors, np.nan)
        whitening = (vectors / np.sqrt(values)) @ vectors.T
    else:
        centred = centre(x, mean, True)
    np.matmul(whitening, centred, out=y)
    return y, mean, whitening, vectors, values


def decorrelated_batch_norm_backward(dy, x, mean, whitening, vectors, values, bint constant, dx):
    """Fill dx; the other arguments are those of the reference's decorrelated_batch_norm_backward."""
    if constant:
        np.matmul(whitening.T, dy, out=dx)
        return
    # What comes of rows without means has none either, so nothing is left to subtract at the end.
    dy, x = centre(dy, np.empty_like(mean), False), centre(x, mean, True)
    dwhitening = dy @ x.T
    roots = np.sqrt(values)
    quotient = -1 / (np.outer(roots, roots) * (roots[:, None] + roots))
    dcovariance = vectors @ (quotient * (vectors.T @ (dwhitening + dwhitening.T) @ vectors)) @ vectors.T
    np.matmul(whitening.T, dy, out=dx)
    dx += np.matmul(dcovariance / x.dtype.type(x.shape[1]), x, out=dy)


def centre(x, mean, bint given):
    """Give x (C, M) without the mean of each row; fills the means unless they are given."""
    centred = np.empty_like(x)
    if x.itemsize == 4:
        centre_rows[float](x, mean, centred, given)
    else:
        centre_rows[double](x, mean, centred, given)
    return centred


cdef centre_rows(const real[:, ::1] x, real[::1] mean, real[:, ::1] centred, bint given):
    cdef Py_ssize_t c, count = x.shape[1]
    cdef int threads = threads_for(2.0 * x.shape[0] * count)
    for c in prange(x.shape[0], nogil=True, num_threads=threads, schedule="static"):
        centre_row(&x[c, 0], count, &mean[c], &centred[c, 0], given)


cdef void centre_row(const real *x, Py_ssize_t count, real *mean, real *centred, bint given) noexcept nogil:
    cdef Py_ssize_t b, i
    cdef double sum = 0
    if not given:
        for b in range((count + BLOCK - 1) // BLOCK):
            sum += total(x + b * BLOCK, min(<Py_ssize_t> BLOCK, count - b * BLOCK))
        mean[0] = <real> (sum / count)
    for i in range(count):
        centred[i] = x[i] - mean[0]

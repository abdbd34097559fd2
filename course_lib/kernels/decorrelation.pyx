"""Whitening (ZCA): the passes over the data; what is done with matrices of channels by channels is NumPy's."""

import numpy as np

include "threads.pxi"

ctypedef fused real:
    float
    double


include "sums.pxi"

cdef enum:
    # Columns that are handled together: a block of every channel stays in the cache.
    BLOCK = 1024


def decorrelated_batch_norm(x, mean, whitening, double eps, tuple results):
    """Whiten the channels of (C, M); the first arguments are those of the reference's operation.

    Fills the first of the results and returns all of them.
    """
    y, channels = results[0], len(x)
    vectors, values = np.eye(channels, dtype=x.dtype), np.ones(channels, x.dtype)
    if mean is None:
        mean = row_means(x)
        covariance = row_products(x, x, mean, mean) / x.dtype.type(x.shape[1]) + x.dtype.type(eps) * vectors
        if np.isfinite(covariance).all():
            values, vectors = np.linalg.eigh(covariance)
        else:  # LAPACK would not come to an end
            values, vectors = np.full_like(values, np.nan), np.full_like(vectors, np.nan)
        whitening = (vectors / np.sqrt(values)) @ vectors.T
    y.fill(0)
    add_combinations(y, np.ascontiguousarray(whitening), x, mean)
    return y, mean, whitening, vectors, values


def decorrelated_batch_norm_backward(dy, x, mean, whitening, vectors, values, bint constant, dx):
    """Fill dx; the other arguments are those of the reference's decorrelated_batch_norm_backward."""
    dx.fill(0)
    if constant:
        add_combinations(dx, np.ascontiguousarray(whitening.T), dy, np.zeros_like(mean))
        return
    # Without the means of dy the result has none either.
    dy_mean = row_means(dy)
    dwhitening = row_products(dy, x, dy_mean, mean)
    roots = np.sqrt(values)
    quotient = -1 / (np.outer(roots, roots) * (roots[:, None] + roots))
    dcovariance = vectors @ (quotient * (vectors.T @ (dwhitening + dwhitening.T) @ vectors)) @ vectors.T
    add_combinations(dx, np.ascontiguousarray(whitening.T), dy, dy_mean)
    add_combinations(dx, np.ascontiguousarray(dcovariance / x.dtype.type(x.shape[1])), x, mean)


def row_means(x):
    """Give the mean of each row."""
    mean = np.empty(len(x), x.dtype)
    if x.itemsize == 4:
        fill_means[float](x, mean)
    else:
        fill_means[double](x, mean)
    return mean


cdef fill_means(const real[:, ::1] x, real[::1] mean):
    cdef Py_ssize_t i, count = x.shape[1]
    cdef int threads = threads_for(<double> x.shape[0] * count)
    for i in prange(x.shape[0], nogil=True, num_threads=threads, schedule="static"):
        mean[i] = <real> (row_total(&x[i, 0], count) / count)


cdef double row_total(const real *x, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t b, start
    cdef double found = 0
    for b in range((count + BLOCK - 1) // BLOCK):
        start = b * BLOCK
        found += total(x + start, min(<Py_ssize_t> BLOCK, count - start))
    return found


def row_products(y, x, y_mean, x_mean):
    """Give the sums over columns of (y[i] - y_mean[i]) (x[j] - x_mean[j]) for each two rows i and j."""
    found, centred = np.empty((len(y), len(x)), x.dtype), np.empty_like(y)
    if x.itemsize == 4:
        fill_products[float](y, x, y_mean, x_mean, centred, found)
    else:
        fill_products[double](y, x, y_mean, x_mean, centred, found)
    return found


cdef fill_products(const real[:, ::1] y, const real[:, ::1] x, const real[::1] y_mean, const real[::1] x_mean,
                   real[:, ::1] centred, real[:, ::1] found):
    cdef Py_ssize_t i, channels = x.shape[0], count = x.shape[1]
    cdef int threads = threads_for(<double> channels * channels * count)
    for i in prange(channels, nogil=True, num_threads=threads, schedule="static"):
        products_of_row(&y[i, 0], y_mean[i], &centred[i, 0], &x[0, 0], &x_mean[0], channels, count, &found[i, 0])


cdef void products_of_row(const real *y, real mean, real *centred, const real *x, const real *x_mean,
                          Py_ssize_t channels, Py_ssize_t count, real *found) noexcept nogil:
    # Both factors lose their means before they are multiplied: far off zero nothing would be left after.
    cdef Py_ssize_t i, j, b, start
    cdef double sum
    for i in range(count):
        centred[i] = y[i] - mean
    for j in range(channels):
        sum = 0
        for b in range((count + BLOCK - 1) // BLOCK):
            start = b * BLOCK
            sum += products(centred + start, x + j * count + start, min(<Py_ssize_t> BLOCK, count - start),
                            x_mean[j])
        found[j] = <real> sum


def add_combinations(y, weights, x, mean):
    """Add weights @ (x - mean) to y, for x and y of (C, M)."""
    if x.itemsize == 4:
        combine[float](y, weights, x, mean)
    else:
        combine[double](y, weights, x, mean)


cdef combine(real[:, ::1] y, const real[:, ::1] weights, const real[:, ::1] x, const real[::1] mean):
    cdef Py_ssize_t b, channels = x.shape[0], count = x.shape[1]
    cdef int threads = threads_for(<double> channels * channels * count)
    for b in prange((count + BLOCK - 1) // BLOCK, nogil=True, num_threads=threads, schedule="static"):
        combine_block(&y[0, b * BLOCK], &weights[0, 0], &x[0, b * BLOCK], &mean[0], channels, count,
                      min(<Py_ssize_t> BLOCK, count - b * BLOCK))


cdef void combine_block(real *y, const real *weights, const real *x, const real *mean, Py_ssize_t channels,
                        Py_ssize_t pitch, Py_ssize_t width) noexcept nogil:
    cdef Py_ssize_t i, j, k
    cdef real weight, shift
    for i in range(channels):
        for j in range(channels):
            weight = weights[i * channels + j]
            shift = mean[j]
            for k in range(width):
                y[i * pitch + k] += weight * (x[j * pitch + k] - shift)

"""Batch norm: two sums of every plane in the order of memory, in double precision across planes."""

import numpy as np

include "threads.pxi"

from libc.math cimport sqrt

ctypedef fused real:
    float
    double


include "sums.pxi"
include "affine.pxi"

cdef enum:
    # Channels that are handled together where a channel has one element an image, side by side with its
    # neighbours.
    COLUMNS = 64


def batch_norm(x, gamma, beta, mean, var, double eps, tuple results):
    """Normalise each channel of (N, C, M); the first arguments are those of the reference's batch_norm.

    Fills the first of the results and returns all of them.
    """
    given = mean is not None
    if not given:
        mean, var = np.empty_like(gamma), np.empty_like(gamma)
    y, inv_std = results[0], np.empty_like(gamma)
    if x.itemsize == 4:
        all_channels[float](x, gamma, beta, mean, var, inv_std, y, eps, given)
    else:
        all_channels[double](x, gamma, beta, mean, var, inv_std, y, eps, given)
    return y, mean, var, inv_std


cdef all_channels(const real[:, :, ::1] x, const real[::1] gamma, const real[::1] beta, real[::1] mean,
                  real[::1] var, real[::1] inv_std, real[:, :, ::1] y, double eps, bint given):
    cdef Py_ssize_t c, p, images = x.shape[0], channels = x.shape[1], area = x.shape[2]
    cdef int threads = threads_for(4.0 * images * channels * area)
    cdef double[:, ::1] sums
    if area == 1:
        for c in prange((channels + COLUMNS - 1) // COLUMNS, nogil=True, num_threads=threads,
                        schedule="static"):
            normalise_columns(&x[0, c * COLUMNS, 0], &gamma[c * COLUMNS], &beta[c * COLUMNS],
                              &mean[c * COLUMNS], &var[c * COLUMNS], &inv_std[c * COLUMNS],
                              &y[0, c * COLUMNS, 0], images, channels,
                              min(<Py_ssize_t> COLUMNS, channels - c * COLUMNS), eps, given)
        return
    if not given:
        sums = np.empty((images * channels, 2))
        for p in prange(images * channels, nogil=True, num_threads=threads, schedule="static"):
            sums[p, 0] = total(&x[0, 0, 0] + p * area, area)
            sums[p, 1] = squares(&x[0, 0, 0] + p * area, area, <real> (sums[p, 0] / area))
        channel_statistics(sums, images, area, mean, var)
    for c in range(channels):
        inv_std[c] = <real> (1 / sqrt(<double> var[c] + eps))
    for p in prange(images * channels, nogil=True, num_threads=threads, schedule="static"):
        c = p % channels
        rescale(&x[0, 0, 0] + p * area, area, mean[c], inv_std[c] * gamma[c], beta[c], &y[0, 0, 0] + p * area)


cdef void normalise_columns(const real *x, const real *gamma, const real *beta, real *mean, real *var,
                            real *inv_std, real *y, Py_ssize_t images, Py_ssize_t pitch, Py_ssize_t count,
                            double eps, bint given) noexcept nogil:
    cdef Py_ssize_t n, c
    cdef real[COLUMNS] scale
    cdef real difference
    if not given:
        for c in range(count):
            mean[c] = 0
            var[c] = 0
        for n in range(images):
            for c in range(count):
                mean[c] += x[n * pitch + c]
        for c in range(count):
            mean[c] = mean[c] / <real> images
        for n in range(images):
            for c in range(count):
                difference = x[n * pitch + c] - mean[c]
                var[c] += difference * difference
        for c in range(count):
            var[c] = var[c] / <real> images
    for c in range(count):
        inv_std[c] = <real> (1 / sqrt(<double> var[c] + eps))
        scale[c] = inv_std[c] * gamma[c]
    for n in range(images):
        for c in range(count):
            y[n * pitch + c] = (x[n * pitch + c] - mean[c]) * scale[c] + beta[c]


cdef channel_statistics(const double[:, ::1] sums, Py_ssize_t images, Py_ssize_t area, real[::1] mean,
                        real[::1] var):
    # The squares around a channel's mean are those around the planes' means, and those of the means' distances.
    cdef Py_ssize_t n, c, channels = mean.shape[0]
    cdef double first, second, distance
    for c in range(channels):
        first = second = 0
        for n in range(images):
            first += sums[n * channels + c, 0]
        mean[c] = <real> (first / (images * area))
        for n in range(images):
            distance = sums[n * channels + c, 0] / area - first / (images * area)
            second += sums[n * channels + c, 1] + area * distance * distance
        var[c] = <real> (second / (images * area))


def batch_norm_backward(dy, x, gamma, mean, inv_std, bint constant, tuple gradients):
    """Fill the gradients; the other arguments are those of the reference's batch_norm_backward."""
    dx, dgamma, dbeta = gradients
    parts = np.empty((len(gamma), 3), gamma.dtype)
    if x.itemsize == 4:
        all_channel_gradients[float](dy, x, gamma, mean, inv_std, dx, dgamma, dbeta, parts, constant)
    else:
        all_channel_gradients[double](dy, x, gamma, mean, inv_std, dx, dgamma, dbeta, parts, constant)


cdef all_channel_gradients(const real[:, :, ::1] dy, const real[:, :, ::1] x, const real[::1] gamma,
                           const real[::1] mean, const real[::1] inv_std, real[:, :, ::1] dx,
                           real[::1] dgamma, real[::1] dbeta, real[:, ::1] parts, bint constant):
    cdef Py_ssize_t c, p, images = x.shape[0], channels = x.shape[1], area = x.shape[2]
    cdef int threads = threads_for(4.0 * images * channels * area)
    cdef double[:, ::1] sums
    if area == 1:
        for c in prange((channels + COLUMNS - 1) // COLUMNS, nogil=True, num_threads=threads,
                        schedule="static"):
            column_gradients(&dy[0, c * COLUMNS, 0], &x[0, c * COLUMNS, 0], &gamma[c * COLUMNS],
                             &mean[c * COLUMNS], &inv_std[c * COLUMNS], &dx[0, c * COLUMNS, 0],
                             &dgamma[c * COLUMNS], &dbeta[c * COLUMNS], images, channels,
                             min(<Py_ssize_t> COLUMNS, channels - c * COLUMNS), constant)
        return
    sums = np.empty((images * channels, 2))
    for p in prange(images * channels, nogil=True, num_threads=threads, schedule="static"):
        sums[p, 0] = total(&dy[0, 0, 0] + p * area, area)
        sums[p, 1] = products(&dy[0, 0, 0] + p * area, &x[0, 0, 0] + p * area, area, mean[p % channels])
    channel_gradients(sums, images, area, gamma, inv_std, dgamma, dbeta, parts, constant)
    for p in prange(images * channels, nogil=True, num_threads=threads, schedule="static"):
        c = p % channels
        combine(&dy[0, 0, 0] + p * area, &x[0, 0, 0] + p * area, area, mean[c], parts[c, 0], parts[c, 1],
                parts[c, 2], &dx[0, 0, 0] + p * area)


cdef void column_gradients(const real *dy, const real *x, const real *gamma, const real *mean,
                           const real *inv_std, real *dx, real *dgamma, real *dbeta, Py_ssize_t images,
                           Py_ssize_t pitch, Py_ssize_t count, bint constant) noexcept nogil:
    cdef Py_ssize_t n, c, i
    cdef real[COLUMNS] scale
    cdef real[COLUMNS] slope
    cdef real[COLUMNS] shift
    for c in range(count):
        dgamma[c] = 0
        dbeta[c] = 0
    for n in range(images):
        for c in range(count):
            dgamma[c] += dy[n * pitch + c] * (x[n * pitch + c] - mean[c])
            dbeta[c] += dy[n * pitch + c]
    for c in range(count):
        scale[c] = gamma[c] * inv_std[c]
        dgamma[c] = dgamma[c] * inv_std[c]
        slope[c] = 0 if constant else -scale[c] * inv_std[c] * dgamma[c] / <real> images
        shift[c] = 0 if constant else -scale[c] * dbeta[c] / <real> images
    for n in range(images):
        for c in range(count):
            i = n * pitch + c
            dx[i] = scale[c] * dy[i] + slope[c] * (x[i] - mean[c]) + shift[c]


cdef channel_gradients(const double[:, ::1] sums, Py_ssize_t images, Py_ssize_t area, const real[::1] gamma,
                       const real[::1] inv_std, real[::1] dgamma, real[::1] dbeta, real[:, ::1] parts,
                       bint constant):
    # The parts of dx: what dy, x around its mean, and 1 are multiplied by.
    cdef Py_ssize_t n, c, channels = gamma.shape[0], count = images * area
    cdef double sum_dy, sum_product
    cdef real scale
    for c in range(channels):
        sum_dy = sum_product = 0
        for n in range(images):
            sum_dy += sums[n * channels + c, 0]
            sum_product += sums[n * channels + c, 1]
        dgamma[c] = <real> (sum_product * inv_std[c])
        dbeta[c] = <real> sum_dy
        scale = gamma[c] * inv_std[c]
        parts[c, 0] = scale
        parts[c, 1] = 0 if constant else <real> (-scale * inv_std[c] * inv_std[c] * sum_product / count)
        parts[c, 2] = 0 if constant else <real> (-scale * sum_dy / count)

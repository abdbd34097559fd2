"""Batch norm: statistics of one channel at a time, in double precision across rows."""

import numpy as np

include "threads.pxi"

from libc.math cimport sqrt

ctypedef fused real:
    float
    double


include "sums.pxi"

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
    cdef Py_ssize_t c, images = x.shape[0], channels = x.shape[1], area = x.shape[2]
    cdef int threads = threads_for(4.0 * images * channels * area)
    if area == 1:
        for c in prange((channels + COLUMNS - 1) // COLUMNS, nogil=True, num_threads=threads,
                        schedule="static"):
            normalise_columns(&x[0, c * COLUMNS, 0], &gamma[c * COLUMNS], &beta[c * COLUMNS],
                              &mean[c * COLUMNS], &var[c * COLUMNS], &inv_std[c * COLUMNS],
                              &y[0, c * COLUMNS, 0], images, channels,
                              min(<Py_ssize_t> COLUMNS, channels - c * COLUMNS), eps, given)
        return
    for c in prange(channels, nogil=True, num_threads=threads, schedule="static"):
        if not given:
            channel_statistics(&x[0, c, 0], images, channels * area, area, &mean[c], &var[c])
        inv_std[c] = <real> (1 / sqrt(<double> var[c] + eps))
        scale_channel(&x[0, c, 0], &y[0, c, 0], images, channels * area, area, mean[c], inv_std[c] * gamma[c],
                      beta[c])


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


cdef void channel_statistics(const real *x, Py_ssize_t images, Py_ssize_t pitch, Py_ssize_t area, real *mean,
                             real *var) noexcept nogil:
    cdef Py_ssize_t n
    cdef double first = 0, second = 0
    for n in range(images):
        first += total(x + n * pitch, area)
    mean[0] = <real> (first / (images * area))
    for n in range(images):
        second += squares(x + n * pitch, area, mean[0])
    var[0] = <real> (second / (images * area))


cdef void scale_channel(const real *x, real *y, Py_ssize_t images, Py_ssize_t pitch, Py_ssize_t area,
                        real mean, real scale, real shift) noexcept nogil:
    cdef Py_ssize_t n, i
    for n in range(images):
        for i in range(area):
            y[n * pitch + i] = (x[n * pitch + i] - mean) * scale + shift


def batch_norm_backward(dy, x, gamma, mean, inv_std, bint constant, tuple gradients):
    """Fill the gradients; the other arguments are those of the reference's batch_norm_backward."""
    dx, dgamma, dbeta = gradients
    if x.itemsize == 4:
        all_channel_gradients[float](dy, x, gamma, mean, inv_std, dx, dgamma, dbeta, constant)
    else:
        all_channel_gradients[double](dy, x, gamma, mean, inv_std, dx, dgamma, dbeta, constant)


cdef all_channel_gradients(const real[:, :, ::1] dy, const real[:, :, ::1] x, const real[::1] gamma,
                           const real[::1] mean, const real[::1] inv_std, real[:, :, ::1] dx,
                           real[::1] dgamma, real[::1] dbeta, bint constant):
    cdef Py_ssize_t c, images = x.shape[0], channels = x.shape[1], area = x.shape[2]
    cdef int threads = threads_for(4.0 * images * channels * area)
    if area == 1:
        for c in prange((channels + COLUMNS - 1) // COLUMNS, nogil=True, num_threads=threads,
                        schedule="static"):
            column_gradients(&dy[0, c * COLUMNS, 0], &x[0, c * COLUMNS, 0], &gamma[c * COLUMNS],
                             &mean[c * COLUMNS], &inv_std[c * COLUMNS], &dx[0, c * COLUMNS, 0],
                             &dgamma[c * COLUMNS], &dbeta[c * COLUMNS], images, channels,
                             min(<Py_ssize_t> COLUMNS, channels - c * COLUMNS), constant)
        return
    for c in prange(channels, nogil=True, num_threads=threads, schedule="static"):
        channel_gradient(&dy[0, c, 0], &x[0, c, 0], &dx[0, c, 0], images, channels * area, area, gamma[c],
                         mean[c], inv_std[c], &dgamma[c], &dbeta[c], constant)


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


cdef void channel_gradient(const real *dy, const real *x, real *dx, Py_ssize_t images, Py_ssize_t pitch,
                           Py_ssize_t area, real gamma, real mean, real inv_std, real *dgamma, real *dbeta,
                           bint constant) noexcept nogil:
    cdef Py_ssize_t n, i, count = images * area
    cdef double sum_dy = 0, sum_product = 0
    cdef real scale = gamma * inv_std, slope = 0, shift = 0
    for n in range(images):
        sum_dy += total(dy + n * pitch, area)
        sum_product += products(dy + n * pitch, x + n * pitch, area, mean)
    dgamma[0] = <real> (sum_product * inv_std)
    dbeta[0] = <real> sum_dy
    if not constant:
        slope = <real> (-scale * inv_std * inv_std * sum_product / count)
        shift = <real> (-scale * sum_dy / count)
    for n in range(images):
        for i in range(area):
            dx[n * pitch + i] = scale * dy[n * pitch + i] + slope * (x[n * pitch + i] - mean) + shift

"""Group norm: statistics of one group at a time."""

import numpy as np

include "threads.pxi"

from libc.math cimport sqrt

ctypedef fused real:
    float
    double


include "sums.pxi"
include "affine.pxi"


def group_norm(x, gamma, beta, double eps, tuple results):
    """Normalise each group of (N, G, P, M); the first arguments are those of the reference's group_norm.

    Fills the first of the results and returns all of them.
    """
    y, mean, inv_std = results[0], np.empty(x.shape[:2], x.dtype), np.empty(x.shape[:2], x.dtype)
    if x.itemsize == 4:
        all_groups[float](x, gamma, beta, mean, inv_std, y, eps)
    else:
        all_groups[double](x, gamma, beta, mean, inv_std, y, eps)
    return y, mean, inv_std


cdef all_groups(const real[:, :, :, ::1] x, const real[:, ::1] gamma, const real[:, ::1] beta,
                real[:, ::1] mean, real[:, ::1] inv_std, real[:, :, :, ::1] y, double eps):
    cdef Py_ssize_t task, g, n, groups = x.shape[1], parts = x.shape[2], area = x.shape[3]
    cdef int threads = threads_for(4.0 * x.shape[0] * groups * parts * area)
    for task in prange(x.shape[0] * groups, nogil=True, num_threads=threads, schedule="static"):
        n = task // groups
        g = task % groups
        one_group(&x[n, g, 0, 0], &gamma[g, 0], &beta[g, 0], parts, area, eps, &mean[n, g], &inv_std[n, g],
                  &y[n, g, 0, 0])


cdef void one_group(const real *x, const real *gamma, const real *beta, Py_ssize_t parts, Py_ssize_t area,
                    double eps, real *mean, real *inv_std, real *y) noexcept nogil:
    cdef Py_ssize_t p, count = parts * area
    mean[0] = total(x, count) / <real> count
    inv_std[0] = <real> (1 / sqrt(<double> squares(x, count, mean[0]) / count + eps))
    if area == 1:
        for p in range(parts):
            y[p] = (x[p] - mean[0]) * inv_std[0] * gamma[p] + beta[p]
        return
    for p in range(parts):
        rescale(x + p * area, area, mean[0], inv_std[0] * gamma[p], beta[p], y + p * area)


def group_norm_backward(dy, x, gamma, mean, inv_std, tuple gradients):
    """Fill the gradients; the other arguments are those of the reference's group_norm_backward."""
    dx, dgamma, dbeta = gradients
    dgamma.fill(0)
    dbeta.fill(0)
    if x.itemsize == 4:
        all_group_gradients[float](dy, x, gamma, mean, inv_std, dx, dgamma, dbeta)
    else:
        all_group_gradients[double](dy, x, gamma, mean, inv_std, dx, dgamma, dbeta)


cdef all_group_gradients(const real[:, :, :, ::1] dy, const real[:, :, :, ::1] x, const real[:, ::1] gamma,
                         const real[:, ::1] mean, const real[:, ::1] inv_std, real[:, :, :, ::1] dx,
                         real[:, ::1] dgamma, real[:, ::1] dbeta):
    cdef Py_ssize_t images = x.shape[0], groups = x.shape[1], parts = x.shape[2], area = x.shape[3], task, g, n
    cdef int threads = threads_for(6.0 * images * groups * parts * area)
    if area == 1:
        for task in prange(images * groups, nogil=True, num_threads=threads, schedule="static"):
            n = task // groups
            g = task % groups
            row_gradient(&dy[n, g, 0, 0], &x[n, g, 0, 0], &gamma[g, 0], parts, mean[n, g], inv_std[n, g],
                         &dx[n, g, 0, 0])
        with nogil:
            for n in range(images):
                for g in range(groups):
                    add_row(&dy[n, g, 0, 0], &x[n, g, 0, 0], parts, mean[n, g], inv_std[n, g], &dgamma[g, 0],
                            &dbeta[g, 0])
        return
    cdef double[:, :, :, ::1] sums = np.empty((images, groups, parts, 2))
    for task in prange(images * groups, nogil=True, num_threads=threads, schedule="static"):
        n = task // groups
        g = task % groups
        group_gradient(&dy[n, g, 0, 0], &x[n, g, 0, 0], &gamma[g, 0], parts, area, mean[n, g], inv_std[n, g],
                       &sums[n, g, 0, 0], &dx[n, g, 0, 0])
    with nogil:
        for n in range(images):
            for g in range(groups):
                for task in range(parts):
                    dbeta[g, task] += <real> sums[n, g, task, 0]
                    dgamma[g, task] += <real> (sums[n, g, task, 1] * inv_std[n, g])


cdef void group_gradient(const real *dy, const real *x, const real *gamma, Py_ssize_t parts, Py_ssize_t area,
                         real mean, real inv_std, double *sums, real *dx) noexcept nogil:
    # The sums of each part serve both dx and the gradients of its scale and shift.
    cdef Py_ssize_t p, count = parts * area
    cdef double sum_dy = 0, sum_product = 0
    cdef real slope, shift
    for p in range(parts):
        sums[2 * p] = total(dy + p * area, area)
        sums[2 * p + 1] = products(dy + p * area, x + p * area, area, mean)
        sum_dy += gamma[p] * sums[2 * p]
        sum_product += gamma[p] * sums[2 * p + 1]
    slope = <real> (-sum_product / count) * inv_std * inv_std * inv_std
    shift = <real> (-sum_dy / count) * inv_std
    for p in range(parts):
        combine(dy + p * area, x + p * area, area, mean, inv_std * gamma[p], slope, shift, dx + p * area)


cdef void row_gradient(const real *dy, const real *x, const real *gamma, Py_ssize_t count, real mean,
                       real inv_std, real *dx) noexcept nogil:
    cdef Py_ssize_t i
    cdef real shift, slope
    for i in range(count):
        dx[i] = dy[i] * gamma[i]
    shift = -total(dx, count) / <real> count * inv_std
    slope = -products(dx, x, count, mean) / <real> count * inv_std * inv_std * inv_std
    for i in range(count):
        dx[i] = inv_std * dx[i] + slope * (x[i] - mean) + shift


cdef void add_row(const real *dy, const real *x, Py_ssize_t count, real mean, real inv_std, real *dgamma,
                  real *dbeta) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        dgamma[i] += dy[i] * (x[i] - mean) * inv_std
        dbeta[i] += dy[i]

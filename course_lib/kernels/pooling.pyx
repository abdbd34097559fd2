"""Pooling: maxima in registers window by window, means row by row; padding is a copy of the plane, if any."""

import numpy as np

include "threads.pxi"
include "workspace.pxi"

from libc.math cimport INFINITY
from libc.stdint cimport int64_t
from libc.string cimport memcpy, memset

ctypedef fused real:
    float
    double

include "sums.pxi"

cdef extern from "maxima.h" nogil:
    enum: VECTOR_BYTES
    void row_maxima_float(const float *x, ptrdiff_t pitch, ptrdiff_t kh, ptrdiff_t kw, ptrdiff_t step,
                          ptrdiff_t count, int32_t width, const int32_t *skips, int32_t skip, int64_t origin,
                          float *y, int64_t *indices)
    void row_maxima_double(const double *x, ptrdiff_t pitch, ptrdiff_t kh, ptrdiff_t kw, ptrdiff_t step,
                           ptrdiff_t count, int64_t width, const int64_t *skips, int64_t skip, int64_t origin,
                           double *y, int64_t *indices)

cdef struct Window:
    # Planes (h, w) give planes (oh, ow) through windows (kh, kw).
    Py_ssize_t planes, h, w, oh, ow, kh, kw, sh, sw, top, left


cdef Window describe(tuple shape, tuple kernel, tuple stride, tuple padding):
    cdef Window window
    cdef Py_ssize_t n, c, bottom, right
    n, c, window.h, window.w = shape
    window.planes = n * c
    window.kh, window.kw = kernel
    window.sh, window.sw = stride
    (window.top, bottom), (window.left, right) = padding
    window.oh = (window.h + window.top + bottom - window.kh) // window.sh + 1
    window.ow = (window.w + window.left + right - window.kw) // window.sw + 1
    return window


cdef inline double effort(const Window *window) noexcept nogil:
    return <double> window.planes * window.oh * window.ow * window.kh * window.kw


def max_pool2d(x, tuple kernel, tuple stride, tuple padding, tuple results):
    """Fill maxima and indices; the other arguments are those of the reference's max_pool2d."""
    cdef Window window = describe(x.shape, kernel, stride, padding)
    y, indices = results
    if y.size:
        if x.itemsize == 4:
            maxima[float](&window, x.reshape(-1), y.reshape(-1), indices.reshape(-1))
        else:
            maxima[double](&window, x.reshape(-1), y.reshape(-1), indices.reshape(-1))


cdef maxima(const Window *window, const real[::1] x, real[::1] y, int64_t[::1] indices):
    cdef Py_ssize_t p, area = window.h * window.w, out = window.oh * window.ow
    cdef int threads = threads_for(effort(window))
    # What a row of vectors may read beyond its last window: two vectors, or one with gaps.
    cdef Py_ssize_t beyond = max(<Py_ssize_t> 2, window.sw) * VECTOR_BYTES // sizeof(real)
    cdef Py_ssize_t size = padded_height(window) * padded_width(window) + beyond
    cdef bint padded = needs_padding(window)
    cdef Py_ssize_t skips = round_up(window.ow * sizeof(real), PAGE)
    cdef Py_ssize_t share = round_up(size * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(skips + threads * share)
    cdef char *memory = aligned(owner)
    cdef bint copied
    lay_skips(window, <real *> memory)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        copied = padded or (p + 1) * area + beyond > x.shape[0]
        plane_maxima(window, &x[p * area], &y[p * out], &indices[p * out], memory,
                     <real *> (memory + skips + threadid() * share) if copied else NULL)


cdef inline Py_ssize_t padded_height(const Window *window) noexcept nogil:
    return (window.oh - 1) * window.sh + window.kh


cdef inline Py_ssize_t padded_width(const Window *window) noexcept nogil:
    return (window.ow - 1) * window.sw + window.kw


cdef inline bint needs_padding(const Window *window) noexcept nogil:
    return (window.top > 0 or window.left > 0 or padded_height(window) > window.h
            or padded_width(window) > window.w)


cdef void lay_skips(const Window *window, real *memory) noexcept nogil:
    # How many padding columns each window begins with: what no maximum may point to.
    cdef Py_ssize_t q, columns
    for q in range(window.ow):
        columns = max(<Py_ssize_t> 0, window.left - q * window.sw)
        if real is float:
            (<int32_t *> memory)[q] = <int32_t> columns
        else:
            (<int64_t *> memory)[q] = columns


cdef void pad_plane(const Window *window, const real *x, real *plane, real value) noexcept nogil:
    # The part of the padded plane that windows see.
    cdef Py_ssize_t i, j, row, height = padded_height(window), width = padded_width(window)
    cdef Py_ssize_t end = min(width, window.left + window.w)
    for i in range(height):
        row = i - window.top
        if 0 <= row < window.h:
            for j in range(window.left):
                plane[j] = value
            memcpy(plane + window.left, x + row * window.w, (end - window.left) * sizeof(real))
            for j in range(end, width):
                plane[j] = value
        else:
            for j in range(width):
                plane[j] = value
        plane += width


cdef void plane_maxima(const Window *window, const real *x, real *y, int64_t *indices, const void *skips,
                       real *plane) noexcept nogil:
    cdef Py_ssize_t r, row, skip, origin, pitch = window.w
    if plane != NULL:
        pad_plane(window, x, plane, <real> -INFINITY)
        pitch = padded_width(window)
        x = plane
    for r in range(window.oh):
        row = r * window.sh - window.top
        skip = max(<Py_ssize_t> 0, -row) * window.w
        origin = row * window.w - window.left
        if real is float:
            row_maxima_float(x, pitch, window.kh, window.kw, window.sw, window.ow, <int32_t> window.w,
                             <const int32_t *> skips, <int32_t> skip, origin, y, indices)
        else:
            row_maxima_double(x, pitch, window.kh, window.kw, window.sw, window.ow, window.w,
                              <const int64_t *> skips, skip, origin, y, indices)
        x += window.sh * pitch
        y += window.ow
        indices += window.ow


def max_pool2d_backward(dy, indices, tuple x_shape, dx):
    """Fill the gradient; the other arguments are those of the reference's max_pool2d_backward."""
    cdef Py_ssize_t bad = 0
    if dx.size == 0:
        return
    if dy.itemsize == 4:
        bad = send_to_maxima[float](dy.reshape(-1), indices.reshape(-1), dx.reshape(-1), x_shape)
    else:
        bad = send_to_maxima[double](dy.reshape(-1), indices.reshape(-1), dx.reshape(-1), x_shape)
    if bad:
        last = x_shape[2] * x_shape[3] - 1
        raise ValueError(
            f"indices must lie between 0 and {last}, the elements of a plane of x_shape {x_shape}"
        )


cdef Py_ssize_t send_to_maxima(const real[::1] dy, const int64_t[::1] indices, real[::1] dx, tuple x_shape):
    cdef Py_ssize_t planes = x_shape[0] * x_shape[1], area = x_shape[2] * x_shape[3]
    cdef Py_ssize_t out = dy.shape[0] // planes, p, bad = 0
    cdef int threads = threads_for(2.0 * dx.shape[0])
    for p in prange(planes, nogil=True, num_threads=threads, schedule="static"):
        bad += plane_to_maxima(&dy[p * out], &indices[p * out], out, &dx[p * area], area)
    return bad


cdef Py_ssize_t plane_to_maxima(const real *dy, const int64_t *indices, Py_ssize_t out, real *dx,
                                Py_ssize_t area) noexcept nogil:
    cdef Py_ssize_t q, bad = 0
    memset(dx, 0, area * sizeof(real))
    for q in range(out):
        if 0 <= indices[q] < area:
            dx[indices[q]] += dy[q]
        else:
            bad += 1
    return bad


include "mean_windows.pxi"


def global_avg_pool2d(x, y):
    """Take the mean of each plane: (N, C, H, W) to y (N, C)."""
    if y.size:
        if x.itemsize == 4:
            plane_mean[float](x.reshape(-1), y.reshape(-1))
        else:
            plane_mean[double](x.reshape(-1), y.reshape(-1))


cdef plane_mean(const real[::1] x, real[::1] y):
    cdef Py_ssize_t p, planes = y.shape[0], area = x.shape[0] // planes
    cdef int threads = threads_for(x.shape[0])
    for p in prange(planes, nogil=True, num_threads=threads, schedule="static"):
        y[p] = total(&x[p * area], area) / <real> area


def global_avg_pool2d_backward(dy, tuple x_shape, dx):
    """Spread the gradient of each mean evenly over its plane."""
    if dx.size:
        if dy.itemsize == 4:
            plane_spread_evenly[float](dy.reshape(-1), dx.reshape(-1))
        else:
            plane_spread_evenly[double](dy.reshape(-1), dx.reshape(-1))


cdef plane_spread_evenly(const real[::1] dy, real[::1] dx):
    cdef Py_ssize_t p, planes = dy.shape[0], area = dx.shape[0] // planes
    cdef int threads = threads_for(dx.shape[0])
    for p in prange(planes, nogil=True, num_threads=threads, schedule="static"):
        fill(&dx[p * area], area, dy[p] / <real> area)


cdef void fill(real *plane, Py_ssize_t count, real value) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        plane[i] = value

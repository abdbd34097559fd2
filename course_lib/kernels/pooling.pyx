"""Pooling: each output row is built up tap by tap, so that vectors run along it and padding needs no copy."""

import numpy as np

include "threads.pxi"
include "workspace.pxi"

from libc.stdint cimport int64_t
from libc.string cimport memset

ctypedef fused real:
    float
    double

include "sums.pxi"

cdef extern from "maxima.h" nogil:
    void raise_maxima_float(const float *x, int32_t step, int32_t place, float *y, int32_t *places,
                            int32_t count)
    void raise_maxima_double(const double *x, int64_t step, int64_t place, double *y, int64_t *places,
                             int64_t count)

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


cdef inline Py_ssize_t first_inside(Py_ssize_t shift, Py_ssize_t step) noexcept nogil:
    # The first position q with q * step + shift >= 0.
    return 0 if shift >= 0 else (-shift + step - 1) // step


cdef inline Py_ssize_t end_inside(Py_ssize_t shift, Py_ssize_t step, Py_ssize_t size,
                                  Py_ssize_t count) noexcept nogil:
    # One past the last position q < count with q * step + shift < size.
    return 0 if shift >= size else min(count, (size - 1 - shift) // step + 1)


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
    cdef Py_ssize_t share = round_up(window.ow * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_maxima(window, &x[p * area], &y[p * out], &indices[p * out], memory + threadid() * share)


cdef void plane_maxima(const Window *window, const real *x, real *y, int64_t *indices,
                       void *memory) noexcept nogil:
    # While a row is worked on, the place of a maximum counts from the start of its first row, so 32 bits do.
    cdef Py_ssize_t r, i, j, q, first, shift, begin, count
    cdef int32_t *places = <int32_t *> memory
    cdef int64_t *wide_places = <int64_t *> memory
    for r in range(window.oh):
        first = max(<Py_ssize_t> 0, r * window.sh - window.top)
        for q in range(window.ow):
            shift = max(<Py_ssize_t> 0, q * window.sw - window.left)
            y[q] = x[first * window.w + shift]
            if real is float:
                places[q] = <int32_t> shift
            else:
                wide_places[q] = shift
        for i in range(first, min(window.h, r * window.sh - window.top + window.kh)):
            for j in range(window.kw):
                shift = j - window.left
                begin = first_inside(shift, window.sw)
                count = end_inside(shift, window.sw, window.w, window.ow) - begin
                shift += begin * window.sw
                if real is float:
                    raise_maxima_float(x + i * window.w + shift, <int32_t> window.sw,
                                       <int32_t> ((i - first) * window.w + shift), y + begin, places + begin,
                                       <int32_t> count)
                else:
                    raise_maxima_double(x + i * window.w + shift, window.sw, (i - first) * window.w + shift,
                                        y + begin, wide_places + begin, count)
        for q in range(window.ow):
            indices[q] = first * window.w + (places[q] if real is float else wide_places[q])
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


cdef double[::1] shares(Py_ssize_t size, Py_ssize_t count, Py_ssize_t kernel, Py_ssize_t step,
                        Py_ssize_t before, bint count_include_pad):
    # What one element weighs in the mean of each window, along one axis.
    starts = np.arange(count) * step - before
    inside = np.minimum(starts + kernel, size) - np.maximum(starts, 0)
    return 1.0 / (np.full(count, kernel) if count_include_pad else inside)


def avg_pool2d(x, tuple kernel, tuple stride, tuple padding, bint count_include_pad, y):
    """Fill y with means; the other arguments are those of the reference's avg_pool2d."""
    cdef Window window = describe(x.shape, kernel, stride, padding)
    rows = shares(window.h, window.oh, window.kh, window.sh, window.top, count_include_pad)
    columns = shares(window.w, window.ow, window.kw, window.sw, window.left, count_include_pad)
    if y.size:
        if x.itemsize == 4:
            means[float](&window, x.reshape(-1), y.reshape(-1), rows, columns)
        else:
            means[double](&window, x.reshape(-1), y.reshape(-1), rows, columns)


cdef means(const Window *window, const real[::1] x, real[::1] y, const double[::1] rows,
           const double[::1] columns):
    cdef Py_ssize_t p, area = window.h * window.w, out = window.oh * window.ow
    cdef int threads = threads_for(effort(window))
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_means(window, &x[p * area], &y[p * out], &rows[0], &columns[0])


cdef void plane_means(const Window *window, const real *x, real *y, const double *rows,
                      const double *columns) noexcept nogil:
    cdef Py_ssize_t r, i, j, q, row, shift
    cdef const real *source
    for r in range(window.oh):
        memset(y, 0, window.ow * sizeof(real))
        for i in range(window.kh):
            row = r * window.sh + i - window.top
            if 0 <= row < window.h:
                for j in range(window.kw):
                    shift = j - window.left
                    source = x + row * window.w + shift
                    for q in range(first_inside(shift, window.sw),
                                   end_inside(shift, window.sw, window.w, window.ow)):
                        y[q] += source[q * window.sw]
        for q in range(window.ow):
            y[q] = y[q] * <real> (rows[r] * columns[q])
        y += window.ow


def avg_pool2d_backward(dy, tuple x_shape, tuple kernel, tuple stride, tuple padding, bint count_include_pad,
                        dx):
    """Fill the gradient; the other arguments are those of the reference's avg_pool2d_backward."""
    cdef Window window = describe(x_shape, kernel, stride, padding)
    rows = shares(window.h, window.oh, window.kh, window.sh, window.top, count_include_pad)
    columns = shares(window.w, window.ow, window.kw, window.sw, window.left, count_include_pad)
    if dx.size:
        if dy.itemsize == 4:
            spread[float](&window, dy.reshape(-1), dx.reshape(-1), rows, columns)
        else:
            spread[double](&window, dy.reshape(-1), dx.reshape(-1), rows, columns)


cdef spread(const Window *window, const real[::1] dy, real[::1] dx, const double[::1] rows,
            const double[::1] columns):
    cdef Py_ssize_t p, area = window.h * window.w, out = window.oh * window.ow
    cdef int threads = threads_for(effort(window))
    cdef Py_ssize_t share = round_up(window.ow * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_spread(window, &dy[p * out], &dx[p * area], &rows[0], &columns[0],
                     <real *> (memory + threadid() * share))


cdef void plane_spread(const Window *window, const real *dy, real *dx, const double *rows,
                       const double *columns, real *shared) noexcept nogil:
    cdef Py_ssize_t r, i, j, q, row, shift
    memset(dx, 0, window.h * window.w * sizeof(real))
    for r in range(window.oh):
        for q in range(window.ow):
            shared[q] = dy[q] * <real> (rows[r] * columns[q])
        for i in range(window.kh):
            row = r * window.sh + i - window.top
            if 0 <= row < window.h:
                for j in range(window.kw):
                    shift = j - window.left
                    add_row(shared, dx + row * window.w + shift, window.sw, first_inside(shift, window.sw),
                            end_inside(shift, window.sw, window.w, window.ow))
        dy += window.ow


cdef inline void add_row(const real *row, real *target, Py_ssize_t step, Py_ssize_t begin,
                         Py_ssize_t end) noexcept nogil:
    cdef Py_ssize_t q
    if step == 1:
        for q in range(begin, end):
            target[q] += row[q]
    else:
        for q in range(begin, end):
            target[q * step] += row[q]


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
    dx[...] = (dy / dy.dtype.type(x_shape[2] * x_shape[3]))[:, :, None, None]

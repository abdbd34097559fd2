"""Convolution: chooses among several ways to compute it, by the shapes of the call."""

include "threads.pxi"
include "workspace.pxi"

from libc.string cimport memset

ctypedef fused real:
    float
    double


include "sums.pxi"


cdef struct Call:
    # One convolution, spelt out; c and o count the channels and the kernels of one group.
    Py_ssize_t n, groups, c, h, w, o, kh, kw, oh, ow
    Py_ssize_t sh, sw, dh, dw, top, left


cdef Call describe(object x, object w, tuple stride, tuple padding, tuple dilation, Py_ssize_t groups):
    cdef Call call
    cdef Py_ssize_t bottom, right
    call.groups = groups
    call.n, call.c, call.h, call.w = x.shape
    call.o, call.c, call.kh, call.kw = w.shape
    call.o = call.o // groups
    call.sh, call.sw = stride
    call.dh, call.dw = dilation
    (call.top, bottom), (call.left, right) = padding
    call.oh = (call.h + call.top + bottom - call.dh * (call.kh - 1) - 1) // call.sh + 1
    call.ow = (call.w + call.left + right - call.dw * (call.kw - 1) - 1) // call.sw + 1
    cdef double plane = <double> (call.h + call.oh * call.sh + call.kh * call.dh) \
        * (call.w + call.ow * call.sw + call.kw * call.dw)
    if plane * max(call.c, call.o) > 2**31:
        raise ValueError("x has images too large for the kernels, whose offsets within an image have 32 "
                         "bits: split them, or take course_lib.set_backend('reference')")
    return call


cdef inline double multiply_adds(const Call *call) noexcept nogil:
    return (<double> call.n * call.groups * call.o * call.oh * call.ow) * (call.c * call.kh * call.kw)


cdef enum Path:
    GATHER
    PIXELS
    POINTS
    WINOGRAD

PATHS = ("gather", "pixels", "points", "winograd")


include "padding.pxi"
include "gather.pxi"
include "direct_path.pxi"
include "gather_path.pxi"
include "pixel_path.pxi"
include "point_path.pxi"
include "winograd_transforms.pxi"
include "winograd_path.pxi"


cdef Path direct_path(const Call *call, Py_ssize_t outer, Py_ssize_t itemsize) noexcept nogil:
    # Few channels of the destination would leave lanes of a gathered product idle.
    if points_suit(call, outer, itemsize):
        return POINTS
    return PIXELS if outer <= PIXEL_CHANNELS else GATHER


cdef Path forward_path(const Call *call, Py_ssize_t itemsize) noexcept nogil:
    return WINOGRAD if winograd_suits(call, itemsize) else direct_path(call, call.o, itemsize)


cdef Path input_gradient_path(const Call *call, Py_ssize_t itemsize) noexcept nogil:
    # With a stride, tiles of the gradient of x would overlap.
    if call.sh == 1 and winograd_suits(call, itemsize):
        return WINOGRAD
    return direct_path(call, call.c, itemsize)


cdef Path weight_gradient_path(const Call *call, Py_ssize_t itemsize) noexcept nogil:
    if winograd_suits(call, itemsize):
        return WINOGRAD
    return PIXELS if call.o <= 2 else GATHER


def paths(x, w, tuple stride, tuple padding, tuple dilation, Py_ssize_t groups):
    """Name the ways in which such a call computes the result, the gradient of x and that of w."""
    cdef Call call = describe(x, w, stride, padding, dilation, groups)
    return (PATHS[forward_path(&call, x.itemsize)], PATHS[input_gradient_path(&call, x.itemsize)],
            PATHS[weight_gradient_path(&call, x.itemsize)])


def conv2d(x, w, b, tuple stride, tuple padding, tuple dilation, Py_ssize_t groups, y):
    """Convolve images into y; the other arguments are those of the reference's conv2d."""
    cdef Call call = describe(x, w, stride, padding, dilation, groups)
    cdef void *bias = address(b) if b is not None else NULL
    if call.n == 0:
        return
    if x.itemsize == 4:
        forward(&call, <const float *> address(x), <const float *> address(w), <const float *> bias,
                <float *> address(y))
    else:
        forward(&call, <const double *> address(x), <const double *> address(w), <const double *> bias,
                <double *> address(y))


cdef forward(const Call *call, const real *x, const real *w, const real *b, real *y):
    cdef Path path = forward_path(call, sizeof(real))
    if path == WINOGRAD:
        winograd_forward(call, x, w, b, y)
    else:
        direct_forward(call, path, x, w, b, y)


def conv2d_backward(dy, x, w, tuple stride, tuple padding, tuple dilation, Py_ssize_t groups, tuple needs,
                    tuple gradients):
    """Fill the gradients dx, dw and db; the other arguments are those of the reference's conv2d_backward."""
    cdef Call call = describe(x, w, stride, padding, dilation, groups)
    cdef void *places[3]
    cdef Py_ssize_t i
    for i in range(3):
        places[i] = address(gradients[i]) if gradients[i] is not None else NULL
    if call.n == 0:
        for gradient in gradients[1:]:
            if gradient is not None:
                gradient.fill(0)
    elif x.itemsize == 4:
        backward(&call, <const float *> address(dy), <const float *> address(x), <const float *> address(w),
                 <float *> places[0], <float *> places[1], <float *> places[2])
    else:
        backward(&call, <const double *> address(dy), <const double *> address(x),
                 <const double *> address(w), <double *> places[0], <double *> places[1],
                 <double *> places[2])


cdef backward(const Call *call, const real *dy, const real *x, const real *w, real *dx, real *dw, real *db):
    cdef Path path
    if dx != NULL:
        path = input_gradient_path(call, sizeof(real))
        if path == WINOGRAD:
            winograd_input_gradient(call, dy, w, dx)
        else:
            direct_input_gradient(call, path, dy, w, dx)
    if dw != NULL:
        path = weight_gradient_path(call, sizeof(real))
        if path == GATHER:
            gather_weight_gradient(call, dy, x, dw)
        elif path == PIXELS:
            pixel_weight_gradient(call, dy, x, dw)
        else:
            winograd_weight_gradient(call, dy, x, dw)
    if db != NULL:
        bias_gradient(call, dy, db)


cdef bias_gradient(const Call *call, const real *dy, real *db):
    # In the order of memory; a channel's planes are added up afterwards.
    cdef Py_ssize_t p, f, n, kernels = call.groups * call.o, area = call.oh * call.ow
    cdef int threads = threads_for(<double> call.n * kernels * area)
    cdef object owner = scratch(call.n * kernels * sizeof(double))
    cdef double *sums = <double *> aligned_start(owner)
    cdef double sum
    for p in prange(call.n * kernels, nogil=True, num_threads=threads, schedule="static"):
        sums[p] = total(dy + p * area, area)
    for f in range(kernels):
        sum = 0
        for n in range(call.n):
            sum += sums[n * kernels + f]
        db[f] = <real> sum

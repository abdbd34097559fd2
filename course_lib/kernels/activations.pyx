"""Activation functions: one pass over flat arrays, in vector code; each fills y."""

include "threads.pxi"

ctypedef fused real:
    float
    double

include "exponential.pxi"

cdef extern from "hyperbolic.h" nogil:
    float exp_minus_one_float(float)
    double exp_minus_one_double(double)
    float tanh_float(float)
    double tanh_double(double)

cdef enum:
    # Elements a thread takes at a time.
    SEGMENT = 65536

cdef enum Kind:
    RELU, RELU_BACKWARD, LEAKY_RELU, LEAKY_RELU_BACKWARD
    ELU, ELU_BACKWARD, SIGMOID, SIGMOID_BACKWARD, TANH, TANH_BACKWARD


def relu(x, y):
    """Keep what is positive."""
    apply(RELU, x, x, 0, y)


def relu_backward(dy, x, y):
    """Pass the gradient where x was positive."""
    apply(RELU_BACKWARD, x, dy, 0, y)


def leaky_relu(x, double negative_slope, y):
    """Keep what is positive, and scale the rest."""
    apply(LEAKY_RELU, x, x, negative_slope, y)


def leaky_relu_backward(dy, x, double negative_slope, y):
    """Pass the gradient where x was positive, and scale the rest."""
    apply(LEAKY_RELU_BACKWARD, x, dy, negative_slope, y)


def elu(x, double alpha, y):
    """Keep what is positive, and let the rest level off."""
    apply(ELU, x, x, alpha, y)


def elu_backward(dy, x, double alpha, y):
    """Multiply by the slope of elu."""
    apply(ELU_BACKWARD, x, dy, alpha, y)


def sigmoid(x, y):
    """Squash to (0, 1)."""
    apply(SIGMOID, x, x, 0, y)


def sigmoid_backward(dy, x, y):
    """Multiply by the slope of sigmoid."""
    apply(SIGMOID_BACKWARD, x, dy, 0, y)


def tanh(x, y):
    """Squash to (-1, 1)."""
    apply(TANH, x, x, 0, y)


def tanh_backward(dy, x, y):
    """Multiply by the slope of tanh."""
    apply(TANH_BACKWARD, x, dy, 0, y)


cdef apply(Kind kind, x, dy, double option, y):
    if y.size:
        if y.itemsize == 4:
            segments[float](kind, x, dy, y, <float> option)
        else:
            segments[double](kind, x, dy, y, option)


cdef segments(Kind kind, const real[::1] x, const real[::1] dy, real[::1] y, real option):
    cdef Py_ssize_t size = y.shape[0], s, count = (size + SEGMENT - 1) // SEGMENT
    # An exponential costs about as much as ten multiply-adds.
    cdef int threads = threads_for(size if kind < ELU else 10.0 * size)
    for s in prange(count, nogil=True, num_threads=threads, schedule="static"):
        segment(kind, &x[s * SEGMENT], &dy[s * SEGMENT], &y[s * SEGMENT],
                min(<Py_ssize_t> SEGMENT, size - s * SEGMENT), option)


cdef inline real squash(real x) noexcept nogil:
    return 1 / (1 + exponential(-x))


cdef inline real tangent(real x) noexcept nogil:
    if real is float:
        return tanh_float(x)
    else:
        return tanh_double(x)


cdef inline real below(real x) noexcept nogil:
    # exp(x) - 1 for x <= 0.
    if real is float:
        return exp_minus_one_float(x)
    else:
        return exp_minus_one_double(x)


cdef void segment(Kind kind, const real *x, const real *dy, real *y, Py_ssize_t count,
                  real option) noexcept nogil:
    cdef Py_ssize_t i
    cdef real s
    if kind == RELU:
        for i in range(count):
            y[i] = <real> 0 if x[i] <= 0 else x[i]
    elif kind == RELU_BACKWARD:
        for i in range(count):
            y[i] = <real> 0 if x[i] <= 0 else dy[i]
    elif kind == LEAKY_RELU:
        for i in range(count):
            y[i] = x[i] if x[i] > 0 else option * x[i]
    elif kind == LEAKY_RELU_BACKWARD:
        for i in range(count):
            y[i] = dy[i] if x[i] > 0 else option * dy[i]
    elif kind == ELU:
        for i in range(count):
            s = option * below(x[i])
            y[i] = x[i] if x[i] > 0 else s
    elif kind == ELU_BACKWARD:
        for i in range(count):
            s = dy[i] * option * exponential(x[i])
            y[i] = dy[i] if x[i] > 0 else s
    elif kind == SIGMOID:
        for i in range(count):
            y[i] = squash(x[i])
    elif kind == SIGMOID_BACKWARD:
        for i in range(count):
            s = squash(x[i])
            y[i] = dy[i] * s * (1 - s)
    elif kind == TANH:
        for i in range(count):
            y[i] = tangent(x[i])
    else:
        for i in range(count):
            s = tangent(x[i])
            y[i] = dy[i] * (1 - s * s)

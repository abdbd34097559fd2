# What a norm does to a plane once its statistics are known.

cdef void rescale(const real *x, Py_ssize_t count, real mean, real scale, real shift, real *y) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        y[i] = (x[i] - mean) * scale + shift


cdef void combine(const real *dy, const real *x, Py_ssize_t count, real mean, real scale, real slope, real shift,
                  real *dx) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        dx[i] = scale * dy[i] + slope * (x[i] - mean) + shift

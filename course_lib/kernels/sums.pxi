cdef extern from "sums.h" nogil:
    float total_float(const float *x, ptrdiff_t count)
    double total_double(const double *x, ptrdiff_t count)
    float squares_float(const float *x, ptrdiff_t count, float mean)
    double squares_double(const double *x, ptrdiff_t count, double mean)
    float products_float(const float *y, const float *x, ptrdiff_t count, float mean)
    double products_double(const double *y, const double *x, ptrdiff_t count, double mean)
    float largest_float(const float *x, ptrdiff_t count)
    double largest_double(const double *x, ptrdiff_t count)


cdef inline real total(const real *x, ptrdiff_t count) noexcept nogil:
    # The sum of x[i].
    if real is float:
        return total_float(x, count)
    else:
        return total_double(x, count)


cdef inline real squares(const real *x, ptrdiff_t count, real mean) noexcept nogil:
    # The sum of (x[i] - mean)^2.
    if real is float:
        return squares_float(x, count, mean)
    else:
        return squares_double(x, count, mean)


cdef inline real products(const real *y, const real *x, ptrdiff_t count, real mean) noexcept nogil:
    # The sum of y[i] (x[i] - mean).
    if real is float:
        return products_float(y, x, count, mean)
    else:
        return products_double(y, x, count, mean)


cdef inline real largest(const real *x, ptrdiff_t count) noexcept nogil:
    if real is float:
        return largest_float(x, count)
    else:
        return largest_double(x, count)

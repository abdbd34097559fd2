# The transforms of winograd.h for both element types.

cdef extern from "winograd.h" nogil:
    enum:
        WINOGRAD_FOUR
        WINOGRAD_TWO
        WINOGRAD_STRIDED
    void winograd_patch_float(int kind, const float *pixels, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                              ptrdiff_t columns, ptrdiff_t channels, float *values, ptrdiff_t pitch)
    void winograd_gradient_float(int kind, const float *pixels, ptrdiff_t row, ptrdiff_t column,
                                 ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, float *values,
                                 ptrdiff_t pitch)
    void winograd_taps_float(int kind, const float *taps, ptrdiff_t channels, float *values, ptrdiff_t pitch)
    void winograd_output_float(int kind, const float *values, ptrdiff_t pitch, float *pixels, ptrdiff_t row,
                               ptrdiff_t column, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels)
    void winograd_taps_gradient_float(int kind, const float *values, ptrdiff_t pitch, float *taps,
                                      ptrdiff_t channels)
    void winograd_patch_double(int kind, const double *pixels, ptrdiff_t row, ptrdiff_t column,
                               ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, double *values,
                               ptrdiff_t pitch)
    void winograd_gradient_double(int kind, const double *pixels, ptrdiff_t row, ptrdiff_t column,
                                  ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, double *values,
                                  ptrdiff_t pitch)
    void winograd_taps_double(int kind, const double *taps, ptrdiff_t channels, double *values,
                              ptrdiff_t pitch)
    void winograd_output_double(int kind, const double *values, ptrdiff_t pitch, double *pixels,
                                ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows, ptrdiff_t columns,
                                ptrdiff_t channels)
    void winograd_taps_gradient_double(int kind, const double *values, ptrdiff_t pitch, double *taps,
                                       ptrdiff_t channels)


cdef inline void winograd_patch(int kind, const real *pixels, Py_ssize_t row, Py_ssize_t column,
                                Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels, real *values,
                                Py_ssize_t pitch) noexcept nogil:
    if real is float:
        winograd_patch_float(kind, pixels, row, column, rows, columns, channels, values, pitch)
    else:
        winograd_patch_double(kind, pixels, row, column, rows, columns, channels, values, pitch)


cdef inline void winograd_gradient(int kind, const real *pixels, Py_ssize_t row, Py_ssize_t column,
                                   Py_ssize_t rows, Py_ssize_t columns, Py_ssize_t channels, real *values,
                                   Py_ssize_t pitch) noexcept nogil:
    if real is float:
        winograd_gradient_float(kind, pixels, row, column, rows, columns, channels, values, pitch)
    else:
        winograd_gradient_double(kind, pixels, row, column, rows, columns, channels, values, pitch)


cdef inline void winograd_taps(int kind, const real *taps, Py_ssize_t channels, real *values,
                               Py_ssize_t pitch) noexcept nogil:
    if real is float:
        winograd_taps_float(kind, taps, channels, values, pitch)
    else:
        winograd_taps_double(kind, taps, channels, values, pitch)


cdef inline void winograd_output(int kind, const real *values, Py_ssize_t pitch, real *pixels,
                                 Py_ssize_t row, Py_ssize_t column, Py_ssize_t rows, Py_ssize_t columns,
                                 Py_ssize_t channels) noexcept nogil:
    if real is float:
        winograd_output_float(kind, values, pitch, pixels, row, column, rows, columns, channels)
    else:
        winograd_output_double(kind, values, pitch, pixels, row, column, rows, columns, channels)


cdef inline void winograd_taps_gradient(int kind, const real *values, Py_ssize_t pitch, real *taps,
                                        Py_ssize_t channels) noexcept nogil:
    if real is float:
        winograd_taps_gradient_float(kind, values, pitch, taps, channels)
    else:
        winograd_taps_gradient_double(kind, values, pitch, taps, channels)

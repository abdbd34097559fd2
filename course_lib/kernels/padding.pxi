# Copying rows of images, for both element types.

cdef extern from "padding.h" nogil:
    void copy_row_float(const float *source, float *to, ptrdiff_t count)
    void copy_row_double(const double *source, double *to, ptrdiff_t count)
    void pad_planes_float(const float *planes, ptrdiff_t count, ptrdiff_t h, ptrdiff_t w, ptrdiff_t top,
                          ptrdiff_t left, float *out, ptrdiff_t rows, ptrdiff_t columns)
    void pad_planes_double(const double *planes, ptrdiff_t count, ptrdiff_t h, ptrdiff_t w, ptrdiff_t top,
                           ptrdiff_t left, double *out, ptrdiff_t rows, ptrdiff_t columns)


cdef inline void copy_row(const real *source, real *to, Py_ssize_t count) noexcept nogil:
    if real is float:
        copy_row_float(source, to, count)
    else:
        copy_row_double(source, to, count)


cdef inline void pad_planes(const real *planes, Py_ssize_t count, Py_ssize_t h, Py_ssize_t w, Py_ssize_t top,
                            Py_ssize_t left, real *out, Py_ssize_t rows, Py_ssize_t columns) noexcept nogil:
    if real is float:
        pad_planes_float(planes, count, h, w, top, left, out, rows, columns)
    else:
        pad_planes_double(planes, count, h, w, top, left, out, rows, columns)

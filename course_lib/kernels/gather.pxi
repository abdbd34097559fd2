# The matrix product of gather.h for both element types.

cdef extern from "gather.h" nogil:
    enum:
        VECTOR_BYTES
        TILE_ROWS
        TILE_WIDTH
    void gather_product_float(int width, ptrdiff_t rows, ptrdiff_t depth, const int32_t *base,
                              const int32_t *off, const float *x, const float *w, float *out, int accumulate)
    void gather_product_double(int width, ptrdiff_t rows, ptrdiff_t depth, const int32_t *base,
                               const int32_t *off, const double *x, const double *w, double *out,
                               int accumulate)
    void to_planes_float(const float *source, ptrdiff_t rows, int width, int columns, float *out,
                         ptrdiff_t pitch, const float *bias)
    void to_planes_double(const double *source, ptrdiff_t rows, int width, int columns, double *out,
                          ptrdiff_t pitch, const double *bias)
    void from_planes_float(const float *source, ptrdiff_t pitch, ptrdiff_t rows, int columns, float *out,
                           int width)
    void from_planes_double(const double *source, ptrdiff_t pitch, ptrdiff_t rows, int columns, double *out,
                            int width)

cdef inline void gather_product(int width, ptrdiff_t rows, ptrdiff_t depth, const int32_t *base,
                                const int32_t *off, const real *x, const real *w, real *out,
                                int accumulate) noexcept nogil:
    if real is float:
        gather_product_float(width, rows, depth, base, off, x, w, out, accumulate)
    else:
        gather_product_double(width, rows, depth, base, off, x, w, out, accumulate)


cdef inline void to_planes(const real *source, ptrdiff_t rows, int width, int columns, real *out,
                           ptrdiff_t pitch, const real *bias) noexcept nogil:
    if real is float:
        to_planes_float(source, rows, width, columns, out, pitch, bias)
    else:
        to_planes_double(source, rows, width, columns, out, pitch, bias)


cdef inline void from_planes(const real *source, ptrdiff_t pitch, ptrdiff_t rows, int columns, real *out,
                             int width) noexcept nogil:
    if real is float:
        from_planes_float(source, pitch, rows, columns, out, width)
    else:
        from_planes_double(source, pitch, rows, columns, out, width)


cdef inline int block_width(Py_ssize_t channels, Py_ssize_t first, int lanes) noexcept nogil:
    # Vectors in the block of channels that begins at `first`: blocks differ by at most one vector.
    cdef Py_ssize_t vectors = (channels - first + lanes - 1) // lanes
    cdef Py_ssize_t blocks = (vectors + TILE_WIDTH - 1) // TILE_WIDTH
    return <int> ((vectors + blocks - 1) // blocks)


cdef inline Py_ssize_t block_start(Py_ssize_t channels, Py_ssize_t number, int lanes) noexcept nogil:
    # The channel at which the block of this number begins.
    cdef Py_ssize_t first = 0, block
    for block in range(number):
        first += block_width(channels, first, lanes) * lanes
    return first

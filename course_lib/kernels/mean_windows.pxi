# Means of windows and their gradients: each row of windows through one row of sums.

cdef extern from "means.h" nogil:
    void row_sums_float(const float *x, ptrdiff_t pitch, ptrdiff_t rows, ptrdiff_t count, float *out)
    void row_sums_double(const double *x, ptrdiff_t pitch, ptrdiff_t rows, ptrdiff_t count, double *out)
    void window_means_float(const float *row, ptrdiff_t kw, ptrdiff_t step, ptrdiff_t count, float share,
                            const float *shares, float *y)
    void window_means_double(const double *row, ptrdiff_t kw, ptrdiff_t step, ptrdiff_t count, double share,
                             const double *shares, double *y)


cdef object shares(Py_ssize_t size, Py_ssize_t count, Py_ssize_t kernel, Py_ssize_t step, Py_ssize_t before,
                   bint count_include_pad, object dtype):
    # What one element weighs in the mean of each window, along one axis.
    if count_include_pad:
        return np.full(count, 1 / <double> kernel, dtype)
    starts = np.arange(count) * step - before
    return (1 / (np.minimum(starts + kernel, size) - np.maximum(starts, 0))).astype(dtype)


def avg_pool2d(x, tuple kernel, tuple stride, tuple padding, bint count_include_pad, y):
    """Fill y with means; the other arguments are those of the reference's avg_pool2d."""
    cdef Window window = describe(x.shape, kernel, stride, padding)
    rows = shares(window.h, window.oh, window.kh, window.sh, window.top, count_include_pad, x.dtype)
    columns = shares(window.w, window.ow, window.kw, window.sw, window.left, count_include_pad, x.dtype)
    if y.size:
        if x.itemsize == 4:
            means[float](&window, x.reshape(-1), y.reshape(-1), rows, columns)
        else:
            means[double](&window, x.reshape(-1), y.reshape(-1), rows, columns)


cdef means(const Window *window, const real[::1] x, real[::1] y, const real[::1] rows,
           const real[::1] columns):
    cdef Py_ssize_t p, area = window.h * window.w, out = window.oh * window.ow
    cdef int threads = threads_for(effort(window))
    # Vectors may read beyond the last window, as in a row of maxima.
    cdef Py_ssize_t beyond = max(<Py_ssize_t> 2, window.sw) * VECTOR_BYTES
    cdef Py_ssize_t share = round_up(window.oh * padded_row(window) * sizeof(real) + beyond, PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    cdef Py_ssize_t thread
    for thread in range(threads):
        # Padding columns stay zero.
        memset(memory + thread * share, 0, share)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_means(window, &x[p * area], &y[p * out], &rows[0], &columns[0],
                    <real *> (memory + threadid() * share))


cdef inline Py_ssize_t padded_row(const Window *window) noexcept nogil:
    # Windows may leave the last columns out, or reach beyond them.
    return max(padded_width(window), window.left + window.w)


cdef void plane_means(const Window *window, const real *x, real *y, const real *rows, const real *columns,
                      real *sums) noexcept nogil:
    # All sums over rows come first: what has just been written cannot be read yet at other boundaries.
    cdef Py_ssize_t r, first, end, pitch = padded_row(window)
    cdef real *target = sums + window.left
    for r in range(window.oh):
        first = max(<Py_ssize_t> 0, r * window.sh - window.top)
        end = min(window.h, r * window.sh - window.top + window.kh)
        if real is float:
            row_sums_float(x + first * window.w, window.w, end - first, window.w, target)
        else:
            row_sums_double(x + first * window.w, window.w, end - first, window.w, target)
        target += pitch
    for r in range(window.oh):
        if real is float:
            window_means_float(sums, window.kw, window.sw, window.ow, rows[r], columns, y)
        else:
            window_means_double(sums, window.kw, window.sw, window.ow, rows[r], columns, y)
        sums += pitch
        y += window.ow


def avg_pool2d_backward(dy, tuple x_shape, tuple kernel, tuple stride, tuple padding, bint count_include_pad,
                        dx):
    """Fill the gradient; the other arguments are those of the reference's avg_pool2d_backward."""
    cdef Window window = describe(x_shape, kernel, stride, padding)
    rows = shares(window.h, window.oh, window.kh, window.sh, window.top, count_include_pad, dy.dtype)
    columns = shares(window.w, window.ow, window.kw, window.sw, window.left, count_include_pad, dy.dtype)
    if dx.size:
        if dy.itemsize == 4:
            spread[float](&window, dy.reshape(-1), dx.reshape(-1), rows, columns)
        else:
            spread[double](&window, dy.reshape(-1), dx.reshape(-1), rows, columns)


cdef spread(const Window *window, const real[::1] dy, real[::1] dx, const real[::1] rows,
            const real[::1] columns):
    cdef Py_ssize_t p, area = window.h * window.w, out = window.oh * window.ow
    cdef int threads = threads_for(effort(window))
    cdef Py_ssize_t share = round_up(padded_row(window) * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_spread(window, &dy[p * out], &dx[p * area], &rows[0], &columns[0],
                     <real *> (memory + threadid() * share))


cdef inline void add(const real *row, real *target, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        target[i] += row[i]


cdef void plane_spread(const Window *window, const real *dy, real *dx, const real *rows,
                       const real *columns, real *shared) noexcept nogil:
    # What each column receives from a row of windows is the same for all of the windows' rows.
    cdef Py_ssize_t r, i, j, q, first, end, done = 0
    cdef real value
    for r in range(window.oh):
        memset(shared, 0, padded_row(window) * sizeof(real))
        for q in range(window.ow):
            value = dy[q] * (rows[r] * columns[q])
            for j in range(q * window.sw, q * window.sw + window.kw):
                shared[j] += value
        first = max(<Py_ssize_t> 0, r * window.sh - window.top)
        end = min(window.h, r * window.sh - window.top + window.kh)
        for i in range(done, first):
            memset(dx + i * window.w, 0, window.w * sizeof(real))
        for i in range(first, min(done, end)):
            add(shared + window.left, dx + i * window.w, window.w)
        for i in range(max(done, first), end):
            memcpy(dx + i * window.w, shared + window.left, window.w * sizeof(real))
        done = max(done, end)
        dy += window.ow
    memset(dx + done * window.w, 0, (window.h - done) * window.w * sizeof(real))

# Means of windows and their gradients: each row of windows through one row of sums.

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
    cdef Py_ssize_t share = round_up(padded_row(window) * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_means(window, &x[p * area], &y[p * out], &rows[0], &columns[0],
                    <real *> (memory + threadid() * share))


cdef inline Py_ssize_t padded_row(const Window *window) noexcept nogil:
    # Windows may leave the last columns out, or reach beyond them.
    return max(padded_width(window), window.left + window.w)


cdef void plane_means(const Window *window, const real *x, real *y, const double *rows,
                      const double *columns, real *sums) noexcept nogil:
    # Sums over the rows of a window for every column, then over its columns.
    cdef Py_ssize_t r, i, q, first, end
    memset(sums, 0, padded_row(window) * sizeof(real))
    for r in range(window.oh):
        first = max(<Py_ssize_t> 0, r * window.sh - window.top)
        end = min(window.h, r * window.sh - window.top + window.kh)
        memcpy(sums + window.left, x + first * window.w, window.w * sizeof(real))
        for i in range(first + 1, end):
            add(x + i * window.w, sums + window.left, window.w)
        window_sums(sums, window.kw, window.sw, y, window.ow)
        for q in range(window.ow):
            y[q] = y[q] * <real> (rows[r] * columns[q])
        y += window.ow


cdef inline void add(const real *row, real *target, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(count):
        target[i] += row[i]


cdef inline void window_sums(const real *row, Py_ssize_t kw, Py_ssize_t step, real *y,
                             Py_ssize_t count) noexcept nogil:
    # y[q] becomes the sum of kw elements from row[q * step].
    cdef Py_ssize_t j, q
    for q in range(count):
        y[q] = 0
    for j in range(kw):
        if step == 1:
            for q in range(count):
                y[q] += row[q + j]
        elif step == 2:
            for q in range(count):
                y[q] += row[2 * q + j]
        else:
            for q in range(count):
                y[q] += row[q * step + j]


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
    cdef Py_ssize_t share = round_up(padded_row(window) * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for p in prange(window.planes, nogil=True, num_threads=threads, schedule="static"):
        plane_spread(window, &dy[p * out], &dx[p * area], &rows[0], &columns[0],
                     <real *> (memory + threadid() * share))


cdef void plane_spread(const Window *window, const real *dy, real *dx, const double *rows,
                       const double *columns, real *shared) noexcept nogil:
    # What each column receives from a row of windows is the same for all of the windows' rows.
    cdef Py_ssize_t r, i, j, q, first, end, done = 0
    cdef real value
    for r in range(window.oh):
        memset(shared, 0, padded_row(window) * sizeof(real))
        for q in range(window.ow):
            value = dy[q] * <real> (rows[r] * columns[q])
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

# Convolution row by row, for groups with few channels (a depthwise convolution has one): vectors run
# along the rows.

cdef Py_ssize_t padded_rows(const Call *call) noexcept nogil:
    return (call.oh - 1) * call.sh + (call.kh - 1) * call.dh + 1


cdef Py_ssize_t padded_columns(const Call *call) noexcept nogil:
    return (call.ow - 1) * call.sw + (call.kw - 1) * call.dw + 1


cdef Py_ssize_t padded_size(const Call *call) noexcept nogil:
    return call.c * padded_rows(call) * padded_columns(call)


cdef inline void add_scaled(real *out, Py_ssize_t out_step, const real *row, Py_ssize_t step, real factor,
                            Py_ssize_t count) noexcept nogil:
    # The common unit steps are spelt out, because only these loops vectorise.
    cdef Py_ssize_t q
    if step == 1 and out_step == 1:
        for q in range(count):
            out[q] += factor * row[q]
    else:
        for q in range(count):
            out[q * out_step] += factor * row[q * step]


cdef inline real dot(const real *a, const real *b, Py_ssize_t b_step, Py_ssize_t count) noexcept nogil:
    cdef Py_ssize_t q
    cdef real result = 0
    if b_step == 1:
        return products(a, b, count, <real> 0)
    for q in range(count):
        result = result + a[q] * b[q * b_step]
    return result


cdef row_forward(const Call *call, const real *x, const real *w, const real *b, real *y):
    cdef int threads = threads_for(multiply_adds(call))
    cdef Py_ssize_t task, share = round_up(padded_size(call) * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for task in prange(call.n * call.groups, nogil=True, num_threads=threads, schedule="static"):
        row_forward_task(call, task, x, w, b, y, <real *> (memory + threadid() * share))


cdef void row_forward_task(const Call *call, Py_ssize_t task, const real *x, const real *w, const real *b,
                           real *y, real *padded) noexcept nogil:
    cdef Py_ssize_t group = task % call.groups, f, c, i, j, r, q
    cdef Py_ssize_t columns = padded_columns(call), plane = padded_rows(call) * columns
    cdef real *row
    cdef const real *kernel
    pad_planes(x + task * call.c * call.h * call.w, call.c, call.h, call.w, call.top, call.left, padded,
               padded_rows(call), columns)
    for f in range(call.o):
        kernel = w + (group * call.o + f) * call.c * call.kh * call.kw
        for r in range(call.oh):
            row = y + ((task * call.o + f) * call.oh + r) * call.ow
            for q in range(call.ow):
                row[q] = b[group * call.o + f] if b != NULL else <real> 0
            for c in range(call.c):
                for i in range(call.kh):
                    for j in range(call.kw):
                        add_scaled(row, 1,
                                   padded + c * plane + (r * call.sh + i * call.dh) * columns + j * call.dw,
                                   call.sw, kernel[(c * call.kh + i) * call.kw + j], call.ow)


cdef row_input_gradient(const Call *call, const real *dy, const real *w, real *dx):
    cdef int threads = threads_for(multiply_adds(call))
    cdef Py_ssize_t task, share = round_up(padded_size(call) * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for task in prange(call.n * call.groups, nogil=True, num_threads=threads, schedule="static"):
        row_input_gradient_task(call, task, dy, w, dx, <real *> (memory + threadid() * share))


cdef void row_input_gradient_task(const Call *call, Py_ssize_t task, const real *dy, const real *w, real *dx,
                                  real *padded) noexcept nogil:
    cdef Py_ssize_t group = task % call.groups, f, c, i, j, r
    cdef Py_ssize_t rows = padded_rows(call), columns = padded_columns(call)
    cdef Py_ssize_t begin = min(call.left, columns), width = max(0, min(call.w, columns - begin))
    cdef const real *kernel
    cdef real *out
    memset(padded, 0, padded_size(call) * sizeof(real))
    for f in range(call.o):
        kernel = w + (group * call.o + f) * call.c * call.kh * call.kw
        for c in range(call.c):
            for r in range(call.oh):
                for i in range(call.kh):
                    for j in range(call.kw):
                        add_scaled(padded + (c * rows + r * call.sh + i * call.dh) * columns + j * call.dw,
                                   call.sw, dy + ((task * call.o + f) * call.oh + r) * call.ow, 1,
                                   kernel[(c * call.kh + i) * call.kw + j], call.ow)
    for c in range(call.c):
        for r in range(call.h):
            out = dx + ((task * call.c + c) * call.h + r) * call.w
            if r + call.top < rows:
                memcpy(out, padded + (c * rows + r + call.top) * columns + begin, width * sizeof(real))
                memset(out + width, 0, (call.w - width) * sizeof(real))
            else:
                memset(out, 0, call.w * sizeof(real))


cdef row_weight_gradient(const Call *call, const real *dy, const real *x, real *dw):
    # A task is a group, all images of it, so that no two threads add to the same element.
    cdef int threads = threads_for(multiply_adds(call))
    cdef Py_ssize_t group, share = round_up(padded_size(call) * sizeof(real), PAGE)
    cdef unsigned char[::1] owner = scratch(threads * share)
    cdef char *memory = aligned(owner)
    for group in prange(call.groups, nogil=True, num_threads=threads, schedule="static"):
        row_weight_gradient_task(call, group, dy, x, dw, <real *> (memory + threadid() * share))


cdef void row_weight_gradient_task(const Call *call, Py_ssize_t group, const real *dy, const real *x,
                                   real *dw, real *padded) noexcept nogil:
    cdef Py_ssize_t n, task, f, c, i, j, r, taps = call.kh * call.kw
    cdef Py_ssize_t columns = padded_columns(call), plane = padded_rows(call) * columns
    cdef real *out = dw + group * call.o * call.c * taps
    cdef const real *row
    cdef real one
    memset(out, 0, call.o * call.c * taps * sizeof(real))
    for n in range(call.n):
        task = n * call.groups + group
        pad_planes(x + task * call.c * call.h * call.w, call.c, call.h, call.w, call.top, call.left, padded,
                   padded_rows(call), columns)
        for f in range(call.o):
            for c in range(call.c):
                for i in range(call.kh):
                    for j in range(call.kw):
                        one = 0
                        for r in range(call.oh):
                            row = padded + c * plane + (r * call.sh + i * call.dh) * columns + j * call.dw
                            one = one + dot(dy + ((task * call.o + f) * call.oh + r) * call.ow, row, call.sw,
                                            call.ow)
                        out[(f * call.c + c) * taps + i * call.kw + j] += one

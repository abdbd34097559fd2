# Convolution in vectors of neighbouring positions: for few channels, and for kernels of one element. With a
# stride, source planes are kept as their phases, so that a tap's sources are neighbours too. Positions are
# counted along rows of the source, so some lie between two rows of the destination; those are not copied.

cdef extern from "pixels.h" nogil:
    enum:
        PIXEL_CHANNELS
        PIXEL_SUMS
        PIXEL_WIDEST
    void pixel_product_float(int channels, ptrdiff_t count, ptrdiff_t depth, const int32_t *off,
                             const float *x, const float *w, const float *bias, float *out, ptrdiff_t pitch)
    void pixel_product_double(int channels, ptrdiff_t count, ptrdiff_t depth, const int32_t *off,
                              const double *x, const double *w, const double *bias, double *out,
                              ptrdiff_t pitch)
    void pixel_gradient_float(ptrdiff_t count, ptrdiff_t depth, const int32_t *off, const float *x,
                              const float *dy, float *sums)
    void pixel_gradient_double(ptrdiff_t count, ptrdiff_t depth, const int32_t *off, const double *x,
                               const double *dy, double *sums)


cdef inline void pixel_product(int channels, ptrdiff_t count, ptrdiff_t depth, const int32_t *off,
                               const real *x, const real *w, const real *bias, real *out,
                               ptrdiff_t pitch) noexcept nogil:
    if real is float:
        pixel_product_float(channels, count, depth, off, x, w, bias, out, pitch)
    else:
        pixel_product_double(channels, count, depth, off, x, w, bias, out, pitch)


cdef inline void pixel_gradient(ptrdiff_t count, ptrdiff_t depth, const int32_t *off, const real *x,
                                const real *dy, real *sums) noexcept nogil:
    if real is float:
        pixel_gradient_float(count, depth, off, x, dy, sums)
    else:
        pixel_gradient_double(count, depth, off, x, dy, sums)


cdef struct Strip:
    # A walk over all images, as a Plan, with the memory that a task needs, in elements.
    Plan plan
    Py_ssize_t lanes, phase, source, sums


cdef Strip new_strip(Plan plan, Py_ssize_t itemsize) noexcept nogil:
    cdef Strip strip
    cdef Py_ssize_t lanes = VECTOR_BYTES // itemsize
    plan.pitch = (plan.columns.extent + plan.columns.scale - 1) // plan.columns.scale
    strip.lanes = lanes
    strip.phase = plan.pitch * ((plan.rows.extent + plan.rows.scale - 1) // plan.rows.scale)
    plan.plane = strip.phase * plan.rows.scale * plan.columns.scale
    # Vectors may jut out over the last position where there are fewer than lanes.
    strip.source = round_up(plan.inner * plan.plane, lanes) + lanes
    plan.positions = (plan.rows.count - 1) * plan.pitch + plan.columns.count
    plan.tasks = plan.tasks // plan.chunks
    plan.chunks = max(<Py_ssize_t> 1, min(plan.chunks, plan.positions // (8 * lanes)))
    plan.tasks *= plan.chunks
    strip.sums = (plan.positions + plan.chunks - 1) // plan.chunks + 2 * lanes
    strip.plan = plan
    return strip


cdef void fill_terms(Strip *strip) noexcept nogil:
    # Where position 0 finds each term.
    cdef Plan *plan = &strip.plan
    cdef Py_ssize_t c, i, j, row, column, place, k = 0, down = plan.rows.scale, across = plan.columns.scale
    for i in range(plan.rows.taps):
        row = tap_source(&plan.rows, i)
        if row < 0:
            continue
        for j in range(plan.columns.taps):
            column = tap_source(&plan.columns, j)
            if column < 0:
                continue
            place = ((row % down * across + column % across) * strip.phase + row // down * plan.pitch
                     + column // across)
            for c in range(plan.inner):
                plan.off[k] = <int32_t> (c * plan.plane + place)
                k += 1
    plan.depth = k


cdef void split_planes(const Strip *strip, const real *planes, real *out) noexcept nogil:
    # Copy padded planes phase by phase.
    cdef const Plan *plan = &strip.plan
    cdef Py_ssize_t c, i, j, r, q, row, column, first, last, rows = strip.phase // plan.pitch
    cdef Py_ssize_t down = plan.rows.scale, across = plan.columns.scale
    cdef const real *line
    if down == 1 and across == 1:
        pad_planes(planes, plan.inner, plan.h, plan.w, plan.rows.before, plan.columns.before, out, rows,
                   plan.pitch)
        return
    memset(out, 0, plan.inner * plan.plane * sizeof(real))
    for c in range(plan.inner):
        for i in range(down):
            for j in range(across):
                first = min(plan.pitch, (plan.columns.before - j + across - 1) // across)
                last = max(first, min(plan.pitch, (plan.w + plan.columns.before - j + across - 1) // across))
                column = first * across + j - plan.columns.before
                for r in range(rows):
                    row = r * down + i - plan.rows.before
                    if 0 <= row < plan.h:
                        line = planes + (c * plan.h + row) * plan.w + column
                        if across == 2:  # spelt out, because only this vectorises
                            for q in range(last - first):
                                out[first + q] = line[q * 2]
                        else:
                            for q in range(last - first):
                                out[first + q] = line[q * across]
                    out += plan.pitch


cdef void place_rows(const Strip *strip, const real *sums, Py_ssize_t begin, Py_ssize_t count,
                     real *out) noexcept nogil:
    # Put the sums of positions begin, begin + 1, ... where they belong in a destination plane.
    cdef const Plan *plan = &strip.plan
    cdef Py_ssize_t r, q, first, last
    cdef real *row
    for r in range(begin // plan.pitch, (begin + count - 1) // plan.pitch + 1):
        first = max(begin, r * plan.pitch)
        last = min(begin + count, r * plan.pitch + plan.columns.count)
        row = (out + (plan.rows.start + r * plan.rows.step) * plan.destination_w + plan.columns.start
               + (first - r * plan.pitch) * plan.columns.step)
        if plan.columns.step == 1 and last > first:
            copy_row(sums + first - begin, row, last - first)
        else:
            for q in range(last - first):
                row[q * plan.columns.step] = sums[first - begin + q]


cdef inline int channel_block(Py_ssize_t channels, Py_ssize_t first) noexcept nogil:
    cdef Py_ssize_t blocks = (channels - first + PIXEL_CHANNELS - 1) // PIXEL_CHANNELS
    return <int> ((channels - first + blocks - 1) // blocks)


cdef void pack_taps(const Plan *plan, const real *w, Py_ssize_t inner_pitch, Py_ssize_t outer_pitch,
                    real *out) noexcept nogil:
    # Order one group's weights as the kernel reads them: block of outer channels, term, channel.
    cdef Py_ssize_t first = 0, c, i, j, f
    cdef int width
    while first < plan.outer:
        width = channel_block(plan.outer, first)
        for i in range(plan.rows.taps):
            for j in range(plan.columns.taps):
                if tap_source(&plan.rows, i) < 0 or tap_source(&plan.columns, j) < 0:
                    continue
                for c in range(plan.inner):
                    for f in range(width):
                        out[f] = w[(first + f) * outer_pitch + c * inner_pitch + i * plan.columns.taps + j]
                    out += width
        first += width


cdef void pixel_task(const Strip *strip, Py_ssize_t task, const real *source, const real *packed,
                     Py_ssize_t packed_group, const real *bias, real *destination,
                     real *memory) noexcept nogil:
    cdef const Plan *plan = &strip.plan
    cdef Py_ssize_t image = task // plan.chunks, first = 0, f
    cdef Py_ssize_t group = image % plan.groups, area = plan.destination_h * plan.destination_w
    cdef Py_ssize_t begin = plan.positions * (task % plan.chunks) // plan.chunks
    cdef Py_ssize_t count = plan.positions * (task % plan.chunks + 1) // plan.chunks - begin
    cdef const real *offset
    cdef real *sums = memory + strip.source
    cdef real *out = destination + image * plan.outer * area
    cdef int channels
    split_planes(strip, source + image * plan.inner * plan.h * plan.w, memory)
    while first < plan.outer:
        channels = channel_block(plan.outer, first)
        offset = bias + group * plan.outer + first if bias != NULL else NULL
        pixel_product(channels, max(count, strip.lanes), plan.depth, plan.off, memory + begin,
                      packed + group * packed_group + first * plan.depth, offset, sums, strip.sums)
        for f in range(channels):
            place_rows(strip, sums + f * strip.sums, begin, count, out + (first + f) * area)
        first += channels


cdef pixel_walk(Plan plan, const real *source, const real *w, Py_ssize_t inner_pitch, Py_ssize_t outer_pitch,
                const real *bias, real *destination, int threads):
    cdef Strip strip = new_strip(plan, sizeof(real))
    cdef Py_ssize_t task, group, taps = plan.rows.taps * plan.columns.taps
    cdef Py_ssize_t tables = round_up(plan.depth * sizeof(int32_t), 64)
    cdef Py_ssize_t packed_group = plan.outer * plan.depth
    cdef Py_ssize_t shared = tables + round_up(plan.groups * packed_group * sizeof(real), 64)
    cdef Py_ssize_t share = round_up((strip.source + PIXEL_CHANNELS * strip.sums) * sizeof(real), PAGE)
    cdef object owner = scratch(shared + threads * share)
    cdef char *memory = aligned_start(owner)
    cdef real *packed = <real *> (memory + tables)
    strip.plan.off = <int32_t *> memory
    memory += shared
    with nogil:
        fill_terms(&strip)
        for group in range(plan.groups):
            pack_taps(&strip.plan, w + group * plan.inner * plan.outer * taps, inner_pitch, outer_pitch,
                      packed + group * packed_group)
        for task in prange(strip.plan.tasks, num_threads=threads, schedule="static"):
            pixel_task(&strip, task, source, packed, packed_group, bias, destination,
                       <real *> (memory + threadid() * share))


cdef pixel_weight_gradient(const Call *call, const real *dy, const real *x, real *dw):
    # A task is an input channel, all images of it, so that no two threads add to the same element.
    cdef int threads = threads_for(multiply_adds(call))
    cdef Axis rows = forward_axis(call.oh, call.kh, call.sh, call.dh, call.top)
    cdef Axis columns = forward_axis(call.ow, call.kw, call.sw, call.dw, call.left)
    cdef Plan channel_plan = new_plan(call, 1, call.o, call.h, call.w, rows, columns, 1, sizeof(real))
    cdef Strip strip = new_strip(channel_plan, sizeof(real))
    cdef Py_ssize_t channel, tables = round_up(strip.plan.depth * sizeof(int32_t), 64)
    cdef Py_ssize_t share = strip.source + round_up(strip.plan.positions, VECTOR_BYTES // sizeof(real))
    share += call.o * strip.plan.depth * strip.lanes
    share = round_up(share * sizeof(real), PAGE)
    cdef object owner = scratch(tables + threads * share)
    cdef char *memory = aligned_start(owner)
    strip.plan.off = <int32_t *> memory
    memory += tables
    with nogil:
        fill_terms(&strip)
        for channel in prange(call.groups * call.c, num_threads=threads, schedule="static"):
            pixel_weight_gradient_task(&strip, channel, call, dy, x, dw,
                                       <real *> (memory + threadid() * share))


cdef void pixel_weight_gradient_task(const Strip *strip, Py_ssize_t channel, const Call *call, const real *dy,
                                     const real *x, real *dw, real *memory) noexcept nogil:
    cdef const Plan *plan = &strip.plan
    cdef Py_ssize_t n, f, r, k, kernel, group = channel // call.c, depth = plan.depth
    cdef Py_ssize_t count = round_up(plan.positions, VECTOR_BYTES // sizeof(real))
    cdef real *gradients = memory + strip.source
    cdef real *sums = gradients + count
    cdef const real *rows
    # Vectors jut out over the last position and over the ends of rows: there, zeros meet zeros.
    memset(memory, 0, strip.source * sizeof(real))
    memset(gradients, 0, count * sizeof(real))
    memset(sums, 0, call.o * depth * strip.lanes * sizeof(real))
    for n in range(call.n):
        split_planes(strip, x + (n * call.groups * call.c + channel) * call.h * call.w, memory)
        for f in range(call.o):
            kernel = group * call.o + f
            rows = dy + (n * call.groups * call.o + kernel) * call.oh * call.ow
            for r in range(call.oh):
                copy_row(rows + r * call.ow, gradients + r * plan.pitch, call.ow)
            pixel_gradient(count, depth, plan.off, memory, gradients, sums + f * depth * strip.lanes)
    for f in range(call.o):
        for k in range(depth):
            dw[((group * call.o + f) * call.c + channel % call.c) * depth + k] = total(
                sums + (f * depth + k) * strip.lanes, strip.lanes)

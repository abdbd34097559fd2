# Convolution as sums over taps, whichever way they are computed.
#
# Forward and the gradient of x are the same walk: every position of a destination plane sums taps of source
# planes. In forward, position r finds tap i at r * stride + i * dilation. For the gradient of x, the
# positions that share a remainder by the stride (a phase) share their taps too, and find them one source row
# apart.

cdef struct Axis:
    # Along one axis: positions start, start + step, ... (count of them) of the destination; position r finds
    # a tap at source element r * scale + (origin + direction * tap) / divisor + before of the padded source,
    # `extent` long.
    Py_ssize_t start, step, count, scale, origin, direction, divisor, before, extent, taps


cdef Axis forward_axis(Py_ssize_t out, Py_ssize_t taps, Py_ssize_t stride, Py_ssize_t dilation,
                       Py_ssize_t before) noexcept nogil:
    cdef Axis axis
    axis.start, axis.step, axis.count, axis.scale = 0, 1, out, stride
    axis.origin, axis.direction, axis.divisor, axis.before = -before, dilation, 1, before
    axis.extent = (out - 1) * stride + (taps - 1) * dilation + 1
    axis.taps = taps
    return axis


cdef Axis backward_axis(Py_ssize_t size, Py_ssize_t taps, Py_ssize_t stride, Py_ssize_t dilation,
                        Py_ssize_t before, Py_ssize_t phase) noexcept nogil:
    cdef Axis axis
    axis.start, axis.step, axis.scale = phase, stride, 1
    axis.count = (size - phase + stride - 1) // stride if phase < size else 0
    axis.origin, axis.direction, axis.divisor = phase + before, -dilation, stride
    axis.before = (taps - 1) * dilation // stride
    axis.extent = (size - 1 + before) // stride + axis.before + 1
    axis.taps = taps
    return axis


cdef inline Py_ssize_t tap_source(const Axis *axis, Py_ssize_t tap) noexcept nogil:
    # Where position 0 finds a tap in the padded source; -1 if the tap does not belong to these positions.
    cdef Py_ssize_t offset = axis.origin + axis.direction * tap
    if axis.divisor == 1:  # for a small call, divisions are most of the work
        return offset + axis.before
    return -1 if offset % axis.divisor else offset // axis.divisor + axis.before


cdef struct Plan:
    # A walk over all images: `inner` source channels of size (h, w) give `outer` channels, in each group.
    Py_ssize_t tasks, chunks, chunk, groups, inner, outer, h, w, destination_h, destination_w
    Py_ssize_t pitch, plane, depth, positions, staged
    Axis rows, columns
    bint copies
    int32_t *base
    int32_t *off
    void *packed


cdef inline Py_ssize_t own_taps(const Axis *axis) noexcept nogil:
    # How many taps belong to the axis's positions.
    cdef Py_ssize_t tap, count = 0
    for tap in range(axis.taps):
        count += tap_source(axis, tap) >= 0
    return count


cdef Plan new_plan(const Call *call, Py_ssize_t inner, Py_ssize_t outer, Py_ssize_t h, Py_ssize_t w,
                   Axis rows, Axis columns, int threads, Py_ssize_t itemsize) noexcept nogil:
    cdef Plan plan
    plan.groups, plan.inner, plan.outer, plan.h, plan.w = call.groups, inner, outer, h, w
    plan.rows, plan.columns = rows, columns
    plan.positions = rows.count * columns.count
    plan.copies = rows.before > 0 or columns.before > 0 or rows.extent > h or columns.extent > w
    if not plan.copies and h * w * itemsize % 1024 == 0:
        # Planes that lie a multiple of 1 KB apart drive each other from the first-level cache: add a row.
        plan.copies = True
        plan.rows.extent = h + 1
        plan.columns.extent = w
    plan.pitch = plan.columns.extent if plan.copies else w
    plan.plane = plan.rows.extent * plan.columns.extent if plan.copies else h * w
    # With fewer images than threads, several tasks share an image.
    plan.chunks = max(1, threads // (call.n * call.groups))
    plan.chunk = max(<Py_ssize_t> TILE_ROWS,
                     round_up((plan.positions + plan.chunks - 1) // plan.chunks, TILE_ROWS))
    plan.tasks = call.n * call.groups * plan.chunks
    plan.depth = inner * own_taps(&rows) * own_taps(&columns)
    return plan


cdef direct_forward(const Call *call, Path path, const real *x, const real *w, const real *b, real *y):
    cdef int threads = threads_for(multiply_adds(call))
    cdef Py_ssize_t taps = call.kh * call.kw
    if path == POINTS:
        point_walk(call, call.c, call.o, x, w, taps, call.c * taps, b, y)
        return
    cdef Axis rows = forward_axis(call.oh, call.kh, call.sh, call.dh, call.top)
    cdef Axis columns = forward_axis(call.ow, call.kw, call.sw, call.dw, call.left)
    cdef Plan plan = new_plan(call, call.c, call.o, call.h, call.w, rows, columns, threads, sizeof(real))
    plan.destination_h, plan.destination_w = call.oh, call.ow
    if path == PIXELS:
        pixel_walk(plan, x, w, taps, call.c * taps, b, y, threads)
    else:
        gather_walk(&plan, 1, x, w, taps, call.c * taps, b, y, threads)


cdef direct_input_gradient(const Call *call, Path path, const real *dy, const real *w, real *dx):
    # One plan for each phase, those of a row of phases after one another.
    cdef int threads = threads_for(multiply_adds(call))
    cdef Py_ssize_t i, phases, across = min(call.sw, call.w), taps = call.kh * call.kw
    if path == POINTS:
        point_walk(call, call.o, call.c, dy, w, call.c * taps, taps, <const real *> NULL, dx)
        return
    phases = min(call.sh, call.h) * across
    cdef object owner = bytearray(phases * sizeof(Plan))
    cdef Plan *plans = <Plan *> address(owner)
    for i in range(phases):
        plans[i] = new_plan(call, call.o, call.c, call.oh, call.ow,
                            backward_axis(call.h, call.kh, call.sh, call.dh, call.top, i // across),
                            backward_axis(call.w, call.kw, call.sw, call.dw, call.left, i % across), threads,
                            sizeof(real))
        plans[i].destination_h, plans[i].destination_w = call.h, call.w
        if path == PIXELS:
            pixel_walk(plans[i], dy, w, call.c * taps, taps, <const real *> NULL, dx, threads)
    if path == GATHER:
        gather_walk(plans, phases, dy, w, call.c * taps, taps, <const real *> NULL, dx, threads)

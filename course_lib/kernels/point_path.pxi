# Convolution with kernels of one element, in vectors of neighbouring positions: nothing is padded, so that the
# positions of a plane are one row. The channels of some positions are copied side by side, tile by tile; in the
# planes they lie a multiple of their size apart, and would drive each other from the cache.

cdef enum:
    # Bytes of source that all blocks of outer channels read: a part of the first-level cache.
    SHARED_SOURCE = 256 * 1024


cdef inline bint is_point(const Call *call) noexcept nogil:
    return (call.kh == 1 and call.kw == 1 and call.sh == 1 and call.sw == 1
            and call.oh == call.h and call.ow == call.w and call.top == 0 and call.left == 0)


cdef bint points_suit(const Call *call, Py_ssize_t outer, Py_ssize_t itemsize) noexcept nogil:
    # Where few positions are computed twice, and always for few channels.
    cdef Py_ssize_t area = call.oh * call.ow, lanes = VECTOR_BYTES // itemsize
    return is_point(call) and area >= lanes and (outer <= PIXEL_CHANNELS or round_up(area, lanes) * 8 <= area * 9)


cdef point_walk(const Call *call, Py_ssize_t inner, Py_ssize_t outer, const real *source, const real *w,
                Py_ssize_t inner_pitch, Py_ssize_t outer_pitch, const real *bias, real *destination):
    # Planes of `inner` channels give as many of `outer` channels, in each group.
    cdef int threads = threads_for(multiply_adds(call)), lanes = VECTOR_BYTES // sizeof(real)
    cdef Axis axis = forward_axis(1, 1, 1, 1, 0)
    cdef Plan plan = new_plan(call, inner, outer, 1, call.h * call.w, axis,
                              forward_axis(call.h * call.w, 1, 1, 1, 0), threads, sizeof(real))
    cdef Py_ssize_t tile = min(<Py_ssize_t> PIXEL_WIDEST, PIXEL_SUMS // channel_block(outer, 0)) * lanes
    cdef Py_ssize_t tiles = max(<Py_ssize_t> 1, SHARED_SOURCE // (inner * tile * <Py_ssize_t> sizeof(real)))
    cdef Py_ssize_t task, group, i, tables = round_up(inner * sizeof(int32_t), 64)
    cdef Py_ssize_t shared = tables + round_up(plan.groups * inner * outer * sizeof(real), 64)
    cdef Py_ssize_t share = round_up(tiles * inner * tile * sizeof(real), PAGE)
    plan.chunks = max(<Py_ssize_t> 1, min(plan.chunks, plan.positions // (8 * lanes)))
    plan.tasks = call.n * call.groups * plan.chunks
    cdef object owner = scratch(shared + threads * share)
    cdef char *memory = aligned_start(owner)
    cdef real *packed = <real *> (memory + tables)
    plan.off = <int32_t *> memory
    memory += shared
    with nogil:
        for i in range(inner):
            plan.off[i] = <int32_t> (i * tile)
        for group in range(plan.groups):
            pack_taps(&plan, w + group * inner * outer, inner_pitch, outer_pitch, packed + group * inner * outer)
        for task in prange(plan.tasks, num_threads=threads, schedule="static"):
            point_task(&plan, task, tile, tiles, source, packed, bias, destination,
                       <real *> (memory + threadid() * share))


cdef void point_task(const Plan *plan, Py_ssize_t task, Py_ssize_t tile, Py_ssize_t tiles, const real *source,
                     const real *packed, const real *bias, real *destination, real *memory) noexcept nogil:
    cdef Py_ssize_t image = task // plan.chunks, group = image % plan.groups, area = plan.positions
    cdef Py_ssize_t begin = area * (task % plan.chunks) // plan.chunks
    cdef Py_ssize_t end = area * (task % plan.chunks + 1) // plan.chunks
    cdef Py_ssize_t first, c, m, t, block
    cdef const real *planes = source + image * plan.inner * area
    cdef const real *offset
    cdef real *out = destination + image * plan.outer * area
    cdef int channels
    while begin < end:
        block = min(tiles, (end - begin + tile - 1) // tile)
        for c in range(plan.inner):
            for t in range(block):
                m = tile_start(begin + t * tile, end, sizeof(real))
                copy_row(planes + c * area + m, memory + (t * plan.inner + c) * tile, min(tile, end - m))
        first = 0
        while first < plan.outer:
            channels = channel_block(plan.outer, first)
            offset = bias + group * plan.outer + first if bias != NULL else NULL
            for t in range(block):
                m = tile_start(begin + t * tile, end, sizeof(real))
                pixel_product(channels, min(tile, end - m), plan.inner, plan.off,
                              memory + t * plan.inner * tile,
                              packed + (group * plan.outer + first) * plan.inner, offset,
                              out + first * area + m, area)
            first += channels
        begin += block * tile


cdef inline Py_ssize_t tile_start(Py_ssize_t m, Py_ssize_t end, Py_ssize_t itemsize) noexcept nogil:
    # A last tile narrower than a vector begins earlier.
    return min(m, end - VECTOR_BYTES // itemsize)

# Convolution as one matrix product: a row is a position of the output, a term is an element of the kernel.

cdef enum:
    # Positions whose sums are turned into planes at a time, and whose gradients feed one product.
    ROW_BLOCK = 96
    DEPTH_OF_GRADIENT = 240


cdef extern from "steps.h" nogil:
    void interleave_float(const float *const *source, ptrdiff_t step, ptrdiff_t count, float *to)
    void interleave_double(const double *const *source, ptrdiff_t step, ptrdiff_t count, double *to)


cdef inline void interleave(const real **source, ptrdiff_t step, ptrdiff_t count, real *to) noexcept nogil:
    if real is float:
        interleave_float(source, step, count, to)
    else:
        interleave_double(source, step, count, to)


cdef inline Py_ssize_t positions_in_table(const Plan *plan) noexcept nogil:
    # The last tile may begin at any position.
    return plan.positions + TILE_ROWS


cdef void fill_positions(Plan *plan) noexcept nogil:
    cdef Py_ssize_t r, q, m = 0
    for r in range(plan.rows.count):
        for q in range(plan.columns.count):
            plan.base[m] = <int32_t> (r * plan.rows.scale * plan.pitch + q * plan.columns.scale)
            m += 1
    for r in range(TILE_ROWS):
        plan.base[m + r] = plan.base[m - 1]


cdef void fill_offsets(Plan *plan, bint as_in_memory) noexcept nogil:
    # Kernel row by kernel row, so that a position's terms are neighbours where it sees only some of the rows;
    # or in the order of the weights in memory.
    cdef Py_ssize_t c, i, j, row, column, place, k = 0
    for i in range(plan.rows.taps):
        row = tap_source(&plan.rows, i)
        if row < 0:
            continue
        for c in range(plan.inner):
            for j in range(plan.columns.taps):
                column = tap_source(&plan.columns, j)
                if column < 0:
                    continue
                place = (c * plan.rows.taps + i) * plan.columns.taps + j if as_in_memory else k
                plan.off[place] = <int32_t> (c * plan.plane + row * plan.pitch + column)
                k += 1
    plan.depth = k


cdef void visible_terms(const Plan *plan, Py_ssize_t r, Py_ssize_t *begin, Py_ssize_t *end) noexcept nogil:
    # Which terms of the positions in row r lie in rows of the source, not in the zeros before and after them.
    cdef Py_ssize_t i, row, rows = 0, k = 0, each
    for i in range(plan.rows.taps):
        rows += tap_source(&plan.rows, i) >= 0
    each = plan.depth // max(rows, 1)
    begin[0] = end[0] = 0
    for i in range(plan.rows.taps):
        row = tap_source(&plan.rows, i)
        if row < 0:
            continue
        row += r * plan.rows.scale - plan.rows.before
        if 0 <= row < plan.h:
            if end[0] == 0:
                begin[0] = k
            end[0] = k + each
        k += each


cdef void pack_weights(const Plan *plan, const real *w, Py_ssize_t inner_pitch, Py_ssize_t outer_pitch,
                       real *out) noexcept nogil:
    # Order one group's weights as the product reads them: block of outer channels, term, channel.
    cdef int lanes = VECTOR_BYTES // sizeof(real), width
    cdef Py_ssize_t first = 0, c, i, j, f, valid
    cdef const real *tap
    while first < plan.outer:
        width = block_width(plan.outer, first, lanes) * lanes
        valid = min(<Py_ssize_t> width, plan.outer - first)
        for i in range(plan.rows.taps):
            if tap_source(&plan.rows, i) < 0:
                continue
            for c in range(plan.inner):
                for j in range(plan.columns.taps):
                    if tap_source(&plan.columns, j) < 0:
                        continue
                    tap = w + first * outer_pitch + c * inner_pitch + i * plan.columns.taps + j
                    for f in range(valid):
                        out[f] = tap[f * outer_pitch]
                    for f in range(valid, width):
                        out[f] = 0
                    out += width
        first += width


cdef inline const real *padded_source(const Plan *plan, const real *source, Py_ssize_t task,
                                      real *memory) noexcept nogil:
    cdef const real *planes = source + task // plan.chunks * plan.inner * plan.h * plan.w
    if not plan.copies:
        return planes
    pad_planes(planes, plan.inner, plan.h, plan.w, plan.rows.before, plan.columns.before, memory,
               plan.rows.extent, plan.columns.extent)
    return memory


cdef void walk_positions(const Plan *plan, Py_ssize_t task, const real *x, const real *bias, real *out,
                         Py_ssize_t pitch, real *sums) noexcept nogil:
    # Fill planes of `outer` channels, `pitch` apart, with the task's positions.
    cdef int lanes = VECTOR_BYTES // sizeof(real), width
    cdef Py_ssize_t group = task // plan.chunks % plan.groups
    cdef Py_ssize_t m = task % plan.chunks * plan.chunk, end = min(plan.positions, m + plan.chunk)
    cdef Py_ssize_t count, first, r, valid, begin, stop, next_begin, next_stop
    cdef const real *weights
    # Turning a short row element by element takes longer than multiplying a few zeros.
    cdef bint all_terms = plan.columns.count < lanes and plan.depth < 4 * lanes
    begin, stop = 0, plan.depth
    while m < end:
        # A block ends where other rows of the kernel come into sight.
        r = m // plan.columns.count
        count = min(<Py_ssize_t> ROW_BLOCK, end - m)
        if not all_terms:
            visible_terms(plan, r, &begin, &stop)
        while not all_terms and (r + 1) * plan.columns.count < m + count:
            r += 1
            visible_terms(plan, r, &next_begin, &next_stop)
            if next_begin != begin or next_stop != stop:
                count = r * plan.columns.count - m
        weights = <const real *> plan.packed + group * round_up(plan.outer, lanes) * plan.depth
        first = 0
        while first < plan.outer:
            width = block_width(plan.outer, first, lanes)
            valid = min(<Py_ssize_t> width * lanes, plan.outer - first)
            gather_product(width, round_up(count, TILE_ROWS), stop - begin, plan.base + m, plan.off + begin,
                           x, weights + begin * width * lanes, sums, 0)
            to_planes(sums, count, width * lanes, <int> valid, out + first * pitch + m, pitch,
                      bias + group * plan.outer + first if bias != NULL else NULL)
            weights += plan.depth * width * lanes
            first += width * lanes
        m += count


cdef inline Py_ssize_t phase_pitch(const Plan *plan) noexcept nogil:
    # Planes that lie a power of two apart drive each other from the cache.
    return round_up(plan.positions, 16) + 16


cdef void merge_phases(const Plan *plans, Py_ssize_t phases, const real *staged, const real **rows,
                       real *out) noexcept nogil:
    # Put the positions of all phases where they belong.
    cdef const Plan *plan
    cdef Py_ssize_t f, r, i, j, across = min(plans[0].columns.step, plans[0].destination_w)
    for f in range(plans[0].outer):
        for r in range(plans[0].destination_h):
            i = r % plans[0].rows.step * across
            for j in range(across):
                plan = &plans[i + j]
                rows[j] = (staged + plan.staged + f * phase_pitch(plan)
                           + r // plan.rows.step * plan.columns.count)
            interleave(rows, across, plans[0].destination_w, out)
            out += plans[0].destination_w


cdef void walk_task(const Plan *plans, Py_ssize_t phases, Py_ssize_t task, const real *source,
                    const real *bias, real *destination, real *memory) noexcept nogil:
    cdef Py_ssize_t i, lanes = VECTOR_BYTES // sizeof(real)
    cdef Py_ssize_t area = plans[0].destination_h * plans[0].destination_w
    cdef const real *x = padded_source(plans, source, task, memory)
    cdef real *sums = memory + (round_up(plans[0].inner * plans[0].plane, lanes) if plans[0].copies else 0)
    cdef real *staged = sums + ROW_BLOCK * TILE_WIDTH * lanes
    cdef real *out = destination + task // plans[0].chunks * plans[0].outer * area
    if phases == 1:
        walk_positions(plans, task, x, bias, out, area, sums)
        return
    for i in range(phases):
        walk_positions(&plans[i], task, x, bias, staged + plans[i].staged, phase_pitch(&plans[i]), sums)
    merge_phases(plans, phases, staged, <const real **> (staged + plans[phases - 1].staged
                 + plans[0].outer * phase_pitch(&plans[phases - 1])), out)


cdef gather_walk(Plan *plans, Py_ssize_t phases, const real *source, const real *w, Py_ssize_t inner_pitch,
                 Py_ssize_t outer_pitch, const real *bias, real *destination, int threads):
    # The plans of all phases see the same padded source.
    cdef int lanes = VECTOR_BYTES // sizeof(real)
    cdef Plan *plan
    cdef Py_ssize_t task, group, i, shared = 0, staged = 0, taps = plans[0].rows.taps * plans[0].columns.taps
    cdef Py_ssize_t share = ROW_BLOCK * TILE_WIDTH * lanes
    if plans[0].copies:
        share += round_up(plans[0].inner * plans[0].plane, lanes)
    for i in range(phases):
        plan = &plans[i]
        shared += tables_size(plan) + packed_size(plan, sizeof(real))
        if phases > 1:  # a task merges whole planes
            plan.tasks, plan.chunks, plan.chunk = plan.tasks // plan.chunks, 1, plan.positions
            plan.staged = staged
            staged += plan.outer * phase_pitch(plan)
    share = round_up((share + staged) * sizeof(real) + phases * sizeof(void *), PAGE)
    cdef object owner = scratch(shared + threads * share)
    cdef char *memory = aligned_start(owner)
    for i in range(phases):
        plan = &plans[i]
        plan.base = <int32_t *> memory
        plan.off = plan.base + positions_in_table(plan)
        plan.packed = memory + tables_size(plan)
        memory += tables_size(plan) + packed_size(plan, sizeof(real))
    with nogil:
        for i in range(phases):
            plan = &plans[i]
            fill_positions(plan)
            fill_offsets(plan, False)
            for group in range(plan.groups):
                pack_weights(plan, w + group * plan.inner * plan.outer * taps, inner_pitch, outer_pitch,
                             <real *> plan.packed + group * round_up(plan.outer, lanes) * plan.depth)
        for task in prange(plans[0].tasks, num_threads=threads, schedule="static"):
            walk_task(plans, phases, task, source, bias, destination, <real *> (memory + threadid() * share))


cdef inline Py_ssize_t tables_size(const Plan *plan) noexcept nogil:
    return round_up((positions_in_table(plan) + plan.depth) * sizeof(int32_t), 64)


cdef inline Py_ssize_t packed_size(const Plan *plan, Py_ssize_t itemsize) noexcept nogil:
    return round_up(plan.groups * round_up(plan.outer, VECTOR_BYTES // itemsize) * plan.depth * itemsize, 64)


cdef gather_weight_gradient(const Call *call, const real *dy, const real *x, real *dw):
    # The roles of the two tables change: a row is an element of the kernel, a term is a position.
    cdef int lanes = VECTOR_BYTES // sizeof(real), threads = threads_for(multiply_adds(call))
    cdef Axis rows = forward_axis(call.oh, call.kh, call.sh, call.dh, call.top)
    cdef Axis columns = forward_axis(call.ow, call.kw, call.sw, call.dw, call.left)
    cdef Plan plan = new_plan(call, call.c, call.o, call.h, call.w, rows, columns, threads,
                              sizeof(real))
    cdef Py_ssize_t task, thread, k, depth = round_up(plan.depth, TILE_ROWS)
    cdef Py_ssize_t tables = round_up(positions_in_table(&plan) + depth, 64) * sizeof(int32_t)
    cdef Py_ssize_t total = plan.groups * round_up(plan.outer, lanes) * depth
    cdef Py_ssize_t share = total + DEPTH_OF_GRADIENT * TILE_WIDTH * lanes
    if plan.copies:
        share += plan.inner * plan.plane
    share = round_up(share * sizeof(real), PAGE)
    cdef object owner = scratch(tables + threads * share)
    cdef char *memory = aligned_start(owner)
    plan.base = <int32_t *> memory
    plan.off = plan.base + positions_in_table(&plan)
    memory += tables
    with nogil:
        fill_positions(&plan)
        fill_offsets(&plan, True)
        for k in range(plan.depth, depth):
            plan.off[k] = plan.off[plan.depth - 1]
        for thread in range(threads):
            memset(memory + thread * share, 0, total * sizeof(real))
        for task in prange(plan.tasks, num_threads=threads, schedule="static"):
            weight_gradient_task(&plan, task, x, dy, depth, total, <real *> (memory + threadid() * share))
        for thread in range(1, threads):
            for k in range(total):
                (<real *> memory)[k] += (<real *> (memory + thread * share))[k]
        unpack_gradient(&plan, <const real *> memory, depth, dw)


cdef void weight_gradient_task(const Plan *plan, Py_ssize_t task, const real *x, const real *dy,
                               Py_ssize_t depth, Py_ssize_t total, real *memory) noexcept nogil:
    cdef int lanes = VECTOR_BYTES // sizeof(real), width
    cdef Py_ssize_t group = task // plan.chunks % plan.groups, first = 0, count, valid, m
    cdef Py_ssize_t begin = task % plan.chunks * plan.chunk, end = min(plan.positions, begin + plan.chunk)
    cdef real *sums = memory + group * (total // plan.groups)
    cdef real *turned = memory + total
    cdef const real *source = padded_source(plan, x, task, turned + DEPTH_OF_GRADIENT * TILE_WIDTH * lanes)
    cdef const real *gradient = dy + task // plan.chunks * plan.outer * plan.positions
    while first < plan.outer:
        width = block_width(plan.outer, first, lanes)
        valid = min(<Py_ssize_t> width * lanes, plan.outer - first)
        m = begin
        while m < end:
            count = min(<Py_ssize_t> DEPTH_OF_GRADIENT, end - m)
            from_planes(gradient + first * plan.positions + m, plan.positions, count, <int> valid, turned,
                        width * lanes)
            gather_product(width, depth, count, plan.off, plan.base + m, source, turned, sums, 1)
            m += count
        sums += depth * width * lanes
        first += width * lanes


cdef void unpack_gradient(const Plan *plan, const real *sums, Py_ssize_t depth, real *dw) noexcept nogil:
    cdef int lanes = VECTOR_BYTES // sizeof(real), width
    cdef Py_ssize_t group, first
    for group in range(plan.groups):
        first = 0
        while first < plan.outer:
            width = block_width(plan.outer, first, lanes) * lanes
            to_planes(sums, plan.depth, width, <int> min(<Py_ssize_t> width, plan.outer - first),
                      dw + (group * plan.outer + first) * plan.depth, plan.depth, <const real *> NULL)
            sums += depth * width
            first += width

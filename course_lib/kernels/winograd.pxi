# 3x3 convolution with stride 1 through the transforms of winograd.h, float32 only: 36 products, one for each
# value of a tile, whose rows are tiles and whose terms are channels. The gradient of x is the same walk with
# the taps turned by half a circle; for the gradient of w, the terms of the products are the tiles.

cdef extern from "winograd.h" nogil:
    enum:
        WINOGRAD_LANES
    void winograd_patch(const float *pixels, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                        ptrdiff_t columns, ptrdiff_t channels, float *out, ptrdiff_t pitch)
    void winograd_gradient(const float *pixels, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                           ptrdiff_t columns, ptrdiff_t channels, float *out, ptrdiff_t pitch)
    void winograd_taps(const float *taps, ptrdiff_t channels, float *out, ptrdiff_t pitch)
    void winograd_output(const float *sums, ptrdiff_t pitch, float *pixels, ptrdiff_t row, ptrdiff_t column,
                         ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels)
    void winograd_taps_gradient(const float *sums, ptrdiff_t pitch, float *taps, ptrdiff_t channels)

cdef enum:
    TAPS = 9
    VALUES = 36
    WIDEST = TILE_WIDTH * WINOGRAD_LANES
    # Tiles taken at a time at least; more of them where the weights outgrow the second-level cache.
    FEW_TILES = 32
    MANY_TILES = 96

cdef bint winograd_allowed = True


def set_winograd(bint allowed):
    """Allow the transforms, or forbid them."""
    global winograd_allowed
    winograd_allowed = allowed


cdef struct Grid:
    # Planes (inner, h, w) of n images are read, (top, left) zeros before them; planes (outer, oh, ow) go with
    # them tile by tile, in blocks of `rows` rows of tiles.
    Py_ssize_t n, inner, h, w, top, left, outer, oh, ow
    Py_ssize_t across, down, rows, blocks, tiles
    # Inner channels filled up to whole vectors; distance of a tile's values, in floats; thread's memory.
    Py_ssize_t channels, patch_pitch, sum_pitch, strip, share


cdef struct Stretch:
    # The rows of tiles that a block has in one image.
    Py_ssize_t image, first, last


cdef bint winograd_suits(const Call *call) noexcept nogil:
    # The transforms pay when products of enough channels come between them, and enough tiles share weights.
    cdef Py_ssize_t tiles = ((call.oh + 3) // 4) * ((call.ow + 3) // 4)
    return (winograd_allowed and call.kh == 3 and call.kw == 3 and call.groups == 1 and call.sh == 1
            and call.sw == 1 and call.dh == 1 and call.dw == 1 and call.c >= 16 and call.o >= 16
            and call.n * tiles >= 16 and 9 * call.oh * call.ow >= 54 * tiles)


cdef Grid new_grid(Py_ssize_t n, Py_ssize_t inner, Py_ssize_t h, Py_ssize_t w, Py_ssize_t top,
                       Py_ssize_t left, Py_ssize_t outer, Py_ssize_t oh, Py_ssize_t ow,
                       int threads) noexcept nogil:
    cdef Grid grid
    cdef Py_ssize_t target, total, longest
    grid.n, grid.inner, grid.h, grid.w, grid.top, grid.left = n, inner, h, w, top, left
    grid.outer, grid.oh, grid.ow = outer, oh, ow
    grid.across, grid.down = (ow + 3) // 4, (oh + 3) // 4
    total = n * grid.down
    target = FEW_TILES if inner * outer <= 64 * 64 else MANY_TILES
    grid.rows = max(1, target // grid.across)
    if grid.rows >= grid.down:  # whole images
        grid.rows = grid.rows // grid.down * grid.down
    grid.rows = min(grid.rows, (total + threads - 1) // threads)
    grid.blocks = (total + grid.rows - 1) // grid.rows
    grid.tiles = round_up(grid.rows * grid.across, TILE_ROWS)
    grid.channels = round_up(inner, WINOGRAD_LANES)
    # The odd vector keeps a tile's values out of one another's place in the first-level cache.
    grid.patch_pitch = grid.tiles * grid.channels + WINOGRAD_LANES
    grid.sum_pitch = grid.tiles * WIDEST + WINOGRAD_LANES
    longest = 4 * min(grid.rows, grid.down)
    grid.strip = max(((longest + 2) * w + 1) * grid.channels, (longest * ow + 1) * WIDEST)
    grid.share = grid.strip + VALUES * (grid.patch_pitch + grid.sum_pitch)
    # The weights of a block are put in order in the same memory.
    grid.share = round_up(max(grid.share, inner * TAPS * WIDEST) * sizeof(float), PAGE)
    return grid


cdef inline Grid forward_grid(const Call *call, int threads) noexcept nogil:
    return new_grid(call.n, call.c, call.h, call.w, call.top, call.left, call.o, call.oh, call.ow, threads)


cdef inline Stretch stretch_at(const Grid *grid, Py_ssize_t row, Py_ssize_t end) noexcept nogil:
    cdef Stretch stretch
    stretch.image = row // grid.down
    stretch.first = row % grid.down
    stretch.last = min(grid.down, stretch.first + end - row)
    return stretch


cdef Py_ssize_t patches_of_block(const Grid *grid, Py_ssize_t block, const float *x, float *strip,
                                 float *patches) noexcept nogil:
    # Fill the values (VALUES, tiles, channels) of a block's patches; gives the number of tiles.
    cdef Py_ssize_t row = block * grid.rows, end = min(grid.n * grid.down, row + grid.rows)
    cdef Py_ssize_t tile = 0, begin, stop, r, q
    cdef Stretch stretch
    while row < end:
        stretch = stretch_at(grid, row, end)
        begin = min(grid.h, max(<Py_ssize_t> 0, 4 * stretch.first - grid.top))
        stop = max(begin, min(grid.h, 4 * stretch.last + 2 - grid.top))
        from_planes_float(x + (stretch.image * grid.inner * grid.h + begin) * grid.w, grid.h * grid.w,
                          (stop - begin) * grid.w, <int> grid.inner, strip, <int> grid.channels)
        memset(strip + (stop - begin) * grid.w * grid.channels, 0, grid.channels * sizeof(float))
        for r in range(stretch.first, stretch.last):
            for q in range(grid.across):
                winograd_patch(strip, 4 * r - grid.top - begin, 4 * q - grid.left, stop - begin, grid.w,
                               grid.channels, patches + tile * grid.channels, grid.patch_pitch)
                tile += 1
        row += stretch.last - stretch.first
    return tile


cdef void transform_weights(const float *w, Py_ssize_t first, Py_ssize_t inner, Py_ssize_t outer,
                            bint turned, float *taps, float *out) noexcept nogil:
    # The values (VALUES, inner, width) of one block of outer channels. Turned: w is (inner, outer, 3, 3), and
    # its taps are read backwards.
    cdef int width = block_width(outer, first, WINOGRAD_LANES) * WINOGRAD_LANES
    cdef Py_ssize_t c, tap, f, valid = min(<Py_ssize_t> width, outer - first)
    if turned:
        memset(taps, 0, inner * TAPS * width * sizeof(float))
        for c in range(inner):
            for f in range(valid):
                for tap in range(TAPS):
                    taps[(c * TAPS + tap) * width + f] = w[(c * outer + first + f + 1) * TAPS - tap - 1]
    else:
        from_planes_float(w + first * inner * TAPS, inner * TAPS, inner * TAPS, <int> valid, taps, width)
    for c in range(inner):
        winograd_taps(taps + c * TAPS * width, width, out + c * width, inner * width + WINOGRAD_LANES)


cdef void winograd_block(const Grid *grid, Py_ssize_t block, const float *x, const float *weights,
                         const int32_t *base, const int32_t *off, const float *bias, float *y,
                         float *strip) noexcept nogil:
    cdef float *patches = strip + grid.strip
    cdef float *sums = patches + VALUES * grid.patch_pitch
    cdef Py_ssize_t count = round_up(patches_of_block(grid, block, x, strip, patches), TILE_ROWS)
    cdef Py_ssize_t row, end = min(grid.n * grid.down, (block + 1) * grid.rows)
    cdef Py_ssize_t first = 0, area = grid.oh * grid.ow, tile, rows, r, q, value, channels
    cdef const float *factors
    cdef int width
    cdef Stretch stretch
    while first < grid.outer:
        width = block_width(grid.outer, first, WINOGRAD_LANES)
        channels = width * WINOGRAD_LANES
        factors = weights + VALUES * (grid.inner + 1) * first
        for value in range(VALUES):
            gather_product_float(width, count, grid.inner, base, off, patches + value * grid.patch_pitch,
                                 factors + value * (grid.inner * channels + WINOGRAD_LANES),
                                 sums + value * grid.sum_pitch, 0)
        tile, row = 0, block * grid.rows
        while row < end:
            stretch = stretch_at(grid, row, end)
            rows = min(grid.oh, 4 * stretch.last) - 4 * stretch.first
            for r in range(stretch.last - stretch.first):
                for q in range(grid.across):
                    winograd_output(sums + tile * channels, grid.sum_pitch, strip, 4 * r, 4 * q, rows,
                                    grid.ow, channels)
                    tile += 1
            to_planes_float(strip, rows * grid.ow, <int> channels, <int> min(channels, grid.outer - first),
                            y + (stretch.image * grid.outer + first) * area + 4 * stretch.first * grid.ow,
                            area, bias + first if bias != NULL else NULL)
            row += stretch.last - stretch.first
        first += channels


cdef winograd_walk(Grid grid, const float *x, const float *w, bint turned, const float *bias, float *y,
                   int threads):
    cdef Py_ssize_t vectors = round_up(grid.outer, WINOGRAD_LANES) // WINOGRAD_LANES
    cdef Py_ssize_t first, block, tables = round_up((grid.tiles + grid.inner) * sizeof(int32_t), 64)
    cdef Py_ssize_t blocks = (vectors + TILE_WIDTH - 1) // TILE_WIDTH
    cdef Py_ssize_t values = VALUES * (grid.inner + 1) * vectors * WINOGRAD_LANES * sizeof(float)
    cdef object owner = scratch(tables + round_up(values, PAGE) + threads * grid.share)
    cdef char *memory = aligned_start(owner)
    cdef int32_t *base = <int32_t *> memory
    cdef int32_t *off = base + grid.tiles
    cdef float *weights = <float *> (memory + tables)
    memory += tables + round_up(values, PAGE)
    with nogil:
        for block in range(grid.tiles):
            base[block] = <int32_t> (block * grid.channels)
        for block in range(grid.inner):
            off[block] = <int32_t> block
        for block in prange(blocks, num_threads=threads, schedule="static"):
            first = block_start(grid.outer, block, WINOGRAD_LANES)
            transform_weights(w, first, grid.inner, grid.outer, turned,
                              <float *> (memory + threadid() * grid.share),
                              weights + VALUES * (grid.inner + 1) * first)
        for block in prange(grid.blocks, num_threads=threads, schedule="static"):
            winograd_block(&grid, block, x, weights, base, off, bias, y,
                           <float *> (memory + threadid() * grid.share))


cdef winograd_forward(const Call *call, const float *x, const float *w, const float *b, float *y):
    cdef int threads = threads_for(multiply_adds(call))
    winograd_walk(forward_grid(call, threads), x, w, False, b, y, threads)


cdef winograd_input_gradient(const Call *call, const float *dy, const float *w, float *dx):
    cdef int threads = threads_for(multiply_adds(call))
    winograd_walk(new_grid(call.n, call.o, call.oh, call.ow, 2 - call.top, 2 - call.left, call.c, call.h,
                           call.w, threads), dy, w, True, NULL, dx, threads)


cdef void winograd_gradient_block(const Grid *grid, Py_ssize_t block, const float *x, const float *dy,
                                  const int32_t *base, const int32_t *off, Py_ssize_t depth, float *strip,
                                  float *sums) noexcept nogil:
    cdef float *patches = strip + grid.strip
    cdef float *target
    cdef float *gradients = patches + VALUES * grid.patch_pitch
    cdef Py_ssize_t count = patches_of_block(grid, block, x, strip, patches)
    cdef Py_ssize_t row, end = min(grid.n * grid.down, (block + 1) * grid.rows)
    cdef Py_ssize_t first = 0, area = grid.oh * grid.ow, tile, rows, r, q, value, channels
    cdef int width
    cdef Stretch stretch
    while first < grid.outer:
        width = block_width(grid.outer, first, WINOGRAD_LANES)
        channels = width * WINOGRAD_LANES
        tile, row = 0, block * grid.rows
        while row < end:
            stretch = stretch_at(grid, row, end)
            rows = min(grid.oh, 4 * stretch.last) - 4 * stretch.first
            from_planes_float(dy + (stretch.image * grid.outer + first) * area + 4 * stretch.first * grid.ow,
                              area, rows * grid.ow, <int> min(channels, grid.outer - first), strip,
                              <int> channels)
            memset(strip + rows * grid.ow * channels, 0, channels * sizeof(float))
            for r in range(stretch.last - stretch.first):
                for q in range(grid.across):
                    winograd_gradient(strip, 4 * r, 4 * q, rows, grid.ow, channels,
                                      gradients + tile * channels, grid.sum_pitch)
                    tile += 1
            row += stretch.last - stretch.first
        target = sums + VALUES * (depth + 1) * first
        for value in range(VALUES):
            gather_product_float(width, depth, count, base, off, patches + value * grid.patch_pitch,
                                 gradients + value * grid.sum_pitch,
                                 target + value * (depth * channels + WINOGRAD_LANES), 1)
        first += channels


cdef winograd_weight_gradient(const Call *call, const float *dy, const float *x, float *dw):
    cdef int threads = threads_for(multiply_adds(call)), width
    cdef Grid grid = forward_grid(call, threads)
    cdef Py_ssize_t depth = round_up(grid.inner, TILE_ROWS), block, thread, k, c, first = 0
    cdef Py_ssize_t tables = round_up((grid.tiles + depth) * sizeof(int32_t), 64)
    cdef Py_ssize_t total = VALUES * (depth + 1) * round_up(grid.outer, WINOGRAD_LANES)
    cdef Py_ssize_t sums = round_up(total * sizeof(float), PAGE)
    cdef Py_ssize_t share = sums + grid.share
    cdef object owner = scratch(tables + threads * share)
    cdef char *memory = aligned_start(owner)
    cdef int32_t *base = <int32_t *> memory
    cdef int32_t *off = base + depth
    cdef float *taps
    cdef float *values
    memory += tables
    with nogil:
        for c in range(depth):
            base[c] = <int32_t> min(c, grid.inner - 1)
        for block in range(grid.tiles):
            off[block] = <int32_t> (block * grid.channels)
        for thread in range(threads):
            memset(memory + thread * share, 0, total * sizeof(float))
        for block in prange(grid.blocks, num_threads=threads, schedule="static"):
            winograd_gradient_block(&grid, block, x, dy, base, off, depth,
                                    <float *> (memory + threadid() * share + sums),
                                    <float *> (memory + threadid() * share))
        for thread in range(1, threads):
            for k in range(total):
                (<float *> memory)[k] += (<float *> (memory + thread * share))[k]
        taps = <float *> (memory + sums)
        while first < grid.outer:
            width = block_width(grid.outer, first, WINOGRAD_LANES) * WINOGRAD_LANES
            values = <float *> memory + VALUES * (depth + 1) * first
            for c in range(grid.inner):
                winograd_taps_gradient(values + c * width, depth * width + WINOGRAD_LANES,
                                       taps + c * TAPS * width, width)
            to_planes_float(taps, grid.inner * TAPS, width, <int> min(<Py_ssize_t> width, grid.outer - first),
                            dw + first * grid.inner * TAPS, grid.inner * TAPS, NULL)
            first += width

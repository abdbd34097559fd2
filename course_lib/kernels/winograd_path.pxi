# 3x3 convolution through the transforms of winograd.h: one product for each value of a tile, whose rows are tiles
# and whose terms are channels. The gradient of x, with stride 1, is the same walk with the taps turned by half
# a circle; for the gradient of w, the terms of the products are the tiles.

cdef enum:
    TAPS = 9
    # Tiles taken at a time at least; more of them where the weights outgrow the second-level cache.
    FEW_TILES = 32
    MANY_TILES = 96

cdef bint winograd_allowed = True


def set_winograd(bint allowed):
    """Allow the transforms, or forbid them."""
    global winograd_allowed
    winograd_allowed = allowed


cdef struct Tile:
    # A tile has `outputs` outputs along an axis, which need `size` elements; those of the next begin `step` later.
    int kind
    Py_ssize_t outputs, size, step


cdef struct Grid:
    # Planes (inner, h, w) of n images are read, (top, left) zeros before them; planes (outer, oh, ow) go with
    # them tile by tile, in blocks of `rows` rows of tiles. A tile's patch has so many `values`.
    Tile tile
    Py_ssize_t n, inner, h, w, top, left, outer, oh, ow
    Py_ssize_t values, across, down, rows, blocks, tiles
    int lanes
    # Inner channels filled up to whole vectors; the most outer ones of a product; distances of a tile's values,
    # in elements; a thread's memory.
    Py_ssize_t channels, widest, patch_pitch, sum_pitch, strip, share


cdef struct Stretch:
    # The rows of tiles that a block has in one image.
    Py_ssize_t image, first, last


cdef inline Tile tile_of(const Call *call, Py_ssize_t itemsize) noexcept nogil:
    cdef Tile tile
    if call.sh == 2:
        tile.kind, tile.outputs, tile.size, tile.step = WINOGRAD_STRIDED, 2, 5, 4
    elif itemsize == sizeof(float):
        tile.kind, tile.outputs, tile.size, tile.step = WINOGRAD_FOUR, 4, 6, 4
    else:  # whose digits are wanted, by gradient checks above all
        tile.kind, tile.outputs, tile.size, tile.step = WINOGRAD_TWO, 2, 4, 2
    return tile


cdef bint winograd_suits(const Call *call, Py_ssize_t itemsize) noexcept nogil:
    # The transforms pay when products of enough channels come between them, enough tiles share weights, and
    # those at the border are not mostly empty.
    cdef Tile tile = tile_of(call, itemsize)
    cdef Py_ssize_t tiles = ceiling(call.oh, tile.outputs) * ceiling(call.ow, tile.outputs)
    cdef double least = 1.2 if tile.kind == WINOGRAD_STRIDED else 1.5
    return (winograd_allowed and call.kh == 3 and call.kw == 3 and call.groups == 1 and call.sh == call.sw
            and call.sh <= 2 and call.dh == 1 and call.dw == 1 and call.c >= 16 and call.o >= 16
            and call.n * tiles >= 16
            and TAPS * call.oh * call.ow >= least * (tile.size * tile.size * tiles))


cdef Grid new_grid(Tile tile, Py_ssize_t itemsize, Py_ssize_t n, Py_ssize_t inner, Py_ssize_t h, Py_ssize_t w,
                   Py_ssize_t top, Py_ssize_t left, Py_ssize_t outer, Py_ssize_t oh, Py_ssize_t ow,
                   int threads) noexcept nogil:
    cdef Grid grid
    cdef Py_ssize_t target, total, stretch, lanes = VECTOR_BYTES // itemsize
    grid.tile = tile
    grid.lanes = <int> lanes
    grid.values = tile.size * tile.size
    grid.n, grid.inner, grid.h, grid.w, grid.top, grid.left = n, inner, h, w, top, left
    grid.outer, grid.oh, grid.ow = outer, oh, ow
    grid.across, grid.down = ceiling(ow, tile.outputs), ceiling(oh, tile.outputs)
    total = n * grid.down
    target = FEW_TILES if inner * outer <= 64 * 64 else MANY_TILES
    grid.rows = max(1, target // grid.across)
    if grid.rows >= grid.down:  # whole images
        grid.rows = grid.rows // grid.down * grid.down
    grid.rows = min(grid.rows, ceiling(total, threads))
    grid.blocks = ceiling(total, grid.rows)
    grid.tiles = round_up(grid.rows * grid.across, TILE_ROWS)
    grid.channels = round_up(inner, lanes)
    grid.widest = TILE_WIDTH * lanes
    # The odd vector keeps a tile's values out of one another's place in the first-level cache.
    grid.patch_pitch = grid.tiles * grid.channels + lanes
    grid.sum_pitch = grid.tiles * grid.widest + lanes
    stretch = min(grid.rows, grid.down)
    grid.strip = max(((tile.step * (stretch - 1) + tile.size) * w + 1) * grid.channels,
                     (tile.outputs * stretch * ow + 1) * grid.widest)
    grid.share = grid.strip + grid.values * (grid.patch_pitch + grid.sum_pitch)
    # The weights of a block are put in order in the same memory.
    grid.share = round_up(max(grid.share, inner * TAPS * grid.widest) * itemsize, PAGE)
    return grid


cdef inline Grid forward_grid(const Call *call, Py_ssize_t itemsize, int threads) noexcept nogil:
    return new_grid(tile_of(call, itemsize), itemsize, call.n, call.c, call.h, call.w, call.top, call.left,
                    call.o, call.oh, call.ow, threads)


cdef inline Stretch stretch_at(const Grid *grid, Py_ssize_t row, Py_ssize_t end) noexcept nogil:
    cdef Stretch stretch
    stretch.image = row // grid.down
    stretch.first = row % grid.down
    stretch.last = min(grid.down, stretch.first + end - row)
    return stretch


cdef Py_ssize_t patches_of_block(const Grid *grid, Py_ssize_t block, const real *x, real *strip,
                                 real *patches) noexcept nogil:
    # Fill the values (values, tiles, channels) of a block's patches; gives the number of tiles.
    cdef Py_ssize_t row = block * grid.rows, end = min(grid.n * grid.down, row + grid.rows)
    cdef Py_ssize_t tile = 0, step = grid.tile.step, begin, stop, r, q
    cdef Stretch stretch
    while row < end:
        stretch = stretch_at(grid, row, end)
        begin = min(grid.h, max(<Py_ssize_t> 0, step * stretch.first - grid.top))
        stop = max(begin, min(grid.h, step * (stretch.last - 1) + grid.tile.size - grid.top))
        from_planes(x + (stretch.image * grid.inner * grid.h + begin) * grid.w, grid.h * grid.w,
                    (stop - begin) * grid.w, <int> grid.inner, strip, <int> grid.channels)
        memset(strip + (stop - begin) * grid.w * grid.channels, 0, grid.channels * sizeof(real))
        for r in range(stretch.first, stretch.last):
            for q in range(grid.across):
                winograd_patch(grid.tile.kind, strip, step * r - grid.top - begin, step * q - grid.left,
                               stop - begin, grid.w, grid.channels, patches + tile * grid.channels,
                               grid.patch_pitch)
                tile += 1
        row += stretch.last - stretch.first
    return tile


cdef void transform_weights(const Grid *grid, const real *w, Py_ssize_t first, bint turned, real *taps,
                            real *out) noexcept nogil:
    # The values (values, inner, width) of one block of outer channels. Turned: w is (inner, outer, 3, 3), and its
    # taps are read backwards.
    cdef int width = block_width(grid.outer, first, grid.lanes) * grid.lanes
    cdef Py_ssize_t inner = grid.inner, c, tap, f, valid = min(<Py_ssize_t> width, grid.outer - first)
    if turned:
        memset(taps, 0, inner * TAPS * width * sizeof(real))
        for c in range(inner):
            for f in range(valid):
                for tap in range(TAPS):
                    taps[(c * TAPS + tap) * width + f] = w[(c * grid.outer + first + f + 1) * TAPS - tap - 1]
    else:
        from_planes(w + first * inner * TAPS, inner * TAPS, inner * TAPS, <int> valid, taps, width)
    for c in range(inner):
        winograd_taps(grid.tile.kind, taps + c * TAPS * width, width, out + c * width,
                      inner * width + grid.lanes)


cdef void winograd_block(const Grid *grid, Py_ssize_t block, const real *x, const real *weights,
                         const int32_t *base, const int32_t *off, const real *bias, real *y,
                         real *strip) noexcept nogil:
    cdef real *patches = strip + grid.strip
    cdef real *sums = patches + grid.values * grid.patch_pitch
    cdef Py_ssize_t count = round_up(patches_of_block(grid, block, x, strip, patches), TILE_ROWS)
    cdef Py_ssize_t row, end = min(grid.n * grid.down, (block + 1) * grid.rows)
    cdef Py_ssize_t first = 0, area = grid.oh * grid.ow, side = grid.tile.outputs
    cdef Py_ssize_t tile, rows, r, q, value, channels
    cdef const real *factors
    cdef int width
    cdef Stretch stretch
    while first < grid.outer:
        width = block_width(grid.outer, first, grid.lanes)
        channels = width * grid.lanes
        factors = weights + grid.values * (grid.inner + 1) * first
        for value in range(grid.values):
            gather_product(width, count, grid.inner, base, off, patches + value * grid.patch_pitch,
                           factors + value * (grid.inner * channels + grid.lanes),
                           sums + value * grid.sum_pitch, 0)
        tile, row = 0, block * grid.rows
        while row < end:
            stretch = stretch_at(grid, row, end)
            rows = min(grid.oh, side * stretch.last) - side * stretch.first
            for r in range(stretch.last - stretch.first):
                for q in range(grid.across):
                    winograd_output(grid.tile.kind, sums + tile * channels, grid.sum_pitch, strip, side * r,
                                    side * q, rows, grid.ow, channels)
                    tile += 1
            to_planes(strip, rows * grid.ow, <int> channels, <int> min(channels, grid.outer - first),
                      y + (stretch.image * grid.outer + first) * area + side * stretch.first * grid.ow,
                      area, bias + first if bias != NULL else NULL)
            row += stretch.last - stretch.first
        first += channels


cdef winograd_walk(Grid grid, const real *x, const real *w, bint turned, const real *bias, real *y,
                   int threads):
    cdef Py_ssize_t vectors = round_up(grid.outer, grid.lanes) // grid.lanes
    cdef Py_ssize_t first, block, tables = round_up((grid.tiles + grid.inner) * sizeof(int32_t), 64)
    cdef Py_ssize_t blocks = (vectors + TILE_WIDTH - 1) // TILE_WIDTH
    cdef Py_ssize_t values = grid.values * (grid.inner + 1) * vectors * grid.lanes * sizeof(real)
    cdef object owner = scratch(tables + round_up(values, PAGE) + threads * grid.share)
    cdef char *memory = aligned_start(owner)
    cdef int32_t *base = <int32_t *> memory
    cdef int32_t *off = base + grid.tiles
    cdef real *weights = <real *> (memory + tables)
    memory += tables + round_up(values, PAGE)
    with nogil:
        for block in range(grid.tiles):
            base[block] = <int32_t> (block * grid.channels)
        for block in range(grid.inner):
            off[block] = <int32_t> block
        for block in prange(blocks, num_threads=threads, schedule="static"):
            first = block_start(grid.outer, block, grid.lanes)
            transform_weights(&grid, w, first, turned, <real *> (memory + threadid() * grid.share),
                              weights + grid.values * (grid.inner + 1) * first)
        for block in prange(grid.blocks, num_threads=threads, schedule="static"):
            winograd_block(&grid, block, x, weights, base, off, bias, y,
                           <real *> (memory + threadid() * grid.share))


cdef winograd_forward(const Call *call, const real *x, const real *w, const real *b, real *y):
    cdef int threads = threads_for(multiply_adds(call))
    winograd_walk(forward_grid(call, sizeof(real), threads), x, w, False, b, y, threads)


cdef winograd_input_gradient(const Call *call, const real *dy, const real *w, real *dx):
    cdef int threads = threads_for(multiply_adds(call))
    winograd_walk(new_grid(tile_of(call, sizeof(real)), sizeof(real), call.n, call.o, call.oh, call.ow,
                           2 - call.top, 2 - call.left, call.c, call.h, call.w, threads),
                  dy, w, True, <const real *> NULL, dx, threads)


cdef void winograd_gradient_block(const Grid *grid, Py_ssize_t block, const real *x, const real *dy,
                                  const int32_t *base, const int32_t *off, Py_ssize_t depth, real *strip,
                                  real *sums) noexcept nogil:
    cdef real *patches = strip + grid.strip
    cdef real *target
    cdef real *gradients = patches + grid.values * grid.patch_pitch
    cdef Py_ssize_t count = patches_of_block(grid, block, x, strip, patches)
    cdef Py_ssize_t row, end = min(grid.n * grid.down, (block + 1) * grid.rows)
    cdef Py_ssize_t first = 0, area = grid.oh * grid.ow, side = grid.tile.outputs
    cdef Py_ssize_t tile, rows, r, q, value, channels
    cdef int width
    cdef Stretch stretch
    while first < grid.outer:
        width = block_width(grid.outer, first, grid.lanes)
        channels = width * grid.lanes
        tile, row = 0, block * grid.rows
        while row < end:
            stretch = stretch_at(grid, row, end)
            rows = min(grid.oh, side * stretch.last) - side * stretch.first
            from_planes(dy + (stretch.image * grid.outer + first) * area + side * stretch.first * grid.ow,
                        area, rows * grid.ow, <int> min(channels, grid.outer - first), strip,
                        <int> channels)
            memset(strip + rows * grid.ow * channels, 0, channels * sizeof(real))
            for r in range(stretch.last - stretch.first):
                for q in range(grid.across):
                    winograd_gradient(grid.tile.kind, strip, side * r, side * q, rows, grid.ow, channels,
                                      gradients + tile * channels, grid.sum_pitch)
                    tile += 1
            row += stretch.last - stretch.first
        target = sums + grid.values * (depth + 1) * first
        for value in range(grid.values):
            gather_product(width, depth, count, base, off, patches + value * grid.patch_pitch,
                           gradients + value * grid.sum_pitch,
                           target + value * (depth * channels + grid.lanes), 1)
        first += channels


cdef void finish_weight_gradient(const Grid *grid, Py_ssize_t first, Py_ssize_t depth, int threads, char *memory,
                                 Py_ssize_t share, real *taps, real *dw) noexcept nogil:
    # Add what the threads have for one block of outer channels, and turn it into gradients of taps.
    cdef int width = block_width(grid.outer, first, grid.lanes) * grid.lanes
    cdef Py_ssize_t begin = grid.values * (depth + 1) * first, count = grid.values * (depth + 1) * width
    cdef Py_ssize_t thread, k, c
    cdef real *values = <real *> memory + begin
    cdef const real *others
    for thread in range(1, threads):
        others = <const real *> (memory + thread * share) + begin
        for k in range(count):
            values[k] += others[k]
    for c in range(grid.inner):
        winograd_taps_gradient(grid.tile.kind, values + c * width, depth * width + grid.lanes,
                               taps + c * TAPS * width, width)
    to_planes(taps, grid.inner * TAPS, width, <int> min(<Py_ssize_t> width, grid.outer - first),
              dw + first * grid.inner * TAPS, grid.inner * TAPS, <const real *> NULL)


cdef winograd_weight_gradient(const Call *call, const real *dy, const real *x, real *dw):
    cdef int threads = threads_for(multiply_adds(call))
    cdef Grid grid = forward_grid(call, sizeof(real), threads)
    cdef Py_ssize_t depth = round_up(grid.inner, TILE_ROWS), block, thread, c
    cdef Py_ssize_t vectors = ceiling(grid.outer, grid.lanes)
    cdef Py_ssize_t tables = round_up((grid.tiles + depth) * sizeof(int32_t), 64)
    cdef Py_ssize_t total = grid.values * (depth + 1) * vectors * grid.lanes
    cdef Py_ssize_t sums = round_up(total * sizeof(real), PAGE)
    cdef Py_ssize_t share = sums + grid.share
    cdef object owner = scratch(tables + threads * share)
    cdef char *memory = aligned_start(owner)
    cdef int32_t *base = <int32_t *> memory
    cdef int32_t *off = base + depth
    memory += tables
    with nogil:
        for c in range(depth):
            base[c] = <int32_t> min(c, grid.inner - 1)
        for block in range(grid.tiles):
            off[block] = <int32_t> (block * grid.channels)
        for thread in prange(threads, num_threads=threads, schedule="static"):
            memset(memory + thread * share, 0, total * sizeof(real))
        for block in prange(grid.blocks, num_threads=threads, schedule="static"):
            winograd_gradient_block(&grid, block, x, dy, base, off, depth,
                                    <real *> (memory + threadid() * share + sums),
                                    <real *> (memory + threadid() * share))
        for block in prange(ceiling(vectors, TILE_WIDTH), num_threads=threads, schedule="static"):
            finish_weight_gradient(&grid, block_start(grid.outer, block, grid.lanes), depth, threads, memory, share,
                                   <real *> (memory + threadid() * share + sums), dw)

/* The matrix product under every convolution, in the widest vectors of the instruction set:

       out[i][j] (+)= sum over k of x[base[i] + off[k]] * w[k][j]

   Two tables of offsets say where row i and term k are found, so a convolution needs no matrix of patches. The
   second half of the file turns small matrices around, between "channels last" as the product gives them and
   planes as images are kept. The file includes itself once for float and once for double. */
#ifndef REAL

#include "vectors.h"

/* A tile of sums lives in registers: of 32 it may fill 24, of 16 it may fill 12. */
#if defined(__AVX512F__) || defined(__aarch64__)
enum { TILE_ROWS = 8, TILE_WIDTH = 3 };
#else
enum { TILE_ROWS = 6, TILE_WIDTH = 2 };
#endif
/* Terms of a sum taken at a time, so that their rows of w stay in the first-level cache. */
enum { DEPTH_BLOCK = 256 };

#define REAL float
#define NAME(stem) stem##_float
#include "gather.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "gather.h"
#undef REAL
#undef NAME

#else /* once for each REAL */

#define VECTOR NAME(vector)
#define MASK NAME(mask)
#define LANES ((int)(VECTOR_BYTES / sizeof(REAL)))

/* TILE_ROWS rows of out, `width` vectors wide; width is a constant in each copy of this function. */
ALWAYS_INLINE void NAME(tile)(const int width, ptrdiff_t depth, const int32_t *restrict base,
                              const int32_t *restrict off, const REAL *restrict x, const REAL *restrict w,
                              REAL *restrict out, int accumulate) {
    VECTOR sum[TILE_ROWS][TILE_WIDTH];
    const REAL *row[TILE_ROWS];
    UNROLL for (int i = 0; i < TILE_ROWS; i++) {
        row[i] = x + base[i];
        UNROLL for (int j = 0; j < width; j++)
            sum[i][j] = accumulate ? *(const VECTOR *)(out + (i * width + j) * LANES) : (VECTOR){0};
    }
    for (ptrdiff_t k = 0; k < depth; k++, w += width * LANES) {
        VECTOR term[TILE_WIDTH];
        UNROLL for (int j = 0; j < width; j++) term[j] = *(const VECTOR *)(w + j * LANES);
        UNROLL for (int i = 0; i < TILE_ROWS; i++) {
            const REAL factor = row[i][off[k]];
            UNROLL for (int j = 0; j < width; j++) sum[i][j] += factor * term[j];
        }
    }
    UNROLL for (int i = 0; i < TILE_ROWS; i++)
        UNROLL for (int j = 0; j < width; j++) *(VECTOR *)(out + (i * width + j) * LANES) = sum[i][j];
}

/* out (rows, width * LANES); rows is a multiple of TILE_ROWS, width at most TILE_WIDTH. */
static inline void NAME(gather_product)(int width, ptrdiff_t rows, ptrdiff_t depth, const int32_t *base,
                                        const int32_t *off, const REAL *x, const REAL *w, REAL *out,
                                        int accumulate) {
    ptrdiff_t k = 0;
    do {
        const ptrdiff_t terms = depth - k < DEPTH_BLOCK ? depth - k : DEPTH_BLOCK;
        for (ptrdiff_t i = 0; i < rows; i += TILE_ROWS) {
            REAL *o = out + i * width * LANES;
            const REAL *v = w + k * width * LANES;
            if (width == 1) NAME(tile)(1, terms, base + i, off + k, x, v, o, accumulate);
            else if (width == 2) NAME(tile)(2, terms, base + i, off + k, x, v, o, accumulate);
            else NAME(tile)(TILE_WIDTH, terms, base + i, off + k, x, v, o, accumulate);
        }
        accumulate = 1;
        k += terms;
    } while (k < depth);
}

/* Swap rows and columns of a LANES x LANES block: exchange bits of row and column number one by one. */
ALWAYS_INLINE void NAME(turn)(VECTOR *rows) {
#if defined(__clang__)
    REAL block[LANES][LANES];
    for (int i = 0; i < LANES; i++)
        for (int j = 0; j < LANES; j++) block[j][i] = rows[i][j];
    for (int i = 0; i < LANES; i++) rows[i] = *(const VECTOR *)block[i];
#else
    MASK lane;
    UNROLL for (int j = 0; j < LANES; j++) lane[j] = j;
    UNROLL for (int bit = 1; bit < LANES; bit *= 2) {
        const MASK odd = (lane & bit) != 0;
        const MASK low = (odd & (lane + (LANES - bit))) | (~odd & lane);
        const MASK high = (odd & (lane + LANES)) | (~odd & (lane + bit));
        UNROLL for (int i = 0; i < LANES; i++)
            if (!(i & bit)) {
                const VECTOR a = rows[i], b = rows[i + bit];
                rows[i] = __builtin_shuffle(a, b, low);
                rows[i + bit] = __builtin_shuffle(a, b, high);
            }
    }
#endif
}

/* Where the block after the one at row i begins: a last one that is cut short begins earlier instead. */
ALWAYS_INLINE ptrdiff_t NAME(next_block)(ptrdiff_t i, ptrdiff_t rows) {
    const ptrdiff_t next = i + LANES;
    return next < rows && next + LANES > rows ? rows - LANES : next;
}

/* out[j * pitch + i] = from[i * width + j] + bias[j], i < rows and j < columns; width is a multiple of LANES. */
static inline void NAME(to_planes)(const REAL *from, ptrdiff_t rows, int width, int columns, REAL *out,
                                   ptrdiff_t pitch, const REAL *bias) {
    ptrdiff_t i = 0;
    while (i + LANES <= rows) {
        for (int j = 0; j < columns; j += LANES) {
            VECTOR block[LANES];
            UNROLL for (int k = 0; k < LANES; k++) block[k] = *(const VECTOR *)(from + (i + k) * width + j);
            NAME(turn)(block);
            UNROLL for (int k = 0; k < LANES; k++)
                if (j + k < columns)
                    *(VECTOR *)(out + (j + k) * pitch + i) = block[k] + (bias ? bias[j + k] : (REAL)0);
        }
        i = NAME(next_block)(i, rows);
    }
    for (; i < rows; i++)
        for (int j = 0; j < columns; j++)
            out[j * pitch + i] = from[i * width + j] + (bias ? bias[j] : (REAL)0);
}

/* out[i * width + j] = from[j * pitch + i], and 0 for j from `columns` to `width`, a multiple of LANES. */
static inline void NAME(from_planes)(const REAL *from, ptrdiff_t pitch, ptrdiff_t rows, int columns, REAL *out,
                                     int width) {
    ptrdiff_t i = 0;
    /* LANES rows of planes at a time: a processor foresees what is read next in so many, not in all of them. */
    for (int j = 0; j < width; j += LANES)
        for (i = 0; i + LANES <= rows; i = NAME(next_block)(i, rows)) {
            VECTOR block[LANES];
            UNROLL for (int k = 0; k < LANES; k++)
                block[k] = j + k < columns ? *(const VECTOR *)(from + (j + k) * pitch + i) : (VECTOR){0};
            NAME(turn)(block);
            UNROLL for (int k = 0; k < LANES; k++) *(VECTOR *)(out + (i + k) * width + j) = block[k];
        }
    for (; i < rows; i++)
        for (int j = 0; j < width; j++) out[i * width + j] = j < columns ? from[j * pitch + i] : (REAL)0;
}

#undef VECTOR
#undef MASK
#undef LANES
#endif

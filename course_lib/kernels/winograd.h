/* The transforms of winograd_axes.h along both axes of patches, in vectors of channels: a 3x3 convolution gives
   4x4 outputs of a 6x6 patch with 36 products of channels instead of 144, 2x2 of 4x4 with 16 instead of 36, and
   2x2 with stride 2 of 5x5 with 25 instead of 36. The file includes itself once for float and once for double. */
#ifndef REAL

#include "winograd_axes.h"

enum { WINOGRAD_FOUR, WINOGRAD_TWO, WINOGRAD_STRIDED };

/* Where a patch size x size at (row, column) stands in pixels (rows, columns, channels); what lies outside
   stands in a pixel of zeros that follows them. */
ALWAYS_INLINE void winograd_find(ptrdiff_t *found, int size, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                                 ptrdiff_t columns, ptrdiff_t channels) {
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++) {
            const int inside = row + i >= 0 && row + i < rows && column + j >= 0 && column + j < columns;
            found[i * size + j] = (inside ? (row + i) * columns + column + j : rows * columns) * channels;
        }
}

/* Both axes of a square: FROM x FROM vectors are read with LOAD, TO x TO written with STORE, for all channels;
   these are a multiple of the lanes. */
#define WINOGRAD(AXIS, FROM, TO, LOAD, STORE)                                           \
    for (ptrdiff_t c = 0; c < channels; c += LANES) {                                   \
        VECTOR square[36], turned[36];                                                  \
        UNROLL for (int i = 0; i < (FROM); i++)                                         \
            UNROLL for (int j = 0; j < (FROM); j++) square[i * 6 + j] = LOAD(FROM, i, j); \
        UNROLL for (int j = 0; j < (FROM); j++) NAME(AXIS)(turned + j, square + j, 6);  \
        UNROLL for (int i = 0; i < (TO); i++)                                           \
            NAME(AXIS)(square + i * 6, turned + i * 6, 1);                              \
        UNROLL for (int i = 0; i < (TO); i++)                                           \
            UNROLL for (int j = 0; j < (TO); j++) STORE(TO, i, j, square[i * 6 + j]);   \
    }

/* Of what is taken `kind`, a constant in none of the calls, chooses once for all channels. */
#define EACH_KIND(WHAT, FOUR_FROM, FOUR_TO, TWO_FROM, TWO_TO, STRIDED_FROM, STRIDED_TO, LOAD, STORE)           \
    if (kind == WINOGRAD_FOUR) WINOGRAD(four_##WHAT, FOUR_FROM, FOUR_TO, LOAD, STORE)                          \
    else if (kind == WINOGRAD_TWO) WINOGRAD(two_##WHAT, TWO_FROM, TWO_TO, LOAD, STORE)                         \
    else WINOGRAD(strided_##WHAT, STRIDED_FROM, STRIDED_TO, LOAD, STORE)

#define AT(pointer) (*(VECTOR *)(pointer))
#define AT_CONST(pointer) (*(const VECTOR *)(pointer))

#define REAL float
#define NAME(stem) stem##_float
#include "winograd.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "winograd.h"
#undef REAL
#undef NAME

#undef WINOGRAD
#undef EACH_KIND
#undef AT
#undef AT_CONST

#else /* once for each REAL */

#define VECTOR NAME(vector)
#define LANES ((ptrdiff_t)(VECTOR_BYTES / sizeof(REAL)))

#define FROM_FOUND(SIZE, i, j) AT_CONST(pixels + found[(i) * (SIZE) + (j)] + c)
#define FROM_VALUES(SIZE, i, j) AT_CONST(values + ((i) * (SIZE) + (j)) * pitch + c)
#define FROM_TAPS(SIZE, i, j) AT_CONST(taps + ((i) * 3 + (j)) * channels + c)
#define TO_VALUES(SIZE, i, j, value) AT(values + ((i) * (SIZE) + (j)) * pitch + c) = value
#define TO_TAPS(SIZE, i, j, value) AT(taps + ((i) * 3 + (j)) * channels + c) = value
#define TO_PIXELS(SIZE, i, j, value) \
    if (row + i < rows && column + j < columns) AT(out + ((i) * columns + (j)) * channels + c) = value

/* The values of a patch, `pitch` apart, for all channels. */
static void NAME(winograd_patch)(int kind, const REAL *pixels, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                                 ptrdiff_t columns, ptrdiff_t channels, REAL *values, ptrdiff_t pitch) {
    ptrdiff_t found[36];
    winograd_find(found, kind == WINOGRAD_FOUR ? 6 : kind == WINOGRAD_TWO ? 4 : 5, row, column, rows, columns,
                  channels);
    EACH_KIND(patch, 6, 6, 4, 4, 5, 5, FROM_FOUND, TO_VALUES)
}

/* The values of a patch of the outputs' gradient. */
static void NAME(winograd_gradient)(int kind, const REAL *pixels, ptrdiff_t row, ptrdiff_t column,
                                    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, REAL *values,
                                    ptrdiff_t pitch) {
    ptrdiff_t found[16];
    winograd_find(found, kind == WINOGRAD_FOUR ? 4 : 2, row, column, rows, columns, channels);
    EACH_KIND(gradient, 4, 6, 2, 4, 2, 5, FROM_FOUND, TO_VALUES)
}

/* The values of 3x3 taps, kept as (tap, channels). */
static void NAME(winograd_taps)(int kind, const REAL *taps, ptrdiff_t channels, REAL *values,
                                ptrdiff_t pitch) {
    EACH_KIND(taps, 3, 6, 3, 4, 3, 5, FROM_TAPS, TO_VALUES)
}

/* The outputs of a tile at (row, column) of pixels (rows, columns, channels), those that lie inside. */
static void NAME(winograd_output)(int kind, const REAL *values, ptrdiff_t pitch, REAL *pixels, ptrdiff_t row,
                                  ptrdiff_t column, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels) {
    REAL *out = pixels + (row * columns + column) * channels;
    EACH_KIND(output, 6, 4, 4, 2, 5, 2, FROM_VALUES, TO_PIXELS)
}

/* The gradient of 3x3 taps, kept as (tap, channels), from that of their values. */
static void NAME(winograd_taps_gradient)(int kind, const REAL *values, ptrdiff_t pitch, REAL *taps,
                                         ptrdiff_t channels) {
    EACH_KIND(taps_gradient, 6, 3, 4, 3, 5, 3, FROM_VALUES, TO_TAPS)
}

#undef FROM_FOUND
#undef FROM_VALUES
#undef FROM_TAPS
#undef TO_VALUES
#undef TO_TAPS
#undef TO_PIXELS
#undef VECTOR
#undef LANES
#endif

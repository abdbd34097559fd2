/* Winograd's F(4x4, 3x3) in vectors of channels: a 3x3 convolution gives 16 outputs of a 6x6 patch with 36
   products of channels instead of 144. One axis at a time, with the points 0, 1, -1, 2, -2 and infinity,

       outputs = A' ((G taps) * (B' patch)),

   and the gradient of the taps goes back through the same three matrices: G' ((B' patch) * (A gradient)).

   A. Lavin and S. Gray, Fast algorithms for convolutional neural networks, arXiv:1509.09308. */
#include "vectors.h"

enum { WINOGRAD_LANES = VECTOR_BYTES / sizeof(float) };
typedef vector_float winograd;

/* Each takes elements `step` apart and gives elements `step` apart. */
ALWAYS_INLINE void winograd_patch_axis(winograd *to, const winograd *d, int step) { /* B', 6 to 6 */
    const winograd d0 = d[0], d1 = d[step], d2 = d[2 * step];
    const winograd d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step];
    const winograd even = d4 - 4.0f * d2, odd = d3 - 4.0f * d1, half = d4 - d2, twice = 2.0f * (d3 - d1);
    to[0] = 4.0f * d0 - 5.0f * d2 + d4;
    to[step] = even + odd;
    to[2 * step] = even - odd;
    to[3 * step] = half + twice;
    to[4 * step] = half - twice;
    to[5 * step] = 4.0f * d1 - 5.0f * d3 + d5;
}

ALWAYS_INLINE void winograd_output_axis(winograd *to, const winograd *m, int step) { /* A', 6 to 4 */
    const winograd one = m[step] + m[2 * step], minus = m[step] - m[2 * step];
    const winograd two = m[3 * step] + m[4 * step], less = m[3 * step] - m[4 * step];
    to[0] = m[0] + one + two;
    to[step] = minus + 2.0f * less;
    to[2 * step] = one + 4.0f * two;
    to[3 * step] = minus + 8.0f * less + m[5 * step];
}

ALWAYS_INLINE void winograd_gradient_axis(winograd *to, const winograd *y, int step) { /* A, 4 to 6 */
    const winograd y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
    const winograd even = y0 + 4.0f * y2, odd = 2.0f * y1 + 8.0f * y3;
    to[0] = y0;
    to[step] = (y0 + y2) + (y1 + y3);
    to[2 * step] = (y0 + y2) - (y1 + y3);
    to[3 * step] = even + odd;
    to[4 * step] = even - odd;
    to[5 * step] = y3;
}

ALWAYS_INLINE void winograd_taps_axis(winograd *to, const winograd *g, int step) { /* G, 3 to 6 */
    const winograd g0 = g[0], g1 = g[step], g2 = g[2 * step];
    const winograd even = (g0 + g2) * (-1.0f / 6), far = g0 * (1.0f / 24) + g2 * (1.0f / 6);
    to[0] = g0 * 0.25f;
    to[step] = even - g1 * (1.0f / 6);
    to[2 * step] = even + g1 * (1.0f / 6);
    to[3 * step] = far + g1 * (1.0f / 12);
    to[4 * step] = far - g1 * (1.0f / 12);
    to[5 * step] = g2;
}

ALWAYS_INLINE void winograd_taps_gradient_axis(winograd *to, const winograd *u, int step) { /* G', 6 to 3 */
    const winograd one = (u[step] + u[2 * step]) * (1.0f / 6), two = u[3 * step] + u[4 * step];
    const winograd minus = u[step] - u[2 * step], less = u[3 * step] - u[4 * step];
    to[0] = u[0] * 0.25f - one + two * (1.0f / 24);
    to[step] = less * (1.0f / 12) - minus * (1.0f / 6);
    to[2 * step] = two * (1.0f / 6) - one + u[5 * step];
}

/* Both axes of a square: FROM x FROM vectors are read with LOAD, TO x TO written with STORE. */
#define WINOGRAD(AXIS, FROM, TO, LOAD, STORE)                                       \
    do {                                                                            \
        winograd square[36], turned[36];                                            \
        UNROLL for (int i = 0; i < (FROM); i++)                                     \
            UNROLL for (int j = 0; j < (FROM); j++) square[i * 6 + j] = LOAD(i, j); \
        UNROLL for (int j = 0; j < (FROM); j++) AXIS(turned + j, square + j, 6);    \
        UNROLL for (int i = 0; i < (TO); i++)                                       \
            AXIS(square + i * 6, turned + i * 6, 1);                                \
        UNROLL for (int i = 0; i < (TO); i++)                                       \
            UNROLL for (int j = 0; j < (TO); j++) STORE(i, j, square[i * 6 + j]);   \
    } while (0)

#define AT(pointer) (*(winograd *)(pointer))
#define AT_CONST(pointer) (*(const winograd *)(pointer))

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

/* The 36 values of a patch, `pitch` apart, for all channels; these are a multiple of the lanes. */
static void winograd_patch(const float *pixels, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                           ptrdiff_t columns, ptrdiff_t channels, float *out, ptrdiff_t pitch) {
    ptrdiff_t found[36];
    winograd_find(found, 6, row, column, rows, columns, channels);
    for (ptrdiff_t c = 0; c < channels; c += WINOGRAD_LANES) {
#define LOAD(i, j) AT_CONST(pixels + found[(i) * 6 + (j)] + c)
#define STORE(i, j, value) AT(out + ((i) * 6 + (j)) * pitch + c) = value
        WINOGRAD(winograd_patch_axis, 6, 6, LOAD, STORE);
#undef LOAD
    }
}

/* The 36 values of a 4x4 patch of the outputs' gradient. */
static void winograd_gradient(const float *pixels, ptrdiff_t row, ptrdiff_t column, ptrdiff_t rows,
                              ptrdiff_t columns, ptrdiff_t channels, float *out, ptrdiff_t pitch) {
    ptrdiff_t found[16];
    winograd_find(found, 4, row, column, rows, columns, channels);
    for (ptrdiff_t c = 0; c < channels; c += WINOGRAD_LANES) {
#define LOAD(i, j) AT_CONST(pixels + found[(i) * 4 + (j)] + c)
        WINOGRAD(winograd_gradient_axis, 4, 6, LOAD, STORE);
#undef LOAD
    }
}

/* The 36 values of 3x3 taps, kept as (tap, channels). */
static void winograd_taps(const float *taps, ptrdiff_t channels, float *out, ptrdiff_t pitch) {
    for (ptrdiff_t c = 0; c < channels; c += WINOGRAD_LANES) {
#define LOAD(i, j) AT_CONST(taps + ((i) * 3 + (j)) * channels + c)
        WINOGRAD(winograd_taps_axis, 3, 6, LOAD, STORE);
#undef LOAD
#undef STORE
    }
}

/* 4x4 outputs at (row, column) of pixels (rows, columns, channels), those of them that lie inside. */
static void winograd_output(const float *sums, ptrdiff_t pitch, float *pixels, ptrdiff_t row,
                            ptrdiff_t column, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels) {
    float *out = pixels + (row * columns + column) * channels;
    for (ptrdiff_t c = 0; c < channels; c += WINOGRAD_LANES) {
#define LOAD(i, j) AT_CONST(sums + ((i) * 6 + (j)) * pitch + c)
#define STORE(i, j, value) \
    if (row + i < rows && column + j < columns) AT(out + ((i) * columns + (j)) * channels + c) = value
        WINOGRAD(winograd_output_axis, 6, 4, LOAD, STORE);
#undef STORE
    }
}

/* The gradient of 3x3 taps, kept as (tap, channels), from that of their 36 values. */
static void winograd_taps_gradient(const float *sums, ptrdiff_t pitch, float *taps, ptrdiff_t channels) {
    for (ptrdiff_t c = 0; c < channels; c += WINOGRAD_LANES) {
#define STORE(i, j, value) AT(taps + ((i) * 3 + (j)) * channels + c) = value
        WINOGRAD(winograd_taps_gradient_axis, 6, 3, LOAD, STORE);
#undef LOAD
#undef STORE
    }
}

#undef WINOGRAD
#undef AT
#undef AT_CONST

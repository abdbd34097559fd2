/* Convolution for few channels, in vectors of neighbouring positions:

       out[c][q] = bias[c] + sum over k of w[k][c] * x[off[k] + q]

   The weights are broadcast, so no lane idles however few the channels are. The second function gives the
   gradient of such weights. The file includes itself once for float and once for double. */
#ifndef REAL

#include "vectors.h"

/* Channels of a tile at most, and its sums: as many as fit the registers. */
enum { PIXEL_CHANNELS = 8 };
#if defined(__AVX512F__) || defined(__aarch64__)
enum { PIXEL_SUMS = 24, PIXEL_WIDEST = 8 };
#else
enum { PIXEL_SUMS = 12, PIXEL_WIDEST = 6 };
#endif

#define REAL float
#define NAME(stem) stem##_float
#include "pixels.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "pixels.h"
#undef REAL
#undef NAME

#else /* once for each REAL */

#define VECTOR NAME(vector)
#define LANES ((ptrdiff_t)(VECTOR_BYTES / sizeof(REAL)))
#define LOAD(pointer) (*(const VECTOR *)(pointer))

/* A tile of `channels` times `width` vectors; both are constants in each copy of this function. */
ALWAYS_INLINE void NAME(pixel_tile)(const int channels, const int width, ptrdiff_t depth,
                                    const int32_t *restrict off, const REAL *restrict x,
                                    const REAL *restrict w, const REAL *restrict bias, REAL *restrict out,
                                    ptrdiff_t pitch) {
    VECTOR sum[PIXEL_CHANNELS][PIXEL_WIDEST];
    UNROLL for (int c = 0; c < channels; c++)
        UNROLL for (int j = 0; j < width; j++) sum[c][j] = (VECTOR){0} + (bias ? bias[c] : (REAL)0);
    for (ptrdiff_t k = 0; k < depth; k++, w += channels) {
        VECTOR term[PIXEL_WIDEST];
        UNROLL for (int j = 0; j < width; j++) term[j] = LOAD(x + off[k] + j * LANES);
        UNROLL for (int c = 0; c < channels; c++)
            UNROLL for (int j = 0; j < width; j++) sum[c][j] += w[c] * term[j];
    }
    UNROLL for (int c = 0; c < channels; c++)
        UNROLL for (int j = 0; j < width; j++) *(VECTOR *)(out + c * pitch + j * LANES) = sum[c][j];
}

/* All positions of a block of channels, at least LANES of them: the widest tiles, then ever narrower ones, as
   one sum alone would wait for itself; the last vector begins earlier if it would jut out. */
ALWAYS_INLINE void NAME(pixel_row)(const int channels, ptrdiff_t count, ptrdiff_t depth, const int32_t *off,
                                   const REAL *x, const REAL *w, const REAL *bias, REAL *out,
                                   ptrdiff_t pitch) {
    const int width = PIXEL_SUMS / channels < PIXEL_WIDEST ? PIXEL_SUMS / channels : PIXEL_WIDEST;
    ptrdiff_t q = 0;
#define TILES(wide)                                                   \
    for (; (wide) && q + (wide) * LANES <= count; q += (wide) * LANES) \
        NAME(pixel_tile)(channels, wide, depth, off, x + q, w, bias, out + q, pitch)
    TILES(width);
    TILES(width / 2);
    TILES(width / 4);
    TILES(1);
#undef TILES
    if (q < count) {
        q = count - LANES;
        NAME(pixel_tile)(channels, 1, depth, off, x + q, w, bias, out + q, pitch);
    }
}

static void NAME(pixel_product)(int channels, ptrdiff_t count, ptrdiff_t depth, const int32_t *off,
                                const REAL *x, const REAL *w, const REAL *bias, REAL *out, ptrdiff_t pitch) {
#define CASE(n) \
    case n: NAME(pixel_row)(n, count, depth, off, x, w, bias, out, pitch); break
    switch (channels) {
        CASE(1);
        CASE(2);
        CASE(3);
        CASE(4);
        CASE(5);
        CASE(6);
        CASE(7);
        CASE(8);
    }
#undef CASE
}

/* Lanes of sums (depth, LANES) take up dy[q] * x[off[k] + q]; count is a multiple of LANES. */
static void NAME(pixel_gradient)(ptrdiff_t count, ptrdiff_t depth, const int32_t *off, const REAL *x,
                                 const REAL *dy, REAL *sums) {
    enum { TERMS = 9 };
    for (ptrdiff_t k = 0; k < depth; k += TERMS) {
        VECTOR sum[TERMS];
        ptrdiff_t place[TERMS];
        for (int t = 0; t < TERMS; t++) {
            const ptrdiff_t term = k + t < depth ? k + t : depth - 1;
            sum[t] = LOAD(sums + term * LANES);
            place[t] = off[term];
        }
        for (ptrdiff_t q = 0; q < count; q += LANES) {
            const VECTOR gradient = LOAD(dy + q);
            UNROLL for (int t = 0; t < TERMS; t++) sum[t] += gradient * LOAD(x + place[t] + q);
        }
        for (int t = 0; t < TERMS && k + t < depth; t++) *(VECTOR *)(sums + (k + t) * LANES) = sum[t];
    }
}

#undef VECTOR
#undef LANES
#undef LOAD
#endif

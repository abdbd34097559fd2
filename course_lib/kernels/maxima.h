/* Maxima of windows and where they stand, a vector of windows at a time that stays in registers while its taps are
   visited. Places are as wide as values, so that both fit the same vectors. The file includes itself once for float
   and once for double. */
#ifndef REAL

#include "steps.h"

#define REAL float
#define PLACE int32_t
#define NAME(stem) stem##_float
#include "maxima.h"
#undef REAL
#undef PLACE
#undef NAME
#define REAL double
#define PLACE int64_t
#define NAME(stem) stem##_double
#include "maxima.h"
#undef REAL
#undef PLACE
#undef NAME

#else /* once for each REAL */

/* Window q begins at x[q * step] and has kh rows of kw values, `pitch` apart. An index is `origin` plus that of the
   window's first value plus a place; a place counts a row as `width`. Where all values are minus infinity, it is
   skips[q] + skip. Reads up to two vectors, with a step above 2 that many, beyond the last window. */
ALWAYS_INLINE void NAME(windows)(const REAL *x, ptrdiff_t pitch, ptrdiff_t kh, ptrdiff_t kw, const ptrdiff_t step,
                                 ptrdiff_t count, PLACE width, const PLACE *skips, PLACE skip, int64_t origin,
                                 REAL *y, int64_t *indices) {
    enum { LANES = VECTOR_BYTES / sizeof(REAL) };
    for (ptrdiff_t q = 0; q < count; q += LANES) {
        const ptrdiff_t end = count - q < LANES ? count - q : LANES;
        NAME(vector) best = {0};
        best -= __builtin_inf();
        NAME(mask) places = {0};
        places += skip;
        for (int k = 0; k < end; k++) places[k] += skips[q + k];
        for (ptrdiff_t i = 0; i < kh; i++) {
            for (ptrdiff_t j = 0; j < kw; j++) {
                const NAME(vector) value = NAME(every)(x + i * pitch + q * step + j, step);
                /* A larger one wins, and the first NaN, the only value that differs from itself. */
                const NAME(mask) wins = (best == best) & ~(value <= best);
                best = (NAME(vector))(((NAME(mask))value & wins) | ((NAME(mask))best & ~wins));
                places = (((NAME(mask)){0} + ((PLACE)i * width + (PLACE)j)) & wins) | (places & ~wins);
            }
        }
        const int64_t first = origin + q * step;
        if (end == LANES) {
            *(NAME(vector) *)(y + q) = best;
            for (int k = 0; k < LANES; k++) indices[q + k] = first + k * step + places[k];
        } else {
            for (int k = 0; k < end; k++) {
                y[q + k] = best[k];
                indices[q + k] = first + k * step + places[k];
            }
        }
    }
}

static inline void NAME(row_maxima)(const REAL *x, ptrdiff_t pitch, ptrdiff_t kh, ptrdiff_t kw, ptrdiff_t step,
                                    ptrdiff_t count, PLACE width, const PLACE *skips, PLACE skip, int64_t origin,
                                    REAL *y, int64_t *indices) {
    if (step == 1) NAME(windows)(x, pitch, kh, kw, 1, count, width, skips, skip, origin, y, indices);
    else if (step == 2) NAME(windows)(x, pitch, kh, kw, 2, count, width, skips, skip, origin, y, indices);
    else NAME(windows)(x, pitch, kh, kw, step, count, width, skips, skip, origin, y, indices);
}

#endif

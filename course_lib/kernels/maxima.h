/* Raise a row of maxima by a row of values, and keep the places where the larger ones stood. Places are as wide
   as values, so that both fit the same vectors. The file includes itself once for float and once for double. */
#ifndef REAL

#include "vectors.h"

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

ALWAYS_INLINE void NAME(raise)(const REAL *restrict x, const PLACE step, PLACE place, REAL *restrict y,
                               PLACE *restrict places, PLACE count) {
    for (PLACE q = 0; q < count; q++) {
        const REAL value = x[q * step], best = y[q];
        /* NaN is the only value that differs from itself; the first one stays. */
        const PLACE wins = -(PLACE)((value > best) | ((value != value) & (best == best)));
        y[q] = wins ? value : best;
        places[q] = ((place + q * step) & wins) | (places[q] & ~wins);
    }
}

/* The values stand `step` apart, the first of them at `place`. */
static inline void NAME(raise_maxima)(const REAL *x, PLACE step, PLACE place, REAL *y, PLACE *places,
                                      PLACE count) {
    if (step == 1) NAME(raise)(x, 1, place, y, places, count);
    else if (step == 2) NAME(raise)(x, 2, place, y, places, count);
    else NAME(raise)(x, step, place, y, places, count);
}

#endif

/* Values that stand some steps apart: in vectors, and back in place. The file includes itself once for float and once for double. */
#ifndef COURSE_LIB_STEPS_H
#define COURSE_LIB_STEPS_H

#include "vectors.h"

#define REAL float
#define NAME(stem) stem##_float
#include "steps.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "steps.h"
#undef REAL
#undef NAME

#elif defined(REAL) /* once for each REAL */

/* A vector of values that stand `step` apart; with step 2 it reads one value more than it takes. */
ALWAYS_INLINE NAME(vector) NAME(every)(const REAL *x, const ptrdiff_t step) {
    enum { LANES = VECTOR_BYTES / sizeof(REAL) };
    NAME(vector) values;
    if (step == 1) return *(const NAME(vector) *)x;
#ifndef __clang__ /* which finds the shuffle by itself */
    if (step == 2) {
        NAME(mask) even;
        UNROLL for (int k = 0; k < LANES; k++) even[k] = 2 * k;
        return __builtin_shuffle(*(const NAME(vector) *)x, *(const NAME(vector) *)(x + LANES), even);
    }
#endif
    UNROLL for (int k = 0; k < LANES; k++) values[k] = x[k * step];
    return values;
}

/* to[i] = from[i % step][i / step], i < count: what `every` took apart. */
static inline void NAME(interleave)(const REAL *const *from, ptrdiff_t step, ptrdiff_t count, REAL *to) {
    ptrdiff_t done = 0;
#ifndef __clang__
    enum { LANES = VECTOR_BYTES / sizeof(REAL) };
    if (step == 2) {
        NAME(mask) low, high;
        UNROLL for (int k = 0; k < LANES; k++) {
            low[k] = k / 2 + k % 2 * LANES;
            high[k] = low[k] + LANES / 2;
        }
        for (; done + 2 * LANES <= count; done += 2 * LANES) {
            const NAME(vector) a = *(const NAME(vector) *)(from[0] + done / 2);
            const NAME(vector) b = *(const NAME(vector) *)(from[1] + done / 2);
            *(NAME(vector) *)(to + done) = __builtin_shuffle(a, b, low);
            *(NAME(vector) *)(to + done + LANES) = __builtin_shuffle(a, b, high);
        }
    }
#endif
    for (ptrdiff_t phase = 0; phase < step; phase++)
        for (ptrdiff_t i = done + phase; i < count; i += step) to[i] = from[phase][i / step];
}

#endif

/* Vectors of values that stand some steps apart. The file includes itself once for float and once for double. */
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

#endif

/* Sums over an array in vectors, four of them at a time, so that one addition need not wait for the last. A
   compiler may not reorder a plain loop's sum by itself. The file includes itself once for float and once for double. */
#ifndef REAL

#include "vectors.h"

#define REAL float
#define NAME(stem) stem##_float
#include "sums.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "sums.h"
#undef REAL
#undef NAME

#else /* once for each REAL */

/* Defines a sum of TERM over i; TERM reads its arrays through AT, which gives one element or one vector. */
#define DEFINE_SUM(STEM, PARAMETERS, TERM)                                                          \
    static inline REAL NAME(STEM) PARAMETERS {                                                      \
        enum { LANES = VECTOR_BYTES / sizeof(REAL) };                                               \
        NAME(vector) part[4] = {{0}};                                                               \
        REAL result = 0;                                                                            \
        ptrdiff_t i = 0;                                                                            \
        _Pragma("GCC unroll 4") for (; i + 4 * LANES <= count; i += 4 * LANES)                      \
            for (int k = 0; k < 4; k++) part[k] += TERM(VECTOR_AT, i + k * LANES);                  \
        for (; i + LANES <= count; i += LANES) part[0] += TERM(VECTOR_AT, i);                       \
        part[0] += part[1] + (part[2] + part[3]);                                                   \
        for (int k = 0; k < LANES; k++) result += part[0][k];                                       \
        for (; i < count; i++) result += TERM(ELEMENT_AT, i);                                       \
        return result;                                                                              \
    }
#define VECTOR_AT(array, i) (*(const NAME(vector) *)((array) + (i)))
#define ELEMENT_AT(array, i) ((array)[i])

#define ELEMENT(AT, i) AT(x, i)
#define SQUARE(AT, i) ((AT(x, i) - mean) * (AT(x, i) - mean))
#define PRODUCT(AT, i) (AT(y, i) * (AT(x, i) - mean))

DEFINE_SUM(total, (const REAL *x, ptrdiff_t count), ELEMENT)
DEFINE_SUM(squares, (const REAL *x, ptrdiff_t count, REAL mean), SQUARE)
DEFINE_SUM(products, (const REAL *y, const REAL *x, ptrdiff_t count, REAL mean), PRODUCT)

#undef DEFINE_SUM
#undef VECTOR_AT
#undef ELEMENT_AT
#undef ELEMENT
#undef SQUARE
#undef PRODUCT

/* The largest element; any element if there is a NaN among them. */
static inline REAL NAME(largest)(const REAL *x, ptrdiff_t count) {
    enum { LANES = VECTOR_BYTES / sizeof(REAL) };
    REAL result = x[0];
    ptrdiff_t i = 0;
    if (count >= LANES) {
        NAME(vector) most = *(const NAME(vector) *)x;
        for (i = LANES; i + LANES <= count; i += LANES) {
            const NAME(vector) next = *(const NAME(vector) *)(x + i);
            const NAME(mask) more = next > most;
            most = (NAME(vector))(((NAME(mask))next & more) | ((NAME(mask))most & ~more));
        }
        for (int k = 0; k < LANES; k++) result = most[k] > result ? most[k] : result;
    }
    for (; i < count; i++) result = x[i] > result ? x[i] : result;
    return result;
}

#endif

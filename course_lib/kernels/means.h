/* Sums of windows: over their rows for all columns at once, and then over their columns. The file includes itself
   once for float and once for double. */
#ifndef REAL

#include "steps.h"

#define REAL float
#define NAME(stem) stem##_float
#include "means.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "means.h"
#undef REAL
#undef NAME

#else /* once for each REAL */

/* out[j] = the sum of x[i * pitch + j] over `rows` rows, j < count. A last vector that would jut out begins earlier. */
static inline void NAME(row_sums)(const REAL *x, ptrdiff_t pitch, ptrdiff_t rows, ptrdiff_t count, REAL *out) {
    enum { LANES = VECTOR_BYTES / sizeof(REAL) };
    if (count < LANES) {
        for (ptrdiff_t j = 0; j < count; j++) {
            REAL sum = x[j];
            for (ptrdiff_t i = 1; i < rows; i++) sum += x[i * pitch + j];
            out[j] = sum;
        }
        return;
    }
    for (ptrdiff_t begin = 0; begin < count; begin += LANES) {
        const ptrdiff_t j = begin + LANES <= count ? begin : count - LANES;
        NAME(vector) sum = *(const NAME(vector) *)(x + j);
        for (ptrdiff_t i = 1; i < rows; i++) sum += *(const NAME(vector) *)(x + i * pitch + j);
        *(NAME(vector) *)(out + j) = sum;
    }
}

/* y[q] = share * shares[q] * the sum of kw values from row[q * step], q < count. Reads up to two vectors, with a step
   above 2 that many, beyond the last window. */
ALWAYS_INLINE void NAME(strided_means)(const REAL *row, ptrdiff_t kw, const ptrdiff_t step, ptrdiff_t count, REAL share,
                               const REAL *shares, REAL *y) {
    enum { LANES = VECTOR_BYTES / sizeof(REAL) };
    for (ptrdiff_t q = 0; q < count; q += LANES) {
        NAME(vector) sum = NAME(every)(row + q * step, step);
        for (ptrdiff_t j = 1; j < kw; j++) sum += NAME(every)(row + q * step + j, step);
        sum *= share;
        if (q + LANES <= count) *(NAME(vector) *)(y + q) = sum * *(const NAME(vector) *)(shares + q);
        else for (int k = 0; q + k < count; k++) y[q + k] = sum[k] * shares[q + k];
    }
}

static inline void NAME(window_means)(const REAL *row, ptrdiff_t kw, ptrdiff_t step, ptrdiff_t count, REAL share,
                                      const REAL *shares, REAL *y) {
    if (step == 1) NAME(strided_means)(row, kw, 1, count, share, shares, y);
    else if (step == 2) NAME(strided_means)(row, kw, 2, count, share, shares, y);
    else NAME(strided_means)(row, kw, step, count, share, shares, y);
}

#endif

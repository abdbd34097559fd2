/* The transforms of three convolutions along one axis, in vectors of channels. Each gives outputs of a patch
   with fewer products than the plain sum,

       outputs = A' ((G taps) * (B' patch)),

   and the gradient of the taps goes back through the same three matrices: G' ((B' patch) * (A gradient)).

   four:    F(4, 3), 6 products instead of 12; the points are 0, 1, -1, 2, -2 and infinity.
   two:     F(2, 3), 4 products instead of 6; the points 0, 1, -1 and infinity cost next to no digits.
   strided: 2 outputs with stride 2, 5 products instead of 6: F(2, 2) of the elements at even places, with the
            taps 0 and 2, and both odd elements times tap 1. It only adds, subtracts and multiplies.

   A. Lavin and S. Gray, Fast algorithms for convolutional neural networks, arXiv:1509.09308. The file includes
   itself once for float and once for double. */
#ifndef REAL

#include "vectors.h"

#define REAL float
#define NAME(stem) stem##_float
#include "winograd_axes.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "winograd_axes.h"
#undef REAL
#undef NAME

#else /* once for each REAL */

#define VECTOR NAME(vector)

/* Each takes elements `step` apart and gives elements `step` apart. */
ALWAYS_INLINE void NAME(four_patch)(VECTOR *to, const VECTOR *d, int step) { /* B', 6 to 6 */
    const VECTOR d0 = d[0], d1 = d[step], d2 = d[2 * step];
    const VECTOR d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step];
    const VECTOR even = d4 - 4 * d2, odd = d3 - 4 * d1, half = d4 - d2, twice = 2 * (d3 - d1);
    to[0] = 4 * d0 - 5 * d2 + d4;
    to[step] = even + odd;
    to[2 * step] = even - odd;
    to[3 * step] = half + twice;
    to[4 * step] = half - twice;
    to[5 * step] = 4 * d1 - 5 * d3 + d5;
}

ALWAYS_INLINE void NAME(four_output)(VECTOR *to, const VECTOR *m, int step) { /* A', 6 to 4 */
    const VECTOR one = m[step] + m[2 * step], minus = m[step] - m[2 * step];
    const VECTOR two = m[3 * step] + m[4 * step], less = m[3 * step] - m[4 * step];
    to[0] = m[0] + one + two;
    to[step] = minus + 2 * less;
    to[2 * step] = one + 4 * two;
    to[3 * step] = minus + 8 * less + m[5 * step];
}

ALWAYS_INLINE void NAME(four_gradient)(VECTOR *to, const VECTOR *y, int step) { /* A, 4 to 6 */
    const VECTOR y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
    const VECTOR even = y0 + 4 * y2, odd = 2 * y1 + 8 * y3;
    to[0] = y0;
    to[step] = (y0 + y2) + (y1 + y3);
    to[2 * step] = (y0 + y2) - (y1 + y3);
    to[3 * step] = even + odd;
    to[4 * step] = even - odd;
    to[5 * step] = y3;
}

ALWAYS_INLINE void NAME(four_taps)(VECTOR *to, const VECTOR *g, int step) { /* G, 3 to 6 */
    const VECTOR g0 = g[0], g1 = g[step], g2 = g[2 * step];
    const VECTOR even = (g0 + g2) * ((REAL)-1 / 6), far = g0 * ((REAL)1 / 24) + g2 * ((REAL)1 / 6);
    to[0] = g0 * (REAL)0.25;
    to[step] = even - g1 * ((REAL)1 / 6);
    to[2 * step] = even + g1 * ((REAL)1 / 6);
    to[3 * step] = far + g1 * ((REAL)1 / 12);
    to[4 * step] = far - g1 * ((REAL)1 / 12);
    to[5 * step] = g2;
}

ALWAYS_INLINE void NAME(four_taps_gradient)(VECTOR *to, const VECTOR *u, int step) { /* G', 6 to 3 */
    const VECTOR one = (u[step] + u[2 * step]) * ((REAL)1 / 6), two = u[3 * step] + u[4 * step];
    const VECTOR minus = u[step] - u[2 * step], less = u[3 * step] - u[4 * step];
    to[0] = u[0] * (REAL)0.25 - one + two * ((REAL)1 / 24);
    to[step] = less * ((REAL)1 / 12) - minus * ((REAL)1 / 6);
    to[2 * step] = two * ((REAL)1 / 6) - one + u[5 * step];
}

ALWAYS_INLINE void NAME(two_patch)(VECTOR *to, const VECTOR *d, int step) { /* B', 4 to 4 */
    const VECTOR d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step];
    to[0] = d0 - d2;
    to[step] = d1 + d2;
    to[2 * step] = d2 - d1;
    to[3 * step] = d3 - d1;
}

ALWAYS_INLINE void NAME(two_output)(VECTOR *to, const VECTOR *m, int step) { /* A', 4 to 2 */
    const VECTOR m1 = m[step], m2 = m[2 * step];
    to[0] = m[0] + m1 + m2;
    to[step] = m1 - m2 + m[3 * step];
}

ALWAYS_INLINE void NAME(two_gradient)(VECTOR *to, const VECTOR *y, int step) { /* A, 2 to 4 */
    const VECTOR y0 = y[0], y1 = y[step];
    to[0] = y0;
    to[step] = y0 + y1;
    to[2 * step] = y0 - y1;
    to[3 * step] = y1;
}

ALWAYS_INLINE void NAME(two_taps)(VECTOR *to, const VECTOR *g, int step) { /* G, 3 to 4 */
    const VECTOR g0 = g[0], g1 = g[step], g2 = g[2 * step];
    to[0] = g0;
    to[step] = (g0 + g2 + g1) * (REAL)0.5;
    to[2 * step] = (g0 + g2 - g1) * (REAL)0.5;
    to[3 * step] = g2;
}

ALWAYS_INLINE void NAME(two_taps_gradient)(VECTOR *to, const VECTOR *u, int step) { /* G', 4 to 3 */
    const VECTOR half = (u[step] + u[2 * step]) * (REAL)0.5;
    to[0] = u[0] + half;
    to[step] = (u[step] - u[2 * step]) * (REAL)0.5;
    to[2 * step] = half + u[3 * step];
}

ALWAYS_INLINE void NAME(strided_patch)(VECTOR *to, const VECTOR *d, int step) { /* B', 5 to 5 */
    const VECTOR d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
    to[0] = d0 - d2;
    to[step] = d2;
    to[2 * step] = d4 - d2;
    to[3 * step] = d1;
    to[4 * step] = d3;
}

ALWAYS_INLINE void NAME(strided_output)(VECTOR *to, const VECTOR *m, int step) { /* A', 5 to 2 */
    to[0] = m[0] + m[step] + m[3 * step];
    to[step] = m[step] + m[2 * step] + m[4 * step];
}

ALWAYS_INLINE void NAME(strided_gradient)(VECTOR *to, const VECTOR *y, int step) { /* A, 2 to 5 */
    const VECTOR y0 = y[0], y1 = y[step];
    to[0] = to[3 * step] = y0;
    to[step] = y0 + y1;
    to[2 * step] = to[4 * step] = y1;
}

ALWAYS_INLINE void NAME(strided_taps)(VECTOR *to, const VECTOR *g, int step) { /* G, 3 to 5 */
    const VECTOR g0 = g[0], g1 = g[step], g2 = g[2 * step];
    to[0] = g0;
    to[step] = g0 + g2;
    to[2 * step] = g2;
    to[3 * step] = to[4 * step] = g1;
}

ALWAYS_INLINE void NAME(strided_taps_gradient)(VECTOR *to, const VECTOR *u, int step) { /* G', 5 to 3 */
    const VECTOR both = u[step];
    to[0] = u[0] + both;
    to[step] = u[3 * step] + u[4 * step];
    to[2 * step] = both + u[2 * step];
}

#undef VECTOR
#endif

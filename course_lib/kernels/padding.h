/* Rows of images with zeros around them. A call of memcpy for every row would take longer than the copying.
   The file includes itself once for float and once for double. */
#ifndef REAL

#include "vectors.h"
#include <string.h>

/* Hides from the compiler that a loop copies: it would call memmove. */
#define KEEP_LOOP(index) __asm__("" : "+r"(index))

#define REAL float
#define NAME(stem) stem##_float
#include "padding.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(stem) stem##_double
#include "padding.h"
#undef REAL
#undef NAME

#else /* once for each REAL */

/* Copies in pieces of some bytes, the last of which begins earlier if it would jut out. */
#define COPY(bytes)                                                                                 \
    if (count >= (ptrdiff_t)((bytes) / sizeof(REAL))) {                                             \
        typedef REAL piece __attribute__((vector_size(bytes), aligned(sizeof(REAL)), may_alias));   \
        const ptrdiff_t size = (bytes) / sizeof(REAL);                                              \
        ptrdiff_t i = 0;                                                                            \
        for (; i + size <= count; i += size) {                                                      \
            *(piece *)(to + i) = *(const piece *)(from + i);                                        \
            KEEP_LOOP(i);                                                                           \
        }                                                                                           \
        if (i < count) *(piece *)(to + count - size) = *(const piece *)(from + count - size);       \
        return;                                                                                     \
    }

ALWAYS_INLINE void NAME(copy_row)(const REAL *restrict from, REAL *restrict to, ptrdiff_t count) {
#if VECTOR_BYTES > 32
    COPY(VECTOR_BYTES)
#endif
#if VECTOR_BYTES > 16
    COPY(32)
#endif
    COPY(16)
    if (count > 0) to[0] = from[0];
    if (count > 1) to[1] = from[1];
    if (count > 2) to[2] = from[2];
}

/* Copy planes (h, w) into planes (rows, columns), shifted by (top, left), zeros around; what juts out is cut.
   A row that is cut off whole has a negative width. */
static void NAME(pad_planes)(const REAL *planes, ptrdiff_t count, ptrdiff_t h, ptrdiff_t w, ptrdiff_t top,
                             ptrdiff_t left, REAL *out, ptrdiff_t rows, ptrdiff_t columns) {
    const ptrdiff_t width = w < columns - left ? w : columns - left, height = h < rows - top ? h : rows - top;
    if (width < columns || height < rows) memset(out, 0, count * rows * columns * sizeof(REAL));
    for (ptrdiff_t p = 0; p < count; p++)
        for (ptrdiff_t r = 0; r < height; r++)
            NAME(copy_row)(planes + (p * h + r) * w, out + (p * rows + top + r) * columns + left, width);
}

#undef COPY
#endif

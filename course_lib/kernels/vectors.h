/* The widest vectors of the instruction set that a file is compiled for. */
#ifndef COURSE_LIB_VECTORS_H
#define COURSE_LIB_VECTORS_H

#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

/* Loads and stores through these may be unaligned. */
typedef float vector_float __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef double vector_double __attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));
typedef int32_t mask_float __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t mask_double __attribute__((vector_size(VECTOR_BYTES)));

#endif

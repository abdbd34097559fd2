"""Dropout: a random number an element from the key and the element's place, so that it becomes vector code."""

include "threads.pxi"

from libc.stdint cimport uint32_t, uint64_t

ctypedef fused real:
    float
    double

cdef enum:
    # Elements that share what the key is spread into; the reference's SEGMENT.
    SEGMENT = 1024


def dropout(x, double p, uint64_t key, tuple results):
    """Fill y and the mask of a flat x; the first arguments are those of the reference's dropout."""
    y, mask = results
    # The share p of all 32-bit numbers.
    cdef uint32_t threshold = min(round(p * 2.0**32), 2**32 - 1)
    if x.itemsize == 4:
        all_segments[float](x, y, mask, threshold, 1 / (1 - p), key)
    else:
        all_segments[double](x, y, mask, threshold, 1 / (1 - p), key)


cdef all_segments(const real[::1] x, real[::1] y, real[::1] mask, uint32_t threshold, double scale,
                  uint64_t key):
    cdef Py_ssize_t s, size = x.shape[0]
    cdef int threads = threads_for(2.0 * size)
    for s in prange((size + SEGMENT - 1) // SEGMENT, nogil=True, num_threads=threads, schedule="static"):
        drop(&x[s * SEGMENT], &y[s * SEGMENT], &mask[s * SEGMENT],
             min(<Py_ssize_t> SEGMENT, size - s * SEGMENT),
             threshold, <real> scale, spread(key, s))


cdef inline uint64_t spread(uint64_t key, Py_ssize_t segment) noexcept nogil:
    # SplitMix64 of Steele, Lea and Flood (OOPSLA 2014).
    cdef uint64_t z = key + <uint64_t> (segment + 1) * <uint64_t> 0x9E3779B97F4A7C15
    z = (z ^ (z >> 30)) * <uint64_t> 0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) * <uint64_t> 0x94D049BB133111EB
    return z ^ (z >> 31)


cdef void drop(const real *x, real *y, real *mask, Py_ssize_t count, uint32_t threshold, real scale,
               uint64_t key) noexcept nogil:
    cdef uint32_t first = <uint32_t> key, second = <uint32_t> (key >> 32), h, i
    cdef real weight
    for i in range(<uint32_t> count):
        h = i + first
        h = ((h ^ (h >> 17)) * <uint32_t> 0xED5AD4BB) ^ second
        h = (h ^ (h >> 11)) * <uint32_t> 0xAC4C1B51
        h = (h ^ (h >> 15)) * <uint32_t> 0x31848BAB
        weight = scale if h >= threshold else <real> 0
        y[i] = x[i] * weight
        mask[i] = weight

"""The fully connected layer: the three products of forward and backward through one tile of sums."""

import numpy as np

include "threads.pxi"
include "workspace.pxi"

ctypedef fused real:
    float
    double

include "gather.pxi"

from libc.string cimport memcpy, memset

cdef enum:
    # Rows of a task at most, and terms that one table of offsets serves.
    ROW_BLOCK = 96
    TERMS = 4096


cdef struct Product:
    # out[i, j] = bias[j] + sum over k < depth of a[i * row_step + k * term_step] * b[k, j]
    Py_ssize_t rows, depth, columns, row_step, term_step, block
    # Whether b is kept as (columns, depth).
    bint turned


def linear(x, w, b, y):
    """Map rows x (M, in) by w (out, in) and b (out,) to y (M, out)."""
    if not suits(y.shape[0], w.shape[1], y.shape[1]):
        np.matmul(x, w.T, out=y)
        if b is not None:
            np.add(y, b, out=y)
    elif x.itemsize == 4:
        multiply[float](x, x.shape[1], 1, w, True, b, y)
    else:
        multiply[double](x, x.shape[1], 1, w, True, b, y)


def linear_backward(dy, x, w, tuple gradients):
    """Fill the gradients dx, dw and db from dy (M, out)."""
    dx, dw, db = gradients
    np.sum(dy, axis=0, out=db)
    if not suits(dy.shape[0], w.shape[1], w.shape[0]):
        np.matmul(dy, w, out=dx)
        np.matmul(dy.T, x, out=dw)
    elif x.itemsize == 4:
        multiply[float](dy, dy.shape[1], 1, w, False, None, dx)
        multiply[float](dy, 1, dy.shape[1], x, False, None, dw)
    else:
        multiply[double](dy, dy.shape[1], 1, w, False, None, dx)
        multiply[double](dy, 1, dy.shape[1], x, False, None, dw)


cdef bint suits(Py_ssize_t rows, Py_ssize_t features, Py_ssize_t outputs):
    # A product with few rows is bound by reading w, which packing would double. Offsets must fit 32 bits.
    return rows >= 2 * TILE_ROWS and max(features, outputs) < 2**31 // TERMS


cdef multiply(object a_array, Py_ssize_t row_step, Py_ssize_t term_step, const real[:, ::1] b, bint turned,
              object bias_array, real[:, ::1] out):
    cdef Product product
    cdef const real[::1] a = a_array.reshape(-1)
    cdef const real[::1] bias_values
    cdef const real *bias = NULL
    cdef int lanes = VECTOR_BYTES // sizeof(real)
    cdef Py_ssize_t task, i
    product.rows, product.columns = out.shape[0], out.shape[1]
    product.depth = b.shape[1] if turned else b.shape[0]
    product.row_step, product.term_step, product.turned = row_step, term_step, turned
    cdef int threads = threads_for(<double> product.rows * product.columns * product.depth)
    product.block = min(<Py_ssize_t> ROW_BLOCK, round_up((product.rows + threads - 1) // threads, TILE_ROWS))
    if bias_array is not None:
        bias_values = bias_array
        bias = &bias_values[0]
    cdef Py_ssize_t tables = round_up(min(<Py_ssize_t> TERMS, product.depth) * sizeof(int32_t), 64)
    cdef Py_ssize_t packed_bytes = round_up(round_up(product.columns, lanes) * product.depth * sizeof(real),
                                            PAGE)
    cdef Py_ssize_t share = round_up(ROW_BLOCK * (TILE_WIDTH * lanes * sizeof(real) + sizeof(int32_t)), PAGE)
    cdef unsigned char[::1] owner = scratch(tables + packed_bytes + threads * share)
    cdef char *memory = aligned(owner)
    cdef int32_t *off = <int32_t *> memory
    cdef real *packed = <real *> (memory + tables)
    memory += tables + packed_bytes
    with nogil:
        for i in range(min(<Py_ssize_t> TERMS, product.depth)):
            off[i] = <int32_t> (i * term_step)
        pack(&product, &b[0, 0], packed)
        for task in prange((product.rows + product.block - 1) // product.block, num_threads=threads,
                           schedule="static"):
            row_block(&product, task * product.block, &a[0], packed, off, bias, &out[0, 0],
                      <real *> (memory + threadid() * share))


cdef void pack(const Product *product, const real *b, real *packed) noexcept nogil:
    # Order b as the product reads it: block of columns, term, column.
    cdef int lanes = VECTOR_BYTES // sizeof(real), width
    cdef Py_ssize_t first = 0, valid, k
    while first < product.columns:
        width = block_width(product.columns, first, lanes) * lanes
        valid = min(<Py_ssize_t> width, product.columns - first)
        if product.turned:
            from_planes(b + first * product.depth, product.depth, product.depth, <int> valid, packed, width)
        else:
            for k in range(product.depth):
                memcpy(packed + k * width, b + k * product.columns + first, valid * sizeof(real))
                memset(packed + k * width + valid, 0, (width - valid) * sizeof(real))
        packed += product.depth * width
        first += width


cdef void row_block(const Product *product, Py_ssize_t begin, const real *a, const real *packed,
                    const int32_t *off, const real *bias, real *out, real *sums) noexcept nogil:
    cdef int lanes = VECTOR_BYTES // sizeof(real), width
    cdef Py_ssize_t count = min(product.block, product.rows - begin), rows = round_up(count, TILE_ROWS)
    cdef Py_ssize_t first = 0, valid, k, terms, i, j
    cdef int32_t *base = <int32_t *> (sums + ROW_BLOCK * TILE_WIDTH * lanes)
    cdef const real *row
    cdef real *target
    for i in range(rows):
        base[i] = <int32_t> (min(i, count - 1) * product.row_step)
    while first < product.columns:
        width = block_width(product.columns, first, lanes)
        valid = min(<Py_ssize_t> width * lanes, product.columns - first)
        k = 0
        while k < product.depth:
            terms = min(<Py_ssize_t> TERMS, product.depth - k)
            gather_product(width, rows, terms, base, off,
                           a + begin * product.row_step + k * product.term_step, packed + k * width * lanes,
                           sums, k > 0)
            k += terms
        for i in range(count):
            row = sums + i * width * lanes
            target = out + (begin + i) * product.columns + first
            if bias == NULL:
                memcpy(target, row, valid * sizeof(real))
            else:
                for j in range(valid):
                    target[j] = row[j] + bias[first + j]
        packed += product.depth * width * lanes
        first += width * lanes

// A matrix times a vector: the matrix products (gemm.h) with one row or one column.
//
//   C[b, m] = EPILOGUE(sum over k of A[b, m, k]·x[b, k] + (HAS_BIAS ? bias[m·biasStride] : 0))
//
// C is contiguous; A and x have any strides. For N = 1, A is A and x is B's column, and
// biasStride is 0; for M = 1, A is B transposed (its strides exchanged) and x is A's row, with
// biasStride 1. Each element of the matrix is read once, so memory is the limit and nothing is
// packed.
//
//   kernel              A_LAYOUT          device
//   gemv_rows_wide      COLUMN_STRIDE_1   CPUs     a work-item sums `chunk` rows, four at a time
//   gemv_columns_wide   the others        CPUs     a work-item sums `chunk` rows, in vectors
//   gemv_rows_simt      COLUMN_STRIDE_1   GPUs     a group of GROUP work-items sums one row
//   gemv_columns_simt   the others        GPUs     a work-item sums one row
//
//   #: what is read together
//
//       gemv_rows_…            x   C                gemv_columns_…         x   C
//         k ->     K                                  k ->     K
//       +-------------+       +-+ +-+               +-------------+       +-+ +-+
//     m |####|####|-> |       |#| |s|             m |#|#|#|->     |       |#| |s|
//     v |             |       |#| | |             v |#|#|#|       |       | | |s|
//       |             |       |#| | |               |#|#|#|       |       | | |s|
//     M |             |       | | | |             M |             |       | | | |
//       +-------------+       +-+ +-+               +-------------+       +-+ +-+
//       rows are contiguous: lanes (wide) or        columns are: lanes or items hold the
//       items (simt) hold parts of a sum            sums of neighbouring rows
//
// GROUP is a power of two. A row's sum is split into a fixed number of parts, always the same.
// A program holds the two kernels of its layout. Launch: GEMM.md.
// Reference: `matmul` in Tests/TestSupport/ReferenceBackend.swift.
#include "gemm.h"

typedef PASTE(T, LANES) V;

#ifndef GROUP
#define GROUP 64
#endif

#define GEMV_ARGUMENTS                                                                        \
  __global S *C,              /* [batch, M], contiguous */                                    \
      const __global S *A,    /* [batch, M, K] */                                             \
      const __global S *x,    /* [batch, K] */                                                \
      const __global S *bias, /* [M], or [1] where biasStride is 0; read with HAS_BIAS alone */ \
      long M, long K,                                                                         \
      long cOffset, /* where C begins: all offsets and strides are in elements */             \
      long aOffset, /* A[0, 0, 0], and the strides of A */                                    \
      long aBatch, long aRow, long aColumn,                                                   \
      long xOffset, /* x[0, 0], and the strides of x */                                       \
      long xBatch, long xStride,                                                              \
      long biasOffset, long biasStride, /* 0 or 1 */                                          \
      long chunk /* rows of a work-item, in the wide kernels */

#define START                                            \
  const size_t batch = get_group_id(1);                  \
  A += aOffset + (long)batch * aBatch;                   \
  x += xOffset + (long)batch * xBatch;                   \
  C += cOffset + batch * M;

#if HAS_BIAS
#define ADD_BIAS(SUM, ROW) ADD(SUM, LOAD(bias, biasOffset + (long)(ROW) * biasStride))
#else
#define ADD_BIAS(SUM, ROW) (SUM)
#endif
#define FINISH(ROW, SUM)                         \
  {                                              \
    T value = ADD_BIAS(SUM, ROW);                \
    STORE(C, ROW, EPILOGUE(value));              \
  }

static inline long smaller(long a, long b) { return a < b ? a : b; }

#if A_LAYOUT == COLUMN_STRIDE_1

FOLD_LANES(sumOfLanes, T, ADD)

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void gemv_rows_wide(GEMV_ARGUMENTS) {
  START
  long first = (long)get_group_id(0) * chunk, last = smaller(M, first + chunk);
  for (long m = first; m < last; m += 4) {
    // Rows beyond the last are computed as the last, and not written.
    long r1 = smaller(m + 1, last - 1), r2 = smaller(m + 2, last - 1);
    long r3 = smaller(m + 3, last - 1);
    const __global S *a0 = A + m * aRow, *a1 = A + r1 * aRow;
    const __global S *a2 = A + r2 * aRow, *a3 = A + r3 * aRow;
    V v0 = (V)(T)0, v1 = v0, v2 = v0, v3 = v0;
    long k = 0;
    if (xStride == 1) {
      for (; k + LANES <= K; k += LANES) {
        V piece = LOAD_VECTOR(LANES, x, k);
        v0 = MULTIPLY_ADD(v0, LOAD_VECTOR(LANES, a0, k), piece);
        v1 = MULTIPLY_ADD(v1, LOAD_VECTOR(LANES, a1, k), piece);
        v2 = MULTIPLY_ADD(v2, LOAD_VECTOR(LANES, a2, k), piece);
        v3 = MULTIPLY_ADD(v3, LOAD_VECTOR(LANES, a3, k), piece);
      }
    }
    T s0 = sumOfLanes(v0), s1 = sumOfLanes(v1), s2 = sumOfLanes(v2), s3 = sumOfLanes(v3);
    for (; k < K; k++) {
      T value = LOAD(x, k * xStride);
      s0 = MULTIPLY_ADD(s0, LOAD(a0, k), value);
      s1 = MULTIPLY_ADD(s1, LOAD(a1, k), value);
      s2 = MULTIPLY_ADD(s2, LOAD(a2, k), value);
      s3 = MULTIPLY_ADD(s3, LOAD(a3, k), value);
    }
    FINISH(m, s0)
    if (m + 1 < last) FINISH(m + 1, s1)
    if (m + 2 < last) FINISH(m + 2, s2)
    if (m + 3 < last) FINISH(m + 3, s3)
  }
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void gemv_rows_simt(GEMV_ARGUMENTS) {
  START
  __local T parts[GROUP];
  const size_t m = get_group_id(0), lane = get_local_id(0);
  const __global S *row = A + (long)m * aRow;
  T sum = (T)0;
  for (size_t k = lane; k < (size_t)K; k += GROUP) {
    sum = MULTIPLY_ADD(sum, LOAD(row, k), LOAD(x, (long)k * xStride));
  }
  parts[lane] = sum;
  for (size_t width = GROUP / 2; width > 0; width /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (lane < width) parts[lane] = ADD(parts[lane], parts[lane + width]);
  }
  if (lane == 0) FINISH(m, parts[0])
}

#else

#if A_LAYOUT == ROW_STRIDE_1
#define A_ROW 1
#else
#define A_ROW aRow
#endif

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void gemv_columns_wide(GEMV_ARGUMENTS) {
  START
  long m = (long)get_group_id(0) * chunk, last = smaller(M, m + chunk);
#if A_LAYOUT == ROW_STRIDE_1
  // Eight vectors of rows at a time, so that consecutive cache lines of a column are read.
  for (; m + 8 * LANES <= last; m += 8 * LANES) {
#define DECLARE(J) V v##J = (V)(T)0;
    EACH_8(DECLARE)
    const __global S *column = A + m;
    for (long k = 0; k < K; k++) {
      V value = (V)(LOAD(x, k * xStride));
#define STEP(J) v##J = MULTIPLY_ADD(v##J, LOAD_VECTOR(LANES, column, J * LANES), value);
      EACH_8(STEP)
      column += aColumn;
    }
#if HAS_BIAS
#define ROW_BIAS(J)                                                              \
  if (biasStride == 1) {                                                         \
    v##J = ADD(v##J, LOAD_VECTOR(LANES, bias, biasOffset + m + J * LANES));      \
  } else {                                                                       \
    v##J = ADD(v##J, (V)(LOAD(bias, biasOffset)));                               \
  }
    EACH_8(ROW_BIAS)
#endif
#define WRITE(J) STORE_VECTOR(LANES, C, m + J * LANES, EPILOGUE_VECTOR(v##J));
    EACH_8(WRITE)
  }
  for (; m + LANES <= last; m += LANES) {
    V v0 = (V)(T)0;
    const __global S *column = A + m;
    for (long k = 0; k < K; k++) {
      V value = (V)(LOAD(x, k * xStride));
      v0 = MULTIPLY_ADD(v0, LOAD_VECTOR(LANES, column, 0), value);
      column += aColumn;
    }
#if HAS_BIAS
    ROW_BIAS(0)
#endif
    WRITE(0)
  }
#endif
  // Four rows at a time; those beyond the last are computed as the last, and not written.
  for (; m < last; m += 4) {
    long r1 = smaller(m + 1, last - 1), r2 = smaller(m + 2, last - 1);
    long r3 = smaller(m + 3, last - 1);
    const __global S *column = A;
    T s0 = (T)0, s1 = s0, s2 = s0, s3 = s0;
    for (long k = 0; k < K; k++) {
      T value = LOAD(x, k * xStride);
      s0 = MULTIPLY_ADD(s0, LOAD(column, m * A_ROW), value);
      s1 = MULTIPLY_ADD(s1, LOAD(column, r1 * A_ROW), value);
      s2 = MULTIPLY_ADD(s2, LOAD(column, r2 * A_ROW), value);
      s3 = MULTIPLY_ADD(s3, LOAD(column, r3 * A_ROW), value);
      column += aColumn;
    }
    FINISH(m, s0)
    if (m + 1 < last) FINISH(m + 1, s1)
    if (m + 2 < last) FINISH(m + 2, s2)
    if (m + 3 < last) FINISH(m + 3, s3)
  }
}

__kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void gemv_columns_simt(
    GEMV_ARGUMENTS) {
  START
  const size_t m = get_group_id(0) * GROUP + get_local_id(0);
  if (m < (size_t)M) {
    const __global S *row = A + (long)m * A_ROW;
    T sum = (T)0;
    for (long k = 0; k < K; k++) {
      sum = MULTIPLY_ADD(sum, LOAD(row, k * aColumn), LOAD(x, k * xStride));
    }
    FINISH(m, sum)
  }
}

#endif

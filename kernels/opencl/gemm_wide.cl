// The matrix product (gemm.h) for processors with vector registers: CPU devices.
//
// A work-item is a group of its own and computes a block of C, rowsPerGroup x columnsPerGroup, in
// register tiles of MR rows by NV vectors, NR = NV·LANES columns. For each block of at most
// depthPerBlock values of k it packs its piece of A and of B into local memory, which on a CPU is
// the thread's own and stays in its cache: no scratch buffers, no second launch, and strided or
// 16-bit operands cost only the packing. Packed edges are zero-filled, so the loop over k has no
// edge code.
//
//                                           columnsPerGroup
//                                       +--------+--------+---
//                                     k | panel  | panel  |       packedB: panels of NR columns,
//                                     v | [depth,| [depth,|       [k][NR]
//                                 depth |   NR]  |   NR]  |
//                                       +--------+--------+---
//                     k -> depth            NR
//                   +------------+      +--------+--------+---
//                MR |   panel    |      | tile 0 | tile 2 |       tile: MR x NV vectors of sums in
//                   +------------+      +--------+--------+       registers. For each k:
//   rowsPerGroup    |   panel    |      | tile 1 | tile 3 |       sum[r][j] += a[r][k] · b[k][j],
//                   +------------+      +--------+--------+       r < MR a number, j < NV a vector
//                   |            |      |        |        |
//                       packedA              block of C
//
// packedA: with COLUMN_STRIDE_1 rows of KB + 16 elements, as in memory (no transposition; the odd
// length spreads the rows over the sets of the cache); else panels [k][MR].
// Where K is greater than depthPerBlock, a tile's sums wait in `sums` for the next block of k.
//
// Macros: MR 1…16, NV 1…8 (MR·NV sums, NV vectors of B and one of A should fit the registers),
// KB the greatest depth (a multiple of 16), KU the unrolling of the loop over k.
// Which products it computes: README.md. Launch, macros and tuning: GEMM.md.
// Reference: Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.
#include "gemm.h"

typedef PASTE(T, LANES) V;

#ifndef KU
#define KU 4
#endif
#define NR (NV * LANES)
#define A_STRIDE (KB + 16)
#define EACH_ROW(F) PASTE(EACH_, MR)(F)
#define EACH_VECTOR(F) PASTE(EACH_, NV)(F)
#define EACH_VECTOR_OF(F, R) PASTE(WITHIN_, NV)(F, R)

#if A_LAYOUT == COLUMN_STRIDE_1
#define A_AT(R) ((R) * A_STRIDE)
#define A_STEP 1
#else
#define A_AT(R) (R)
#define A_STEP MR
#endif

static inline long smaller(long a, long b) { return a < b ? a : b; }

// Packing is limited by memory latency: rows are read in short pieces, which no hardware prefetcher
// predicts. The pieces of the row AHEAD rows later are therefore prefetched, where the compiler
// can.
#define AHEAD 8
// NO_FETCH disables that, for a simulator that does not support it (tools/oclgrind).
#if defined(__has_builtin) && !defined(NO_FETCH)
#if __has_builtin(__builtin_prefetch)
#define FETCH(P, I) __builtin_prefetch((const void *)(size_t)((P) + (I)))
#endif
#endif
#ifndef FETCH
#define FETCH(P, I)
#endif

#define WRITE_LOCAL(W, TO, VALUE) WRITE_WHOLE(__local, T, W, TO, VALUE)
#define COPY_PIECE(W, TO, P, I) WRITE_LOCAL(W, TO, LOAD_VECTOR(W, P, I))

static inline void packA(
    __local T *panels,    // [rows, KB + 16], or [rows / MR, depth, MR], as above
    const __global S *A,  // [rows, depth] from `origin` on
    size_t origin, long row, long column, long rows, long depth) {
#if A_LAYOUT == COLUMN_STRIDE_1
  long m = 0;
  for (; m < rows; m++) {
    const __global S *line = A + (origin + m * row);
    __local T *to = panels + m * A_STRIDE;
    long k = 0;
    for (; k + LANES <= depth; k += LANES) {
      FETCH(line, AHEAD * row + k);
      COPY_PIECE(LANES, to + k, line, k);
    }
    for (; k < depth; k++) to[k] = LOAD(line, k);
  }
  for (; m % MR != 0; m++) {
    for (long k = 0; k < depth; k++) panels[m * A_STRIDE + k] = (T)0;
  }
#else
  for (long k = 0; k < depth; k++) {
    const __global S *line = A + (origin + k * column);
    for (long m = 0; m < rows; m += MR) {
      __local T *to = panels + m * depth + k * MR;
#if A_LAYOUT == ROW_STRIDE_1
      if (m + MR <= rows) {
        FETCH(line, AHEAD * column + m);
        if (MR & 16) COPY_PIECE(16, to, line, m);
        if (MR & 8) COPY_PIECE(8, to, line, m);
        if (MR & 4) COPY_PIECE(4, to + (MR & 8), line, m + (MR & 8));
        if (MR & 2) COPY_PIECE(2, to + (MR & 12), line, m + (MR & 12));
        if (MR & 1) to[MR - 1] = LOAD(line, m + MR - 1);
        continue;
      }
#endif
      for (long r = 0; r < MR; r++) {
        to[r] = m + r < rows ? LOAD(line, (m + r) * row) : (T)0;
      }
    }
  }
#endif
}

#if B_LAYOUT == ROW_STRIDE_1
// LANES columns and LANES values of k, from [column][k] to [k][column].
static inline void transposePiece(
    __local T *to,           // [LANES, NR], of which LANES columns are written
    const __global S *from,  // [LANES, LANES], rows `column` apart
    long column) {
  V x[LANES], y[LANES];
#pragma unroll
  for (int i = 0; i < LANES; i++) x[i] = LOAD_VECTOR(LANES, from, i * column);
  TRANSPOSE(x, y)
#pragma unroll
  for (int i = 0; i < LANES; i++) WRITE_LOCAL(LANES, to + i * NR, x[i]);
}
#endif

static inline void packB(
    __local T *panels,    // [columns / NR, depth, NR]
    const __global S *B,  // [depth, columns] from `origin` on
    size_t origin, long row, long column, long columns, long depth) {
#if B_LAYOUT == COLUMN_STRIDE_1
  for (long k = 0; k < depth; k++) {
    const __global S *line = B + (origin + k * row);
    long n = 0;
    for (; n + NR <= columns; n += NR) {
      __local T *to = panels + n * depth + k * NR;
#define COPY(J)                           \
  FETCH(line, AHEAD * row + n + J * LANES); \
  COPY_PIECE(LANES, to + J * LANES, line, n + J * LANES);
      EACH_VECTOR(COPY)
    }
    if (n < columns) {
      __local T *to = panels + n * depth + k * NR;
      for (long j = 0; j < NR; j++) to[j] = n + j < columns ? LOAD(line, n + j) : (T)0;
    }
  }
#else
  for (long n = 0; n < columns; n += LANES) {
    __local T *to = panels + n / NR * NR * depth + n % NR;
    const __global S *piece = B + (origin + n * column);
    long width = smaller(LANES, columns - n), k = 0;
#if B_LAYOUT == ROW_STRIDE_1
    if (width == LANES) {
      for (; k + LANES <= depth; k += LANES) transposePiece(to + k * NR, piece + k, column);
    }
#endif
    for (; k < depth; k++) {
      for (long j = 0; j < LANES; j++) {
        to[k * NR + j] = j < width ? LOAD(piece, k * row + j * column) : (T)0;
      }
    }
  }
  // The vectors of the last panel that lie wholly beyond the edge.
  for (long n = (columns + LANES - 1) / LANES * LANES; n % NR != 0; n += LANES) {
    __local T *to = panels + n / NR * NR * depth + n % NR;
    for (long k = 0; k < depth; k++) WRITE_LOCAL(LANES, to + k * NR, (V)(T)0);
  }
#endif
}

#define SUM(R, J) sum_##R##_##J

__kernel __attribute__((reqd_work_group_size(1, 1, 1))) void gemm_wide(
    GEMM_ARGUMENTS,
    long rowsPerGroup,     // a multiple of MR
    long columnsPerGroup,  // a multiple of NR
    long depthPerBlock,    // a multiple of 16, at most KB
    __local T *packedA,    // [rowsPerGroup, KB + 16], or [rowsPerGroup / MR, depthPerBlock, MR]
    __local T *packedB,    // [columnsPerGroup / NR, depthPerBlock, NR]
    __local T *sums) {     // [tiles of the block, MR, NR]; one tile where K <= depthPerBlock
  size_t batch = get_group_id(2);
  long m0 = (long)get_group_id(0) * rowsPerGroup, n0 = (long)get_group_id(1) * columnsPerGroup;
  long rows = smaller(rowsPerGroup, M - m0), columns = smaller(columnsPerGroup, N - n0);
  size_t aOrigin = aOffset + batch * aBatch + m0 * aRow;
  size_t bOrigin = bOffset + batch * bBatch + n0 * bColumn;
  __global S *block = C + (cOffset + (batch * M + m0) * N + n0);
  long k0 = 0;
  // Once even where K is 0: the sums are 0.
  do {
    long depth = smaller(depthPerBlock, K - k0);
    bool isFirst = k0 == 0, isLast = k0 + depth >= K;
    packA(packedA, A, aOrigin + k0 * aColumn, aRow, aColumn, rows, depth);
    packB(packedB, B, bOrigin + k0 * bRow, bRow, bColumn, columns, depth);
    // The sums of each tile, kept for the next block of k; edge tiles are copied here before they
    // are stored.
    __local T *waiting = sums;
    for (long n = 0; n < columns; n += NR) {
      for (long m = 0; m < rows; m += MR) {
        const __local T *a = packedA + m * (A_STEP == 1 ? A_STRIDE : depth);
        const __local T *b = packedB + n * depth;
#define DECLARE_VECTOR(R, J) V SUM(R, J) = (V)(T)0;
#define DECLARE(R) EACH_VECTOR_OF(DECLARE_VECTOR, R)
        EACH_ROW(DECLARE)
        if (!isFirst) {
#define RESUME_VECTOR(R, J) SUM(R, J) = ((const __local V *)waiting)[R * NV + J];
#define RESUME(R) EACH_VECTOR_OF(RESUME_VECTOR, R)
          EACH_ROW(RESUME)
        }
#pragma unroll KU
        for (long k = 0; k < depth; k++) {
#define LOAD_B(J) V b_##J = ((const __local V *)b)[J];
          EACH_VECTOR(LOAD_B)
#define STEP_VECTOR(R, J) SUM(R, J) = MULTIPLY_ADD(SUM(R, J), x_##R, b_##J);
#define STEP(R)                  \
  V x_##R = (V)(a[A_AT(R)]);     \
  EACH_VECTOR_OF(STEP_VECTOR, R)
          EACH_ROW(STEP)
          a += A_STEP;
          b += NR;
        }
        if (!isLast) {
#define WAIT_VECTOR(R, J) ((__local V *)waiting)[R * NV + J] = SUM(R, J);
#define WAIT(R) EACH_VECTOR_OF(WAIT_VECTOR, R)
          EACH_ROW(WAIT)
          waiting += MR * NR;
          continue;
        }
        __global S *tile = block + (m * N + n);
        size_t biasAt = biasOffset + n0 + n;
        if (m + MR <= rows && n + NR <= columns) {
#if HAS_BIAS
#define LOAD_BIAS(J) V bias_##J = LOAD_VECTOR(LANES, bias, biasAt + J * LANES);
          EACH_VECTOR(LOAD_BIAS)
#define WITH_BIAS(R, J) ADD(SUM(R, J), bias_##J)
#else
#define WITH_BIAS(R, J) SUM(R, J)
#endif
#define FINISH_VECTOR(R, J) \
  STORE_VECTOR(LANES, tile, R * N + J * LANES, EPILOGUE_VECTOR(WITH_BIAS(R, J)));
#define FINISH(R) EACH_VECTOR_OF(FINISH_VECTOR, R)
          EACH_ROW(FINISH)
        } else {
          EACH_ROW(WAIT)
          for (long r = 0; r < MR && m + r < rows; r++) {
            for (long j = 0; j < NR && n + j < columns; j++) {
              T value = waiting[r * NR + j];
#if HAS_BIAS
              value = ADD(value, LOAD(bias, biasAt + j));
#endif
              STORE(tile, r * N + j, EPILOGUE(value));
            }
          }
        }
        // With a single block of k, `sums` has a single tile.
        if (!isFirst) waiting += MR * NR;
      }
    }
    k0 += depth;
  } while (k0 < K);
}

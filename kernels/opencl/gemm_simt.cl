// The matrix product (gemm.h) for GPUs, and for every type on any device.
//
// A group of TX x TY work-items computes MT x NT elements of C. For each KT values of k the group
// stages its pieces of A and B in local memory (LOCAL_A, LOCAL_B; without, a work-item reads them
// itself, which suits GPUs whose local memory is no faster than their cache).
//
//                                      NT = TX·RB·VB columns
//                             n0 +----------------------------+
//                                |          stagedB           |  KT
//                                |      [k][NT + PAD_B]       |
//                                +----------------------------+
//            KT                  x=0  x=1  ..   TX-1 x=0  x=1  ..
//      m0 +---------+            +----+----+----+----+----+----+--
//         |         |    y=0     |0,0 |1,0 |    |    |0,0 |1,0 |    VA rows
//         |         |            +----+----+----+----+----+----+--
//         | stagedA |    y=1     |0,1 |1,1 |    |    |0,1 |1,1 |    VA rows
//         | [k]     |            +----+----+----+----+----+----+--
//         | [MT +   |    TY-1    |    |    |    |    |    |    |
//         |  PAD_A] |            +----+----+----+----+----+----+--
//         |         |    y=0     |0,0 |1,0 |    |    |0,0 |1,0 |    again, RA times TY·VA rows
//         +---------+            +----+----+----+----+----+----+--
//     MT = TY·RA·VA rows           VB   VB            again, RB times TX·VB columns
//
// Work-item (x, y) holds the sums of every field "x,y": RA·VA rows of RB vectors of VB columns.
// Neighbours in x hold neighbouring vectors, so that reads and writes are coalesced. For each k it
// takes RA vectors of VA from stagedA and RB vectors of VB from stagedB.
//
// Rows, columns and values of k beyond an edge are read at the edge instead and never used or
// written: no branch in the loops, no zero-filling and no padded copies.
//
// Macros: TX, TY, RA 1…8, VA 1, 2, 4, 8, RB 1…8, VB 1, 2, 4, 8, KT, KU the unrolling, LOCAL_A,
// LOCAL_B, PAD_A, PAD_B elements between the rows of a staged piece (multiples of VA and GA, of
// VB and GB), GA, GB, GC the elements of one access of A, B and C in global memory; more than 1
// needs, in each, stride 1 along one axis and everything else a multiple of the width (GEMM.md).
// Which products it computes: README.md. Launch, macros and tuning: GEMM.md.
// Reference: Nugteren, "CLBlast: a tuned OpenCL BLAS library", 2018.
#include "gemm.h"

#define MT (TY * RA * VA)
#define NT (TX * RB * VB)
#define THREADS (TX * TY)
#define STRIDE_A (MT + PAD_A)
#define STRIDE_B (NT + PAD_B)
#define FOR_A(F) PASTE(EACH_, RA)(F)
#define FOR_B(F) PASTE(EACH_, RB)(F)

// OpenCL C has no vectors of one element.
#define VECTOR_1(TYPE) TYPE
#define VECTOR_2(TYPE) PASTE(TYPE, 2)
#define VECTOR_4(TYPE) PASTE(TYPE, 4)
#define VECTOR_8(TYPE) PASTE(TYPE, 8)
typedef PASTE(VECTOR_, VA)(T) TA;
typedef PASTE(VECTOR_, VB)(T) TB;
typedef PASTE(VECTOR_, GA)(T) TGA;
typedef PASTE(VECTOR_, GB)(T) TGB;
#define LANE_1(X, I) X
#define LANE_2(X, I) X.s##I
#define LANE_4(X, I) X.s##I
#define LANE_8(X, I) X.s##I
#define LANES_1(F) F(0)
#define LANES_2(F) F(0) F(1)
#define LANES_4(F) F(0) F(1) F(2) F(3)
#define LANES_8(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7)
#define GET_1(P, I) LOAD(P, I)
#define GET_2(P, I) LOAD_ALIGNED(2, P, I)
#define GET_4(P, I) LOAD_ALIGNED(4, P, I)
#define GET_8(P, I) LOAD_ALIGNED(8, P, I)
#define PUT_1(P, I, X) STORE(P, I, X)
#define PUT_2(P, I, X) STORE_ALIGNED(2, P, I, X)
#define PUT_4(P, I, X) STORE_ALIGNED(4, P, I, X)
#define PUT_8(P, I, X) STORE_ALIGNED(8, P, I, X)

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// A vector of sums: lane L of row vector V, column vector J.
#define SUM(V, L, J) sum_##V##_##L##_##J
#define OF_1(F, V, L) F(V, L, 0)
#define OF_2(F, V, L) OF_1(F, V, L) F(V, L, 1)
#define OF_3(F, V, L) OF_2(F, V, L) F(V, L, 2)
#define OF_4(F, V, L) OF_3(F, V, L) F(V, L, 3)
#define OF_5(F, V, L) OF_4(F, V, L) F(V, L, 4)
#define OF_6(F, V, L) OF_5(F, V, L) F(V, L, 5)
#define OF_7(F, V, L) OF_6(F, V, L) F(V, L, 6)
#define OF_8(F, V, L) OF_7(F, V, L) F(V, L, 7)
#define IN_ROW(F, V, L) PASTE(OF_, RB)(F, V, L)
#define ROWS_1(F, V) IN_ROW(F, V, 0)
#define ROWS_2(F, V) ROWS_1(F, V) IN_ROW(F, V, 1)
#define ROWS_4(F, V) ROWS_2(F, V) IN_ROW(F, V, 2) IN_ROW(F, V, 3)
#define ROWS_8(F, V) \
  ROWS_4(F, V) IN_ROW(F, V, 4) IN_ROW(F, V, 5) IN_ROW(F, V, 6) IN_ROW(F, V, 7)
#define FOR_ROWS(F, V) PASTE(ROWS_, VA)(F, V)

__kernel
#if REQUIRE_GROUP_SIZE
__attribute__((reqd_work_group_size(TX, TY, 1)))
#endif
void gemm_simt(GEMM_ARGUMENTS) {
  const uint x = get_local_id(0), y = get_local_id(1);
  const size_t batch = get_group_id(2);
  const size_t m0 = get_group_id(1) * MT, n0 = get_group_id(0) * NT;
  A += aOffset + (long)batch * aBatch;
  B += bOffset + (long)batch * bBatch;
  C += cOffset + batch * M * N;
#if LOCAL_A
  __local T __attribute__((aligned(64))) stagedA[KT * STRIDE_A];
#else
  // The pointers to a work-item's rows.
#define ROW(V, L) smaller(m0 + (V * TY + y) * VA + L, M - 1)
#define OWN_ROW(V, L) const __global S *a_##V##_##L = A + (long)ROW(V, L) * aRow;
#define OWN_ROWS_1(V) OWN_ROW(V, 0)
#define OWN_ROWS_2(V) OWN_ROWS_1(V) OWN_ROW(V, 1)
#define OWN_ROWS_4(V) OWN_ROWS_2(V) OWN_ROW(V, 2) OWN_ROW(V, 3)
#define OWN_ROWS_8(V) OWN_ROWS_4(V) OWN_ROW(V, 4) OWN_ROW(V, 5) OWN_ROW(V, 6) OWN_ROW(V, 7)
#define OWN_ROWS(V) PASTE(OWN_ROWS_, VA)(V)
#if A_LAYOUT == ROW_STRIDE_1 && GA == VA
#undef OWN_ROWS
#define OWN_ROWS(V) \
  const __global S *a_##V##_0 = A + smaller(m0 + (V * TY + y) * VA, M - VA);
#endif
  FOR_A(OWN_ROWS)
#endif
#if LOCAL_B
  __local T __attribute__((aligned(64))) stagedB[KT * STRIDE_B];
#else
#define COLUMN(J, L) smaller(n0 + (J * TX + x) * VB + L, N - 1)
#define OWN_COLUMN(J, L) const __global S *b_##J##_##L = B + (long)COLUMN(J, L) * bColumn;
#define OWN_COLUMNS_1(J) OWN_COLUMN(J, 0)
#define OWN_COLUMNS_2(J) OWN_COLUMNS_1(J) OWN_COLUMN(J, 1)
#define OWN_COLUMNS_4(J) OWN_COLUMNS_2(J) OWN_COLUMN(J, 2) OWN_COLUMN(J, 3)
#define OWN_COLUMNS_8(J) \
  OWN_COLUMNS_4(J) OWN_COLUMN(J, 4) OWN_COLUMN(J, 5) OWN_COLUMN(J, 6) OWN_COLUMN(J, 7)
#define OWN_COLUMNS(J) PASTE(OWN_COLUMNS_, VB)(J)
#if B_LAYOUT == COLUMN_STRIDE_1 && GB == VB
#undef OWN_COLUMNS
#define OWN_COLUMNS(J) \
  const __global S *b_##J##_0 = B + smaller(n0 + (J * TX + x) * VB, N - VB);
#endif
  FOR_B(OWN_COLUMNS)
#endif

#define DECLARE(V, L, J) TB SUM(V, L, J) = (TB)((T)0);
#define DECLARE_ROWS(V) FOR_ROWS(DECLARE, V)
  FOR_A(DECLARE_ROWS)

#if LOCAL_A
#define GET_A(V) TA a##V = *(const __local TA *)(stagedA + k * STRIDE_A + (V * TY + y) * VA);
#elif A_LAYOUT == ROW_STRIDE_1 && GA == VA
#define GET_A(V) TA a##V = PASTE(GET_, VA)(a_##V##_0, (long)(k0 + k) * aColumn);
#else
#define ONE_A(V, L) LOAD(a_##V##_##L, (long)(k0 + k) * A_COLUMN)
#define GET_A_1(V) TA a##V = ONE_A(V, 0);
#define GET_A_2(V) TA a##V = (TA)(ONE_A(V, 0), ONE_A(V, 1));
#define GET_A_4(V) TA a##V = (TA)(ONE_A(V, 0), ONE_A(V, 1), ONE_A(V, 2), ONE_A(V, 3));
#define GET_A_8(V)                                                                        \
  TA a##V = (TA)(ONE_A(V, 0), ONE_A(V, 1), ONE_A(V, 2), ONE_A(V, 3), ONE_A(V, 4),         \
                 ONE_A(V, 5), ONE_A(V, 6), ONE_A(V, 7));
#define GET_A(V) PASTE(GET_A_, VA)(V)
#endif
#define A_COLUMN (A_LAYOUT == COLUMN_STRIDE_1 ? 1 : aColumn)
#define A_ROW (A_LAYOUT == ROW_STRIDE_1 ? 1 : aRow)
#define B_COLUMN (B_LAYOUT == COLUMN_STRIDE_1 ? 1 : bColumn)
#define B_ROW (B_LAYOUT == ROW_STRIDE_1 ? 1 : bRow)
#if LOCAL_B
#define GET_B(J) TB b##J = *(const __local TB *)(stagedB + k * STRIDE_B + (J * TX + x) * VB);
#elif B_LAYOUT == COLUMN_STRIDE_1 && GB == VB
#define GET_B(J) TB b##J = PASTE(GET_, VB)(b_##J##_0, (long)(k0 + k) * bRow);
#else
#define ONE_B(J, L) LOAD(b_##J##_##L, (long)(k0 + k) * B_ROW)
#define GET_B_1(J) TB b##J = ONE_B(J, 0);
#define GET_B_2(J) TB b##J = (TB)(ONE_B(J, 0), ONE_B(J, 1));
#define GET_B_4(J) TB b##J = (TB)(ONE_B(J, 0), ONE_B(J, 1), ONE_B(J, 2), ONE_B(J, 3));
#define GET_B_8(J)                                                                        \
  TB b##J = (TB)(ONE_B(J, 0), ONE_B(J, 1), ONE_B(J, 2), ONE_B(J, 3), ONE_B(J, 4),         \
                 ONE_B(J, 5), ONE_B(J, 6), ONE_B(J, 7));
#define GET_B(J) PASTE(GET_B_, VB)(J)
#endif
#define MULTIPLY(V, L, J) \
  SUM(V, L, J) = MULTIPLY_ADD(SUM(V, L, J), (TB)(PASTE(LANE_, VA)(a##V, L)), b##J);
#define MULTIPLY_ROWS(V) FOR_ROWS(MULTIPLY, V)
#define STEP FOR_A(GET_A) FOR_B(GET_B) FOR_A(MULTIPLY_ROWS)

  for (size_t k0 = 0; k0 < (size_t)K; k0 += KT) {
#if LOCAL_A || LOCAL_B
    const uint thread = y * TX + x;
#endif
#if LOCAL_A
#define PIECES_A (MT * KT / GA)
#pragma unroll
    for (uint step = 0; step < (PIECES_A + THREADS - 1) / THREADS; step++) {
      uint i = thread + step * THREADS;
      if (PIECES_A % THREADS == 0 || i < PIECES_A) {
#if A_LAYOUT == ROW_STRIDE_1
        uint m = i % (MT / GA) * GA, k = i / (MT / GA);
        size_t row = smaller(m0 + m, M - GA), column = smaller(k0 + k, K - 1);
        *(__local TGA *)(stagedA + k * STRIDE_A + m) =
            PASTE(GET_, GA)(A, row + (long)column * aColumn);
#else
        uint k = i % (KT / GA) * GA, m = i / (KT / GA);
        size_t row = smaller(m0 + m, M - 1), column = smaller(k0 + k, K - GA);
        TGA piece = PASTE(GET_, GA)(A, (long)row * aRow + (long)column * A_COLUMN);
#define PUT_A(L) stagedA[(k + L) * STRIDE_A + m] = PASTE(LANE_, GA)(piece, L);
        PASTE(LANES_, GA)(PUT_A)
#endif
      }
    }
#endif
#if LOCAL_B
#define PIECES_B (NT * KT / GB)
#pragma unroll
    for (uint step = 0; step < (PIECES_B + THREADS - 1) / THREADS; step++) {
      uint i = thread + step * THREADS;
      if (PIECES_B % THREADS == 0 || i < PIECES_B) {
#if B_LAYOUT == ROW_STRIDE_1
        uint k = i % (KT / GB) * GB, n = i / (KT / GB);
        size_t row = smaller(k0 + k, K - GB), column = smaller(n0 + n, N - 1);
        TGB piece = PASTE(GET_, GB)(B, row + (long)column * bColumn);
#define PUT_B(L) stagedB[(k + L) * STRIDE_B + n] = PASTE(LANE_, GB)(piece, L);
        PASTE(LANES_, GB)(PUT_B)
#else
        uint n = i % (NT / GB) * GB, k = i / (NT / GB);
        size_t row = smaller(k0 + k, K - 1), column = smaller(n0 + n, N - GB);
        *(__local TGB *)(stagedB + k * STRIDE_B + n) =
            PASTE(GET_, GB)(B, (long)row * bRow + (long)column * B_COLUMN);
#endif
      }
    }
#endif
#if LOCAL_A || LOCAL_B
    barrier(CLK_LOCAL_MEM_FENCE);
#endif
    const uint depth = (uint)smaller(KT, K - k0);
    if (depth == KT) {
#pragma unroll KU
      for (uint k = 0; k < KT; k++) {
        STEP
      }
    } else {
      for (uint k = 0; k < depth; k++) {
        STEP
      }
    }
#if LOCAL_A || LOCAL_B
    barrier(CLK_LOCAL_MEM_FENCE);
#endif
  }

#if GC == VB
#if HAS_BIAS
#define ADD_BIAS(SUM) ADD(SUM, PASTE(GET_, VB)(bias, biasOffset + n))
#else
#define ADD_BIAS(SUM) SUM
#endif
#define FINISH(V, L, J)                                                                 \
  {                                                                                     \
    size_t m = m0 + (V * TY + y) * VA + L, n = n0 + (J * TX + x) * VB;                  \
    if (m < (size_t)M && n < (size_t)N) {                                               \
      PASTE(PUT_, VB)(C, m * N + n, EPILOGUE_VECTOR(ADD_BIAS(SUM(V, L, J))));           \
    }                                                                                   \
  }
#else
#if HAS_BIAS
#define ADD_BIAS(SUM, L) ADD(SUM, LOAD(bias, biasOffset + n + L))
#else
#define ADD_BIAS(SUM, L) SUM
#endif
#define FINISH_LANE(L)                                                                    \
  if (n + L < (size_t)N) {                                                                \
    STORE(C, m * N + n + L, EPILOGUE(ADD_BIAS(PASTE(LANE_, VB)(row, L), L)));             \
  }
#define FINISH(V, L, J)                                                                 \
  {                                                                                     \
    size_t m = m0 + (V * TY + y) * VA + L, n = n0 + (J * TX + x) * VB;                  \
    TB row = SUM(V, L, J);                                                              \
    if (m < (size_t)M) {                                                                \
      PASTE(LANES_, VB)(FINISH_LANE)                                                    \
    }                                                                                   \
  }
#endif
#define FINISH_ROWS(V) FOR_ROWS(FINISH, V)
  FOR_A(FINISH_ROWS)
}

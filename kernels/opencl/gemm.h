// What the matrix-product kernels share: the operands, the arguments, the hooks and the unrolling.
//
//   C[b, m, n] = EPILOGUE(sum over k of A[b, m, k]·B[b, k, n] + (HAS_BIAS ? bias[n] : 0))
//
//                             n ->  N
//                        +-------------+
//                   k |  |      B      |        for each b of the batch
//                     v  | [batch,K,N] |
//                     K  |             |
//                        +-------------+
//            k ->  K     +-------------+
//        +------------+  |             |
//    m | |     A      |  |      C      |    + bias, [N]
//      v | [batch,M,K]|  | [batch,M,N] |
//      M |            |  |             |
//        +------------+  +-------------+
//
// C is contiguous. A and B have any strides, in elements (0 and negative ones too): element (m,
// k) of A is A[aOffset + b·aBatch + m·aRow + k·aColumn], and B's likewise. The sums run in the
// order of k. Extents, strides and offsets are arguments, so that one program serves all shapes;
// GEMM.md lists the macros and the launch of each kernel.
#ifndef SLOPE_GEMM_H
#define SLOPE_GEMM_H

// With SLOW_FMA a product and its sum may be contracted.
#define MAY_CONTRACT
#define VECTOR_STORES
#include "element.h"
#include "lanes.h"

// A half is rounded alone as it is in a vector, so that no element depends on where its tile ends.
#if ELEMENT(IS_FLOAT16)
#undef STORE
#define STORE(P, I, VALUE) (((__global ushort *)(P))[I] = half_bits(VALUE))
#endif

#define ANY_STRIDES 0
#define COLUMN_STRIDE_1 1
#define ROW_STRIDE_1 2

#ifndef A_LAYOUT
#define A_LAYOUT ANY_STRIDES
#endif
#ifndef B_LAYOUT
#define B_LAYOUT ANY_STRIDES
#endif
#ifndef HAS_BIAS
#define HAS_BIAS 0
#endif
// For T, and for its vectors of the width that the kernel stores.
#ifndef EPILOGUE
#define EPILOGUE(VALUE) (VALUE)
#define EPILOGUE_VECTOR(VALUE) (VALUE)
#endif

#define GEMM_ARGUMENTS                                                                        \
  __global S *C,           /* [batch, M, N], contiguous */                                    \
      const __global S *A, /* [batch, M, K] */                                                \
      const __global S *B, /* [batch, K, N] */                                                \
      const __global S *bias, /* [N], contiguous; read with HAS_BIAS alone */                 \
      long M, long N, long K,                                                                 \
      long cOffset, /* where C begins: all offsets and strides are in elements */             \
      long aOffset, /* A[0, 0, 0], and the strides of A */                                    \
      long aBatch, long aRow, long aColumn,                                                   \
      long bOffset, /* B[0, 0, 0], and the strides of B */                                    \
      long bBatch, long bRow, long bColumn,                                                   \
      long biasOffset /* where the bias begins */

// Unrolled by the preprocessor: not every compiler keeps an array that a loop indexes in registers.
#define EACH_1(F) F(0)
#define EACH_2(F) EACH_1(F) F(1)
#define EACH_3(F) EACH_2(F) F(2)
#define EACH_4(F) EACH_3(F) F(3)
#define EACH_5(F) EACH_4(F) F(4)
#define EACH_6(F) EACH_5(F) F(5)
#define EACH_7(F) EACH_6(F) F(6)
#define EACH_8(F) EACH_7(F) F(7)
#define EACH_9(F) EACH_8(F) F(8)
#define EACH_10(F) EACH_9(F) F(9)
#define EACH_11(F) EACH_10(F) F(10)
#define EACH_12(F) EACH_11(F) F(11)
#define EACH_13(F) EACH_12(F) F(12)
#define EACH_14(F) EACH_13(F) F(13)
#define EACH_15(F) EACH_14(F) F(14)
#define EACH_16(F) EACH_15(F) F(15)
// The same in two dimensions: a macro is not expanded again inside itself.
#define WITHIN_1(F, I) F(I, 0)
#define WITHIN_2(F, I) WITHIN_1(F, I) F(I, 1)
#define WITHIN_3(F, I) WITHIN_2(F, I) F(I, 2)
#define WITHIN_4(F, I) WITHIN_3(F, I) F(I, 3)
#define WITHIN_5(F, I) WITHIN_4(F, I) F(I, 4)
#define WITHIN_6(F, I) WITHIN_5(F, I) F(I, 5)
#define WITHIN_7(F, I) WITHIN_6(F, I) F(I, 6)
#define WITHIN_8(F, I) WITHIN_7(F, I) F(I, 7)

#endif

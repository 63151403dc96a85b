// A strided copy whose source is contiguous along another axis than its destination: a
// transposition.
//
//   target[targetOffset + i0 + i1*t1 + i2*t2 + i3*t3] =
//       source[sourceOffset + i0*s0 + i1 + i2*s2 + i3*s3]
//
// for i0 < n0 ... i3 < n3: axis 0 is contiguous in the destination, axis 1 in the source. Missing
// axes have the extent 1. Offsets and strides are in elements; strides may be negative.
//
//        i1 ->        n1                    i0 ->  n0
//       +-----+-----+-----+                +-----+-----+
//    i0 |  A  |  B  |  C  |             i1 | A^T | D^T |      A, B, … are tiles or blocks, one
//     v +-----+-----+-----+              v +-----+-----+      at a time: read along i1, written
//    n0 |  D  |  E  |  F  |      ->        | B^T | E^T |      along i0
//       +-----+-----+-----+                +-----+-----+
//             source                    n1 | C^T | F^T |
//                                          +-----+-----+
//                                             target
//
//   kernel           global size                                           local
//   transpose_simt   ceil(n0 / 32) * 32, ceil(n1 / 32) * TILE_ROWS, n2*n3  32, TILE_ROWS, 1
//   transpose_wide   ceil(n0 / 64), ceil(n1 / 64), n2*n3                   1, 1, 1
//
// `transpose_simt`, for GPUs: a group takes a tile of 32 x 32 through local memory.
// `transpose_wide`, for CPUs: an item takes 64 x 64, in blocks of LANES x LANES that are transposed
// in registers (lanes.h). README.md says when neither is used.
//
// The host defines ELEMENT (element.h) as the unsigned type of the elements' size, and for
// `transpose_simt` TILE_ROWS, a divisor of 32: 8, or fewer where a group may have fewer than 256
// items.
// Reference: `copy` in Tests/TestSupport/ReferenceBackend.swift.
#include "element.h"
#include "lanes.h"

#define ARGUMENTS                                                                     \
  ulong n0, ulong n1, ulong n2, ulong n3,                                             \
      global const S *source, /* [n3, n2, n0, n1], axis 1 contiguous */               \
      long sourceOffset, long s0, long s2, long s3,                                   \
      global S *target, /* [n3, n2, n1, n0], axis 0 contiguous */                     \
      long targetOffset, long t1, long t2, long t3

#ifdef TILE_ROWS
// Consecutive items read along axis 1 and write along axis 0; the odd length of the tile's rows
// spreads a column over the banks of local memory.
kernel __attribute__((reqd_work_group_size(32, TILE_ROWS, 1))) void transpose_simt(ARGUMENTS) {
  local S tile[32][33];
  const size_t x = get_local_id(0), y = get_local_id(1), outer = get_group_id(2);
  const ulong start0 = get_group_id(0) * (ulong)32, start1 = get_group_id(1) * (ulong)32;
  const long i2 = (long)(outer % n2), i3 = (long)(outer / n2);
  const long from = sourceOffset + i2 * s2 + i3 * s3, to = targetOffset + i2 * t2 + i3 * t3;
  for (size_t row = y; row < 32; row += TILE_ROWS) {
    const ulong i0 = start0 + row, i1 = start1 + x;
    if (i0 < n0 && i1 < n1) tile[row][x] = source[from + (long)i0 * s0 + (long)i1];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t row = y; row < 32; row += TILE_ROWS) {
    const ulong i0 = start0 + x, i1 = start1 + row;
    if (i0 < n0 && i1 < n1) target[to + (long)i1 * t1 + (long)i0] = tile[x][row];
  }
}

#else
typedef PASTE(S, LANES) V;

static inline void transpose_block(
    global const S *from,  // [LANES, LANES], rows s0 apart
    long s0,
    global S *to,          // [LANES, LANES], rows t1 apart
    long t1) {
  V x[LANES], y[LANES];
#pragma unroll
  for (int i = 0; i < LANES; i++) x[i] = PASTE(vload, LANES)(0, from + i * s0);
  TRANSPOSE(x, y)
#pragma unroll
  for (int i = 0; i < LANES; i++) PASTE(vstore, LANES)(x[i], 0, to + i * t1);
}

// 64 x 64 elements, so that whole cache lines are read and written even of small elements.
kernel void transpose_wide(ARGUMENTS) {
  const size_t outer = get_global_id(2);
  if (outer >= n2 * n3) return;
  const ulong start0 = get_global_id(0) * (ulong)64, start1 = get_global_id(1) * (ulong)64;
  const ulong end0 = start0 + 64 < n0 ? start0 + 64 : n0;
  const ulong end1 = start1 + 64 < n1 ? start1 + 64 : n1;
  const long i2 = (long)(outer % n2), i3 = (long)(outer / n2);
  global const S *from = source + (sourceOffset + i2 * s2 + i3 * s3);
  global S *to = target + (targetOffset + i2 * t2 + i3 * t3);
  ulong i1 = start1;
  for (; i1 + LANES <= end1; i1 += LANES) {
    ulong i0 = start0;
    for (; i0 + LANES <= end0; i0 += LANES) {
      transpose_block(from + ((long)i0 * s0 + (long)i1), s0, to + ((long)i1 * t1 + (long)i0), t1);
    }
    for (; i0 < end0; i0++) {
      for (ulong j = i1; j < i1 + LANES; j++) {
        to[(long)j * t1 + (long)i0] = from[(long)i0 * s0 + (long)j];
      }
    }
  }
  for (; i1 < end1; i1++) {
    for (ulong i0 = start0; i0 < end0; i0++) {
      to[(long)i1 * t1 + (long)i0] = from[(long)i0 * s0 + (long)i1];
    }
  }
}
#endif

// A strided copy whose source is contiguous along another axis than its destination: a transposition.
//
// The host defines E, the unsigned type of the elements' size: uchar, ushort, uint or ulong; for the
// form of CPU devices BLOCK_LANES: 16, or 8 for elements of 8 bytes; and for that of GPUs TILE_ROWS,
// a divisor of 32. Offsets and strides are in elements; strides may be negative.
//
//   target[targetOffset + i0 + i1*t1 + i2*t2 + i3*t3] =
//       source[sourceOffset + i0*s0 + i1 + i2*s2 + i3*s3]
//
// for i0 < n0 ... i3 < n3: axis 0 is contiguous in the destination, axis 1 in the source. Extents of
// axes that are not there are 1. Both kernels have the same arguments.
//
//   kernel           global size                                                     local
//   transpose_tile   ceil(n0 / 32) * 32, ceil(n1 / 32) * TILE_ROWS, n2 * n3          32, TILE_ROWS, 1
//   transpose_wide   ceil(n0 / 64), ceil(n1 / 64), n2 * n3                           1, 1, 1
//
// TILE_ROWS: 8, or fewer where a group may have fewer than 256 items. Where n0 or n1 is less than 8 the
// general copy is as good.

#define ARGUMENTS                                                                               \
  ulong n0, ulong n1, ulong n2, ulong n3, global const E *source, long sourceOffset, long s0,   \
      long s2, long s3, global E *target, long targetOffset, long t1, long t2, long t3

#ifdef TILE_ROWS
// Read along axis 1, written along axis 0, both by neighbouring items; the odd length of the tile's
// rows spreads a column over the banks of local memory.
kernel __attribute__((reqd_work_group_size(32, TILE_ROWS, 1))) void transpose_tile(ARGUMENTS) {
  local E tile[32][33];
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
#endif

#ifdef BLOCK_LANES
#define PASTE_(A, B) A##B
#define PASTE(A, B) PASTE_(A, B)
typedef PASTE(E, BLOCK_LANES) V;

// A block of BLOCK_LANES x BLOCK_LANES elements, whose rows go through log2(BLOCK_LANES) rounds that
// each take the even and the odd elements of two neighbouring rows apart.
static inline void transpose_block(
    global const E *from, long s0, global E *to, long t1) {
  V x[BLOCK_LANES], y[BLOCK_LANES];
#pragma unroll
  for (int i = 0; i < BLOCK_LANES; i++) x[i] = PASTE(vload, BLOCK_LANES)(0, from + i * s0);
#define ROUND(TO, FROM)                                                          \
  _Pragma("unroll") for (int i = 0; i < BLOCK_LANES / 2; i++) {                  \
    TO[i] = (V)(FROM[2 * i].even, FROM[2 * i + 1].even);                         \
    TO[i + BLOCK_LANES / 2] = (V)(FROM[2 * i].odd, FROM[2 * i + 1].odd);         \
  }
  ROUND(y, x)
  ROUND(x, y)
  ROUND(y, x)
#if BLOCK_LANES == 16
  ROUND(x, y)
#pragma unroll
  for (int i = 0; i < BLOCK_LANES; i++) PASTE(vstore, BLOCK_LANES)(x[i], 0, to + i * t1);
#else
#pragma unroll
  for (int i = 0; i < BLOCK_LANES; i++) PASTE(vstore, BLOCK_LANES)(y[i], 0, to + i * t1);
#endif
}

// 64 x 64 elements, so that whole cache lines are read and written also of small elements.
kernel void transpose_wide(ARGUMENTS) {
  const size_t outer = get_global_id(2);
  if (outer >= n2 * n3) return;
  const ulong start0 = get_global_id(0) * (ulong)64, start1 = get_global_id(1) * (ulong)64;
  const ulong end0 = start0 + 64 < n0 ? start0 + 64 : n0, end1 = start1 + 64 < n1 ? start1 + 64 : n1;
  const long i2 = (long)(outer % n2), i3 = (long)(outer / n2);
  global const E *from = source + (sourceOffset + i2 * s2 + i3 * s3);
  global E *to = target + (targetOffset + i2 * t2 + i3 * t3);
  ulong i1 = start1;
  for (; i1 + BLOCK_LANES <= end1; i1 += BLOCK_LANES) {
    ulong i0 = start0;
    for (; i0 + BLOCK_LANES <= end0; i0 += BLOCK_LANES) {
      transpose_block(from + ((long)i0 * s0 + (long)i1), s0, to + ((long)i1 * t1 + (long)i0), t1);
    }
    for (; i0 < end0; i0++) {
      for (ulong j = i1; j < i1 + BLOCK_LANES; j++) {
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

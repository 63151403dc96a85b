// Softmax and its logarithm of contiguous rows: exp(x - max) / sum, x - max - log(sum).
//
//   kernel               global size              local   for                a row is computed by
//   softmax_short_simt   rows                     64      GPUs: short rows   an item
//   softmax_rows_simt    rows * GROUP             GROUP   GPUs               a group
//   softmax_short_wide   ceil(rows / TILE_ROWS)   1       CPUs: rows         a lane
//                                                         below LANES
//   softmax_rows_wide    rows                     1       CPUs               an item, in vectors
//
// README.md has the exact conditions. All have the same arguments.
//
//   softmax_rows_…: parts of a maximum        softmax_short_wide: LANES rows at a time, transposed,
//   and of a sum are in items or lanes        so that a lane has all of a row
//
//         i ->           count                      i -> count          lanes: rows
//       +----+----+----+---+                      +----------+        +-------------+
//   row |####|####| -> |   |                      | a0 a1 a2 |        | a0 b0 c0 .. |
//       +----+----+----+---+                  row | b0 b1 b2 |   ->   | a1 b1 c1 .. |
//       |                  |                    v | c0 c1 c2 |   <-   | a2 b2 c2 .. |
//       +------------------+                      | ..       |        +-------------+
//       #: GROUP items, or LANES lanes            +----------+        maximum and sum downwards
//
// The host defines ELEMENT, a floating type (element.h), LOGARITHM for the logarithm, GROUP for
// `softmax_rows_simt`, and VECTOR_STORES for the kernels of CPU devices. Sums of float are
// carried in double there, where the device has it.
//
// A NaN or +inf in a row makes its maximum or a difference NaN, which the sum carries to every
// element, as does a row of -inf alone.
// Reference: `softmax` in Tests/TestSupport/ReferenceBackend.swift.
#include "element.h"
#include "lanes.h"

#define ARGUMENTS                                                                      \
  global const S *source,  /* [rows, count] from sourceOffset on */                    \
      ulong sourceOffset, global S *output, /* [rows, count] */                        \
      ulong rows, ulong count

#ifdef LOGARITHM
#define SHIFT(total) log(total)
#define RESULT(x, top, shift) ((x) - (top) - (shift))
#else
#define SHIFT(total) (total)
#define RESULT(x, top, shift) (exp((x) - (top)) / (shift))
#endif
// On numbers and on vectors.
#define HIGHER(x, top) (((x) > (top) | (x) != (x)) ? (x) : (top))

kernel void softmax_short_simt(ARGUMENTS) {
  size_t row = get_global_id(0);
  if (row >= rows) return;
  ulong from = sourceOffset + row * count, to = row * count;
  T top = LOAD(source, from);
  for (ulong i = 1; i < count; i++) {
    T x = LOAD(source, from + i);
    top = HIGHER(x, top);
  }
  T total = 0;
  for (ulong i = 0; i < count; i++) total += exp(LOAD(source, from + i) - top);
  T shift = SHIFT(total);
  for (ulong i = 0; i < count; i++) {
    T x = LOAD(source, from + i);
    STORE(output, to + i, RESULT(x, top, shift));
  }
}

#ifdef GROUP
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void softmax_rows_simt(ARGUMENTS) {
  local T shared[GROUP];
  size_t row = get_group_id(0), item = get_local_id(0);
  ulong from = sourceOffset + row * count, to = row * count;
  // Every item starts with an element of the row: a start of -inf might not be in it.
  T top = LOAD(source, from);
  for (ulong i = item; i < count; i += GROUP) {
    T x = LOAD(source, from + i);
    top = HIGHER(x, top);
  }
  shared[item] = top;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t half_ = GROUP / 2; half_ > 0; half_ /= 2) {
    if (item < half_) {
      T other = shared[item + half_];
      shared[item] = HIGHER(other, shared[item]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  top = shared[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  T total = 0;
  for (ulong i = item; i < count; i += GROUP) total += exp(LOAD(source, from + i) - top);
  shared[item] = total;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t half_ = GROUP / 2; half_ > 0; half_ /= 2) {
    if (item < half_) shared[item] += shared[item + half_];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  T shift = SHIFT(shared[0]);
  for (ulong i = item; i < count; i += GROUP) {
    T x = LOAD(source, from + i);
    STORE(output, to + i, RESULT(x, top, shift));
  }
}
#endif

#ifdef VECTOR_STORES
#define TILE 2048
#define TILE_ROWS 128
typedef PASTE(T, LANES) V;
#define LOAD_LANES(p, i) LOAD_VECTOR(LANES, p, i)
#define STORE_LANES(p, i, x) STORE_VECTOR(LANES, p, i, x)
#define ALIGNED __attribute__((aligned(64)))
#ifdef HAS_DOUBLE
#define SUM double
#else
#define SUM T
#endif
typedef PASTE(SUM, LANES) Sums;
#define SUMMANDS(x) PASTE3(convert_, SUM, LANES)(x)
#define HIGHEST(a, b) HIGHER(b, a)

FOLD_LANES(highest_lane, T, HIGHEST)
FOLD_LANES(sum_of_lanes, SUM, ADD)
static inline ulong lesser(ulong a, ulong b) { return a < b ? a : b; }

#if ELEMENT(IS_LONG)
#define POWER(x) exp(x)
#else
// exp(x) for x <= 0, within 2 units of the last place, subnormal results included: 2^n * exp(r)
// with |r| <= log(2) / 2. The polynomial and the two parts of log(2) are those of Cephes' expf.
static inline V power_of_negative(V x) {
  x = x < -104.0f ? (V)-104.0f : x;
  // The integer nearest to x / log(2) in the low bits.
  const V shifted = MULTIPLY_ADD((V)12582912.0f, x, (V)1.44269504f);
  const V n = shifted - 12582912.0f;
  V r = MULTIPLY_ADD(x, n, (V)-0.693359375f);
  r = MULTIPLY_ADD(r, n, (V)2.12194440e-4f);
  V p = MULTIPLY_ADD((V)1.3981999507e-3f, (V)1.9875691500e-4f, r);
  p = MULTIPLY_ADD((V)8.3334519073e-3f, p, r);
  p = MULTIPLY_ADD((V)4.1665795894e-2f, p, r);
  p = MULTIPLY_ADD((V)1.6666665459e-1f, p, r);
  p = MULTIPLY_ADD((V)5.0000001201e-1f, p, r);
  p = MULTIPLY_ADD(r, p * r, r) + 1.0f;
  // 2^(n + 64) is a normal number; the shift leaves only the low bits of n.
  const PASTE(int, LANES) bits = (PASTE(as_int, LANES)(shifted) << 23) + ((127 + 64) << 23);
  return p * PASTE(as_float, LANES)(bits) * 0x1p-64f;
}
#define POWER(x) power_of_negative(x)
#endif

// Rows shorter than a vector: LANES of them at a time, transposed, so that each has a lane.
kernel void softmax_short_wide(ARGUMENTS) {
  const ulong start = get_global_id(0) * (ulong)TILE_ROWS;
  if (start >= rows || count > LANES) return;
  const ulong here = lesser(TILE_ROWS, rows - start), values = here * count;
  const ulong from = sourceOffset + start * count, to = start * count;
  // The vectors of the last rows extend beyond them: into other rows, or into a padded copy where
  // there are none.
  const ulong read = (here + LANES - 1) / LANES * LANES * count + LANES;
  const bool isInside = start * count + read <= rows * count;
  T tile[(TILE_ROWS + 1) * LANES] ALIGNED, results[(TILE_ROWS + 1) * LANES] ALIGNED;
  ulong i = 0;
  if (!isInside) {
    for (; i < values; i++) tile[i] = LOAD(source, from + i);
    for (; i < read; i++) tile[i] = 0;
  }
  for (ulong row = 0; row < here; row += LANES) {
    const ulong first = row * count;
    V x[LANES], y[LANES];
    if (isInside) {
#pragma unroll
      for (int n = 0; n < LANES; n++) x[n] = LOAD_LANES(source, from + first + n * count);
    } else {
#pragma unroll
      for (int n = 0; n < LANES; n++) x[n] = PASTE(vload, LANES)(0, tile + first + n * count);
    }
    TRANSPOSE(x, y)
    V top = x[0];
#pragma unroll
    for (int n = 1; n < LANES; n++) {
      if (n < count) top = HIGHER(x[n], top);
    }
    Sums sums = (Sums)(SUM)0;
#ifdef LOGARITHM
#pragma unroll
    for (int n = 0; n < LANES; n++) {
      if (n < count) {
        x[n] -= top;
        sums += SUMMANDS(POWER(x[n]));
      }
    }
    const V shift = PASTE3(convert_, T, LANES)(log(sums));
#pragma unroll
    for (int n = 0; n < LANES; n++) x[n] -= shift;
#else
#pragma unroll
    for (int n = 0; n < LANES; n++) {
      if (n < count) {
        x[n] = POWER(x[n] - top);
        sums += SUMMANDS(x[n]);
      }
    }
    const V scale = (T)1 / PASTE3(convert_, T, LANES)(sums);
#pragma unroll
    for (int n = 0; n < LANES; n++) x[n] *= scale;
#endif
    TRANSPOSE(x, y)
    // The lanes beyond the end of a row are overwritten by the next row.
#pragma unroll
    for (int n = 0; n < LANES; n++) PASTE(vstore, LANES)(x[n], 0, results + first + n * count);
  }
  for (i = 0; i + LANES <= values; i += LANES) {
    STORE_LANES(output, to + i, PASTE(vload, LANES)(0, results + i));
  }
  for (; i < values; i++) STORE(output, to + i, results[i]);
}

#if LANES == 16
#define LANE_NUMBERS (V)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#else
#define LANE_NUMBERS (V)(0, 1, 2, 3, 4, 5, 6, 7)
#endif

// The maximum of LANES elements and more; the last vector overlaps the one before.
static inline T highest_of(global const S *x, ulong count) {
  V tops = LOAD_LANES(x, count - LANES), others = tops;
  ulong i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    const V even = LOAD_LANES(x, i), odd = LOAD_LANES(x, i + LANES);
    tops = HIGHER(even, tops);
    others = HIGHER(odd, others);
  }
  if (i + LANES <= count) {
    const V even = LOAD_LANES(x, i);
    tops = HIGHER(even, tops);
  }
  const V both = HIGHER(others, tops);
  return highest_lane(both);
}

// Adds the exponentials to `total`; KEEP(i, power) may write them.
#define ADD_POWERS(total, x, count, top, KEEP)                                                 \
  {                                                                                            \
    ulong i = 0;                                                                               \
    while (i + LANES <= count) {                                                               \
      Sums sums = (Sums)(SUM)0;                                                                \
      for (const ulong limit = lesser(i + TILE, count); i + LANES <= limit; i += LANES) {      \
        const V power = POWER(LOAD_LANES(x, i) - top);                                         \
        KEEP(i, power);                                                                        \
        sums += SUMMANDS(power);                                                               \
      }                                                                                        \
      total += sum_of_lanes(sums);                                                             \
    }                                                                                          \
    if (i < count) {                                                                           \
      const ulong last = count - LANES;                                                        \
      const V power = POWER(LOAD_LANES(x, last) - top);                                        \
      KEEP(last, power);                                                                       \
      /* Not again the elements before i. */                                                   \
      total += sum_of_lanes(SUMMANDS(LANE_NUMBERS < (T)(i - last) ? (V)(T)0 : power));         \
    }                                                                                          \
  }

// One row of at least LANES elements.
//
// A row that stays in the cache is read for its maximum first; the exponentials are then kept in
// the output. Of a longer row, and where the output would round them, the maximum and the sum are
// computed together, block by block, and the exponentials twice.
kernel void softmax_rows_wide(ARGUMENTS) {
  const size_t row = get_global_id(0);
  if (row >= rows) return;
  global const S *x = source + (sourceOffset + row * count);
  global S *y = output + row * count;
  const ulong last = count - LANES;
  ulong i = 0;
  SUM total = 0;
#if !ELEMENT(IS_FLOAT16) && !ELEMENT(IS_BFLOAT16) && !defined(LOGARITHM)
  if (count <= 32768) {
    const T top = highest_of(x, count);
#define KEEP_POWER(i, power) STORE_LANES(y, i, power)
    ADD_POWERS(total, x, count, top, KEEP_POWER)
    const T scale = (T)(1 / total);
    const V end = LOAD_LANES(y, last) * scale;
    for (; i + LANES <= count; i += LANES) STORE_LANES(y, i, LOAD_LANES(y, i) * scale);
    if (i < count) STORE_LANES(y, last, end);
    return;
  }
#endif
  T top = -INFINITY;
  for (ulong start = 0; start < count;) {
    // No block is shorter than a vector.
    const ulong width = count - start < TILE + LANES ? count - start : TILE;
    global const S *block = x + start;
    start += width;
    const T found = highest_of(block, width), highest = HIGHER(found, top);
    // -inf alone adds nothing so far; a row of nothing else becomes NaN in its results.
    if (highest == (T)-INFINITY) continue;
    if (total != 0) total *= exp(top - highest);
    top = highest;
#define KEEP_NOTHING(i, power)
    ADD_POWERS(total, block, width, top, KEEP_NOTHING)
  }
#ifdef LOGARITHM
  const T shift = (T)log(total);
#define ROW_RESULT(x) ((x) - top - shift)
#else
  const T scale = (T)(1 / total);
#define ROW_RESULT(x) (POWER((x) - top) * scale)
#endif
  for (; i + LANES <= count; i += LANES) STORE_LANES(y, i, ROW_RESULT(LOAD_LANES(x, i)));
  if (i < count) STORE_LANES(y, last, ROW_RESULT(LOAD_LANES(x, last)));
}
#endif

// Softmax and its logarithm of contiguous rows: exp(x - max) / sum, x - max - log(sum).
//
// The host defines T (float or double), S, LOAD_S(pointer, index) and STORE_S(pointer, index, value)
// for the storage type S, LOGARITHM for the logarithm, and GROUP for the group form. For the forms of
// CPU devices it defines
//   VECTOR_STORES      before types.cl
//   LANES              16 for float, 8 for double
//   VLOAD_S(pointer, index), VSTORE_S(pointer, index, value)
//                      which read and write LANES neighbouring elements as a vector of T
//   S_IS_T             where S is T
//   CARRY_DOUBLE       where T is float and the device has double: sums are carried in it
//   T_IS_DOUBLE        where T is double
//   SLOW_FMA           where fma is no instruction
//
// All kernels have the same arguments.
//
//   kernel          global size                      local   for
//   softmax_items   rows                             64      GPUs: rows shorter than 64
//   softmax_rows    rows * GROUP                     GROUP   GPUs: rows of 64 and more
//   softmax_tiles   ceil(rows / TILE_ROWS)           1       CPUs: rows shorter than LANES; TILE_ROWS
//                                                            is 128
//   softmax_wide    rows                             1       CPUs: rows of LANES and more
//
// A NaN or +inf in a row makes its maximum or a difference NaN, which the sum carries to every
// element, as does a row of -inf alone.

#ifdef LOGARITHM
#define SHIFT(total) log(total)
#define RESULT(x, top, shift) ((x) - (top) - (shift))
#else
#define SHIFT(total) (total)
#define RESULT(x, top, shift) (exp((x) - (top)) / (shift))
#endif
#define HIGHER(x, top) ((x) > (top) || (x) != (x) ? (x) : (top))

kernel void softmax_items(
    global const S *source, ulong sourceOffset, global S *output, ulong rows, ulong count) {
  size_t row = get_global_id(0);
  if (row >= rows) return;
  ulong from = sourceOffset + row * count, to = row * count;
  T top = LOAD_S(source, from);
  for (ulong i = 1; i < count; i++) {
    T x = LOAD_S(source, from + i);
    top = HIGHER(x, top);
  }
  T total = 0;
  for (ulong i = 0; i < count; i++) total += exp(LOAD_S(source, from + i) - top);
  T shift = SHIFT(total);
  for (ulong i = 0; i < count; i++) {
    T x = LOAD_S(source, from + i);
    STORE_S(output, to + i, RESULT(x, top, shift));
  }
}

#ifdef GROUP
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void softmax_rows(
    global const S *source, ulong sourceOffset, global S *output, ulong rows, ulong count) {
  local T shared[GROUP];
  size_t row = get_group_id(0), item = get_local_id(0);
  ulong from = sourceOffset + row * count, to = row * count;
  // Every item starts with an element of the row, so that there is no -inf that is not in it.
  T top = LOAD_S(source, from);
  for (ulong i = item; i < count; i += GROUP) {
    T x = LOAD_S(source, from + i);
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
  for (ulong i = item; i < count; i += GROUP) total += exp(LOAD_S(source, from + i) - top);
  shared[item] = total;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t half_ = GROUP / 2; half_ > 0; half_ /= 2) {
    if (item < half_) shared[item] += shared[item + half_];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  T shift = SHIFT(shared[0]);
  for (ulong i = item; i < count; i += GROUP) {
    T x = LOAD_S(source, from + i);
    STORE_S(output, to + i, RESULT(x, top, shift));
  }
}
#endif

#ifdef LANES
#define PASTE_(A, B) A##B
#define PASTE(A, B) PASTE_(A, B)
#define TILE 2048
#define TILE_ROWS 128
typedef PASTE(T, LANES) V;
#define ALIGNED __attribute__((aligned(64)))
#ifdef CARRY_DOUBLE
#define SUM double
#else
#define SUM T
#endif
typedef PASTE(SUM, LANES) Sums;
#define SUMMANDS(x) PASTE(PASTE(convert_, SUM), LANES)(x)
#define LANES_HIGHER(x, top) (((x) > (top) | (x) != (x)) ? (x) : (top))

static inline T highest_lane(V x) {
#if LANES == 16
  PASTE(T, 8) eight = LANES_HIGHER(x.hi, x.lo);
#else
  PASTE(T, 8) eight = x;
#endif
  PASTE(T, 4) four = LANES_HIGHER(eight.hi, eight.lo);
  PASTE(T, 2) two = LANES_HIGHER(four.hi, four.lo);
  return HIGHER(two.hi, two.lo);
}
static inline SUM sum_of_lanes(Sums x) {
#if LANES == 16
  PASTE(SUM, 8) eight = x.lo + x.hi;
#else
  PASTE(SUM, 8) eight = x;
#endif
  PASTE(SUM, 4) four = eight.lo + eight.hi;
  PASTE(SUM, 2) two = four.lo + four.hi;
  return two.lo + two.hi;
}
static inline ulong lesser(ulong a, ulong b) { return a < b ? a : b; }

#ifdef T_IS_DOUBLE
#define POWER(x) exp(x)
#else
#ifdef SLOW_FMA
#define FMA(a, b, c) ((a) * (b) + (c))
#else
#define FMA(a, b, c) fma(a, b, c)
#endif
// exp(x) for x <= 0, within 2 units of the last place, subnormal results included: 2^n * exp(r) with
// |r| <= log(2) / 2. The polynomial and the two parts of log(2) are those of Cephes' expf.
static inline V power_of_negative(V x) {
  x = x < -104.0f ? (V)-104.0f : x;
  // The integer nearest to x / log(2) in the low bits.
  const V shifted = FMA(x, (V)1.44269504f, (V)12582912.0f);
  const V n = shifted - 12582912.0f;
  V r = FMA(n, (V)-0.693359375f, x);
  r = FMA(n, (V)2.12194440e-4f, r);
  V p = FMA((V)1.9875691500e-4f, r, (V)1.3981999507e-3f);
  p = FMA(p, r, (V)8.3334519073e-3f);
  p = FMA(p, r, (V)4.1665795894e-2f);
  p = FMA(p, r, (V)1.6666665459e-1f);
  p = FMA(p, r, (V)5.0000001201e-1f);
  p = FMA(p * r, r, r) + 1.0f;
  // 2^(n + 64), of which the shift leaves nothing but n's low bits, is normal.
  const PASTE(int, LANES) bits = (PASTE(as_int, LANES)(shifted) << 23) + ((127 + 64) << 23);
  return p * PASTE(as_float, LANES)(bits) * 0x1p-64f;
}
#define POWER(x) power_of_negative(x)
#endif

// Each round takes the even and the odd elements of two neighbouring vectors apart; log2(LANES) of them
// transpose LANES vectors.
#define ROUND(TO, FROM)                                                   \
  _Pragma("unroll") for (int i = 0; i < LANES / 2; i++) {                 \
    TO[i] = (V)(FROM[2 * i].even, FROM[2 * i + 1].even);                  \
    TO[i + LANES / 2] = (V)(FROM[2 * i].odd, FROM[2 * i + 1].odd);        \
  }
#if LANES == 16
#define TRANSPOSE(x, y) ROUND(y, x) ROUND(x, y) ROUND(y, x) ROUND(x, y)
#else
#define TRANSPOSE(x, y)                                                   \
  ROUND(y, x) ROUND(x, y) ROUND(y, x)                                     \
  _Pragma("unroll") for (int i = 0; i < LANES; i++) x[i] = y[i];
#endif

// Rows shorter than a vector: LANES of them at a time, transposed, so that each has a lane.
kernel void softmax_tiles(
    global const S *source, ulong sourceOffset, global S *output, ulong rows, ulong count) {
  const ulong start = get_global_id(0) * (ulong)TILE_ROWS;
  if (start >= rows || count > LANES) return;
  const ulong here = lesser(TILE_ROWS, rows - start), values = here * count;
  const ulong from = sourceOffset + start * count, to = start * count;
  // The vectors of the last rows reach beyond them: into other rows, or a copy where there are none.
  const ulong read = (here + LANES - 1) / LANES * LANES * count + LANES;
  const bool isInside = start * count + read <= rows * count;
  T tile[(TILE_ROWS + 1) * LANES] ALIGNED, results[(TILE_ROWS + 1) * LANES] ALIGNED;
  ulong i = 0;
  if (!isInside) {
    for (; i < values; i++) tile[i] = LOAD_S(source, from + i);
    for (; i < read; i++) tile[i] = 0;
  }
  for (ulong row = 0; row < here; row += LANES) {
    const ulong first = row * count;
    V x[LANES], y[LANES];
    if (isInside) {
#pragma unroll
      for (int n = 0; n < LANES; n++) x[n] = VLOAD_S(source, from + first + n * count);
    } else {
#pragma unroll
      for (int n = 0; n < LANES; n++) x[n] = PASTE(vload, LANES)(0, tile + first + n * count);
    }
    TRANSPOSE(x, y)
    V top = x[0];
#pragma unroll
    for (int n = 1; n < LANES; n++) {
      if (n < count) top = LANES_HIGHER(x[n], top);
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
    const V shift = PASTE(PASTE(convert_, T), LANES)(log(sums));
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
    const V scale = (T)1 / PASTE(PASTE(convert_, T), LANES)(sums);
#pragma unroll
    for (int n = 0; n < LANES; n++) x[n] *= scale;
#endif
    TRANSPOSE(x, y)
    // Beyond the end of a row comes the next one's place.
#pragma unroll
    for (int n = 0; n < LANES; n++) PASTE(vstore, LANES)(x[n], 0, results + first + n * count);
  }
  for (i = 0; i + LANES <= values; i += LANES) {
    VSTORE_S(output, to + i, PASTE(vload, LANES)(0, results + i));
  }
  for (; i < values; i++) STORE_S(output, to + i, results[i]);
}

#if LANES == 16
#define LANE_NUMBERS (V)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#else
#define LANE_NUMBERS (V)(0, 1, 2, 3, 4, 5, 6, 7)
#endif

// The maximum of LANES elements and more; the last vector overlaps the one before.
static inline T highest_of(global const S *x, ulong count) {
  V tops = VLOAD_S(x, count - LANES), others = tops;
  ulong i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    const V even = VLOAD_S(x, i), odd = VLOAD_S(x, i + LANES);
    tops = LANES_HIGHER(even, tops);
    others = LANES_HIGHER(odd, others);
  }
  if (i + LANES <= count) {
    const V even = VLOAD_S(x, i);
    tops = LANES_HIGHER(even, tops);
  }
  const V both = LANES_HIGHER(others, tops);
  return highest_lane(both);
}

// The sum of exponentials, which KEEP(i, power) may write.
#define ADD_POWERS(total, x, count, top, KEEP)                                                 \
  {                                                                                            \
    ulong i = 0;                                                                               \
    while (i + LANES <= count) {                                                               \
      Sums sums = (Sums)(SUM)0;                                                                \
      for (const ulong limit = lesser(i + TILE, count); i + LANES <= limit; i += LANES) {      \
        const V power = POWER(VLOAD_S(x, i) - top);                                            \
        KEEP(i, power);                                                                        \
        sums += SUMMANDS(power);                                                               \
      }                                                                                        \
      total += sum_of_lanes(sums);                                                             \
    }                                                                                          \
    if (i < count) {                                                                           \
      const ulong last = count - LANES;                                                        \
      const V power = POWER(VLOAD_S(x, last) - top);                                           \
      KEEP(last, power);                                                                       \
      /* Not again the elements before i. */                                                   \
      total += sum_of_lanes(SUMMANDS(LANE_NUMBERS < (T)(i - last) ? (V)(T)0 : power));         \
    }                                                                                          \
  }

// One row of at least LANES elements.
//
// A row that stays in the cache is read for its maximum; exponentials then wait in the output. Of a
// longer row, and where the output would round them, the maximum and the sum are made together, block
// by block, and exponentials twice.
kernel void softmax_wide(
    global const S *source, ulong sourceOffset, global S *output, ulong rows, ulong count) {
  const size_t row = get_global_id(0);
  if (row >= rows) return;
  global const S *x = source + (sourceOffset + row * count);
  global S *y = output + row * count;
  const ulong last = count - LANES;
  ulong i = 0;
  SUM total = 0;
#if defined(S_IS_T) && !defined(LOGARITHM)
  if (count <= 32768) {
    const T top = highest_of(x, count);
#define KEEP_POWER(i, power) VSTORE_S(y, i, power)
    ADD_POWERS(total, x, count, top, KEEP_POWER)
    const T scale = (T)(1 / total);
    const V end = VLOAD_S(y, last) * scale;
    for (; i + LANES <= count; i += LANES) VSTORE_S(y, i, VLOAD_S(y, i) * scale);
    if (i < count) VSTORE_S(y, last, end);
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
    // Nothing but -inf so far adds nothing; a row of that alone becomes NaN with its results.
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
  for (; i + LANES <= count; i += LANES) VSTORE_S(y, i, ROW_RESULT(VLOAD_S(x, i)));
  if (i < count) VSTORE_S(y, last, ROW_RESULT(VLOAD_S(x, last)));
}
#endif

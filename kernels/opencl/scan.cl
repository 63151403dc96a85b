// Running sums along the middle axis of [outer, extent, inner], by the same additions as the CPU's
// (cpu/scan.c): a row is summed in blocks of BLOCK elements and spans of BLOCK blocks.
//
//   kernel         global size     computes
//   scan_blocks    lanes, blocks   blockTotals = the sum of each block
//   scan_spans     lanes, spans    blockTotals = the sum of the blocks before in the span;
//                                  spanTotals = the sum of each span
//   scan_rows      lanes           spanTotals = the sum of the spans before
//   scan_sums      lanes, blocks   output = spans before + (blocks before + elements of the block)
//   scan_again     lanes           rows of Doubles that scan_sums marked, one element after another
//
// A lane is a row, or a column of one where inner is more than 1: outer · inner of them. Where a
// row is one block, scan_sums runs alone. Every kernel serves CPUs and GPUs.
//
//   a row, in the order of the sums     | block | block | … | block | block | …
//                                       |<--------- span --------->|<-- span …
//
// The host defines ELEMENT (element.h): a floating type, int64 or uint64; REVERSE if rows begin at
// their end, EXCLUSIVE for sums without the element itself. Parts are W: 64-bit integers, Doubles
// for 16-bit floats and Float, pairs for Double. Without cl_khr_fp64 the bits of a Double are
// computed in integers.
// Reference: `scan` in Tests/TestSupport/ReferenceBackend.swift.
#include "element.h"

#define BLOCK 64ul

#if !ELEMENT(IS_FLOATING)

typedef ulong W;
#define NOTHING 0ul
#define TOTAL(a, b) ((a) + (b))
#define NEXT(run, x) ((run) + (ulong)(x))
#define STORE_SUM(P, I, SUM) STORE(P, I, SUM)

#elif ELEMENT(IS_LONG)

#define PAIRS
// High and low part.
typedef double2 W;
#define NOTHING ((double2)(0.0, 0.0))
static inline bool is_finite(double x) { return x - x == 0; }
// The error of the sum a + b.
static inline double sum_error(double a, double b, double sum) {
  const double other = sum - a;
  return (a - (sum - other)) + (b - other);
}
static inline W pair_sum(W a, W b) {
  const double sum = a.x + b.x;
  const double low = is_finite(sum) ? sum_error(a.x, b.x, sum) + (a.y + b.y) : 0;
  const double high = sum + low;
  return (W)(high, is_finite(high) ? sum_error(sum, low, high) : 0);
}
// Collects the errors of a block in the low part.
static inline W pair_add(W run, double x) {
  const double sum = run.x + x;
  return (W)(sum, run.y + sum_error(run.x, x, sum));
}
// The sum after adding x: `last` where rounding moved it in the other direction.
static inline double following(double last, double x, double sum) {
  return (x >= 0 && sum < last) || (x <= 0 && sum > last) ? last : sum;
}
#define TOTAL(a, b) pair_sum(a, b)
#define NEXT(run, x) pair_add(run, x)

#elif defined(HAS_DOUBLE)

typedef double W;
#define NOTHING 0.0
#define TOTAL(a, b) ((a) + (b))
#define NEXT(run, x) ((run) + (double)(x))
#define ROUNDED_SUM(SUM) ((float)(SUM))
#define ODD_SUM(SUM) odd_float_of_double(SUM)

#else

// The bits of a Double. No sum of Floats is subnormal or too large for one.
typedef ulong W;
#define NOTHING 0ul
#define SIGN 0x8000000000000000ul
#define INFINITE 0x7FF0000000000000ul

static inline ulong double_of_float(float x) {
  const uint word = as_uint(x);
  const ulong sign = (ulong)(word >> 31) << 63;
  ulong exponent = word >> 23 & 0xFF, fraction = word & 0x7FFFFF;
  if (exponent == 0xFF) return sign | INFINITE | fraction << 29;
  if (exponent == 0) {
    if (fraction == 0) return sign;
    const ulong shift = clz(fraction) - 40;
    fraction = fraction << shift & 0x7FFFFF;
    // 1 - shift, the exponent of a subnormal Float, on the scale of Double.
    return sign | (1023 - 127 + 1 - shift) << 52 | fraction << 29;
  }
  return sign | (exponent + 1023 - 127) << 52 | fraction << 29;
}

// To the nearest Double, ties to even.
static ulong double_sum(ulong a, ulong b) {
  if ((a & ~SIGN) < (b & ~SIGN)) {
    const ulong larger = b;
    b = a;
    a = larger;
  }
  // Zeros: the sum of two is negative if both are.
  if ((b & ~SIGN) == 0) return (a & ~SIGN) == 0 ? a & b : a;
  if ((a & ~SIGN) >= INFINITE) {
    const bool isNaN = (a & ~SIGN) > INFINITE || ((b & ~SIGN) == INFINITE && a != b);
    return isNaN ? INFINITE | 1ul << 51 : a;
  }
  // Ten bits below the last, of which the lowest stands for all that were shifted out.
  ulong exponent = a >> 52 & 0x7FF;
  ulong high = ((a & 0xFFFFFFFFFFFFFul) | 1ul << 52) << 10;
  ulong low = ((b & 0xFFFFFFFFFFFFFul) | 1ul << 52) << 10;
  const ulong distance = exponent - (b >> 52 & 0x7FF);
  if (distance > 0) {
    low = distance > 62 ? 1 : low >> distance | ((low << (64 - distance)) != 0);
  }
  ulong sum = ((a ^ b) & SIGN) == 0 ? high + low : high - low;
  if (sum == 0) return 0;
  const ulong zeros = clz(sum);
  if (zeros == 0) {
    sum = sum >> 1 | (sum & 1);
    exponent += 1;
  } else {
    sum <<= zeros - 1;
    exponent -= zeros - 1;
  }
  const ulong rest = sum & 0x3FF;
  sum >>= 10;
  sum += rest > 0x200 || (rest == 0x200 && (sum & 1) != 0);
  // A carry out of the fraction is one into the exponent.
  return (a & SIGN) | ((exponent << 52) + (sum - (1ul << 52)));
}

// The Float towards zero from the bits of a Double. What it lacks is in `rest`: 0 for nothing, 1, 2
// or 3 for less than half a unit, for half a unit, for more.
static float float_below(ulong bits, uint *rest) {
  const uint sign = (uint)(bits >> 32) & 0x80000000u;
  const long exponent = (long)(bits >> 52 & 0x7FF) - 1023 + 127;
  *rest = 0;
  if ((bits & ~SIGN) == 0) return as_float(sign);
  if ((bits & ~SIGN) >= INFINITE) {
    return as_float(sign | ((bits & ~SIGN) > INFINITE ? 0x7FC00000u : 0x7F800000u));
  }
  if (exponent >= 255) {
    *rest = 3;
    return as_float(sign | 0x7F7FFFFFu);
  }
  const ulong fraction = (bits & 0xFFFFFFFFFFFFFul) | 1ul << 52;
  // Subnormal Floats have fewer bits.
  const ulong shift = exponent > 0 ? 29 : min(30 - exponent, 63l);
  const ulong kept = fraction >> shift, lost = fraction & ((1ul << shift) - 1);
  const ulong half_ = 1ul << (shift - 1);
  *rest = lost == 0 ? 0 : lost < half_ ? 1 : lost == half_ ? 2 : 3;
  const uint word = exponent > 0 ? ((uint)exponent << 23) + ((uint)kept - (1u << 23)) : (uint)kept;
  return as_float(sign | word);
}
static inline float rounded_float(ulong bits) {
  uint rest;
  const uint below = as_uint(float_below(bits, &rest));
  // The next Float has the next word, and the one after the largest is infinity.
  return as_float(below + (rest > 2 || (rest == 2 && (below & 1) != 0)));
}
static inline float odd_float(ulong bits) {
  uint rest;
  const uint below = as_uint(float_below(bits, &rest));
  return as_float(below | (rest > 0));
}
#define TOTAL(a, b) double_sum(a, b)
#define NEXT(run, x) double_sum(run, double_of_float(x))
#define ROUNDED_SUM(SUM) rounded_float(SUM)
#define ODD_SUM(SUM) odd_float(SUM)

#endif

#ifdef ROUNDED_SUM
#if ELEMENT(IS_FLOAT16) || ELEMENT(IS_BFLOAT16)
#define STORE_SUM(P, I, SUM) STORE(P, I, ODD_SUM(SUM))
#else
#define STORE_SUM(P, I, SUM) STORE(P, I, ROUNDED_SUM(SUM))
#endif
#endif

// Where the element at `place` in the order of the sums is, of a lane.
static inline ulong position(ulong lane, ulong place, ulong extent, ulong inner) {
#ifdef REVERSE
  place = extent - 1 - place;
#endif
  return (lane / inner * extent + place) * inner + lane % inner;
}

kernel void scan_blocks(
    global const S *source,     // [outer, extent, inner] from sourceOffset on
    ulong sourceOffset,
    global W *blockTotals,      // [blocks, lanes]
    ulong lanes, ulong extent, ulong inner) {
  const ulong lane = get_global_id(0), block = get_global_id(1);
  if (lane >= lanes || block * BLOCK >= extent) return;
  const ulong end = min(extent, (block + 1) * BLOCK);
  W run = NOTHING;
  for (ulong place = block * BLOCK; place < end; place++) {
    run = NEXT(run, LOAD(source, sourceOffset + position(lane, place, extent, inner)));
  }
  blockTotals[block * lanes + lane] = run;
}

kernel void scan_spans(
    global W *blockTotals,      // [blocks, lanes]
    global W *spanTotals,       // [spans, lanes]
    ulong lanes, ulong blocks) {
  const ulong lane = get_global_id(0), span = get_global_id(1);
  if (lane >= lanes || span * BLOCK >= blocks) return;
  const ulong end = min(blocks, (span + 1) * BLOCK);
  W sum = NOTHING;
  for (ulong block = span * BLOCK; block < end; block++) {
    const W total = blockTotals[block * lanes + lane];
    blockTotals[block * lanes + lane] = sum;
    sum = TOTAL(sum, total);
  }
  spanTotals[span * lanes + lane] = sum;
}

kernel void scan_rows(
    global W *spanTotals,       // [spans, lanes]
    global uint *wrong,         // [lanes]
    ulong lanes, ulong spans) {
  const ulong lane = get_global_id(0);
  if (lane >= lanes) return;
  W sum = NOTHING;
  for (ulong span = 0; span < spans; span++) {
    const W total = spanTotals[span * lanes + lane];
    spanTotals[span * lanes + lane] = sum;
    sum = TOTAL(sum, total);
  }
  wrong[lane] = 0;
}

kernel void scan_sums(
    global const S *source,     // [outer, extent, inner] from sourceOffset on
    ulong sourceOffset,
    global S *output,           // [outer, extent, inner]
    global const W *blockTotals,  // [blocks, lanes]; not read if extent is at most BLOCK
    global const W *spanTotals,   // [spans, lanes]
    global uint *wrong,         // [lanes]; not written then
    ulong lanes, ulong extent, ulong inner) {
  const ulong lane = get_global_id(0), block = get_global_id(1);
  if (lane >= lanes || block * BLOCK >= extent) return;
  const ulong end = min(extent, (block + 1) * BLOCK);
  W blocks = NOTHING, spans = NOTHING, run = NOTHING;
  if (extent > BLOCK) {
    blocks = blockTotals[block * lanes + lane];
    spans = spanTotals[block / BLOCK * lanes + lane];
  }
#ifdef PAIRS
  double last = TOTAL(spans, blocks).x;
  bool isWrong = false;
  for (ulong place = block * BLOCK; place < end; place++) {
    const ulong at = position(lane, place, extent, inner);
    const double x = LOAD(source, sourceOffset + at);
    run = NEXT(run, x);
    const double sum = following(last, x, TOTAL(spans, TOTAL(blocks, run)).x);
    isWrong |= !is_finite(sum) && is_finite(last) && is_finite(x);
#ifdef EXCLUSIVE
    STORE(output, at, last);
#else
    STORE(output, at, sum);
#endif
    last = sum;
  }
  // The next block begins with the sum of the parts: one that was kept beyond its end would fall.
  const double sum = TOTAL(spans, TOTAL(blocks, run)).x;
  isWrong |= end % BLOCK == 0 && (last < sum || last > sum);
  if (isWrong && extent > BLOCK) wrong[lane] = 1;
#else
  W last = TOTAL(spans, blocks);
  for (ulong place = block * BLOCK; place < end; place++) {
    const ulong at = position(lane, place, extent, inner);
    run = NEXT(run, LOAD(source, sourceOffset + at));
    const W sum = TOTAL(spans, TOTAL(blocks, run));
#ifdef EXCLUSIVE
    STORE_SUM(output, at, last);
#else
    STORE_SUM(output, at, sum);
#endif
    last = sum;
  }
#endif
}

#ifdef PAIRS
kernel void scan_again(
    global const S *source,     // [outer, extent, inner] from sourceOffset on
    ulong sourceOffset,
    global S *output,           // [outer, extent, inner]
    global const uint *wrong,   // [lanes]
    ulong lanes, ulong extent, ulong inner) {
  const ulong lane = get_global_id(0);
  if (lane >= lanes || wrong[lane] == 0) return;
  W run = NOTHING;
  double last = 0;
  for (ulong place = 0; place < extent; place++) {
    const ulong at = position(lane, place, extent, inner);
    const double x = LOAD(source, sourceOffset + at);
    run = TOTAL(run, (W)(x, 0.0));
    const double sum = following(last, x, run.x);
#ifdef EXCLUSIVE
    STORE(output, at, last);
#else
    STORE(output, at, sum);
#endif
    last = sum;
  }
}
#endif

// Numbers of the counter-based generator: masks, uniform and normal numbers, contiguous.
//
//   kernel         global size        computes, for i in 0 ..< count
//   draw_mask      blocks of words    output[i] = source[i] · (word i < limit ? factor : 0)
//   draw_uniform   the same           output[i] in from ..< to
//   draw_normal    the same           output[i] = mean + deviation · a normal number
//
//   words    | w0 w1 w2 w3 | w0 w1 w2 w3 | w0 w1 …      block `block`, then the following ones
//               item 0        item 1       item 2
//   output   | 4 elements  | 4 elements  | the rest |   2 for uniform and normal Double
//
// An item computes a block of four words and what is made of it. ../philox.h says how words become
// numbers; the C kernels (kernels/cpu/type_draw.h) compute the same bits. Every kernel serves CPUs
// and GPUs.
//
// The host defines ELEMENT (element.h), one of MASK, UNIFORM and NORMAL, and with MASK HAS_SOURCE
// if there is a source: without it the output is the mask itself.
// Reference: `draw` in Tests/TestSupport/ReferenceBackend.swift.
#include "element.h"
#include "../philox.h"

static inline uint4 draw_words(ulong key, ulong block) {
  uint4 w = (uint4)((uint)block, (uint)(block >> 32), 0, 0);
  uint key0 = (uint)key, key1 = (uint)(key >> 32);
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    w = (uint4)(mul_hi(w.z, PHILOX_FACTOR_2) ^ w.y ^ key0, w.z * PHILOX_FACTOR_2,
                mul_hi(w.x, PHILOX_FACTOR_0) ^ w.w ^ key1, w.x * PHILOX_FACTOR_0);
    key0 += PHILOX_STEP_0;
    key1 += PHILOX_STEP_1;
  }
  return w;
}

#if defined(MASK)

static inline void mask(
#ifdef HAS_SOURCE
    global const S *source,
#endif
    global S *output, ulong i, ulong count, uint word, ulong limit, T factor) {
  if (i >= count) return;
  const T kept = (ulong)word < limit ? factor : (T)0;
#ifdef HAS_SOURCE
  STORE(output, i, LOAD(source, i) * kept);
#else
  STORE(output, i, kept);
#endif
}

#ifdef HAS_SOURCE
#define FROM source + sourceOffset,
#else
#define FROM
#endif

kernel void draw_mask(
#ifdef HAS_SOURCE
    global const S *source,  // [count] from sourceOffset on
    ulong sourceOffset,
#endif
    global S *output,        // [count]
    ulong count, ulong key, ulong block,
    ulong limit,             // 0 ... 2^32
    T factor) {              // as the element type holds it
  const ulong item = get_global_id(0), i = 4 * item;
  if (i >= count) return;
  const uint4 w = draw_words(key, block + item);
  mask(FROM output, i, count, w.x, limit, factor);
  mask(FROM output, i + 1, count, w.y, limit, factor);
  mask(FROM output, i + 2, count, w.z, limit, factor);
  mask(FROM output, i + 3, count, w.w, limit, factor);
}

#elif defined(UNIFORM)

// A number that is rounded up to `to` becomes `from`.
static inline void uniform_number(
    global S *output, ulong i, ulong count, T fraction, T from, T to) {
  if (i >= count) return;
  STORE(output, i, to);
  const T end = LOAD(output, i);
  STORE(output, i, fraction * (to - from) + from);
  if (LOAD(output, i) == end) STORE(output, i, from);
}

kernel void draw_uniform(
    global S *output,  // [count]
    ulong count, ulong key, ulong block, T from, T to) {
  const ulong item = get_global_id(0);
#if ELEMENT(IS_LONG)
  const ulong i = 2 * item;
  if (i >= count) return;
  const uint4 w = draw_words(key, block + item);
  uniform_number(output, i, count, slope_draw_long_fraction(w.x, w.y), from, to);
  uniform_number(output, i + 1, count, slope_draw_long_fraction(w.z, w.w), from, to);
#else
  const ulong i = 4 * item;
  if (i >= count) return;
  const uint4 w = draw_words(key, block + item);
  uniform_number(output, i, count, slope_draw_fraction(w.x), from, to);
  uniform_number(output, i + 1, count, slope_draw_fraction(w.y), from, to);
  uniform_number(output, i + 2, count, slope_draw_fraction(w.z), from, to);
  uniform_number(output, i + 3, count, slope_draw_fraction(w.w), from, to);
#endif
}

#elif defined(NORMAL)

static inline void normal_pair(
    global S *output, ulong i, ulong count, T length, T cosine, T sine, T mean, T deviation) {
  if (i >= count) return;
  STORE(output, i, length * cosine * deviation + mean);
  if (i + 1 < count) STORE(output, i + 1, length * sine * deviation + mean);
}

kernel void draw_normal(
    global S *output,  // [count]
    ulong count, ulong key, ulong block, T mean, T deviation) {
  const ulong item = get_global_id(0);
  T cosine, sine;
#if ELEMENT(IS_LONG)
  const ulong i = 2 * item;
  if (i >= count) return;
  const uint4 w = draw_words(key, block + item);
  slope_draw_long_turn(w.z, w.w, &cosine, &sine);
  normal_pair(output, i, count, slope_draw_long_length(w.x, w.y), cosine, sine, mean, deviation);
#else
  const ulong i = 4 * item;
  if (i >= count) return;
  const uint4 w = draw_words(key, block + item);
  slope_draw_turn(w.y, &cosine, &sine);
  normal_pair(output, i, count, slope_draw_length(w.x), cosine, sine, mean, deviation);
  slope_draw_turn(w.w, &cosine, &sine);
  normal_pair(output, i + 2, count, slope_draw_length(w.z), cosine, sine, mean, deviation);
#endif
}
#endif

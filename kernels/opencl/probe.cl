// What a device can do at most, for `flops`: multiply-adds in registers, the triad and a sum over
// memory.
//
//   multiply_adds   every item runs `turns` times TILES independent multiply-adds on V; their sum
//                   is written so that none can be left out: 2·TILES·LANES·turns operations an item
//   triad           a[i] = b[i] + s·c[i], `length` V an item, which is one where LANES is 1
//   reads           every item adds `turns` times four V of b
//
//   reads with LANES 1 (GPUs), so that            else (CPUs): items 0, 1, … read a part each
//   neighbouring items read together:
//
//     b:  0 1 2 .. | 0 1 2 .. | 0 1 2 .. |          b:  0 0 0 0 0 .. | 1 1 1 1 1 .. | 2 2 ..
//         s0         s1         s2                      s0 s1 s2 s3 s0
//
// The host defines T (float or double), V (T itself, or the vector of T that fills a register on
// devices that want explicit vectors) and LANES (its number of elements), after element.h.
// Nothing reads the results: there is no reference.
#include "lanes.h"

#define TILES 12

#if LANES == 1
#define SUM_OF_LANES(x) (x)
#else
#define PLUS(a, b) ((a) + (b))
FOLD_LANES(sum_of_lanes, T, PLUS)
#define SUM_OF_LANES(x) sum_of_lanes(x)
#endif

kernel void multiply_adds(
    global T *results,  // [items]
    T factor, T term, ulong turns) {
  V s0 = (V)((T)1), s1 = (V)((T)2), s2 = (V)((T)3), s3 = (V)((T)4), s4 = (V)((T)5), s5 = (V)((T)6);
  V s6 = (V)((T)7), s7 = (V)((T)8), s8 = (V)((T)9), s9 = (V)((T)10), s10 = (V)((T)11);
  V s11 = (V)((T)12), x = (V)(factor), y = (V)(term);
  for (ulong turn = 0; turn < turns; turn++) {
    s0 = fma(s0, x, y);
    s1 = fma(s1, x, y);
    s2 = fma(s2, x, y);
    s3 = fma(s3, x, y);
    s4 = fma(s4, x, y);
    s5 = fma(s5, x, y);
    s6 = fma(s6, x, y);
    s7 = fma(s7, x, y);
    s8 = fma(s8, x, y);
    s9 = fma(s9, x, y);
    s10 = fma(s10, x, y);
    s11 = fma(s11, x, y);
  }
  V total = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + ((s8 + s9) + (s10 + s11));
  results[get_global_id(0)] = SUM_OF_LANES(total);
}

kernel void triad(
    global V *a,        // [count]
    global const V *b,  // [count]
    global const V *c,  // [count]
    T factor, ulong count, ulong length) {
  const size_t start = get_global_id(0) * length, end = min(start + length, (size_t)count);
  for (size_t i = start; i < end; i++) a[i] = b[i] + (V)(factor) * c[i];
}

kernel void reads(
    global T *results,  // [items]
    global const V *b,  // [items * turns * 4]
    ulong turns) {
  size_t item = get_global_id(0), items = get_global_size(0);
  V s0 = (V)((T)0), s1 = s0, s2 = s0, s3 = s0;
#if LANES == 1
  for (size_t i = item; i < 4 * turns * items; i += 4 * items) {
    s0 += b[i];
    s1 += b[i + items];
    s2 += b[i + 2 * items];
    s3 += b[i + 3 * items];
  }
#else
  for (size_t i = 4 * turns * item; i < 4 * turns * (item + 1); i += 4) {
    s0 += b[i];
    s1 += b[i + 1];
    s2 += b[i + 2];
    s3 += b[i + 3];
  }
#endif
  results[item] = SUM_OF_LANES((s0 + s1) + (s2 + s3));
}

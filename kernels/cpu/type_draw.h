// Numbers of the counter-based generator, for Float, Double and 16-bit floats (T is the element, C
// the type of arithmetic) on every level. draw.c divides the elements among threads;
// slope_kernels.h describes a draw, ../philox.h how words become numbers.
//
//   blocks    first ..< first + 256, by 8 lanes       one 64-bit lane for each 32-bit word
//   tile      | w0 w1 w2 w3 | w0 w1 w2 w3 | …         1024 words in order, in the L1 cache
//   out       one loop over the tile, by the kind of draw
//
// The last tile is computed whole, and its words used as far as there are elements. Every level
// gives the same bits. Reference: ReferenceBackend.draw (Tests/TestSupport).
#ifndef SLOPE_TYPE_DRAW
#define SLOPE_TYPE_DRAW
#include "../philox.h"

enum { DRAW_WORDS = 1024, DRAW_LANES = 8 };

typedef uint64_t SlopeWords __attribute__((ext_vector_type(DRAW_LANES)));

enum { DRAW_MOST_VECTORS = 4 };

// words [4 · DRAW_LANES · vectors], of the blocks `block` and following. A word is the low half of a
// lane: what a product or an exclusive or leaves above it is never read. The rounds of a vector wait
// for each other's products, so that several vectors are faster than one, where registers hold them.
SLOPE_FN void slope_draw_blocks(uint32_t *words, uint64_t key, uint64_t block,
                                const int vectors) {  // a constant, at most DRAW_MOST_VECTORS
  const SlopeWords lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  SlopeWords w0[DRAW_MOST_VECTORS], w1[DRAW_MOST_VECTORS];
  SlopeWords w2[DRAW_MOST_VECTORS], w3[DRAW_MOST_VECTORS];
  for (int v = 0; v < vectors; v++) {
    w0[v] = block + (uint64_t)(v * DRAW_LANES) + lanes;
    w1[v] = w0[v] >> 32;
    w2[v] = w3[v] = 0;
  }
  uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
#pragma clang loop unroll(full)
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    const uint64_t step0 = key0 + (uint32_t)round * PHILOX_STEP_0;
    const uint64_t step1 = key1 + (uint32_t)round * PHILOX_STEP_1;
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      SlopeWords product0 = (w0[v] & 0xFFFFFFFFu) * (uint64_t)PHILOX_FACTOR_0;
      SlopeWords product2 = (w2[v] & 0xFFFFFFFFu) * (uint64_t)PHILOX_FACTOR_2;
      w0[v] = (product2 >> 32) ^ w1[v] ^ step0;
      w2[v] = (product0 >> 32) ^ w3[v] ^ step1;
      w1[v] = product2;
      w3[v] = product0;
    }
  }
  for (int v = 0; v < vectors; v++, words += 4 * DRAW_LANES) {
    SlopeWords front = (w0[v] & 0xFFFFFFFFu) | w1[v] << 32;
    SlopeWords back = (w2[v] & 0xFFFFFFFFu) | w3[v] << 32;
    for (int half = 0; half < 2; half++) {
      typedef uint64_t Pairs __attribute__((ext_vector_type(DRAW_LANES), aligned(4)));
      *(Pairs *)(words + 2 * DRAW_LANES * half) = half == 0
          ? __builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11)
          : __builtin_shufflevector(front, back, 4, 12, 5, 13, 6, 14, 7, 15);
    }
  }
}
#endif

#ifdef T_IS_DOUBLE
#define WORDS_PER_ELEMENT 2
#else
#define WORDS_PER_ELEMENT 1
#endif

// out [count] = source · factor where the element's word is below `limit`, else source · 0; without
// a source the factors themselves.
SLOPE_FN void LOCAL(drawMask)(const uint32_t *words, T *out, const T *source, int64_t count,
                              uint64_t limit, C factor) {
  // Compared as signed numbers: processors have no other comparison of vectors.
  int32_t last = limit == 0 ? INT32_MIN : (int32_t)((uint32_t)(limit - 1) ^ 0x80000000u);
  C kept = limit == 0 ? 0 : factor;
  if (source == NULL) {
    T stored = STORE(kept);
    VECTORIZE for (int64_t i = 0; i < count; i++) {
      out[i] = (int32_t)(words[i] ^ 0x80000000u) <= last ? stored : (T)0;
    }
    return;
  }
  VECTORIZE for (int64_t i = 0; i < count; i++) {
    out[i] = STORE(LOAD(source[i]) *
                   ((int32_t)(words[i] ^ 0x80000000u) <= last ? kept : (C)0));
  }
}

// out [count], uniform in from ..< to: a number that is rounded up to `to` becomes `from`.
SLOPE_FN void LOCAL(drawUniform)(const uint32_t *words, T *out, int64_t count, C from, C to) {
  C width = to - from, end = LOAD(STORE(to));
  T lowest = STORE(from);
  VECTORIZE for (int64_t i = 0; i < count; i++) {
#if WORDS_PER_ELEMENT == 2
    C fraction = slope_draw_long_fraction(words[2 * i], words[2 * i + 1]);
#else
    C fraction = slope_draw_fraction(words[i]);
#endif
    T number = STORE(fraction * width + from);
    out[i] = LOAD(number) == end ? lowest : number;
  }
}

// out [count] and, if `count` is odd, one more.
SLOPE_FN void LOCAL(drawNormal)(const uint32_t *words, T *out, int64_t count, C mean, C deviation) {
  VECTORIZE for (int64_t i = 0; i < (count + 1) / 2; i++) {
    C cosine, sine;
#if WORDS_PER_ELEMENT == 2
    C length = slope_draw_long_length(words[4 * i], words[4 * i + 1]);
    slope_draw_long_turn(words[4 * i + 2], words[4 * i + 3], &cosine, &sine);
#else
    C length = slope_draw_length(words[2 * i]);
    slope_draw_turn(words[2 * i + 1], &cosine, &sine);
#endif
    out[2 * i] = STORE(length * cosine * deviation + mean);
    out[2 * i + 1] = STORE(length * sine * deviation + mean);
  }
}

// Elements start ..< start + count of a draw; `start` is a multiple of 4.
static void LOCAL(draw)(const SlopeDraw *draw, void *out, const void *source, int64_t start,
                        int64_t count) {
  uint32_t words[DRAW_WORDS];
  const int width = draw->kind == SlopeDraw_mask ? 1 : WORDS_PER_ELEMENT;
  const int64_t tile = DRAW_WORDS / width;
  const C first = (C)draw->first, second = (C)draw->second;
  for (int64_t done = 0; done < count; done += tile) {
    int64_t length = slope_min(tile, count - done);
    uint64_t block = draw->block + (uint64_t)((start + done) * width / 4);
    for (int64_t i = 0; i < length * width; i += 4 * DRAW_LANES * LEVEL_DRAWS) {
      slope_draw_blocks(words + i, draw->key, block + (uint64_t)i / 4, LEVEL_DRAWS);
    }
    T *to = (T *)out + done;
    const T *from = source == NULL ? NULL : (const T *)source + done;
    switch (draw->kind) {
      case SlopeDraw_mask:
        LOCAL(drawMask)(words, to, from, length, draw->limit, LOAD(STORE(first)));
        break;
      case SlopeDraw_uniform: LOCAL(drawUniform)(words, to, length, first, second); break;
      case SlopeDraw_normal: {
        LOCAL(drawNormal)(words, to, length & ~(int64_t)1, first, second);
        if (length % 2 == 0) break;
        T pair[2];
        LOCAL(drawNormal)(words + (length - 1) * width, pair, 1, first, second);
        to[length - 1] = pair[0];
        break;
      }
    }
  }
}
#undef WORDS_PER_ELEMENT

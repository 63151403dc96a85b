// sin and cos of Float by vectors: a block of elements at a time, if all of them are near 0.
//
//   source       | block | block | block |  …      [count]
//                  |all elements
//                  |at most 2^22: slope_turn_32, one loop without a branch
//                  |beyond, or NaN: sin_float32 or cos_float32, element by element
//
// They replace the loops of primitives.def, whose elements have the same bits: a call of the C
// library keeps a loop from being vectorised. Reference: as that of type_pointwise.h.
#ifndef SLOPE_TYPE_TURN
#define SLOPE_TYPE_TURN
enum { TURN_BLOCK = 256 };

#define TURN_LOOP(NAME, QUARTERS)                                                             \
  static void LOCAL(turn_##NAME)(void *destination,  /* [count]; may be exactly the source */ \
                                 const void *source, /* [count] */                            \
                                 const void *, const void *, int64_t count) {                 \
    for (int64_t start = 0; start < count; start += TURN_BLOCK) {                             \
      const float *x = (const float *)source + start;                                         \
      float *y = (float *)destination + start;                                                \
      int64_t n = slope_min(TURN_BLOCK, count - start);                                       \
      uint32_t far = 0;                                                                       \
      VECTORIZE for (int64_t i = 0; i < n; i++) far |= slope_is_near_32(x[i]) ? 0 : 1;        \
      if (far == 0) {                                                                         \
        VECTORIZE for (int64_t i = 0; i < n; i++) y[i] = slope_turn_32(x[i], QUARTERS);       \
      } else {                                                                                \
        for (int64_t i = 0; i < n; i++) y[i] = NAME##_float32(x[i]);                          \
      }                                                                                       \
    }                                                                                         \
  }
#endif

TURN_LOOP(sin, 0)
TURN_LOOP(cos, 1)

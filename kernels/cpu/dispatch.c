// The tables of all types and levels, the choice of the level when the program starts, and what
// primitives.def says of a primitive.
#include "kernels.h"

#define DECLARE(LEVEL)                                                                          \
  extern const SlopeType slope_bool_##LEVEL, slope_uint8_##LEVEL, slope_uint16_##LEVEL,         \
      slope_uint32_##LEVEL, slope_uint64_##LEVEL, slope_int8_##LEVEL, slope_int16_##LEVEL,      \
      slope_int32_##LEVEL, slope_int64_##LEVEL, slope_float16_##LEVEL, slope_bfloat16_##LEVEL,  \
      slope_float32_##LEVEL, slope_float64_##LEVEL;
// In the order of SlopeDType.
#define TABLE(LEVEL)                                                                            \
  {                                                                                             \
    &slope_bool_##LEVEL, &slope_uint8_##LEVEL, &slope_uint16_##LEVEL, &slope_uint32_##LEVEL,    \
        &slope_uint64_##LEVEL, &slope_int8_##LEVEL, &slope_int16_##LEVEL, &slope_int32_##LEVEL, \
        &slope_int64_##LEVEL, &slope_float16_##LEVEL, &slope_bfloat16_##LEVEL,                  \
        &slope_float32_##LEVEL, &slope_float64_##LEVEL                                          \
  }

DECLARE(baseline)
#if defined(__x86_64__)
DECLARE(avx2)
DECLARE(avx512)
#endif

static const SlopeType *const tables[SLOPE_LEVELS][SLOPE_DTYPES] = {
    TABLE(baseline),
#if defined(__x86_64__)
    TABLE(avx2),
    TABLE(avx512),
#endif
};

const SlopeType *const *slope_types = tables[0];
_Thread_local const SlopeType *const *slope_own_types;

const uint8_t slope_sizes[SLOPE_DTYPES] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8};

int slope_level_count(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 3;
  if (__builtin_cpu_supports("x86-64-v3")) return 2;
#endif
  return 1;
}

void slope_set_level(int level) {
  int highest = slope_level_count() - 1;
  int chosen = level < 0 ? 0 : level > highest ? highest : level;
  slope_own_types = chosen == highest ? NULL : tables[chosen];
}

__attribute__((constructor)) static void chooseLevel(void) {
  slope_types = tables[slope_level_count() - 1];
}

int slope_primitive_arity(SlopePrimitive primitive) {
  static const uint8_t arities[] = {
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) ARITY,
#include "primitives.def"
#undef SLOPE_PRIMITIVE
  };
  return arities[primitive];
}

const char *slope_primitive_name(SlopePrimitive primitive) {
  static const char *const names[] = {
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) #NAME,
#include "primitives.def"
#undef SLOPE_PRIMITIVE
  };
  return names[primitive];
}

int slope_primitive_count(void) { return SLOPE_PRIMITIVES; }

bool slope_primitive_exists(SlopePrimitive primitive, SlopeDType dtype) {
  return slope_type(slope_compute_dtype(dtype))->apply[primitive] != NULL;
}

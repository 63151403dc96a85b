// Casts to this type from each of the thirteen, on every level.
//
//   to \ from    integers                     floats                                 Bool
//   integers     low bits                     truncated, saturated, NaN gives 0      0 or 1
//   floats       one rounding, to nearest     one rounding, to nearest even          0 or 1
//   Bool         is not zero                  is not zero (NaN is true)              is not zero
//
//   void from_TYPE(void *destination,    // [count] of T
//                  const void *source,   // [count] of TYPE
//                  int64_t count)
//
// Reference: Cell.converted (Tests/TestSupport/ReferenceCell.swift); KernelCastTests.
#ifndef SLOPE_TYPE_CAST_MACROS
#define SLOPE_TYPE_CAST_MACROS

#if T_KIND == KIND_INTEGER
// The comparisons come before the conversion, which is undefined for a value out of range. NaN
// fails all of them and gives 0. Examples to UInt8: 300.7 -> 255, -1.5 -> 0.
#define FROM_FLOATING(x, F)                                                           \
  ((x) >= (F)T_BOUND ? T_GREATEST                                                     \
   : T_IS_SIGNED     ? ((x) >= -(F)T_BOUND ? (T)(x) : (x) == (x) ? T_LEAST : (T)0)    \
                     : ((x) > 0 ? (T)(x) : (T)0))
#define FROM_FLOAT(x) FROM_FLOATING(x, float)
#define FROM_DOUBLE(x) FROM_FLOATING(x, double)
#define FROM_SMALL(x) (T)(x)
#define FROM_INT64(x) (T)(x)
#define FROM_UINT64(x) (T)(x)
#elif T_KIND == KIND_FLOATING
#define FROM_FLOAT(x) (T)(x)
#define FROM_DOUBLE(x) (T)(x)
#define FROM_SMALL(x) (T)(x)
#define FROM_INT64(x) (T)(x)
#define FROM_UINT64(x) (T)(x)
#elif T_KIND == KIND_HALF
#define FROM_FLOAT(x) ENCODE(x)
#define FROM_DOUBLE(x) ENCODE(slope_odd_float_of_double(x))
#define FROM_SMALL(x) FROM_DOUBLE((double)(x))
#define FROM_INT64(x) FROM_DOUBLE(slope_odd_double_of_int64(x))
#define FROM_UINT64(x) FROM_DOUBLE(slope_odd_double_of_uint64(x))
#else
#define FROM_FLOAT(x) ((x) != 0)
#define FROM_DOUBLE(x) ((x) != 0)
#define FROM_SMALL(x) ((x) != 0)
#define FROM_INT64(x) ((x) != 0)
#define FROM_UINT64(x) ((x) != 0)
#endif

#define CAST(NAME, S, CONVERT, VALUE)                                                  \
  static void LOCAL(NAME)(void *destination, const void *source, int64_t count) {      \
    T *ds = destination;                                                               \
    const S *ss = source;                                                              \
    VECTORIZE for (int64_t i = 0; i < count; i++) {                                    \
      S s = ss[i];                                                                     \
      ds[i] = CONVERT(VALUE);                                                          \
    }                                                                                  \
  }
#endif

CAST(from_bool, uint8_t, FROM_SMALL, (s != 0))
CAST(from_uint8, uint8_t, FROM_SMALL, s)
CAST(from_uint16, uint16_t, FROM_SMALL, s)
CAST(from_uint32, uint32_t, FROM_SMALL, s)
CAST(from_uint64, uint64_t, FROM_UINT64, s)
CAST(from_int8, int8_t, FROM_SMALL, s)
CAST(from_int16, int16_t, FROM_SMALL, s)
CAST(from_int32, int32_t, FROM_SMALL, s)
CAST(from_int64, int64_t, FROM_INT64, s)
CAST(from_float16, uint16_t, FROM_FLOAT, slope_float_of_half(s))
CAST(from_bfloat16, uint16_t, FROM_FLOAT, slope_float_of_bfloat(s))
CAST(from_float32, float, FROM_FLOAT, s)
CAST(from_float64, double, FROM_DOUBLE, s)

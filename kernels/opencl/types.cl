// Element types in memory and in registers; put in front of every program.
//
// Each element type D has a storage type (what global memory holds) and a compute type (what
// registers hold): Bool is a uchar of 0 or 1, 16-bit floats compute in float, others are their own.
// LOAD_D(pointer, index) reads storage as the compute type; STORE_D(pointer, index, value) rounds
// and writes. Conversions between compute types follow docs/numerics.md: floats to integers truncate
// and saturate (NaN gives 0), integers keep their low bits, and a 16-bit float is rounded once, from
// the exact source value.
//
// The host defines HAS_DOUBLE where the device has cl_khr_fp64, and VECTOR_STORES for programs that use
// VSTORE_D.
#ifdef HAS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
// A fused program equals its operations one by one.
#pragma OPENCL FP_CONTRACT OFF

#define LOAD_bool(POINTER, INDEX) ((uchar)((POINTER)[INDEX] != 0))
#define LOAD_uint8(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_uint16(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_uint32(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_uint64(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_int8(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_int16(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_int32(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_int64(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_float16(POINTER, INDEX) vload_half(INDEX, POINTER)
#define LOAD_bfloat16(POINTER, INDEX) as_float((uint)(POINTER)[INDEX] << 16)
#define LOAD_float32(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_float64(POINTER, INDEX) (POINTER)[INDEX]

// VLOAD_D(W, pointer, index): W neighbouring elements, at any address, as a vector of the compute type;
// W is a literal 2, 4, 8 or 16.
#define VLOAD_bool(W, POINTER, INDEX) \
  (as_uchar##W(vload##W(0, (POINTER) + (INDEX)) != (uchar)0) & (uchar)1)
#define VLOAD_uint8(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_uint16(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_uint32(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_uint64(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_int8(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_int16(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_int32(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_int64(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_float16(W, POINTER, INDEX) vload_half##W(0, (POINTER) + (INDEX))
#define VLOAD_bfloat16(W, POINTER, INDEX) \
  as_float##W(convert_uint##W(vload##W(0, (POINTER) + (INDEX))) << 16)
#define VLOAD_float32(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))
#define VLOAD_float64(W, POINTER, INDEX) vload##W(0, (POINTER) + (INDEX))

#define STORE_bool(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_uint8(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_uint16(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_uint32(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_uint64(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_int8(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_int16(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_int32(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_int64(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_float16(POINTER, INDEX, VALUE) vstore_half_rte(VALUE, INDEX, POINTER)
#define STORE_bfloat16(POINTER, INDEX, VALUE) (POINTER)[INDEX] = bfloat16_of_float(VALUE)
#define STORE_float32(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)
#define STORE_float64(POINTER, INDEX, VALUE) (POINTER)[INDEX] = (VALUE)

// The nearest bfloat16, ties to even; a NaN stays one.
static inline ushort bfloat16_of_float(float x) {
  uint bits = as_uint(x);
  if (x != x) return (ushort)(bits >> 16 | 0x40u);
  return (ushort)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

#ifdef VECTOR_STORES
// VSTORE_D(W, pointer, index, value) rounds and writes a vector of W = 8 or 16 numbers. Halves are
// rounded by integer arithmetic: some drivers take vectors of halves to be aligned. PoCL's vstore writes a
// vector in pieces; one of a type that may lie anywhere is written whole.
#ifdef __clang__
typedef float8 __attribute__((aligned(4))) float8_anywhere;
typedef float16 __attribute__((aligned(4))) float16_anywhere;
#ifdef HAS_DOUBLE
typedef double8 __attribute__((aligned(8))) double8_anywhere;
typedef double16 __attribute__((aligned(8))) double16_anywhere;
#endif
#define VSTORE_float32(W, POINTER, INDEX, VALUE) \
  (*(global float##W##_anywhere *)((POINTER) + (INDEX)) = (VALUE))
#define VSTORE_float64(W, POINTER, INDEX, VALUE) \
  (*(global double##W##_anywhere *)((POINTER) + (INDEX)) = (VALUE))
#else
#define VSTORE_float32(W, POINTER, INDEX, VALUE) vstore##W(VALUE, 0, (POINTER) + (INDEX))
#define VSTORE_float64(W, POINTER, INDEX, VALUE) vstore##W(VALUE, 0, (POINTER) + (INDEX))
#endif
#define VSTORE_float16(W, POINTER, INDEX, VALUE) \
  vstore##W(half_bits##W(VALUE), 0, (global ushort *)(POINTER) + (INDEX))
#define VSTORE_bfloat16(W, POINTER, INDEX, VALUE) \
  vstore##W(bfloat16_bits##W(VALUE), 0, (POINTER) + (INDEX))
// All bits where MAGNITUDE > BOUND, else none.
#define ALL_IF_ABOVE(MAGNITUDE, BOUND) (0u - (((BOUND) - (MAGNITUDE)) >> 31))
#define SMALL_FLOAT_BITS(W)                                                                     \
  static inline ushort##W half_bits##W(float##W value) {                                        \
    uint##W word = as_uint##W(value), magnitude = word & 0x7FFFFFFFu;                           \
    /* The sum with 0.5 rounds to multiples of 2^-24, the unit of subnormal halves. */          \
    uint##W subnormal = as_uint##W(as_float##W(magnitude) + 0.5f) - 0x3F000000u;                \
    uint##W normal = ((magnitude + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13) - 0x1C000u;        \
    uint##W isInfinite = ALL_IF_ABOVE(magnitude, 0x477FEFFFu);                                  \
    uint##W isNaN = ALL_IF_ABOVE(magnitude, 0x7F800000u);                                       \
    uint##W isNormal = ALL_IF_ABOVE(magnitude, 0x387FFFFFu);                                    \
    uint##W number = (subnormal & ~isNormal) | (normal & isNormal & ~isInfinite);               \
    uint##W nan = 0x200u | ((word >> 13) & 0x3FFu);                                             \
    return convert_ushort##W(                                                                   \
        number | (isInfinite & 0x7C00u) | (isNaN & nan) | ((word >> 16) & 0x8000u));            \
  }                                                                                             \
  static inline ushort##W bfloat16_bits##W(float##W value) {                                    \
    uint##W word = as_uint##W(value);                                                           \
    uint##W isNaN = ALL_IF_ABOVE(word & 0x7FFFFFFFu, 0x7F800000u);                              \
    uint##W rounded = (word + 0x7FFFu + ((word >> 16) & 1u)) >> 16;                             \
    return convert_ushort##W((rounded & ~isNaN) | ((word >> 16 | 0x40u) & isNaN));              \
  }
SMALL_FLOAT_BITS(8)
SMALL_FLOAT_BITS(16)
#endif

// From a floating number to an integer type.
#define SATURATED(TO, VALUE) ((VALUE) != (VALUE) ? (TO)0 : convert_##TO##_sat_rtz(VALUE))
#define TO_BOOL(VALUE) ((uchar)((VALUE) != 0))

// The float towards zero with its last bit set where it is not exact (rounding to odd): rounding
// that to 16 bits is rounding the source itself.
static inline float odd_float_of_long(long x) {
  float result = convert_float_rtz(x);
  return (long)result == x ? result : as_float(as_uint(result) | 1u);
}
static inline float odd_float_of_ulong(ulong x) {
  float result = convert_float_rtz(x);
  return (ulong)result == x ? result : as_float(as_uint(result) | 1u);
}
#ifdef HAS_DOUBLE
static inline float odd_float_of_double(double x) {
  float result = convert_float_rtz(x);
  return (double)result == x ? result : as_float(as_uint(result) | 1u);
}
#endif

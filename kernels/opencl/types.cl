// Element types in memory and in registers; put in front of every program.
//
// Each element type D has a storage type (what global memory holds) and a compute type (what
// registers hold): Bool is a uchar of 0 or 1, 16-bit floats compute in float, others are their own.
// LOAD_D(pointer, index) reads storage as the compute type; STORE_D(pointer, index, value) rounds
// and writes. Conversions between compute types follow docs/numerics.md: floats to integers truncate
// and saturate (NaN gives 0), integers keep their low bits, and a 16-bit float is rounded once, from
// the exact source value.
//
// The host defines HAS_DOUBLE where the device has cl_khr_fp64, and HALF_BY_INTEGERS on CPU devices,
// whose compilers make vectors of integer arithmetic but not of calls.
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
#ifdef HALF_BY_INTEGERS
#define LOAD_float16(POINTER, INDEX) float_of_half(((global const ushort *)(POINTER))[INDEX])
#else
#define LOAD_float16(POINTER, INDEX) vload_half(INDEX, POINTER)
#endif
#define LOAD_bfloat16(POINTER, INDEX) as_float((uint)(POINTER)[INDEX] << 16)
#define LOAD_float32(POINTER, INDEX) (POINTER)[INDEX]
#define LOAD_float64(POINTER, INDEX) (POINTER)[INDEX]

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

#ifdef HALF_BY_INTEGERS
// The exponent's bias goes from 15 to 127; subnormal halves are multiples of 2^-24.
static inline float float_of_half(ushort half_) {
  const uint magnitude = half_ & 0x7FFFu;
  const uint normal = (magnitude << 13) + (magnitude >= 0x7C00u ? 0x70000000u : 0x38000000u);
  const uint subnormal = as_uint((float)(int)magnitude * 0x1p-24f);
  return as_float((magnitude < 0x400u ? subnormal : normal) | (uint)(half_ & 0x8000u) << 16);
}
#endif

// The nearest bfloat16, ties to even; a NaN stays one.
static inline ushort bfloat16_of_float(float x) {
  uint bits = as_uint(x);
  if (x != x) return (ushort)(bits >> 16 | 0x40u);
  return (ushort)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

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

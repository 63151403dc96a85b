// Element types: how elements are loaded, rounded and stored.
//
// Each element type D (bool, uint8 … float64) has a type in memory and one in registers: Bool is a
// uchar of 0 or 1, 16-bit floats compute in float, the others are the same in both.
//
//   LOAD_D(p, i)              element i of p, in the register type
//   STORE_D(p, i, value)      rounds and writes
//   VLOAD_D(W, p, i)          W elements from i on, at any address; W is a literal 2, 4, 8 or 16
//   VSTORE_D(W, p, i, value)  writes W elements; D is float32 or float64
//
// A program for one element type defines ELEMENT(NAME) as NAME##_D. It then has, for that type,
//
//   S                         the type in memory
//   T                         the type of sums and products: the register type of floats, else the
//                             unsigned type of at least 32 bits (integers wrap), 0 or 1 for Bool
//   LANES                     the elements of T in 64 bytes: 16, or 8 where T has 8 bytes
//   LOAD, STORE               as above; integers are converted to T and back
//   LOAD_VECTOR, STORE_VECTOR
//   LOAD_ALIGNED, STORE_ALIGNED
//                             the same where the address is a multiple of W elements
//   MULTIPLY_ADD(sum, a, b)   sum + a·b for T and its vectors; ADD(a, b)
//
// The address space of p is global. The host defines HAS_DOUBLE where the device has cl_khr_fp64,
// SLOW_FMA where fma() is a call and not an instruction, and VECTOR_STORES for programs that use
// VSTORE_D, STORE_VECTOR, LOAD_ALIGNED or STORE_ALIGNED. Conversions follow docs/numerics.md:
// floats to integers truncate and saturate (NaN gives 0), integers keep their low bits, and a
// 16-bit float is rounded once, from the exact source value.
#ifndef SLOPE_ELEMENT_H
#define SLOPE_ELEMENT_H

#ifdef HAS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif
// A fused program equals its operations one by one. Products alone may contract (gemm.h).
#ifndef MAY_CONTRACT
#pragma OPENCL FP_CONTRACT OFF
#endif

#define PASTE_(A, B) A##B
#define PASTE(A, B) PASTE_(A, B)
#define PASTE3_(A, B, C) A##B##C
#define PASTE3(A, B, C) PASTE3_(A, B, C)

// MARK: Loads

#define LOAD_bool(P, I) ((uchar)((P)[I] != 0))
#define LOAD_uint8(P, I) (P)[I]
#define LOAD_uint16(P, I) (P)[I]
#define LOAD_uint32(P, I) (P)[I]
#define LOAD_uint64(P, I) (P)[I]
#define LOAD_int8(P, I) (P)[I]
#define LOAD_int16(P, I) (P)[I]
#define LOAD_int32(P, I) (P)[I]
#define LOAD_int64(P, I) (P)[I]
#define LOAD_float16(P, I) vload_half(0, (P) + (I))
#define LOAD_bfloat16(P, I) as_float((uint)(P)[I] << 16)
#define LOAD_float32(P, I) (P)[I]
#define LOAD_float64(P, I) (P)[I]

// From a vector in memory to one in registers, where they differ.
#define TRUTHS(W, WORDS) (as_uchar##W((WORDS) != (uchar)0) & (uchar)1)
#define BFLOAT16S(W, WORDS) as_float##W(convert_uint##W(WORDS) << 16)

#define VLOAD_bool(W, P, I) TRUTHS(W, vload##W(0, (P) + (I)))
#define VLOAD_uint8(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_uint16(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_uint32(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_uint64(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_int8(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_int16(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_int32(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_int64(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_float16(W, P, I) vload_half##W(0, (P) + (I))
#define VLOAD_bfloat16(W, P, I) BFLOAT16S(W, vload##W(0, (P) + (I)))
#define VLOAD_float32(W, P, I) vload##W(0, (P) + (I))
#define VLOAD_float64(W, P, I) vload##W(0, (P) + (I))

// MARK: Stores

#define STORE_bool(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_uint8(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_uint16(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_uint32(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_uint64(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_int8(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_int16(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_int32(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_int64(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_float16(P, I, VALUE) vstore_half_rte(VALUE, I, P)
#define STORE_bfloat16(P, I, VALUE) (P)[I] = bfloat16_bits(VALUE)
#define STORE_float32(P, I, VALUE) (P)[I] = (VALUE)
#define STORE_float64(P, I, VALUE) (P)[I] = (VALUE)

// The nearest bfloat16, ties to even; a NaN stays one.
static inline ushort bfloat16_bits(float x) {
  uint bits = as_uint(x);
  if (x != x) return (ushort)(bits >> 16 | 0x40u);
  return (ushort)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}

#ifdef VECTOR_STORES
// PoCL's vstore writes a vector in pieces; one of a type that may lie anywhere is written whole.
#ifdef __clang__
#define ANYWHERE(TYPE, W) \
  typedef TYPE##W __attribute__((aligned(sizeof(TYPE)))) TYPE##W##_anywhere;
#define ANYWHERE_TYPES(TYPE) \
  ANYWHERE(TYPE, 2) ANYWHERE(TYPE, 4) ANYWHERE(TYPE, 8) ANYWHERE(TYPE, 16)
ANYWHERE_TYPES(float)
ANYWHERE_TYPES(uint)
ANYWHERE_TYPES(ulong)
#ifdef HAS_DOUBLE
ANYWHERE_TYPES(double)
#endif
// The vector of W numbers of TYPE to an address in SPACE, global or local.
#define WRITE_WHOLE(SPACE, TYPE, W, POINTER, VALUE) \
  (*(SPACE PASTE3(TYPE, W, _anywhere) *)(POINTER) = (VALUE))
#else
#define WRITE_WHOLE(SPACE, TYPE, W, POINTER, VALUE) PASTE(vstore, W)(VALUE, 0, POINTER)
#endif

#define VSTORE_float32(W, P, I, VALUE) \
  WRITE_WHOLE(global, float, W, (P) + (I), VALUE)
#define VSTORE_float64(W, P, I, VALUE) \
  WRITE_WHOLE(global, double, W, (P) + (I), VALUE)
#endif

// MARK: Conversions

// From a floating-point number to an integer type.
#define SATURATED(TO, VALUE) ((VALUE) != (VALUE) ? (TO)0 : convert_##TO##_sat_rtz(VALUE))
#define TO_BOOL(VALUE) ((uchar)((VALUE) != 0))

// Rounding to odd: towards zero, with the last bit set where that is not exact. Rounding the result
// to 16 bits then equals rounding the source.
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

// MARK: The one element type of a program

#ifdef ELEMENT

#define STORED_bool uchar
#define STORED_uint8 uchar
#define STORED_uint16 ushort
#define STORED_uint32 uint
#define STORED_uint64 ulong
#define STORED_int8 char
#define STORED_int16 short
#define STORED_int32 int
#define STORED_int64 long
#define STORED_float16 half
#define STORED_bfloat16 ushort
#define STORED_float32 float
#define STORED_float64 double

// For #if: a name that is not defined here is 0.
#define IS_BOOL_bool 1
#define IS_FLOAT16_float16 1
#define IS_BFLOAT16_bfloat16 1
#define IS_FLOATING_float16 1
#define IS_FLOATING_bfloat16 1
#define IS_FLOATING_float32 1
#define IS_FLOATING_float64 1
#define IS_LONG_uint64 1
#define IS_LONG_int64 1
#define IS_LONG_float64 1

#define S ELEMENT(STORED)
#if ELEMENT(IS_LONG)
#define LANES 8
#else
#define LANES 16
#endif

#if ELEMENT(IS_FLOATING)

#if ELEMENT(IS_LONG)
#define T double
#else
#define T float
#endif
#define LOAD(P, I) ELEMENT(LOAD)(P, I)
#define LOAD_VECTOR(W, P, I) ELEMENT(VLOAD)(W, P, I)
// fma() by name only where it is one instruction; elsewhere a·b + c.
#ifdef SLOW_FMA
#define MULTIPLY_ADD(SUM, A, B) ((SUM) + (A) * (B))
#else
#define MULTIPLY_ADD(SUM, A, B) fma(A, B, SUM)
#endif
#define ADD(A, B) ((A) + (B))

#else

#if ELEMENT(IS_LONG)
#define T ulong
#else
#define T uint
#endif
#define LOAD(P, I) ((T)ELEMENT(LOAD)(P, I))
#define LOAD_VECTOR(W, P, I) PASTE3(convert_, T, W)(ELEMENT(VLOAD)(W, P, I))
#if ELEMENT(IS_BOOL)
#define MULTIPLY_ADD(SUM, A, B) ((SUM) | ((A) & (B)))
#define ADD(A, B) ((A) | (B))
#else
#define MULTIPLY_ADD(SUM, A, B) ((SUM) + (A) * (B))
#define ADD(A, B) ((A) + (B))
#endif

#endif

#define STORE(P, I, VALUE) ELEMENT(STORE)(P, I, VALUE)

#ifdef VECTOR_STORES
// All bits where MAGNITUDE > BOUND, else none. Not select(): Oclgrind 21.10 takes the first lane's
// choice for all lanes.
#define ALL_IF_ABOVE(MAGNITUDE, BOUND) (0u - (((BOUND) - (MAGNITUDE)) >> 31))
#define IN_MEMORY(W, P, I) (*(const global PASTE(S, W) *)((P) + (I)))

#if ELEMENT(IS_FLOAT16)
// Rounded by integer arithmetic: to nearest, ties to even, with subnormal halves and NaN, the
// same on every device. PoCL 3.1 stores vectors of halves as if their address were a multiple of
// 16 bytes.
#define HALF_BITS(W)                                                                       \
  static inline ushort##W half_bits##W(float##W value) {                                   \
    uint##W word = as_uint##W(value), magnitude = word & 0x7FFFFFFFu;                      \
    /* The sum with 0.5 rounds to multiples of 2^-24, the unit of subnormal halves. */     \
    uint##W subnormal = as_uint##W(as_float##W(magnitude) + 0.5f) - 0x3F000000u;           \
    uint##W normal = ((magnitude + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13) - 0x1C000u;   \
    uint##W isInfinite = ALL_IF_ABOVE(magnitude, 0x477FEFFFu);                             \
    uint##W isNaN = ALL_IF_ABOVE(magnitude, 0x7F800000u);                                  \
    uint##W isNormal = ALL_IF_ABOVE(magnitude, 0x387FFFFFu);                               \
    uint##W number = (subnormal & ~isNormal) | (normal & isNormal & ~isInfinite);          \
    uint##W nan = 0x200u | ((word >> 13) & 0x3FFu);                                        \
    return convert_ushort##W(                                                              \
        number | (isInfinite & 0x7C00u) | (isNaN & nan) | ((word >> 16) & 0x8000u));       \
  }
HALF_BITS()
HALF_BITS(2)
HALF_BITS(4)
HALF_BITS(8)
HALF_BITS(16)
#define WORD ushort
#define ROUNDED(W, VALUE) PASTE(half_bits, W)(VALUE)
#define LOAD_ALIGNED(W, P, I) PASTE(vloada_half, W)(0, (P) + (I))

#elif ELEMENT(IS_BFLOAT16)
#define BFLOAT16_BITS(W)                                                                   \
  static inline ushort##W bfloat16_bits##W(float##W value) {                               \
    uint##W word = as_uint##W(value);                                                      \
    uint##W isNaN = ALL_IF_ABOVE(word & 0x7FFFFFFFu, 0x7F800000u);                         \
    uint##W rounded = (word + 0x7FFFu + ((word >> 16) & 1u)) >> 16;                        \
    return convert_ushort##W((rounded & ~isNaN) | ((word >> 16 | 0x40u) & isNaN));         \
  }
BFLOAT16_BITS(2)
BFLOAT16_BITS(4)
BFLOAT16_BITS(8)
BFLOAT16_BITS(16)
#define WORD ushort
#define ROUNDED(W, VALUE) PASTE(bfloat16_bits, W)(VALUE)
#define WIDENED_(W, WORDS) BFLOAT16S(W, WORDS)
#define LOAD_ALIGNED(W, P, I) WIDENED_(W, IN_MEMORY(W, P, I))

#elif ELEMENT(IS_FLOATING)
#define WORD T
#define ROUNDED(W, VALUE) (VALUE)
#define LOAD_ALIGNED(W, P, I) IN_MEMORY(W, P, I)

#else
#define WORD S
#define ROUNDED(W, VALUE) PASTE3(convert_, S, W)(VALUE)
#if ELEMENT(IS_BOOL)
#define WIDENED_(W, WORDS) TRUTHS(W, WORDS)
#else
#define WIDENED_(W, WORDS) (WORDS)
#endif
#define LOAD_ALIGNED(W, P, I) PASTE3(convert_, T, W)(WIDENED_(W, IN_MEMORY(W, P, I)))
#endif

#if ELEMENT(IS_FLOATING) && !ELEMENT(IS_FLOAT16) && !ELEMENT(IS_BFLOAT16)
#define STORE_VECTOR(W, P, I, VALUE) ELEMENT(VSTORE)(W, P, I, VALUE)
#else
#define STORE_VECTOR(W, P, I, VALUE) \
  PASTE(vstore, W)(ROUNDED(W, VALUE), 0, (global WORD *)(P) + (I))
#endif
#define STORE_ALIGNED(W, P, I, VALUE) \
  (*(global PASTE(WORD, W) *)((P) + (I)) = ROUNDED(W, VALUE))
#endif

#endif
#endif

// The element types of the matrix products: how one is stored, and in what type the sums are kept.
//
// The host defines one TYPE_… and puts this file first. It gives:
//   S                        the type in memory
//   T                        the type of products and sums: Float for the 16-bit floats, the unsigned
//                            type of at least 32 bits for integers (they wrap), 0 or 1 for Bool
//   LANES                    the elements of T in 64 bytes
//   LOAD(p, i)               the element i of p, a T; STORE(p, i, value) rounds or wraps it
//   LOAD_VECTOR(W, p, i)     W = 2, 4, 8, 16 elements from i on, at any address; STORE_VECTOR
//   LOAD_ALIGNED(W, p, i)    the same where the address is a multiple of W elements; STORE_ALIGNED
//   MULTIPLY_ADD(sum, a, b)  sum + a·b for T and its vectors; ADD(a, b)
// The address space of p is __global.
#ifndef SLOPE_GEMM_TYPES_H
#define SLOPE_GEMM_TYPES_H

#define PASTE_(A, B) A##B
#define PASTE(A, B) PASTE_(A, B)
#define PASTE3_(A, B, C) A##B##C
#define PASTE3(A, B, C) PASTE3_(A, B, C)

#if defined(TYPE_FLOAT64)
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#if defined(TYPE_FLOAT32) || defined(TYPE_FLOAT64)

#if defined(TYPE_FLOAT32)
#define S float
#define T float
#define LANES 16
#else
#define S double
#define T double
#define LANES 8
#endif
#define LOAD(P, I) ((P)[I])
#define STORE(P, I, VALUE) ((P)[I] = (VALUE))
#define LOAD_VECTOR(W, P, I) PASTE(vload, W)(0, (P) + (I))
#define STORE_VECTOR(W, P, I, VALUE) PASTE(vstore, W)(VALUE, 0, (P) + (I))
#define LOAD_ALIGNED(W, P, I) (*(const __global PASTE(S, W) *)((P) + (I)))
#define STORE_ALIGNED(W, P, I, VALUE) (*(__global PASTE(S, W) *)((P) + (I)) = (VALUE))

#elif defined(TYPE_FLOAT16)

// Rounded by integer arithmetic: to nearest, ties to even, with subnormal halves and NaN, the same on
// every device. (PoCL 3.1 stores vectors of halves as if their address were a multiple of 16 bytes.)
#define S half
#define T float
#define LANES 16
// Where MAGNITUDE > BOUND all bits, else none. Not select(): Oclgrind 21.10 takes the first lane's
// choice for all lanes.
#define EXCEEDS(MAGNITUDE, BOUND) (0u - (((BOUND) - (MAGNITUDE)) >> 31))
// The sum with 0.5 rounds to multiples of 2^-24, the unit of subnormal halves.
#define NARROW_TO_HALF(NAME, FLOAT, UINT, USHORT, AS_UINT, AS_FLOAT, CONVERT)                \
  static inline USHORT NAME(FLOAT value) {                                                   \
    UINT word = AS_UINT(value), magnitude = word & 0x7FFFFFFFu;                              \
    UINT subnormal = AS_UINT(AS_FLOAT(magnitude) + 0.5f) - 0x3F000000u;                      \
    UINT normal = ((magnitude + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13) - 0x1C000u;        \
    UINT isInfinite = EXCEEDS(magnitude, 0x477FEFFFu), isNaN = EXCEEDS(magnitude, 0x7F800000u); \
    UINT isNormal = EXCEEDS(magnitude, 0x387FFFFFu);                                         \
    UINT number = (subnormal & ~isNormal) | (normal & isNormal & ~isInfinite);               \
    UINT nan = 0x200u | ((word >> 13) & 0x3FFu);                                             \
    return CONVERT(number | (isInfinite & 0x7C00u) | (isNaN & nan) | ((word >> 16) & 0x8000u)); \
  }
NARROW_TO_HALF(narrow, float, uint, ushort, as_uint, as_float, convert_ushort)
NARROW_TO_HALF(narrow2, float2, uint2, ushort2, as_uint2, as_float2, convert_ushort2)
NARROW_TO_HALF(narrow4, float4, uint4, ushort4, as_uint4, as_float4, convert_ushort4)
NARROW_TO_HALF(narrow8, float8, uint8, ushort8, as_uint8, as_float8, convert_ushort8)
NARROW_TO_HALF(narrow16, float16, uint16, ushort16, as_uint16, as_float16, convert_ushort16)
#define LOAD(P, I) vload_half(0, (P) + (I))
#define STORE(P, I, VALUE) (((__global ushort *)(P))[I] = narrow(VALUE))
#define LOAD_VECTOR(W, P, I) PASTE(vload_half, W)(0, (P) + (I))
#define STORE_VECTOR(W, P, I, VALUE) \
  PASTE(vstore, W)(PASTE(narrow, W)(VALUE), 0, (__global ushort *)(P) + (I))
#define LOAD_ALIGNED(W, P, I) PASTE(vloada_half, W)(0, (P) + (I))
#define STORE_ALIGNED(W, P, I, VALUE) \
  (*(__global PASTE(ushort, W) *)((P) + (I)) = PASTE(narrow, W)(VALUE))

#elif defined(TYPE_BFLOAT16)

// The upper half of a Float, rounded to nearest, ties to even; a NaN stays one.
#define S ushort
#define T float
#define LANES 16
#define ROUND_WORD(WORD) (((WORD) + 0x7FFFu + (((WORD) >> 16) & 1u)) >> 16)
#define IS_NAN_WORD(WORD) (((WORD) & 0x7FFFFFFFu) > 0x7F800000u)
#define NARROW_VECTOR(W)                                                                   \
  static inline PASTE(ushort, W) PASTE(narrow, W)(PASTE(float, W) value) {                 \
    PASTE(uint, W) word = PASTE(as_uint, W)(value);                                        \
    PASTE(uint, W) isNaN = 0u - ((0x7F800000u - (word & 0x7FFFFFFFu)) >> 31);              \
    return PASTE(convert_ushort, W)(                                                       \
        (ROUND_WORD(word) & ~isNaN) | (((word >> 16) | 0x40u) & isNaN));                   \
  }
NARROW_VECTOR(2)
NARROW_VECTOR(4)
NARROW_VECTOR(8)
NARROW_VECTOR(16)
static inline ushort narrow(float value) {
  uint word = as_uint(value);
  return (ushort)(IS_NAN_WORD(word) ? (word >> 16) | 0x40u : ROUND_WORD(word));
}
#define LOAD(P, I) as_float((uint)((P)[I]) << 16)
#define STORE(P, I, VALUE) ((P)[I] = narrow(VALUE))
#define WIDEN_WORDS(W, WORDS) PASTE(as_float, W)(PASTE(convert_uint, W)(WORDS) << 16)
#define LOAD_VECTOR(W, P, I) WIDEN_WORDS(W, PASTE(vload, W)(0, (P) + (I)))
#define STORE_VECTOR(W, P, I, VALUE) PASTE(vstore, W)(PASTE(narrow, W)(VALUE), 0, (P) + (I))
#define LOAD_ALIGNED(W, P, I) WIDEN_WORDS(W, *(const __global PASTE(S, W) *)((P) + (I)))
#define STORE_ALIGNED(W, P, I, VALUE) \
  (*(__global PASTE(S, W) *)((P) + (I)) = PASTE(narrow, W)(VALUE))

#else

#if defined(TYPE_INT8)
#define S char
#elif defined(TYPE_INT16)
#define S short
#elif defined(TYPE_INT32)
#define S int
#elif defined(TYPE_INT64)
#define S long
#elif defined(TYPE_UINT8) || defined(TYPE_BOOL)
#define S uchar
#elif defined(TYPE_UINT16)
#define S ushort
#elif defined(TYPE_UINT32)
#define S uint
#elif defined(TYPE_UINT64)
#define S ulong
#endif
#if defined(TYPE_INT64) || defined(TYPE_UINT64)
#define T ulong
#define LANES 8
#else
#define T uint
#define LANES 16
#endif
#if defined(TYPE_BOOL)
#define TRUTH(VALUE) ((VALUE) & (T)1)
#else
#define TRUTH(VALUE) (VALUE)
#endif
#define LOAD(P, I) TRUTH((T)((P)[I]))
#define STORE(P, I, VALUE) ((P)[I] = (S)(VALUE))
#define LOAD_VECTOR(W, P, I) TRUTH(PASTE3(convert_, T, W)(PASTE(vload, W)(0, (P) + (I))))
#define STORE_VECTOR(W, P, I, VALUE) \
  PASTE(vstore, W)(PASTE3(convert_, S, W)(VALUE), 0, (P) + (I))
#define LOAD_ALIGNED(W, P, I) \
  TRUTH(PASTE3(convert_, T, W)(*(const __global PASTE(S, W) *)((P) + (I))))
#define STORE_ALIGNED(W, P, I, VALUE) \
  (*(__global PASTE(S, W) *)((P) + (I)) = PASTE3(convert_, S, W)(VALUE))

#endif

#if defined(TYPE_BOOL)
#define MULTIPLY_ADD(SUM, A, B) ((SUM) | ((A) & (B)))
#define ADD(A, B) ((A) | (B))
#elif defined(TYPE_FLOAT32) || defined(TYPE_FLOAT64) || defined(TYPE_FLOAT16) || \
    defined(TYPE_BFLOAT16)
// fma() by name only where it is one instruction; elsewhere a·b + c, which may be contracted.
#if defined(SLOW_FMA)
#define MULTIPLY_ADD(SUM, A, B) ((SUM) + (A) * (B))
#else
#define MULTIPLY_ADD(SUM, A, B) fma(A, B, SUM)
#endif
#define ADD(A, B) ((A) + (B))
#else
#define MULTIPLY_ADD(SUM, A, B) ((SUM) + (A) * (B))
#define ADD(A, B) ((A) + (B))
#endif

#endif

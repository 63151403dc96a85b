// The transforms of PyTorch's stream, for Float and Double on every level: uniform numbers to a
// range or to normal ones. random.c draws the numbers, in PyTorch's order, and divides them among
// threads; kernels.h describes the arguments.
//
//   block of 16   | u0 … u7 | v0 … v7 |  ->  | 8 cosines | 8 sines |
//
// Float has the polynomials of PyTorch's AVX2 build, operation for operation, since an ulp in a
// weight is visible in a loss after some steps: with its order of operations and its fused ones, all
// 2^20 numbers after seed 7 are equal. Double is the C library's, as there.
//
// Source of the polynomials: Cephes (logf.c, sinf.c), in J. Pommier's arrangement for vectors
// (sse_mathfun.h), which PyTorch has as avx_mathfun.h. Reference: GeneratorNormalTests, with
// PyTorch's own numbers.
#ifndef SLOPE_TYPE_RANDOM
#define SLOPE_TYPE_RANDOM

enum { SLOPE_NORMALS = 16 };  // of a block

// a · b + c with one rounding, for levels without the instruction, where fmaf is a slow call. The
// product is exact in Double; the sum is rounded to odd (convert.h), so that Float rounds it as it
// would the exact sum.
SLOPE_FN float slope_exactly_fused(float a, float b, float c) {
  double product = (double)a * (double)b, addend = (double)c, sum = product + addend;
  double part = sum - product, lost = (product - (sum - part)) + (addend - part);
  uint64_t bits = slope_bits_of_double(sum), isEven = ~bits & 1;
  uint64_t step = (lost > 0) == (sum > 0) ? isEven : 0 - isEven;
  return (float)(lost > 0 || lost < 0 ? slope_double_of_bits(bits + step) : sum);
}
#endif

#ifdef T_IS_DOUBLE
#define FUSED(A, B, C) fma(A, B, C)
#elif LEVEL_HAS_FMA
#define FUSED(A, B, C) __builtin_elementwise_fma(A, B, C)
#else
#define FUSED(A, B, C) slope_exactly_fused(A, B, C)
#endif

// numbers [count] in 0 ..< 1 become numbers in from ..< to, with one rounding.
static void LOCAL(spread)(void *memory, int64_t count, double from, double to) {
  T *numbers = memory, start = (T)from, width = (T)to - (T)from;
  VECTORIZE for (int64_t i = 0; i < count; i++) numbers[i] = FUSED(numbers[i], width, start);
}

#ifdef T_IS_DOUBLE
SLOPE_FN double LOCAL(normalLog)(double x) { return log(x); }
SLOPE_FN void LOCAL(normalTurn)(double angle, double *cosine, double *sine) {
  *cosine = cos(angle);
  *sine = sin(angle);
}
#else
// log(x) for normal x in 0 ... 1.
SLOPE_FN float LOCAL(normalLog)(float x) {
  uint32_t bits = slope_bits_of_float(x);
  float exponent = (float)((int32_t)(bits >> 23) - 126);
  float mantissa = slope_float_of_bits((bits & 0x007FFFFFu) | 0x3F000000u);
  bool isSmall = mantissa < 0.707106781186547524f;
  exponent -= isSmall ? 1.0f : 0.0f;
  float f = (mantissa - 1.0f) + (isSmall ? mantissa : 0.0f), s = f * f;
  float p = 7.0376836292e-2f;
  p = FUSED(p, f, -1.1514610310e-1f);
  p = FUSED(p, f, 1.1676998740e-1f);
  p = FUSED(p, f, -1.2420140846e-1f);
  p = FUSED(p, f, 1.4249322787e-1f);
  p = FUSED(p, f, -1.6668057665e-1f);
  p = FUSED(p, f, 2.0000714765e-1f);
  p = FUSED(p, f, -2.4999993993e-1f);
  p = FUSED(p, f, 3.3333331174e-1f);
  p = FUSED(p * f, s, exponent * -2.12194440e-4f) - s * 0.5f;
  return FUSED(exponent, 0.693359375f, f + p);
}

// cos and sin of an angle in 0 ... 2π.
SLOPE_FN void LOCAL(normalTurn)(float angle, float *cosine, float *sine) {
  int32_t octant = ((int32_t)(angle * 1.27323954473516f) + 1) & ~1;
  float y = (float)octant, x = angle;
  x = FUSED(y, -0.78515625f, x);
  x = FUSED(y, -2.4187564849853515625e-4f, x);
  x = FUSED(y, -3.77489497744594108e-8f, x);
  float z = x * x, half = z * 0.5f;
  float c = 2.443315711809948e-5f;
  c = FUSED(c, z, -1.388731625493765e-3f);
  c = FUSED(c, z, 4.166664568298827e-2f);
  c = FUSED(c * z, z, -half) + 1.0f;
  float s = -1.9515295891e-4f;
  s = FUSED(s, z, 8.3321608736e-3f);
  s = FUSED(s, z, -1.6666654611e-1f);
  s = FUSED(s * z, x, x);
  bool isExchanged = (octant & 2) != 0;
  float first = isExchanged ? s : c, second = isExchanged ? c : s;
  uint32_t cosineSign = (uint32_t)((octant + 2) & 4) << 29, sineSign = (uint32_t)(octant & 4) << 29;
  *cosine = slope_float_of_bits(slope_bits_of_float(first) ^ cosineSign);
  *sine = slope_float_of_bits(slope_bits_of_float(second) ^ sineSign);
}
#endif

// Blocks [count] of 16 numbers in 0 ..< 1 become normal ones.
static void LOCAL(normals)(void *memory, int64_t count, double mean, double deviation) {
  const T shift = (T)mean, scale = (T)deviation, twoPi = (T)6.283185307179586476925;
  for (int64_t block = 0; block < count; block++) {
    T *numbers = (T *)memory + SLOPE_NORMALS * block;
    VECTORIZE for (int i = 0; i < SLOPE_NORMALS / 2; i++) {
      T cosine, sine, length = -2 * LOCAL(normalLog)(1 - numbers[i]);
      length = __builtin_elementwise_sqrt(length);
      LOCAL(normalTurn)(twoPi * numbers[i + SLOPE_NORMALS / 2], &cosine, &sine);
      numbers[i] = FUSED(length * cosine, scale, shift);
      numbers[i + SLOPE_NORMALS / 2] = FUSED(length * sine, scale, shift);
    }
  }
}
#undef FUSED

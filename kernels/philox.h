// Philox4x32-10 and the numbers that are made of its words, for C and OpenCL C: both compute the
// same bits, on every device.
//
//   key      | seed, 64 bits |                      one stream per key
//   counter  | block, 64 bits | 0, 64 bits |        numbers the blocks of the stream
//                    |  10 rounds of two multiplications
//   words    | w0 | w1 | w2 | w3 |                  32 bits each
//
// What an element takes of the block's words:
//
//   mask                        w0 | w1 | w2 | w3       4 elements, one word each
//   uniform, 32 bits or fewer   w0 | w1 | w2 | w3       4 elements, the low 24 bits of each word
//   uniform Double              w0, w1 | w2, w3         2 elements, the low 53 bits of each pair
//   normal, 32 bits or fewer    (w0, w1) | (w2, w3)     2 pairs: length, turn -> cosine, sine
//   normal Double               ((w0, w1), (w2, w3))    1 pair
//
// A normal pair is a Box–Muller transform: sqrt(-2 log(1 - u)) · cos(2π v), and the same with sin.
// Numbers are made by conversions without rounding, +, −, × and, of Double, ÷, each rounded once
// and never contracted, and by a square root that is rounded correctly: so all devices agree.
//
// The includer includes, in C, cpu/convert.h, and defines, in OpenCL, HAS_DOUBLE for Double.
// Arguments are single words and numbers. Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC11, doi:10.1145/2063384.2063405, with their test vectors
// (Random123, kat_vectors). References: RandomDrawTests, ReferenceBackend.draw (Tests).
#ifndef SLOPE_PHILOX_H
#define SLOPE_PHILOX_H

#if defined(__OPENCL_C_VERSION__) || defined(__OPENCL_VERSION__)
#pragma OPENCL FP_CONTRACT OFF
#define DRAW_FN static inline
#define DRAW_INT int
#define DRAW_UINT uint
#define DRAW_ULONG ulong
#define FLOAT_BITS(X) as_uint(X)
#define BITS_FLOAT(X) as_float(X)
#define DOUBLE_BITS(X) as_ulong(X)
#define BITS_DOUBLE(X) as_double(X)
#ifdef HAS_DOUBLE
#define DRAW_DOUBLE 1
#define DOUBLE_ROOT(X) sqrt(X)
#endif
#else
#pragma STDC FP_CONTRACT OFF
#define DRAW_FN SLOPE_FN
#define DRAW_INT int32_t
#define DRAW_UINT uint32_t
#define DRAW_ULONG uint64_t
#define FLOAT_BITS(X) slope_bits_of_float(X)
#define BITS_FLOAT(X) slope_float_of_bits(X)
#define DOUBLE_BITS(X) slope_bits_of_double(X)
#define BITS_DOUBLE(X) slope_double_of_bits(X)
#define DRAW_DOUBLE 1
#define FLOAT_ROOT(X) __builtin_elementwise_sqrt(X)
#define DOUBLE_ROOT(X) __builtin_elementwise_sqrt(X)
#endif

#define PHILOX_ROUNDS 10
// The multipliers of words 0 and 2, and what is added to the two halves of the key each round.
#define PHILOX_FACTOR_0 0xD2511F53u
#define PHILOX_FACTOR_2 0xCD9E8D57u
#define PHILOX_STEP_0 0x9E3779B9u
#define PHILOX_STEP_1 0xBB67AE85u

#ifndef FLOAT_ROOT
// OpenCL's sqrt of Float may be wrong by 3 ulp. x = X · 4^t with the integer X in 2^46 ..< 2^48,
// whose root has 24 bits: it is corrected until (2 root - 1)² <= 4 X < (2 root + 1)².
DRAW_FN float slope_draw_root(float x) {
  if (x == 0.0f) return x;
  uint bits = as_uint(x), odd = ((bits >> 23) & 1u) ^ 1u;
  ulong square = (ulong)((bits & 0x7FFFFFu) | 0x800000u) << (23 + odd);
  float scaled = as_float((bits & 0x7FFFFFu) | (127u + odd) << 23);
  ulong root = (ulong)(sqrt(scaled) * 0x1p23f);
  while ((2 * root + 1) * (2 * root + 1) <= 4 * square) root++;
  while ((2 * root - 1) * (2 * root - 1) > 4 * square) root--;
  int exponent = ((int)(bits >> 23) - 127 - (int)odd) / 2;
  return (float)root * as_float((uint)(exponent + 127 - 23) << 23);
}
#define FLOAT_ROOT(X) slope_draw_root(X)
#endif

// MARK: Float

// The low 24 bits of a word as a number in 0 ..< 1, exact.
DRAW_FN float slope_draw_fraction(DRAW_UINT word) {
  return (float)(DRAW_INT)(word & 0xFFFFFFu) * 0x1p-24f;
}

// sqrt(-2 log(1 - u)). 1 - u = m · 2^-24 with an integer m in 1 ... 2^24; the logarithm is that of
// log_float32 (cpu/math_float32.h), without its special cases.
DRAW_FN float slope_draw_length(DRAW_UINT word) {
  float m = (float)(DRAW_INT)(0x1000000u - (word & 0xFFFFFFu));
  DRAW_UINT bits = FLOAT_BITS(m) + (0x3F800000u - 0x3F3504F3u);
  float k = (float)((DRAW_INT)(bits >> 23) - 127 - 24);
  float f = BITS_FLOAT((bits & 0x007FFFFFu) + 0x3F3504F3u) - 1.0f, s = f * f;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  float rest = p * f * s + k * -2.12194440e-4f - 0.5f * s;
  float logarithm = (f + rest) + k * 0.693359375f;
  return FLOAT_ROOT(-2.0f * logarithm);
}

// cos and sin of 2π v: v = (quarter + r) / 4 with r in -1/2 ... 1/2, exact, and Cephes' polynomials
// for π r / 2 (sinf.c), which are exchanged and negated by quarters.
DRAW_FN void slope_draw_turn(DRAW_UINT word, float *cosine, float *sine) {
  float quarters = slope_draw_fraction(word) * 4.0f, rounded = quarters + 0x1.8p23f;
  float x = (quarters - (rounded - 0x1.8p23f)) * 0x1.921fb6p0f, z = x * x;
  DRAW_UINT quarter = FLOAT_BITS(rounded);
  float s = -1.9515295891e-4f * z + 8.3321608736e-3f;
  s = s * z - 1.6666654611e-1f;
  s = s * z * x + x;
  float c = 2.443315711809948e-5f * z - 1.388731625493765e-3f;
  c = c * z + 4.166664568298827e-2f;
  c = c * z * z - 0.5f * z + 1.0f;
  DRAW_UINT isOdd = 0u - (quarter & 1u), first = FLOAT_BITS(c), second = FLOAT_BITS(s);
  DRAW_UINT exchange = (first ^ second) & isOdd;
  *cosine = BITS_FLOAT((first ^ exchange) ^ ((quarter + 1u) & 2u) << 30);
  *sine = BITS_FLOAT((second ^ exchange) ^ (quarter & 2u) << 30);
}

// MARK: Double

#ifdef DRAW_DOUBLE
// The 53 bits of two words as an integer, exact; in parts of 32 bits, for which every processor has
// a conversion.
DRAW_FN double slope_draw_integer(DRAW_UINT high, DRAW_UINT low) {
  double upper = (double)(DRAW_INT)(high & 0x1FFFFFu) * 0x1p32;
  return upper + ((double)(DRAW_INT)(low ^ 0x80000000u) + 0x1p31);
}

DRAW_FN double slope_draw_long_fraction(DRAW_UINT high, DRAW_UINT low) {
  return slope_draw_integer(high, low) * 0x1p-53;
}

// As slope_draw_length, with the logarithm of log_float64 (cpu/math_float64.h).
DRAW_FN double slope_draw_long_length(DRAW_UINT high, DRAW_UINT low) {
  double m = 0x1p53 - slope_draw_integer(high, low);
  DRAW_ULONG bits = DOUBLE_BITS(m) + (0x3FF0000000000000ul - 0x3FE6A09E00000000ul);
  double k = BITS_DOUBLE((bits >> 52) | 0x4330000000000000ul) - (0x1p52 + 1023 + 53);
  double f = BITS_DOUBLE((bits & 0x000FFFFFFFFFFFFFul) + 0x3FE6A09E00000000ul) - 1.0;
  double halfSquare = 0.5 * f * f, s = f / (2.0 + f), z = s * s, w = z * z;
  double even = w * (3.999999999940941908e-01 +
                     w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double odd = z * (6.666666666666735130e-01 +
                    w * (2.857142874366239149e-01 +
                         w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  double logarithm = s * (halfSquare + (even + odd)) + k * 1.90821492927058770002e-10 -
                     halfSquare + f + k * 6.93147180369123816490e-01;
  return DOUBLE_ROOT(-2.0 * logarithm);
}

// As slope_draw_turn, with FreeBSD's polynomials (msun, k_sin.c and k_cos.c).
DRAW_FN void slope_draw_long_turn(DRAW_UINT high, DRAW_UINT low, double *cosine, double *sine) {
  double quarters = slope_draw_integer(high, low) * 0x1p-51, rounded = quarters + 0x1.8p52;
  double x = (quarters - (rounded - 0x1.8p52)) * 0x1.921fb54442d18p0, z = x * x;
  DRAW_ULONG quarter = DOUBLE_BITS(rounded);
  double s = 1.58969099521155010221e-10 * z - 2.50507602534068634195e-08;
  s = s * z + 2.75573137070700676789e-06;
  s = s * z - 1.98412698298579493134e-04;
  s = s * z + 8.33333333332248946124e-03;
  s = s * z - 1.66666666666666324348e-01;
  s = s * z * x + x;
  double c = -1.13596475577881948265e-11 * z + 2.08757232129817482790e-09;
  c = c * z - 2.75573143513906633035e-07;
  c = c * z + 2.48015872894767294178e-05;
  c = c * z - 1.38888888888741095749e-03;
  c = c * z + 4.16666666666666019037e-02;
  c = c * z * z - 0.5 * z + 1.0;
  DRAW_ULONG isOdd = 0ul - (quarter & 1ul), first = DOUBLE_BITS(c), second = DOUBLE_BITS(s);
  DRAW_ULONG exchange = (first ^ second) & isOdd;
  *cosine = BITS_DOUBLE((first ^ exchange) ^ ((quarter + 1ul) & 2ul) << 62);
  *sine = BITS_DOUBLE((second ^ exchange) ^ (quarter & 2ul) << 62);
}
#endif
#endif

// The elementary functions of Float, within 2 ulp (units in the last place; KernelAccuracyTests).
//
//   computed in Float     exp, exp2, sigmoid, tanh, erf, erfc, log: those of activations and
//                         losses
//   computed in Double    expm1, log2, log10, log1p, sinh, cosh, asinh, acosh, atanh, pow, hypot,
//                         sin and cos up to 2^22, then rounded once: errors of at most 0.501 ulp
//   the C library's       sin and cos beyond; tan, asin, acos, atan and atan2 in Double; fmod
//
// The first two groups have no branches (sin and cos by type_turn.h), so that loops over them
// vectorise; nothing is contracted,
// so every level gives the same bits. NaN arguments give NaN, except pow(NaN, 0) = pow(1, NaN) = 1
// and hypot(NaN, ±inf) = inf.
//
// "Largest error" is the maximum over all 2^32 Floats, against glibc's Double function; for erf and
// log over all in 1/4 ..< 4 and every 29th of the others.
// Reference: KernelReference.elementary (Tests/SlopeCoreTests/Kernels).
#ifndef SLOPE_CPU_MATH_FLOAT32_H
#define SLOPE_CPU_MATH_FLOAT32_H

#include <math.h>

#include "convert.h"
#include "math_float64.h"

#pragma STDC FP_CONTRACT OFF

SLOPE_FN float fabs_float32(float x) { return __builtin_fabsf(x); }
SLOPE_FN float copysign_float32(float x, float sign) { return __builtin_copysignf(x, sign); }
SLOPE_FN float floor_float32(float x) { return __builtin_elementwise_floor(x); }
SLOPE_FN float ceil_float32(float x) { return __builtin_elementwise_ceil(x); }
SLOPE_FN float trunc_float32(float x) { return __builtin_elementwise_trunc(x); }
SLOPE_FN float rint_float32(float x) { return __builtin_elementwise_roundeven(x); }
SLOPE_FN float sqrt_float32(float x) { return __builtin_elementwise_sqrt(x); }
SLOPE_FN float fmod_float32(float x, float y) { return fmodf(x, y); }
SLOPE_FN float nextafter_float32(float x, float y) { return nextafterf(x, y); }
SLOPE_FN float frexp_float32(float x, int *exponent) { return frexpf(x, exponent); }
SLOPE_FN float ldexp_float32(float x, int exponent) { return ldexpf(x, exponent); }

// MARK: Exponentials

// x + ROUNDER_32 has no bits below 1: the addition rounds x to an integer, which is then in the low
// bits of the sum, and subtracting ROUNDER_32 again gives that integer as a Float. |x| < 2^22.
#define ROUNDER_32 0x1.8p23f

// 2^n for an integer n in -126 ... 127, exact: n + 127 becomes the exponent field.
SLOPE_FN float slope_power_of_two_32(float n) {
  return slope_float_of_bits((slope_bits_of_float(n + ROUNDER_32) + 127) << 23);
}

// x · 2^n for x near 1 and an integer n in -252 ... 254, rounded once. In two factors 2^(n/2),
// since 2^n alone may be no normal number: 1.5 · 2^-149 and 0.75 · 2^128 have Float results.
SLOPE_FN float slope_scale_32(float x, float n) {
  float half = (n * 0.5f + ROUNDER_32) - ROUNDER_32;
  return x * slope_power_of_two_32(half) * slope_power_of_two_32(n - half);
}

// exp(r) = high + low for |r| <= log(2) / 2: 1 + r + r² p(r), with Cephes' polynomial p (expf.c).
// high is 1 + r rounded; low takes what that addition lost, so that high + low rounds once.
SLOPE_FN float slope_exp_core_32(float r, float *low) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  float high = 1.0f + r;
  *low = p * (r * r) + (r - (high - 1.0f));
  return high;
}

// exp(x) = (high + low) · 2^n with n = round(x / log 2) and r = x - n · log 2. log 2 is split into
// 0.693359375, which has 9 significant bits, so that its product with n is exact, and a correction
// of -2.1219e-4: otherwise r would lose the bits that x and n · log 2 have in common. Below -104
// the result is 0, above 89 infinite (log of the largest Float is 88.72), so x is clamped.
SLOPE_FN float slope_exp_parts_32(float x, float *high, float *low) {
  float clamped = x < -104.0f ? -104.0f : x > 89.0f ? 89.0f : x;
  float n = (clamped * 0x1.715476p+0f + ROUNDER_32) - ROUNDER_32;
  *high = slope_exp_core_32(clamped - n * 0.693359375f + n * 2.12194440e-4f, low);
  return n;
}

// Largest error 0.801 ulp. exp(1): n = 1, r = 0.306853, exp(r) = 1.359141, times 2 is 2.718282.
SLOPE_FN float exp_float32(float x) {
  float high, low, n = slope_exp_parts_32(x, &high, &low);
  return slope_scale_32(high + low, n);
}

// 2^x = exp(r) · 2^n with n = round(x), r = (x - n) · log 2; x - n is exact. The result is 0 below
// -151, infinite from 128. Largest error 0.855 ulp. 2^0.5: n = 0, r = 0.346574, result 1.414214.
SLOPE_FN float exp2_float32(float x) {
  float clamped = x < -151.0f ? -151.0f : x > 129.0f ? 129.0f : x, low;
  float n = (clamped + ROUNDER_32) - ROUNDER_32;
  float high = slope_exp_core_32((clamped - n) * 0x1.62e43p-1f, &low);
  return slope_scale_32(high + low, n);
}

// exp(x) - 1, without the cancellation near 0: expm1(1e-10) = 1e-10, while exp(1e-10) - 1 is 0.
SLOPE_FN float expm1_float32(float x) { return (float)expm1_float64((double)x); }

// 1 / (1 + exp(-x)), computed as z / (1 + z) for x < 0 and 1 / (1 + z) otherwise, with
// z = exp(-|x|) <= 1. exp(-x) would overflow: sigmoid(-90) = 8.19e-40, while 1 / (1 + exp(90)) is
// 0. The last step corrects the quotient by the rounding error of 1 + z, as in sigmoid_float64.
// Largest error 1.967 ulp.
SLOPE_FN float sigmoid_float32(float x) {
  float z = exp_float32(-__builtin_fabsf(x)), denominator = 1.0f + z;
  float lost = z - (denominator - 1.0f), quotient = (x < 0 ? z : 1.0f) / denominator;
  return quotient - quotient * lost * (x < 0 ? 1.0f - quotient : quotient);
}

// Below 0.625 an odd polynomial x + x³ p(x²) (Cephes, tanhf.c), where 1 - 2 / (exp(2x) + 1), which
// is used above, would cancel: at 1e-4 it has 3 digits left. exp(2x) may overflow: the result is 1.
// Largest error 1.349 ulp. tanh(1): exp(2) = 7.389056, 1 - 2 / 8.389056 = 0.761594.
SLOPE_FN float tanh_float32(float x) {
  float magnitude = __builtin_fabsf(x), s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  float small = p * s * magnitude + magnitude;
  float large = 1.0f - 2.0f / (exp_float32(2.0f * magnitude) + 1.0f);
  return __builtin_copysignf(magnitude < 0.625f ? small : large, x);
}

// Below 0.9277 an odd polynomial x + x p(x²); above, 1 - exp(t r(t) - t) with t = |x| (N. Juffa's
// coefficients, stackoverflow.com/questions/35148198), where 1 - erf(t) is small and exp keeps its
// relative accuracy. Beyond 4 the exponent is cut off at -20: the result is 1.
// Largest error 1.157 ulp. erf(1) = 0.842701.
SLOPE_FN float erf_float32(float x) {
  float t = __builtin_fabsf(x), s = x * x;
  float r = -1.72853470e-5f * t + 3.83197126e-4f, u = -3.88396438e-3f * t + 2.42546219e-2f;
  r = r * s + u;
  r = r * t - 1.06777877e-1f;
  r = r * t - 6.34846687e-1f;
  r = r * t - 1.28717512e-1f;
  float large = 1.0f - exp_float32(t > 4.0f ? -20.0f : r * t - t);
  float p = -5.96761703e-4f;
  p = p * s + 4.99119423e-3f;
  p = p * s - 2.67681349e-2f;
  p = p * s + 1.12819925e-1f;
  p = p * s - 3.76125336e-1f;
  p = p * s + 1.28379166e-1f;
  float small = p * x + x;
  return t > 0.927734375f ? __builtin_copysignf(large, x) : small;
}

// x without its last 12 bits: products of two such numbers are exact.
SLOPE_FN float slope_head_32(float x) {
  return slope_float_of_bits(slope_bits_of_float(x) & 0xFFFFF000u);
}

// erfc(t) = exp(-t²) · v p(v) for t = |x| with v = 1 / (t + 2.5), and erfc(-t) = 2 - erfc(t). p is
// fitted by Remez' algorithm for u = 6.21875 v - 1.484375, which is in -1 ... 1, with a relative
// error of 2^-29: a term linear in v, plus u² times a polynomial in u. Beyond 10.25 the result is 0.
//
// Rounding t² would cost 50 ulp, rounding v, p and the products 3. So numbers are sums of a head,
// whose products are exact, and a tail: the head of t is a multiple of 2^-8, the others have 12
// bits. Largest error 1.754 ulp; erfc(0) = 1 exactly, erfc(1) = 0.157299, erfc(10) = 2.1e-45.
SLOPE_FN float erfc_float32(float x) {
  float magnitude = __builtin_fabsf(x), t = magnitude > 10.25f ? 10.25f : magnitude;
  float tHead = (t + 0x1.8p15f) - 0x1.8p15f, tTail = t - tHead;

  // exp(-t²) = (eHead + eTail) · 2^n, where r + lost = -t² - n · log 2, as in slope_exp_parts_32.
  float n = (t * t * -0x1.715476p+0f + ROUNDER_32) - ROUNDER_32;
  float lead = -(tHead * tHead) - n * 0.693359375f;
  float rest = n * 2.12194440e-4f - tTail * (t + tHead), r = lead + rest, lost = rest - (r - lead);
  float low, high = slope_exp_core_32(r, &low), eHead = slope_head_32(high);
  float eTail = (high - eHead) + (low + lost);

  float v = 1.0f / (t + 2.5f), vHead = slope_head_32(v);
  float vTail = ((1.0f - vHead * (tHead + 2.5f)) - vHead * tTail) * v;
  float u = (vHead * 6.21875f - 1.484375f) + vTail * 6.21875f;
  float q = -0x1.5c3abp-18f;
  q = q * u - 0x1.71e6dep-16f;
  q = q * u + 0x1.4b832p-14f;
  q = q * u + 0x1.2ea17ep-12f;
  q = q * u - 0x1.f7e1ccp-11f;
  q = q * u - 0x1.264b42p-8f;
  q = q * u + 0x1.e52cap-8f;
  q = q * u + 0x1.9332fp-4f;
  q = q * u + 0x1.7204e2p-2f;
  // 5.0026096 v + 0.0341812, in heads and tails.
  float line = 0x1.18p-5f + 0x1.402p+2f * vHead;
  float curve = q * (u * u) + (0x1.401642p+2f * vTail + (-0x1.37d02p-11f * vHead + 0x1.9fc4c6p-20f));
  float p = line + curve, pHead = slope_head_32(p), pTail = (line - pHead) + curve;

  float product = vHead * pHead, fHead = slope_head_32(product);
  float fTail = (product - fHead) + (vHead * pTail + vTail * p);
  float y = slope_scale_32(eHead * fHead + (eHead * fTail + eTail * (fHead + fTail)), n);
  return x < 0 ? 2.0f - y : y;
}

// MARK: Logarithms

// log(x) = k · log 2 + log(1 + f) for x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2)
// (Cephes, logf.c): log(1 + f) = f - f² / 2 + f³ p(f). So x near 1 has k = 0, and the terms do not
// cancel. log 2 is split as in exp; subnormal x is multiplied by 2^24 first. log(±0) = -inf,
// log(x < 0) = NaN. Largest error 0.829 ulp. log(10): k = 3, f = 0.25, 3 · 0.693147 + 0.223144 =
// 2.302585.
SLOPE_FN float log_float32(float x) {
  bool isSubnormal = x < 0x1p-126f;
  float scaled = isSubnormal ? x * 0x1p24f : x;
  uint32_t bits = slope_bits_of_float(scaled) + (0x3F800000u - 0x3F3504F3u);
  float k = (float)((int32_t)(bits >> 23) - 127) - (isSubnormal ? 24.0f : 0.0f);
  float f = slope_float_of_bits((bits & 0x007FFFFFu) + 0x3F3504F3u) - 1.0f, s = f * f;
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
  float result = (f + rest) + k * 0.693359375f;
  result = x == INFINITY ? x : result;
  result = x == 0 ? -INFINITY : result;
  return x >= 0 ? result : NAN;
}

// log(x) / log 2, and log(x) / log 10.
SLOPE_FN float log2_float32(float x) {
  return (float)(log_float64((double)x) * 0x1.71547652b82fep+0);
}
SLOPE_FN float log10_float32(float x) {
  return (float)(log_float64((double)x) * 0x1.bcb7b1526e50ep-2);
}

// log(1 + x): x - x²/2 + x³/3 - x⁴/4 below 2^-10, where 1 + x loses bits of x that Float shows:
// log1p(1e-20) = 1e-20, while log(1 + 1e-20) is 0. Keeps -0.
SLOPE_FN float log1p_float32(float value) {
  double x = (double)value;
  double series = x * (1.0 - x * (0.5 - x * (1.0 / 3 - x * 0.25)));
  double result = x > -0x1p-10 && x < 0x1p-10 ? series : log_float64(1.0 + x);
  return value == 0 ? value : (float)result;
}

// MARK: Hyperbolic functions

// (exp(x) - exp(-x)) / 2; below 2^-9, where the difference would cancel, x + x³/6.
SLOPE_FN float sinh_float32(float value) {
  double x = (double)value, power = exp_float64(x), large = 0.5 * (power - 1.0 / power);
  double small = x + x * (x * x) * (1.0 / 6);
  return (float)(x > -0x1p-9 && x < 0x1p-9 ? small : large);
}

// (exp(x) + exp(-x)) / 2. In Double, exp overflows for no x whose cosh is a finite Float.
SLOPE_FN float cosh_float32(float value) {
  double power = exp_float64((double)value);
  return (float)(0.5 * (power + 1.0 / power));
}

// sign(x) log(|x| + sqrt(x² + 1)); below 2^-9, where the logarithm of a number near 1 loses the
// bits of x, x - x³/6. x² does not overflow in Double.
SLOPE_FN float asinh_float32(float value) {
  double x = (double)value, magnitude = __builtin_fabs(x);
  double large = log_float64(magnitude + __builtin_elementwise_sqrt(x * x + 1.0));
  double small = magnitude - magnitude * (x * x) * (1.0 / 6);
  return (float)__builtin_copysign(magnitude < 0x1p-9 ? small : large, x);
}

// log(x + sqrt(x² - 1)); NaN below 1. x² - 1 is exact near 1, since x² has at most 48 bits.
SLOPE_FN float acosh_float32(float value) {
  double x = (double)value;
  double result = log_float64(x + __builtin_elementwise_sqrt(x * x - 1.0));
  return x >= 1.0 ? (float)result : NAN;
}

// log((1 + x) / (1 - x)) / 2; below 2^-9, where the quotient is near 1 and loses bits of x,
// x + x³/3. atanh(±1) = ±inf, NaN beyond.
SLOPE_FN float atanh_float32(float value) {
  double x = (double)value, large = 0.5 * log_float64((1.0 + x) / (1.0 - x));
  double small = x + x * (x * x) * (1.0 / 3);
  return (float)(x > -0x1p-9 && x < 0x1p-9 ? small : large);
}

// MARK: Powers

// exp(y log|x|) in Double, with C's rules for zeros, infinities, NaN and negative bases. The error
// of y log|x|, at most 104 in magnitude where the result is neither 0 nor infinite, is below 2^-44,
// far below an ulp of Float. pow(-2, 3): exp(3 · 0.693147) = 8, negated since 3 is odd.
SLOPE_FN float pow_float32(float x, float y) {
  double power = exp_float64((double)y * log_float64(__builtin_fabs((double)x)));
  double half = 0.5 * (double)y;
  bool isInteger = trunc_float32(y) == y, isOdd = isInteger && trunc_float64(half) != half;
  bool isNegative = slope_bits_of_float(x) >> 31 != 0;
  power = isNegative && isOdd ? -power : power;
  power = x < 0 && x > -INFINITY && !isInteger ? NAN : power;
  bool isOne = x == 1 || y == 0 || (x == -1 && __builtin_fabsf(y) == INFINITY);
  return isOne ? 1.0f : (float)power;
}

// MARK: Trigonometric functions

// Up to here slope_turn_32 is right. False for NaN.
SLOPE_FN bool slope_is_near_32(float x) { return __builtin_fabsf(x) <= 0x1p22f; }

// sin(x + quarters · π/2) for |x| <= 2^22: with n = round(x / (π/2)) and r = x - n π/2 it is ± sin(r)
// or ± cos(r), by the last two bits of n + quarters. π/2 is split into a high part of 25 bits, so
// that its product with n is exact, and a low part. The polynomials are FreeBSD's for |r| <= π/4
// (k_sinf.c, k_cosf.c). Keeps -0. Largest error 0.501 ulp. sin(2): n = 1, r = 0.429204,
// cos(r) = 0.909297.
SLOPE_FN float slope_turn_32(float value, uint64_t quarters) {
  double x = (double)value, shifted = x * 0x1.45f306dc9c883p-1 + ROUNDER_64;
  double n = shifted - ROUNDER_64, r = (x - n * 0x1.921fb5p0) - n * 0x1.110b4611a6263p-26;
  quarters += slope_bits_of_double(shifted);
  double s = r * r, q = s * s;
  double sine = (-0x1.5555554cbac77p-3 + s * 0x1.11110896efbb2p-7) +
                q * (-0x1.a00f9e2cae774p-13 + s * 0x1.6cd878c3b46a7p-19);
  double cosine = (1.0 + s * -0x1.ffffffd0c5e81p-2) +
                  q * ((0x1.55553e1053a42p-5 + s * -0x1.6c087e80f1e27p-10) +
                       q * 0x1.99342e0ee5069p-16);
  double result = (quarters & 1) != 0 ? cosine : r * (1.0 + s * sine);
  return (float)slope_double_of_bits(slope_bits_of_double(result) ^ (quarters & 2) << 62);
}

SLOPE_FN float sin_float32(float x) { return slope_is_near_32(x) ? slope_turn_32(x, 0) : sinf(x); }
SLOPE_FN float cos_float32(float x) { return slope_is_near_32(x) ? slope_turn_32(x, 1) : cosf(x); }

// MARK: The C library's functions

SLOPE_FN float tan_float32(float x) { return (float)tan((double)x); }
SLOPE_FN float lgamma_float32(float x) { return (float)lgamma_float64((double)x); }
SLOPE_FN float asin_float32(float x) { return (float)asin((double)x); }
SLOPE_FN float acos_float32(float x) { return (float)acos((double)x); }
SLOPE_FN float atan_float32(float x) { return (float)atan((double)x); }
SLOPE_FN float atan2_float32(float y, float x) { return (float)atan2((double)y, (double)x); }

// sqrt(x² + y²) in Double, where the squares neither overflow nor underflow: hypot(3e30, 4e30) =
// 5e30, while x² in Float is infinite. An infinite argument gives infinity even if the other is
// NaN.
SLOPE_FN float hypot_float32(float x, float y) {
  double length = __builtin_elementwise_sqrt((double)x * (double)x + (double)y * (double)y);
  bool isInfinite = __builtin_fabsf(x) == INFINITY || __builtin_fabsf(y) == INFINITY;
  return isInfinite ? INFINITY : (float)length;
}

#endif

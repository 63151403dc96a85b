// The elementary functions of Float, within 2 ulp.
//
// Those of activations and losses are polynomials in Float, most others go through the Double
// functions of math_float64.h and round once; both vectorise. Sines and inverse circular functions
// are the C library's.
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

// MARK: Exponentials

// Adding it rounds to an integer, which is then in the low bits.
#define ROUNDER_32 0x1.8p23f

// 2 to the power `n`, an integer in -126 ... 127.
SLOPE_FN float slope_power_of_two_32(float n) {
  return slope_float_of_bits((slope_bits_of_float(n + ROUNDER_32) + 127) << 23);
}

// x times 2 to the power `n`, in two steps, so that subnormal results round once and overflow.
SLOPE_FN float slope_scale_32(float x, float n) {
  float half = (n * 0.5f + ROUNDER_32) - ROUNDER_32;
  return x * slope_power_of_two_32(half) * slope_power_of_two_32(n - half);
}

// exp(r) = high + low for |r| <= log(2) / 2 (Cephes, expf.c): what 1 + r rounds away joins the small
// terms.
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

// exp(x) = (high + low) 2^n.
SLOPE_FN float slope_exp_parts_32(float x, float *high, float *low) {
  float clamped = x < -104.0f ? -104.0f : x > 89.0f ? 89.0f : x;
  float n = (clamped * 0x1.715476p+0f + ROUNDER_32) - ROUNDER_32;
  *high = slope_exp_core_32(clamped - n * 0.693359375f + n * 2.12194440e-4f, low);
  return n;
}

SLOPE_FN float exp_float32(float x) {
  float high, low, n = slope_exp_parts_32(x, &high, &low);
  return slope_scale_32(high + low, n);
}

SLOPE_FN float exp2_float32(float x) {
  float clamped = x < -151.0f ? -151.0f : x > 129.0f ? 129.0f : x, low;
  float n = (clamped + ROUNDER_32) - ROUNDER_32;
  float high = slope_exp_core_32((clamped - n) * 0x1.62e43p-1f, &low);
  return slope_scale_32(high + low, n);
}

SLOPE_FN float expm1_float32(float x) { return (float)expm1_float64((double)x); }

// As sigmoid_float64, but for what z rounded away.
SLOPE_FN float sigmoid_float32(float x) {
  float z = exp_float32(-__builtin_fabsf(x)), denominator = 1.0f + z;
  float lost = z - (denominator - 1.0f), quotient = (x < 0 ? z : 1.0f) / denominator;
  return quotient - quotient * lost * (x < 0 ? 1.0f - quotient : quotient);
}

// Below 0.625 a polynomial (Cephes, tanhf.c), above 1 - 2 / (exp(2x) + 1).
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

// Below 0.9277 an odd polynomial, above 1 - exp of a polynomial (N. Juffa's coefficients,
// stackoverflow.com/questions/35148198).
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

// MARK: Logarithms

// x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2) (Cephes, logf.c).
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

SLOPE_FN float log2_float32(float x) {
  return (float)(log_float64((double)x) * 0x1.71547652b82fep+0);
}
SLOPE_FN float log10_float32(float x) {
  return (float)(log_float64((double)x) * 0x1.bcb7b1526e50ep-2);
}

// Below 2^-10 the series, which 1 + x would lose.
SLOPE_FN float log1p_float32(float value) {
  double x = (double)value;
  double series = x * (1.0 - x * (0.5 - x * (1.0 / 3 - x * 0.25)));
  double result = x > -0x1p-10 && x < 0x1p-10 ? series : log_float64(1.0 + x);
  return value == 0 ? value : (float)result;
}

// MARK: Hyperbolic functions

SLOPE_FN float sinh_float32(float value) {
  double x = (double)value, power = exp_float64(x), large = 0.5 * (power - 1.0 / power);
  double small = x + x * (x * x) * (1.0 / 6);
  return (float)(x > -0x1p-9 && x < 0x1p-9 ? small : large);
}

SLOPE_FN float cosh_float32(float value) {
  double power = exp_float64((double)value);
  return (float)(0.5 * (power + 1.0 / power));
}

SLOPE_FN float asinh_float32(float value) {
  double x = (double)value, magnitude = __builtin_fabs(x);
  double large = log_float64(magnitude + __builtin_elementwise_sqrt(x * x + 1.0));
  double small = magnitude - magnitude * (x * x) * (1.0 / 6);
  return (float)__builtin_copysign(magnitude < 0x1p-9 ? small : large, x);
}

SLOPE_FN float acosh_float32(float value) {
  double x = (double)value;
  double result = log_float64(x + __builtin_elementwise_sqrt(x * x - 1.0));
  return x >= 1.0 ? (float)result : NAN;
}

SLOPE_FN float atanh_float32(float value) {
  double x = (double)value, large = 0.5 * log_float64((1.0 + x) / (1.0 - x));
  double small = x + x * (x * x) * (1.0 / 3);
  return (float)(x > -0x1p-9 && x < 0x1p-9 ? small : large);
}

// MARK: Powers

// exp(y log|x|) in Double, with C's rules for zeros, infinities, NaN and negative bases.
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

// MARK: The C library's

SLOPE_FN float sin_float32(float x) { return sinf(x); }
SLOPE_FN float cos_float32(float x) { return cosf(x); }
SLOPE_FN float tan_float32(float x) { return (float)tan((double)x); }
SLOPE_FN float asin_float32(float x) { return (float)asin((double)x); }
SLOPE_FN float acos_float32(float x) { return (float)acos((double)x); }
SLOPE_FN float atan_float32(float x) { return (float)atan((double)x); }
SLOPE_FN float atan2_float32(float y, float x) { return (float)atan2((double)y, (double)x); }
// The squares neither overflow nor vanish in Double; infinity wins over NaN.
SLOPE_FN float hypot_float32(float x, float y) {
  double root = __builtin_elementwise_sqrt((double)x * (double)x + (double)y * (double)y);
  bool isInfinite = __builtin_fabsf(x) == INFINITY || __builtin_fabsf(y) == INFINITY;
  return isInfinite ? INFINITY : (float)root;
}

#endif

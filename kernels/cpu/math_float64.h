// The elementary functions of Double, within 2 ulp.
//
// exp, log, expm1, tanh and sigmoid have no branches and no calls, so that loops over them
// vectorise; nothing is contracted, so every instruction set gives the same bits. The rest is the C
// library's.
#ifndef SLOPE_CPU_MATH_FLOAT64_H
#define SLOPE_CPU_MATH_FLOAT64_H

#include <math.h>

#include "convert.h"

#pragma STDC FP_CONTRACT OFF

SLOPE_FN double fabs_float64(double x) { return __builtin_fabs(x); }
SLOPE_FN double copysign_float64(double x, double sign) { return __builtin_copysign(x, sign); }
SLOPE_FN double floor_float64(double x) { return __builtin_elementwise_floor(x); }
SLOPE_FN double ceil_float64(double x) { return __builtin_elementwise_ceil(x); }
SLOPE_FN double trunc_float64(double x) { return __builtin_elementwise_trunc(x); }
SLOPE_FN double rint_float64(double x) { return __builtin_elementwise_roundeven(x); }
SLOPE_FN double sqrt_float64(double x) { return __builtin_elementwise_sqrt(x); }
SLOPE_FN double fmod_float64(double x, double y) { return fmod(x, y); }

// Adding it rounds to an integer, which is then in the low bits.
#define ROUNDER_64 0x1.8p52

// 2 to the power `n`, an integer in -1022 ... 1023.
SLOPE_FN double slope_power_of_two_64(double n) {
  return slope_double_of_bits((slope_bits_of_double(n + ROUNDER_64) + 1023) << 52);
}

// x times 2 to the power `n`, in two steps, so that subnormal results round once and overflow.
SLOPE_FN double slope_scale_64(double x, double n) {
  double half = (n * 0.5 + ROUNDER_64) - ROUNDER_64;
  return x * slope_power_of_two_64(half) * slope_power_of_two_64(n - half);
}

// (exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2: the Taylor series up to r^13 / 13!, by pairs.
SLOPE_FN double slope_exp_tail_64(double r) {
  double s = r * r, q = s * s;
  double p0 = 0.5 + r * (1.0 / 6), p1 = 1.0 / 24 + r * (1.0 / 120);
  double p2 = 1.0 / 720 + r * (1.0 / 5040), p3 = 1.0 / 40320 + r * (1.0 / 362880);
  double p4 = 1.0 / 3628800 + r * (1.0 / 39916800);
  double p5 = 1.0 / 479001600 + r * (1.0 / 6227020800);
  return (p0 + s * p1) + q * ((p2 + s * p3) + q * (p4 + s * p5));
}

// The integer nearest to x / log(2), and what is left of x (`rest` corrects the remainder).
SLOPE_FN double slope_reduce_64(double x, double *remainder, double *rest) {
  double n = (x * 0x1.71547652b82fep+0 + ROUNDER_64) - ROUNDER_64;
  double high = x - n * 0x1.62e42feep-1, low = n * 0x1.a39ef35793c76p-33;
  *remainder = high - low;
  *rest = (high - *remainder) - low;
  return n;
}

// exp(x) = (high + low) 2^n, where high alone is off by less than an ulp.
SLOPE_FN double slope_exp_parts_64(double x, double *high, double *low) {
  double clamped = x < -746.0 ? -746.0 : x > 710.0 ? 710.0 : x, r, rest;
  double n = slope_reduce_64(clamped, &r, &rest);
  *high = 1.0 + r;
  *low = (r - (*high - 1.0)) + (rest + r * r * slope_exp_tail_64(r));
  return n;
}

SLOPE_FN double exp_float64(double x) {
  double high, low, n = slope_exp_parts_64(x, &high, &low);
  return slope_scale_64(high + low, n);
}

SLOPE_FN double expm1_float64(double x) {
  double clamped = x < -38.0 ? -38.0 : x > 710.0 ? 710.0 : x, r, rest;
  double n = slope_reduce_64(clamped, &r, &rest);
  double difference = r + (rest + r * r * slope_exp_tail_64(r));
  // 2^n (1 - 2^-n + difference); beyond 2^60 the 2^-n is lost anyway.
  double inverse = slope_power_of_two_64(n > 60.0 ? -60.0 : -n);
  double result = slope_scale_64((1.0 - inverse) + difference, n);
  return x == 0 ? x : result;
}

// FreeBSD's log (msun, e_log.c): x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2), then
// log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R(s^2))) with s = f / (2 + f).
SLOPE_FN double log_float64(double x) {
  bool isSubnormal = x < 0x1p-1022;
  double scaled = isSubnormal ? x * 0x1p54 : x;
  uint64_t bits = slope_bits_of_double(scaled) + (0x3FF0000000000000u - 0x3FE6A09E00000000u);
  // The exponent as a double, without a conversion of 64-bit integers, which AVX2 lacks.
  double k = slope_double_of_bits((bits >> 52) | 0x4330000000000000u) -
             (isSubnormal ? 0x1p52 + 1023 + 54 : 0x1p52 + 1023);
  double f = slope_double_of_bits((bits & 0x000FFFFFFFFFFFFFu) + 0x3FE6A09E00000000u) - 1.0;
  double halfSquare = 0.5 * f * f, s = f / (2.0 + f), z = s * s, w = z * z;
  double even = w * (3.999999999940941908e-01 +
                     w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double odd = z * (6.666666666666735130e-01 +
                    w * (2.857142874366239149e-01 +
                         w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  double result = s * (halfSquare + (even + odd)) + k * 1.90821492927058770002e-10 - halfSquare + f +
                  k * 6.93147180369123816490e-01;
  result = x == INFINITY ? x : result;
  result = x == 0 ? -INFINITY : result;
  return x >= 0 ? result : NAN;
}

SLOPE_FN double exp2_float64(double x) { return exp2(x); }
SLOPE_FN double log2_float64(double x) { return log2(x); }
SLOPE_FN double log10_float64(double x) { return log10(x); }
SLOPE_FN double log1p_float64(double x) { return log1p(x); }
SLOPE_FN double sin_float64(double x) { return sin(x); }
SLOPE_FN double cos_float64(double x) { return cos(x); }
SLOPE_FN double tan_float64(double x) { return tan(x); }
SLOPE_FN double asin_float64(double x) { return asin(x); }
SLOPE_FN double acos_float64(double x) { return acos(x); }
SLOPE_FN double atan_float64(double x) { return atan(x); }
SLOPE_FN double sinh_float64(double x) { return sinh(x); }
SLOPE_FN double cosh_float64(double x) { return cosh(x); }

// Below 0.625 a rational function (Cephes, tanh.c), above 1 - 2 / (exp(2x) + 1).
SLOPE_FN double tanh_float64(double x) {
  double magnitude = __builtin_fabs(x), s = x * x;
  double numerator = (-9.64399179425052238628e-1 * s - 9.92877231001918586564e1) * s -
                     1.61468768441708447952e3;
  double denominator = ((s + 1.12811678491632931402e2) * s + 2.23548839060100448583e3) * s +
                       4.84406305325125486048e3;
  double small = magnitude + magnitude * (s * (numerator / denominator));
  double large = 1.0 - 2.0 / (exp_float64(2.0 * magnitude) + 1.0);
  return __builtin_copysign(magnitude < 0.625 ? small : large, x);
}

SLOPE_FN double asinh_float64(double x) { return asinh(x); }
// The Double function of glibc is off by up to 2.1 ulp.
SLOPE_FN double acosh_float64(double x) { return (double)acoshl((long double)x); }
SLOPE_FN double atanh_float64(double x) { return atanh(x); }
SLOPE_FN double erf_float64(double x) { return erf(x); }

// z / (1 + z) or 1 / (1 + z) with z = exp(-|x|), which cannot overflow; then a correction by what z
// and 1 + z rounded away (1 / (1 + z) is the quotient, or 1 less the quotient).
SLOPE_FN double sigmoid_float64(double x) {
  double high, low, n = slope_exp_parts_64(-__builtin_fabs(x), &high, &low), sum = high + low;
  double z = slope_scale_64(sum, n), lost = slope_scale_64((high - sum) + low, n);
  double denominator = 1.0 + z, denominatorLost = (z - (denominator - 1.0)) + lost;
  double quotient = (x < 0 ? z : 1.0) / denominator;
  double inverse = x < 0 ? 1.0 - quotient : quotient;
  return quotient + ((x < 0 ? lost : 0.0) - quotient * denominatorLost) * inverse;
}

SLOPE_FN double pow_float64(double x, double y) { return pow(x, y); }
SLOPE_FN double atan2_float64(double y, double x) { return atan2(y, x); }
SLOPE_FN double hypot_float64(double x, double y) { return hypot(x, y); }

#endif

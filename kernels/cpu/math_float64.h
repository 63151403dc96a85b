// The elementary functions of Double, within 2 ulp (units in the last place; KernelAccuracyTests).
//
// exp, log, expm1, tanh, erfc and sigmoid have no branches and no calls, so that loops over them
// vectorise; nothing is contracted, so every level gives the same bits. The others are the C
// library's. Float's functions (math_float32.h) compute in Double where a polynomial in Float would
// not do.
//
// "Largest error" is the maximum over 20 million numbers, of random bits, uniform and near 1,
// against the 80-bit function of glibc. Reference: KernelReference.elementary
// (Tests/SlopeCoreTests/Kernels).
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
SLOPE_FN double nextafter_float64(double x, double y) { return nextafter(x, y); }
SLOPE_FN double frexp_float64(double x, int *exponent) { return frexp(x, exponent); }
SLOPE_FN double ldexp_float64(double x, int exponent) { return ldexp(x, exponent); }

// x + ROUNDER_64 has no bits below 1: the addition rounds x to an integer, which is then in the low
// bits of the sum, and subtracting ROUNDER_64 again gives that integer as a Double. |x| < 2^51.
#define ROUNDER_64 0x1.8p52

// 2^n for an integer n in -1022 ... 1023, exact: n + 1023 becomes the exponent field.
SLOPE_FN double slope_power_of_two_64(double n) {
  return slope_double_of_bits((slope_bits_of_double(n + ROUNDER_64) + 1023) << 52);
}

// x · 2^n for x near 1 and an integer n in -2044 ... 2046, rounded once. In two factors 2^(n/2),
// since 2^n alone may be no normal number: 1.5 · 2^-1074 and 0.75 · 2^1024 have Double results.
SLOPE_FN double slope_scale_64(double x, double n) {
  double half = (n * 0.5 + ROUNDER_64) - ROUNDER_64;
  return x * slope_power_of_two_64(half) * slope_power_of_two_64(n - half);
}

// (exp(r) - 1 - r) / r² for |r| <= log(2) / 2: the Taylor series up to r^13 / 13!, in pairs of
// terms, which are independent of each other. The first omitted term of exp, r^14 / 14!, is at most
// 4.2e-18, less than 4% of an ulp.
SLOPE_FN double slope_exp_tail_64(double r) {
  double s = r * r, q = s * s;
  double p0 = 0.5 + r * (1.0 / 6), p1 = 1.0 / 24 + r * (1.0 / 120);
  double p2 = 1.0 / 720 + r * (1.0 / 5040), p3 = 1.0 / 40320 + r * (1.0 / 362880);
  double p4 = 1.0 / 3628800 + r * (1.0 / 39916800);
  double p5 = 1.0 / 479001600 + r * (1.0 / 6227020800);
  return (p0 + s * p1) + q * ((p2 + s * p3) + q * (p4 + s * p5));
}

// n = round(x / log 2), and x - n · log 2 = remainder + rest, where rest is the rounding error of
// remainder. log 2 is split into a high part of 33 bits, so that its product with n is exact, and a
// low part: otherwise the remainder would lose the bits that x and n · log 2 have in common.
SLOPE_FN double slope_reduce_64(double x, double *remainder, double *rest) {
  double n = (x * 0x1.71547652b82fep+0 + ROUNDER_64) - ROUNDER_64;
  double high = x - n * 0x1.62e42feep-1, low = n * 0x1.a39ef35793c76p-33;
  *remainder = high - low;
  *rest = (high - *remainder) - low;
  return n;
}

// exp(x) = (high + low) · 2^n. high is 1 + remainder rounded, low the rest of the sum. Below -746
// the result is 0, from 710 on infinite (log of the largest Double is 709.78), so x is clamped.
SLOPE_FN double slope_exp_parts_64(double x, double *high, double *low) {
  double clamped = x < -746.0 ? -746.0 : x > 710.0 ? 710.0 : x, r, rest;
  double n = slope_reduce_64(clamped, &r, &rest);
  *high = 1.0 + r;
  *low = (r - (*high - 1.0)) + (rest + r * r * slope_exp_tail_64(r));
  return n;
}

// Largest error 0.78 ulp. exp(1): n = 1, remainder 0.306853, exp(remainder) = 1.359141, times 2 is
// 2.718282.
SLOPE_FN double exp_float64(double x) {
  double high, low, n = slope_exp_parts_64(x, &high, &low);
  return slope_scale_64(high + low, n);
}

// exp(x) - 1 = 2^n ((1 - 2^-n) + (exp(r) - 1)). Near 0, n is 0 and the first term vanishes, so that
// nothing cancels: expm1(1e-20) = 1e-20, while exp(1e-20) - 1 is 0. Below -38 the result is -1.
// Keeps -0. Largest error 1.69 ulp.
SLOPE_FN double expm1_float64(double x) {
  double clamped = x < -38.0 ? -38.0 : x > 710.0 ? 710.0 : x, r, rest;
  double n = slope_reduce_64(clamped, &r, &rest);
  double difference = r + (rest + r * r * slope_exp_tail_64(r));
  // For n > 60, 1 - 2^-n rounds to 1 in any case, and 2^-n must remain a normal number.
  double inverse = slope_power_of_two_64(n > 60.0 ? -60.0 : -n);
  double result = slope_scale_64((1.0 - inverse) + difference, n);
  return x == 0 ? x : result;
}

// FreeBSD's log (msun, e_log.c): x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2), then
// log(1 + f) = f - (f² / 2 - s (f² / 2 + R(s²))) with s = f / (2 + f), plus k · log 2 in two parts.
// So x near 1 has k = 0, and the terms do not cancel. Subnormal x is multiplied by 2^54 first.
// log(±0) = -inf, log(x < 0) = NaN. Largest error 0.80 ulp. log(10): k = 3, f = 0.25,
// 3 · 0.693147 + 0.223144 = 2.302585.
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
  double result = s * (halfSquare + (even + odd)) + k * 1.90821492927058770002e-10 - halfSquare +
                  f + k * 6.93147180369123816490e-01;
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

// Below 0.625 x + x³ p(x²) / q(x²) (Cephes, tanh.c), where 1 - 2 / (exp(2x) + 1), which is used
// above, would cancel. exp(2x) may overflow: the result is 1. Largest error 1.33 ulp. tanh(1):
// exp(2) = 7.389056, 1 - 2 / 8.389056 = 0.761594.
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
// glibc's acosh of Double has errors of up to 2.1 ulp.
SLOPE_FN double acosh_float64(double x) { return (double)acoshl((long double)x); }
SLOPE_FN double atanh_float64(double x) { return atanh(x); }
SLOPE_FN double erf_float64(double x) { return erf(x); }

// log |Γ(x)| of the C library, whose errors are up to 4 ulp; infinite at 0 and the negative integers.
// lgamma itself also writes a variable that threads share, and C's headers leave this one out.
double lgamma_r(double x, int *sign);
SLOPE_FN double lgamma_float64(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// x without its last 27 bits: products of two such numbers are exact.
SLOPE_FN double slope_head_64(double x) {
  return slope_double_of_bits(slope_bits_of_double(x) & 0xFFFFFFFFF8000000u);
}

// erfc(t) = exp(-t²) · v p(v) for t = |x| with v = 1 / (t + 2), and erfc(-t) = 2 - erfc(t); the
// steps are those of erfc_float32, with heads of 26 bits and a t whose head is a multiple of 2^-21.
// p is fitted for u = 4.28125 v - 1.140625 with a relative error of 2^-57, the terms with even and
// with odd powers of u apart, which are independent of each other. Beyond 27.5 the result is 0.
// Largest error 1.65 ulp; erfc(0) = 1 exactly, erfc(1) = 0.157299, erfc(27) = 5.2e-319.
SLOPE_FN double erfc_float64(double x) {
  double magnitude = __builtin_fabs(x), t = magnitude > 27.5 ? 27.5 : magnitude;
  double tHead = (t + 0x1.8p31) - 0x1.8p31, tTail = t - tHead;

  double n = (t * t * -0x1.71547652b82fep+0 + ROUNDER_64) - ROUNDER_64;
  double lead = -(tHead * tHead) - n * 0x1.62e42feep-1;
  double rest = -(n * 0x1.a39ef35793c76p-33) - tTail * (t + tHead);
  double r = lead + rest, lost = rest - (r - lead);
  double high = 1.0 + r, eHead = slope_head_64(high);
  double low = (r - (high - 1.0)) + (lost + r * r * slope_exp_tail_64(r));
  double eTail = (high - eHead) + low;

  double v = 1.0 / (t + 2.0), vHead = slope_head_64(v);
  double vTail = ((1.0 - vHead * (tHead + 2.0)) - vHead * tTail) * v;
  double u = (vHead * 4.28125 - 1.140625) + vTail * 4.28125, s = u * u;
  double even = -0x1.3d55002001b05p-30, odd = 0x1.e7455cd9579e9p-33;
  even = even * s + 0x1.31c7cd1013a51p-27, odd = odd * s - 0x1.ca27b577f677bp-33;
  even = even * s - 0x1.58154ba81244fp-26, odd = odd * s - 0x1.8d25803da27cap-27;
  even = even * s - 0x1.15268a06bb25ep-24, odd = odd * s + 0x1.3dffd77b64cadp-24;
  even = even * s + 0x1.373228bf015f6p-21, odd = odd * s - 0x1.3b2ed9c1f6efp-23;
  even = even * s - 0x1.80e10ceb77335p-20, odd = odd * s - 0x1.3e17e32fd8dc1p-21;
  even = even * s - 0x1.047acd5728e2ep-18, odd = odd * s + 0x1.7d4b238cea368p-18;
  even = even * s + 0x1.e87e202efdbffp-15, odd = odd * s - 0x1.6da9c998992c4p-16;
  even = even * s - 0x1.901625cf6493bp-12, odd = odd * s + 0x1.d2cf683f99eb9p-16;
  even = even * s + 0x1.28048cd2edfd7p-9, odd = odd * s + 0x1.3e1f1cb28a387p-12;
  even = even * s - 0x1.248873ba8ddbbp-6, odd = odd * s - 0x1.e4d70cb87a3a5p-9;
  even = even * s + 0x1.ff70f4b545e43p-3, odd = odd * s + 0x1.97eef9db8111cp-6;
  // 2.8973059 v + 0.2960307, in heads and tails.
  double line = 0x1.2f22ab8p-2 + 0x1.72daecp+1 * vHead;
  double slope = 0x1.72daebc676344p+1 * vTail + (-0x1.cc4e5e317a31fp-26 * vHead - 0x1.f7e578003a5eep-32);
  double curve = (even + u * odd) * s + slope;
  double p = line + curve, pHead = slope_head_64(p), pTail = (line - pHead) + curve;

  double product = vHead * pHead, fHead = slope_head_64(product);
  double fTail = (product - fHead) + (vHead * pTail + vTail * p);
  double y = slope_scale_64(eHead * fHead + (eHead * fTail + eTail * (fHead + fTail)), n);
  return x < 0 ? 2.0 - y : y;
}

// 1 / (1 + exp(-x)), computed as z / (1 + z) for x < 0 and 1 / (1 + z) otherwise, with
// z = exp(-|x|) <= 1. exp(-x) would overflow: sigmoid(-720) = 2.0e-313, while 1 / (1 + exp(720)) is
// 0.
//
// The last step corrects the quotient q by the rounding errors of z and of d = 1 + z:
// (z + lost) / (d + dLost) = q + (lost - q dLost) / d to first order, and 1 / d is q for x >= 0 and
// 1 - q for x < 0. Largest error 1.12 ulp.
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

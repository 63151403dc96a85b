// Special functions of one floating-point type, for C and OpenCL C; prelude.h comes first.
//
//   slope_erfinv(y)         the x with erf(x) = y
//   slope_digamma(x)        ψ(x), the derivative of log Γ(x)
//   slope_polygamma(n, x)   the derivative of ψ of order n, an integer from 1 on
//
// They compute in REAL: in C that is Double for Float too, whose results are rounded once; in
// OpenCL it is T. WIDE(f) names an elementary function of REAL.
//
// "Error" is that of Double in C. References: SpecialFunctions (Tests/TestSupport).
#ifndef SLOPE_SPECIAL_H
#define SLOPE_SPECIAL_H

#if SLOPE_OPENCL
#define REAL T
#define WIDE(NAME) NAME
#else
#define REAL double
#define WIDE(NAME) NAME##_float64
#endif

#define PI_REAL ((REAL)3.14159265358979323846)

// Up to 0.5 y p(y²). Above, a polynomial in sqrt(-log(1 - y²)) with a relative error of 8.3e-7 (both
// by Remez' algorithm), and one step of Halley's method on erfc(x) = 1 - |y|, where 1 - |y| is exact
// and erfc does not cancel: x - d / (1 + x d) with d = (1 - |y| - erfc(x)) √π/2 exp(x²). There are no
// branches. ±1 give ±infinity, numbers beyond NaN. Error below 3 ulp. erfinv(0.5) = 0.476936.
FN T slope_erfinv(T value) {
  REAL y = (REAL)value, t = y * y, rest = (REAL)1 - WIDE(fabs)(y);
  REAL p = (REAL)0.10799371416772256;
  p = p * t - (REAL)0.05901256020418327;
  p = p * t + (REAL)0.06395318112393576;
  p = p * t + (REAL)0.01659091826809527;
  p = p * t + (REAL)0.03388213905043163;
  p = p * t + (REAL)0.03618028677194772;
  p = p * t + (REAL)0.04286194372126136;
  p = p * t + (REAL)0.05172979911748331;
  p = p * t + (REAL)0.06495967344945376;
  p = p * t + (REAL)0.08655212800031066;
  p = p * t + (REAL)0.1275561753199337;
  p = p * t + (REAL)0.23201366653458955;
  p = p * t + (REAL)0.886226925452758;
  REAL s = (WIDE(sqrt)(-WIDE(log)(rest * ((REAL)2 - rest))) - (REAL)3.315) / (REAL)2.785;
  REAL x = (REAL)-0.015088939975564096;
  x = x * s + (REAL)0.0003841612137423486;
  x = x * s + (REAL)0.05695064863710228;
  x = x * s - (REAL)0.015135820352555892;
  x = x * s - (REAL)0.07880206668905369;
  x = x * s + (REAL)0.0494246270916162;
  x = x * s + (REAL)0.02573473403296735;
  x = x * s - (REAL)0.044517440474930524;
  x = x * s + (REAL)0.045355172438165746;
  x = x * s - (REAL)0.04724936762968353;
  x = x * s + (REAL)0.03268368490643316;
  x = x * s + (REAL)2.801903667715564;
  x = x * s + (REAL)3.14922093818815;
  REAL d = (rest - WIDE(erfc)(x)) * (REAL)0.88622692545275801365 * WIDE(exp)(x * x);
  x = rest == 0 ? (REAL)INFINITY : x - d / ((REAL)1 + x * d);
  return (T)(rest >= (REAL)0.5 ? y * p : WIDE(copysign)(x, y));
}

// ψ(x) = log x - 1 / 2x - Σ B2k / (2k x^2k), after ψ(x) = ψ(x + 1) - 1 / x up to 10; below 0 by
// ψ(x) = ψ(1 - x) - π / tan(πx). NaN at negative integers, -infinity at 0, infinity at -0.
// Source: S. Moshier, Cephes, psi.c. Error below 3e-15 (1 + |ψ|). digamma(1) = -0.577216.
FN T slope_digamma(T value) {
  REAL x = (REAL)value, sum = 0;
  if (x == 0) return (T)WIDE(copysign)((REAL)INFINITY, -x);
  if (x < 0) {
    REAL fraction = x - WIDE(rint)(x);
    if (!(fraction != 0)) return (T)NAN;
    sum = -PI_REAL / WIDE(tan)(PI_REAL * fraction);
    x = (REAL)1 - x;
  }
  for (; x < 10; x += 1) sum -= (REAL)1 / x;
  REAL inverse = (REAL)1 / x, t = inverse * inverse;
  REAL p = (REAL)8.33333333333333333333e-2;
  p = p * t - (REAL)2.10927960927960927961e-2;
  p = p * t + (REAL)7.57575757575757575758e-3;
  p = p * t - (REAL)4.16666666666666666667e-3;
  p = p * t + (REAL)3.96825396825396825397e-3;
  p = p * t - (REAL)8.33333333333333333333e-3;
  p = p * t + (REAL)8.33333333333333333333e-2;
  return (T)(sum + (WIDE(log)(x) - (REAL)0.5 * inverse - t * p));
}

// x^-s; the exponent 2 of the trigamma function by a division.
FN REAL slope_inverse_power(REAL x, REAL s) {
  return s == 2 ? (REAL)1 / (x * x) : s == 1 ? (REAL)1 / x : WIDE(pow)(x, -s);
}

// Hurwitz' zeta function, the sum of (x + k)^-s over k = 0, 1, …, for x >= 0 and an integer s >= 2:
// term by term until x is above 10 + s, then by Euler's and Maclaurin's formula. Stops when the
// terms no longer count, which for a large s is soon.
static inline REAL slope_zeta(REAL s, REAL x) {
  REAL sum = 0;
  while (x < s + (REAL)10) {
    REAL term = slope_inverse_power(x, s);
    sum += term;
    if (term <= sum * (REAL)0x1p-60 || sum == (REAL)INFINITY) return sum;
    x += 1;
  }
  REAL inverse = (REAL)1 / x, t = inverse * inverse, integral = slope_inverse_power(x, s - 1);
  // B2k / (2k)! s (s + 1) … (s + 2k - 2) x^(1 - s - 2k).
  REAL tail = (REAL)-3617 / (REAL)10670622842880000.0;
  tail = tail * (s + 14) * (s + 13) * t + (REAL)1 / (REAL)74724249600.0;
  tail = tail * (s + 12) * (s + 11) * t - (REAL)691 / (REAL)1307674368000.0;
  tail = tail * (s + 10) * (s + 9) * t + (REAL)1 / (REAL)47900160.0;
  tail = tail * (s + 8) * (s + 7) * t - (REAL)1 / (REAL)1209600.0;
  tail = tail * (s + 6) * (s + 5) * t + (REAL)1 / (REAL)30240.0;
  tail = tail * (s + 4) * (s + 3) * t - (REAL)1 / (REAL)720.0;
  tail = tail * (s + 2) * (s + 1) * t + (REAL)1 / (REAL)12.0;
  return sum + integral * ((REAL)1 / (s - 1) + (REAL)0.5 * inverse + tail * s * t);
}

// (-1)^(n + 1) n! ζ(n + 1, x). At x <= 0 the sum over k = 0, 1, … is that over all integers k, which
// depends only on the distance to the nearest integer, less that over k = -1, -2, …, which is
// ± ζ(n + 1, 1 - x). At 0 and the negative integers it is infinite, with the sign of (-1)^(n + 1).
// Error below 1e-14, relative to the larger of both sums. polygamma(1, 1) = 1.644934.
FN T slope_polygamma(T order, T value) {
  REAL n = (REAL)order, x = (REAL)value, s = n + 1;
  if (!(n >= 1) || x != x) return (T)NAN;
  REAL parity = n - 2 * WIDE(floor)(n * (REAL)0.5) == 0 ? (REAL)-1 : (REAL)1;  // (-1)^s
  REAL sum;
  if (x > 0) {
    sum = slope_zeta(s, x);
  } else {
    REAL fraction = x - WIDE(rint)(x), distance = WIDE(fabs)(fraction);
    if (fraction != fraction) return (T)NAN;
    REAL all = distance == 0 ? (REAL)INFINITY
                             : slope_zeta(s, distance) + parity * slope_zeta(s, (REAL)1 - distance);
    sum = (fraction < 0 ? parity * all : all) - parity * slope_zeta(s, (REAL)1 - x);
  }
  REAL factorial = 1;
  for (REAL k = 2; k <= n && factorial < (REAL)INFINITY; k += 1) factorial *= k;
  return (T)(parity * factorial * sum);
}

#endif

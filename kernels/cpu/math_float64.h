// The elementary functions of Double.
#ifndef SLOPE_CPU_MATH_FLOAT64_H
#define SLOPE_CPU_MATH_FLOAT64_H

#include <math.h>

#include "convert.h"

SLOPE_FN double fabs_float64(double x) { return __builtin_fabs(x); }
SLOPE_FN double copysign_float64(double x, double sign) { return __builtin_copysign(x, sign); }
SLOPE_FN double floor_float64(double x) { return __builtin_elementwise_floor(x); }
SLOPE_FN double ceil_float64(double x) { return __builtin_elementwise_ceil(x); }
SLOPE_FN double trunc_float64(double x) { return __builtin_elementwise_trunc(x); }
SLOPE_FN double rint_float64(double x) { return __builtin_elementwise_roundeven(x); }
SLOPE_FN double sqrt_float64(double x) { return __builtin_elementwise_sqrt(x); }
SLOPE_FN double fmod_float64(double x, double y) { return fmod(x, y); }

SLOPE_FN double exp_float64(double x) { return exp(x); }
SLOPE_FN double exp2_float64(double x) { return exp2(x); }
SLOPE_FN double expm1_float64(double x) { return expm1(x); }
SLOPE_FN double log_float64(double x) { return log(x); }
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
SLOPE_FN double tanh_float64(double x) { return tanh(x); }
SLOPE_FN double asinh_float64(double x) { return asinh(x); }
SLOPE_FN double acosh_float64(double x) { return acosh(x); }
SLOPE_FN double atanh_float64(double x) { return atanh(x); }
SLOPE_FN double erf_float64(double x) { return erf(x); }
// By the exponential of a negative number, which cannot overflow.
SLOPE_FN double sigmoid_float64(double x) {
  double z = exp(-__builtin_fabs(x));
  return (x < 0 ? z : 1.0) / (1.0 + z);
}
SLOPE_FN double pow_float64(double x, double y) { return pow(x, y); }
SLOPE_FN double atan2_float64(double y, double x) { return atan2(y, x); }
SLOPE_FN double hypot_float64(double x, double y) { return hypot(x, y); }

#endif

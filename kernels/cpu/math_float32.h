// The elementary functions of Float.
#ifndef SLOPE_CPU_MATH_FLOAT32_H
#define SLOPE_CPU_MATH_FLOAT32_H

#include <math.h>

#include "convert.h"

SLOPE_FN float fabs_float32(float x) { return __builtin_fabsf(x); }
SLOPE_FN float copysign_float32(float x, float sign) { return __builtin_copysignf(x, sign); }
SLOPE_FN float floor_float32(float x) { return __builtin_elementwise_floor(x); }
SLOPE_FN float ceil_float32(float x) { return __builtin_elementwise_ceil(x); }
SLOPE_FN float trunc_float32(float x) { return __builtin_elementwise_trunc(x); }
SLOPE_FN float rint_float32(float x) { return __builtin_elementwise_roundeven(x); }
SLOPE_FN float sqrt_float32(float x) { return __builtin_elementwise_sqrt(x); }
SLOPE_FN float fmod_float32(float x, float y) { return fmodf(x, y); }

SLOPE_FN float exp_float32(float x) { return expf(x); }
SLOPE_FN float exp2_float32(float x) { return exp2f(x); }
SLOPE_FN float expm1_float32(float x) { return (float)expm1((double)x); }
SLOPE_FN float log_float32(float x) { return logf(x); }
SLOPE_FN float log2_float32(float x) { return log2f(x); }
SLOPE_FN float log10_float32(float x) { return (float)log10((double)x); }
SLOPE_FN float log1p_float32(float x) { return (float)log1p((double)x); }
SLOPE_FN float sin_float32(float x) { return sinf(x); }
SLOPE_FN float cos_float32(float x) { return cosf(x); }
SLOPE_FN float tan_float32(float x) { return (float)tan((double)x); }
SLOPE_FN float asin_float32(float x) { return (float)asin((double)x); }
SLOPE_FN float acos_float32(float x) { return (float)acos((double)x); }
SLOPE_FN float atan_float32(float x) { return (float)atan((double)x); }
SLOPE_FN float sinh_float32(float x) { return (float)sinh((double)x); }
SLOPE_FN float cosh_float32(float x) { return (float)cosh((double)x); }
SLOPE_FN float tanh_float32(float x) { return (float)tanh((double)x); }
SLOPE_FN float asinh_float32(float x) { return (float)asinh((double)x); }
SLOPE_FN float acosh_float32(float x) { return (float)acosh((double)x); }
SLOPE_FN float atanh_float32(float x) { return (float)atanh((double)x); }
SLOPE_FN float erf_float32(float x) { return (float)erf((double)x); }
SLOPE_FN float sigmoid_float32(float x) { return (float)(1 / (1 + exp(-(double)x))); }
SLOPE_FN float pow_float32(float x, float y) { return powf(x, y); }
SLOPE_FN float atan2_float32(float y, float x) { return (float)atan2((double)y, (double)x); }
SLOPE_FN float hypot_float32(float x, float y) {
  return (float)hypot((double)x, (double)y);
}

#endif

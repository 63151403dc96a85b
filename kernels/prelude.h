// The macros and functions in which primitives.def is written, for C and OpenCL C.
//
// The includer defines, for the one type of the file or program:
//   T               the type of the operands
//   T_IS_FLOATING   1 for float and double, 0 for integers
//   U               for integers: the unsigned type of arithmetic, as wide as T, at least 32 bits
//                   (in 16 bits C would promote to int, and 65535 * 65535 is undefined there)
//   T_BITS          for integers: the width of T
// and, in C, MATH(f), the name of the elementary function f for T.
//
// The arguments of all functions are single elements. References: ReferencePrimitives
// (Tests/TestSupport), KernelReference (Tests/SlopeCoreTests/Kernels).
#ifndef SLOPE_PRELUDE_H
#define SLOPE_PRELUDE_H

#if defined(__OPENCL_C_VERSION__) || defined(__OPENCL_VERSION__)
#define SLOPE_OPENCL 1
#else
#define SLOPE_OPENCL 0
#endif

// A comparison as a number: 0 or 1.
#define TRUTH(CONDITION) ((T)(CONDITION))

#if SLOPE_OPENCL
#define FN static inline
#define MATH(NAME) NAME
#define NONE ((T)0)
#else
#define FN static inline __attribute__((always_inline, unused))
// A second argument tells the C tables that there is no kernel to build (type_pointwise.h).
#define NONE (T)0, 1
#endif

#if T_IS_FLOATING

// A product or quotient of a and b, or 0 where a or the other factor is 0 and it is NaN: what an input
// receives in a derivative, of which a gradient of 0 gives nothing, whatever the factor.
#define NO_NAN(VALUE, IS_OTHER_ZERO) \
  (((VALUE) != (VALUE)) & ((a == 0) | (IS_OTHER_ZERO)) ? (T)0 : (VALUE))

// sigmoid'(x) = exp(-|x|) / (1 + exp(-|x|))^2, of E = exp(-|x|). From the result of sigmoid it would be
// 0 where that rounds to 1: at 20 it is 2.06e-9.
#define SIGMOID_SLOPE(E) ((E) / (((T)1 + (E)) * ((T)1 + (E))))

#if SLOPE_OPENCL
// A macro, so that it accepts vectors as well. exp(-|x|) does not overflow; exp(-x) would, and the
// smallest results would be 0: sigmoid(-90) = 8.2e-40 in Float, while 1 / (1 + exp(90)) is 0.
#define sigmoid(X) (((X) < (T)0 ? exp(-fabs(X)) : (T)1) / ((T)1 + exp(-fabs(X))))
#endif

// floor(a / b), exact also where a / b rounds up to an integer: 1 / 0.1 is 10, but the Double 0.1
// is slightly more than a tenth, so that the result is 9. A result of 0 has the sign of a / b, and
// a divisor of 0 gives a / b.
FN T slope_floor_divide(T a, T b) {
  if (b == 0) return a / b;
  T residue = MATH(fmod)(a, b);
  T quotient = (a - residue) / b;
  if (residue != 0 && (b < 0) != (residue < 0)) quotient -= (T)1;
  if (quotient == 0) return MATH(copysign)((T)0, a / b);
  T floored = MATH(floor)(quotient);
  return quotient - floored > (T)0.5 ? floored + (T)1 : floored;
}

// The remainder with the sign of the divisor: -7 by 3 is 2, 7 by -3 is -2.
FN T slope_remainder(T a, T b) {
  T residue = MATH(fmod)(a, b);
  return residue != 0 && (b < 0) != (residue < 0) ? residue + b : residue;
}

// The mantissa of a = mantissa · 2^exponent, with a magnitude in 0.5 ..< 1; 0, infinity and NaN are
// their own mantissa, with exponent 0.
FN T slope_mantissa(T a) {
  if (a == 0 || !(MATH(fabs)(a) < (T)INFINITY)) return a;
  int exponent;
  return MATH(frexp)(a, &exponent);
}
FN T slope_exponent(T a) {
  if (a == 0 || !(MATH(fabs)(a) < (T)INFINITY)) return (T)0;
  int exponent;
  MATH(frexp)(a, &exponent);
  return (T)exponent;
}

// a · 2^b for an integer b, rounded once: 2^b itself need not be a number of T.
FN T slope_ldexp(T a, T b) {
  if (b != b) return a + b;
  return MATH(ldexp)(a, b > 5000 ? 5000 : b < -5000 ? -5000 : (int)b);
}

#else

#define T_IS_SIGNED ((T)-1 < (T)0)
#define WRAP(LEFT, OPERATOR, RIGHT) ((T)((U)(LEFT)OPERATOR(U)(RIGHT)))
#define IN_WIDTH(AMOUNT) ((AMOUNT) >= 0 && (AMOUNT) < T_BITS)
// The smallest number divided by -1 does not fit in T (and traps on some processors).
#define OVERFLOWS(B) (T_IS_SIGNED && (B) == (T)-1)
#define QUOTIENT(A, B) \
  ((B) == 0 ? (T)0 : OVERFLOWS(B) ? WRAP(0, -, A) : (T)((A) / (OVERFLOWS(B) ? (T)1 : (B))))
#define RESIDUE(A, B) ((B) == 0 || OVERFLOWS(B) ? (T)0 : (T)((A) % (B)))

// The quotient rounded towards minus infinity, -7 by 2 is -4; 0 for a divisor of 0.
FN T slope_floor_divide(T a, T b) {
  T quotient = QUOTIENT(a, b), residue = RESIDUE(a, b);
  return residue != 0 && (b < 0) != (residue < 0) ? (T)(quotient - 1) : quotient;
}

// The remainder with the sign of the divisor; 0 for a divisor of 0.
FN T slope_remainder(T a, T b) {
  T residue = RESIDUE(a, b);
  return residue != 0 && (b < 0) != (residue < 0) ? (T)(residue + b) : residue;
}

// The power modulo 2 to the width of T, by repeated squaring. A negative exponent truncates the
// fraction: 0, except for the bases 1 and -1.
FN T slope_power(T base, T exponent) {
  if (exponent < 0) {
    if (base == (T)1) return (T)1;
    if (T_IS_SIGNED && base == (T)-1) return exponent & 1 ? (T)-1 : (T)1;
    return (T)0;
  }
  U result = 1, factor = (U)base;
  for (U left = (U)exponent; left != 0; left >>= 1) {
    if (left & 1) result *= factor;
    factor *= factor;
  }
  return (T)result;
}

// The greatest common divisor of the magnitudes, by Euclid's algorithm: 12 and -18 give 6, 0 and 0
// give 0. That of the least number and 0 wraps.
FN T slope_gcd(T a, T b) {
  U x = a < 0 ? (U)0 - (U)a : (U)a, y = b < 0 ? (U)0 - (U)b : (U)b;
  while (y != 0) {
    U residue = x % y;
    x = y;
    y = residue;
  }
  return (T)x;
}

#endif
#endif

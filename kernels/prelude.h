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

#endif
#endif

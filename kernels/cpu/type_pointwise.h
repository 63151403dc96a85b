// One loop per row of primitives.def: destination[i] = expression(a[i], b[i], c[i]).
//
// For integers, Float and Double, on every level; Bool runs the loops of UInt8, 16-bit floats those
// of Float. Programs call a loop for a tile, a single primitive for its whole operands.
//
//   void apply_NAME(void *destination,    // [count] of T; may be exactly one of the operands
//                   const void *aData,    // [count] of T
//                   const void *bData,    // [count] of T; not read if ARITY is 1
//                   const void *cData,    // [count] of T; not read if ARITY is below 3
//                   int64_t count)
//
// Reference: KernelReference (Tests/SlopeCoreTests/Kernels), ReferencePrimitives
// (Tests/TestSupport).
#ifndef SLOPE_TYPE_POINTWISE_MACROS
#define SLOPE_TYPE_POINTWISE_MACROS

#define OPERANDS_1 [[maybe_unused]] T a = as[i];
#define OPERANDS_2 OPERANDS_1 T b = bs[i];
#define OPERANDS_3 OPERANDS_2 T c = cs[i];

// An expression NONE expands to two arguments, of which the second is 1; all others have one, and
// the second found is 0. So LOOP_0 and ENTRY_0 make a loop, LOOP_1 and ENTRY_1 make none.
#define SECOND(...) SECOND_(__VA_ARGS__, 0, 0)
#define SECOND_(FIRST_ARGUMENT, SECOND_ARGUMENT, ...) SECOND_ARGUMENT
#define CHOOSE(NAME, EXPRESSION_) CHOOSE_(NAME, EXPRESSION_)
#define CHOOSE_(NAME, MARK) NAME##_##MARK

#define LOOP_1(NAME, ARITY, ...)
#define LOOP_0(NAME, ARITY, ...)                                                             \
  static void LOCAL(NAME)(void *destination, const void *aData, const void *bData,           \
                          const void *cData, int64_t count) {                                \
    T *ds = destination;                                                                     \
    [[maybe_unused]] const T *as = aData, *bs = bData, *cs = cData;                          \
    VECTORIZE for (int64_t i = 0; i < count; i++) {                                          \
      OPERANDS_##ARITY                                                                       \
      ds[i] = __VA_ARGS__;                                                                   \
    }                                                                                        \
  }

#define ENTRY_1(NAME) NULL
#define ENTRY_0(NAME) LOCAL(NAME)
#define KERNEL_ENTRY(NAME, ...) CHOOSE(ENTRY, SECOND(__VA_ARGS__))(apply_##NAME)
#define KERNEL_LOOP(NAME, ARITY, ...) \
  CHOOSE(LOOP, SECOND(__VA_ARGS__))(apply_##NAME, ARITY, __VA_ARGS__)
#endif

#if T_IS_FLOATING
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) KERNEL_LOOP(NAME, ARITY, FLOATING)
#else
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) KERNEL_LOOP(NAME, ARITY, INTEGER)
#endif
#include "primitives.def"
#undef SLOPE_PRIMITIVE

// Builds the tables of one element type: includes type_loops.h once per instruction set level.
//
// The including file (int8.c … float64.c) defines TYPE (the name), T (the C type), T_KIND, and for
//   KIND_INTEGER    U, T_BITS, T_LEAST, T_GREATEST, T_BOUND (the power of two above T_GREATEST)
//   KIND_FLOATING   MATH, and for Double T_IS_DOUBLE
//   KIND_HALF       DECODE (T to float) and ENCODE (float to T); T holds the bits
//   KIND_BOOL       nothing
//
// Which loops a kind has (kernels.h describes their arguments):
//                                integers   Float, Double   16-bit floats   Bool
//   type_pointwise.h  apply         x             x          (as Float)     (as UInt8)
//   type_turn.h       sin, cos                (Float only)   (as Float)
//   type_cast.h       from          x             x              x            x
//   type_reduce.h     rows          x             x          (as Float)     (as UInt8)
//   type_columns.h    columns       x             x          (as Float)     (as UInt8)
//   type_softmax.h    softmax                     x              x
//   type_random.h     spread, normals             x
//   type_draw.h       draw                        x              x
//   type_matmul.h     matmul        x             x              x            x
//   type_window.h     maxima        x             x              x
//
// Every level gives the same bits, except for matmul of floats, where a level may fuse a product
// with its addition.
#define KIND_BOOL 0
#define KIND_INTEGER 1
#define KIND_FLOATING 2
#define KIND_HALF 3

// Primitives that call the C library, or divide integers, stay scalar. (The warning is reported
// where primitives.def is first included, so this comes before every include.)
#pragma clang diagnostic ignored "-Wpass-failed"
// sin and cos of Float are entered twice in the table of loops, of which the later ones count.
#pragma clang diagnostic ignored "-Winitializer-overrides"

#include "convert.h"
#include "kernels.h"
#include "math_float32.h"
#include "math_float64.h"

// A fused formula must equal its steps bit for bit, and every level all others.
#pragma STDC FP_CONTRACT OFF

#define T_IS_FLOATING (T_KIND == KIND_FLOATING)
#if T_KIND == KIND_INTEGER || T_KIND == KIND_FLOATING
#define T_COMPUTES 1
#include "prelude.h"
#if T_IS_FLOATING
#include "special.h"
#endif
#else
#define T_COMPUTES 0
#endif

#define PASTE3_(A, B, C) A##B##_##C
#define PASTE3(A, B, C) PASTE3_(A, B, C)
// The name of a function of this type and level.
#define LOCAL(NAME) PASTE3(NAME##_, TYPE, LEVEL)

// Operands either do not overlap the destination or are the destination itself, element for
// element: both are safe to vectorise.
#define VECTORIZE _Pragma("clang loop vectorize(assume_safety) interleave_count(2)")

// C is the type of floating arithmetic; LOAD and STORE convert between it and T.
#if T_KIND == KIND_HALF
#define C float
#define C_MATH(NAME) NAME##_float32
#define LOAD(x) DECODE(x)
#define STORE(x) ENCODE(x)
#elif T_KIND == KIND_FLOATING
#define C T
#define C_MATH(NAME) MATH(NAME)
#define LOAD(x) (x)
#define STORE(x) (x)
#endif

#define LEVEL baseline
#ifdef __ARM_FEATURE_FMA
#define LEVEL_HAS_FMA 1
#else
#define LEVEL_HAS_FMA 0
#endif
#define LEVEL_DRAWS 1  // vectors of blocks that a draw computes together (type_draw.h)
#include "type_loops.h"
#undef LEVEL
#undef LEVEL_HAS_FMA
#undef LEVEL_DRAWS

#if defined(__x86_64__)
#define LEVEL_HAS_FMA 1
#define LEVEL avx2
#define LEVEL_DRAWS 2
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "type_loops.h"
#pragma clang attribute pop
#undef LEVEL
#undef LEVEL_DRAWS

// Tuned for a processor that does not lower its clock for 512-bit vectors.
#define LEVEL avx512
#define LEVEL_DRAWS 4
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,tune=znver4"))), \
                             apply_to = function)
#include "type_loops.h"
#pragma clang attribute pop
#undef LEVEL
#endif
#undef LEVEL_DRAWS

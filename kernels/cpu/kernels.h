// What the files of the CPU target share: one table of loops per element type and per instruction
// set level, chosen once when the process starts.
//
//   slope_pointwise, slope_reduce …   program.c, reduce.c, copy.c …: nests, tiles, threads
//        |
//        v
//   slope_types[dtype]                one SlopeType, a table of loops; dispatch.c picks the level
//        |
//        v                                 baseline   x86-64-v3 (AVX2)   x86-64-v4 (AVX-512)
//   float32.c includes type.h ------>  type_loops.h     type_loops.h         type_loops.h
//                                        includes type_pointwise.h, type_cast.h, type_reduce.h …
//
// Levels instead of `target_clones`: the loops of a type are compiled once per level by including
// type_loops.h under `#pragma clang attribute`. There are no ifunc resolvers, which run before a
// sanitizer is ready, and a test can run every level and compare the bits.
//
// In the table's functions, `void *` points to contiguous elements of the table's type (T in the
// files type_*.h), unless a comment names another. Shapes in brackets are row-major.
#ifndef SLOPE_CPU_KERNELS_H
#define SLOPE_CPU_KERNELS_H

#include <string.h>

#include "include/slope_kernels.h"

#if defined(__x86_64__)
enum { SLOPE_LEVELS = 3 };  // baseline, x86-64-v3 (AVX2), x86-64-v4 (AVX-512)
#else
enum { SLOPE_LEVELS = 1 };
#endif

enum {
  SLOPE_DTYPES = SlopeDType_float64 + 1,
#define SLOPE_PRIMITIVE(NAME, ARITY, FLOATING, INTEGER) +1
  SLOPE_PRIMITIVES = 0
#include "primitives.def"
#undef SLOPE_PRIMITIVE
};

enum {
  SLOPE_TILE = 1024,        // most elements of a program's register; they stay in the L1 cache
  SLOPE_GRAIN = 1 << 15,    // elements of a block of parallel work
};

// destination[i] = f(a[i], b[i], c[i]); the destination may be one of the operands.
typedef void (*SlopeKernel)(
    void *destination,  // [count]
    const void *a,      // [count]
    const void *b,      // [count]; not read by primitives of one operand
    const void *c,      // [count]; not read by primitives of one or two operands
    int64_t count);

// destination[i] = (T)source[i], by the cast rules.
typedef void (*SlopeCast)(
    void *destination,   // [count] of the table's type
    const void *source,  // [count] of the type by which `from` was indexed
    int64_t count);

// The state of one reduction whose elements arrive in pieces. Floating sums and products use
// `value` (sums also `compensation`), integer ones `bits`; extrema are kept in `bits` as the bytes
// of the compute type.
typedef struct {
  double value, compensation;
  uint64_t bits;
  int64_t index;  // of the extremum; -1 before the first element
} SlopePartial;

// The arguments of slope_window_maxima.
typedef struct {
  int64_t *places;     // [planes, rows, columns]
  const void *source;  // [planes, height, width]
  int64_t height, width, rows, columns, dilationY, dilationX;
  const int64_t *rowStarts, *rowCounts, *columnStarts, *columnCounts;
} SlopeWindowMaxima;

// The loops of one element type on one level. Types that only store (Bool, 16-bit floats) have no
// `apply` and no reductions: they are computed as UInt8 and Float.
//
// A carrier is the type of a finished reduction before the cast to the output's type: Double for
// sums and products of floats and for every mean, Int64 or UInt64 for sums and products of
// integers, the type itself for extrema, Int64 for their positions.
typedef struct {
  SlopeKernel apply[SLOPE_PRIMITIVES];  // NULL where the type lacks the primitive
  SlopeCast from[SLOPE_DTYPES];         // by the source's type

  // Rows: one carrier for each.
  void (*reduceRows)(
      SlopeReduction kind,
      const void *source,  // [rows, count]
      int64_t rows, int64_t count,
      void *carriers);     // [rows] carriers

  void (*partialBegin)(SlopeReduction kind, SlopePartial *partial);
  // Adds elements `start ..< start + count` of a row.
  void (*partialAdd)(
      SlopeReduction kind, SlopePartial *partial,
      const void *source,  // [count]
      int64_t start,       // the position of source[0] in the row
      int64_t count);
  // Adds `next`, whose elements follow those of `partial` in the row.
  void (*partialMerge)(SlopeReduction kind, SlopePartial *partial, const SlopePartial *next);
  void (*partialFinish)(
      SlopeReduction kind, const SlopePartial *partial,
      int64_t count,   // elements of the whole row, for the mean
      void *carrier);  // [1] carrier

  // Columns: `width` reductions at the same time. `primary` and `secondary` are [width] with 8
  // bytes for each column: totals and compensations, or extrema (packed as T) and positions
  // (Int64).
  void (*columnsBegin)(SlopeReduction kind, void *primary, void *secondary, int64_t width);
  void (*columnsAdd)(
      SlopeReduction kind, void *primary, void *secondary,
      const void *source,  // [rows, width], row stride `stride`
      int64_t start,       // the position of source's first row in the reduction
      int64_t rows, int64_t width, int64_t stride,
      bool first);         // the columns are still empty
  // Adds the second pair, whose rows follow those of the first.
  void (*columnsMerge)(
      SlopeReduction kind, void *primary, void *secondary,
      const void *nextPrimary, const void *nextSecondary, int64_t width);
  // Replaces `primary` by [width] carriers, in place.
  void (*columnsFinish)(
      SlopeReduction kind, void *primary, void *secondary, int64_t width,
      int64_t count);  // rows of the whole reduction, for the mean

  // Rows `first ..< last` of out = a · b (+ bias).
  void (*matmul)(
      void *out,         // [m, n]; only rows first ..< last are written
      const void *a,     // [m, k]: element (i, p) at i·aRow + p·aColumn
      const void *b,     // [k, n]: element (p, j) at p·bRow + j·bColumn
      const void *bias,  // [n], or NULL
      int64_t first, int64_t last, int64_t n, int64_t k,
      int64_t aRow, int64_t aColumn, int64_t bRow, int64_t bColumn,
      bool inOrder);     // an element's sum must not depend on n

  // destination[i] += source[i], rounded to the type.
  void (*accumulate)(
      void *destination,   // [count]
      const void *source,  // [count]
      int64_t count);

  // destination[i · step] += source[i], rounded to the type.
  void (*accumulateSteps)(
      void *destination,   // [count] with steps of `step`
      int64_t step,
      const void *source,  // [count]
      int64_t count);

  // destination[places[i]] += source[i], rounded to the type, for i in order.
  void (*accumulateAt)(
      void *destination,
      const int64_t *places,  // [count]
      const void *source,     // [count]
      int64_t count);

  // slope_window_maxima's rows first ..< last of all planes' rows of windows; NULL for Bool.
  void (*windowMaxima)(
      const SlopeWindowMaxima *maxima, int64_t first, int64_t last);

  // NULL for integers and Bool.
  void (*softmax)(
      bool logarithm,
      void *destination,   // [rows, count]
      const void *source,  // [rows, count]
      int64_t rows, int64_t count);

  // Elements start ..< start + count of slope_draw's; NULL for integers and Bool.
  void (*draw)(
      const SlopeDraw *draw,
      void *out,           // [count], the elements from `start` on
      const void *source,  // [count], the elements from `start` on, or NULL
      int64_t start,       // a multiple of 4
      int64_t count);

  // Float and Double, in place: numbers in 0 ..< 1 to from ..< to, and blocks of 16 to normal ones.
  void (*spread)(
      void *numbers,  // [count]
      int64_t count, double from, double to);
  void (*normals)(
      void *numbers,  // [count, 16]
      int64_t count, double mean, double deviation);
} SlopeType;

// The tables of the level in use: [SLOPE_DTYPES] pointers.
// Those of the level in use, and, for the tests that compare levels, the ones of this thread alone, if
// any: workers take over those of the thread whose job they share.
extern const SlopeType *const *slope_types;
extern _Thread_local const SlopeType *const *slope_own_types;

static inline const SlopeType *slope_type(SlopeDType dtype) {
  const SlopeType *const *own = slope_own_types;
  return (own != NULL ? own : slope_types)[dtype];
}

// The bytes of an element, by dtype.
extern const uint8_t slope_sizes[SLOPE_DTYPES];

// The type in which elements of `dtype` are computed.
static inline SlopeDType slope_compute_dtype(SlopeDType dtype) {
  switch (dtype) {
    case SlopeDType_bool: return SlopeDType_uint8;
    case SlopeDType_float16:
    case SlopeDType_bfloat16: return SlopeDType_float32;
    default: return dtype;
  }
}

static inline int64_t slope_min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t slope_max(int64_t a, int64_t b) { return a > b ? a : b; }

// The number of elements of a nest: `shape` is [rank] extents.
static inline int64_t slope_extent_product(int rank, const int64_t *shape) {
  int64_t count = 1;
  for (int axis = 0; axis < rank; axis++) count *= shape[axis];
  return count;
}

// Calls `body` for the ranges of `grain` elements that 0 ..< count consists of, in parallel if
// there are at least two. The ranges depend on `count` and `grain` alone, not on the number of
// threads.
typedef void (*SlopeRangeBody)(void *context, int64_t start, int64_t end);
void slope_for_ranges(int64_t count, int64_t grain, SlopeRangeBody body, void *context);

// slope_fill on the calling thread.
void slope_fill_tile(
    void *destination,  // [count] of elementSize bytes
    int elementSize,    // 1, 2, 4 or 8
    uint64_t bits,      // the element is its low bytes
    int64_t count);

#endif

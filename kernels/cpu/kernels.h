// What the files of the CPU target share: one table of loops per element type and per instruction
// set level, chosen once when the process starts.
//
// Levels instead of `target_clones`: the loops of a type are compiled once per level by including
// type_loops.h under `#pragma clang attribute`. There are no ifunc resolvers, which run before a
// sanitizer is ready, and a test can run every level and compare the bits.
#ifndef SLOPE_CPU_KERNELS_H
#define SLOPE_CPU_KERNELS_H

#include <stdatomic.h>
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
  SLOPE_TILE = 1024,        // elements of a register that stay in the first cache
  SLOPE_GRAIN = 1 << 15,    // elements of a block of parallel work
};

// destination[i] = f(a[i], b[i], c[i]); the destination may be one of the operands.
typedef void (*SlopeKernel)(void *destination, const void *a, const void *b, const void *c,
                            int64_t count);
typedef void (*SlopeCast)(void *destination, const void *source, int64_t count);

// The state of one reduction that is fed piece by piece. Sums and products of floating numbers use
// `value` (sums also `compensation`), those of integers `bits`; extrema are kept in `bits` as the
// bytes of the compute type.
typedef struct {
  double value, compensation;
  uint64_t bits;
  int64_t index;  // of the extremum; -1 before the first element
} SlopePartial;

// The loops of one element type on one level. Types that only store (Bool, 16-bit floats) have no
// `apply` and no reductions: they are computed as UInt8 and Float.
typedef struct {
  SlopeKernel apply[SLOPE_PRIMITIVES];
  SlopeCast from[SLOPE_DTYPES];

  // Reduces `rows` contiguous rows of `count` to one carrier each: Double for sums, products and
  // means of floats, Int64 or UInt64 for those of integers, the type itself for extrema, Int64 for
  // their positions.
  void (*reduceRows)(SlopeReduction kind, const void *source, int64_t rows, int64_t count,
                     void *carriers);
  void (*partialBegin)(SlopeReduction kind, SlopePartial *partial);
  // Adds elements `start ..< start + count` of a row.
  void (*partialAdd)(SlopeReduction kind, SlopePartial *partial, const void *source, int64_t start,
                     int64_t count);
  // Adds the elements behind those of `partial`.
  void (*partialMerge)(SlopeReduction kind, SlopePartial *partial, const SlopePartial *next);
  void (*partialFinish)(SlopeReduction kind, const SlopePartial *partial, int64_t count,
                        void *carrier);

  // Columns: `primary` and `secondary` hold 8 bytes for each of `width` columns (totals and
  // compensations, or extrema and positions).
  void (*columnsBegin)(SlopeReduction kind, void *primary, void *secondary, int64_t width);
  // Adds `rows` rows of `width` contiguous elements, from row `start` of the reduction; `first`: to
  // columns that have none yet.
  void (*columnsAdd)(SlopeReduction kind, void *primary, void *secondary, const void *source,
                     int64_t start, int64_t rows, int64_t width, bool first);
  void (*columnsMerge)(SlopeReduction kind, void *primary, void *secondary, const void *nextPrimary,
                       const void *nextSecondary, int64_t width);
  // Turns `primary` into carriers, in place.
  void (*columnsFinish)(SlopeReduction kind, void *primary, void *secondary, int64_t width,
                        int64_t count);

  // Rows `first ..< last` of the product.
  void (*matmul)(void *out, const void *a, const void *b, const void *bias, int64_t first,
                 int64_t last, int64_t n, int64_t k, int64_t aRow, int64_t aColumn, int64_t bRow,
                 int64_t bColumn);
  // destination[i] += source[i], rounded to the type.
  void (*accumulate)(void *destination, const void *source, int64_t count);
  void (*softmax)(bool logarithm, void *destination, const void *source, int64_t rows,
                  int64_t count);
} SlopeType;

// The tables of the level in use, by dtype.
extern const SlopeType *const *_Atomic slope_types;

static inline const SlopeType *slope_type(SlopeDType dtype) {
  return atomic_load_explicit(&slope_types, memory_order_relaxed)[dtype];
}

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

static inline int64_t slope_extent_product(int rank, const int64_t *shape) {
  int64_t count = 1;
  for (int axis = 0; axis < rank; axis++) count *= shape[axis];
  return count;
}

// Calls `body` for the ranges of `grain` elements that make up 0 ..< count, in parallel when there
// are at least two.
typedef void (*SlopeRangeBody)(void *context, int64_t start, int64_t end);
void slope_for_ranges(int64_t count, int64_t grain, SlopeRangeBody body, void *context);

// Fills without threads.
void slope_fill_tile(void *destination, int elementSize, uint64_t bits, int64_t count);

#endif

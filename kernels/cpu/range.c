// Arithmetic sequences: base + i · step, of any type.
//
// Floats are computed in Double, integers in 64 bits modulo 2⁶⁴, a tile at a time, and cast to the
// element type by the loops of type_cast.h. slope_kernels.h describes the arguments. Reference:
// KernelRangeTests, one number after the other.
#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

enum { TILE = 512 };  // elements on the stack, of 8 bytes, between computation and cast

typedef struct {
  SlopeCast cast;
  char *destination;                  // [count] of `size` bytes
  int size;
  double base, step;                  // of floats
  int64_t first;
  uint64_t integerBase, integerStep;  // of integers
} Range;

static void floatRange(void *context, int64_t start, int64_t end) {
  const Range *range = context;
  // Of large steps the halves, whose multiples do not overflow before the sum does.
  double scale = __builtin_fabs(range->step) >= 0x1p1000 ? 0.5 : 1;
  double base = range->base * scale, step = range->step * scale, inverse = 1 / scale;
  double numbers[TILE];
  for (; start < end; start += TILE) {
    int64_t count = slope_min(TILE, end - start), first = range->first + start;
    for (int64_t i = 0; i < count; i++) {
      numbers[i] = (base + (double)(first + i) * step) * inverse;
    }
    range->cast(range->destination + start * range->size, numbers, count);
  }
}

void slope_range(SlopeDType type, void *destination, double base, double step, int64_t first,
                 int64_t count) {
  Range range = {slope_type(type)->from[SlopeDType_float64], destination, slope_sizes[type],
                 .base = base, .step = step, .first = first};
  slope_for_ranges(count, SLOPE_GRAIN, floatRange, &range);
}

static void integerRange(void *context, int64_t start, int64_t end) {
  const Range *range = context;
  uint64_t base = range->integerBase, step = range->integerStep, numbers[TILE];
  for (; start < end; start += TILE) {
    int64_t count = slope_min(TILE, end - start);
    for (int64_t i = 0; i < count; i++) numbers[i] = base + (uint64_t)(start + i) * step;
    range->cast(range->destination + start * range->size, numbers, count);
  }
}

void slope_integer_range(SlopeDType type, void *destination, uint64_t base, uint64_t step,
                         int64_t count) {
  Range range = {slope_type(type)->from[SlopeDType_uint64], destination, slope_sizes[type],
                 .integerBase = base, .integerStep = step};
  slope_for_ranges(count, SLOPE_GRAIN, integerRange, &range);
}

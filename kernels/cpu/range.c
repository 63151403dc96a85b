// Numbers at equal distances.
#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

// Numbers are written a tile at a time as doubles or 64-bit integers, which a cast makes elements.
enum { TILE = 512 };

typedef struct {
  SlopeCast cast;
  char *destination;
  int size;
  double base, step;
  int64_t first;
  uint64_t integerBase, integerStep;
} Range;

static void floatRange(void *context, int64_t start, int64_t end) {
  const Range *range = context;
  double base = range->base, step = range->step, numbers[TILE];
  for (; start < end; start += TILE) {
    int64_t count = slope_min(TILE, end - start), first = range->first + start;
    for (int64_t i = 0; i < count; i++) numbers[i] = base + (double)(first + i) * step;
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

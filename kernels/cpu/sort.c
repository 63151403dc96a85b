// Argsort of rows: radix sort on keys whose unsigned order is that of the elements.
// Source: D. E. Knuth, "The art of computer programming", volume 3, 5.2.5 (radix sorting), 1998.
//
//   source [rows, count]  ->  entries [count] of (key, index)  ->  order [rows, count]
//                                |    one stable pass for each byte of the key, lowest first:
//                                v    count the 256 values, then scatter to `spare` and swap
//                             spare [count]
//
// A pass in which all elements have the same byte is skipped. One variant for all types; whole rows
// are divided among the threads. slope_kernels.h describes the arguments. Reference:
// ReferenceBackend.argsort (Tests/TestSupport), an insertion sort.
#include <stdatomic.h>
#include <stdlib.h>

#include "kernels.h"

typedef struct {
  uint64_t key;
  int64_t index;
} Entry;

// Floats are sign and magnitude: their key is 2^(n-1) - magnitude for negative ones and 2^(n-1) +
// magnitude for others. Both zeros have the same key. NaN has the largest, whatever its sign and
// payload. Example, Float16: -1 (0xBC00) -> 0x4400, 0 -> 0x8000, 1 (0x3C00) -> 0xBC00, NaN ->
// 0xFFFF.
#define FLOATING_KEY(BITS, INFINITY_BITS)                              \
  {                                                                    \
    const uint64_t sign = (uint64_t)1 << (8 * size - 1);               \
    const uint64_t bits = (BITS), magnitude = bits & (sign - 1);       \
    if (magnitude > (INFINITY_BITS)) return (sign << 1) - 1;           \
    if (magnitude == 0) return sign;                                   \
    return bits & sign ? sign - magnitude : sign + magnitude;          \
  }

// The key of source[i]; signed integers are shifted by inverting their sign bit.
static uint64_t key(SlopeDType dtype, const void *source, int64_t i) {
  const int size = slope_sizes[dtype];
  switch (dtype) {
    case SlopeDType_bool:
    case SlopeDType_uint8: return ((const uint8_t *)source)[i];
    case SlopeDType_uint16: return ((const uint16_t *)source)[i];
    case SlopeDType_uint32: return ((const uint32_t *)source)[i];
    case SlopeDType_uint64: return ((const uint64_t *)source)[i];
    case SlopeDType_int8: return ((const uint8_t *)source)[i] ^ 0x80;
    case SlopeDType_int16: return ((const uint16_t *)source)[i] ^ 0x8000;
    case SlopeDType_int32: return ((const uint32_t *)source)[i] ^ 0x80000000;
    case SlopeDType_int64: return ((const uint64_t *)source)[i] ^ 0x8000000000000000;
    case SlopeDType_float16: FLOATING_KEY(((const uint16_t *)source)[i], 0x7C00)
    case SlopeDType_bfloat16: FLOATING_KEY(((const uint16_t *)source)[i], 0x7F80)
    case SlopeDType_float32: FLOATING_KEY(((const uint32_t *)source)[i], 0x7F800000)
    case SlopeDType_float64: FLOATING_KEY(((const uint64_t *)source)[i], 0x7FF0000000000000)
  }
}

typedef struct {
  SlopeDType dtype;
  bool descending;
  int64_t *order;      // [rows, count]
  const char *source;  // [rows, count]
  int64_t count;
  atomic_bool failed;
} Sort;

// Sorts one row; entries and spare are [count].
static void sortRow(Sort *sort, int64_t row, Entry *entries, Entry *spare) {
  const int size = slope_sizes[sort->dtype];
  const char *source = sort->source + row * sort->count * size;
  for (int64_t i = 0; i < sort->count; i++) {
    const uint64_t found = key(sort->dtype, source, i);
    // Inverted keys have the opposite order, and equal ones keep theirs.
    entries[i] = (Entry){sort->descending ? ~found : found, i};
  }
  for (int byte = 0; byte < size; byte++) {
    int64_t starts[256] = {0};
    for (int64_t i = 0; i < sort->count; i++) starts[entries[i].key >> (8 * byte) & 0xFF]++;
    int64_t total = 0;
    bool isOne = false;
    for (int value = 0; value < 256; value++) {
      const int64_t count = starts[value];
      isOne |= count == sort->count;
      starts[value] = total;
      total += count;
    }
    if (isOne) continue;
    for (int64_t i = 0; i < sort->count; i++) {
      spare[starts[entries[i].key >> (8 * byte) & 0xFF]++] = entries[i];
    }
    Entry *swap = entries;
    entries = spare;
    spare = swap;
  }
  int64_t *order = sort->order + row * sort->count;
  for (int64_t i = 0; i < sort->count; i++) order[i] = entries[i].index;
}

static void sortRange(void *context, int64_t start, int64_t end) {
  Sort *sort = context;
  Entry *entries = malloc(2 * (size_t)sort->count * sizeof(Entry));
  if (entries == NULL) {
    atomic_store(&sort->failed, true);
    return;
  }
  for (int64_t row = start; row < end; row++) sortRow(sort, row, entries, entries + sort->count);
  free(entries);
}

bool slope_argsort(SlopeDType dtype, bool descending, int64_t *order, const void *source,
                   int64_t rows, int64_t count) {
  if (count <= 0) return true;
  Sort sort = {.dtype = dtype, .descending = descending, .order = order, .source = source,
               .count = count};
  slope_for_ranges(rows, slope_max(SLOPE_GRAIN / 8 / count, 1), sortRange, &sort);
  return !atomic_load(&sort.failed);
}

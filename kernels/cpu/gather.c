// Gather, scatter and the check of indices. slope_kernels.h describes the arguments.
//
//   gather   destination [outer, count, inner]          source [outer, extent, inner]
//
//              row i of outer o   <------------------   row indices[i] of outer o
//
//   scatter  destination [outer, extent, inner]         source [outer, count, inner]
//
//              row indices[i] of outer o   <--- = ----  row i of outer o, for i in order
//              (slope_scatter_add: += )
//
// Gather and scatter move bytes, whatever the type: rows of 1, 2, 4 and 8 bytes by one load and
// store, others by memcpy. slope_scatter_add adds with the type's `accumulate` (type_matmul.h). The
// parallel work of both scatters is
//   outer == 1, inner >= 256, more than SLOPE_GRAIN elements   128 inner elements of all rows
//   else                                                       ranges of outer indices
// so that no two threads write the same element, and the order of writes is always that of i. (For
// slope_scatter inner counts bytes.)
//
// References: ReferenceBackend.gather, .scatter, .scatterAdd, .checkIndices (Tests/TestSupport).
#include "kernels.h"

// Returns the position of the first index of type E outside 0 ..< bound, or -1.
#define FIND_BAD(E)                                                                \
  {                                                                                \
    const E *at = indices;                                                         \
    for (int64_t i = 0; i < count; i++) {                                          \
      if (at[i] < 0 || (uint64_t)at[i] >= (uint64_t)bound) return i;               \
    }                                                                              \
    return -1;                                                                     \
  }
#define FIND_BAD_UNSIGNED(E)                                                       \
  {                                                                                \
    const E *at = indices;                                                         \
    for (int64_t i = 0; i < count; i++) {                                          \
      if ((uint64_t)at[i] >= (uint64_t)bound) return i;                            \
    }                                                                              \
    return -1;                                                                     \
  }

int64_t slope_find_bad_index(SlopeDType dtype, const void *indices, int64_t count, int64_t bound) {
  switch (dtype) {
    case SlopeDType_bool:
    case SlopeDType_uint8: FIND_BAD_UNSIGNED(uint8_t)
    case SlopeDType_uint16: FIND_BAD_UNSIGNED(uint16_t)
    case SlopeDType_uint32: FIND_BAD_UNSIGNED(uint32_t)
    case SlopeDType_uint64: FIND_BAD_UNSIGNED(uint64_t)
    case SlopeDType_int8: FIND_BAD(int8_t)
    case SlopeDType_int16: FIND_BAD(int16_t)
    case SlopeDType_int32: FIND_BAD(int32_t)
    case SlopeDType_int64: FIND_BAD(int64_t)
    case SlopeDType_float16:
    case SlopeDType_bfloat16:
    case SlopeDType_float32:
    case SlopeDType_float64: return count > 0 ? 0 : -1;  // not indices at all
  }
}

typedef struct {
  char *destination;
  const char *source;
  const int64_t *indices;        // [count]
  int64_t extent, count, inner;  // inner: bytes, or elements for slope_scatter_add
  const SlopeType *type;         // slope_scatter_add
  int size;                      // slope_scatter_add: bytes of an element
} Rows;

// Rows as large as the register type E. They often are several elements of a smaller type, aligned
// to that type only: memcpy lets the compiler use an unaligned move.
#define GATHER(E)                                                                        \
  for (int64_t row = start; row < end; row++, i++) {                                     \
    if (i == rows->count) {                                                              \
      i = 0;                                                                             \
      outer++;                                                                           \
    }                                                                                    \
    const int64_t from = outer * rows->extent + rows->indices[i];                        \
    memcpy(rows->destination + row * (int64_t)sizeof(E),                                 \
           rows->source + from * (int64_t)sizeof(E), sizeof(E));                         \
  }                                                                                      \
  return;

// Rows start ..< end of the outer · count rows of the destination.
static void gatherRange(void *context, int64_t start, int64_t end) {
  const Rows *rows = context;
  int64_t outer = start / rows->count, i = start % rows->count;
  switch (rows->inner) {
    case 1: GATHER(uint8_t)
    case 2: GATHER(uint16_t)
    case 4: GATHER(uint32_t)
    case 8: GATHER(uint64_t)
    default: break;
  }
  for (int64_t row = start; row < end; row++, i++) {
    if (i == rows->count) {
      i = 0;
      outer++;
    }
    memcpy(rows->destination + row * rows->inner,
           rows->source + (outer * rows->extent + rows->indices[i]) * rows->inner,
           (size_t)rows->inner);
  }
}

void slope_gather(void *destination, const void *source, const int64_t *indices, int64_t outer,
                  int64_t extent, int64_t count, int64_t innerBytes) {
  if (innerBytes <= 0 || count <= 0) return;
  Rows rows = {.destination = destination, .source = source, .indices = indices,
               .extent = extent, .count = count, .inner = innerBytes};
  int64_t grain = slope_max(4 * SLOPE_GRAIN / (innerBytes + 8), 1);
  slope_for_ranges(outer * count, grain, gatherRange, &rows);
}

// All rows of outer indices start ..< end, in the order of i.
static void scatterRange(void *context, int64_t start, int64_t end) {
  const Rows *rows = context;
  for (int64_t outer = start; outer < end; outer++) {
    char *destination = rows->destination + outer * rows->extent * rows->inner * rows->size;
    const char *source = rows->source + outer * rows->count * rows->inner * rows->size;
    for (int64_t i = 0; i < rows->count; i++) {
      rows->type->accumulate(destination + rows->indices[i] * rows->inner * rows->size,
                             source + i * rows->inner * rows->size, rows->inner);
    }
  }
}

// Inner elements start ..< end of all rows: no two threads share a destination.
static void scatterInnerRange(void *context, int64_t start, int64_t end) {
  const Rows *rows = context;
  for (int64_t i = 0; i < rows->count; i++) {
    rows->type->accumulate(
        rows->destination + (rows->indices[i] * rows->inner + start) * rows->size,
        rows->source + (i * rows->inner + start) * rows->size, end - start);
  }
}

void slope_scatter_add(SlopeDType dtype, void *destination, const void *source,
                       const int64_t *indices, int64_t outer, int64_t extent, int64_t count,
                       int64_t inner) {
  if (inner <= 0 || count <= 0) return;
  Rows rows = {destination, source, indices, extent, count, inner, slope_type(dtype),
               slope_sizes[dtype]};
  if (outer == 1 && inner >= 256 && count * inner > SLOPE_GRAIN) {
    slope_for_ranges(inner, 128, scatterInnerRange, &rows);
  } else {
    slope_for_ranges(outer, slope_max(SLOPE_GRAIN / (count * inner), 1), scatterRange, &rows);
  }
}

// As GATHER: rows may lie at any address.
#define SCATTER(E)                                                                       \
  for (int64_t i = 0; i < rows->count; i++) {                                            \
    memcpy(destination + rows->indices[i] * (int64_t)sizeof(E),                          \
           source + i * (int64_t)sizeof(E), sizeof(E));                                  \
  }                                                                                      \
  continue;

// All rows of outer indices start ..< end, in the order of i.
static void replaceRange(void *context, int64_t start, int64_t end) {
  const Rows *rows = context;
  for (int64_t outer = start; outer < end; outer++) {
    char *destination = rows->destination + outer * rows->extent * rows->inner;
    const char *source = rows->source + outer * rows->count * rows->inner;
    switch (rows->inner) {
      case 1: SCATTER(uint8_t)
      case 2: SCATTER(uint16_t)
      case 4: SCATTER(uint32_t)
      case 8: SCATTER(uint64_t)
      default: break;
    }
    for (int64_t i = 0; i < rows->count; i++) {
      memcpy(destination + rows->indices[i] * rows->inner, source + i * rows->inner,
             (size_t)rows->inner);
    }
  }
}

// Inner bytes start ..< end of all rows: no two threads share a destination.
static void replaceInnerRange(void *context, int64_t start, int64_t end) {
  const Rows *rows = context;
  for (int64_t i = 0; i < rows->count; i++) {
    memcpy(rows->destination + rows->indices[i] * rows->inner + start,
           rows->source + i * rows->inner + start, (size_t)(end - start));
  }
}

void slope_scatter(void *destination, const void *source, const int64_t *indices, int64_t outer,
                   int64_t extent, int64_t count, int64_t innerBytes) {
  if (innerBytes <= 0 || count <= 0) return;
  Rows rows = {.destination = destination, .source = source, .indices = indices,
               .extent = extent, .count = count, .inner = innerBytes};
  if (outer == 1 && innerBytes >= 256 && count * innerBytes > SLOPE_GRAIN) {
    slope_for_ranges(innerBytes, 128, replaceInnerRange, &rows);
  } else {
    slope_for_ranges(outer, slope_max(4 * SLOPE_GRAIN / (count * innerBytes), 1), replaceRange,
                     &rows);
  }
}

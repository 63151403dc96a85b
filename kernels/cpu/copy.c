// Copies, fills and casts of every element type. slope_kernels.h describes the arguments.
//
//   slope_cast   one loop of type_cast.h over ranges of SLOPE_GRAIN elements
//   slope_fill   ranges of SLOPE_GRAIN elements, by element size
//   slope_copy   a strided nest to contiguous memory; after adjacent axes are joined (program.c)
//     copyRange        runs along the last axis, by slope_source_read
//     transposeRange   if the source is contiguous along another axis than the last
//
// A transpose moves squares of BLOCK x BLOCK elements by way of a square on the stack:
//
//   source, contiguous along `along`      square            destination, contiguous along `last`
//
//          last ->                     columns j ->             last ->
//   along  |  |  |  |  |                i  |      |       along |----|----|----|
//     |    v  v  v  v  v  reads         |  |      |         |   |-->-|    |    |  writes
//     v    columns of 32  ---------->   v  |      |  ---->  v   |-->-|    |    |  rows of 32
//
// so that source and destination are both accessed in runs: strides that are powers of two would
// otherwise fall into one set of the cache. An item of parallel work is a square of SPAN x SPAN
// elements, whose memory pages the processor's table of addresses holds.
//
// Reference: ReferenceBackend.copy (Tests/TestSupport); KernelCopyTests, KernelCastTests.
#include "convert.h"
#include "program.h"

enum {
  BLOCK = 32,  // the side of a transposed square
  SPAN = 256,  // the side of an item of work, a multiple of BLOCK
};

// MARK: Casts

typedef struct {
  SlopeCast cast;
  char *destination;
  const char *source;
  int destinationSize, sourceSize;
} Conversion;

static void castRange(void *context, int64_t start, int64_t end) {
  const Conversion *conversion = context;
  conversion->cast(conversion->destination + start * conversion->destinationSize,
                   conversion->source + start * conversion->sourceSize, end - start);
}

void slope_cast(SlopeDType destinationType, void *destination, SlopeDType sourceType,
                const void *source, int64_t count) {
  Conversion conversion = {slope_type(destinationType)->from[sourceType], destination, source,
                           slope_sizes[destinationType], slope_sizes[sourceType]};
  slope_for_ranges(count, SLOPE_GRAIN, castRange, &conversion);
}

// MARK: Fills

#define FILL(E)                                                          \
  {                                                                      \
    E *to = destination;                                                 \
    for (int64_t i = 0; i < count; i++) to[i] = (E)bits;                 \
    break;                                                               \
  }

void slope_fill_tile(void *destination, int elementSize, uint64_t bits, int64_t count) {
  switch (elementSize) {
    case 1: FILL(uint8_t)
    case 2: FILL(uint16_t)
    case 4: FILL(uint32_t)
    default: FILL(uint64_t)
  }
}

typedef struct {
  char *destination;
  uint64_t bits;
  int size;
} Fill;

static void fillRange(void *context, int64_t start, int64_t end) {
  const Fill *fill = context;
  slope_fill_tile(fill->destination + start * fill->size, fill->size, fill->bits, end - start);
}

void slope_fill(void *destination, int elementSize, uint64_t bits, int64_t count) {
  Fill fill = {destination, bits, elementSize};
  slope_for_ranges(count, SLOPE_GRAIN, fillRange, &fill);
}

// MARK: Strided copies

typedef struct {
  char *destination;       // [shape], contiguous
  SlopeSource source;      // [shape] by its strides
  int contiguousAxis;      // transposes: the axis along which the source is contiguous
  int64_t spansAlong;      // transposes: items of work along that axis
  int64_t spansAcross;     // transposes: items of work along the last axis
} Copy;

// Elements start ..< end of the destination.
static void copyRange(void *context, int64_t start, int64_t end) {
  const Copy *copy = context;
  int size = copy->source.size;
  char *to = copy->destination + start * size;
  const void *from = copy->source.data + start * size;
  if (copy->source.rank != 0) from = slope_source_read(&copy->source, to, start, end - start);
  if (from != to) memcpy(to, from, (size_t)((end - start) * size));
}

// One square of elements of type E, by squares of 4 x 4 in registers. Full extents are passed as
// constants.
#define TRANSPOSE(E, NAME)                                                               \
  SLOPE_FN void NAME(E *to, const E *from, int64_t rows, int64_t columns,                \
                     int64_t toStride, int64_t fromStride) {                             \
    typedef E Four __attribute__((ext_vector_type(4), aligned(sizeof(E))));              \
    E square[BLOCK][BLOCK];                                                              \
    int64_t j = 0;                                                                       \
    for (; j + 4 <= columns; j += 4) {                                                   \
      const E *line0 = from + j * fromStride, *line1 = line0 + fromStride;               \
      const E *line2 = line1 + fromStride, *line3 = line2 + fromStride;                  \
      int64_t i = 0;                                                                     \
      for (; i + 4 <= rows; i += 4) {                                                    \
        Four a = *(const Four *)(line0 + i), b = *(const Four *)(line1 + i);             \
        Four c = *(const Four *)(line2 + i), d = *(const Four *)(line3 + i);             \
        Four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);                             \
        Four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);                             \
        *(Four *)&square[i][j] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);            \
        *(Four *)&square[i + 1][j] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);        \
        ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);                                  \
        cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);                                  \
        *(Four *)&square[i + 2][j] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);        \
        *(Four *)&square[i + 3][j] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);        \
      }                                                                                  \
      for (; i < rows; i++) {                                                            \
        square[i][j] = line0[i];                                                         \
        square[i][j + 1] = line1[i];                                                     \
        square[i][j + 2] = line2[i];                                                     \
        square[i][j + 3] = line3[i];                                                     \
      }                                                                                  \
    }                                                                                    \
    for (; j < columns; j++) {                                                           \
      for (int64_t i = 0; i < rows; i++) square[i][j] = from[j * fromStride + i];        \
    }                                                                                    \
    for (int64_t i = 0; i < rows; i++) {                                                 \
      memcpy(to + i * toStride, square[i], (size_t)columns * sizeof(E));                 \
    }                                                                                    \
  }
TRANSPOSE(uint8_t, transpose1)
TRANSPOSE(uint16_t, transpose2)
TRANSPOSE(uint32_t, transpose4)
TRANSPOSE(uint64_t, transpose8)

#define TRANSPOSE_BLOCK(E, NAME)                                                         \
  if (rows == BLOCK && columns == BLOCK) {                                               \
    NAME((E *)to, (const E *)from, BLOCK, BLOCK, toStride, fromStride);                  \
  } else {                                                                               \
    NAME((E *)to, (const E *)from, rows, columns, toStride, fromStride);                 \
  }                                                                                      \
  break;

static void transposeBlock(char *to,           // [rows, columns], row stride toStride
                           const char *from,   // [columns, rows], row stride fromStride
                           int size,           // bytes of an element
                           int64_t rows, int64_t columns,  // at most BLOCK each
                           int64_t toStride, int64_t fromStride) {
  switch (size) {
    case 1: TRANSPOSE_BLOCK(uint8_t, transpose1)
    case 2: TRANSPOSE_BLOCK(uint16_t, transpose2)
    case 4: TRANSPOSE_BLOCK(uint32_t, transpose4)
    default: TRANSPOSE_BLOCK(uint64_t, transpose8)
  }
}

// Item `start`: SPAN rows (along the axis where the source is contiguous) by SPAN columns (the last
// axis), for one index of the other axes.
static void transposeRange(void *context, int64_t start, [[maybe_unused]] int64_t end) {
  const Copy *copy = context;
  const SlopeSource *source = &copy->source;
  int last = source->rank - 1, along = copy->contiguousAxis, size = source->size;
  int64_t firstColumn = start % copy->spansAcross * SPAN, rest = start / copy->spansAcross;
  int64_t firstRow = rest % copy->spansAlong * SPAN;
  rest /= copy->spansAlong;
  int64_t toOffset = 0, fromOffset = 0, toStride = 0, step = source->shape[last];
  for (int axis = last - 1; axis >= 0; axis--) {
    if (axis == along) {
      toStride = step;
    } else {
      int64_t index = rest % source->shape[axis];
      rest /= source->shape[axis];
      toOffset += index * step;
      fromOffset += index * source->strides[axis];
    }
    step *= source->shape[axis];
  }
  int64_t rowEnd = slope_min(firstRow + SPAN, source->shape[along]);
  int64_t columnEnd = slope_min(firstColumn + SPAN, source->shape[last]);
  for (int64_t row = firstRow; row < rowEnd; row += BLOCK) {
    for (int64_t column = firstColumn; column < columnEnd; column += BLOCK) {
      transposeBlock(copy->destination + (toOffset + row * toStride + column) * size,
                     source->data + (fromOffset + row + column * source->strides[last]) * size,
                     size, slope_min(BLOCK, rowEnd - row), slope_min(BLOCK, columnEnd - column),
                     toStride, source->strides[last]);
    }
  }
}

void slope_copy(void *destination, const void *source, int elementSize, int rank,
                const int64_t *shape, const int64_t *strides) {
  int64_t count = slope_extent_product(rank, shape);
  if (count <= 0) return;
  SlopeOperand operand = {(void *)source, strides, SlopeDType_uint8};
  Copy copy = {.destination = destination};
  slope_source_make(&copy.source, &operand, rank, shape);
  copy.source.size = elementSize;
  int last = copy.source.rank - 1;
  if (last > 0 && copy.source.strides[last] != 0 && copy.source.strides[last] != 1) {
    for (int axis = 0; axis < last; axis++) {
      if (copy.source.strides[axis] != 1) continue;
      copy.contiguousAxis = axis;
      int64_t extent = copy.source.shape[axis], columns = copy.source.shape[last];
      copy.spansAlong = (extent - 1) / SPAN + 1;
      copy.spansAcross = (columns - 1) / SPAN + 1;
      int64_t items = count / (extent * columns) * copy.spansAlong * copy.spansAcross;
      if (count <= SLOPE_GRAIN) {
        for (int64_t item = 0; item < items; item++) transposeRange(&copy, item, item + 1);
      } else {
        slope_for_ranges(items, 1, transposeRange, &copy);
      }
      return;
    }
  }
  slope_for_ranges(count, SLOPE_GRAIN, copyRange, &copy);
}

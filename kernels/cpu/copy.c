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
// otherwise fall into one set of the cache.
//
// Reference: ReferenceBackend.copy (Tests/TestSupport); KernelCopyTests, KernelCastTests.
#include "program.h"

enum { BLOCK = 32 };  // the side of a transposed square

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
  int64_t blocksPerOuter;  // transposes: blocks of that axis
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

// One square of elements of type E.
#define TRANSPOSE(E)                                                                     \
  {                                                                                      \
    E square[BLOCK][BLOCK];                                                              \
    for (int64_t j = 0; j < columns; j++) {                                              \
      const E *line = (const E *)from + j * fromStride;                                  \
      for (int64_t i = 0; i < rows; i++) square[i][j] = line[i];                         \
    }                                                                                    \
    for (int64_t i = 0; i < rows; i++) {                                                 \
      memcpy((E *)to + i * toStride, square[i], (size_t)columns * sizeof(E));            \
    }                                                                                    \
    break;                                                                               \
  }

static void transposeBlock(char *to,           // [rows, columns], row stride toStride
                           const char *from,   // [columns, rows], row stride fromStride
                           int size,           // bytes of an element
                           int64_t rows, int64_t columns,  // at most BLOCK each
                           int64_t toStride, int64_t fromStride) {
  switch (size) {
    case 1: TRANSPOSE(uint8_t)
    case 2: TRANSPOSE(uint16_t)
    case 4: TRANSPOSE(uint32_t)
    default: TRANSPOSE(uint64_t)
  }
}

// Block `start`: BLOCK rows (along the axis where the source is contiguous) by all columns (the
// last axis), for one index of the other axes.
static void transposeRange(void *context, int64_t start, [[maybe_unused]] int64_t end) {
  const Copy *copy = context;
  const SlopeSource *source = &copy->source;
  int last = source->rank - 1, along = copy->contiguousAxis, size = source->size;
  int64_t row = start % copy->blocksPerOuter * BLOCK, rest = start / copy->blocksPerOuter;
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
  int64_t rows = slope_min(BLOCK, source->shape[along] - row);
  toOffset += row * toStride;
  fromOffset += row;
  for (int64_t column = 0; column < source->shape[last]; column += BLOCK) {
    transposeBlock(copy->destination + (toOffset + column) * size,
                   source->data + (fromOffset + column * source->strides[last]) * size, size, rows,
                   slope_min(BLOCK, source->shape[last] - column), toStride, source->strides[last]);
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
      copy.blocksPerOuter = (extent - 1) / BLOCK + 1;
      int64_t blocks = count / (extent * columns) * copy.blocksPerOuter;
      if (count <= SLOPE_GRAIN) {
        for (int64_t block = 0; block < blocks; block++) transposeRange(&copy, block, block + 1);
      } else {
        slope_for_ranges(blocks, 1, transposeRange, &copy);
      }
      return;
    }
  }
  slope_for_ranges(count, SLOPE_GRAIN, copyRange, &copy);
}

// Copies a strided nest to a strided nest: the parts of a concatenation, the gradient of a slice.
//
// One row along the innermost axis after the other, for all element types by their size, on the
// calling thread. slope_kernels.h describes the arguments. Reference: ReferenceBackend.copy
// (Tests/TestSupport).
#include <string.h>

#include "include/slope_kernels.h"

#define COPY_ROW(E)                                                               \
  for (int64_t i = 0; i < count; i++) {                                           \
    ((E *)to)[i * toStride] = ((const E *)from)[i * fromStride];                  \
  }                                                                               \
  break;

static void copyRow(char *to, int64_t toStride,            // [count], stride toStride
                    const char *from, int64_t fromStride,  // [count], stride fromStride
                    int size,                              // bytes of an element
                    int64_t count) {
  if (toStride == 1 && fromStride == 1) {
    memcpy(to, from, (size_t)(count * size));
    return;
  }
  switch (size) {
    case 1: COPY_ROW(uint8_t)
    case 2: COPY_ROW(uint16_t)
    case 4: COPY_ROW(uint32_t)
    default: COPY_ROW(uint64_t)
  }
}

void slope_copy_into(void *destination, const int64_t *destinationStrides, const void *source,
                     const int64_t *sourceStrides, int elementSize, int rank,
                     const int64_t *shape) {
  int64_t index[SLOPE_MAX_RANK] = {0};
  for (int axis = 0; axis < rank; axis++) {
    if (shape[axis] == 0) return;
  }
  if (rank == 0) {
    memcpy(destination, source, (size_t)elementSize);
    return;
  }
  char *to = destination;
  const char *from = source;
  int inner = rank - 1;
  for (;;) {
    copyRow(to, destinationStrides[inner], from, sourceStrides[inner], elementSize, shape[inner]);
    // Advance the index of the outer axes, the last one fastest.
    int axis = inner - 1;
    while (axis >= 0) {
      to += destinationStrides[axis] * elementSize;
      from += sourceStrides[axis] * elementSize;
      if (++index[axis] < shape[axis]) break;
      to -= destinationStrides[axis] * shape[axis] * elementSize;
      from -= sourceStrides[axis] * shape[axis] * elementSize;
      index[axis] = 0;
      axis--;
    }
    if (axis < 0) return;
  }
}

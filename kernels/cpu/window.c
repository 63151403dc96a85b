// Windows of planes: their elements side by side, the sums of what overlaps, and their maxima.
// slope_kernels.h describes the arguments.
//
//   plane [height, width]                       unfolded [kernelHeight, kernelWidth, rows, columns]
//
//   . . . . . .     element (p, q) of all               p, q:  a a a
//   . a . a . a     windows is a grid of   -- unfold -->       a a a
//   . . . . . .     the plane, in steps    <-- fold, +=        a a a
//   . a . a . a     of the strides                      (0 where the grid leaves the plane)
//   . . . . . .
//   . a . a . a
//
// Parallel work is
//   unfold    grids, of as many planes and (p, q) as have SLOPE_GRAIN elements together
//   fold      planes, so that no two threads add to the same element
//   maxima    rows of windows, with SLOPE_GRAIN elements or more
//   scatter   rows, each of which adds to places of its own: the gradient of maxima
//
// References: ReferenceBackend.unfold, .fold, .windowMaxima (Tests/TestSupport).
#include "kernels.h"

// A run of windows along one axis whose element at `offset` is inside of `extent` elements.
typedef struct {
  int64_t first, end;  // windows; first == end if there is none
} Inside;

static Inside inside(int64_t count, int64_t stride, int64_t offset, int64_t extent) {
  Inside found = {offset < 0 ? (-offset - 1) / stride + 1 : 0,
                  offset < extent ? (extent - 1 - offset) / stride + 1 : 0};
  found.end = slope_min(found.end, count);
  found.first = slope_min(found.first, found.end);
  return found;
}

typedef struct {
  char *destination;
  const char *source;
  int size;  // bytes of an element
  const SlopeWindows *windows;
  const SlopeType *type;  // fold
  bool keeps;             // fold
} Windows;

#define COPY_STEPS(E)                                                                   \
  {                                                                                     \
    E *to = destination;                                                                \
    const E *from = source;                                                             \
    for (int64_t i = 0; i < count; i++) to[i] = from[i * step];                         \
    break;                                                                              \
  }

// destination[i] = source[i · step].
static void copySteps(void *destination, const void *source, int size, int64_t step,
                      int64_t count) {
  if (step == 1) {
    memcpy(destination, source, (size_t)(count * size));
    return;
  }
  switch (size) {
    case 1: COPY_STEPS(uint8_t)
    case 2: COPY_STEPS(uint16_t)
    case 4: COPY_STEPS(uint32_t)
    default: COPY_STEPS(uint64_t)
  }
}

// Grids start ..< end of the planes · kernelHeight · kernelWidth grids.
static void unfoldRange(void *context, int64_t start, int64_t end) {
  const Windows *work = context;
  const SlopeWindows *w = work->windows;
  const int64_t size = work->size, line = w->columns * size;
  char *to = work->destination + start * w->rows * line;
  for (int64_t grid = start; grid < end; grid++) {
    const int64_t q = grid % w->kernelWidth, rest = grid / w->kernelWidth;
    const int64_t p = rest % w->kernelHeight, plane = rest / w->kernelHeight;
    const int64_t y = p * w->dilationY - w->top, x = q * w->dilationX - w->left;
    const Inside lines = inside(w->rows, w->strideY, y, w->height);
    const Inside run = inside(w->columns, w->strideX, x, w->width);
    const char *from = work->source + (plane * w->height * w->width + x) * size;
    memset(to, 0, (size_t)(lines.first * line));
    for (int64_t i = lines.first; i < lines.end; i++) {
      char *row = to + i * line;
      memset(row, 0, (size_t)(run.first * size));
      if (run.first < run.end) {
        copySteps(row + run.first * size,
                  from + ((i * w->strideY + y) * w->width + run.first * w->strideX) * size,
                  (int)size, w->strideX, run.end - run.first);
      }
      memset(row + run.end * size, 0, (size_t)((w->columns - run.end) * size));
    }
    memset(to + lines.end * line, 0, (size_t)((w->rows - lines.end) * line));
    to += w->rows * line;
  }
}

void slope_unfold(void *destination, const void *source, int elementSize, int64_t planes,
                  const SlopeWindows *windows) {
  int64_t grid = windows->rows * windows->columns;
  int64_t grids = planes * windows->kernelHeight * windows->kernelWidth;
  if (grid <= 0 || grids <= 0) return;
  Windows work = {destination, source, elementSize, windows, NULL, false};
  slope_for_ranges(grids, slope_max(SLOPE_GRAIN / grid, 1), unfoldRange, &work);
}

// Planes start ..< end.
static void foldRange(void *context, int64_t start, int64_t end) {
  const Windows *work = context;
  const SlopeWindows *w = work->windows;
  const int64_t size = work->size, area = w->height * w->width, line = w->columns * size;
  const char *from = work->source + start * w->kernelHeight * w->kernelWidth * w->rows * line;
  for (int64_t plane = start; plane < end; plane++) {
    char *to = work->destination + plane * area * size;
    if (!work->keeps) memset(to, 0, (size_t)(area * size));
    for (int64_t p = 0; p < w->kernelHeight; p++) {
      const int64_t y = p * w->dilationY - w->top;
      const Inside lines = inside(w->rows, w->strideY, y, w->height);
      for (int64_t q = 0; q < w->kernelWidth; q++, from += w->rows * line) {
        const int64_t x = q * w->dilationX - w->left;
        const Inside run = inside(w->columns, w->strideX, x, w->width);
        if (run.first == run.end) continue;
        for (int64_t i = lines.first; i < lines.end; i++) {
          const int64_t place = (i * w->strideY + y) * w->width + run.first * w->strideX + x;
          work->type->accumulateSteps(to + place * size, w->strideX,
                                      from + i * line + run.first * size, run.end - run.first);
        }
      }
    }
  }
}

void slope_fold(SlopeDType dtype, bool keeps, void *destination, const void *source,
                int64_t planes, const SlopeWindows *windows) {
  if (windows->height * windows->width <= 0) return;
  int64_t work = windows->kernelHeight * windows->kernelWidth * windows->rows * windows->columns +
                 windows->height * windows->width;
  Windows context = {destination, source,  slope_sizes[dtype],
                     windows,     slope_type(dtype), keeps};
  slope_for_ranges(planes, slope_max(SLOPE_GRAIN / work, 1), foldRange, &context);
}

typedef struct {
  const SlopeType *type;
  char *destination;
  const char *source;
  const int64_t *places;
  int64_t count;
  int size;  // bytes of an element
} Rows;

static void scatterRange(void *context, int64_t start, int64_t end) {
  const Rows *rows = context;
  rows->type->accumulateAt(rows->destination, rows->places + start * rows->count,
                           rows->source + start * rows->count * rows->size,
                           (end - start) * rows->count);
}

void slope_scatter_add_rows(SlopeDType dtype, void *destination, const void *source,
                            const int64_t *places, int64_t rows, int64_t count) {
  if (count <= 0) return;
  Rows context = {slope_type(dtype), destination, source, places, count, slope_sizes[dtype]};
  slope_for_ranges(rows, slope_max(SLOPE_GRAIN / count, 1), scatterRange, &context);
}

typedef struct {
  const SlopeType *type;
  SlopeWindowMaxima maxima;
} Maxima;

static void maximaRange(void *context, int64_t start, int64_t end) {
  const Maxima *work = context;
  work->type->windowMaxima(&work->maxima, start, end);
}

void slope_window_maxima(SlopeDType dtype, int64_t *places, const void *source, int64_t planes,
                         int64_t height, int64_t width, int64_t rows, int64_t columns,
                         int64_t dilationY, int64_t dilationX, const int64_t *ranges) {
  if (rows <= 0 || columns <= 0) return;
  Maxima context = {slope_type(dtype),
                    {places, source, height, width, rows, columns, dilationY, dilationX, ranges,
                     ranges + rows, ranges + 2 * rows, ranges + 2 * rows + columns}};
  int64_t work = height * width / rows + columns;
  slope_for_ranges(planes * rows, slope_max(SLOPE_GRAIN / work, 1), maximaRange, &context);
}

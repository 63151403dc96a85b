// Windows of planes: their elements side by side, the sums of what overlaps, and their maxima.
//
//   kernel    global size                               computes
//   unfold    columns, rows, planes · elements            output[plane, p, q, i, j] = the plane's
//                                                           element at y(i, p), x(j, q), or 0
//   fold      width, height, planes                       output[plane, y, x] = the sum of
//                                                           source[plane, p, q, i, j] over all that
//                                                           lie at (y, x), in the order of (p, q)
//   maxima    columns, rows, planes                       places[plane, i, j]
//   scatter_rows  rows                                    destination[places[row, i]] +=
//                                                           source[row, i], in the order of i
//
//   plane [height, width]        y(i, p) = i · strideY + p · dilationY - top
//                                x(j, q) = j · strideX + q · dilationX - left
//   . . . . . .
//   . a . a . a                  a: the grid of element (p, q) of all windows
//   . . . . . .
//   . a . a . a
//
// `fold` has an item for each element of the result, which looks for the windows that have it, so
// that no two items add to the same place. `maxima` keeps the first of equals and the last NaN;
// its windows are ranges of rows and columns, all inside of the plane. Every kernel serves CPUs and
// GPUs.
//
// The host defines UNFOLD, with ELEMENT an unsigned type of the right size; FOLD; SCATTER; or none of
// them and COMPARED, the type in which elements are compared.
// Reference: `unfold`, `fold`, `windowMaxima` in Tests/TestSupport/ReferenceBackend+Windows.swift.
#include "element.h"

#define WINDOWS                                                                            \
  ulong planes, long height, long width, long rows, long columns, long kernelHeight,       \
      long kernelWidth, long strideY, long strideX, long dilationY, long dilationX,        \
      long top, long left

#ifdef UNFOLD
kernel void unfold(
    global const S *source,  // [planes, height, width] from sourceOffset on
    ulong sourceOffset,
    global S *output,        // [planes, kernelHeight, kernelWidth, rows, columns]
    WINDOWS) {
  long j = get_global_id(0), i = get_global_id(1);
  ulong grid = get_global_id(2);
  if (j >= columns || i >= rows || grid >= planes * (ulong)(kernelHeight * kernelWidth)) return;
  long q = (long)(grid % (ulong)kernelWidth);
  ulong rest = grid / (ulong)kernelWidth;
  long p = (long)(rest % (ulong)kernelHeight);
  ulong plane = rest / (ulong)kernelHeight;
  long y = i * strideY + p * dilationY - top, x = j * strideX + q * dilationX - left;
  S element = 0;
  if (y >= 0 && y < height && x >= 0 && x < width) {
    element = source[sourceOffset + (plane * (ulong)height + (ulong)y) * (ulong)width + (ulong)x];
  }
  output[(grid * (ulong)rows + (ulong)i) * (ulong)columns + (ulong)j] = element;
}

#elif defined(FOLD)
kernel void fold(
    global const S *source,  // [planes, kernelHeight, kernelWidth, rows, columns]
    ulong sourceOffset,      //   from sourceOffset on
    global S *output,        // [planes, height, width]
    WINDOWS) {
  long x = get_global_id(0), y = get_global_id(1);
  ulong plane = get_global_id(2);
  if (x >= width || y >= height || plane >= planes) return;
  T sum = 0;
  for (long p = 0; p < kernelHeight; p++) {
    long down = y + top - p * dilationY;
    if (down < 0 || down % strideY != 0 || down / strideY >= rows) continue;
    for (long q = 0; q < kernelWidth; q++) {
      long across = x + left - q * dilationX;
      if (across < 0 || across % strideX != 0 || across / strideX >= columns) continue;
      ulong grid = (plane * (ulong)kernelHeight + (ulong)p) * (ulong)kernelWidth + (ulong)q;
      ulong at = (grid * (ulong)rows + (ulong)(down / strideY)) * (ulong)columns +
                 (ulong)(across / strideX);
      sum = ADD(sum, LOAD(source, sourceOffset + at));
    }
  }
  STORE(output, (plane * (ulong)height + (ulong)y) * (ulong)width + (ulong)x, sum);
}

#elif defined(SCATTER)
kernel void scatter_rows(
    global const S *source,     // [rows, count] from sourceOffset on
    ulong sourceOffset,
    global const long *places,  // [rows, count] from placesOffset on
    ulong placesOffset,
    global S *destination,      // [rows, extent]
    ulong rows, ulong count, ulong extent) {
  ulong row = get_global_id(0);
  if (row >= rows) return;
  for (ulong i = row * count; i < (row + 1) * count; i++) {
    ulong to = (ulong)places[placesOffset + i];
    if (to / extent != row) continue;
    T sum = ADD(LOAD(destination, to), LOAD(source, sourceOffset + i));
    STORE(destination, to, sum);
  }
}

#else
#if ELEMENT(IS_FLOATING)
#define IS_NAN(X) ((X) != (X))
#else
#define IS_NAN(X) false
#endif

kernel void maxima(
    global const S *source,     // [planes, height, width] from sourceOffset on
    ulong sourceOffset,
    global const long *ranges,  // rowStarts, rowCounts [rows], columnStarts, columnCounts
    ulong rangesOffset,         //   [columns], from rangesOffset on
    global long *places,        // [planes, rows, columns]: in 0 ..< planes · height · width
    ulong planes, long height, long width, long rows, long columns, long dilationY,
    long dilationX) {
  long j = get_global_id(0), i = get_global_id(1);
  ulong plane = get_global_id(2);
  if (j >= columns || i >= rows || plane >= planes) return;
  global const long *range = ranges + rangesOffset;
  long line = ((long)plane * height + range[i]) * width + range[2 * rows + j];
  long lineCount = range[rows + i], count = range[2 * rows + columns + j], place = line;
  COMPARED greatest = ELEMENT(LOAD)(source, sourceOffset + line);
  for (long p = 0; p < lineCount; p++, line += dilationY * width) {
    for (long q = 0; q < count; q++) {
      long at = line + q * dilationX;
      COMPARED element = ELEMENT(LOAD)(source, sourceOffset + at);
      if (element > greatest || IS_NAN(element)) {
        greatest = element;
        place = at;
      }
    }
  }
  places[((ulong)plane * (ulong)rows + (ulong)i) * (ulong)columns + (ulong)j] = place;
}
#endif

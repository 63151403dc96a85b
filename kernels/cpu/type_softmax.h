// Softmax and its logarithm of contiguous rows: exp(x - max) / sum, x - max - log(sum), for Float,
// Double and 16-bit floats (T is the element, C the type of arithmetic) on every level. rows.c
// divides the rows among threads; kernels.h describes the arguments.
//
//   count <= SLOPE_TILE: as many whole rows as fit in a tile, so that the exponential runs over
//   full vectors even if rows are short
//
//     source   | row 0 | row 1 | row 2 | row 3 | …            [rows, count] of T
//     tile     | row 0 | row 1 | row 2 |  unused  |           of C: x - the row's maximum
//     powers   | row 0 | row 1 | row 2 |  unused  |           exp(tile), one loop
//                 |sum    |sum    |sum                         Double, sumTile
//     destination                                              powers / sum, or tile - log(sum)
//
//   count > SLOPE_TILE: a row is read three times, a tile at a time
//
//     pass 1   | tile | tile | … -> maximum
//     pass 2   | tile | tile | … -> sum of exp(x - maximum)
//     pass 3   | tile | tile | … -> result
//
// Subtracting the maximum avoids overflow: [1000, 0] gives [1, 0], where exp(1000) is infinite. A
// NaN or +inf in a row makes its maximum or a difference NaN (inf - inf), which the sum passes on
// to every element.
//
// Reference: ReferenceBackend.softmax (Tests/TestSupport).
#ifndef SLOPE_TYPE_SOFTMAX
#define SLOPE_TYPE_SOFTMAX
enum { SOFTMAX_LANES = 64 / sizeof(C) };
#endif

// The maximum of x [count] and `start`; NaN if any element is NaN.
SLOPE_FN C LOCAL(highest)(const C *x, int64_t count, C start) {
  C result = start;
  if (count < SOFTMAX_LANES) {
    for (int64_t i = 0; i < count; i++) {
      result = ((x[i] > result) | (x[i] != x[i])) ? x[i] : result;
    }
    return result;
  }
  C lanes[SOFTMAX_LANES];
  for (int lane = 0; lane < SOFTMAX_LANES; lane++) lanes[lane] = start;
  int64_t i = 0;
  for (; i + SOFTMAX_LANES <= count; i += SOFTMAX_LANES) {
    for (int lane = 0; lane < SOFTMAX_LANES; lane++) {
      C v = x[i + lane];
      lanes[lane] = ((v > lanes[lane]) | (v != v)) ? v : lanes[lane];
    }
  }
  for (int lane = 0; i < count; i++, lane++) {
    lanes[lane] = ((x[i] > lanes[lane]) | (x[i] != x[i])) ? x[i] : lanes[lane];
  }
  result = lanes[0];
  for (int lane = 1; lane < SOFTMAX_LANES; lane++) {
    result = ((lanes[lane] > result) | (lanes[lane] != lanes[lane])) ? lanes[lane] : result;
  }
  return result;
}

// Tiles are [count] of C, source and destination [count] of T.
SLOPE_FN void LOCAL(loadTile)(C *tile, const T *source, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) tile[i] = LOAD(source[i]);
}

SLOPE_FN void LOCAL(expTile)(C *destination, const C *source, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) destination[i] = C_MATH(exp)(source[i]);
}

SLOPE_FN void LOCAL(subtractTile)(C *tile, C number, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) tile[i] -= number;
}

SLOPE_FN void LOCAL(storeRow)(bool logarithm,
                              T *destination,  // [count]
                              const C *tile,   // [count]: differences (logarithm) or powers
                              C number,        // the logarithm of the sum, or the sum
                              int64_t count) {
  if (logarithm) {
    VECTORIZE for (int64_t i = 0; i < count; i++) destination[i] = STORE(tile[i] - number);
  } else {
    VECTORIZE for (int64_t i = 0; i < count; i++) destination[i] = STORE(tile[i] / number);
  }
}

// One row of more than SLOPE_TILE elements: destination and source are [count].
static void LOCAL(softmaxLongRow)(bool logarithm, T *destination, const T *source, int64_t count) {
  C tile[SLOPE_TILE];
  C top = -(C)INFINITY;
  for (int64_t start = 0; start < count; start += SLOPE_TILE) {
    int64_t n = slope_min(SLOPE_TILE, count - start);
    LOCAL(loadTile)(tile, source + start, n);
    top = LOCAL(highest)(tile, n, top);
  }
  double total = 0;
  for (int64_t start = 0; start < count; start += SLOPE_TILE) {
    int64_t n = slope_min(SLOPE_TILE, count - start);
    LOCAL(loadTile)(tile, source + start, n);
    LOCAL(subtractTile)(tile, top, n);
    LOCAL(expTile)(tile, tile, n);
    total += LOCAL(sumTile)(tile, n);
  }
  C number = logarithm ? (C)log_float64(total) : (C)total;
  for (int64_t start = 0; start < count; start += SLOPE_TILE) {
    int64_t n = slope_min(SLOPE_TILE, count - start);
    LOCAL(loadTile)(tile, source + start, n);
    LOCAL(subtractTile)(tile, top, n);
    if (!logarithm) LOCAL(expTile)(tile, tile, n);
    LOCAL(storeRow)(logarithm, destination + start, tile, number, n);
  }
}

static void LOCAL(softmax)(bool logarithm, void *destinationData, const void *sourceData,
                           int64_t rows, int64_t count) {
  T *destination = destinationData;
  const T *source = sourceData;
  if (count > SLOPE_TILE) {
    for (int64_t row = 0; row < rows; row++) {
      LOCAL(softmaxLongRow)(logarithm, destination + row * count, source + row * count, count);
    }
    return;
  }
  C tile[SLOPE_TILE], powers[SLOPE_TILE];
  int64_t rowsPerTile = SLOPE_TILE / slope_max(count, 1);
  for (int64_t first = 0; first < rows; first += rowsPerTile) {
    int64_t n = slope_min(rowsPerTile, rows - first);
    LOCAL(loadTile)(tile, source + first * count, n * count);
    for (int64_t row = 0; row < n; row++) {
      C top = LOCAL(highest)(tile + row * count, count, -(C)INFINITY);
      LOCAL(subtractTile)(tile + row * count, top, count);
    }
    LOCAL(expTile)(powers, tile, n * count);
    for (int64_t row = 0; row < n; row++) {
      double total = LOCAL(sumTile)(powers + row * count, count);
      LOCAL(storeRow)(logarithm, destination + (first + row) * count,
                      (logarithm ? tile : powers) + row * count,
                      logarithm ? (C)log_float64(total) : (C)total, count);
    }
  }
}

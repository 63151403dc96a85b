// Softmax and its logarithm of contiguous rows: exp(x - max) / sum, x - max - log(sum), for Float,
// Double and 16-bit floats (T is the element, C the type of arithmetic) on every level. rows.c
// divides the rows among threads; kernels.h describes the arguments.
//
//   count < SHORT_ROW: as many whole rows as fit in a tile, so that the exponential runs over full
//   vectors even if rows are short
//
//     source   | row 0 | row 1 | row 2 | row 3 | …            [rows, count] of T
//     tile     | row 0 | row 1 | row 2 |  unused  |           of C: x - the row's maximum
//     powers   | row 0 | row 1 | row 2 |  unused  |           exp(tile), one loop
//                 |sum    |sum    |sum                         Double, sumTile
//     destination                                              powers / sum, or tile - log(sum)
//
//   count <= LONG_ROW: row by row, with the powers of a row in the caches
//
//     source      | row | -> maximum
//     powers      | exp(x - maximum) | -> sum
//     destination | powers / sum, or x - maximum - log(sum) |
//
//   more: a row is read three times, a tile at a time
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
// LONG_ROW powers are 32 or 64 KiB of a thread's stack.
enum { SOFTMAX_LANES = 64 / sizeof(C), SHORT_ROW = 64, SOFTMAX_PIECE = 256, LONG_ROW = 8192 };
#endif

// The maximum of x [count] and `start`; NaN if any element is NaN.
SLOPE_FN C LOCAL(highest)(const T *x, int64_t count, C start) {
  C result = start;
  if (count < SOFTMAX_LANES) {
    for (int64_t i = 0; i < count; i++) {
      C v = LOAD(x[i]);
      result = ((v > result) | (v != v)) ? v : result;
    }
    return result;
  }
  C lanes[SOFTMAX_LANES];
  for (int lane = 0; lane < SOFTMAX_LANES; lane++) lanes[lane] = start;
  int64_t i = 0;
  for (; i + SOFTMAX_LANES <= count; i += SOFTMAX_LANES) {
    for (int lane = 0; lane < SOFTMAX_LANES; lane++) {
      C v = LOAD(x[i + lane]);
      lanes[lane] = ((v > lanes[lane]) | (v != v)) ? v : lanes[lane];
    }
  }
  for (int lane = 0; i < count; i++, lane++) {
    C v = LOAD(x[i]);
    lanes[lane] = ((v > lanes[lane]) | (v != v)) ? v : lanes[lane];
  }
  result = lanes[0];
  for (int lane = 1; lane < SOFTMAX_LANES; lane++) {
    result = ((lanes[lane] > result) | (lanes[lane] != lanes[lane])) ? lanes[lane] : result;
  }
  return result;
}

// Tiles are [count] of C, source and destination [count] of T.
SLOPE_FN void LOCAL(subtract)(C *tile, const T *source, C number, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) tile[i] = LOAD(source[i]) - number;
}

SLOPE_FN void LOCAL(expTile)(C *destination, const C *source, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) destination[i] = C_MATH(exp)(source[i]);
}

SLOPE_FN void LOCAL(expDifferences)(C *powers, const T *source, C top, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) powers[i] = C_MATH(exp)(LOAD(source[i]) - top);
}

SLOPE_FN void LOCAL(storeQuotients)(T *destination, const C *powers, C total, int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) destination[i] = STORE(powers[i] / total);
}

SLOPE_FN void LOCAL(storeDifferences)(T *destination, const T *source, C top, C number,
                                      int64_t count) {
  VECTORIZE for (int64_t i = 0; i < count; i++) {
    destination[i] = STORE((LOAD(source[i]) - top) - number);
  }
}

// One row of more than LONG_ROW elements: destination and source are [count].
static void LOCAL(softmaxLongRow)(bool logarithm, T *destination, const T *source, int64_t count) {
  C powers[SLOPE_TILE];
  C top = LOCAL(highest)(source, count, -(C)INFINITY);
  double total = 0;
  for (int64_t start = 0; start < count; start += SLOPE_TILE) {
    int64_t n = slope_min(SLOPE_TILE, count - start);
    LOCAL(expDifferences)(powers, source + start, top, n);
    total += LOCAL(sumTile)(powers, n);
  }
  if (logarithm) {
    LOCAL(storeDifferences)(destination, source, top, (C)log_float64(total), count);
    return;
  }
  for (int64_t start = 0; start < count; start += SLOPE_TILE) {
    int64_t n = slope_min(SLOPE_TILE, count - start);
    LOCAL(expDifferences)(powers, source + start, top, n);
    LOCAL(storeQuotients)(destination + start, powers, (C)total, n);
  }
}

// One row of at most LONG_ROW elements. While its exponentials are computed, memory has the time to
// bring the next row and the place of the result.
static void LOCAL(softmaxRow)(bool logarithm, T *destination, const T *source, int64_t count) {
  C powers[LONG_ROW];
  C top = LOCAL(highest)(source, count, -(C)INFINITY);
  double total = 0;
  for (int64_t start = 0; start < count; start += SOFTMAX_PIECE) {
    int64_t n = slope_min(SOFTMAX_PIECE, count - start);
    for (int64_t i = 0; i < n; i += 64 / (int64_t)sizeof(T)) {
      __builtin_prefetch(source + count + start + i, 0, 2);
      __builtin_prefetch(destination + start + i, 1, 2);
    }
    LOCAL(expDifferences)(powers + start, source + start, top, n);
    total += LOCAL(sumTile)(powers + start, n);
  }
  if (logarithm) {
    LOCAL(storeDifferences)(destination, source, top, (C)log_float64(total), count);
  } else {
    LOCAL(storeQuotients)(destination, powers, (C)total, count);
  }
}

static void LOCAL(softmax)(bool logarithm, void *destinationData, const void *sourceData,
                           int64_t rows, int64_t count) {
  T *destination = destinationData;
  const T *source = sourceData;
  if (count >= SHORT_ROW) {
    for (int64_t row = 0; row < rows; row++, destination += count, source += count) {
      if (count <= LONG_ROW) {
        LOCAL(softmaxRow)(logarithm, destination, source, count);
      } else {
        LOCAL(softmaxLongRow)(logarithm, destination, source, count);
      }
    }
    return;
  }
  C tile[SLOPE_TILE], powers[SLOPE_TILE];
  int64_t rowsPerTile = SLOPE_TILE / slope_max(count, 1);
  for (int64_t first = 0; first < rows; first += rowsPerTile) {
    int64_t n = slope_min(rowsPerTile, rows - first);
    for (int64_t row = 0; row < n; row++) {
      const T *from = source + (first + row) * count;
      LOCAL(subtract)(tile + row * count, from, LOCAL(highest)(from, count, -(C)INFINITY), count);
    }
    LOCAL(expTile)(powers, tile, n * count);
    for (int64_t row = 0; row < n; row++) {
      double total = LOCAL(sumTile)(powers + row * count, count);
      T *to = destination + (first + row) * count;
      if (logarithm) {
        const C *differences = tile + row * count;
        C number = (C)log_float64(total);
        VECTORIZE for (int64_t i = 0; i < count; i++) to[i] = STORE(differences[i] - number);
      } else {
        LOCAL(storeQuotients)(to, powers + row * count, (C)total, count);
      }
    }
  }
}

// Reductions over rows, for many columns together: sum, mean, product, extrema and their positions,
// for integers, Float and Double on every level. reduce.c uses them when memory is contiguous along
// a kept axis, as in the sum of a matrix over its rows: each row is added to a line of totals, so
// that memory is read consecutively. kernels.h describes the arguments.
//
//                       width columns, contiguous
//   source      row 0   | x00 | x01 | x02 | x03 | …       Sums of Float read four rows at a time,
//               row 1   | x10 | x11 | x12 | x13 | …       (x0 + x1) + (x2 + x3) in Float, as in
//               row 2   | x20 | x21 | x22 | x23 | …       sumTile, so that the totals are read and
//                 …        |     |     |     |            written a quarter as often.
//                          v     v     v     v
//   primary             |  0  |  1  |  2  |  3  | …       totals, or extrema (packed as T)
//   secondary           |  0  |  1  |  2  |  3  | …       compensations, or positions of extrema
//                          ^     ^     ^     ^
//                          |     |     |     |            columnsMerge
//   nextPrimary         |  0  |  1  |  2  |  3  | …       of the next block of rows
//   nextSecondary       |  0  |  1  |  2  |  3  | …
//
// Double is summed with compensation element by element, Float in Double without; columnsMerge
// compensates both.
//
// References: ReferenceBackend.reduce (Tests/TestSupport), KernelReductionReference
// (Tests/SlopeCoreTests/Kernels).

static void LOCAL(columnsBegin)(SlopeReduction kind, void *primary, void *secondary,
                                int64_t width) {
  memset(secondary, 0, (size_t)width * 8);
  if (kind == SlopeReduction_product) {
#if T_IS_FLOATING
    for (int64_t j = 0; j < width; j++) ((double *)primary)[j] = 1;
#else
    for (int64_t j = 0; j < width; j++) ((uint64_t *)primary)[j] = 1;
#endif
  } else {
    memset(primary, 0, (size_t)width * 8);
  }
}

// Compares row x [width], at position `row` of the reduction, with best [width] and, for `arg`,
// sets index [width]. Without `arg`, a NaN needs no test: it replaces any number and no number
// replaces it.
#define COLUMN_EXTREMUM(NAME, TAKES)                                                       \
  SLOPE_FN void LOCAL(NAME)(T *best, int64_t *index, const T *x, int64_t row,              \
                            int64_t width, bool arg) {                                     \
    if (!arg) {                                                                            \
      VECTORIZE for (int64_t j = 0; j < width; j++) {                                      \
        T v = x[j], old = best[j];                                                         \
        best[j] = TAKES(v, old) ? v : old;                                                 \
      }                                                                                    \
    } else {                                                                               \
      VECTORIZE for (int64_t j = 0; j < width; j++) {                                      \
        T v = x[j], old = best[j];                                                         \
        bool takes = TAKES(v, old) & !IS_NAN(old);                                         \
        best[j] = takes ? v : old;                                                         \
        index[j] = takes ? row : index[j];                                                 \
      }                                                                                    \
    }                                                                                      \
  }
COLUMN_EXTREMUM(columnMaximum, TAKES_MAXIMUM)
COLUMN_EXTREMUM(columnMinimum, TAKES_MINIMUM)

SLOPE_FN void LOCAL(columnsSum)(void *primary,                  // [width] totals
                                [[maybe_unused]] double *lost,  // [width] compensations, of Double
                                const T *x,                     // [rows, width], row stride `stride`
                                int64_t rows, int64_t width, int64_t stride) {
  int64_t row = 0;
#if T_IS_FLOATING
  double *totals = primary;
  if (sizeof(T) < sizeof(double)) {
    for (; row + 4 <= rows; row += 4) {
      const T *x0 = x + row * stride, *x1 = x0 + stride, *x2 = x1 + stride, *x3 = x2 + stride;
      VECTORIZE for (int64_t j = 0; j < width; j++) {
        totals[j] += (double)((x0[j] + x1[j]) + (x2[j] + x3[j]));
      }
    }
    for (; row < rows; row++) {
      VECTORIZE for (int64_t j = 0; j < width; j++) totals[j] += (double)x[row * stride + j];
    }
  } else {
    for (; row < rows; row++) {
      VECTORIZE for (int64_t j = 0; j < width; j++) {
        addCompensated(&totals[j], &lost[j], (double)x[row * stride + j]);
      }
    }
  }
#else
  uint64_t *totals = primary;
  for (; row < rows; row++) {
    VECTORIZE for (int64_t j = 0; j < width; j++) totals[j] += (uint64_t)(Wide)x[row * stride + j];
  }
#endif
}

static void LOCAL(columnsAdd)(SlopeReduction kind, void *primary, void *secondary,
                              const void *source, int64_t start, int64_t rows, int64_t width,
                              int64_t stride, bool first) {
  const T *x = source;
  switch (kind) {
    case SlopeReduction_sum:
    case SlopeReduction_mean:
      LOCAL(columnsSum)(primary, secondary, x, rows, width, stride);
      break;
    case SlopeReduction_product:
      for (int64_t row = 0; row < rows; row++, x += stride) {
#if T_IS_FLOATING
        double *totals = primary;
        VECTORIZE for (int64_t j = 0; j < width; j++) totals[j] *= (double)x[j];
#else
        uint64_t *totals = primary;
        VECTORIZE for (int64_t j = 0; j < width; j++) totals[j] *= (uint64_t)(Wide)x[j];
#endif
      }
      break;
    case SlopeReduction_maximum:
    case SlopeReduction_minimum:
    case SlopeReduction_argMaximum:
    case SlopeReduction_argMinimum:
      for (int64_t row = 0; row < rows; row++, x += stride) {
        if (first && row == 0) {
          memcpy(primary, x, (size_t)width * sizeof(T));
          for (int64_t j = 0; j < width; j++) ((int64_t *)secondary)[j] = start;
        } else if (kind == SlopeReduction_maximum || kind == SlopeReduction_argMaximum) {
          LOCAL(columnMaximum)(primary, secondary, x, start + row, width, isArg(kind));
        } else {
          LOCAL(columnMinimum)(primary, secondary, x, start + row, width, isArg(kind));
        }
      }
      break;
  }
}

static void LOCAL(columnsMerge)(SlopeReduction kind, void *primary, void *secondary,
                                const void *nextPrimary, const void *nextSecondary,
                                int64_t width) {
  for (int64_t j = 0; j < width; j++) {
    switch (kind) {
      case SlopeReduction_sum:
      case SlopeReduction_mean:
#if T_IS_FLOATING
        addCompensated((double *)primary + j, (double *)secondary + j,
                       ((const double *)nextPrimary)[j]);
        ((double *)secondary)[j] += ((const double *)nextSecondary)[j];
#else
        ((uint64_t *)primary)[j] += ((const uint64_t *)nextPrimary)[j];
#endif
        break;
      case SlopeReduction_product:
#if T_IS_FLOATING
        ((double *)primary)[j] *= ((const double *)nextPrimary)[j];
#else
        ((uint64_t *)primary)[j] *= ((const uint64_t *)nextPrimary)[j];
#endif
        break;
      case SlopeReduction_maximum:
      case SlopeReduction_argMaximum:
      case SlopeReduction_minimum:
      case SlopeReduction_argMinimum: {
        bool isMaximum = kind == SlopeReduction_maximum || kind == SlopeReduction_argMaximum;
        T *best = (T *)primary + j, next = ((const T *)nextPrimary)[j];
        bool takes = isMaximum ? TAKES_MAXIMUM(next, *best) : TAKES_MINIMUM(next, *best);
        if (!takes || IS_NAN(*best)) break;
        *best = next;
        ((int64_t *)secondary)[j] = ((const int64_t *)nextSecondary)[j];
        break;
      }
    }
  }
}

static void LOCAL(columnsFinish)(SlopeReduction kind, void *primary, void *secondary,
                                 int64_t width, int64_t count) {
  switch (kind) {
    case SlopeReduction_sum:
    case SlopeReduction_mean:
#if T_IS_FLOATING
      for (int64_t j = 0; j < width; j++) {
        double *total = (double *)primary + j;
        *total = compensated(*total, ((double *)secondary)[j]);
        if (kind == SlopeReduction_mean) *total /= (double)count;
      }
#else
      if (kind == SlopeReduction_sum) break;
      for (int64_t j = 0; j < width; j++) {
        double mean = (double)(Wide)((uint64_t *)primary)[j] / (double)count;
        memcpy((char *)primary + 8 * j, &mean, sizeof mean);
      }
#endif
      break;
    case SlopeReduction_argMaximum:
    case SlopeReduction_argMinimum:
      memcpy(primary, secondary, (size_t)width * 8);
      break;
    case SlopeReduction_product:
    case SlopeReduction_maximum:
    case SlopeReduction_minimum:
      break;
  }
}

// Reductions along rows: sum, mean, product, extrema and their positions, for integers, Float and
// Double on every level (reduce.c widens Bool to UInt8 and 16-bit floats to Float first). kernels.h
// describes the arguments, carriers and partials.
//
//   row        |  tile 0  |  tile 1  |  tile 2  | … | rest |   SLOPE_TILE elements each
//                   |          |          |           |
//                   v          v          v           v        sumTile, productTile, maximumTile or
//              one number for each tile, by several lanes      minimumTile
//                   |          |          |           |
//                   +----------+----------+-----------+        in the order of the row
//                                    v
//   partial    value and compensation; or bits; or bits and index
//                                    v                         partialFinish
//   carrier    Double, Int64, UInt64 or T
//
//   reduceRows     whole rows: of at most a tile without a partial, which is the frequent case;
//                  longer ones with a partial for each
//   partialAdd …   one row that arrives in pieces, or that threads share; partialMerge joins
//                  adjacent pieces
//
// The sums of tiles are added with Neumaier's compensation, so that the error does not grow with
// the number of tiles: 1e16, 1 and -1e16 as the sums of three tiles give 1, where a plain sum gives
// 0. Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
// ZAMM 54, 1974.
//
// References: ReferenceBackend.reduce (Tests/TestSupport), KernelReductionReference
// (Tests/SlopeCoreTests/Kernels).
#ifndef SLOPE_TYPE_REDUCE
#define SLOPE_TYPE_REDUCE

#if T_IS_FLOATING
typedef double Wide;
#elif T_LEAST == 0
typedef uint64_t Wide;
#else
typedef int64_t Wide;
#endif

enum { EXTREMUM_LANES = 128 / sizeof(T) };

#if T_IS_FLOATING
#define IS_NAN(x) ((x) != (x))
#else
#define IS_NAN(x) false
#endif

// Whether `v` replaces `best`. A NaN replaces every number, and no number replaces it; of equal
// numbers the first is kept.
#define TAKES_MAXIMUM(v, best) (((v) > (best)) | IS_NAN(v))
#define TAKES_MINIMUM(v, best) (((v) < (best)) | IS_NAN(v))

SLOPE_FN bool isArg(SlopeReduction kind) {
  return kind == SlopeReduction_argMaximum || kind == SlopeReduction_argMinimum;
}

// Adds `x` to the total, and the rounding error of that addition to the compensation.
SLOPE_FN void addCompensated(double *total, double *compensation, double x) {
  double sum = *total + x;
  bool byMagnitude = (*total < 0 ? -*total : *total) >= (x < 0 ? -x : x);
  double big = byMagnitude ? *total : x, small = byMagnitude ? x : *total;
  *compensation += (big - sum) + small;
  *total = sum;
}

// Infinite totals have no compensation (it would be NaN).
SLOPE_FN double compensated(double total, double compensation) {
  return total - total == 0 ? total + compensation : total;
}
#endif

// The product of a tile, x [count], in eight lanes.
#if T_IS_FLOATING
SLOPE_FN double LOCAL(productTile)(const T *x, int64_t count) {
  double lanes[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int lane = 0; lane < 8; lane++) lanes[lane] *= (double)x[i + lane];
  }
  for (int lane = 0; i < count; i++, lane++) lanes[lane] *= (double)x[i];
  return ((lanes[0] * lanes[4]) * (lanes[2] * lanes[6])) *
         ((lanes[1] * lanes[5]) * (lanes[3] * lanes[7]));
}
#else
// The sum of a tile, x [count], modulo 2⁶⁴. (type_sum.h has that of floats.)
SLOPE_FN uint64_t LOCAL(sumTile)(const T *x, int64_t count) {
  // A tile of 8- or 16-bit numbers cannot overflow 32 bits.
  if (sizeof(T) <= 2) {
    uint32_t total = 0;
    for (int64_t i = 0; i < count; i++) total += (uint32_t)x[i];
    return (uint64_t)(T_IS_SIGNED ? (int64_t)(int32_t)total : (int64_t)total);
  }
  uint64_t total = 0;
  for (int64_t i = 0; i < count; i++) total += (uint64_t)(Wide)x[i];
  return total;
}
// The product of a tile, x [count], modulo 2⁶⁴.
SLOPE_FN uint64_t LOCAL(productTile)(const T *x, int64_t count) {
  uint64_t total = 1;
  for (int64_t i = 0; i < count; i++) total *= (uint64_t)(Wide)x[i];
  return total;
}
#endif

// The extremum of x [count], which is not empty.
#define EXTREMUM(NAME, TAKES)                                                              \
  SLOPE_FN T LOCAL(NAME)(const T *x, int64_t count) {                                      \
    int64_t i = 0;                                                                         \
    T best = x[0];                                                                         \
    if (count >= EXTREMUM_LANES) {                                                         \
      T lanes[EXTREMUM_LANES];                                                             \
      memcpy(lanes, x, sizeof lanes);                                                      \
      for (i = EXTREMUM_LANES; i + EXTREMUM_LANES <= count; i += EXTREMUM_LANES) {         \
        for (int lane = 0; lane < EXTREMUM_LANES; lane++) {                                \
          T v = x[i + lane];                                                               \
          lanes[lane] = TAKES(v, lanes[lane]) ? v : lanes[lane];                           \
        }                                                                                  \
      }                                                                                    \
      best = lanes[0];                                                                     \
      for (int lane = 1; lane < EXTREMUM_LANES; lane++) {                                  \
        best = TAKES(lanes[lane], best) ? lanes[lane] : best;                              \
      }                                                                                    \
    }                                                                                      \
    for (; i < count; i++) best = TAKES(x[i], best) ? x[i] : best;                         \
    return best;                                                                           \
  }
EXTREMUM(maximumTile, TAKES_MAXIMUM)
EXTREMUM(minimumTile, TAKES_MINIMUM)

// The position of the first element of `x` that equals `wanted`, which is present. NaN equals NaN.
SLOPE_FN int64_t LOCAL(find)(const T *x, T wanted) {
  int64_t i = 0;
  if (IS_NAN(wanted)) {
    while (!IS_NAN(x[i])) i++;
  } else {
    while (x[i] != wanted) i++;
  }
  return i;
}

static void LOCAL(partialBegin)(SlopeReduction kind, SlopePartial *partial) {
  bool isProduct = kind == SlopeReduction_product;
  *partial = (SlopePartial){.value = isProduct, .bits = isProduct, .index = -1};
}

// Takes the extremum `best` of later elements, at position `index` of the row.
SLOPE_FN void LOCAL(extremumMerge)(SlopeReduction kind, SlopePartial *partial, T best,
                                   int64_t index) {
  T old;
  memcpy(&old, &partial->bits, sizeof old);
  bool isMaximum = kind == SlopeReduction_maximum || kind == SlopeReduction_argMaximum;
  // The first NaN keeps its position.
  bool takes = isMaximum ? TAKES_MAXIMUM(best, old) : TAKES_MINIMUM(best, old);
  if (partial->index < 0 || (takes && !IS_NAN(old))) {
    memcpy(&partial->bits, &best, sizeof best);
    partial->index = index;
  }
}

// Adds x [count], at most a tile, which begins at position `start` of the row.
SLOPE_FN void LOCAL(partialAddTile)(SlopeReduction kind, SlopePartial *partial, const T *x,
                                    int64_t start, int64_t count) {
  switch (kind) {
    case SlopeReduction_sum:
    case SlopeReduction_mean:
#if T_IS_FLOATING
      addCompensated(&partial->value, &partial->compensation, LOCAL(sumTile)(x, count));
#else
      partial->bits += LOCAL(sumTile)(x, count);
#endif
      break;
    case SlopeReduction_product:
#if T_IS_FLOATING
      partial->value *= LOCAL(productTile)(x, count);
#else
      partial->bits *= LOCAL(productTile)(x, count);
#endif
      break;
    case SlopeReduction_maximum:
    case SlopeReduction_argMaximum:
    case SlopeReduction_minimum:
    case SlopeReduction_argMinimum: {
      bool isMaximum = kind == SlopeReduction_maximum || kind == SlopeReduction_argMaximum;
      T best = isMaximum ? LOCAL(maximumTile)(x, count) : LOCAL(minimumTile)(x, count), old;
      memcpy(&old, &partial->bits, sizeof old);
      bool takes = isMaximum ? TAKES_MAXIMUM(best, old) : TAKES_MINIMUM(best, old);
      // The tile is searched for the position only if the extremum changes.
      if (partial->index >= 0 && !takes) break;
      LOCAL(extremumMerge)(kind, partial, best,
                           isArg(kind) ? start + LOCAL(find)(x, best) : start);
      break;
    }
  }
}

static void LOCAL(partialAdd)(SlopeReduction kind, SlopePartial *partial, const void *source,
                              int64_t start, int64_t count) {
  for (int64_t i = 0; i < count; i += SLOPE_TILE) {
    LOCAL(partialAddTile)(kind, partial, (const T *)source + i, start + i,
                          slope_min(SLOPE_TILE, count - i));
  }
}

static void LOCAL(partialMerge)(SlopeReduction kind, SlopePartial *partial,
                                const SlopePartial *next) {
  switch (kind) {
    case SlopeReduction_sum:
    case SlopeReduction_mean:
      addCompensated(&partial->value, &partial->compensation, next->value);
      partial->compensation += next->compensation;
      partial->bits += next->bits;
      break;
    case SlopeReduction_product:
      partial->value *= next->value;
      partial->bits *= next->bits;
      break;
    case SlopeReduction_maximum:
    case SlopeReduction_argMaximum:
    case SlopeReduction_minimum:
    case SlopeReduction_argMinimum: {
      if (next->index < 0) break;
      T best;
      memcpy(&best, &next->bits, sizeof best);
      LOCAL(extremumMerge)(kind, partial, best, next->index);
      break;
    }
  }
}

static void LOCAL(partialFinish)(SlopeReduction kind, const SlopePartial *partial, int64_t count,
                                 void *carrier) {
  switch (kind) {
    case SlopeReduction_sum:
    case SlopeReduction_product:
    case SlopeReduction_mean: {
#if T_IS_FLOATING
      double total = compensated(partial->value, partial->compensation);
#else
      double total = (double)(Wide)partial->bits;
      if (kind != SlopeReduction_mean) {
        memcpy(carrier, &partial->bits, sizeof(uint64_t));
        break;
      }
#endif
      if (kind == SlopeReduction_mean) total /= (double)count;
      memcpy(carrier, &total, sizeof total);
      break;
    }
    case SlopeReduction_maximum:
    case SlopeReduction_minimum:
      memcpy(carrier, &partial->bits, sizeof(T));
      break;
    case SlopeReduction_argMaximum:
    case SlopeReduction_argMinimum:
      memcpy(carrier, &partial->index, sizeof(int64_t));
      break;
  }
}

static void LOCAL(reduceRows)(SlopeReduction kind, const void *source, int64_t rows, int64_t count,
                              void *carriers) {
  const T *x = source;
#if T_IS_FLOATING
  typedef double Total;
#else
  typedef uint64_t Total;
#endif
  // Rows of at most a tile, the frequent case, need no partials.
  if (count <= SLOPE_TILE) {
    switch (kind) {
      case SlopeReduction_sum:
        for (int64_t row = 0; row < rows; row++) {
          ((Total *)carriers)[row] = LOCAL(sumTile)(x + row * count, count);
        }
        return;
      case SlopeReduction_mean:
        for (int64_t row = 0; row < rows; row++) {
          ((double *)carriers)[row] =
              (double)(Wide)LOCAL(sumTile)(x + row * count, count) / (double)count;
        }
        return;
      case SlopeReduction_product:
        for (int64_t row = 0; row < rows; row++) {
          ((Total *)carriers)[row] = LOCAL(productTile)(x + row * count, count);
        }
        return;
      case SlopeReduction_maximum:
        for (int64_t row = 0; row < rows; row++) {
          ((T *)carriers)[row] = LOCAL(maximumTile)(x + row * count, count);
        }
        return;
      case SlopeReduction_minimum:
        for (int64_t row = 0; row < rows; row++) {
          ((T *)carriers)[row] = LOCAL(minimumTile)(x + row * count, count);
        }
        return;
      case SlopeReduction_argMaximum:
        for (int64_t row = 0; row < rows; row++) {
          const T *at = x + row * count;
          ((int64_t *)carriers)[row] = LOCAL(find)(at, LOCAL(maximumTile)(at, count));
        }
        return;
      case SlopeReduction_argMinimum:
        for (int64_t row = 0; row < rows; row++) {
          const T *at = x + row * count;
          ((int64_t *)carriers)[row] = LOCAL(find)(at, LOCAL(minimumTile)(at, count));
        }
        return;
    }
  }
  int64_t carrierSize =
      kind == SlopeReduction_maximum || kind == SlopeReduction_minimum ? (int64_t)sizeof(T) : 8;
  for (int64_t row = 0; row < rows; row++) {
    SlopePartial partial;
    LOCAL(partialBegin)(kind, &partial);
    LOCAL(partialAdd)(kind, &partial, x + row * count, 0, count);
    LOCAL(partialFinish)(kind, &partial, count, (char *)carriers + row * carrierSize);
  }
}

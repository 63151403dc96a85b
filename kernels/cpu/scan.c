// Running sums along the middle axis of [outer, extent, inner]; slope_kernels.h describes the
// arguments.
//
//   a row, in the order of the sums    |  block  |  block  | … |  block  |  block  | …
//   SCAN_BLOCK elements a block,       |<----------- span ---------->|<---- span …
//   SCAN_SPAN a span
//
//   sum of an element  =  spans before it  +  (blocks before it in its span  +  its block so far)
//
// The order of the additions depends on the extent alone, not on threads, levels or devices: the
// OpenCL kernels (opencl/scan.cl) do the same ones, which gives the same bits. With each part as a
// sum of its own, an error grows with the number of spans at most, and one addition is monotone: in
// Double sums of Floats never fall where nothing negative is added.
//
//   source               parts                         a sum
//   integers             64 bits, which wrap           exact
//   16-bit floats, Float Double                        rounded once to the type
//   Double               pairs of Doubles, about 105   the high part; where rounding would make it
//                        bits                          fall (or rise) against the sign of the
//                                                      element, the sum before
//
// Where the sums of pairs disagree at the end of a block, or a part is infinite though the sum may
// not be, the row is summed again, one element after the other (`againInOrder`). Both are rare.
//
//   inner    how                                         threads share
//   short    several [extent, inner] in each tile        outer indices
//   narrow   a tile of as many blocks as it holds, its   outer indices, or spans, whose totals are
//            columns one after the other                 then computed first
//   wide     SCAN_WIDTH columns at the same time         outer indices and columns
// References: ReferenceBackend.scan (Tests/TestSupport); KernelScanTests.
#include <stdlib.h>

#include "kernels.h"

// The sum of the errors of additions must not be contracted away.
#pragma STDC FP_CONTRACT OFF

enum {
  SCAN_BLOCK = 64,
  SCAN_SPAN = 64 * SCAN_BLOCK,
  SCAN_NARROW = SLOPE_TILE / SCAN_BLOCK,  // the most columns of which a tile holds a block
  SCAN_WIDTH = 64,
};

typedef struct {
  SlopeDType dtype, wide;  // of the elements; of the parts: Double, or 64-bit integers
  bool exclusive, reverse;
  char *destination;       // [outer, extent, inner]
  const char *source;      // [outer, extent, inner]
  int64_t extent, inner;
  int size;                // bytes of an element
  SlopeCast load, store;   // between the two types
  int64_t spans;           // of a row
  union Total *totals;     // [outer, spans, inner], where threads share spans
} Scan;

// MARK: Pairs

typedef struct {
  double high, low;  // the number is high + low
} Pair;

static const Pair noPair = {0, 0};

// The error of the sum a + b.
static inline double sumError(double a, double b, double sum) {
  double other = sum - a;
  return (a - (sum - other)) + (b - other);
}

static inline Pair pairSum(Pair a, Pair b) {
  double sum = a.high + b.high;
  double low = sum - sum == 0 ? sumError(a.high, b.high, sum) + (a.low + b.low) : 0;
  double high = sum + low;
  return (Pair){high, high - high == 0 ? sumError(sum, low, high) : 0};
}

// Adds an element to a block so far, whose low part collects the errors. They are NaN once it is
// infinite, when pairSum does not read them.
static inline Pair pairAdd(Pair run, double x) {
  double sum = run.high + x;
  return (Pair){sum, run.low + sumError(run.high, x, sum)};
}

static inline bool isFinite(double x) { return x - x == 0; }

// The sum after adding x: `last` where rounding moved it in the other direction.
static inline double following(double last, double x, double sum) {
  return (x >= 0 && sum < last) || (x <= 0 && sum > last) ? last : sum;
}

// MARK: Pieces of rows

// The parts of one row or column. `last` is the sum so far.
typedef struct {
  uint64_t spans, blocks, run, last;
} IntegerParts;
typedef struct {
  double spans, blocks, run, last;
} Parts;
typedef struct {
  Pair spans, blocks, run;
  double last;
  bool isWrong;  // the row has to be summed again
} PairParts;

// The parts with one more element; what ends with a block, and then with a span.
static inline IntegerParts integerNext(IntegerParts p, uint64_t x) {
  p.run += x;
  p.last = p.spans + (p.blocks + p.run);
  return p;
}
static inline IntegerParts integerBlock(IntegerParts p) {
  return (IntegerParts){p.spans, p.blocks + p.run, 0, p.last};
}
static inline IntegerParts integerSpan(IntegerParts p) {
  return (IntegerParts){p.spans + p.blocks, 0, 0, p.last};
}

static inline Parts next(Parts p, double x) {
  p.run += x;
  p.last = p.spans + (p.blocks + p.run);
  return p;
}
static inline Parts block(Parts p) { return (Parts){p.spans, p.blocks + p.run, 0, p.last}; }
static inline Parts span(Parts p) { return (Parts){p.spans + p.blocks, 0, 0, p.last}; }

static inline PairParts pairNext(PairParts p, double x) {
  p.run = pairAdd(p.run, x);
  double sum = following(p.last, x, pairSum(p.spans, pairSum(p.blocks, p.run)).high);
  p.isWrong |= !isFinite(sum) && isFinite(p.last) && isFinite(x);
  p.last = sum;
  return p;
}
// The next block begins with the sum of the parts: a sum that was kept until the end of its block
// would fall there.
static inline PairParts pairBlock(PairParts p) {
  p.blocks = pairSum(p.blocks, p.run);
  p.run = noPair;
  double sum = pairSum(p.spans, p.blocks).high;
  p.isWrong |= p.last < sum || p.last > sum;
  p.last = sum;
  return p;
}
static inline PairParts pairSpan(PairParts p) {
  p.spans = pairSum(p.spans, p.blocks);
  p.blocks = noPair;
  return p;
}

// Replaces `count` elements x[0], x[step] … by their sums. The first is at `place` of its row;
// exclusive sums are those before an element.
#define PIECE(NAME, X, PARTS, NEXT, BLOCK, SPAN)                                         \
  static void NAME(PARTS *parts, X *x, int64_t step, int64_t count, int64_t place,       \
                   bool exclusive) {                                                     \
    PARTS p = *parts;                                                                    \
    for (int64_t i = 0; i < count;) {                                                    \
      int64_t end = slope_min(count, i + SCAN_BLOCK - (place + i) % SCAN_BLOCK);         \
      for (; i < end; i++) {                                                             \
        X before = p.last;                                                               \
        p = NEXT(p, x[i * step]);                                                        \
        x[i * step] = exclusive ? before : p.last;                                       \
      }                                                                                  \
      if ((place + i) % SCAN_BLOCK == 0) p = BLOCK(p);                                   \
      if ((place + i) % SCAN_SPAN == 0) p = SPAN(p);                                     \
    }                                                                                    \
    *parts = p;                                                                          \
  }
PIECE(integerPiece, uint64_t, IntegerParts, integerNext, integerBlock, integerSpan)
PIECE(piece, double, Parts, next, block, span)
PIECE(pairPiece, double, PairParts, pairNext, pairBlock, pairSpan)

// MARK: Rows

// The parts of one type, and a tile of elements.
typedef union {
  IntegerParts integers;
  Parts numbers;
  PairParts pairs;
} AnyParts;
typedef union {
  uint64_t integers[SLOPE_TILE];
  double numbers[SLOPE_TILE];
} Tile;

// A piece of a tile: `count` elements from `first` on, `step` elements apart.
static void sumPiece(const Scan *scan, AnyParts *parts, Tile *tile, int64_t first, int64_t step,
                     int64_t count, int64_t place) {
  if (scan->wide != SlopeDType_float64) {
    integerPiece(&parts->integers, tile->integers + first, step, count, place, scan->exclusive);
  } else if (scan->dtype != SlopeDType_float64) {
    piece(&parts->numbers, tile->numbers + first, step, count, place, scan->exclusive);
  } else {
    pairPiece(&parts->pairs, tile->numbers + first, step, count, place, scan->exclusive);
  }
}

static bool isWrong(const Scan *scan, const AnyParts *parts) {
  return scan->dtype == SlopeDType_float64 && parts->pairs.isWrong;
}

// The sums of a column of Doubles, one element after the other.
static void againInOrder(const Scan *scan, int64_t row, int64_t column) {
  const int64_t start = row * scan->extent * scan->inner + column;
  const double *x = (const double *)scan->source + start;
  double *sums = (double *)scan->destination + start;
  Pair run = noPair;
  double last = 0;
  for (int64_t place = 0; place < scan->extent; place++) {
    int64_t at = (scan->reverse ? scan->extent - 1 - place : place) * scan->inner;
    run = pairSum(run, (Pair){x[at], 0});
    double now = following(last, x[at], run.high);
    sums[at] = scan->exclusive ? last : now;
    last = now;
  }
}

// MARK: Short rows

static void sumShortRows(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  const int64_t inner = scan->inner, size = scan->extent * inner;
  const int64_t from = scan->reverse ? size - inner : 0, step = scan->reverse ? -inner : inner;
  Tile tile;
  for (int64_t row = start; row < end;) {
    const int64_t rows = slope_min(SLOPE_TILE / size, end - row), offset = row * size * scan->size;
    scan->load(&tile, scan->source + offset, rows * size);
    for (int64_t i = 0; i < rows; i++) {
      for (int64_t column = 0; column < inner; column++) {
        AnyParts parts;
        memset(&parts, 0, sizeof parts);
        // A row that is one block is in order.
        sumPiece(scan, &parts, &tile, i * size + from + column, step, scan->extent, 0);
      }
    }
    scan->store(scan->destination + offset, &tile, rows * size);
    row += rows;
  }
}

// MARK: Narrow rows

// Elements `from ..< to` of a row's columns, in the order of the sums, `from` being the beginning of
// a span; `parts` are [inner]. Only these change if `isTotal`.
static void sumPart(const Scan *scan, int64_t row, int64_t from, int64_t to, AnyParts *parts,
                    bool isTotal) {
  const int64_t inner = scan->inner, most = SLOPE_TILE / inner / SCAN_BLOCK * SCAN_BLOCK;
  Tile tile;
  for (int64_t place = from; place < to; place += most) {
    const int64_t count = slope_min(most, to - place);
    const int64_t start = scan->reverse ? scan->extent - place - count : place;
    const int64_t offset = (row * scan->extent + start) * inner * scan->size;
    const int64_t first = scan->reverse ? (count - 1) * inner : 0;
    scan->load(&tile, scan->source + offset, count * inner);
    for (int64_t column = 0; column < inner; column++) {
      sumPiece(scan, parts + column, &tile, first + column, scan->reverse ? -inner : inner, count,
               place);
    }
    if (!isTotal) scan->store(scan->destination + offset, &tile, count * inner);
  }
}

static void sumRows(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  for (int64_t row = start; row < end; row++) {
    AnyParts parts[SCAN_NARROW];
    memset(parts, 0, sizeof parts);
    sumPart(scan, row, 0, scan->extent, parts, false);
    for (int64_t column = 0; column < scan->inner; column++) {
      if (isWrong(scan, parts + column)) againInOrder(scan, row, column);
    }
  }
}

// The total of a span, or of the spans before it.
typedef union Total {
  uint64_t integer;
  double number;
  struct {
    Pair pair;
    bool isWrong;
  };
} Total;

// Spans `start ..< end`, counted through all rows.
static void spanTotals(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  for (int64_t span = start; span < end; span++) {
    const int64_t row = span / scan->spans, from = span % scan->spans * SCAN_SPAN;
    AnyParts parts[SCAN_NARROW];
    memset(parts, 0, sizeof parts);
    sumPart(scan, row, from, slope_min(scan->extent, from + SCAN_SPAN), parts, true);
    for (int64_t column = 0; column < scan->inner; column++) {
      // The total of a last span that is not complete is not needed, and remains 0.
      Total *total = scan->totals + span * scan->inner + column;
      memset(total, 0, sizeof *total);
      if (scan->wide != SlopeDType_float64) {
        total->integer = parts[column].integers.spans;
      } else if (scan->dtype != SlopeDType_float64) {
        total->number = parts[column].numbers.spans;
      } else {
        total->pair = parts[column].pairs.spans;
      }
    }
  }
}

static Total totalSum(const Scan *scan, Total a, Total b) {
  if (scan->wide != SlopeDType_float64) return (Total){.integer = a.integer + b.integer};
  if (scan->dtype != SlopeDType_float64) return (Total){.number = a.number + b.number};
  return (Total){.pair = pairSum(a.pair, b.pair)};
}

// The totals of spans become those of the spans before.
static void totalsBefore(const Scan *scan, int64_t outer) {
  for (int64_t row = 0; row < outer; row++) {
    for (int64_t column = 0; column < scan->inner; column++) {
      Total before;
      memset(&before, 0, sizeof before);
      for (int64_t span = 0; span < scan->spans; span++) {
        Total *at = scan->totals + (row * scan->spans + span) * scan->inner + column, total = *at;
        *at = before;
        before = totalSum(scan, before, total);
      }
    }
  }
}

// Spans `start ..< end`, with the totals of those before.
static void sumSpans(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  for (int64_t span = start; span < end; span++) {
    const int64_t row = span / scan->spans, from = span % scan->spans * SCAN_SPAN;
    Total *totals = scan->totals + span * scan->inner;
    AnyParts parts[SCAN_NARROW];
    memset(parts, 0, sizeof parts);
    for (int64_t column = 0; column < scan->inner; column++) {
      if (scan->wide != SlopeDType_float64) {
        uint64_t before = totals[column].integer;
        parts[column].integers = (IntegerParts){.spans = before, .last = before};
      } else if (scan->dtype != SlopeDType_float64) {
        double before = totals[column].number;
        parts[column].numbers = (Parts){.spans = before, .last = before};
      } else {
        Pair before = totals[column].pair;
        parts[column].pairs = (PairParts){.spans = before, .last = before.high};
      }
    }
    sumPart(scan, row, from, slope_min(scan->extent, from + SCAN_SPAN), parts, false);
    if (scan->dtype != SlopeDType_float64) continue;
    for (int64_t column = 0; column < scan->inner; column++) {
      totals[column].isWrong = parts[column].pairs.isWrong;
    }
  }
}

static void sumWrongAgain(const Scan *scan, int64_t outer) {
  for (int64_t row = 0; row < outer; row++) {
    for (int64_t column = 0; column < scan->inner; column++) {
      bool isWrong = false;
      for (int64_t span = 0; span < scan->spans; span++) {
        isWrong |= scan->totals[(row * scan->spans + span) * scan->inner + column].isWrong;
      }
      if (isWrong) againInOrder(scan, row, column);
    }
  }
}

// MARK: Wide rows

// The columns of units `start ..< end`: SCAN_WIDTH of a row, or what is left of them.
static void sumColumns(void *context, int64_t start, int64_t end) {
  const Scan *scan = context;
  const int64_t inner = scan->inner, units = (inner + SCAN_WIDTH - 1) / SCAN_WIDTH;
  for (int64_t unit = start; unit < end; unit++) {
    const int64_t row = unit / units, column = unit % units * SCAN_WIDTH;
    const int64_t width = slope_min(SCAN_WIDTH, inner - column);
    Tile tile;
    uint64_t integers[SCAN_WIDTH] = {0};
    double spans[SCAN_WIDTH] = {0}, blocks[SCAN_WIDTH] = {0}, run[SCAN_WIDTH] = {0};
    double last[SCAN_WIDTH] = {0};
    PairParts pairs[SCAN_WIDTH];
    memset(pairs, 0, sizeof pairs);
    for (int64_t place = 0; place < scan->extent; place++) {
      const int64_t at = scan->reverse ? scan->extent - 1 - place : place;
      const int64_t offset = ((row * scan->extent + at) * inner + column) * scan->size;
      const bool ends = (place + 1) % SCAN_BLOCK == 0, extends = (place + 1) % SCAN_SPAN == 0;
      scan->load(&tile, scan->source + offset, width);
      if (scan->wide != SlopeDType_float64) {
        for (int64_t i = 0; i < width; i++) {
          // Integers are exact in any order.
          const uint64_t before = integers[i], now = before + tile.integers[i];
          tile.integers[i] = scan->exclusive ? before : now;
          integers[i] = now;
        }
      } else if (scan->dtype != SlopeDType_float64) {
        for (int64_t i = 0; i < width; i++) {
          run[i] += tile.numbers[i];
          const double now = spans[i] + (blocks[i] + run[i]);
          tile.numbers[i] = scan->exclusive ? last[i] : now;
          last[i] = now;
        }
        for (int64_t i = 0; ends && i < width; i++) {
          blocks[i] += run[i];
          run[i] = 0;
        }
        for (int64_t i = 0; extends && i < width; i++) {
          spans[i] += blocks[i];
          blocks[i] = 0;
        }
      } else {
        for (int64_t i = 0; i < width; i++) {
          pairPiece(pairs + i, tile.numbers + i, 1, 1, place, scan->exclusive);
        }
      }
      scan->store(scan->destination + offset, &tile, width);
    }
    // A row that is one block is in order.
    for (int64_t i = 0; scan->extent > SCAN_BLOCK && i < width; i++) {
      if (pairs[i].isWrong) againInOrder(scan, row, column + i);
    }
  }
}

// MARK: The verb

void slope_scan(SlopeDType dtype, bool exclusive, bool reverse, void *destination,
                const void *source, int64_t outer, int64_t extent, int64_t inner) {
  if (outer <= 0 || extent <= 0 || inner <= 0) return;
  const bool isInteger = dtype == SlopeDType_int64 || dtype == SlopeDType_uint64;
  const SlopeDType wide = isInteger ? dtype : SlopeDType_float64;
  Scan scan = {.dtype = dtype,
               .wide = wide,
               .exclusive = exclusive,
               .reverse = reverse,
               .destination = destination,
               .source = source,
               .extent = extent,
               .inner = inner,
               .size = slope_sizes[dtype],
               .load = slope_type(wide)->from[dtype],
               .store = slope_type(dtype)->from[wide],
               .spans = (extent - 1) / SCAN_SPAN + 1};
  if (extent <= SCAN_BLOCK && inner <= SLOPE_TILE / extent) {
    slope_for_ranges(outer, slope_max(SLOPE_GRAIN / (extent * inner), 1), sumShortRows, &scan);
    return;
  }
  if (inner > SCAN_NARROW) {
    const int64_t units = (inner + SCAN_WIDTH - 1) / SCAN_WIDTH;
    const int64_t grain = slope_max(SLOPE_GRAIN / SCAN_WIDTH / extent, 1);
    slope_for_ranges(outer * units, grain, sumColumns, &scan);
    return;
  }
  // Totals first means to add everything twice, which pays with more than two threads.
  const int threads = slope_thread_count();
  if (scan.spans > 1 && threads > 2 && outer < threads) {
    scan.totals = malloc((size_t)(outer * scan.spans * inner) * sizeof(Total));
    if (scan.totals != NULL) {
      const int64_t grain = slope_max(SLOPE_GRAIN / SCAN_SPAN / inner, 1);
      slope_for_ranges(outer * scan.spans, grain, spanTotals, &scan);
      totalsBefore(&scan, outer);
      slope_for_ranges(outer * scan.spans, grain, sumSpans, &scan);
      if (dtype == SlopeDType_float64) sumWrongAgain(&scan, outer);
      free(scan.totals);
      return;
    }
  }
  slope_for_ranges(outer, slope_max(SLOPE_GRAIN / extent / inner, 1), sumRows, &scan);
}

// Reductions in two deterministic passes: `chunks` parts of the reduced extent, then these
// combined.
//
// The operands are a nest of axes: the leading ones are kept, the others reduced. Flattened,
//
//                 r ->                reduced
//        +-----------+-----------+-----------+        partials          output
//    k | |  chunk 0  |  chunk 1  |  chunk 2  |      +---+---+---+       +---+
//      v |           |           |           |      | 0 | 1 | 2 |  ->   |   |
//   kept |           |           |           |  ->  |   |   |   |       |   |
//        +-----------+-----------+-----------+      +---+---+---+       +---+
//                                                   in memory           [kept]
//                                                   [chunks, kept]
//
//   kernel                global size                 local   for              a chunk is read by
//   reduce_items          kept, chunks                64      GPUs: columns,   an item, in order
//                                                             short rows
//   reduce_rows_simt      kept * GROUP, chunks        GROUP   GPUs: rows       a group
//   reduce_rows_wide      kept, chunks                1, 16   CPUs: rows       an item, in vectors
//   reduce_columns_wide   kept / COLUMN_RUN *         1       CPUs: columns    an item, vectors of
//                         ceil(COLUMN_RUN /                                    kept positions, at
//                         COLUMN_BLOCK), chunks                                most COLUMN_BLOCK
//   reduce_combine        kept                        16      the second pass
//
// On CPUs `reduce_items` serves where runs are shorter than a vector, with the local size of
// `reduce_rows_wide`. The local size along axis 1 is 1. README.md has the exact conditions,
// ReductionPlan.swift the local sizes, `chunks` and `chunk`, which depend on the extents alone, so
// that results do not depend on a device's load.
//
//   reduce_rows_simt            reduce_rows_wide             reduce_columns_wide
//
//   row k:                      row k, run q:                columns k ... of a block:
//   |0123|0123|0123|0123|       |<-LANES->|<-LANES->|rest    |<-LANES->|<-LANES->|<-LANES->|rest
//    item of the group           even       odd   even ..      row r
//    reads every GROUPth         a partial result in           row r + 1    a result in each lane,
//    element; then a tree        each lane; then               ..           no sum over lanes
//    in local memory             lanes_fold
//
// With one chunk each kernel writes the result, else partials[chunk * kept + k], which
// `reduce_combine` reads in order. Neither the number of items nor their order of running changes a
// result.
//
// Sums of float are carried in double where the device has it; sums of double, and of float without
// it, carry what each addition lost (Knuth's two-sum). Integers are carried in 64 bits.
// Reference: `reduce` in Tests/TestSupport/ReferenceBackend+Reduce.swift.
//
// The host's preamble (PrintedReduction.swift) is element.h and
//   T                          the register type of the values; T_IS_FLOATING
//   KIND_SUM, KIND_MEAN, KIND_PRODUCT, KIND_MAXIMUM, KIND_MINIMUM, KIND_ARG_MAXIMUM or
//   KIND_ARG_MINIMUM           (one of them)
//   LEAST, GREATEST            for maximum and minimum: the values that lose to every other
//   VALUE_PARAMETERS           the parameters that reading values needs, with a leading comma: the
//                              extent of each axis, and of each operand its elements, its offset
//                              and its strides
//   KEPT_BASES(k)              declares what the kept position k has in common
//   VALUE(r)                   the value at reduced position r
//   STORE_RESULT(index, x)     rounds a finished number and writes it to `output`
//   OUTPUT                     the type of `output` in memory
//   WIDE, QUOTIENT_TYPE        for sums of integers the 64-bit type with the sign of T; for their
//                              mean the floating type that divides them
//   CARRY_DOUBLE, T_IS_DOUBLE  where sums of T are carried in double; where T itself is double
//   GROUP                      the items of a group, for `reduce_rows_simt`
// and for CPU devices
//   LANES                      the values of a vector: 8 for a T of 8 bytes, else 16
//   RUN                        for `reduce_rows_wide`: an expression of type ulong, the extent of
//                              the innermost reduced axis, which divides `reduced`
//   RUN_BASES(q)               declares, after KEPT_BASES, what the reduced positions from q * RUN
//                              to (q + 1) * RUN - 1 have in common
//   RUN_VALUE(i)               after RUN_BASES(q): the value at reduced position q * RUN + i
//   RUN_VECTOR(i)              optional: the vector of RUN_VALUE(i) ... RUN_VALUE(i + LANES - 1)
//   COLUMN_RUN                 for `reduce_columns_wide`: an expression of type ulong, the extent
//                              of the innermost kept axis, which divides `kept`
//   COLUMN_VALUE(r, j)         after KEPT_BASES(k): the value at reduced position r of the kept
//                              position k + j, which is of the same run of COLUMN_RUN positions
//   COLUMN_VECTOR(r, j)        optional: the vector of COLUMN_VALUE(r, j) ...
//                              COLUMN_VALUE(r, j + LANES - 1)
// Macros may evaluate what they are passed more than once; i, j, q and r are ulong expressions
// without effects, and what RUN_BASES declares is in its own scope. Where the vector macros are
// missing, a loop over LANES values stands in, which compilers vectorise where the values are
// arithmetic on neighbouring elements, but not of halves nor with elementary functions.
#include "lanes.h"

#if defined(KIND_SUM) || defined(KIND_MEAN)
#if !T_IS_FLOATING
typedef ulong Carrier;
#define NOTHING ((ulong)0)
#define TAKE(c, x, r) (c) += (ulong)(x)
#define MERGE(c, d) (c) += (d)
#define FINISHED(c) (c)
#elif defined(CARRY_DOUBLE)
typedef double Carrier;
#define NOTHING 0.0
#define TAKE(c, x, r) (c) += (double)(x)
#define MERGE(c, d) (c) += (d)
#define FINISHED(c) (c)
#else
// (total, the sum of rounding errors)
#ifdef T_IS_DOUBLE
typedef double2 Carrier;
#else
typedef float2 Carrier;
#endif
#define NOTHING ((Carrier)((T)0, (T)0))
static inline Carrier two_sum(Carrier c, T x) {
  T total = c.x + x, added = total - c.x;
  return (Carrier)(total, c.y + ((c.x - (total - added)) + (x - added)));
}
#define TAKE(c, x, r) (c) = two_sum(c, x)
static inline Carrier merge(Carrier c, Carrier d) {
  Carrier result = two_sum(c, d.x);
  result.y += d.y;
  return result;
}
#define MERGE(c, d) (c) = merge(c, d)
// An infinite total has no compensation (it would be NaN).
static inline T finished(Carrier c) { return c.x - c.x == 0 ? c.x + c.y : c.x; }
#define FINISHED(c) finished(c)
#endif

#elif defined(KIND_PRODUCT)
#if !T_IS_FLOATING
typedef ulong Carrier;
#elif defined(CARRY_DOUBLE)
typedef double Carrier;
#else
typedef T Carrier;
#endif
#define NOTHING ((Carrier)1)
#define TAKE(c, x, r) (c) *= (Carrier)(x)
#define MERGE(c, d) (c) *= (d)
#define FINISHED(c) (c)

#elif defined(KIND_MAXIMUM) || defined(KIND_MINIMUM)
typedef T Carrier;
// A NaN stays.
#ifdef KIND_MAXIMUM
#define NOTHING LEAST
#define TAKE(c, x, r) { T taken = (x); if (taken > (c) || taken != taken) (c) = taken; }
#else
#define NOTHING GREATEST
#define TAKE(c, x, r) { T taken = (x); if (taken < (c) || taken != taken) (c) = taken; }
#endif
#define MERGE(c, d) TAKE(c, d, 0)
#define FINISHED(c) (c)

#else
typedef struct {
  T value;
  ulong index;
} Carrier;
#define NO_INDEX (~(ulong)0)
static inline Carrier nothing(void) {
  Carrier result = {(T)0, NO_INDEX};
  return result;
}
#define NOTHING nothing()
// The first NaN wins, else the extremum that comes first.
static inline Carrier better(Carrier c, Carrier d) {
  if (d.index == NO_INDEX) return c;
  if (c.index == NO_INDEX) return d;
  bool isFirst = d.index < c.index;
  if (c.value != c.value) return d.value != d.value && isFirst ? d : c;
  if (d.value != d.value) return d;
  if (c.value == d.value) return isFirst ? d : c;
#ifdef KIND_ARG_MAXIMUM
  return d.value > c.value ? d : c;
#else
  return d.value < c.value ? d : c;
#endif
}
#define TAKE(c, x, r) { Carrier taken = {x, r}; (c) = better(c, taken); }
#define MERGE(c, d) (c) = better(c, d)
#define FINISHED(c) ((long)(c).index)
#endif

#if defined(KIND_MEAN) && !T_IS_FLOATING
#define RESULT(c, count) ((QUOTIENT_TYPE)(WIDE)(c) / (QUOTIENT_TYPE)(count))
#elif defined(KIND_MEAN)
#define RESULT(c, count) (FINISHED(c) / (count))
#else
#define RESULT(c, count) FINISHED(c)
#endif

// The arguments of every kernel of the first pass.
#define REDUCE_ARGUMENTS                                                              \
  global Carrier *partials,   /* [chunks, kept]; not used with one chunk */           \
      global OUTPUT *output,  /* [kept], contiguous */                                \
      ulong kept, ulong reduced,                                                      \
      ulong chunk,            /* reduced positions of each chunk but the last */      \
      ulong chunks VALUE_PARAMETERS

kernel void reduce_items(REDUCE_ARGUMENTS) {
  size_t k = get_global_id(0), part = get_global_id(1);
  if (k >= kept) return;
  KEPT_BASES(k)
  ulong start = part * chunk, end = min(start + chunk, reduced);
  Carrier c = NOTHING;
  for (ulong r = start; r < end; r++) {
    TAKE(c, VALUE(r), r);
  }
  if (chunks == 1) {
    STORE_RESULT(k, RESULT(c, reduced));
  } else {
    partials[part * kept + k] = c;
  }
}

#ifdef GROUP
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void reduce_rows_simt(
    REDUCE_ARGUMENTS) {
  local Carrier shared[GROUP];
  size_t k = get_group_id(0), part = get_group_id(1), item = get_local_id(0);
  KEPT_BASES(k)
  ulong start = part * chunk, end = min(start + chunk, reduced);
  Carrier c = NOTHING;
  for (ulong r = start + item; r < end; r += GROUP) {
    TAKE(c, VALUE(r), r);
  }
  shared[item] = c;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t half_ = GROUP / 2; half_ > 0; half_ /= 2) {
    if (item < half_) {
      Carrier mine = shared[item];
      MERGE(mine, shared[item + half_]);
      shared[item] = mine;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (item == 0) {
    if (chunks == 1) {
      STORE_RESULT(k, RESULT(shared[0], reduced));
    } else {
      partials[part * kept + k] = shared[0];
    }
  }
}
#endif

#if defined(RUN) || defined(COLUMN_RUN)
typedef PASTE(T, LANES) V;

// Vectors of partial results, one in each lane.
#if (defined(KIND_SUM) || defined(KIND_MEAN)) && T_IS_FLOATING && !defined(CARRY_DOUBLE)
typedef struct {
  V total, lost;
} Lanes;
static inline Lanes lanes_two_sum(Lanes c, V x) {
  V total = c.total + x, added = total - c.total;
  Lanes result = {total, c.lost + ((c.total - (total - added)) + (x - added))};
  return result;
}
static inline Lanes lanes_merge(Lanes c, Lanes d) {
  Lanes result = lanes_two_sum(c, d.total);
  result.lost += d.lost;
  return result;
}
#define LANES_NOTHING {(V)(T)0, (V)(T)0}
#define LANES_TAKE(c, x) (c) = lanes_two_sum(c, x)
#define LANES_MERGE(c, d) (c) = lanes_merge(c, d)
static inline void lanes_split(Carrier *each, Lanes c) {
  T totals[LANES], lost[LANES];
  PASTE(vstore, LANES)(c.total, 0, totals);
  PASTE(vstore, LANES)(c.lost, 0, lost);
  for (int j = 0; j < LANES; j++) each[j] = (Carrier)(totals[j], lost[j]);
}
static inline Carrier lanes_fold(Lanes c) {
  Carrier each[LANES];
  lanes_split(each, c);
  for (int half_ = LANES / 2; half_ > 0; half_ /= 2) {
    for (int j = 0; j < half_; j++) MERGE(each[j], each[j + half_]);
  }
  return each[0];
}
#else

// LANE is the type of a lane, JOINED(c, d) two of them combined, on numbers and on vectors.
#if defined(KIND_SUM) || defined(KIND_MEAN) || defined(KIND_PRODUCT)
#if !T_IS_FLOATING
#define LANE ulong
#define WIDENED(x) PASTE(as_ulong, LANES)(PASTE3(convert_, WIDE, LANES)(x))
#elif defined(CARRY_DOUBLE)
#define LANE double
#define WIDENED(x) PASTE(convert_double, LANES)(x)
#else
#define LANE T
#define WIDENED(x) (x)
#endif
#ifdef KIND_PRODUCT
#define LANE_NOTHING 1
#define JOINED(c, d) ((c) * (d))
#else
#define LANE_NOTHING 0
#define JOINED(c, d) ((c) + (d))
#endif
#else
#define LANE T
#define WIDENED(x) (x)
#if defined(KIND_MAXIMUM) || defined(KIND_ARG_MAXIMUM)
#define LANE_NOTHING LEAST
#define BEATS(d, c) ((d) > (c))
#else
#define LANE_NOTHING GREATEST
#define BEATS(d, c) ((d) < (c))
#endif
#if T_IS_FLOATING
#define JOINED(c, d) ((BEATS(d, c) | ((d) != (d))) ? (d) : (c))
#else
#define JOINED(c, d) (BEATS(d, c) ? (d) : (c))
#endif
#endif

typedef PASTE(LANE, LANES) Lanes;
#define LANES_NOTHING (Lanes)(LANE)(LANE_NOTHING)
static inline Lanes lanes_joined(Lanes c, Lanes d) { return JOINED(c, d); }
#define LANES_TAKE(c, x) (c) = lanes_joined(c, WIDENED(x))
#define LANES_MERGE(c, d) (c) = lanes_joined(c, d)
FOLD_LANES(lanes_fold, LANE, JOINED)
static inline void lanes_split(LANE *each, Lanes c) { PASTE(vstore, LANES)(c, 0, each); }
#endif

#if defined(KIND_ARG_MAXIMUM) || defined(KIND_ARG_MINIMUM)
#define IS_ARGUMENT
typedef PASTE(long, LANES) Places;
#endif

static inline ulong lesser(ulong a, ulong b) { return a < b ? a : b; }

// Declares the vector `x` of LANES values.
#define FILLED(x, VALUE_OF_LANE)                                       \
  V x;                                                                 \
  {                                                                    \
    T lanes_[LANES];                                                   \
    for (ulong lane = 0; lane < LANES; lane++) {                       \
      lanes_[lane] = VALUE_OF_LANE;                                    \
    }                                                                  \
    x = PASTE(vload, LANES)(0, lanes_);                                \
  }
#endif

#ifdef RUN
#ifdef RUN_VECTOR
#define RUN_LANES(x, i) V x = RUN_VECTOR(i);
#else
#define RUN_LANES(x, i) FILLED(x, RUN_VALUE((i) + lane))
#endif

kernel void reduce_rows_wide(REDUCE_ARGUMENTS) {
  size_t k = get_global_id(0), part = get_global_id(1);
  if (k >= kept) return;
  KEPT_BASES(k)
  ulong start = part * chunk, end = lesser(start + chunk, reduced);
  Carrier c = NOTHING;
#ifndef IS_ARGUMENT
  Lanes even = LANES_NOTHING, odd = LANES_NOTHING;
#endif
  for (ulong r = start; r < end;) {
    // From i to `stop` in run q.
    const ulong q = r / (RUN), first = q * (RUN);
    const ulong stop = lesser(RUN, end - first);
    ulong i = r - first;
    r = first + stop;
    RUN_BASES(q)
#ifdef IS_ARGUMENT
    // The extremum of a block first, and only if it is a new extremum, its position.
    while (i + LANES <= stop) {
      const ulong limit = lesser(stop, i + 64 * LANES);
      ulong j = i;
      Lanes best = LANES_NOTHING;
      for (; j + LANES <= limit; j += LANES) {
        RUN_LANES(x, j)
        LANES_TAKE(best, x);
      }
      const T extremum = lanes_fold(best);
      if (c.index == NO_INDEX || BEATS(extremum, c.value) ||
          (extremum != extremum && c.value == c.value)) {
        for (;; i += LANES) {
          int isHere = 0;
          for (ulong lane = 0; lane < LANES; lane++) {
            T x = RUN_VALUE(i + lane);
            isHere |= x == extremum || x != x;
          }
          if (isHere) break;
        }
        for (;; i++) {
          T x = RUN_VALUE(i);
          if (x == extremum || x != x) break;
        }
        c.value = extremum;
        c.index = first + i;
      }
      i = j;
    }
#else
    for (; i + 2 * LANES <= stop; i += 2 * LANES) {
      RUN_LANES(x, i)
      RUN_LANES(y, i + LANES)
      LANES_TAKE(even, x);
      LANES_TAKE(odd, y);
    }
    if (i + LANES <= stop) {
      RUN_LANES(x, i)
      LANES_TAKE(even, x);
      i += LANES;
    }
#endif
    for (; i < stop; i++) {
      TAKE(c, RUN_VALUE(i), first + i);
    }
  }
#ifndef IS_ARGUMENT
  if (end - start >= LANES) {
    LANES_MERGE(even, odd);
    Carrier folded = lanes_fold(even);
    MERGE(c, folded);
  }
#endif
  if (chunks == 1) {
    STORE_RESULT(k, RESULT(c, reduced));
  } else {
    partials[part * kept + k] = c;
  }
}
#endif

#ifdef COLUMN_RUN
#ifdef COLUMN_VECTOR
#define COLUMN_LANES(x, r, j) V x = COLUMN_VECTOR(r, j);
#else
#define COLUMN_LANES(x, r, j) FILLED(x, COLUMN_VALUE(r, (j) + lane))
#endif
#define COLUMN_VECTORS 64
#define COLUMN_BLOCK (COLUMN_VECTORS * LANES)
#define STORE_COLUMN(j, c)                   \
  if (chunks == 1) {                         \
    STORE_RESULT(k + (j), RESULT(c, reduced)); \
  } else {                                   \
    partials[part * kept + k + (j)] = c;     \
  }

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void reduce_columns_wide(
    REDUCE_ARGUMENTS) {
  const ulong blocks = ((COLUMN_RUN) + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
  const size_t item = get_global_id(0), part = get_global_id(1);
  const ulong column = item % blocks * COLUMN_BLOCK, k = item / blocks * (COLUMN_RUN) + column;
  if (k >= kept) return;
  const ulong width = lesser(COLUMN_BLOCK, (COLUMN_RUN) - column);
  KEPT_BASES(k)
  const ulong start = part * chunk, end = lesser(start + chunk, reduced);
  const ulong vectors = width / LANES;
#ifndef IS_ARGUMENT
  Lanes sums[COLUMN_VECTORS];
  for (ulong v = 0; v < vectors; v++) {
    const Lanes nothing = LANES_NOTHING;
    sums[v] = nothing;
  }
  // Four rows together are four streams of memory, and a quarter of the traffic of sums. Short
  // rows are taken far apart: hardware prefetchers expect one stream in a page.
  const ulong quarter = (end - start) / 4;
  const bool isNarrow = (COLUMN_RUN) < 32 * LANES;
  const ulong far = isNarrow ? quarter : 1;
  for (ulong step = 0; step < quarter; step++) {
    const ulong r = start + (isNarrow ? step : 4 * step);
    for (ulong v = 0; v < vectors; v++) {
      Lanes c = sums[v];
      COLUMN_LANES(w, r, v * LANES)
      COLUMN_LANES(x, r + far, v * LANES)
      COLUMN_LANES(y, r + 2 * far, v * LANES)
      COLUMN_LANES(z, r + 3 * far, v * LANES)
      LANES_TAKE(c, w);
      LANES_TAKE(c, x);
      LANES_TAKE(c, y);
      LANES_TAKE(c, z);
      sums[v] = c;
    }
  }
  for (ulong r = start + 4 * quarter; r < end; r++) {
    for (ulong v = 0; v < vectors; v++) {
      COLUMN_LANES(x, r, v * LANES)
      LANES_TAKE(sums[v], x);
    }
  }
  for (ulong v = 0; v < vectors; v++) {
    Carrier each[LANES];
    lanes_split(each, sums[v]);
    for (ulong lane = 0; lane < LANES; lane++) {
      STORE_COLUMN(v * LANES + lane, each[lane])
    }
  }
#else
  V bests[COLUMN_VECTORS];
  Places places[COLUMN_VECTORS];
  for (ulong v = 0; v < vectors; v++) {
    COLUMN_LANES(x, start, v * LANES)
    bests[v] = x;
    places[v] = (Places)((long)start);
  }
// The first NaN wins, else the extremum that comes first. A comparison of vectors is -1 where it
// holds.
#define IS_BETTER(x) (BEATS(x, best) | ((x != x) & (best == best)))
#define TAKE_PLACES(r)                                                                    \
  {                                                                                       \
    COLUMN_LANES(x, r, v * LANES)                                                         \
    place = PASTE(convert_long, LANES)(IS_BETTER(x)) ? (Places)((long)(r)) : place;       \
    best = IS_BETTER(x) ? x : best;                                                       \
  }
  ulong r = start + 1;
  for (; r + 4 <= end; r += 4) {
    for (ulong v = 0; v < vectors; v++) {
      V best = bests[v];
      Places place = places[v];
      TAKE_PLACES(r)
      TAKE_PLACES(r + 1)
      TAKE_PLACES(r + 2)
      TAKE_PLACES(r + 3)
      bests[v] = best;
      places[v] = place;
    }
  }
  for (; r < end; r++) {
    for (ulong v = 0; v < vectors; v++) {
      V best = bests[v];
      Places place = places[v];
      TAKE_PLACES(r)
      bests[v] = best;
      places[v] = place;
    }
  }
  for (ulong v = 0; v < vectors; v++) {
    T numbers[LANES];
    long positions[LANES];
    PASTE(vstore, LANES)(bests[v], 0, numbers);
    PASTE(vstore, LANES)(places[v], 0, positions);
    for (ulong lane = 0; lane < LANES; lane++) {
      Carrier c = {numbers[lane], (ulong)positions[lane]};
      STORE_COLUMN(v * LANES + lane, c)
    }
  }
#endif
  const ulong j = vectors * LANES;
  if (j < width) {
    Carrier rest[LANES];
    for (ulong lane = 0; lane < LANES; lane++) rest[lane] = NOTHING;
    for (ulong r = start; r < end; r++) {
      for (ulong lane = 0; lane < width - j; lane++) {
        TAKE(rest[lane], COLUMN_VALUE(r, j + lane), r);
      }
    }
    for (ulong lane = 0; lane < width - j; lane++) {
      STORE_COLUMN(j + lane, rest[lane])
    }
  }
}
#endif

kernel void reduce_combine(
    global const Carrier *partials,  // [chunks, kept]
    global OUTPUT *output,           // [kept]
    ulong kept, ulong reduced, ulong chunks) {
  size_t k = get_global_id(0);
  if (k >= kept) return;
  Carrier c = partials[k];
  for (ulong part = 1; part < chunks; part++) {
    MERGE(c, partials[part * kept + k]);
  }
  STORE_RESULT(k, RESULT(c, reduced));
}

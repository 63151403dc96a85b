// Reductions in two deterministic passes: `chunk` parts of the reduced extent, then `combine` them.
//
// The host's preamble defines
//   T                          the compute type of the values; T_IS_FLOATING
//   KIND_SUM, KIND_MEAN, KIND_PRODUCT, KIND_MAXIMUM, KIND_MINIMUM, KIND_ARG_MAXIMUM or
//   KIND_ARG_MINIMUM           (one of them)
//   LEAST, GREATEST            for maximum and minimum: the values that lose to every other
//   VALUE_PARAMETERS           the parameters that reading values needs, with a leading comma
//   KEPT_BASES(k)              declares what the kept position k has in common
//   VALUE(r)                   the value at reduced position r
//   STORE_RESULT(index, x)     rounds a finished number and writes it to `output`
//   OUTPUT                     the storage type of `output`
//   WIDE, QUOTIENT_TYPE        for the mean of integers: the 64-bit type of sums, and the floating
//                              type that divides them
//   CARRY_DOUBLE, T_IS_DOUBLE  where sums of T are carried in double; where T itself is double
//   GROUP                      the items of a group, where there is to be a `reduce_rows`
//
// `reduce_items`: one item for each kept position (global id 0) and chunk (global id 1); it reads
// its chunk in order. For rows that are short, and where memory is contiguous along the kept axis.
// `reduce_rows`: one group of GROUP items for each; they read neighbouring elements and combine in
// local memory. For GPUs and long rows.
// With one chunk both write the result, else `partials[chunk * kept + k]`, which `combine` reads in
// order. Neither the number of items nor their order of running changes a result.
//
// Sums of float are carried in double where the device has it; sums of double, and of float without
// it, carry what each addition lost (Knuth's two-sum). Integers are carried in 64 bits.

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
// (total, what was lost)
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

kernel void reduce_items(
    global Carrier *partials, global OUTPUT *output, ulong kept, ulong reduced, ulong chunk,
    ulong chunks VALUE_PARAMETERS) {
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
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void reduce_rows(
    global Carrier *partials, global OUTPUT *output, ulong kept, ulong reduced, ulong chunk,
    ulong chunks VALUE_PARAMETERS) {
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

kernel void combine(
    global const Carrier *partials, global OUTPUT *output, ulong kept, ulong reduced,
    ulong chunks) {
  size_t k = get_global_id(0);
  if (k >= kept) return;
  Carrier c = partials[k];
  for (ulong part = 1; part < chunks; part++) {
    MERGE(c, partials[part * kept + k]);
  }
  STORE_RESULT(k, RESULT(c, reduced));
}

// Gather, scatter-add and the check of indices: slices along one axis, [outer, extent, inner] and
// contiguous.
//
//   kernel            global size                         computes
//   gather            max(inner, 1), count, max(outer, 1)   output[o, i, n] =
//                                                             source[o, indices[i], n]
//   scatter_columns   inner, outer                          destination[o, indices[i], n] +=
//   scatter_slots     inner, extent, outer                    source[o, i, n]
//   scatter_begin     extent                                claims[e] = 0
//   scatter_claim     count                                 claims[indices[i]] = the last i + 1
//   scatter           max(inner, 1), count, outer           destination[o, indices[i], n] =
//                                                             source[o, i, n], for the last i only
//   check_indices     count                                 the lowest i with a wrong index
//
// For one o, with the indices 2 0 2, count = 3:
//
//       gather: source         output            scatter: source        destination
//           n ->  inner        n ->  inner           n ->  inner        n ->  inner
//          +-----------+      +-----------+         +-----------+      +-----------+
//        0 | A A A A A |    0 | C C C C C |       0 | P P P P P |    0 | += Q      |
//        1 | B B B B B |    1 | A A A A A |       1 | Q Q Q Q Q |    1 |           |
//        2 | C C C C C |    2 | C C C C C |       2 | R R R R R |    2 | += P, R   |
//          +-----------+      +-----------+         +-----------+      +-----------+
//          extent             count                 count              extent
//
// `scatter_columns` has an item for each (o, n), which walks over all i; `scatter_slots` one for
// each element of the destination, which looks for its own indices, where there would else be too
// few items. Every kernel serves CPUs and GPUs. Scatters add in the order of i, so that the result
// is always the same. `scatter`, which replaces, runs after `scatter_begin` and `scatter_claim`, by
// which each place knows the last i that names it: only one item writes to a place.
//
// `gather` and `scatter` move elements of S, any type of the right size.
//
// In `gather` an index out of range is clamped, and the lowest position of one is kept in
// faults[slot], which the host reads with its next result.
// `check_indices` keeps the lowest position of an index that is neither in 0..<bound nor `exempt`
// in the same way, and moves nothing.
//
// The host defines CHECK, or ELEMENT (element.h) and, for `gather` GATHER, for `scatter` SCATTER.
// Reference: `gather`, `checkIndices`, `scatter`, `scatterAdd` in
// Tests/TestSupport/ReferenceBackend.swift.
#include "element.h"

#ifdef CHECK
kernel void check_indices(
    global const long *indices,  // [count] from indexOffset on
    ulong indexOffset, ulong count, long bound, long exempt,
    global uint *faults,         // [slots]
    ulong slot) {
  size_t i = get_global_id(0);
  if (i >= count) return;
  long index = indices[indexOffset + i];
  if ((index < 0 || index >= bound) && index != exempt) {
    atomic_min(faults + slot, (uint)min(i, (size_t)0xFFFFFFFE));
  }
}
#elif defined(GATHER)
kernel void gather(
    global const S *source,      // [outer, extent, inner] from sourceOffset on
    ulong sourceOffset,
    global const long *indices,  // [count] from indexOffset on
    ulong indexOffset,
    global S *output,            // [outer, count, inner]
    ulong outer, ulong extent, ulong count, ulong inner,
    global uint *faults,         // [slots]
    ulong slot) {
  size_t n = get_global_id(0), i = get_global_id(1), o = get_global_id(2);
  if (i >= count) return;
  long index = indices[indexOffset + i];
  if (index < 0 || index >= (long)extent) {
    if (n == 0 && o == 0) atomic_min(faults + slot, (uint)min(i, (size_t)0xFFFFFFFE));
    index = 0;
  }
  // Every index has an item, even where there is nothing to move: it is checked.
  if (n >= inner || o >= outer || extent == 0) return;
  output[(o * count + i) * inner + n] =
      source[sourceOffset + (o * extent + (ulong)index) * inner + n];
}
#elif defined(SCATTER)
kernel void scatter_begin(global uint *claims, ulong extent) {
  size_t e = get_global_id(0);
  if (e < extent) claims[e] = 0;
}

kernel void scatter_claim(
    global const long *indices,  // [count] from indexOffset on
    ulong indexOffset, ulong count,
    global uint *claims,         // [extent]
    ulong extent) {
  size_t i = get_global_id(0);
  if (i >= count) return;
  ulong index = (ulong)indices[indexOffset + i];
  if (index < extent) atomic_max(claims + index, (uint)(i + 1));
}

kernel void scatter(
    global const S *source,      // [outer, count, inner] from sourceOffset on
    ulong sourceOffset,
    global const long *indices,  // [count] from indexOffset on
    ulong indexOffset,
    global S *destination,       // [outer, extent, inner]
    ulong outer, ulong extent, ulong count, ulong inner,
    global const uint *claims) { // [extent]
  size_t n = get_global_id(0), i = get_global_id(1), o = get_global_id(2);
  if (n >= inner || i >= count || o >= outer) return;
  ulong index = (ulong)indices[indexOffset + i];
  if (index >= extent || claims[index] != (uint)(i + 1)) return;
  destination[(o * extent + index) * inner + n] = source[sourceOffset + (o * count + i) * inner + n];
}
#else
#define SCATTER_ARGUMENTS                                                               \
  global const S *source, /* [outer, count, inner] from sourceOffset on */              \
      ulong sourceOffset,                                                               \
      global const long *indices, /* [count] from indexOffset on */                     \
      ulong indexOffset,                                                                \
      global S *destination, /* [outer, extent, inner] */                               \
      ulong outer, ulong extent, ulong count, ulong inner

kernel void scatter_columns(SCATTER_ARGUMENTS) {
  size_t n = get_global_id(0), o = get_global_id(1);
  if (n >= inner || o >= outer) return;
  for (ulong i = 0; i < count; i++) {
    ulong index = (ulong)indices[indexOffset + i];
    if (index >= extent) continue;
    ulong to = (o * extent + index) * inner + n;
    const ulong from = sourceOffset + (o * count + i) * inner + n;
    T sum = ADD(LOAD(destination, to), LOAD(source, from));
    STORE(destination, to, sum);
  }
}

kernel void scatter_slots(SCATTER_ARGUMENTS) {
  size_t n = get_global_id(0), e = get_global_id(1), o = get_global_id(2);
  if (n >= inner || e >= extent) return;
  ulong to = (o * extent + e) * inner + n;
  for (ulong i = 0; i < count; i++) {
    if ((ulong)indices[indexOffset + i] != e) continue;
    const ulong from = sourceOffset + (o * count + i) * inner + n;
    T sum = ADD(LOAD(destination, to), LOAD(source, from));
    STORE(destination, to, sum);
  }
}
#endif

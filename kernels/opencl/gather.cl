// Gather, and its opposite, of slices along one axis: contiguous [outer, extent, inner].
//
// `gather` moves elements of type S (any type of the right size). An index out of range is clamped,
// and the lowest position of one is kept in faults[slot], which the host reads with its next result.
//
// `check_indices` keeps the lowest position of an index that is neither in 0..<bound nor `exempt` in the
// same way, and moves nothing.
//
// `scatter_columns` and `scatter_slots` compute destination[o, indices[i], n] += source[o, i, n] in
// the order of i, so that the result is always the same; T is the compute type and LOAD_S, STORE_S
// read and write the storage type S. The first has an item for each (o, n), which walks over all i;
// the second one for each element of the destination, which looks for its own indices.

#ifdef CHECK
kernel void check_indices(
    global const long *indices, ulong indexOffset, ulong count, long bound, long exempt,
    global uint *faults, ulong slot) {
  size_t i = get_global_id(0);
  if (i >= count) return;
  long index = indices[indexOffset + i];
  if ((index < 0 || index >= bound) && index != exempt) {
    atomic_min(faults + slot, (uint)min(i, (size_t)0xFFFFFFFE));
  }
}
#elif defined(GATHER)
kernel void gather(
    global const S *source, ulong sourceOffset, global const long *indices, ulong indexOffset,
    global S *output, ulong outer, ulong extent, ulong count, ulong inner, global uint *faults,
    ulong slot) {
  size_t n = get_global_id(0), i = get_global_id(1), o = get_global_id(2);
  if (i >= count) return;
  long index = indices[indexOffset + i];
  if (index < 0 || index >= (long)extent) {
    if (n == 0 && o == 0) atomic_min(faults + slot, (uint)min(i, (size_t)0xFFFFFFFE));
    index = 0;
  }
  // There is one item for each index even where there is nothing to move.
  if (n >= inner || o >= outer || extent == 0) return;
  output[(o * count + i) * inner + n] =
      source[sourceOffset + (o * extent + (ulong)index) * inner + n];
}
#else
kernel void scatter_columns(
    global const S *source, ulong sourceOffset, global const long *indices, ulong indexOffset,
    global S *destination, ulong outer, ulong extent, ulong count, ulong inner) {
  size_t n = get_global_id(0), o = get_global_id(1);
  if (n >= inner || o >= outer) return;
  for (ulong i = 0; i < count; i++) {
    ulong index = (ulong)indices[indexOffset + i];
    if (index >= extent) continue;
    ulong to = (o * extent + index) * inner + n;
    T sum = ADD(LOAD_S(destination, to), LOAD_S(source, sourceOffset + (o * count + i) * inner + n));
    STORE_S(destination, to, sum);
  }
}

kernel void scatter_slots(
    global const S *source, ulong sourceOffset, global const long *indices, ulong indexOffset,
    global S *destination, ulong outer, ulong extent, ulong count, ulong inner) {
  size_t n = get_global_id(0), e = get_global_id(1), o = get_global_id(2);
  if (n >= inner || e >= extent) return;
  ulong to = (o * extent + e) * inner + n;
  for (ulong i = 0; i < count; i++) {
    if ((ulong)indices[indexOffset + i] != e) continue;
    T sum = ADD(LOAD_S(destination, to), LOAD_S(source, sourceOffset + (o * count + i) * inner + n));
    STORE_S(destination, to, sum);
  }
}
#endif

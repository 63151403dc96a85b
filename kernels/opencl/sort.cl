// The order of the elements of rows: contiguous [rows, count] of the storage type S, count > 0.
//
// `sort_keys` gives each element a key whose unsigned order is that of the elements, and its index. Rows
// are filled up to `padded`, a power of two, with entries behind all others. `sort_step` is one step of a
// bitonic network, which the host launches for each `length` 2, 4 … padded and each `distance` length/2
// … 1: an item puts two entries into the order of their keys, and of their indices where keys are equal.
// No two entries are equal then, so the result is the stable one, the same on every device.
// Source: K. E. Batcher, "Sorting networks and their applications", 1968.
//
// The host defines S; BITS (an unsigned type of the size of S); one of KEY_UNSIGNED, KEY_SIGNED and
// KEY_FLOATING, the last as the bits of infinity; and DESCENDING, if so.

static inline ulong key_of(BITS bits) {
  const BITS sign = (BITS)((BITS)1 << (8 * sizeof(BITS) - 1));
#if defined(KEY_UNSIGNED)
  return bits;
#elif defined(KEY_SIGNED)
  return (BITS)(bits ^ sign);
#else
  // Both zeros are one key, and NaN is the greatest.
  const BITS magnitude = (BITS)(bits & (BITS)(sign - 1));
  if (magnitude > (BITS)KEY_FLOATING) return (BITS)~(BITS)0;
  return (bits & sign) != 0 ? (BITS)(sign - magnitude) : (BITS)(sign + magnitude);
#endif
}

kernel void sort_keys(
    global const S *source, ulong sourceOffset, global ulong *keys, global long *order, ulong rows,
    ulong count, ulong padded) {
  const size_t i = get_global_id(0), row = get_global_id(1);
  if (i >= padded || row >= rows) return;
  ulong key = ~(ulong)0;
  if (i < count) {
    key = key_of(((global const BITS *)source)[sourceOffset + row * count + i]);
#ifdef DESCENDING
    key = ~key;
#endif
  }
  keys[row * padded + i] = key;
  order[row * padded + i] = (long)i;
}

kernel void sort_step(
    global ulong *keys, global long *order, ulong rows, ulong padded, ulong length, ulong distance) {
  const size_t pair = get_global_id(0), row = get_global_id(1);
  if (pair >= padded / 2 || row >= rows) return;
  const size_t low = pair / distance * 2 * distance + pair % distance, high = low + distance;
  global ulong *k = keys + row * padded;
  global long *o = order + row * padded;
  const ulong a = k[low], b = k[high];
  const long first = o[low], second = o[high];
  const bool isGreater = a > b || (a == b && first > second);
  if (isGreater == ((low & length) == 0)) {
    k[low] = b;
    k[high] = a;
    o[low] = second;
    o[high] = first;
  }
}

// The order of the elements of rows, as the indices that sort them.
//
//   sort_keys   gives each element a key whose unsigned order is that of the elements, and its
//               index; rows are filled up to `padded`, a power of two, with keys after all others
//   sort_step   one step of a bitonic network: an item puts two entries into the order of their
//               keys, and of their indices where keys are equal
//
// Both run on every device. The host launches `sort_step` for each `length` 2, 4 … padded and
// each `distance` length/2 … 1. A row of padded = 8: two equal letters are a pair of entries,
// which comes into ascending order, or with small letters into descending order.
//
//     length     2  4  4  8  8  8
//     distance   1  2  1  4  2  1
//     entry 0    A  A  A  A  A  A
//     entry 1    A  B  A  B  B  A
//     entry 2    b  A  B  C  A  B
//     entry 3    b  B  B  D  B  B
//     entry 4    C  c  c  A  C  C
//     entry 5    C  d  c  B  D  C
//     entry 6    d  c  d  C  C  D
//     entry 7    d  d  d  D  D  D
//
// No two entries are equal, so the result is the stable one, the same on every device.
//
//   kernel      global size
//   sort_keys   padded, rows
//   sort_step   padded / 2, rows
//
// The host defines S; BITS (an unsigned type of the size of S); one of KEY_UNSIGNED, KEY_SIGNED and
// KEY_FLOATING, the last as the bits of infinity; and DESCENDING, if so.
// Reference: K. E. Batcher, "Sorting networks and their applications", 1968; `argsort` in
// Tests/TestSupport/ReferenceBackend.swift.

static inline ulong key_of(BITS bits) {
  const BITS sign = (BITS)((BITS)1 << (8 * sizeof(BITS) - 1));
#if defined(KEY_UNSIGNED)
  return bits;
#elif defined(KEY_SIGNED)
  return (BITS)(bits ^ sign);
#else
  // Both zeros have one key, and NaN the greatest.
  const BITS magnitude = (BITS)(bits & (BITS)(sign - 1));
  if (magnitude > (BITS)KEY_FLOATING) return (BITS)~(BITS)0;
  return (bits & sign) != 0 ? (BITS)(sign - magnitude) : (BITS)(sign + magnitude);
#endif
}

kernel void sort_keys(
    global const S *source,  // [rows, count] from sourceOffset on, count > 0
    ulong sourceOffset,
    global ulong *keys,      // [rows, padded]
    global long *order,      // [rows, padded]: the index of each key's element
    ulong rows, ulong count, ulong padded) {
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
    global ulong *keys,  // [rows, padded]
    global long *order,  // [rows, padded]
    ulong rows, ulong padded, ulong length, ulong distance) {
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

// Softmax and its logarithm of contiguous rows: exp(x - max) / sum, x - max - log(sum).
//
// The host defines T (float or double), LOAD_S(pointer, index) and STORE_S(pointer, index, value)
// for the storage type S, LOGARITHM for the logarithm, and GROUP for the group form.
//
// `softmax_items`: one item a row, for CPUs and short rows. `softmax_rows`: one group of GROUP items
// a row. A NaN or +inf in a row makes its maximum or a difference NaN, which the sum carries to every
// element, as does a row of -inf alone.

#ifdef LOGARITHM
#define SHIFT(total) log(total)
#define RESULT(x, top, shift) ((x) - (top) - (shift))
#else
#define SHIFT(total) (total)
#define RESULT(x, top, shift) (exp((x) - (top)) / (shift))
#endif
#define HIGHER(x, top) ((x) > (top) || (x) != (x) ? (x) : (top))

kernel void softmax_items(
    global const S *source, ulong sourceOffset, global S *output, ulong rows, ulong count) {
  size_t row = get_global_id(0);
  if (row >= rows) return;
  ulong from = sourceOffset + row * count, to = row * count;
  T top = LOAD_S(source, from);
  for (ulong i = 1; i < count; i++) {
    T x = LOAD_S(source, from + i);
    top = HIGHER(x, top);
  }
  T total = 0;
  for (ulong i = 0; i < count; i++) total += exp(LOAD_S(source, from + i) - top);
  T shift = SHIFT(total);
  for (ulong i = 0; i < count; i++) {
    T x = LOAD_S(source, from + i);
    STORE_S(output, to + i, RESULT(x, top, shift));
  }
}

#ifdef GROUP
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void softmax_rows(
    global const S *source, ulong sourceOffset, global S *output, ulong rows, ulong count) {
  local T shared[GROUP];
  size_t row = get_group_id(0), item = get_local_id(0);
  ulong from = sourceOffset + row * count, to = row * count;
  // Every item starts with an element of the row, so that there is no -inf that is not in it.
  T top = LOAD_S(source, from);
  for (ulong i = item; i < count; i += GROUP) {
    T x = LOAD_S(source, from + i);
    top = HIGHER(x, top);
  }
  shared[item] = top;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t half_ = GROUP / 2; half_ > 0; half_ /= 2) {
    if (item < half_) {
      T other = shared[item + half_];
      shared[item] = HIGHER(other, shared[item]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  top = shared[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  T total = 0;
  for (ulong i = item; i < count; i += GROUP) total += exp(LOAD_S(source, from + i) - top);
  shared[item] = total;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (size_t half_ = GROUP / 2; half_ > 0; half_ /= 2) {
    if (item < half_) shared[item] += shared[item + half_];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  T shift = SHIFT(shared[0]);
  for (ulong i = item; i < count; i += GROUP) {
    T x = LOAD_S(source, from + i);
    STORE_S(output, to + i, RESULT(x, top, shift));
  }
}
#endif

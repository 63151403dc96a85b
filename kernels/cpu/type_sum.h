// The sum in Double of up to SLOPE_TILE numbers of type C, in a fixed order: the same bits on every
// level. For Float and Double, and for 16-bit floats (whose C is Float). Sums and means of rows
// (type_reduce.h) and the denominator of softmax use it.
//
//   x       | 16 numbers | 16 | 16 | 16 |  | 16 | 16 | 16 | 16 |  …  | 16 |  | rest |
//              lane 0..15
//   lanes   += (x0 + x1) + (x2 + x3)       += …                      += x     += x
//              in Float, then to Double      (Double: 16 at a time)
//   result  the lanes, added by halves: 16, 8, 4, 2, 1
//
// Reference: ReferenceBackend.reduce (Tests/TestSupport), a compensated sum.
#ifndef SLOPE_TYPE_SUM_LANES
#define SLOPE_TYPE_SUM_LANES
enum { SUM_LANES = 16 };
#endif

SLOPE_FN double LOCAL(sumTile)(const C *x,       // [count]
                               int64_t count) {  // at most SLOPE_TILE
  if (count < SUM_LANES) {
    double total = 0;
    for (int64_t i = 0; i < count; i++) total += (double)x[i];
    return total;
  }
  double lanes[SUM_LANES] = {0};
  int64_t i = 0;
  if (sizeof(C) < sizeof(double)) {
    // Four at a time in Float, which rounds twice, then in Double: a quarter of the conversions.
    for (; i + 4 * SUM_LANES <= count; i += 4 * SUM_LANES) {
      for (int lane = 0; lane < SUM_LANES; lane++) {
        const C *at = x + i + lane;
        lanes[lane] += (double)((at[0] + at[SUM_LANES]) + (at[2 * SUM_LANES] + at[3 * SUM_LANES]));
      }
    }
  }
  for (; i + SUM_LANES <= count; i += SUM_LANES) {
    for (int lane = 0; lane < SUM_LANES; lane++) lanes[lane] += (double)x[i + lane];
  }
  for (int lane = 0; i < count; i++, lane++) lanes[lane] += (double)x[i];
  for (int half = SUM_LANES / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  }
  return lanes[0];
}

// The sum in Double of up to SLOPE_TILE numbers of type C, in a fixed order.
#ifndef SLOPE_TYPE_SUM_LANES
#define SLOPE_TYPE_SUM_LANES
enum { SUM_LANES = 16 };
#endif

SLOPE_FN double LOCAL(sumTile)(const C *x, int64_t count) {
  if (count < SUM_LANES) {
    double total = 0;
    for (int64_t i = 0; i < count; i++) total += (double)x[i];
    return total;
  }
  double lanes[SUM_LANES] = {0};
  int64_t i = 0;
  if (sizeof(C) < sizeof(double)) {
    // Four by four in Float, two roundings, then exactly in Double.
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

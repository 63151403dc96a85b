// The lanes of a vector: reduced to one number, and exchanged between vectors.
//
// LANES is 8 or 16; PASTE is that of element.h. JOIN(a, b) takes numbers and vectors alike.
//
// FOLD_LANES(NAME, TYPE, JOIN) defines TYPE NAME(x), which reduces a vector of LANES numbers of
// TYPE, always in the same order. With 8 lanes and a sum:
//
//   x      x0         x1         x2         x3         x4         x5         x6         x7
//   four   x0+x4      x1+x5      x2+x6      x3+x7
//   two    (x0+x4)+(x2+x6)       (x1+x5)+(x3+x7)
//
// TRANSPOSE(x, y) transposes the LANES vectors of the array x, each a row; y is a second array of
// the same size. V is the vector of LANES elements. A round takes the even and the odd elements
// of two neighbouring rows apart, and log2(LANES) rounds are a transposition. With 4 lanes:
//
//   a0 a1 a2 a3      a0 a2 b0 b2      a0 b0 c0 d0
//   b0 b1 b2 b3  ->  c0 c2 d0 d2  ->  a1 b1 c1 d1
//   c0 c1 c2 c3      a1 a3 b1 b3      a2 b2 c2 d2
//   d0 d1 d2 d3      c1 c3 d1 d3      a3 b3 c3 d3
#ifndef SLOPE_LANES_H
#define SLOPE_LANES_H

#if LANES == 16
#define EIGHT_LANES(TYPE, JOIN, X) const PASTE(TYPE, 8) eight = JOIN(X.lo, X.hi);
#else
#define EIGHT_LANES(TYPE, JOIN, X) const PASTE(TYPE, 8) eight = X;
#endif
#define FOLD_LANES(NAME, TYPE, JOIN)                          \
  static inline TYPE NAME(PASTE(TYPE, LANES) x) {             \
    EIGHT_LANES(TYPE, JOIN, x)                                \
    const PASTE(TYPE, 4) four = JOIN(eight.lo, eight.hi);     \
    const PASTE(TYPE, 2) two = JOIN(four.lo, four.hi);        \
    return JOIN(two.lo, two.hi);                              \
  }

#define UNZIP(TO, FROM)                                                   \
  _Pragma("unroll") for (int i = 0; i < LANES / 2; i++) {                 \
    TO[i] = (V)(FROM[2 * i].even, FROM[2 * i + 1].even);                  \
    TO[i + LANES / 2] = (V)(FROM[2 * i].odd, FROM[2 * i + 1].odd);        \
  }
#if LANES == 16
#define TRANSPOSE(X, Y) UNZIP(Y, X) UNZIP(X, Y) UNZIP(Y, X) UNZIP(X, Y)
#else
#define TRANSPOSE(X, Y)                                                   \
  UNZIP(Y, X) UNZIP(X, Y) UNZIP(Y, X)                                     \
  _Pragma("unroll") for (int i = 0; i < LANES; i++) X[i] = Y[i];
#endif

#endif

// The matrix product in register tiles, and the addition that scatter needs.
//
// out[i, j] is computed MATMUL_ROWS x MATMUL_COLUMNS at a time: for each p, one column piece of `a`
// times one row piece of `b`, in the order of p for every element. Where the columns of b are not
// contiguous, a panel of MATMUL_DEPTH rows is packed first; a single column is a dot product.
#ifndef SLOPE_TYPE_MATMUL
#define SLOPE_TYPE_MATMUL

#if T_KIND == KIND_INTEGER
typedef U Accumulator;
#define WIDEN(x) ((U)(x))
#define NARROW(x) ((T)(x))
#define MULTIPLY_ADD(sum, x, y) ((sum) + (x) * (y))
#define ADD(x, y) ((x) + (y))
#elif T_KIND == KIND_BOOL
typedef uint8_t Accumulator;
#define WIDEN(x) ((uint8_t)((x) != 0))
#define NARROW(x) (x)
#define MULTIPLY_ADD(sum, x, y) ((uint8_t)((sum) | ((x) & (y))))
#define ADD(x, y) ((uint8_t)((x) | (y)))
#else
typedef C Accumulator;
#define WIDEN(x) LOAD(x)
#define NARROW(x) STORE(x)
#define MULTIPLY_ADD(sum, x, y) ((sum) + (x) * (y))
#define ADD(x, y) ((x) + (y))
#endif

enum {
  MATMUL_ROWS = 4,
  MATMUL_COLUMNS = sizeof(Accumulator) == 1 ? 64 : 128 / sizeof(Accumulator),
  MATMUL_DEPTH = 256,
};
#endif

// Adds the products of `depth` values of k to a tile of sums, `b` with contiguous columns.
SLOPE_FN void LOCAL(tileProduct)(Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS], const T *a,
                                 int64_t aRow, int64_t aColumn, const T *b, int64_t bRow,
                                 int64_t rows, int64_t width, int64_t depth) {
  // Products of matrices may round once per term where the processor can; BLAS does the same.
#pragma STDC FP_CONTRACT ON
  for (int64_t p = 0; p < depth; p++) {
    const T *line = b + p * bRow;
    for (int64_t r = 0; r < rows; r++) {
      Accumulator x = WIDEN(a[r * aRow + p * aColumn]);
      for (int64_t j = 0; j < width; j++) {
        sums[r][j] = MULTIPLY_ADD(sums[r][j], x, WIDEN(line[j]));
      }
    }
  }
}

// Writes a tile of sums, with the bias if there is one. (Two loops: a masked load of a bias that is
// not there costs an exception in microcode.)
SLOPE_FN void LOCAL(tileStore)(T *out, int64_t n, const T *bias,
                               Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS], int64_t rows,
                               int64_t width) {
  for (int64_t r = 0; r < rows; r++) {
    T *line = out + r * n;
    if (bias == NULL) {
      for (int64_t j = 0; j < width; j++) line[j] = NARROW(sums[r][j]);
    } else {
      for (int64_t j = 0; j < width; j++) line[j] = NARROW(ADD(sums[r][j], WIDEN(bias[j])));
    }
  }
}

// A whole tile of the product, for `b` with contiguous columns.
SLOPE_FN void LOCAL(tile)(T *out, int64_t n, const T *bias, const T *a, int64_t aRow,
                          int64_t aColumn, const T *b, int64_t bRow, int64_t rows, int64_t width,
                          int64_t k) {
  Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS];
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t j = 0; j < width; j++) sums[r][j] = 0;
  }
  LOCAL(tileProduct)(sums, a, aRow, aColumn, b, bRow, rows, width, k);
  LOCAL(tileStore)(out, n, bias, sums, rows, width);
}

// The rows of one block of columns. Where the extents are full they are constants, so that the sums
// stay in registers.
static void LOCAL(columnBlock)(T *out, int64_t n, const T *bias, const T *a, int64_t aRow,
                               int64_t aColumn, const T *b, int64_t bRow, int64_t rows,
                               int64_t width, int64_t k) {
  bool isFull = width == MATMUL_COLUMNS;
  int64_t i = 0;
  for (; i + MATMUL_ROWS <= rows; i += MATMUL_ROWS) {
    if (isFull) {
      LOCAL(tile)(out + i * n, n, bias, a + i * aRow, aRow, aColumn, b, bRow, MATMUL_ROWS,
                  MATMUL_COLUMNS, k);
    } else {
      LOCAL(tile)(out + i * n, n, bias, a + i * aRow, aRow, aColumn, b, bRow, MATMUL_ROWS, width,
                  k);
    }
  }
  for (; i < rows; i++) {
    if (isFull) {
      LOCAL(tile)(out + i * n, n, bias, a + i * aRow, aRow, aColumn, b, bRow, 1, MATMUL_COLUMNS,
                  k);
    } else {
      LOCAL(tile)(out + i * n, n, bias, a + i * aRow, aRow, aColumn, b, bRow, 1, width, k);
    }
  }
}

SLOPE_FN void LOCAL(pack)(T *panel, const T *b, int64_t bRow, int64_t bColumn, int64_t width,
                          int64_t depth) {
  for (int64_t j = 0; j < width; j++) {
    for (int64_t p = 0; p < depth; p++) panel[p * width + j] = b[p * bRow + j * bColumn];
  }
}

static void LOCAL(dotProducts)(T *out, const T *a, const T *b, const T *bias, int64_t first,
                               int64_t last, int64_t k, int64_t aRow, int64_t aColumn,
                               int64_t bRow) {
  enum { LANES = 16 };
  for (int64_t i = first; i < last; i++) {
    const T *row = a + i * aRow;
    Accumulator sum = 0;
    int64_t p = 0;
    if (aColumn == 1 && bRow == 1 && k >= LANES) {
      Accumulator lanes[LANES] = {0};
      for (; p + LANES <= k; p += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          lanes[lane] = MULTIPLY_ADD(lanes[lane], WIDEN(row[p + lane]), WIDEN(b[p + lane]));
        }
      }
      for (int lane = 0; lane < LANES; lane++) sum = ADD(sum, lanes[lane]);
    }
    for (; p < k; p++) sum = MULTIPLY_ADD(sum, WIDEN(row[p * aColumn]), WIDEN(b[p * bRow]));
    if (bias != NULL) sum = ADD(sum, WIDEN(bias[0]));
    out[i] = NARROW(sum);
  }
}

static void LOCAL(matmul)(void *outData, const void *aData, const void *bData, const void *biasData,
                          int64_t first, int64_t last, int64_t n, int64_t k, int64_t aRow,
                          int64_t aColumn, int64_t bRow, int64_t bColumn) {
  T *out = outData;
  const T *a = aData, *b = bData, *bias = biasData;
  if (n == 1) {
    LOCAL(dotProducts)(out, a, b, bias, first, last, k, aRow, aColumn, bRow);
    return;
  }
  T panel[MATMUL_DEPTH * MATMUL_COLUMNS];
  for (int64_t column = 0; column < n; column += MATMUL_COLUMNS) {
    int64_t width = slope_min(MATMUL_COLUMNS, n - column);
    const T *piece = b + column * bColumn, *biasPiece = bias == NULL ? NULL : bias + column;
    if (bColumn == 1 || k <= MATMUL_DEPTH) {
      if (bColumn != 1) LOCAL(pack)(panel, piece, bRow, bColumn, width, k);
      LOCAL(columnBlock)(out + first * n + column, n, biasPiece, a + first * aRow, aRow, aColumn,
                         bColumn == 1 ? piece : panel, bColumn == 1 ? bRow : width, last - first,
                         width, k);
      continue;
    }
    // Too deep for one panel: the sums of a tile wait while the next panel is packed.
    for (int64_t i = first; i < last; i += MATMUL_ROWS) {
      int64_t rows = slope_min(MATMUL_ROWS, last - i);
      Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS];
      memset(sums, 0, sizeof sums);
      for (int64_t p = 0; p < k; p += MATMUL_DEPTH) {
        int64_t depth = slope_min(MATMUL_DEPTH, k - p);
        LOCAL(pack)(panel, piece + p * bRow, bRow, bColumn, width, depth);
        LOCAL(tileProduct)(sums, a + i * aRow + p * aColumn, aRow, aColumn, panel, width, rows,
                           width, depth);
      }
      LOCAL(tileStore)(out + i * n + column, n, biasPiece, sums, rows, width);
    }
  }
}

static void LOCAL(accumulate)(void *destination, const void *source, int64_t count) {
  T *ds = destination;
  const T *ss = source;
  VECTORIZE for (int64_t i = 0; i < count; i++) {
    ds[i] = NARROW(ADD(WIDEN(ds[i]), WIDEN(ss[i])));
  }
}

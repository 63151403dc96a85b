// The matrix product in register tiles, and the addition that scatter needs, for every type on
// every level. rows.c divides the rows among threads; OpenBLAS computes larger products of floats
// (CPUBackend+MatMul.swift).
//
//                                    b [k, n], strides bRow, bColumn
//                                    j: MATMUL_COLUMNS
//                                  |        |########|        |
//                                  |        |########|        |  p, in order
//                                  |        |########|        |
//
//    a [m, k], strides aRow, aColumn        out [m, n], contiguous, plus bias [n]
//                p ->
//           |                  |   |        |        |        |
//   i: 4    |##################|   |        |  sums  |        |   MATMUL_ROWS x MATMUL_COLUMNS sums
//           |                  |   |        |        |        |   in registers
//
// For each p, 4 elements of a column of `a` times MATMUL_COLUMNS elements of a row of `b` are added
// to the tile of sums. Every element of `out` adds its products in the order of p.
//
//   variant        when                                     how
//   tile           bColumn == 1                             b is read in place
//   packed tile    bColumn != 1, k <= MATMUL_DEPTH          [k, width] of b packed once for all
//                                                           rows first ..< last
//   deep           bColumn != 1, k > MATMUL_DEPTH           [MATMUL_DEPTH, width] of b packed at a
//                                                           time, again for each tile of sums
//   dotProducts    n == 1, unless products are added in      16 lanes if both operands are
//                  order whatever the extents               contiguous along p
//
// Floats may fuse a product with its addition in tiles, where the level has the instruction.
// References: ReferenceBackend.matmul and scatterAdd (Tests/TestSupport); KernelMatMulTests.
#ifndef SLOPE_TYPE_MATMUL
#define SLOPE_TYPE_MATMUL

// The type of sums, and the arithmetic on it: integers wrap in U, Bool is "or" of "and"s, 16-bit
// floats add in Float.
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
  // 128 bytes of sums: 32 of Float and of integers up to 32 bits, 16 of 64-bit types.
  MATMUL_COLUMNS = sizeof(Accumulator) == 1 ? 64 : 128 / sizeof(Accumulator),
  MATMUL_DEPTH = 256,  // rows of a packed panel of b
  DOT_ROWS = 4,        // rows whose products with a vector are summed together
  DOT_LANES = 16,      // sums of a row
};
#endif

// Adds the products of `depth` values of p to a tile of sums.
SLOPE_FN void LOCAL(tileProduct)(
    Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS],  // [rows, width] of it are used
    const T *a, int64_t aRow, int64_t aColumn,      // [rows, depth], strides aRow, aColumn
    const T *b, int64_t bRow,                       // [depth, width], row stride bRow
    int64_t rows, int64_t width, int64_t depth) {
  // Matrix products may round once per term if the processor can; BLAS does the same.
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

// Writes a tile of sums, plus the bias if there is one. (Two loops: a masked load from a null bias
// costs an exception in microcode.)
SLOPE_FN void LOCAL(tileStore)(
    T *out, int64_t n,                              // [rows, width], row stride n
    const T *bias,                                  // [width], or NULL
    Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS],  // [rows, width] of it are used
    int64_t rows, int64_t width) {
  for (int64_t r = 0; r < rows; r++) {
    T *line = out + r * n;
    if (bias == NULL) {
      for (int64_t j = 0; j < width; j++) line[j] = NARROW(sums[r][j]);
    } else {
      for (int64_t j = 0; j < width; j++) line[j] = NARROW(ADD(sums[r][j], WIDEN(bias[j])));
    }
  }
}

// A complete tile of the product.
SLOPE_FN void LOCAL(tile)(
    T *out, int64_t n,                          // [rows, width], row stride n
    const T *bias,                              // [width], or NULL
    const T *a, int64_t aRow, int64_t aColumn,  // [rows, k], strides aRow, aColumn
    const T *b, int64_t bRow,                   // [k, width], row stride bRow
    int64_t rows, int64_t width, int64_t k) {
  Accumulator sums[MATMUL_ROWS][MATMUL_COLUMNS];
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t j = 0; j < width; j++) sums[r][j] = 0;
  }
  LOCAL(tileProduct)(sums, a, aRow, aColumn, b, bRow, rows, width, k);
  LOCAL(tileStore)(out, n, bias, sums, rows, width);
}

// All rows of one block of columns, tile by tile. Full extents are passed as constants, so that the
// sums stay in registers.
static void LOCAL(columnBlock)(
    T *out, int64_t n,                          // [rows, width], row stride n
    const T *bias,                              // [width], or NULL
    const T *a, int64_t aRow, int64_t aColumn,  // [rows, k], strides aRow, aColumn
    const T *b, int64_t bRow,                   // [k, width], row stride bRow
    int64_t rows, int64_t width, int64_t k) {
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

// Copies a block of b to contiguous rows.
SLOPE_FN void LOCAL(pack)(
    T *panel,                                   // [depth, width]
    const T *b, int64_t bRow, int64_t bColumn,  // [depth, width], strides bRow, bColumn
    int64_t width, int64_t depth) {
  for (int64_t j = 0; j < width; j++) {
    for (int64_t p = 0; p < depth; p++) panel[p * width + j] = b[p * bRow + j * bColumn];
  }
}

// The sums of `rows` rows, as many of which are read at the same time as memory serves well, with the
// vector b, both contiguous along p: [rows] sums of the first multiple of DOT_LANES of k terms.
SLOPE_FN void LOCAL(dotLanes)(Accumulator *sums, const T *a, int64_t aRow, const T *b, int64_t k,
                              const int rows) {  // a constant, at most DOT_ROWS
  Accumulator lanes[DOT_ROWS][DOT_LANES];
  for (int r = 0; r < rows; r++) {
    for (int lane = 0; lane < DOT_LANES; lane++) lanes[r][lane] = 0;
  }
  for (int64_t p = 0; p + DOT_LANES <= k; p += DOT_LANES) {
    for (int r = 0; r < rows; r++) {
      for (int lane = 0; lane < DOT_LANES; lane++) {
        lanes[r][lane] =
            MULTIPLY_ADD(lanes[r][lane], WIDEN(a[r * aRow + p + lane]), WIDEN(b[p + lane]));
      }
    }
  }
  for (int r = 0; r < rows; r++) {
    sums[r] = 0;
    for (int lane = 0; lane < DOT_LANES; lane++) sums[r] = ADD(sums[r], lanes[r][lane]);
  }
}

// Rows first ..< last of a product with one column.
static void LOCAL(dotProducts)(
    T *out,         // [m]
    const T *a,     // [m, k], strides aRow, aColumn
    const T *b,     // [k], stride bRow
    const T *bias,  // [1], or NULL
    int64_t first, int64_t last, int64_t k, int64_t aRow, int64_t aColumn, int64_t bRow) {
  bool byLanes = aColumn == 1 && bRow == 1 && k >= DOT_LANES;
  for (int64_t i = first; i < last; i += DOT_ROWS) {
    int rows = (int)slope_min(DOT_ROWS, last - i);
    Accumulator sums[DOT_ROWS] = {0};
    if (byLanes && rows == DOT_ROWS) {
      LOCAL(dotLanes)(sums, a + i * aRow, aRow, b, k, DOT_ROWS);
    } else if (byLanes) {
      for (int r = 0; r < rows; r++) LOCAL(dotLanes)(sums + r, a + (i + r) * aRow, aRow, b, k, 1);
    }
    for (int r = 0; r < rows; r++) {
      const T *row = a + (i + r) * aRow;
      Accumulator sum = sums[r];
      for (int64_t p = byLanes ? k - k % DOT_LANES : 0; p < k; p++) {
        sum = MULTIPLY_ADD(sum, WIDEN(row[p * aColumn]), WIDEN(b[p * bRow]));
      }
      if (bias != NULL) sum = ADD(sum, WIDEN(bias[0]));
      out[i + r] = NARROW(sum);
    }
  }
}

static void LOCAL(matmul)(
    void *outData,         // [m, n], of which rows first ..< last are written
    const void *aData,     // [m, k], strides aRow, aColumn
    const void *bData,     // [k, n], strides bRow, bColumn
    const void *biasData,  // [n], or NULL
    int64_t first, int64_t last, int64_t n, int64_t k,
    int64_t aRow, int64_t aColumn, int64_t bRow, int64_t bColumn,
    bool inOrder) {        // no lanes, whatever n is
  T *out = outData;
  const T *a = aData, *b = bData, *bias = biasData;
  if (n == 1 && !inOrder) {
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
    // Too deep for one panel: each tile keeps its sums while the next panel is packed.
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

// destination[i] += source[i]: both are [count].
static void LOCAL(accumulate)(void *destination, const void *source, int64_t count) {
  T *ds = destination;
  const T *ss = source;
  VECTORIZE for (int64_t i = 0; i < count; i++) {
    ds[i] = NARROW(ADD(WIDEN(ds[i]), WIDEN(ss[i])));
  }
}

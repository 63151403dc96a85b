// Softmax and the matrix product: divides whole rows among the threads.
//
// The loops are those of type_softmax.h and type_matmul.h, at the level in use; slope_kernels.h
// describes the arguments. A block of parallel work depends on the shape alone:
//   softmax   one row, or as many as have SLOPE_GRAIN / 2 elements together
//   matmul    a multiple of 8 rows, with about MATMUL_GRAIN multiplications or more
//
// References: ReferenceBackend.softmax, .matmul (Tests/TestSupport).
#include "kernels.h"

typedef struct {
  const SlopeType *type;
  bool logarithm;
  char *destination;
  const char *source;
  int64_t rowSize;  // bytes of a row
  int64_t count;    // elements of a row
} Softmax;

static void softmaxRange(void *context, int64_t start, int64_t end) {
  const Softmax *softmax = context;
  softmax->type->softmax(softmax->logarithm, softmax->destination + start * softmax->rowSize,
                         softmax->source + start * softmax->rowSize, end - start, softmax->count);
}

void slope_softmax(bool logarithm, SlopeDType dtype, void *destination, const void *source,
                   int64_t rows, int64_t count) {
  if (count <= 0) return;
  Softmax softmax = {slope_type(dtype), logarithm, destination, source,
                     count * slope_sizes[dtype], count};
  slope_for_ranges(rows, slope_max(SLOPE_GRAIN / 2 / count, 1), softmaxRange, &softmax);
}

enum { MATMUL_GRAIN = 1 << 17 };  // multiplications in a block of parallel work

typedef struct {
  const SlopeType *type;
  void *out;                                   // [m, n]
  const void *a, *b, *bias;                    // [m, k], [k, n], [n] or NULL
  int64_t n, k, aRow, aColumn, bRow, bColumn;  // extents; strides of a and b
  bool inOrder;
} Product;

static void matmulRange(void *context, int64_t start, int64_t end) {
  const Product *x = context;
  x->type->matmul(x->out, x->a, x->b, x->bias, start, end, x->n, x->k, x->aRow, x->aColumn,
                  x->bRow, x->bColumn, x->inOrder);
}

void slope_matmul(SlopeDType dtype, void *out, const void *a, const void *b, const void *bias,
                  int64_t m, int64_t n, int64_t k, int64_t aRow, int64_t aColumn, int64_t bRow,
                  int64_t bColumn, bool inOrder) {
  if (n <= 0) return;
  Product product = {slope_type(dtype), out, a, b, bias, n, k, aRow, aColumn, bRow, bColumn,
                     inOrder};
  // Rounded up to a multiple of 8: two register tiles of 4 rows.
  int64_t rows = slope_max(MATMUL_GRAIN / slope_max(n * k, 1), 1);
  slope_for_ranges(m, (rows + 7) & ~(int64_t)7, matmulRange, &product);
}

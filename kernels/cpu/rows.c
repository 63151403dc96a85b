// Softmax and the matrix product: whole rows shared among the threads.
#include "kernels.h"

typedef struct {
  const SlopeType *type;
  bool logarithm;
  char *destination;
  const char *source;
  int64_t rowSize, count;
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

enum { MATMUL_GRAIN = 1 << 17 };  // multiplications of a block

typedef struct {
  const SlopeType *type;
  void *out;
  const void *a, *b, *bias;
  int64_t n, k, aRow, aColumn, bRow, bColumn;
} Product;

static void matmulRange(void *context, int64_t start, int64_t end) {
  const Product *x = context;
  x->type->matmul(x->out, x->a, x->b, x->bias, start, end, x->n, x->k, x->aRow, x->aColumn,
                  x->bRow, x->bColumn);
}

void slope_matmul(SlopeDType dtype, void *out, const void *a, const void *b, const void *bias,
                  int64_t m, int64_t n, int64_t k, int64_t aRow, int64_t aColumn, int64_t bRow,
                  int64_t bColumn) {
  if (n <= 0) return;
  Product product = {slope_type(dtype), out, a, b, bias, n, k, aRow, aColumn, bRow, bColumn};
  // Blocks of whole register tiles.
  int64_t rows = slope_max(MATMUL_GRAIN / slope_max(n * k, 1), 1);
  slope_for_ranges(m, (rows + 7) & ~(int64_t)7, matmulRange, &product);
}

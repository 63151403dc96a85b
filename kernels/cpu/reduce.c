// Reductions of a nest whose last axes are reduced, for every type. This file chooses the order in
// which the nest is read, divides the work among threads, and runs the prologue tile by tile
// (program.h); the loops over values are type_reduce.h and type_columns.h, at the level in use.
// slope_kernels.h describes the arguments of slope_reduce.
//
// Rows: the nest is read in its order, so that each kept element is one run of values.
//
//              reduced values ->
//   kept   0   |===============|     reduced <= tile: shortRows, several rows to a tile
//          1   |===============|
//          …                         reduced > tile: longRowSplits, piece by piece into a partial
//          0   |=====|=====|=====|=====|=====|==|
//              |<- split 0 ->|<- split 1 ->| …     several splits, each a multiple of a tile, if
//                                                  fewer than FEW_ITEMS results have many values
//
// Columns: if memory is contiguous along a kept axis (the sum of a matrix over its rows), that axis
// is moved to the end, and whole rows are added to a line of totals.
//
//                       width ->
//   outer 0   reduced   | block 0  | block 1  | …     columnBlocks blocks of blockWidth columns
//                |      |   |      |   |      |
//                v      |   v      |   v      |       split 0: rows 0 ..< splitLength
//                       |----------|----------|
//                       |   |      |   |      |       split 1 …
//                       |   v      |   v      |
//             totals    |==========|==========|       splits are merged in their order
//
// An item of parallel work is one split of one row, or of one block of columns of one outer index.
// Items depend on the shape alone, so that the result does not depend on the number of threads.
//
// One small contiguous operand without a prologue needs neither plan nor threads (reduceDirectly).
// Reference: ReferenceBackend.reduce (Tests/TestSupport).
#include <stdlib.h>

#include "program.h"

enum {
  MAXIMUM_SPLITS = 64,   // of the reduced extent
  FEW_ITEMS = 8,         // with fewer independent results than this, the reduced extent is split
  COLUMN_BLOCK = 512,    // columns of a block, if a line of totals is longer than a tile
  ROWS_AT_ONCE = 64,     // rows that are added in one call, if they are read in place
};

typedef struct {
  SlopeReduction kind;
  const SlopeType *type;
  SlopeDType carrier;  // the type of finished results (kernels.h), before the cast to the output's
  const SlopeOperand *output;
  SlopePlan plan;
  // Rows: [kept, reduced]. Columns: [outer, reduced, width], where outer · width = kept.
  int64_t kept, reduced, outer, width;
  int64_t blockWidth, columnBlocks;  // columns of a block; blocks of a line
  int64_t splitLength, splits;       // values (or rows) of a split; splits of the reduced extent
  SlopePartial *partials;            // rows: [kept, splits]
  // Columns: [outer · columnBlocks, splits] lines, each of blockWidth totals and then blockWidth
  // compensations or positions, 8 bytes each.
  char *lines;
} Reduction;

static bool isFloating(SlopeDType dtype) {
  return dtype == SlopeDType_float32 || dtype == SlopeDType_float64;
}

static SlopeDType carrierType(SlopeReduction kind, SlopeDType compute) {
  switch (kind) {
    case SlopeReduction_sum:
    case SlopeReduction_product:
      if (isFloating(compute)) return SlopeDType_float64;
      return compute <= SlopeDType_uint64 ? SlopeDType_uint64 : SlopeDType_int64;
    case SlopeReduction_mean: return SlopeDType_float64;
    case SlopeReduction_maximum:
    case SlopeReduction_minimum: return compute;
    case SlopeReduction_argMaximum:
    case SlopeReduction_argMinimum: return SlopeDType_int64;
  }
}

// Casts carriers [count] to the output's elements from position `at`.
static void store(const Reduction *r, int64_t at, const void *carriers, int64_t count) {
  slope_type(r->output->dtype)
      ->from[r->carrier]((char *)r->output->data + at * slope_sizes[r->output->dtype], carriers,
                         count);
}

// The values `start ..< start + count` of the nest, after the prologue; valid until the next call.
static const void *values(SlopeMachine *machine, int64_t start, int64_t count) {
  slope_machine_run(machine, start, count);
  return machine->registers[machine->plan->program->outputs[0]];
}

// MARK: Rows

// Rows start ..< end, each of at most a tile.
static void shortRows(void *context, int64_t start, int64_t end) {
  const Reduction *r = context;
  SLOPE_MACHINE(machine, &r->plan);
  uint64_t carriers[SLOPE_TILE];
  int64_t rowsPerTile = r->plan.tile / r->reduced;
  for (int64_t row = start; row < end; row += rowsPerTile) {
    int64_t rows = slope_min(rowsPerTile, end - row);
    const void *x = values(&machine, row * r->reduced, rows * r->reduced);
    r->type->reduceRows(r->kind, x, rows, r->reduced, carriers);
    store(r, row, carriers, rows);
  }
}

// Items start ..< end: split item % splits of row item / splits.
static void longRowSplits(void *context, int64_t start, int64_t end) {
  const Reduction *r = context;
  SLOPE_MACHINE(machine, &r->plan);
  for (int64_t item = start; item < end; item++) {
    int64_t row = item / r->splits, at = item % r->splits * r->splitLength;
    int64_t stop = slope_min(at + r->splitLength, r->reduced);
    SlopePartial partial;
    r->type->partialBegin(r->kind, &partial);
    for (; at < stop; at += r->plan.tile) {
      int64_t n = slope_min(r->plan.tile, stop - at);
      r->type->partialAdd(r->kind, &partial, values(&machine, row * r->reduced + at, n), at, n);
    }
    if (r->splits > 1) {
      r->partials[item] = partial;
    } else {
      uint64_t carrier;
      r->type->partialFinish(r->kind, &partial, r->reduced, &carrier);
      store(r, row, &carrier, 1);
    }
  }
}

// Sets the length and number of splits: one, unless few results have many values each.
static void chooseSplits(Reduction *r,
                         int64_t items,   // independent results: rows, or blocks of columns
                         int64_t unit) {  // elements for each step of the reduced extent
  r->splitLength = r->reduced;
  r->splits = 1;
  if (items >= FEW_ITEMS || r->reduced * unit <= 2 * SLOPE_GRAIN) return;
  int64_t wanted = slope_min(r->reduced * unit / SLOPE_GRAIN, MAXIMUM_SPLITS);
  int64_t length = (r->reduced - 1) / wanted + 1;
  if (unit == 1) length = (length + SLOPE_TILE - 1) / SLOPE_TILE * SLOPE_TILE;
  r->splitLength = length;
  r->splits = (r->reduced - 1) / length + 1;
}

static void reduceRowsOfNest(Reduction *r) {
  if (r->reduced <= r->plan.tile) {
    slope_for_ranges(r->kept, slope_max(SLOPE_GRAIN / r->reduced, 1), shortRows, r);
    return;
  }
  chooseSplits(r, r->kept, 1);
  if (r->splits == 1) {
    slope_for_ranges(r->kept, slope_max(SLOPE_GRAIN / r->reduced, 1), longRowSplits, r);
    return;
  }
  SlopePartial partials[FEW_ITEMS * MAXIMUM_SPLITS];
  r->partials = partials;
  slope_for_ranges(r->kept * r->splits, 1, longRowSplits, r);
  for (int64_t row = 0; row < r->kept; row++) {
    SlopePartial *total = &partials[row * r->splits];
    for (int64_t split = 1; split < r->splits; split++) {
      r->type->partialMerge(r->kind, total, &total[split]);
    }
    uint64_t carrier;
    r->type->partialFinish(r->kind, total, r->reduced, &carrier);
    store(r, row, &carrier, 1);
  }
}

// MARK: Columns

// Whether the values are one contiguous operand, which needs no tile.
static bool isInPlace(const SlopePlan *plan) {
  const SlopeSource *source = &plan->sources[0];
  return plan->program->instructionCount == 0 && source->rank == 0 && !source->converts;
}

// Reduces rows `first ..< last` of one block of columns.
static void addColumns(const Reduction *r, SlopeMachine *machine,
                       char *primary, char *secondary,  // [width] each, 8 bytes a column
                       int64_t outer,
                       int64_t column, int64_t width,   // the block: column ..< column + width
                       int64_t first, int64_t last) {
  r->type->columnsBegin(r->kind, primary, secondary, width);
  bool inPlace = isInPlace(&r->plan);
  int64_t rowsAtOnce = inPlace ? ROWS_AT_ONCE
                               : width == r->width ? slope_max(r->plan.tile / width, 1) : 1;
  for (int64_t row = first; row < last; row += rowsAtOnce) {
    int64_t rows = slope_min(rowsAtOnce, last - row);
    int64_t start = (outer * r->reduced + row) * r->width + column;
    const void *x = inPlace ? r->plan.sources[0].data + start * r->plan.elementSize
                            : values(machine, start, rows * width);
    r->type->columnsAdd(r->kind, primary, secondary, x, row, rows, width,
                        inPlace ? r->width : width, row == first);
  }
}

// Finishes the totals of a block of columns and writes its results.
static void finishColumns(const Reduction *r, char *primary, char *secondary, int64_t outer,
                          int64_t column, int64_t width) {
  r->type->columnsFinish(r->kind, primary, secondary, width, r->reduced);
  store(r, outer * r->width + column, primary, width);
}

// Items start ..< end, numbered [outer, columnBlocks, splits].
static void columnItems(void *context, int64_t start, int64_t end) {
  const Reduction *r = context;
  SLOPE_MACHINE(machine, &r->plan);
  _Alignas(64) char primary[SLOPE_TILE * 8], secondary[SLOPE_TILE * 8];
  for (int64_t item = start; item < end; item++) {
    int64_t split = item % r->splits, rest = item / r->splits;
    int64_t column = rest % r->columnBlocks * r->blockWidth, outer = rest / r->columnBlocks;
    int64_t width = slope_min(r->blockWidth, r->width - column);
    int64_t first = split * r->splitLength;
    int64_t last = slope_min(first + r->splitLength, r->reduced);
    if (r->splits > 1) {
      char *line = r->lines + item * r->blockWidth * 16;
      addColumns(r, &machine, line, line + r->blockWidth * 8, outer, column, width, first, last);
    } else {
      addColumns(r, &machine, primary, secondary, outer, column, width, first, last);
      finishColumns(r, primary, secondary, outer, column, width);
    }
  }
}

static void reduceColumns(Reduction *r) {
  int64_t widest = isInPlace(&r->plan) ? SLOPE_TILE : slope_min(COLUMN_BLOCK, r->plan.tile);
  r->blockWidth = r->width <= slope_max(widest, r->plan.tile) ? r->width : widest;
  r->columnBlocks = (r->width - 1) / r->blockWidth + 1;
  int64_t groups = r->outer * r->columnBlocks;
  chooseSplits(r, groups, r->blockWidth);
  if (r->splits > 1) {
    r->lines = malloc((size_t)(groups * r->splits * r->blockWidth * 16));
    if (r->lines == NULL) {
      r->splits = 1;
      r->splitLength = r->reduced;
    }
  }
  int64_t itemSize = slope_max(r->splitLength * r->blockWidth, 1);
  slope_for_ranges(groups * r->splits, slope_max(SLOPE_GRAIN / itemSize, 1), columnItems, r);
  if (r->splits == 1) return;
  for (int64_t group = 0; group < groups; group++) {
    int64_t column = group % r->columnBlocks * r->blockWidth;
    int64_t width = slope_min(r->blockWidth, r->width - column);
    int64_t half = r->blockWidth * 8;
    char *total = r->lines + group * r->splits * 2 * half;
    for (int64_t split = 1; split < r->splits; split++) {
      char *next = total + split * 2 * half;
      r->type->columnsMerge(r->kind, total, total + half, next, next + half, width);
    }
    finishColumns(r, total, total + half, group / r->columnBlocks, column, width);
  }
  free(r->lines);
}

// MARK: Choosing

// A nest with explicit strides for every operand: `keptRank` kept axes, then the reduced ones.
typedef struct {
  int rank, keptRank, operandCount;
  int64_t shape[SLOPE_MAX_RANK];
  int64_t strides[SLOPE_MAX_OPERANDS][SLOPE_MAX_RANK];
} Nest;

// Copies the nest without axes of extent 1, and joins adjacent axes, both kept or both reduced, if
// all operands allow it: [4, 3] with strides [3, 1] becomes [12] with stride 1.
static void makeNest(Nest *nest, const SlopeOperand *inputs, int operandCount, int rank,
                     int keptRank, const int64_t *shape) {
  int64_t natural[SLOPE_MAX_RANK], step = 1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    natural[axis] = step;
    step *= shape[axis];
  }
  nest->operandCount = operandCount;
  nest->rank = nest->keptRank = 0;
  for (int axis = 0; axis < rank; axis++) {
    if (shape[axis] == 1) continue;
    int64_t current[SLOPE_MAX_OPERANDS];
    int last = nest->rank - 1;
    bool joins = last >= 0 && (axis < keptRank || last >= nest->keptRank);
    for (int i = 0; i < operandCount; i++) {
      current[i] = (inputs[i].strides == NULL ? natural : inputs[i].strides)[axis];
      joins = joins && nest->strides[i][last] == current[i] * shape[axis];
    }
    int at = joins ? last : nest->rank++;
    nest->shape[at] = joins ? nest->shape[at] * shape[axis] : shape[axis];
    for (int i = 0; i < operandCount; i++) nest->strides[i][at] = current[i];
    if (axis < keptRank) nest->keptRank = nest->rank;
  }
}

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

// Whether most operands have a smaller stride along the last kept axis than along the last reduced
// one.
static bool prefersColumns(const Nest *nest) {
  if (nest->keptRank == 0 || nest->keptRank == nest->rank) return false;
  int votes = 0;
  for (int i = 0; i < nest->operandCount; i++) {
    int64_t kept = magnitude(nest->strides[i][nest->keptRank - 1]);
    int64_t reduced = magnitude(nest->strides[i][nest->rank - 1]);
    if (kept == 0 || reduced == 0) continue;
    votes += kept < reduced ? 1 : -1;
  }
  return votes > 0;
}

// Moves the last kept axis after the reduced ones.
static void moveKeptAxisLast(Nest *nest) {
  int from = nest->keptRank - 1, last = nest->rank - 1;
  int64_t extent = nest->shape[from];
  memmove(&nest->shape[from], &nest->shape[from + 1], (size_t)(last - from) * sizeof(int64_t));
  nest->shape[last] = extent;
  for (int i = 0; i < nest->operandCount; i++) {
    int64_t *strides = nest->strides[i], stride = strides[from];
    memmove(&strides[from], &strides[from + 1], (size_t)(last - from) * sizeof(int64_t));
    strides[last] = stride;
  }
}

// Reduces one small contiguous operand of the compute type, without a plan; false if it is not
// that.
static bool reduceDirectly(const Reduction *r, const SlopeOperand *input) {
  if (input->strides != NULL || slope_sizes[input->dtype] != r->plan.elementSize) return false;
  if (r->kept * r->reduced > SLOPE_GRAIN) return false;
  uint64_t carriers[SLOPE_TILE / 8];
  for (int64_t row = 0; row < r->kept; row += SLOPE_TILE / 8) {
    int64_t rows = slope_min(SLOPE_TILE / 8, r->kept - row);
    const char *x = (const char *)input->data + row * r->reduced * r->plan.elementSize;
    r->type->reduceRows(r->kind, x, rows, r->reduced, carriers);
    store(r, row, carriers, rows);
  }
  return true;
}

// The results of empty rows.
static void reduceNothing(const Reduction *r) {
  SlopePartial partial;
  uint64_t carrier;
  r->type->partialBegin(r->kind, &partial);
  r->type->partialFinish(r->kind, &partial, 0, &carrier);
  for (int64_t i = 0; i < r->kept; i++) store(r, i, &carrier, 1);
}

void slope_reduce(SlopeReduction kind, const SlopeProgram *prologue, const SlopeOperand *inputs,
                  const uint64_t *scalars, const SlopeOperand *output, int rank, int reducedRank,
                  const int64_t *shape) {
  int keptRank = rank - reducedRank;
  SlopeDType compute =
      prologue != NULL ? prologue->compute : slope_compute_dtype(inputs[0].dtype);
  Reduction r;
  r.kind = kind;
  r.type = slope_type(compute);
  r.carrier = carrierType(kind, compute);
  r.output = output;
  r.kept = slope_extent_product(keptRank, shape);
  r.reduced = slope_extent_product(reducedRank, shape + keptRank);
  r.plan.elementSize = slope_sizes[compute];
  if (r.kept <= 0) return;
  if (r.reduced <= 0) {
    reduceNothing(&r);
    return;
  }
  if (prologue == NULL && reduceDirectly(&r, inputs)) return;
  static const uint16_t first = 0;
  SlopeProgram identity = {
      .compute = compute, .inputCount = 1, .outputCount = 1, .outputs = &first};
  if (prologue == NULL) prologue = &identity;
  Nest nest;
  makeNest(&nest, inputs, prologue->inputCount, rank, keptRank, shape);
  bool byColumns = prefersColumns(&nest);
  if (byColumns) {
    r.width = nest.shape[nest.keptRank - 1];
    r.outer = r.kept / r.width;
    moveKeptAxisLast(&nest);
  }
  SlopeOperand operands[SLOPE_MAX_OPERANDS];
  for (int i = 0; i < prologue->inputCount; i++) {
    operands[i] = (SlopeOperand){inputs[i].data, nest.strides[i], inputs[i].dtype};
  }
  slope_plan_make(&r.plan, prologue, operands, scalars, NULL, nest.rank, nest.shape,
                  r.kept * r.reduced);
  if (byColumns) {
    reduceColumns(&r);
  } else {
    reduceRowsOfNest(&r);
  }
}

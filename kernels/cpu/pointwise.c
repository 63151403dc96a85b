// Pointwise programs and single primitives, for every type at the level in use. slope_kernels.h
// describes the arguments.
//
//   slope_pointwise   one instruction, operands contiguous and of the compute type: its loop of
//                       type_pointwise.h over the whole operands (applyDirectly)
//                     else: tile by tile through all instructions (program.h)
//   slope_apply       one loop on the calling thread; 16-bit floats are widened tile by tile
//
// Parallel work is divided into blocks that do not depend on the number of threads.
//
// References: ReferenceBackend.pointwise (Tests/TestSupport), KernelReference
// (Tests/SlopeCoreTests/Kernels).
#include "program.h"

typedef struct {
  SlopeKernel kernel;
  char *destination;      // [count] of `size` bytes, as are the operands
  const char *a, *b, *c;  // of primitives with fewer operands, b and c repeat a
  int size;
} Application;

static void applyRange(void *context, int64_t start, int64_t end) {
  const Application *application = context;
  int64_t offset = start * application->size;
  application->kernel(application->destination + offset, application->a + offset,
                      application->b + offset, application->c + offset, end - start);
}

// The memory of register `number` if a kernel can use it without a copy, else NULL.
static const void *directOperand(const SlopeProgram *program, const SlopeOperand *inputs,
                                 int number, int64_t count) {
  if (number >= program->inputCount) return NULL;
  const SlopeOperand *input = &inputs[number];
  bool isComputed = slope_compute_dtype(input->dtype) == program->compute &&
                    slope_sizes[input->dtype] == slope_sizes[program->compute];
  return isComputed && (input->strides == NULL || count == 1) ? input->data : NULL;
}

// Runs a program of one instruction if its operands need no copy; false if they do.
static bool applyDirectly(const SlopeProgram *program, const SlopeOperand *inputs,
                          const SlopeOperand *output, int64_t count) {
  const SlopeInstruction *step = program->instructions;
  if (output->dtype != program->compute || program->outputs[0] != step->destination) return false;
  int arity = slope_primitive_arity(step->primitive);
  const void *a = directOperand(program, inputs, step->a, count), *b = a, *c = a;
  if (arity > 1) b = directOperand(program, inputs, step->b, count);
  if (arity > 2) c = directOperand(program, inputs, step->c, count);
  if (a == NULL || b == NULL || c == NULL) return false;
  SlopeKernel kernel = slope_type(program->compute)->apply[step->primitive];
  if (count <= SLOPE_GRAIN) {
    kernel(output->data, a, b, c, count);
  } else {
    Application application = {kernel, output->data, a, b, c, slope_sizes[program->compute]};
    slope_for_ranges(count, SLOPE_GRAIN, applyRange, &application);
  }
  return true;
}

static void runRange(void *context, int64_t start, int64_t end) {
  const SlopePlan *plan = context;
  SLOPE_MACHINE(machine, plan);
  for (int64_t at = start; at < end; at += plan->tile) {
    slope_machine_run(&machine, at, slope_min(plan->tile, end - at));
  }
}

void slope_pointwise(const SlopeProgram *program, const SlopeOperand *inputs,
                     const uint64_t *scalars, const SlopeOperand *outputs, int rank,
                     const int64_t *shape) {
  int64_t count = slope_extent_product(rank, shape);
  if (count <= 0) return;
  if (program->instructionCount == 1 && program->outputCount == 1 &&
      applyDirectly(program, inputs, outputs, count)) {
    return;
  }
  SlopePlan plan;
  slope_plan_make(&plan, program, inputs, scalars, outputs, rank, shape, count);
  // More instructions make parallel work worthwhile for fewer elements.
  int64_t steps = slope_max(program->instructionCount, 1);
  int64_t tiles = slope_max(SLOPE_GRAIN / SLOPE_TILE / steps, 4);
  slope_for_ranges(count, tiles * SLOPE_TILE, runRange, &plan);
}

void slope_apply(SlopePrimitive primitive, SlopeDType dtype, void *destination, const void *a,
                 const void *b, const void *c, int64_t count) {
  SlopeDType compute = slope_compute_dtype(dtype);
  if (slope_sizes[dtype] == slope_sizes[compute]) {
    slope_type(compute)->apply[primitive](destination, a, b, c, count);
    return;
  }
  const SlopeType *narrow = slope_type(dtype), *wide = slope_type(compute);
  const char *operands[3] = {a, b, c};
  float tiles[3][SLOPE_TILE];
  int arity = slope_primitive_arity(primitive);
  for (int64_t start = 0; start < count; start += SLOPE_TILE) {
    int64_t n = slope_min(SLOPE_TILE, count - start);
    for (int i = 0; i < arity; i++) wide->from[dtype](tiles[i], operands[i] + 2 * start, n);
    wide->apply[primitive](tiles[0], tiles[0], tiles[1], tiles[2], n);
    narrow->from[compute]((char *)destination + 2 * start, tiles[0], n);
  }
}

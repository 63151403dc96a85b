// Plans and machines; program.h describes them, their arguments and their reference.
//
// For every compute type at the level in use. The tiles of a machine, each `tileSize` bytes:
//
//   storage  | inputs that need one | scalars | constants | temporaries | staging |
//              ^ aligned to 64                                            8 bytes an element, if
//                                                                         needed to convert a
//                                                                         strided input
//
//   tile     SLOPE_TILE elements, or STREAM_TILE of operands that no cache holds, so that the
//            processor reads a tile while it computes the one before; halved until all tiles fit in
//            TILE_BYTES, but at least SMALLEST_TILE; for a smaller nest its count, rounded up to a
//            multiple of 8
//
// An update in place (an output that is the memory of an input) must not destroy elements that
// later instructions read: placeOutputs then copies the input to a tile.
#include "program.h"

// The tiles of a machine are on a thread's stack. With the largest number of tiles that a program
// may have (1024, Assembler.swift), all of 8 bytes an element, the smallest tiles take 130 KiB.
// TILE_BYTES leave room in the first-level cache for the operands that are read in place: the
// derivative of a hidden layer of RealMLP takes a sixth longer with 96 KiB.
enum { TILE_BYTES = 32 << 10, SMALLEST_TILE = 16, STREAM_TILE = 128, STREAM_COUNT = 1 << 21 };

// Joins adjacent axes that are one run: [4, 3] with strides [3, 1] is contiguous, [4, 3] with
// strides [6, 2] becomes [12] with stride 2.
void slope_source_make(SlopeSource *source, const SlopeOperand *operand, int rank,
                       const int64_t *shape) {
  source->data = operand->data;
  source->dtype = operand->dtype;
  source->rank = 0;
  source->size = slope_sizes[operand->dtype];
  source->isConstant = false;
  source->converts = false;
  source->isCopied = false;
  if (operand->strides == NULL) return;
  int used = 0;
  for (int axis = 0; axis < rank; axis++) {
    if (shape[axis] == 1) continue;
    int64_t extent = shape[axis], stride = operand->strides[axis];
    if (used > 0 && source->strides[used - 1] == stride * extent) {
      source->shape[used - 1] *= extent;
      source->strides[used - 1] = stride;
    } else {
      source->shape[used] = extent;
      source->strides[used] = stride;
      used++;
    }
  }
  if (used == 0 || (used == 1 && source->strides[0] == 1)) return;
  source->rank = used;
  source->isConstant = used == 1 && source->strides[0] == 0;
}

// Whether two blocks of memory, of aSize and bSize bytes, have a byte in common.
static bool overlap(const void *a, int64_t aSize, const void *b, int64_t bSize) {
  uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
  return x < y + (uintptr_t)bSize && y < x + (uintptr_t)aSize;
}

// Whether input `input` may be read after output register `output` was written.
static bool isReadAfter(const SlopeProgram *program, int input, int output) {
  for (int o = 0; o < program->outputCount; o++) {
    if (program->outputs[o] == input) return true;
  }
  bool written = false;
  for (int i = 0; i < program->instructionCount; i++) {
    const SlopeInstruction *step = &program->instructions[i];
    int arity = slope_primitive_arity(step->primitive);
    if (written && (step->a == input || (arity > 1 && step->b == input) ||
                    (arity > 2 && step->c == input))) {
      return true;
    }
    written |= step->destination == output;
  }
  return false;
}

// Chooses the outputs that instructions write directly to memory, and marks the inputs to copy,
// because an output would overwrite them before they are read.
static void placeOutputs(SlopePlan *plan, int64_t count) {
  const SlopeProgram *program = plan->program;
  int firstTemporary = program->inputCount + program->scalarCount + program->constantCount;
  for (int o = 0; o < program->outputCount; o++) {
    const SlopeOperand *output = &plan->outputs[o];
    int number = program->outputs[o];
    bool isPlaced = number >= firstTemporary && output->dtype == program->compute;
    for (int earlier = 0; isPlaced && earlier < o; earlier++) {
      isPlaced = program->outputs[earlier] != number;
    }
    if (isPlaced) plan->placed |= (uint16_t)(1u << o);
    int64_t outputSize = count * slope_sizes[output->dtype];
    for (int i = 0; i < program->inputCount; i++) {
      SlopeSource *source = &plan->sources[i];
      if (source->rank != 0 || source->converts) continue;
      if (!overlap(output->data, outputSize, source->data, count * plan->elementSize)) continue;
      source->isCopied |= isReadAfter(program, i, isPlaced ? number : -1);
    }
  }
}

void slope_plan_make(SlopePlan *plan, const SlopeProgram *program, const SlopeOperand *inputs,
                     const uint64_t *scalars, const SlopeOperand *outputs, int rank,
                     const int64_t *shape, int64_t count) {
  plan->program = program;
  plan->type = slope_type(program->compute);
  plan->outputs = outputs;
  plan->scalars = scalars;
  plan->elementSize = slope_sizes[program->compute];
  plan->placed = 0;
  int tiles = program->scalarCount + program->constantCount + program->temporaryCount;
  plan->registerCount = program->inputCount + tiles;
  plan->pointerCount = plan->registerCount + program->inputCount;
  for (int i = 0; i < program->inputCount; i++) {
    SlopeSource *source = &plan->sources[i];
    slope_source_make(source, &inputs[i], rank, shape);
    // Bool in memory is 0 or 1, which is its value as UInt8.
    source->converts = source->dtype != program->compute &&
                       !(source->dtype == SlopeDType_bool && plan->elementSize == 1);
  }
  if (outputs != NULL) placeOutputs(plan, count);
  bool isStaged = false;
  for (int i = 0; i < program->inputCount; i++) {
    const SlopeSource *source = &plan->sources[i];
    tiles += source->converts || source->rank != 0 || source->isCopied;
    isStaged |= source->converts && source->rank != 0;
  }
  int bytes = tiles * plan->elementSize + (isStaged ? 8 : 0);
  int tile = outputs != NULL && count >= STREAM_COUNT ? STREAM_TILE : SLOPE_TILE;
  while (tile > SMALLEST_TILE && tile * bytes > TILE_BYTES) tile /= 2;
  if (count < tile) tile = (int)slope_max((count + 7) & ~(int64_t)7, 8);
  plan->tile = tile;
  plan->tileSize = ((int64_t)tile * plan->elementSize + 63) & ~(int64_t)63;
  plan->storageSize = tiles * plan->tileSize + (isStaged ? 8 * tile : 0);
}

void slope_machine_start(SlopeMachine *machine, const SlopePlan *plan, void **registers,
                         char *storage) {
  const SlopeProgram *program = plan->program;
  machine->plan = plan;
  machine->registers = registers;
  machine->tiles = registers + plan->registerCount;
  int next = 0;
  for (int i = 0; i < program->inputCount; i++) {
    const SlopeSource *source = &plan->sources[i];
    next++;
    if (source->rank == 0 && !source->converts && !source->isCopied) continue;
    machine->tiles[i] = registers[i] = storage;
    if (source->isConstant) {
      uint64_t bits = 0;
      plan->type->from[source->dtype](&bits, source->data, 1);
      slope_fill_tile(storage, plan->elementSize, bits, plan->tile);
    }
    storage += plan->tileSize;
  }
  for (int i = 0; i < program->scalarCount; i++, storage += plan->tileSize) {
    slope_fill_tile(storage, plan->elementSize, plan->scalars[i], plan->tile);
    registers[next++] = storage;
  }
  for (int i = 0; i < program->constantCount; i++, storage += plan->tileSize) {
    slope_fill_tile(storage, plan->elementSize, program->constants[i], plan->tile);
    registers[next++] = storage;
  }
  for (int i = 0; i < program->temporaryCount; i++, storage += plan->tileSize) {
    registers[next++] = storage;
  }
  machine->staging = storage;
}

// Copies count elements of type E at a stride to consecutive ones.
#define COPY_RUN(E)                                                                      \
  {                                                                                      \
    E *to = destination;                                                                 \
    const E *from = source;                                                              \
    if (stride == 0) {                                                                   \
      for (int64_t i = 0; i < count; i++) to[i] = *from;                                 \
    } else {                                                                             \
      for (int64_t i = 0; i < count; i++) to[i] = from[i * stride];                      \
    }                                                                                    \
    break;                                                                               \
  }

static inline void copyRun(void *restrict destination,   // [count]
                           const void *restrict source,  // [count], by `stride`
                           int size,                     // bytes of an element
                           int64_t stride, int64_t count) {
  if (stride == 1) {
    memcpy(destination, source, (size_t)(count * size));
    return;
  }
  switch (size) {
    case 1: COPY_RUN(uint8_t)
    case 2: COPY_RUN(uint16_t)
    case 4: COPY_RUN(uint32_t)
    default: COPY_RUN(uint64_t)
  }
}

const void *slope_source_read(const SlopeSource *source, void *destination, int64_t start,
                              int64_t count) {
  int size = source->size, last = source->rank - 1;
  int64_t index[SLOPE_MAX_RANK], offset = 0, rest = start;
  for (int axis = last; axis > 0; axis--) {
    int64_t quotient = rest / source->shape[axis];
    index[axis] = rest - quotient * source->shape[axis];
    offset += index[axis] * source->strides[axis];
    rest = quotient;
  }
  index[0] = rest;
  offset += rest * source->strides[0];
  int64_t extent = source->shape[last], stride = source->strides[last];
  if (stride == 1 && index[last] + count <= extent) return source->data + offset * size;
  char *to = destination;
  for (;;) {
    int64_t run = slope_min(extent - index[last], count);
    copyRun(to, source->data + offset * size, size, stride, run);
    count -= run;
    if (count == 0) return destination;
    to += run * size;
    offset -= index[last] * stride;
    index[last] = 0;
    for (int axis = last - 1; axis >= 0; axis--) {
      offset += source->strides[axis];
      if (++index[axis] < source->shape[axis]) break;
      offset -= source->shape[axis] * source->strides[axis];
      index[axis] = 0;
    }
  }
}

void slope_machine_run(SlopeMachine *machine, int64_t start, int64_t count) {
  const SlopePlan *plan = machine->plan;
  const SlopeProgram *program = plan->program;
  void **registers = machine->registers;
  for (int i = 0; i < program->inputCount; i++) {
    const SlopeSource *source = &plan->sources[i];
    if (source->isConstant) continue;
    const void *raw = source->data + start * source->size;
    if (source->rank != 0) {
      raw = slope_source_read(
          source, source->converts ? machine->staging : machine->tiles[i], start, count);
    }
    if (source->converts) {
      plan->type->from[source->dtype](registers[i], raw, count);
    } else if (source->isCopied) {
      memcpy(registers[i], raw, (size_t)(count * plan->elementSize));
    } else {
      registers[i] = (void *)raw;
    }
  }
  for (int o = 0; plan->placed >> o != 0; o++) {
    if (plan->placed >> o & 1) {
      registers[program->outputs[o]] =
          (char *)plan->outputs[o].data + start * plan->elementSize;
    }
  }
  for (int i = 0; i < program->instructionCount; i++) {
    const SlopeInstruction *step = &program->instructions[i];
    plan->type->apply[step->primitive](registers[step->destination], registers[step->a],
                                       registers[step->b], registers[step->c], count);
  }
  for (int o = 0; plan->outputs != NULL && o < program->outputCount; o++) {
    if (plan->placed >> o & 1) continue;
    const SlopeOperand *output = &plan->outputs[o];
    slope_type(output->dtype)
        ->from[program->compute]((char *)output->data + start * slope_sizes[output->dtype],
                                 registers[program->outputs[o]], count);
  }
}

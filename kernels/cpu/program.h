// Running a register program over ranges of a loop nest, one tile at a time. Pointwise operations
// and the prologues of reductions share it.
//
// A plan is what all threads share: where each operand's elements lie. A machine is one thread's
// registers: pointers into memory where the operand is contiguous and of the compute type, else
// tiles, filled once for scalars, constants and fully broadcast operands, and per tile for the rest.
#ifndef SLOPE_CPU_PROGRAM_H
#define SLOPE_CPU_PROGRAM_H

#include "kernels.h"

// An operand with its own nest, the fewest axes that describe it.
typedef struct {
  const char *data;
  int64_t shape[SLOPE_MAX_RANK], strides[SLOPE_MAX_RANK];
  int rank;  // 0: contiguous
  int size;  // bytes of an element
  SlopeDType dtype;
  bool isConstant;  // one element, repeated
  bool converts;  // not of the compute type
  bool isCopied;  // read into a tile although it could be used in place
} SlopeSource;

typedef struct {
  const SlopeProgram *program;
  const SlopeType *type;
  const SlopeOperand *outputs;  // NULL: the caller reads the output register
  const uint64_t *scalars;
  int elementSize, tile;
  int registerCount, pointerCount;
  // Bytes of tiles of a machine, and of one tile.
  int64_t storageSize, tileSize;
  uint16_t placed;  // outputs (bits) whose register is the output's memory
  SlopeSource sources[SLOPE_MAX_OPERANDS];
} SlopePlan;

typedef struct {
  const SlopePlan *plan;
  void **registers;
  void **tiles;  // of the inputs that need one
  char *staging;  // a tile of raw elements before their conversion
} SlopeMachine;

// Fills `source` with the operand's nest, reduced to as few axes as possible.
void slope_source_make(SlopeSource *source, const SlopeOperand *operand, int rank,
                       const int64_t *shape);

// The raw elements `start ..< start + count` of a strided operand: a pointer to them in memory if
// they lie in one contiguous run, else a copy in `destination`.
const void *slope_source_read(const SlopeSource *source, void *destination, int64_t start,
                              int64_t count);

// `count`: the most elements that a machine will be asked for at once.
void slope_plan_make(SlopePlan *plan, const SlopeProgram *program, const SlopeOperand *inputs,
                     const uint64_t *scalars, const SlopeOperand *outputs, int rank,
                     const int64_t *shape, int64_t count);

// Prepares a machine on memory of the caller: `pointerCount` pointers, `storageSize` bytes aligned
// to 64.
void slope_machine_start(SlopeMachine *machine, const SlopePlan *plan, void **registers,
                         char *storage);

// Runs the program for elements `start ..< start + count` of the nest, at most a tile; without
// outputs, the values are in `registers[program->outputs[0]]` until the next call.
void slope_machine_run(SlopeMachine *machine, int64_t start, int64_t count);

// Memory for a machine on the stack of the calling function.
#define SLOPE_MACHINE(NAME, PLAN)                                                             \
  void *NAME##Registers[(PLAN)->pointerCount];                                                \
  char NAME##Storage[(PLAN)->storageSize + 64];                                               \
  SlopeMachine NAME;                                                                          \
  slope_machine_start(&NAME, PLAN, NAME##Registers,                                           \
                      (char *)(((uintptr_t)NAME##Storage + 63) & ~(uintptr_t)63))

#endif

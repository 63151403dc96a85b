// Runs a register program over ranges of a loop nest, one tile at a time. Pointwise operations and
// the prologues of reductions share it (pointwise.c, reduce.c).
//
// A plan is what all threads share: where each operand's elements lie. A machine is one thread's
// registers: pointers into memory where the operand is contiguous and of the compute type, else
// tiles, which are filled once for scalars, constants and fully broadcast operands, and for each
// tile of the nest for the others.
//
//   nest, flat   0        tile     2·tile                                          count
//                |---------|---------|---------|---------|---------|---------|------|
//                                    ^ start, at most `tile` elements a run
//
//   registers
//     inputs   contiguous, of the compute type   ---------->   the operand's memory + start
//              strided                           - read --->   tile
//              of another type                   - convert ->  tile (through `staging` if strided)
//     scalars, constants, broadcast elements     ---------->   tile, filled at the start
//     temporaries                                ---------->   tile, or the output's memory
//
// A tile has the same number of elements for every register: SLOPE_TILE, or fewer if a program has
// so many registers that they would not fit on a thread's stack (program.c).
//
// Reference: ReferenceProgram (Tests/TestSupport/ReferenceBackend+Reduce.swift), element by
// element.
#ifndef SLOPE_CPU_PROGRAM_H
#define SLOPE_CPU_PROGRAM_H

#include "kernels.h"

// An operand with its own nest: the fewest axes that describe it.
typedef struct {
  const char *data;                                         // the element at index 0 of every axis
  int64_t shape[SLOPE_MAX_RANK], strides[SLOPE_MAX_RANK];  // [rank]; strides count elements
  int rank;         // 0: contiguous
  int size;         // bytes of an element
  SlopeDType dtype;
  bool isConstant;  // one element, repeated
  bool converts;    // not of the compute type
  bool isCopied;    // read into a tile although it could be used in place
} SlopeSource;

typedef struct {
  const SlopeProgram *program;
  const SlopeType *type;         // the loops of the compute type
  const SlopeOperand *outputs;   // [outputCount]; NULL: the caller reads the output register
  const uint64_t *scalars;       // [scalarCount] bit patterns
  int elementSize;               // bytes of the compute type
  int tile;                      // elements of a tile
  int registerCount;
  int pointerCount;              // registers, and a tile pointer for each input
  int64_t storageSize;           // bytes of all tiles of a machine, and of its staging
  int64_t tileSize;              // bytes of one tile, a multiple of 64
  uint16_t placed;               // bit o: the register of output o is the output's memory
  SlopeSource sources[SLOPE_MAX_OPERANDS];  // [inputCount]
} SlopePlan;

typedef struct {
  const SlopePlan *plan;
  void **registers;  // [registerCount]: the current tile of each register
  void **tiles;      // [inputCount]: set for the inputs that need a tile
  char *staging;     // a tile of raw elements before their conversion
} SlopeMachine;

// Describes the operand's nest with as few axes as possible.
void slope_source_make(
    SlopeSource *source,
    const SlopeOperand *operand,
    int rank,
    const int64_t *shape);  // [rank] extents of the nest

// The raw elements `start ..< start + count` of a strided operand, in loop order: a pointer to them
// in memory if they are one contiguous run, else `destination`, into which they are copied.
const void *slope_source_read(
    const SlopeSource *source,
    void *destination,  // [count] of the operand's type
    int64_t start, int64_t count);

// The plan refers to the program, the scalars, the outputs and the memory of all operands, which
// must outlive it.
void slope_plan_make(
    SlopePlan *plan,
    const SlopeProgram *program,
    const SlopeOperand *inputs,   // [inputCount], each [shape] by its strides
    const uint64_t *scalars,      // [scalarCount]
    const SlopeOperand *outputs,  // [outputCount], each [shape], contiguous; or NULL
    int rank,
    const int64_t *shape,         // [rank] extents
    int64_t count);               // elements of the nest

// Prepares a machine on the caller's memory.
void slope_machine_start(
    SlopeMachine *machine,
    const SlopePlan *plan,
    void **registers,  // [pointerCount]
    char *storage);    // [storageSize] bytes, aligned to 64

// Runs the program for elements `start ..< start + count` of the nest, at most a tile. Without
// outputs, the values are in `registers[program->outputs[0]]` until the next call.
void slope_machine_run(SlopeMachine *machine, int64_t start, int64_t count);

// Declares a machine NAME with memory on the stack of the calling function.
#define SLOPE_MACHINE(NAME, PLAN)                                                             \
  void *NAME##Registers[(PLAN)->pointerCount];                                                \
  char NAME##Storage[(PLAN)->storageSize + 64];                                               \
  SlopeMachine NAME;                                                                          \
  slope_machine_start(&NAME, PLAN, NAME##Registers,                                           \
                      (char *)(((uintptr_t)NAME##Storage + 63) & ~(uintptr_t)63))

#endif

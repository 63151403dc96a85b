// OpenBLAS, loaded when the first product asks for it, and entered only where it has memory to work in.
//
// Loaded at run time and not linked, for two reasons. When it is loaded it starts a thread for each core,
// each with a buffer of 128 MiB; we want none of them, and only the environment of that moment can say so.
// And where the system has no memory for a buffer it asks again for ever, in those threads too, so that a
// limited program could not even end. A program that links OpenBLAS itself is served by its copy.
#ifndef SLOPE_OPENBLAS_H
#define SLOPE_OPENBLAS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum __attribute__((enum_extensibility(closed))) {
  SlopeOpenBLASState_ready,
  // Not a buffer can be had now; another time perhaps.
  SlopeOpenBLASState_withoutMemory,
  // No such library: see slope_openblas_problem.
  SlopeOpenBLASState_missing,
} SlopeOpenBLASState;

// Whether products can be computed: loads the library and has it map its first buffer where that was not
// done yet. Once ready, always ready.
SlopeOpenBLASState slope_openblas_prepare(void);

// What the system said about a library that is missing.
const char *_Nonnull slope_openblas_problem(void);

// The name of the kernels that the library chose for this machine, or NULL where it is not loaded.
const char *_Nullable slope_openblas_kernel(void);

// c = a · b (keeps: + c), row-major, transposed where said, on the calling thread alone. Waits while as
// many threads are inside as the library has buffers for and no further one can be had. Where the process
// has set OpenBLAS to more threads it has one until the last call of ours ends, then what it had.
//
// Precondition: slope_openblas_prepare has answered ready.
void slope_openblas_multiply(bool isDouble, bool transposesA, bool transposesB, int m, int n, int k,
                             const void *_Nonnull a, int aStep, const void *_Nonnull b, int bStep,
                             bool keeps, void *_Nonnull c, int cStep);

// For tests: how many buffers the library has for us.
int slope_openblas_buffers(void);

// For tests: the threads that the process has set OpenBLAS to, and setting them.
int slope_openblas_threads(void);
void slope_openblas_set_threads(int count);

#endif

// OpenBLAS, loaded with the first product, and entered only if it has memory to work in.
//
// Loaded at run time and not linked, for two reasons. When it is loaded it starts a thread for each
// core, each with a buffer of 128 MiB; we need none of them, and only the environment at that
// moment can prevent it. And if the system has no memory for a buffer it retries without end, in
// those threads too, so that a limited program could not even exit. If the program links OpenBLAS
// itself, that copy is used.
#ifndef SLOPE_OPENBLAS_H
#define SLOPE_OPENBLAS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum __attribute__((enum_extensibility(closed))) {
  SlopeOpenBLASState_ready,
  // There is no memory for a buffer now; a later call may succeed.
  SlopeOpenBLASState_withoutMemory,
  // No such library: see slope_openblas_problem.
  SlopeOpenBLASState_missing,
} SlopeOpenBLASState;

// Whether products can be computed: loads the library and makes it map its first buffer, if that
// was not done yet. Once ready, always ready.
SlopeOpenBLASState slope_openblas_prepare(void);

// The system's message about a library that is missing, in static memory.
const char *_Nonnull slope_openblas_problem(void);

// The name of the kernels that the library chose for this machine, or NULL if it is not ready.
const char *_Nullable slope_openblas_kernel(void);

// What the library says of its version and of how it was built, such as "OpenBLAS 0.3.21
// DYNAMIC_ARCH …", or NULL if it is not ready.
const char *_Nullable slope_openblas_config(void);

// c = op(a) · op(b), or c += op(a) · op(b), on the calling thread alone; op transposes or does
// nothing. Matrices are row-major. Waits while as many threads are inside as the library has
// buffers, and there is no memory for another. If the process has set OpenBLAS to more threads, it
// has one until our last call ends, and then the former number again.
//
// Precondition: slope_openblas_prepare has returned ready.
void slope_openblas_multiply(
    bool isDouble,                         // elements are Double, else Float
    bool transposesA, bool transposesB,
    int m, int n, int k,
    const void *_Nonnull a, int aStep,     // [m, k], or [k, m] if transposed; row stride aStep
    const void *_Nonnull b, int bStep,     // [k, n], or [n, k] if transposed; row stride bStep
    bool keeps,                            // adds to c, else replaces it
    void *_Nonnull c, int cStep);          // [m, n], row stride cStep

// For tests: the number of buffers that are known to be mapped.
int slope_openblas_buffers(void);

// For tests: reads and sets OpenBLAS' thread count, as the program does.
int slope_openblas_threads(void);
void slope_openblas_set_threads(int count);

#endif

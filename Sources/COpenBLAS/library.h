// The functions of OpenBLAS that we call.
#ifndef SLOPE_OPENBLAS_LIBRARY_H
#define SLOPE_OPENBLAS_LIBRARY_H

#include <cblas.h>
#include <stdbool.h>

// Not in its header, but exported since GotoBLAS: the buffer of one call, which the library keeps
// for later calls.
void *blas_memory_alloc(int purpose);
void blas_memory_free(void *buffer);

#define SLOPE_OPENBLAS_FUNCTIONS(F)                                                              \
  F(cblas_sgemm) F(cblas_dgemm) F(openblas_get_config) F(openblas_get_corename)                  \
  F(openblas_get_num_threads) F(openblas_set_num_threads) F(blas_memory_alloc) F(blas_memory_free)

typedef struct {
#define MEMBER(NAME) __typeof__(NAME) *NAME;
  SLOPE_OPENBLAS_FUNCTIONS(MEMBER)
#undef MEMBER
} Library;

typedef enum { LIBRARY_LOADED, LIBRARY_MISSING, LIBRARY_WITHOUT_MEMORY } LibraryState;

// Loads the library. Not for several threads at the same time, and not after it was loaded.
LibraryState loadLibrary(Library *library);

// Whether the system would map `byteCount` bytes now.
bool hasRoom(size_t byteCount);

// Why the library is missing: a message in static memory.
const char *libraryProblem(void);

#endif

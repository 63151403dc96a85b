// Finds OpenBLAS: linked into the program, or as a shared library of the system.
#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Weak: null unless the program links OpenBLAS.
#define WEAK(NAME) extern __typeof__(NAME) NAME __attribute__((weak));
SLOPE_OPENBLAS_FUNCTIONS(WEAK)

// Address space that loading takes: 40 MB for the library, and the libraries that it depends on.
enum { LIBRARY_BYTES = 64 << 20 };

static char problem[256];

const char *libraryProblem(void) { return problem; }

bool hasRoom(size_t byteCount) {
  void *place = mmap(NULL, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return false;
  munmap(place, byteCount);
  return true;
}

// Opens the library with one thread, whatever the environment says: it reads the variable while it
// is opened. The environment is replaced, and no variable set, since other threads may be reading
// the old one. Neither is freed, the new one until the next call with the same `kept`. (A build
// with OpenMP reads OMP_NUM_THREADS alone, which is not changed, since it would affect the
// program's own loops: such a library is set to one thread after it was loaded.)
static void *openSingleThreaded(const char *name, char ***kept) {  // kept: the new environment
  static char variable[] = "OPENBLAS_NUM_THREADS=1";
  char **before = environ;
  size_t count = 0;
  while (before != NULL && before[count] != NULL) count++;
  free(*kept);
  char **with = *kept = malloc((count + 2) * sizeof *with);
  if (with == NULL) return NULL;
  with[0] = variable;
  if (count > 0) memcpy(with + 1, before, count * sizeof *with);
  with[count + 1] = NULL;
  __atomic_store_n(&environ, with, __ATOMIC_RELEASE);
  void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  // Another thread may have set a new variable meanwhile, and thereby replaced the environment:
  // that is kept. A variable that it changed or removed meanwhile has its old value again.
  char **expected = with;
  __atomic_compare_exchange_n(&environ, &expected, before, false, __ATOMIC_ACQ_REL,
                              __ATOMIC_RELAXED);
  return handle;
}

// Opens the library; sets `isOurs` if it was not loaded before.
static void *openLibrary(bool *isOurs) {
  // The second is the symbolic link of a development package.
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so"};
  // A library that is already loaded has started its threads.
  for (int i = 0; i < 2; i++) {
    void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (handle != NULL) return handle;
  }
  for (int i = 0; i < 2; i++) {
    static char **kept[2];
    void *handle = openSingleThreaded(names[i], &kept[i]);
    *isOurs = handle != NULL;
    if (handle != NULL) return handle;
    const char *error = dlerror();
    if (i == 0) snprintf(problem, sizeof problem, "%s", error != NULL ? error : names[i]);
  }
  return NULL;
}

LibraryState loadLibrary(Library *library) {
  if (openblas_get_config != NULL) {
#define TAKE(NAME) library->NAME = NAME;
    SLOPE_OPENBLAS_FUNCTIONS(TAKE)
    return LIBRARY_LOADED;
  }
  if (!hasRoom(LIBRARY_BYTES)) return LIBRARY_WITHOUT_MEMORY;
  bool isOurs = false;
  void *handle = openLibrary(&isOurs);
  if (handle == NULL) return hasRoom(LIBRARY_BYTES) ? LIBRARY_MISSING : LIBRARY_WITHOUT_MEMORY;
#define LOAD(NAME)                                                                    \
  {                                                                                   \
    void *function = dlsym(handle, #NAME);                                            \
    if (function == NULL) {                                                           \
      snprintf(problem, sizeof problem, "libopenblas has no function " #NAME);        \
      return LIBRARY_MISSING;                                                         \
    }                                                                                 \
    memcpy(&library->NAME, &function, sizeof function);                               \
  }
  SLOPE_OPENBLAS_FUNCTIONS(LOAD)
  if (isOurs && library->openblas_get_num_threads() != 1) library->openblas_set_num_threads(1);
  return LIBRARY_LOADED;
}

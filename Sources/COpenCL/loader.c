// Fills the table of OpenCL functions, from the process or from libOpenCL.so.1.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "slope_opencl.h"

static SlopeOpenCL table;
static bool isLoaded;
static char message[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = RTLD_DEFAULT;
  if (dlsym(library, "clGetPlatformIDs") == NULL) {
    library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
      const char *error = dlerror();
      strncpy(message, error != NULL ? error : "libOpenCL.so.1 cannot be opened",
              sizeof message - 1);
      return;
    }
  }
#define LOAD(NAME, RESULT, PARAMETERS)                                        \
  {                                                                           \
    void *function = dlsym(library, #NAME);                                   \
    if (function == NULL) {                                                   \
      strncpy(message, "the OpenCL loader has no " #NAME, sizeof message - 1); \
      return;                                                                 \
    }                                                                         \
    memcpy(&table.NAME, &function, sizeof function);                          \
  }
  SLOPE_CL_FUNCTIONS(LOAD)
  isLoaded = true;
}

const SlopeOpenCL *slope_opencl(const char **problem) {
  pthread_once(&once, load);
  *problem = message;
  return isLoaded ? &table : NULL;
}

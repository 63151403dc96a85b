#define _GNU_SOURCE
#include "fuzzer.h"

#include <sys/mman.h>

int slope_memory_file(void) { return memfd_create("fuzz", MFD_CLOEXEC); }

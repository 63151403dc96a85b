// What the fuzz program needs of libFuzzer, and a file in memory.
#ifndef SLOPE_FUZZER_H
#define SLOPE_FUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop: calls `call` with one input after the other. The arguments are its flags.
int LLVMFuzzerRunDriver(
    int *count, char ***arguments, int (*call)(const uint8_t *bytes, size_t count));

/// The descriptor of a new file that is nowhere but in memory; negative if there is none.
int slope_memory_file(void);

#endif

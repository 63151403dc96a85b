// What this machine can do, measured without the library: the yardstick of `flops`.
#ifndef PROBES_H
#define PROBES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Multiply-adds in registers alone, two operations each, by `threads` threads for `seconds`:
// floating-point operations a second of all threads together. At least one round of every thread.
double probe_multiply_add(bool isDouble, int threads, double seconds);

// The vector instructions that probe_multiply_add uses here, such as `AVX-512`.
const char *_Nonnull probe_instructions(void);

// Three arrays of doubles for a[i] = b[i] + s·c[i], J. D. McCalpin's triad.
typedef struct ProbeTriad ProbeTriad;

// Arrays of `byteCount` bytes each, written once; NULL where there is no memory.
ProbeTriad *_Nullable probe_triad_make(size_t byteCount);

// One pass over the arrays by `threads` threads: bytes a second, counting the two that are read and
// the one that is written. `streams`: stores go past the caches, which need not read a line first.
double probe_triad_run(ProbeTriad *_Nonnull triad, int threads, bool streams);

// One pass that reads the array `b` and adds it up: bytes a second. Sums are faster than the triad
// where reading and writing by turns costs memory time.
double probe_read_run(ProbeTriad *_Nonnull triad, int threads);

// The sum that the last probe_read_run found: for a test.
double probe_read_check(const ProbeTriad *_Nonnull triad);

// The first element and the last one of `a`, added: for a test.
double probe_triad_check(const ProbeTriad *_Nonnull triad);

void probe_triad_free(ProbeTriad *_Nonnull triad);

#ifdef __cplusplus
}
#endif
#endif

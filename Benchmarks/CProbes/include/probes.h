// The peak arithmetic and memory bandwidth of this machine, measured without the library: what
// `flops` compares the library with.
#ifndef PROBES_H
#define PROBES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Multiply-adds in registers alone, which count as two operations each: floating-point operations a
// second of all threads together. Every thread runs at least one round.
double probe_multiply_add(
    bool isDouble,    // else Float
    int threads,      // 1 ... 256; others are clamped
    double seconds);  // to measure

// The vector instructions that probe_multiply_add uses on this machine, such as `AVX-512`.
const char *_Nonnull probe_instructions(void);

// Three arrays of doubles for a[i] = b[i] + s·c[i], J. D. McCalpin's triad.
typedef struct ProbeTriad ProbeTriad;

// Three arrays of `byteCount` bytes each, written once; NULL without memory.
ProbeTriad *_Nullable probe_triad_make(size_t byteCount);

// One pass over the arrays: bytes a second, counting the two arrays that are read and the one that
// is written.
double probe_triad_run(
    ProbeTriad *_Nonnull triad,
    int threads,    // 1 ... 256; others are clamped
    bool streams);  // stores bypass the caches, which then need not read a line first

// One pass that sums the array `b`: bytes a second. Faster than the triad on machines where
// alternating reads and writes cost memory time.
double probe_read_run(
    ProbeTriad *_Nonnull triad,
    int threads);  // 1 ... 256; others are clamped

// For a test: the sum that the last probe_read_run found.
double probe_read_check(const ProbeTriad *_Nonnull triad);

// For a test: the sum of the first and the last element of `a`.
double probe_triad_check(const ProbeTriad *_Nonnull triad);

void probe_triad_free(ProbeTriad *_Nonnull triad);

#ifdef __cplusplus
}
#endif
#endif

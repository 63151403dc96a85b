// The bandwidth of memory: a[i] = b[i] + s·c[i] over arrays larger than any cache, and the sum of
// one. Source: J. D. McCalpin, "Memory bandwidth and machine balance in current high performance
// computers", 1995.
//
//             thread 0       thread 1       thread 2
//   a   |<------------|--------------|--------------|    written: through the caches, or past them
//   b   |------------>|------------->|------------->|    read
//   c   |------------>|------------->|------------->|    read
//
// probes.h describes the arguments.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>

#include "probes.h"
#include "threads.h"

// Eight doubles: a cache line.
typedef double Line __attribute__((vector_size(64)));

struct ProbeTriad {
  Line *a, *b, *c;  // [lines]
  int64_t lines;
  double sum;       // of b, as the last probe_read_run found it
};

typedef struct {
  ProbeTriad *triad;
  bool streams;
  // Seconds, and sums of b, by thread.
  double starts[PROBE_MAXIMUM_THREADS], ends[PROBE_MAXIMUM_THREADS], sums[PROBE_MAXIMUM_THREADS];
} Pass;

static void add(Line *restrict a, const Line *restrict b, const Line *restrict c,
                int64_t count, double factor) {
  for (int64_t i = 0; i < count; i++) a[i] = b[i] + factor * c[i];
}

static void addStreaming(Line *restrict a, const Line *restrict b, const Line *restrict c,
                         int64_t count, double factor) {
  for (int64_t i = 0; i < count; i++) __builtin_nontemporal_store(b[i] + factor * c[i], &a[i]);
}

static void run(void *context, int index, int count) {
  Pass *pass = context;
  ProbeTriad *triad = pass->triad;
  int64_t first = triad->lines * index / count, last = triad->lines * (index + 1) / count;
  pass->starts[index] = probe_seconds();
  (pass->streams ? addStreaming : add)(triad->a + first, triad->b + first, triad->c + first,
                                       last - first, 3);
  pass->ends[index] = probe_seconds();
}

// The sum of lines [count], in four independent sums: an addition takes several cycles.
static double sum(const Line *lines, int64_t count) {
  Line sums[4] = {};
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (int part = 0; part < 4; part++) sums[part] += lines[i + part];
  }
  for (; i < count; i++) sums[0] += lines[i];
  Line all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double total = 0;
  for (int lane = 0; lane < 8; lane++) total += all[lane];
  return total;
}

static void runRead(void *context, int index, int count) {
  Pass *pass = context;
  ProbeTriad *triad = pass->triad;
  int64_t first = triad->lines * index / count, last = triad->lines * (index + 1) / count;
  pass->starts[index] = probe_seconds();
  pass->sums[index] = sum(triad->b + first, last - first);
  pass->ends[index] = probe_seconds();
}

// Seconds from the first start of a thread to the last end.
static double elapsed(const Pass *pass, int count) {
  double start = pass->starts[0], end = pass->ends[0];
  for (int index = 1; index < count; index++) {
    if (pass->starts[index] < start) start = pass->starts[index];
    if (pass->ends[index] > end) end = pass->ends[index];
  }
  return end - start;
}

ProbeTriad *probe_triad_make(size_t byteCount) {
  ProbeTriad *triad = calloc(1, sizeof *triad);
  if (triad == NULL) return NULL;
  triad->lines = (int64_t)(byteCount / sizeof(Line));
  Line **arrays[3] = {&triad->a, &triad->b, &triad->c};
  for (int i = 0; i < 3; i++) {
    void *memory = NULL;
    if (triad->lines < 1 || posix_memalign(&memory, 4096, (size_t)triad->lines * sizeof(Line))) {
      probe_triad_free(triad);
      return NULL;
    }
    *arrays[i] = memory;
  }
  for (int64_t line = 0; line < triad->lines; line++) {
    triad->a[line] = (Line){};
    triad->b[line] = (Line){} + 1;
    triad->c[line] = (Line){} + 2;
  }
  return triad;
}

double probe_triad_run(ProbeTriad *triad, int threads, bool streams) {
  Pass pass = {.triad = triad, .streams = streams};
  int count = probe_run_threads(threads < 1 ? 1 : threads, run, &pass);
  double seconds = elapsed(&pass, count);
  double bytes = 3.0 * (double)triad->lines * sizeof(Line);
  return seconds > 0 ? bytes / seconds : 0;
}

double probe_read_run(ProbeTriad *triad, int threads) {
  Pass pass = {.triad = triad};
  int count = probe_run_threads(threads < 1 ? 1 : threads, runRead, &pass);
  triad->sum = 0;
  for (int index = 0; index < count; index++) triad->sum += pass.sums[index];
  double seconds = elapsed(&pass, count);
  double bytes = (double)triad->lines * sizeof(Line);
  return seconds > 0 ? bytes / seconds : 0;
}

double probe_read_check(const ProbeTriad *triad) { return triad->sum; }

double probe_triad_check(const ProbeTriad *triad) {
  return triad->a[0][0] + triad->a[triad->lines - 1][7];
}

void probe_triad_free(ProbeTriad *triad) {
  free(triad->a);
  free(triad->b);
  free(triad->c);
  free(triad);
}

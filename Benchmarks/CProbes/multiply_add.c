// The peak of floating-point arithmetic: independent chains of x = x·a + b in registers.
//
//   chain 0    x -> x·a + b -> x·a + b -> …      STEPS times; each step waits for the last one
//   chain 1    x -> x·a + b -> x·a + b -> …
//   …                                            CHAINS vectors of BYTES bytes, in registers
//
// A multiply-add takes about four cycles, and a core starts at most two in a cycle, so eight chains
// keep it busy; twelve leave room for the operands among sixteen registers. For Float and Double,
// at the highest level of instructions that the processor has. probes.h describes the arguments.
#include <stdint.h>

#include "probes.h"
#include "threads.h"

enum { CHAINS = 12, STEPS = 1 << 12 };

// Runs STEPS steps of all chains and returns the sum of the results, which keeps the compiler from
// removing the work.
typedef double (*Round)(const double *numbers);  // [2]: the factor a and the addend b

#define CONCATENATE_(A, B) A##B
#define CONCATENATE(A, B) CONCATENATE_(A, B)

#define LEVEL baseline
#define TARGET
#define BYTES 16
#if defined(__x86_64__)
// This level has no fused instruction: a multiplication and an addition.
#define MULTIPLY_ADD(x, a, b) ((x) * (a) + (b))
#else
#define MULTIPLY_ADD(x, a, b) __builtin_elementwise_fma(x, a, b)
#endif
#include "multiply_add_level.h"

#if defined(__x86_64__)
#define MULTIPLY_ADD(x, a, b) __builtin_elementwise_fma(x, a, b)
#define LEVEL avx2
#define TARGET __attribute__((target("avx2,fma")))
#define BYTES 32
#include "multiply_add_level.h"

#define MULTIPLY_ADD(x, a, b) __builtin_elementwise_fma(x, a, b)
#define LEVEL avx512
// Tuned for a processor that has 512-bit registers and uses them.
#define TARGET __attribute__((target("arch=x86-64-v4,tune=znver4")))
#define BYTES 64
#include "multiply_add_level.h"
#endif

typedef struct {
  const char *name;
  Round ofFloat, ofDouble;
  int byteCount;  // of a register
} Level;

static Level level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) {
    return (Level){"AVX-512", round_float_avx512, round_double_avx512, 64};
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return (Level){"AVX2", round_float_avx2, round_double_avx2, 32};
  }
#endif
  return (Level){"baseline", round_float_baseline, round_double_baseline, 16};
}

const char *probe_instructions(void) { return level().name; }

typedef struct {
  Round round;
  double operations;                    // of one round: two for each multiply-add
  double seconds;                       // to measure
  double rates[PROBE_MAXIMUM_THREADS];  // operations a second, by thread
} Work;

static void measure(void *context, int index, int count) {
  (void)count;
  Work *work = context;
  // A factor just below 1 and a small addend: neither overflow nor subnormal numbers.
  volatile double numbers[2] = {0.999, 0.001};
  const double operands[2] = {numbers[0], numbers[1]};
  volatile double sink = work->round(operands);
  double start = probe_seconds(), now;
  int64_t rounds = 0;
  do {
    for (int repetition = 0; repetition < 8; repetition++) sink = work->round(operands);
    rounds += 8;
    now = probe_seconds();
  } while (now < start + work->seconds);
  (void)sink;
  work->rates[index] = (double)rounds * work->operations / (now - start);
}

double probe_multiply_add(bool isDouble, int threads, double seconds) {
  Level chosen = level();
  int lanes = chosen.byteCount / (isDouble ? 8 : 4);
  Work work = {
      .round = isDouble ? chosen.ofDouble : chosen.ofFloat,
      .operations = 2.0 * CHAINS * STEPS * lanes,
      .seconds = seconds,
  };
  int count = probe_run_threads(threads < 1 ? 1 : threads, measure, &work);
  double sum = 0;
  for (int index = 0; index < count; index++) sum += work.rates[index];
  return sum;
}

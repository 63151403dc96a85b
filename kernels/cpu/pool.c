// The thread pool: workers that start with the first parallel call and share its blocks.
//
// One word, `gate`, holds the state of the job:
//
//   bit   63                               17   16     15            0
//        |           job number              | open | workers inside  |
//
// A worker enters by one compare-and-swap and only then reads the job; the caller closes the gate
// when no block is left, and waits for the workers inside, never for those that slept meanwhile.
//
//   caller    open ---- blocks 0, 1, 2, 9 … ---- close -- wait until no one is inside --> return
//   worker 1     enter --- blocks 4, 5, 6, 7, 10 … --- leave
//   worker 2         enter - block 8 … --------- leave
//   worker 3     asleep                                         not waited for
//
// Each thread has a share of consecutive blocks, the same in every job of as many blocks, so that
// its caches hold what it computed before: a product of 2^18 Floats with others takes 23 us then,
// and 33 us if blocks go to whoever comes first. A block is the next number of the share's atomic
// counter; a thread whose share is done takes blocks of the other shares, so that fast threads take
// more of them. A caller that finds the pool busy, or that runs inside a block, computes alone. What
// a block computes does not depend on the thread, so that no result depends on their number.
//
// slope_kernels.h describes slope_parallel, kernels.h slope_for_ranges. Tests: KernelPoolTests.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "kernels.h"

enum {
  MAXIMUM_THREADS = 256,
  SPINS = 4000,  // polls of the gate before a worker sleeps, and before the caller yields
};

// Bytes of a worker's stack. The system's default (8 MB, or a limit's value) times the threads of a
// large machine is more than a limited address space holds.
enum { WORKER_STACK = 2 << 20 };

static const uint64_t insideMask = 0xFFFF, openBit = 0x10000, jobStep = 0x20000;

static struct {
  _Alignas(64) _Atomic uint64_t gate;
  _Alignas(64) _Atomic int64_t next[MAXIMUM_THREADS];  // the next block of each share
  _Alignas(64) void (*body)(void *, int64_t);  // the job: written while the gate is closed
  void *context;
  int64_t blocks;
  int shares;  // into which the blocks are divided, at most one for each block
  const SlopeType *const *types;  // the caller's own loops (kernels.h)
  _Atomic bool busy;        // one caller uses the workers
  _Atomic int threadCount;  // 0: not chosen yet
  _Atomic int sleepers;     // workers that wait for `wake`
  int started;              // workers; guarded by `busy`
  pthread_mutex_t mutex;
  pthread_cond_t wake;
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static _Thread_local bool insideBlock;

// Tells the processor that the thread polls.
static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The value of the environment variable SLOPE_NUM_THREADS, or 0 if it is unset or invalid. Results
// do not depend on it, so an invalid value costs a line of output and not the program.
static int environmentCount(int otherwise) {  // otherwise: the count that replaces an invalid value
  const char *text = getenv("SLOPE_NUM_THREADS");
  if (text == NULL || *text == '\0') return 0;
  int count = 0;
  const char *at = text;
  while (*at >= '0' && *at <= '9' && count <= MAXIMUM_THREADS) count = count * 10 + (*at++ - '0');
  if (*at == '\0' && count >= 1 && count <= MAXIMUM_THREADS) return count;
  char shown[32];
  snprintf(shown, sizeof shown, "%s", text);
  for (char *byte = shown; *byte != '\0'; byte++) {
    if (*byte < ' ' || *byte > '~') *byte = '?';
  }
  fprintf(stderr, "SLOPE_NUM_THREADS: '%s' is no number from 1 to %d; using %d thread%s\n", shown,
          MAXIMUM_THREADS, otherwise, otherwise == 1 ? "" : "s");
  return 0;
}

static void chooseThreadCount(void) {
  int processors = (int)slope_min(slope_processor_count(), MAXIMUM_THREADS);
  int named = environmentCount(processors), none = 0;
  // A count set by another thread meanwhile is kept.
  atomic_compare_exchange_strong(&pool.threadCount, &none, named > 0 ? named : processors);
}

int slope_thread_count(void) {
  int count = atomic_load_explicit(&pool.threadCount, memory_order_relaxed);
  if (count > 0) return count;
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, chooseThreadCount);
  return atomic_load_explicit(&pool.threadCount, memory_order_relaxed);
}

void slope_set_thread_count(int count) {
  int clamped = count < 1 ? 1 : count > MAXIMUM_THREADS ? MAXIMUM_THREADS : count;
  atomic_store_explicit(&pool.threadCount, clamped, memory_order_relaxed);
}

// The first block of a share.
static int64_t shareStart(int share) { return pool.blocks * share / pool.shares; }

// Runs blocks until none is left, those of one's own share first.
static void runBlocks(int thread) {
  insideBlock = true;
  for (int i = 0; i < pool.shares; i++) {
    int share = (thread + i) % pool.shares;
    int64_t end = shareStart(share + 1);
    while (atomic_load_explicit(&pool.next[share], memory_order_relaxed) < end) {
      int64_t block = atomic_fetch_add_explicit(&pool.next[share], 1, memory_order_relaxed);
      if (block < end) pool.body(pool.context, block);
    }
  }
  insideBlock = false;
}

// Waits until the gate is open for another job than number `seen`; returns the gate.
static uint64_t awaitJob(uint64_t seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    uint64_t gate = atomic_load_explicit(&pool.gate, memory_order_acquire);
    if ((gate & openBit) && gate / jobStep != seen) return gate;
    relax();
  }
  pthread_mutex_lock(&pool.mutex);
  atomic_fetch_add(&pool.sleepers, 1);
  uint64_t gate;
  for (;;) {
    gate = atomic_load(&pool.gate);
    if ((gate & openBit) && gate / jobStep != seen) break;
    pthread_cond_wait(&pool.wake, &pool.mutex);
  }
  atomic_fetch_sub(&pool.sleepers, 1);
  pthread_mutex_unlock(&pool.mutex);
  return gate;
}

// A worker's thread; `argument` is its number, from 1.
static void *work(void *argument) {
  intptr_t number = (intptr_t)argument;
  uint64_t seen = 0;
  for (;;) {
    uint64_t gate = awaitJob(seen);
    seen = gate / jobStep;
    // Workers above a lowered thread count skip the job.
    if (number >= slope_thread_count()) continue;
    bool entered = false;
    while ((gate & openBit) && gate / jobStep == seen && !entered) {
      entered = atomic_compare_exchange_weak_explicit(
          &pool.gate, &gate, gate + 1, memory_order_acq_rel, memory_order_acquire);
    }
    if (!entered) continue;
    slope_own_types = pool.types;
    runBlocks((int)number);
    atomic_fetch_sub_explicit(&pool.gate, 1, memory_order_release);
  }
  return NULL;
}

// The number of workers whose stacks fit in an eighth of a limited address space or data size: the
// computation needs the rest.
static int affordableWorkers(void) {
  int workers = MAXIMUM_THREADS;
  const int resources[2] = {RLIMIT_AS, RLIMIT_DATA};
  for (int i = 0; i < 2; i++) {
    struct rlimit limit;
    if (getrlimit(resources[i], &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) continue;
    workers = (int)slope_min((int64_t)(limit.rlim_cur / 8 / WORKER_STACK), workers);
  }
  return workers;
}

// Starts workers until there are `wanted`. If the system refuses a thread, the existing ones share
// the blocks, and the next call tries again.
static void startWorkers(int wanted) {
  if (pool.started >= wanted) return;
  wanted = (int)slope_min(wanted, affordableWorkers());
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, WORKER_STACK);
  while (pool.started < wanted) {
    pthread_t thread;
    void *number = (void *)(intptr_t)(pool.started + 1);
    if (pthread_create(&thread, &attributes, work, number) != 0) break;
    pool.started++;
  }
  pthread_attr_destroy(&attributes);
}

void slope_parallel(int64_t blocks, void (*body)(void *, int64_t), void *context) {
  int threads = blocks > 1 && !insideBlock ? slope_thread_count() : 1;
  if (threads < 2 || atomic_exchange_explicit(&pool.busy, true, memory_order_acquire)) {
    for (int64_t block = 0; block < blocks; block++) body(context, block);
    return;
  }
  startWorkers(threads - 1);
  pool.types = slope_own_types;
  pool.body = body;
  pool.context = context;
  pool.blocks = blocks;
  pool.shares = (int)slope_min(blocks, threads);
  for (int share = 0; share < pool.shares; share++) {
    atomic_store_explicit(&pool.next[share], shareStart(share), memory_order_relaxed);
  }
  uint64_t closed = atomic_load_explicit(&pool.gate, memory_order_relaxed);
  atomic_store(&pool.gate, closed + jobStep + openBit);
  if (atomic_load(&pool.sleepers) > 0) {
    pthread_mutex_lock(&pool.mutex);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.mutex);
  }
  runBlocks(0);
  uint64_t inside = atomic_fetch_and_explicit(&pool.gate, ~openBit, memory_order_acq_rel);
  for (int spin = 0; inside & insideMask; spin++) {
    if (spin < SPINS) relax(); else sched_yield();
    inside = atomic_load_explicit(&pool.gate, memory_order_acquire);
  }
  atomic_store_explicit(&pool.busy, false, memory_order_release);
}

typedef struct {
  SlopeRangeBody body;
  void *context;
  int64_t count, grain;
} Ranges;

// Block number `block` as a range of `grain` elements.
static void runRange(void *context, int64_t block) {
  const Ranges *ranges = context;
  int64_t start = block * ranges->grain;
  ranges->body(ranges->context, start, slope_min(start + ranges->grain, ranges->count));
}

void slope_for_ranges(int64_t count, int64_t grain, SlopeRangeBody body, void *context) {
  if (count <= grain) {
    if (count > 0) body(context, 0, count);
    return;
  }
  Ranges ranges = {body, context, count, grain};
  slope_parallel((count - 1) / grain + 1, runRange, &ranges);
}

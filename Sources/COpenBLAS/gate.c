// Admission to OpenBLAS: at most as many threads inside as it has buffers, while it is set to one
// thread itself.
//
// A call works in a buffer of the library, which keeps those that it has mapped for later calls. If
// all are in use it maps another, and if the system has no memory for that it retries without end.
// So a call enters if fewer threads are inside than buffers are known to be mapped. Otherwise
// further buffers are mapped first, with no thread inside and after the system was asked whether
// there is room, or the call waits.
//
// One word, `state`:
//
//   bit   63            33      32       31              16   15            0
//        |  opening number  | notify |   limit of threads   | threads inside |
//
// The limit is 0 while the gate is closed. `notify` says that a thread must be told when one
// leaves. The opening number is different at each opening, so that no two openings look alike.
// Entering and leaving are one atomic operation each, everything else is done under the mutex.
// Buffers that the program's own calls of OpenBLAS use at the same time are not known here.
//
// include/slope_openblas.h describes the arguments. The reference for products is
// ReferenceBackend.matmul (Tests/TestSupport).
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "include/slope_openblas.h"
#include "library.h"

// The largest buffer of the processors that we know: 32 << 22 bytes on x86-64 and the larger cores
// of arm64 (OpenBLAS' common_x86_64.h, common_arm64.h), twice as much on POWER.
#if defined(__powerpc64__)
static const size_t bufferBytes = (size_t)64 << 22;
#else
static const size_t bufferBytes = (size_t)32 << 22;
#endif
// Bytes that must remain available beside the first buffer.
static const size_t spareBytes = (size_t)32 << 20;

enum { MOST_BUFFERS = 512 };

static const uint64_t insideMask = 0xFFFF, limitStep = 1 << 16, limitMask = 0xFFFF0000,
                      notifyBit = (uint64_t)1 << 32, openingStep = (uint64_t)1 << 33;

static struct {
  _Alignas(64) _Atomic uint64_t state;
  _Alignas(64) pthread_mutex_t mutex;
  pthread_cond_t changed;  // a thread left, or the gate was opened
  // Guarded by the mutex:
  Library library;
  bool isClosed;
  int buffers;      // known to be mapped
  int mostBuffers;  // that the library can have
  int waiting;      // threads in enterSlowly
  int restored;     // the thread count to restore in the library, or 0
} gate = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

// MARK: Loading

// The most buffers to use. The library has two for each thread that it was built for, at least 50,
// and each of its threads keeps one: beyond those it prints warnings, and then ends the program.
static int mostBuffers(const char *config) {
  const char *found = config == NULL ? NULL : strstr(config, "MAX_THREADS=");
  int threads = 0;
  if (found == NULL || sscanf(found, "MAX_THREADS=%d", &threads) != 1 || threads <= 16) return 32;
  return threads < MOST_BUFFERS ? threads : MOST_BUFFERS;
}

// Whether there is room for one more buffer than `count`. Beside a second or later one, as much
// memory must remain as all buffers take: the computation needs memory, too.
static bool hasRoomForBuffer(int count) {
  return hasRoom(bufferBytes + (count == 0 ? spareBytes : (size_t)(count + 1) * bufferBytes));
}

// Makes the library map buffers until there are `wanted`; false if there is no room for all of
// them. Precondition: no thread is inside.
static bool mapBuffers(int wanted) {
  void *held[MOST_BUFFERS];
  int count = 0;
  while (count < gate.buffers) held[count++] = gate.library.blas_memory_alloc(0);
  while (count < wanted && hasRoomForBuffer(count)) {
    held[count++] = gate.library.blas_memory_alloc(0);
  }
  gate.buffers = count;
  for (int i = count - 1; i >= 0; i--) gate.library.blas_memory_free(held[i]);
  return count == wanted;
}

// Admits as many threads as there are buffers.
static void openGate(void) {
  gate.isClosed = false;
  atomic_fetch_add(&gate.state, openingStep + (uint64_t)gate.buffers * limitStep);
  pthread_cond_broadcast(&gate.changed);
}

// Loads the library and maps its first buffer. The caller holds the mutex.
static SlopeOpenBLASState prepare(void) {
  if (gate.buffers > 0) return SlopeOpenBLASState_ready;
  if (gate.library.cblas_sgemm == NULL) {
    Library library;
    switch (loadLibrary(&library)) {
      case LIBRARY_WITHOUT_MEMORY: return SlopeOpenBLASState_withoutMemory;
      // The next call tries again: the process may have had no free file descriptors.
      case LIBRARY_MISSING: return SlopeOpenBLASState_missing;
      case LIBRARY_LOADED: break;
    }
    gate.mostBuffers = mostBuffers(library.openblas_get_config());
    gate.library = library;
  }
  if (!mapBuffers(1)) return SlopeOpenBLASState_withoutMemory;
  openGate();
  return SlopeOpenBLASState_ready;
}

SlopeOpenBLASState slope_openblas_prepare(void) {
  if (atomic_load_explicit(&gate.state, memory_order_acquire) & limitMask) {
    return SlopeOpenBLASState_ready;
  }
  pthread_mutex_lock(&gate.mutex);
  SlopeOpenBLASState found = prepare();
  pthread_mutex_unlock(&gate.mutex);
  return found;
}

const char *slope_openblas_problem(void) { return libraryProblem(); }

const char *slope_openblas_kernel(void) {
  return slope_openblas_prepare() == SlopeOpenBLASState_ready
             ? gate.library.openblas_get_corename()
             : NULL;
}

const char *slope_openblas_config(void) {
  return slope_openblas_prepare() == SlopeOpenBLASState_ready
             ? gate.library.openblas_get_config()
             : NULL;
}

// MARK: Entering and leaving

// Admits no more threads, and waits until none is inside. The caller holds the mutex.
static void closeGate(void) {
  gate.isClosed = true;
  atomic_fetch_and(&gate.state, ~limitMask);
  atomic_fetch_or(&gate.state, notifyBit);
  while (atomic_load(&gate.state) & insideMask) pthread_cond_wait(&gate.changed, &gate.mutex);
}

static inline bool hasPlace(uint64_t state) {
  return (state & insideMask) < (state & limitMask) / limitStep;
}

// Enters without waiting, if there is room and the library is set to one thread.
static inline bool enterAtOnce(void) {
  uint64_t state = atomic_load_explicit(&gate.state, memory_order_acquire);
  while (hasPlace(state)) {
    // Read after the state: the thread that restores the library's thread count changes the state
    // first, so that the exchange below fails.
    if (gate.library.openblas_get_num_threads() != 1) return false;
    if (atomic_compare_exchange_weak_explicit(&gate.state, &state, state + 1, memory_order_acq_rel,
                                              memory_order_acquire)) {
      return true;
    }
  }
  return false;
}

// Enters under the mutex: sets the library to one thread, maps further buffers or waits.
static void enterSlowly(void) {
  pthread_mutex_lock(&gate.mutex);
  gate.waiting++;
  while (true) {
    if (!gate.isClosed && gate.library.openblas_get_num_threads() != 1) {
      gate.restored = gate.library.openblas_get_num_threads();
      gate.library.openblas_set_num_threads(1);
      atomic_fetch_or(&gate.state, notifyBit);
    }
    if (enterAtOnce()) break;
    // There is room: the program has only set the library's thread count again.
    if (hasPlace(atomic_load(&gate.state))) continue;
    if (!gate.isClosed && gate.buffers < gate.mostBuffers && hasRoomForBuffer(gate.buffers)) {
      closeGate();
      int wanted = gate.buffers + gate.waiting;
      mapBuffers(wanted < gate.mostBuffers ? wanted : gate.mostBuffers);
      openGate();
      continue;
    }
    atomic_fetch_or(&gate.state, notifyBit);
    // A thread may have left before it saw the bit.
    if (hasPlace(atomic_load(&gate.state))) continue;
    pthread_cond_wait(&gate.changed, &gate.mutex);
  }
  gate.waiting--;
  if (gate.waiting == 0 && gate.restored == 0 && !gate.isClosed) {
    atomic_fetch_and(&gate.state, ~notifyBit);
  }
  pthread_mutex_unlock(&gate.mutex);
}

// Notifies the threads that wait; the last thread to leave restores the library's thread count.
static void leaveSlowly(void) {
  pthread_mutex_lock(&gate.mutex);
  uint64_t state = atomic_load(&gate.state);
  if (gate.restored > 0 && !gate.isClosed && (state & insideMask) == 0 &&
      atomic_compare_exchange_strong(&gate.state, &state, state & ~limitMask)) {
    // A number that the program has set meanwhile is kept.
    if (gate.library.openblas_get_num_threads() == 1) {
      gate.library.openblas_set_num_threads(gate.restored);
    }
    gate.restored = 0;
    if (gate.waiting == 0) atomic_fetch_and(&gate.state, ~notifyBit);
    openGate();
  }
  pthread_cond_broadcast(&gate.changed);
  pthread_mutex_unlock(&gate.mutex);
}

void slope_openblas_multiply(bool isDouble, bool transposesA, bool transposesB, int m, int n, int k,
                             const void *a, int aStep, const void *b, int bStep, bool keeps,
                             void *c, int cStep) {
  enum CBLAS_TRANSPOSE formA = transposesA ? CblasTrans : CblasNoTrans;
  enum CBLAS_TRANSPOSE formB = transposesB ? CblasTrans : CblasNoTrans;
  if (!enterAtOnce()) enterSlowly();
  if (isDouble) {
    gate.library.cblas_dgemm(CblasRowMajor, formA, formB, m, n, k, 1, a, aStep, b, bStep,
                             keeps ? 1 : 0, c, cStep);
  } else {
    gate.library.cblas_sgemm(CblasRowMajor, formA, formB, m, n, k, 1, a, aStep, b, bStep,
                             keeps ? 1 : 0, c, cStep);
  }
  if (atomic_fetch_sub_explicit(&gate.state, 1, memory_order_acq_rel) & notifyBit) leaveSlowly();
}

// MARK: For tests

int slope_openblas_buffers(void) {
  pthread_mutex_lock(&gate.mutex);
  int buffers = gate.buffers;
  pthread_mutex_unlock(&gate.mutex);
  return buffers;
}

int slope_openblas_threads(void) { return gate.library.openblas_get_num_threads(); }

void slope_openblas_set_threads(int count) { gate.library.openblas_set_num_threads(count); }

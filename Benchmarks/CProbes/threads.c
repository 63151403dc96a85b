// Threads that start together; see threads.h.
#define _GNU_SOURCE
#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

typedef struct {
  void (*body)(void *, int, int);
  void *context;
  atomic_int waiting;  // threads that are ready
  atomic_int count;    // threads that run; 0 until all are ready
} Team;

typedef struct {
  Team *team;
  int index;
} Member;

static void *work(void *argument) {
  Member *member = argument;
  Team *team = member->team;
  int count;
  atomic_fetch_add(&team->waiting, 1);
  while ((count = atomic_load(&team->count)) == 0) sched_yield();
  team->body(team->context, member->index, count);
  return NULL;
}

int probe_run_threads(int threads, void (*body)(void *, int, int), void *context) {
  if (threads > PROBE_MAXIMUM_THREADS) threads = PROBE_MAXIMUM_THREADS;
  pthread_t handles[PROBE_MAXIMUM_THREADS];
  Member members[PROBE_MAXIMUM_THREADS];
  Team team = {.body = body, .context = context};
  int started = 1;
  for (; started < threads; started++) {
    members[started] = (Member){&team, started};
    if (pthread_create(&handles[started], NULL, work, &members[started]) != 0) break;
  }
  while (atomic_load(&team.waiting) < started - 1) sched_yield();
  atomic_store(&team.count, started);
  body(context, 0, started);
  for (int index = 1; index < started; index++) pthread_join(handles[index], NULL);
  return started;
}

double probe_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

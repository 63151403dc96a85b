// Threads of the probes' own: the library's pool is among what they are held against.
#ifndef PROBES_THREADS_H
#define PROBES_THREADS_H

enum { PROBE_MAXIMUM_THREADS = 256 };

// Calls `body(context, index)` on `threads` threads that start together, and waits for all.
// Returns how many there were: fewer where the system gives no more.
int probe_run_threads(int threads, void (*body)(void *context, int index, int count),
                      void *context);

// Seconds of a clock that only goes forward.
double probe_seconds(void);

#endif

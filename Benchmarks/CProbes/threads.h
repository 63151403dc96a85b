// Separate threads for the probes: the library's pool is among what they are compared with.
#ifndef PROBES_THREADS_H
#define PROBES_THREADS_H

enum { PROBE_MAXIMUM_THREADS = 256 };

// Calls `body(context, index, count)` on `threads` threads that start together, and waits for all.
// Returns their number: fewer if the system refuses a thread.
int probe_run_threads(
    int threads,                                         // 1 ... PROBE_MAXIMUM_THREADS
    void (*body)(void *context, int index, int count),   // index in 0 ..< count
    void *context);

// Seconds of a monotonic clock.
double probe_seconds(void);

#endif

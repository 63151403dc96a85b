internal import CKernels

extension Device {
  /// The threads that compute together on the CPU, the calling one included: from 1 to 256.
  ///
  /// At first what the environment's `SLOPE_NUM_THREADS` says, a number from 1 to 256 (another gets a line
  /// on standard error and is ignored); else the processors that the process may use, which are those of its
  /// affinity, and no more than the quotas of its control groups pay for (`docker run --cpus 2`).
  ///
  /// Any thread may set it at any time. Work that has begun keeps its threads, the next operation takes the
  /// new number. No result depends on it, not even in its last bit. Threads are started when the first
  /// operation needs them, and kept; where the system gives fewer, those share the work.
  ///
  /// A number below 1 is a failure and changes nothing; one above 256 counts as 256.
  public static var cpuThreadCount: Int {
    get { CPUBackend.threadCount }
    set {
      guard newValue >= 1 else {
        reportFailure(
          operation: "cpuThreadCount", "\(newValue) threads: at least 1 is needed")
        return
      }
      slope_set_thread_count(Int32(clamping: newValue))
    }
  }
}

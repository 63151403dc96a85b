internal import CKernels

extension Device {
  /// The number of threads that compute on the CPU, the calling one included: from 1 to 256.
  ///
  /// Initially it is the value of the environment variable `SLOPE_NUM_THREADS`, from 1 to 256;
  /// another value gets a line on standard error and is ignored. Without it, it is the number of
  /// processors in the affinity of the process, and at most what the quotas of its control groups
  /// allow (`docker run --cpus 2`).
  ///
  /// Any thread may set it at any time. Work that has begun keeps its threads, and the next
  /// operation uses the new number. No result depends on it, not even in its last bit. Threads are
  /// started when the first operation needs them, and kept; where the system provides fewer, those
  /// do the work.
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

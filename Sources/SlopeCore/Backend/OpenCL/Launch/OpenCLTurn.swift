#if OpenCL
  internal import COpenCL
  import Synchronization

  /// Lets only one queue of the process at a time have pending kernels, for drivers that need it.
  ///
  /// PoCL before 6.0 counts the users of a loaded kernel, but may find another entry when it
  /// releases it: one of the same kernel for a narrower or wider launch. With two active queues
  /// an entry in use is then taken for free, and the process ends at an assertion
  /// (lib/CL/devices/common.c, pocl_release_dlhandle_cache). When it is asked for a program's
  /// binary it makes such an entry itself, so that must wait until nothing runs.
  enum OpenCLTurn {
    private struct Owner: @unchecked Sendable {
      let functions: SlopeOpenCL
      let queue: OpenCLHandle
    }

    private static let owner = Mutex<Owner?>(nil)

    static func isNeeded(platform: String, driverVersion: String) -> Bool {
      guard platform == "Portable Computing Language" else { return false }
      return (Int(driverVersion.prefix { $0.isNumber }) ?? 0) < 6
    }

    /// Runs a closure that enqueues on a queue, when the work of all other queues is complete.
    static func take<Result>(
      _ functions: SlopeOpenCL, _ queue: OpenCLHandle, _ enqueue: () -> Result
    ) -> Result {
      owner.withLock { owner in
        if let last = owner, last.queue != queue { _ = last.functions.clFinish(last.queue) }
        owner = Owner(functions: functions, queue: queue)
        return enqueue()
      }
    }

    /// Runs a closure when nothing runs on any queue, and before anything else is enqueued.
    static func whileIdle(_ body: () -> Void) {
      owner.withLock { owner in
        if let owner { _ = owner.functions.clFinish(owner.queue) }
        body()
      }
    }

    /// Forgets a queue that is about to be released.
    static func leave(_ queue: OpenCLHandle) {
      owner.withLock { owner in
        if owner?.queue == queue { owner = nil }
      }
    }
  }
#endif

#if OpenCL
  internal import COpenCL
  import Synchronization

  extension OpenCLBackend {
    /// Enqueues a kernel after everything that was enqueued before.
    ///
    /// The groups of `range` are made smaller where the built kernel needs that; kernels that are
    /// compiled for one size have been chosen with `fits`.
    func launch(
      _ kernel: OpenCLKernel, _ range: LaunchRange, _ operation: @autoclosure () -> String,
      _ setArguments: (inout KernelArguments) -> Void
    ) {
      guard range.global.0 > 0, range.global.1 > 0, range.global.2 > 0 else { return }
      let range =
        fits(kernel, range.local)
        ? range : range.fitted(kernel.maximumGroupSize, device.maximumGroupExtents)
      let (code, old) = launching.withLock { backlog -> (Int32, UInt?) in
        var event: OpenCLHandle?
        let isMark = backlog.isMark
        let code = withRoom {
          var arguments = KernelArguments(functions: functions, kernel: kernel.handle)
          setArguments(&arguments)
          guard arguments.code == 0 else { return arguments.code }
          return takesTurns
            ? OpenCLTurn.take(functions, queue) { enqueue(kernel, range, isMark, &event) }
            : enqueue(kernel, range, isMark, &event)
        }
        guard code == 0 else { return (code, nil) }
        let old = backlog.add(event)
        return (isMark ? functions.clFlush(queue) : 0, old)
      }
      count { $0.launches += 1 }
      check(code, operation())
      if let old { check(wait(forMark: old), operation()) }
    }

    private func enqueue(
      _ kernel: OpenCLKernel, _ range: LaunchRange, _ isMark: Bool, _ event: inout OpenCLHandle?
    ) -> Int32 {
      withUnsafePointer(to: range.global) { global in
        withUnsafePointer(to: range.local) { local in
          global.withMemoryRebound(to: Int.self, capacity: 3) { global in
            local.withMemoryRebound(to: Int.self, capacity: 3) { local in
              withUnsafeMutablePointer(to: &event) { event in
                functions.clEnqueueNDRangeKernel(
                  queue, kernel.handle, 3, nil, global, local, 0, nil, isMark ? event : nil)
              }
            }
          }
        }
      }
    }

    /// Waits for an earlier launch, which is usually complete, and releases its event.
    private func wait(forMark address: UInt) -> Int32 {
      guard let event = OpenCLHandle(bitPattern: address) else { return 0 }
      defer { _ = functions.clReleaseEvent(event) }
      var status: Int32 = 1
      _ = functions.clGetEventInfo(
        event, UInt32(SLOPE_CL_EVENT_COMMAND_EXECUTION_STATUS), MemoryLayout<Int32>.size, &status,
        nil)
      // If it failed the next read reports it.
      if status <= 0 { return 0 }
      count { $0.waits += 1 }
      var list: OpenCLHandle? = event
      return functions.clWaitForEvents(1, &list)
    }

    /// Runs a closure that enqueues something. Where the device has no memory for it, kept memory
    /// is released when the queue is empty, and the closure runs once more.
    func withRoom(_ enqueue: () -> Int32) -> Int32 {
      let code = enqueue()
      guard OpenCLError.isShortage(code) else { return code }
      count { $0.waits += 1 }
      // If what was enqueued before has failed, nothing after it is right.
      let finished = functions.clFinish(queue)
      guard finished == 0 else { return finished }
      uploads.reap()
      pool.trim()
      return enqueue()
    }

    // MARK: Groups

    /// Whether a built kernel runs in groups of a size: registers and local memory may allow
    /// fewer items than the device does.
    func fits(_ kernel: OpenCLKernel, _ local: (Int, Int, Int)) -> Bool {
      fits(local) && local.0 * local.1 * local.2 <= kernel.maximumGroupSize
        && kernel.localByteCount <= device.localByteCount
    }

    /// Whether the device has groups of a size: a kernel that is compiled for others may not build.
    func fits(_ local: (Int, Int, Int)) -> Bool {
      let extents = device.maximumGroupExtents
      return local.0 * local.1 * local.2 <= device.maximumGroupSize && local.0 <= extents.0
        && local.1 <= extents.1 && local.2 <= extents.2
    }

    /// A kernel that is compiled for groups of one size along the first axis: for the first of
    /// these sizes in which it runs, else for the last, which is 1; nil where it cannot be built.
    func kernel(
      in sizes: [Int], _ make: (_ size: Int) -> OpenCLKernel?
    ) -> (kernel: OpenCLKernel, size: Int)? {
      var last: (kernel: OpenCLKernel, size: Int)?
      for size in sizes where fits((size, 1, 1)) {
        guard let kernel = make(size) else { return nil }
        last = (kernel, size)
        if fits(kernel, (size, 1, 1)) { break }
      }
      return last
    }
  }
#endif

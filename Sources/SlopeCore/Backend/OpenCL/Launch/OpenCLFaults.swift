#if OpenCL
  internal import COpenCL
  import Glibc
  import Synchronization

  /// Indices that kernels found out of range and that the host has not read yet.
  ///
  /// Every check of indices gets a slot of a small buffer, in which the kernel leaves the lowest
  /// bad position. The host reads the slots in use together with its next result.
  final class OpenCLFaults: Sendable {
    /// A check that was enqueued.
    private struct Pending: Sendable {
      let indices: Value
      let bound: Int
      let subject: String
      let operation: String
      let scope: FailureScope?
    }

    private struct State {
      /// The memory object of a small result and the slots, kept from the first check to `close`; 0
      /// before it.
      var memory: UInt = 0
      var pending: [Pending] = []
    }

    private static let capacity = 1024
    /// The bytes of a result that can be read together with the slots, which follow it in memory.
    private static let room = 64
    private static let byteCount = room + capacity * 4
    private static let nothing = UInt32.max

    private let state = Mutex(State())
    /// Held from taking the checks until they are reported, so that the end of a scope can wait for
    /// another task that reports its failures. It guards what the device writes.
    private let reporting: Mutex<FoundSlots>

    init() {
      reporting = Mutex(FoundSlots(room: OpenCLFaults.room, capacity: OpenCLFaults.capacity))
    }

    /// Passes a slot for a check to `launch`, which enqueues the kernel that checks. Returns
    /// false where there is no memory for slots.
    func withSlot(
      for indices: Value, bound: Int, subject: String = "index", _ operation: String,
      on backend: OpenCLBackend,
      launch: (_ memory: OpenCLHandle, _ slot: Int) -> Void
    ) -> Bool {
      if state.withLock({ $0.pending.count >= OpenCLFaults.capacity }) { backend.synchronize() }
      let scope = FailureScope.current
      scope?.checkAtEnd(self) { [weak backend] in
        if let backend { backend.synchronize() }
      }
      // Locked until the kernel is enqueued: its slot must not be read and cleared before.
      return state.withLock { state in
        if state.memory == 0 { state.memory = makeMemory(backend) }
        guard let memory = OpenCLHandle(bitPattern: state.memory),
          state.pending.count < OpenCLFaults.capacity
        else { return false }
        launch(memory, OpenCLFaults.room / 4 + state.pending.count)
        state.pending.append(
          Pending(
            indices: indices, bound: bound, subject: subject, operation: operation, scope: scope))
        return true
      }
    }

    /// Memory with cleared slots, or 0.
    private func makeMemory(_ backend: OpenCLBackend) -> UInt {
      guard let memory = backend.takeMemory(OpenCLFaults.byteCount) else { return 0 }
      if clear(memory, OpenCLFaults.capacity, backend) { return UInt(bitPattern: memory) }
      backend.pool.deallocate(memory, OpenCLFaults.byteCount)
      return 0
    }

    private func clear(_ memory: OpenCLHandle, _ count: Int, _ backend: OpenCLBackend) -> Bool {
      var pattern = OpenCLFaults.nothing
      let code = backend.withRoom {
        backend.functions.clEnqueueFillBuffer(
          backend.queue, memory, &pattern, 4, OpenCLFaults.room, count * 4, 0, nil, nil)
      }
      backend.check(code, "gather")
      return code == 0
    }

    /// Releases the memory of the slots.
    func close(_ pool: MemoryPool) {
      state.withLock { state in
        if let memory = OpenCLHandle(bitPattern: state.memory) {
          pool.deallocate(memory, OpenCLFaults.byteCount)
        }
        state.memory = 0
      }
    }

    // MARK: Reading

    /// Waits for the device and reports what checks had found by then.
    func synchronize(_ backend: OpenCLBackend) {
      reporting.withLock { found in
        let reading = enqueueReading(nil, into: found, backend)
        let code = reading.code != 0 ? reading.code : backend.functions.clFinish(backend.queue)
        report(reading.checks, found, code, "synchronize", backend)
      }
    }

    /// Copies bytes from the device, waits for them and reports what checks had found by then.
    ///
    /// A few bytes, such as a loss, are read together with the slots: one copy to the host.
    func download(
      _ source: Buffer, byteOffset: Int, byteCount: Int, into destination: UnsafeMutableRawPointer,
      _ backend: OpenCLBackend
    ) {
      reporting.withLock { found in
        let isSmall = byteCount <= OpenCLFaults.room
        let reading = enqueueReading(
          isSmall ? (source, byteOffset, byteCount) : nil, into: found, backend)
        var code = reading.code
        if let event = reading.event {
          var list: OpenCLHandle? = event
          code = backend.functions.clWaitForEvents(1, &list)
          _ = backend.functions.clReleaseEvent(event)
          if code == 0 {
            let start = found.memory + (OpenCLFaults.room - byteCount)
            destination.copyMemory(from: start, byteCount: byteCount)
          }
        } else if code == 0 {
          backend.count {
            $0.downloads += 1
            $0.downloadedBytes += byteCount
          }
          code = backend.withRoom {
            backend.functions.clEnqueueReadBuffer(
              backend.queue, source.memoryObject, 1, byteOffset, byteCount, destination, 0, nil, nil
            )
          }
        }
        // Nothing was read: no number of anything else either.
        if code != 0 { memset(destination, 0, byteCount) }
        report(reading.checks, found, code, "download", backend)
      }
    }

    /// What is being read.
    private struct Reading {
      var checks: [Pending] = []
      /// Of a copy that includes a result.
      var event: OpenCLHandle?
      var code: Int32 = 0
    }

    /// Takes the checks, and enqueues the reading of their slots before anything that follows.
    ///
    /// - Parameter result: what is read with them.
    private func enqueueReading(
      _ result: (source: Buffer, byteOffset: Int, byteCount: Int)?, into found: FoundSlots,
      _ backend: OpenCLBackend
    ) -> Reading {
      state.withLock { state in
        var reading = Reading()
        guard !state.pending.isEmpty, let memory = OpenCLHandle(bitPattern: state.memory) else {
          return reading
        }
        let (functions, queue) = (backend.functions, backend.queue)
        let start = OpenCLFaults.room - (result?.byteCount ?? 0)
        let byteCount = OpenCLFaults.room + state.pending.count * 4 - start
        if let result {
          reading.code = backend.withRoom {
            functions.clEnqueueCopyBuffer(
              queue, result.source.memoryObject, memory, result.byteOffset, start,
              result.byteCount, 0, nil, nil)
          }
        }
        if reading.code == 0 {
          backend.count {
            $0.downloads += 1
            $0.downloadedBytes += byteCount
          }
          let target = found.memory + start
          reading.code = backend.withRoom {
            result == nil
              ? functions.clEnqueueReadBuffer(
                queue, memory, 0, start, byteCount, target, 0, nil, nil)
              : functions.clEnqueueReadBuffer(
                queue, memory, 0, start, byteCount, target, 0, nil, &reading.event)
          }
        }
        // Otherwise they are still unread.
        guard reading.code == 0 else { return reading }
        reading.checks = state.pending
        state.pending = []
        // The slots are reused by what is enqueued from now on.
        if !clear(memory, reading.checks.count, backend) {
          backend.pool.deallocate(memory, OpenCLFaults.byteCount)
          state.memory = 0
        }
        return reading
      }
    }

    /// Reports why waiting for the device failed, or what it found.
    private func report(
      _ checks: [Pending], _ found: FoundSlots, _ code: Int32, _ operation: String,
      _ backend: OpenCLBackend
    ) {
      backend.check(code, operation)
      for (slot, check) in checks.enumerated() {
        FailureScope.$current.withValue(check.scope ?? FailureScope.current) {
          // Whether the index was in range is unknown.
          if code != 0 { return backend.check(code, check.operation) }
          let position = found.slots[slot]
          if position != OpenCLFaults.nothing { report(check, Int(position), backend) }
        }
      }
    }

    private func report(_ check: Pending, _ position: Int, _ backend: OpenCLBackend) {
      var index: Int64 = 0
      let place = (check.indices.layout.offset + position) * 8
      backend.count {
        $0.downloads += 1
        $0.downloadedBytes += 8
        $0.waits += 1
      }
      let code = backend.withRoom {
        backend.functions.clEnqueueReadBuffer(
          backend.queue, check.indices.buffer.memoryObject, 1, place, 8, &index, 0, nil, nil)
      }
      if code != 0 { return backend.check(code, check.operation) }
      reportBadIndex(
        index, at: position, bound: check.bound, subject: check.subject, check.operation)
    }
  }

  /// Host memory that the device writes: room for a result, then the slots.
  private final class FoundSlots: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let slots: UnsafeMutablePointer<UInt32>

    init(room: Int, capacity: Int) {
      memory = .allocate(byteCount: room + capacity * 4, alignment: 64)
      slots = (memory + room).bindMemory(to: UInt32.self, capacity: capacity)
      slots.initialize(repeating: .max, count: capacity)
    }

    deinit { memory.deallocate() }
  }
#endif

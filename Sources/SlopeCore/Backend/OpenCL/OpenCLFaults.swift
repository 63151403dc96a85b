#if OpenCL
  internal import COpenCL
  import Synchronization

  /// Indices that kernels found out of range, and that the host has not heard of yet.
  ///
  /// Every check of indices gets a slot of a small buffer, in which the kernel leaves the lowest bad
  /// position. The host reads the slots in use together with its next result.
  final class OpenCLFaults: Sendable {
    /// A check that a kernel was asked to make.
    private struct Pending: Sendable {
      let indices: Value
      let bound: Int
      let subject: String
      let operation: String
      let scope: FailureScope?
    }

    private struct State {
      /// The slots' memory object, kept until the pool's end; 0 before the first check.
      var slots: UInt = 0
      var pending: [Pending] = []
    }

    private static let capacity = 1024
    private static let nothing = UInt32.max

    private let state = Mutex(State())
    /// Held from taking the checks until they are reported, so that the end of a scope can wait for
    /// another task that reports its failures. It guards what the device writes.
    private let reporting: Mutex<FoundSlots>

    init() { reporting = Mutex(FoundSlots(capacity: OpenCLFaults.capacity)) }

    /// Gives a slot for a check to `launch`, which enqueues the kernel that makes it; false where there
    /// is no memory for slots.
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
        if state.slots == 0 {
          let byteCount = OpenCLFaults.capacity * 4
          guard let memory = backend.pool.allocate(byteCount) else { return false }
          state.slots = UInt(bitPattern: memory)
          clear(memory, byteCount, backend)
        }
        guard let memory = OpenCLHandle(bitPattern: state.slots),
          state.pending.count < OpenCLFaults.capacity
        else { return false }
        launch(memory, state.pending.count)
        state.pending.append(
          Pending(
            indices: indices, bound: bound, subject: subject, operation: operation, scope: scope))
        return true
      }
    }

    private func clear(_ memory: OpenCLHandle, _ byteCount: Int, _ backend: OpenCLBackend) {
      var pattern = OpenCLFaults.nothing
      let code = backend.functions.clEnqueueFillBuffer(
        backend.queue, memory, &pattern, 4, 0, byteCount, 0, nil, nil)
      backend.check(code, "gather")
    }

    /// Calls `wait`, which waits for the device, and reports what checks had found by then.
    func around(_ backend: OpenCLBackend, wait: () -> Void) {
      reporting.withLock { found in
        let checks = enqueueReading(into: found.memory, backend)
        wait()
        for (slot, check) in checks.enumerated() where found.memory[slot] != OpenCLFaults.nothing {
          report(check, Int(found.memory[slot]), backend)
        }
      }
    }

    /// Takes the checks, and enqueues the reading of their slots before anything that follows.
    private func enqueueReading(
      into found: UnsafeMutablePointer<UInt32>, _ backend: OpenCLBackend
    ) -> [Pending] {
      state.withLock { state in
        guard !state.pending.isEmpty, let memory = OpenCLHandle(bitPattern: state.slots) else {
          return []
        }
        let byteCount = state.pending.count * 4
        let code = backend.functions.clEnqueueReadBuffer(
          backend.queue, memory, 0, 0, byteCount, found, 0, nil, nil)
        guard code == 0 else { return [] }
        defer { state.pending = [] }
        // The slots are used again, for what is enqueued from now on.
        clear(memory, byteCount, backend)
        return state.pending
      }
    }

    private func report(_ check: Pending, _ position: Int, _ backend: OpenCLBackend) {
      var index: Int64 = 0
      let place = (check.indices.layout.offset + position) * 8
      _ = backend.functions.clEnqueueReadBuffer(
        backend.queue, check.indices.buffer.memoryObject, 1, place, 8, &index, 0, nil, nil)
      FailureScope.$current.withValue(check.scope ?? FailureScope.current) {
        Value.reportBadIndex(
          index, at: position, bound: check.bound, subject: check.subject, check.operation)
      }
    }
  }

  /// Host memory that the device writes.
  private final class FoundSlots: @unchecked Sendable {
    let memory: UnsafeMutablePointer<UInt32>

    init(capacity: Int) {
      memory = .allocate(capacity: capacity)
      memory.initialize(repeating: .max, count: capacity)
    }

    deinit { memory.deallocate() }
  }
#endif

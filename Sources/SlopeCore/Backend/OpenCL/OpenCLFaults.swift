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
      let operation: String
      let scope: FailureScope?
    }

    private struct State {
      /// Kept until the backend closes; it is the backend's own, so it must not keep the backend.
      var slots: UInt = 0
      var pending: [Pending] = []
      /// Checks whose slots are being read into `found`, and the end of that reading.
      var reading: [Pending] = []
      var event: UInt = 0
    }

    private static let capacity = 1024
    private static let nothing = UInt32.max

    private let state = Mutex(State())
    private let found = FoundSlots(capacity: OpenCLFaults.capacity)

    /// Takes a slot for a check; nil where there is no memory for it.
    func slot(
      for indices: Value, bound: Int, _ operation: String, on backend: OpenCLBackend
    ) -> (memory: OpenCLHandle, slot: Int)? {
      let isFull = state.withLock { $0.pending.count >= OpenCLFaults.capacity }
      if isFull { backend.synchronize() }
      let scope = FailureScope.current
      let result = state.withLock { state -> (UInt, Int)? in
        if state.slots == 0 {
          let byteCount = OpenCLFaults.capacity * 4
          guard let memory = backend.pool.allocate(byteCount) else { return nil }
          state.slots = UInt(bitPattern: memory)
          clear(memory, byteCount, backend)
        }
        state.pending.append(
          Pending(indices: indices, bound: bound, operation: operation, scope: scope))
        return (state.slots, state.pending.count - 1)
      }
      guard let (address, slot) = result, let memory = OpenCLHandle(bitPattern: address) else {
        return nil
      }
      scope?.checkAtEnd(self) { [weak backend] in backend?.reportFaults() }
      return (memory, slot)
    }

    private func clear(_ memory: OpenCLHandle, _ byteCount: Int, _ backend: OpenCLBackend) {
      var pattern = OpenCLFaults.nothing
      let code = backend.functions.clEnqueueFillBuffer(
        backend.queue, memory, &pattern, 4, 0, byteCount, 0, nil, nil)
      backend.check(code, "gather")
    }

    var isEmpty: Bool { state.withLock { $0.pending.isEmpty && $0.reading.isEmpty } }

    /// Enqueues the reading of the slots in use; the caller then waits for the queue.
    func read(_ backend: OpenCLBackend) {
      state.withLock { state in
        guard !state.pending.isEmpty, state.reading.isEmpty,
          let memory = OpenCLHandle(bitPattern: state.slots)
        else { return }
        let byteCount = state.pending.count * 4
        var event: OpenCLHandle?
        let code = backend.functions.clEnqueueReadBuffer(
          backend.queue, memory, 0, 0, byteCount, found.memory, 0, nil, &event)
        guard code == 0 else { return }
        state.event = UInt(bitPattern: event)
        state.reading = state.pending
        state.pending = []
        // The slots are used again, for what is enqueued from now on.
        clear(memory, byteCount, backend)
      }
    }

    /// Reports what was read; another task's reading that has not ended is left to that task.
    func report(_ backend: OpenCLBackend) {
      let bad = state.withLock { state -> [(Pending, Int)] in
        guard let event = OpenCLHandle(bitPattern: state.event) else { return [] }
        var status: Int32 = 1
        _ = backend.functions.clGetEventInfo(
          event, UInt32(SLOPE_CL_EVENT_COMMAND_EXECUTION_STATUS), MemoryLayout<Int32>.size,
          &status, nil)
        guard status <= 0 else { return [] }
        _ = backend.functions.clReleaseEvent(event)
        state.event = 0
        defer { state.reading = [] }
        return state.reading.enumerated().compactMap { slot, check in
          let position = found.memory[slot]
          return position == OpenCLFaults.nothing ? nil : (check, Int(position))
        }
      }
      for (check, position) in bad {
        FailureScope.$current.withValue(check.scope ?? FailureScope.current) {
          check.indices.reportBadIndex(at: position, bound: check.bound, check.operation)
        }
      }
    }

    /// Lets go of the checks; the memory is the pool's.
    func close() {
      state.withLock { state in
        state.pending = []
        state.reading = []
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

  extension OpenCLBackend {
    /// Waits, if a kernel may have found a bad index, and reports it.
    func reportFaults() {
      if !faults.isEmpty { synchronize() }
    }
  }
#endif

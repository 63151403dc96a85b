#if OpenCL
  import Synchronization

  /// The kernels that a device made of programs; a program itself does not refer to them.
  final class ProgramKernels: Sendable {
    private struct Entry {
      /// Nil once the program is gone and cannot run again.
      weak var program: Program?
      var kernels: [(key: ProgramKey, kernel: OpenCLKernel)] = []
    }

    private struct State {
      /// By the program's number.
      var entries: [UInt64: Entry] = [:]
      /// At this many entries, those of programs that are gone are removed.
      var limit = ProgramKernels.leastLimit
    }

    private static let leastLimit = 256
    private let state = Mutex(State())

    /// How many programs have an entry.
    var count: Int { state.withLock { $0.entries.count } }

    /// The kernel of a program for operands of a kind, made on first use; nil where it cannot be
    /// made.
    func kernel(of program: Program, _ key: ProgramKey, make: () -> OpenCLKernel?) -> OpenCLKernel?
    {
      let known = state.withLock { state -> OpenCLKernel? in
        guard let place = state.entries.index(forKey: program.number) else { return nil }
        for entry in state.entries.values[place].kernels where entry.key == key {
          return entry.kernel
        }
        return nil
      }
      if let known { return known }
      guard let kernel = make() else { return nil }
      state.withLock { state in
        if state.entries.count >= state.limit {
          state.entries = state.entries.filter { $0.value.program != nil }
          state.limit = max(ProgramKernels.leastLimit, 2 * state.entries.count)
        }
        state.entries[program.number, default: Entry(program: program)].kernels.append(
          (key, kernel))
      }
      return kernel
    }
  }
#endif

internal import CKernels
internal import COpenBLAS

#if OpenCL
  internal import COpenCL
#endif

/// By what this machine computes, for people.
package enum KernelNames {
  /// The instructions of our own loops, which are the best ones of the processor.
  package static var loops: String { loops(levelCount: Int(slope_level_count())) }

  /// The name of the best of the first `levelCount` levels of instructions.
  static func loops(levelCount: Int) -> String {
    ["baseline", "AVX2", "AVX-512"][max(0, min(levelCount - 1, 2))]
  }

  /// The library of matrix products, its version, and the kernels that it chose; why there are none.
  ///
  /// Loads the library, which takes some milliseconds.
  package static var products: String {
    let state = slope_openblas_prepare()
    return products(
      state, config: slope_openblas_config().map { String(cString: $0) },
      kernel: slope_openblas_kernel().map { String(cString: $0) },
      problem: String(cString: slope_openblas_problem()))
  }

  /// The text about a library in a state, by what it says of itself.
  static func products(
    _ state: SlopeOpenBLASState, config: String?, kernel: String?, problem: String
  ) -> String {
    switch state {
    case .ready:
      let words = (config ?? "OpenBLAS").split(separator: " ").prefix(2)
      return words.joined(separator: " ") + (kernel.map { ", \($0)" } ?? "")
    case .withoutMemory: return "OpenBLAS has no memory to work in"
    case .missing: return "OpenBLAS is missing: \(problem)"
    }
  }

  /// Whether OpenCL's loader was found, without looking for drivers; why it was not.
  package static var openCL: String {
    #if OpenCL
      var problem: UnsafePointer<CChar>?
      if slope_opencl(&problem) != nil { return "loader found" }
      return "no loader: " + (problem.map { String(cString: $0) } ?? "unknown")
    #else
      return "not built in"
    #endif
  }
}

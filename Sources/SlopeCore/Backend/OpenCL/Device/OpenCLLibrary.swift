#if OpenCL
  internal import COpenCL

  /// The functions of the OpenCL loader, which is opened at run time.
  enum OpenCLLibrary {
    /// The functions, or why there are none.
    static let functions: Result<SlopeOpenCL, OpenCLError> = {
      var problem: UnsafePointer<CChar>?
      guard let table = slope_opencl(&problem) else {
        let reason = problem.map { String(cString: $0) } ?? "it cannot be opened"
        return .failure(
          OpenCLError(
            "use OpenCL",
            "the loader cannot be used (\(reason)); on Debian: apt-get install ocl-icd-libopencl1"))
      }
      return .success(table.pointee)
    }()

    /// A file of kernels/ by its name there, such as `opencl/reduce.cl`.
    static func source(_ name: String) -> String {
      #if KernelsFromDisk
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false)
          .dropLast(5).joined(separator: "/")
        if let text = try? String(contentsOfFile: "\(folder)/kernels/\(name)", encoding: .utf8) {
          return text
        }
      #endif
      var count = 0
      guard let text = slope_kernel_source(name, &count) else {
        preconditionFailure("kernels/\(name) is not among the embedded files")
      }
      return String(
        decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
    }
  }

  /// A handle of the OpenCL interface: an address that only the driver reads.
  typealias OpenCLHandle = UnsafeMutableRawPointer

  /// Asks one of the `clGet…Info` functions for a number; 0 if that fails.
  func openCLNumber<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ ask: (Int, UnsafeMutableRawPointer?) -> Int32
  ) -> Number {
    var number: Number = 0
    return ask(MemoryLayout<Number>.size, &number) == 0 ? number : 0
  }

  /// Asks one of the `clGet…Info` functions for a text; empty if that fails.
  func openCLText(
    _ ask: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
  ) -> String {
    var count = 0
    guard ask(0, nil, &count) == 0, count > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: count)
    guard bytes.withUnsafeMutableBytes({ ask(count, $0.baseAddress, nil) }) == 0 else { return "" }
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
#endif

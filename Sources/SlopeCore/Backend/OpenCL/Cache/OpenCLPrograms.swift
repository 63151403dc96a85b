#if OpenCL
  internal import COpenCL
  import Synchronization

  /// A kernel that is ready to run.
  final class OpenCLKernel: @unchecked Sendable {
    let handle: OpenCLHandle
    /// The most items of a group for the kernel as built: registers may allow fewer than the device
    /// has.
    let maximumGroupSize: Int
    /// The local memory of a group, without that of arguments.
    let localByteCount: Int

    fileprivate init(
      _ handle: OpenCLHandle, _ functions: SlopeOpenCL, _ device: OpenCLDescription
    ) {
      func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, _ name: Int
      ) -> Number {
        openCLNumber(type) {
          functions.clGetKernelWorkGroupInfo(handle, device.device, UInt32(name), $0, $1, nil)
        }
      }
      self.handle = handle
      let size = number(Int.self, SLOPE_CL_KERNEL_WORK_GROUP_SIZE)
      // If a driver does not say, the device's limit holds.
      maximumGroupSize =
        size > 0 ? min(size, device.maximumGroupSize) : device.maximumGroupSize
      localByteCount = Int(clamping: number(UInt64.self, SLOPE_CL_KERNEL_LOCAL_MEM_SIZE))
    }
  }

  /// The programs of one device, built on first use or taken from the cache.
  final class OpenCLPrograms: @unchecked Sendable {
    private let functions: SlopeOpenCL
    private let context: OpenCLHandle
    private let device: OpenCLDescription
    private let cache: OpenCLProgramCache?
    /// The device's memory, whose kept buffers are given back if the driver needs memory.
    private let pool: MemoryPool

    private struct State {
      var programs: [String: OpenCLHandle] = [:]
      var kernels: [String: [String: OpenCLKernel]] = [:]
      var buildCount = 0
      /// The sources of programs that are yet to be saved in the cache.
      var unsaved: [String] = []
    }
    private let state = Mutex(State())

    // No warnings: some drivers print that there are any.
    private static let options = "-cl-std=CL1.2 -w"

    init(
      functions: SlopeOpenCL, context: OpenCLHandle, device: OpenCLDescription,
      cache: OpenCLProgramCache?, pool: MemoryPool
    ) {
      self.functions = functions
      self.pool = pool
      self.context = context
      self.device = device
      self.cache = cache
    }

    /// The count of programs built from source so far.
    var buildCount: Int { state.withLock { $0.buildCount } }

    /// A kernel by its name in the source of a whole program.
    func kernel(_ name: String, source: String) throws(OpenCLError) -> OpenCLKernel {
      let result = state.withLock { state -> Result<OpenCLKernel, OpenCLError> in
        if let kernel = state.kernels[source]?[name] { return .success(kernel) }
        return Result { () throws(OpenCLError) in
          let program: OpenCLHandle
          if let known = state.programs[source] {
            program = known
          } else if !hasRoom(for: Self.compilerByteCount) {
            throw OpenCLError("build a kernel", "no memory for the driver's compiler")
          } else if let kept = kept(source, with: name) {
            program = kept
            state.programs[source] = program
          } else {
            program = try build(source)
            state.buildCount += 1
            state.programs[source] = program
            if cache != nil { state.unsaved.append(source) }
          }
          var code: Int32 = 0
          guard let handle = functions.clCreateKernel(program, name, &code) else {
            throw OpenCLError("make the kernel \(name)", code: code)
          }
          let kernel = OpenCLKernel(handle, functions, device)
          state.kernels[source, default: [:]][name] = kernel
          return kernel
        }
      }
      return try result.get()
    }

    /// Releases everything; no kernel may be used afterwards.
    func close() {
      state.withLock { state in
        for kernels in state.kernels.values {
          for kernel in kernels.values { _ = functions.clReleaseKernel(kernel.handle) }
        }
        for program in state.programs.values { _ = functions.clReleaseProgram(program) }
        state = State()
      }
    }

    /// The memory that a driver needs to compile or load a program, and to return a binary.
    ///
    /// PoCL asks for 256 MiB for a binary, whose length it does not know. Without the memory, LLVM
    /// and PoCL end the process.
    private static let (compilerByteCount, binaryByteCount) = (64 << 20, 288 << 20)

    /// Whether the process can get this much memory, if necessary after giving back kept memory.
    private func hasRoom(for byteCount: Int) -> Bool {
      if ProcessMemory.holdsArray(byteCount) { return true }
      CPUBackend.shared.trim()
      pool.trim()
      return ProcessMemory.holdsArray(byteCount)
    }

    // MARK: The cache

    /// Everything that a built program depends on.
    private func cacheKey(_ source: String) -> [UInt8] {
      let parts = [
        device.platform, device.platformVersion, device.name, device.vendor, device.driverVersion,
        device.version, Self.options, source,
      ]
      return Array(parts.joined(separator: "\0").utf8)
    }

    /// A program from the cache; nil if there is none with such a kernel.
    private func kept(_ source: String, with kernel: String) -> OpenCLHandle? {
      guard let program = cache?.read(cacheKey(source), load: load) else { return nil }
      var code: Int32 = 0
      if let handle = functions.clCreateKernel(program, kernel, &code) {
        _ = functions.clReleaseKernel(handle)
        return program
      }
      _ = functions.clReleaseProgram(program)
      return nil
    }

    /// A program from a binary that the driver once gave; nil if it refuses it.
    private func load(_ binary: [UInt8]) -> OpenCLHandle? {
      var code: Int32 = 0
      let handle: OpenCLHandle? = device.device
      let made = withUnsafePointer(to: handle) { list in
        binary.withUnsafeBufferPointer { bytes -> OpenCLHandle? in
          var count = bytes.count
          var start = bytes.baseAddress
          return functions.clCreateProgramWithBinary(context, 1, list, &count, &start, nil, &code)
        }
      }
      guard let program = made else { return nil }
      guard code == 0,
        withUnsafePointer(
          to: handle,
          { functions.clBuildProgram(program, 1, $0, Self.options, nil, nil) }) == 0
      else {
        _ = functions.clReleaseProgram(program)
        return nil
      }
      return program
    }

    /// Whether there are programs to save in the cache.
    var hasUnsaved: Bool { state.withLock { !$0.unsaved.isEmpty } }

    /// Saves new programs in the cache.
    ///
    /// To be called after they have run: some drivers finish a program only then.
    func save() {
      guard let cache else { return }
      let programs = state.withLock { state -> [(String, OpenCLHandle)] in
        guard !state.unsaved.isEmpty else { return [] }
        defer { state.unsaved = [] }
        return state.unsaved.compactMap { source in state.programs[source].map { (source, $0) } }
      }
      for (source, program) in programs where hasRoom(for: Self.binaryByteCount) {
        if let binary = binary(of: program) { cache.write(binary, under: cacheKey(source)) }
      }
    }

    private func binary(of program: OpenCLHandle) -> [UInt8]? {
      var count = 0
      guard
        functions.clGetProgramInfo(
          program, UInt32(SLOPE_CL_PROGRAM_BINARY_SIZES), MemoryLayout<Int>.size, &count, nil) == 0,
        count > 0, count < 1 << 28
      else { return nil }
      var bytes = [UInt8](repeating: 0, count: count)
      let code = bytes.withUnsafeMutableBufferPointer { memory in
        var start = memory.baseAddress
        return functions.clGetProgramInfo(
          program, UInt32(SLOPE_CL_PROGRAM_BINARIES), MemoryLayout<OpenCLHandle?>.size, &start, nil)
      }
      return code == 0 ? bytes : nil
    }

    // MARK: Building

    private func build(_ source: String) throws(OpenCLError) -> OpenCLHandle {
      var code: Int32 = 0
      let made = source.withCString { text -> OpenCLHandle? in
        var line: UnsafePointer<CChar>? = text
        return functions.clCreateProgramWithSource(context, 1, &line, nil, &code)
      }
      guard let program = made else { throw OpenCLError("make a program", code: code) }
      let handle: OpenCLHandle? = device.device
      let built = withUnsafePointer(to: handle) { list in
        functions.clBuildProgram(program, 1, list, Self.options, nil, nil)
      }
      guard built == 0 else {
        let log = openCLText {
          functions.clGetProgramBuildInfo(
            program, device.device, UInt32(SLOPE_CL_PROGRAM_BUILD_LOG), $0, $1, $2)
        }
        _ = functions.clReleaseProgram(program)
        throw OpenCLError(
          "build a kernel", "\(OpenCLError.sentence(built))\n\(log)\nof the source\n\(source)")
      }
      return program
    }
  }
#endif

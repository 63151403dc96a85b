#if OpenCL
  internal import COpenCL
  import Glibc
  import Synchronization

  extension Buffer {
    /// Where the memory is, for the driver.
    var memoryObject: OpenCLHandle { handle }
  }

  /// One OpenCL device: kernels built from kernels/opencl on first use, one queue in order.
  ///
  /// The host only hands work over; it waits when it reads. Memory of a buffer that is no more may
  /// therefore serve the next one at once: what still reads it comes earlier in the queue.
  package final class OpenCLBackend: Backend, @unchecked Sendable {
    package let device: OpenCLDescription
    /// The form of its kernels.
    package let shape: KernelShape
    package let name: String

    let functions: SlopeOpenCL
    let context: OpenCLHandle
    let queue: OpenCLHandle
    let pool: MemoryPool
    let programs: OpenCLPrograms
    let faults: OpenCLFaults
    package let matmulPlans = MatMulPlans()

    /// Tells this object from one that had its address before.
    let number = OpenCLBackend.counter.wrappingAdd(1, ordering: .relaxed).newValue
    private static let counter = Atomic<UInt64>(0)

    private let kernels = Mutex<[KernelKey: OpenCLKernel]>([:])
    private let statistics = Mutex(DeviceStatistics())
    /// Host memory that a write still reads, oldest first.
    private let uploads = Mutex<[PendingUpload]>([])
    /// Held while a kernel's arguments are set and it is enqueued.
    private let launching = Mutex<Void>(())
    private let takesTurns: Bool

    private struct PendingUpload: @unchecked Sendable {
      let event: OpenCLHandle
      let memory: UnsafeMutableRawPointer
    }

    /// Opens a device.
    ///
    /// - Parameters:
    ///   - shape: the form of kernels; nil for the one that suits the device.
    ///   - cache: where built programs are kept.
    package init(
      _ device: OpenCLDescription, shape: KernelShape? = nil,
      cache: OpenCLProgramCache? = .standard
    ) throws(OpenCLError) {
      let functions = try OpenCLLibrary.functions.get()
      if let obstacle = device.obstacle {
        throw OpenCLError("use \(device.identifier) (\(device.name))", obstacle)
      }
      let attempt = "open \(device.identifier) (\(device.name))"
      var code: Int32 = 0
      let handle: OpenCLHandle? = device.device
      guard
        let context = withUnsafePointer(
          to: handle,
          { list in
            functions.clCreateContext(nil, 1, list, nil, nil, &code)
          })
      else { throw OpenCLError(attempt, code: code) }
      guard let queue = functions.clCreateCommandQueue(context, device.device, 0, &code) else {
        _ = functions.clReleaseContext(context)
        throw OpenCLError(attempt, code: code)
      }
      self.device = device
      self.shape = shape ?? device.shape
      self.functions = functions
      self.context = context
      self.queue = queue
      name = device.identifier + (shape.map { ":\($0.rawValue)" } ?? "")
      pool = MemoryPool(
        source: OpenCLMemory(
          functions: functions, context: context, queue: queue,
          largest: device.maximumBufferByteCount, budget: device.memoryBudget))
      programs = OpenCLPrograms(
        functions: functions, context: context, device: device, cache: cache)
      faults = OpenCLFaults()
      takesTurns = OpenCLTurn.isNeeded(
        platform: device.platform, driverVersion: device.driverVersion)
    }

    deinit {
      _ = functions.clFinish(queue)
      OpenCLTurn.leave(queue)
      reapUploads(all: true)
      programs.close()
      faults.close(pool)
      pool.trim()
      _ = functions.clReleaseCommandQueue(queue)
      _ = functions.clReleaseContext(context)
    }

    /// What was moved and done since the device was opened.
    package var deviceStatistics: DeviceStatistics {
      var copy = statistics.withLock { $0 }
      copy.builds = programs.buildCount
      copy.memory = pool.statistics
      return copy
    }

    package func count(_ change: (inout DeviceStatistics) -> Void) {
      statistics.withLock { change(&$0) }
    }

    package var dtypes: [DType] { device.dtypes }
    package var hasDouble: Bool { device.hasDouble }

    package func trim() { pool.trim() }

    // MARK: Memory

    package func allocate(byteCount: Int) -> Buffer? {
      guard let handle = pool.allocate(byteCount) else { return nil }
      return Buffer(handle, byteCount: byteCount, on: self)
    }

    package func release(_ handle: UnsafeMutableRawPointer, byteCount: Int) {
      pool.deallocate(handle, byteCount)
    }

    /// Copies the source, so that nobody has to wait until the device has read it.
    package func upload(_ source: UnsafeRawBufferPointer, to destination: Buffer) {
      guard let base = source.baseAddress, source.count > 0 else { return }
      reapUploads(all: false)
      count {
        $0.uploads += 1
        $0.uploadedBytes += source.count
      }
      guard let copy = malloc(source.count) else {
        // Without memory for a copy the caller's own is read, and waited for.
        let code = functions.clEnqueueWriteBuffer(
          queue, destination.memoryObject, 1, 0, source.count, base, 0, nil, nil)
        return check(code, "upload")
      }
      memcpy(copy, base, source.count)
      var event: OpenCLHandle?
      let code = functions.clEnqueueWriteBuffer(
        queue, destination.memoryObject, 0, 0, source.count, copy, 0, nil, &event)
      guard code == 0, let event else {
        free(copy)
        return check(code, "upload")
      }
      uploads.withLock { $0.append(PendingUpload(event: event, memory: copy)) }
    }

    /// Frees the copies of uploads that are done.
    private func reapUploads(all: Bool) {
      uploads.withLock { list in
        var done = 0
        while done < list.count {
          var status: Int32 = 1
          if !all {
            _ = functions.clGetEventInfo(
              list[done].event, UInt32(SLOPE_CL_EVENT_COMMAND_EXECUTION_STATUS),
              MemoryLayout<Int32>.size, &status, nil)
            // Negative: the write failed, and will not read any more either.
            if status > 0 { break }
          }
          _ = functions.clReleaseEvent(list[done].event)
          free(list[done].memory)
          done += 1
        }
        list.removeFirst(done)
      }
    }

    package func download(
      _ source: Buffer, byteOffset: Int, into destination: UnsafeMutableRawBufferPointer
    ) {
      guard let base = destination.baseAddress, destination.count > 0 else { return }
      count { $0.waits += 1 }
      faults.download(
        source, byteOffset: byteOffset, byteCount: destination.count, into: base, self)
      savePrograms()
    }

    package func synchronize() {
      count { $0.waits += 1 }
      faults.synchronize(self)
      reapUploads(all: false)
      savePrograms()
    }

    /// Keeps new programs in the cache.
    func savePrograms() {
      guard programs.hasUnsaved else { return }
      if takesTurns {
        OpenCLTurn.whileIdle { programs.save() }
      } else {
        programs.save()
      }
    }

    // MARK: Kernels

    /// A kernel that does not come of a program, by a key that tells it from all others.
    func namedKernel(_ key: String, make: () -> OpenCLKernel?) -> OpenCLKernel? {
      kernel(.named(key), make: make)
    }

    func kernel(_ key: KernelKey, make: () -> OpenCLKernel?) -> OpenCLKernel? {
      if let kernel = kernels.withLock({ $0[key] }) { return kernel }
      guard let kernel = make() else { return nil }
      kernels.withLock { $0[key] = kernel }
      return kernel
    }

    /// Reports the failure of a call.
    func check(_ code: Int32, _ operation: String) {
      if code != 0 {
        reportFailure(
          operation: operation, "\(name) (\(device.name)): \(OpenCLError.sentence(code))")
      }
    }

    /// The kernel of a program, built if need be; nil, and reported, where the driver refuses it.
    func kernel(
      _ name: String, _ operation: String, source: () -> String
    ) -> OpenCLKernel? {
      do {
        let head = shape == .wide ? OpenCLSource.explicitVectors : ""
        return try programs.kernel(name, source: head + source())
      } catch {
        reportFailure(operation: operation, "\(self.name) (\(device.name)): \(error)")
        return nil
      }
    }

    /// Enqueues a kernel after everything that was enqueued before.
    func launch(
      _ kernel: OpenCLKernel, _ range: LaunchRange, _ operation: @autoclosure () -> String,
      _ setArguments: (inout KernelArguments) -> Void
    ) {
      guard range.global.0 > 0, range.global.1 > 0, range.global.2 > 0 else { return }
      let code = launching.withLock { _ in
        var arguments = KernelArguments(functions: functions, kernel: kernel.handle)
        setArguments(&arguments)
        guard arguments.code == 0 else { return arguments.code }
        return takesTurns
          ? OpenCLTurn.take(functions, queue) { enqueue(kernel, range) } : enqueue(kernel, range)
      }
      count { $0.launches += 1 }
      check(code, operation())
    }
  }

  extension OpenCLBackend {
    private func enqueue(_ kernel: OpenCLKernel, _ range: LaunchRange) -> Int32 {
      withUnsafePointer(to: range.global) { global in
        withUnsafePointer(to: range.local) { local in
          global.withMemoryRebound(to: Int.self, capacity: 3) { global in
            local.withMemoryRebound(to: Int.self, capacity: 3) { local in
              functions.clEnqueueNDRangeKernel(
                queue, kernel.handle, 3, nil, global, local, 0, nil, nil)
            }
          }
        }
      }
    }
  }

  /// How many items a launch has, and how many of them form a group.
  struct LaunchRange {
    var global: (Int, Int, Int)
    let local: (Int, Int, Int)

    /// At least as many items as asked, whole groups of them.
    init(_ x: Int, _ y: Int = 1, _ z: Int = 1, local: (Int, Int, Int)) {
      self.local = local
      func rounded(_ count: Int, _ step: Int) -> Int { (count + step - 1) / step * step }
      global = (rounded(x, local.0), rounded(y, local.1), rounded(z, local.2))
    }
  }

  /// Sets a kernel's arguments one after another.
  struct KernelArguments {
    private let functions: SlopeOpenCL
    private let kernel: OpenCLHandle
    private var index: UInt32 = 0
    private(set) var code: Int32 = 0

    init(functions: SlopeOpenCL, kernel: OpenCLHandle) {
      self.functions = functions
      self.kernel = kernel
    }

    mutating func buffer(_ buffer: Buffer) { handle(buffer.memoryObject) }

    mutating func handle(_ handle: OpenCLHandle) {
      var handle: OpenCLHandle? = handle
      set(&handle, MemoryLayout<OpenCLHandle?>.size)
    }

    /// A `long` or `ulong`.
    mutating func word(_ number: Int) {
      var number = Int64(number)
      set(&number, 8)
    }

    /// Local memory of a group.
    mutating func local(_ byteCount: Int) {
      if code == 0 { code = functions.clSetKernelArg(kernel, index, byteCount, nil) }
      index += 1
    }

    /// The low bytes of a number, as many as its type has.
    mutating func bits(_ bits: UInt64, byteCount: Int) {
      var bits = bits
      set(&bits, byteCount)
    }

    private mutating func set(_ value: UnsafeRawPointer, _ byteCount: Int) {
      if code == 0 { code = functions.clSetKernelArg(kernel, index, byteCount, value) }
      index += 1
    }
  }

  /// Buffers of a context, as a pool's source.
  private struct OpenCLMemory: MemorySource, @unchecked Sendable {
    let functions: SlopeOpenCL
    let context: OpenCLHandle
    let queue: OpenCLHandle
    let largest: Int
    let budget: Int

    func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
      guard byteCount <= largest else { return nil }
      var code: Int32 = 0
      let buffer = functions.clCreateBuffer(
        context, UInt64(SLOPE_CL_MEM_READ_WRITE), byteCount, nil, &code)
      return code == 0 ? buffer : nil
    }

    func giveBack(_ handle: UnsafeMutableRawPointer) { _ = functions.clReleaseMemObject(handle) }

    func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int) {
      guard byteCount > 0 else { return }
      var pattern: UInt8 = 0xFF
      _ = functions.clEnqueueFillBuffer(queue, handle, &pattern, 1, 0, byteCount, 0, nil, nil)
    }
  }
#endif

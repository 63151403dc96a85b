#if OpenCL
  internal import COpenCL
  import Glibc
  import Synchronization

  extension Buffer {
    /// The memory object, for the driver.
    var memoryObject: OpenCLHandle { handle }
  }

  /// One OpenCL device: kernels built from kernels/opencl on first use, and one in-order queue.
  ///
  /// The host only enqueues work; it waits when it reads. The memory of a deallocated buffer can
  /// therefore serve the next one immediately: kernels that still read it come earlier in the
  /// queue.
  package final class OpenCLBackend: Backend, @unchecked Sendable {
    package let device: OpenCLDescription
    /// The variant of its kernels.
    package let variant: KernelVariant
    package let name: String

    let functions: SlopeOpenCL
    let context: OpenCLHandle
    let queue: OpenCLHandle
    let pool: MemoryPool
    let programs: OpenCLPrograms
    let programKernels = ProgramKernels()
    let faults: OpenCLFaults
    package let matmulPlans = MatMulPlanTable()

    private let kernels = Mutex<[KernelKey: OpenCLKernel]>([:])
    private let statistics = Mutex(DeviceStatistics())
    let uploads: OpenCLUploads
    /// Held while a kernel's arguments are set and it is enqueued.
    let launching: Mutex<OpenCLBacklog>
    let takesTurns: Bool

    /// Opens a device; throws if the device or the driver cannot be used.
    ///
    /// `shape` is the kernel variant, nil for the one that suits the device; `cache` keeps built
    /// programs.
    package init(
      _ device: OpenCLDescription, variant: KernelVariant? = nil,
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
      self.variant = variant ?? device.variant
      self.functions = functions
      self.context = context
      self.queue = queue
      name = device.identifier + (variant.map { ":\($0.rawValue)" } ?? "")
      pool = MemoryPool(
        source: OpenCLMemory(
          functions: functions, context: context, queue: queue,
          largest: device.maximumBufferByteCount, budget: device.memoryBudget))
      programs = OpenCLPrograms(
        functions: functions, context: context, device: device, cache: cache, pool: pool)
      faults = OpenCLFaults()
      uploads = OpenCLUploads(functions)
      launching = Mutex(OpenCLBacklog())
      takesTurns = OpenCLTurn.isNeeded(
        platform: device.platform, driverVersion: device.driverVersion)
    }

    deinit {
      _ = functions.clFinish(queue)
      OpenCLTurn.leave(queue)
      uploads.close()
      launching.withLock { $0.close(functions) }
      programs.close()
      faults.close(pool)
      pool.trim()
      _ = functions.clReleaseCommandQueue(queue)
      _ = functions.clReleaseContext(context)
    }

    /// Counts of transfers and work since the device was opened.
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
      takeMemory(byteCount).map { Buffer($0, byteCount: byteCount, on: self) }
    }

    /// A memory object; nil if there is none, not even when the queue is empty.
    ///
    /// What enqueued kernels use becomes free only when they are done.
    func takeMemory(_ byteCount: Int) -> UnsafeMutableRawPointer? {
      if let handle = pool.allocate(byteCount) { return handle }
      guard byteCount <= device.maximumBufferByteCount else { return nil }
      count { $0.waits += 1 }
      guard functions.clFinish(queue) == 0 else { return nil }
      uploads.reap()
      pool.trim()
      return pool.allocate(byteCount)
    }

    package func release(_ handle: UnsafeMutableRawPointer, byteCount: Int) {
      pool.deallocate(handle, byteCount)
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
      uploads.reap()
      savePrograms()
    }

    /// Saves new programs in the cache.
    func savePrograms() {
      guard programs.hasUnsaved else { return }
      if takesTurns {
        OpenCLTurn.whileIdle { programs.save() }
      } else {
        programs.save()
      }
    }

    // MARK: Kernels

    /// A kernel that is not made from a program, by a key that identifies it.
    func namedKernel(_ key: String, make: () -> OpenCLKernel?) -> OpenCLKernel? {
      kernel(.named(key), make: make)
    }

    func kernel(_ key: KernelKey, make: () -> OpenCLKernel?) -> OpenCLKernel? {
      if let kernel = kernels.withLock({ $0[key] }) { return kernel }
      guard let kernel = make() else { return nil }
      kernels.withLock { $0[key] = kernel }
      return kernel
    }

    /// Reports a failed call.
    func check(_ code: Int32, _ operation: String) {
      if code != 0 {
        reportFailure(
          operation: operation, "\(name) (\(device.name)): \(OpenCLError.sentence(code))")
      }
    }

    /// A kernel, built if necessary; nil, after a report, if the driver refuses it.
    func kernel(
      _ name: String, _ operation: String, source: () -> String
    ) -> OpenCLKernel? {
      do {
        let head = variant == .wide ? OpenCLSource.explicitVectors : ""
        return try programs.kernel(name, source: head + source())
      } catch {
        reportFailure(operation: operation, "\(self.name) (\(device.name)): \(error)")
        return nil
      }
    }
  }
#endif

#if OpenCL
  internal import COpenCL
  import Synchronization

  /// The kernel variant that suits a device.
  package enum KernelVariant: String, Sendable, CaseIterable {
    /// Each item does much work, with explicit vectors. For CPUs.
    case wide
    /// Many items work together in groups with local memory. For GPUs.
    case simt
  }

  /// What an OpenCL device reports about itself.
  package struct OpenCLDescription: Sendable {
    /// Its index in the list of platforms, and in its platform.
    package let platformIndex: Int
    package let deviceIndex: Int
    package let platform: String
    package let platformVersion: String
    package let name: String
    package let vendor: String
    package let driverVersion: String
    package let version: String
    package let isGPU: Bool
    package let isCPU: Bool
    package let computeUnits: Int
    package let clockMegahertz: Int
    package var maximumGroupSize: Int
    /// The most items of a group along each axis.
    package let maximumGroupExtents: (Int, Int, Int)
    package let localByteCount: Int
    package let globalByteCount: Int
    package var maximumBufferByteCount: Int
    /// The most bytes of all arguments of a kernel together.
    package var maximumParameterByteCount: Int
    package let extensions: Set<String>
    /// A test clears it, to check that the library works without.
    package var hasDouble: Bool
    package let hasSubnormals: Bool
    /// Whether a multiply-add rounds once, in hardware.
    package let hasFMA: Bool
    package let hasUnifiedMemory: Bool
    /// Why it cannot be used, if so.
    package let obstacle: String?

    // Handles are addresses inside the driver, the same for the life of the process.
    nonisolated(unsafe) let device: OpenCLHandle

    /// `opencl:0:1`, as `--device` takes it.
    package var identifier: String { "opencl:\(platformIndex):\(deviceIndex)" }

    package var variant: KernelVariant { isCPU ? .wide : .simt }

    /// The most bytes that the pool of its memory may hold: three quarters of the memory.
    ///
    /// If that is the host's memory, also no more than the process may take.
    var memoryBudget: Int {
      // A driver that does not say is asked until it refuses.
      let share = globalByteCount > 0 ? globalByteCount / 4 * 3 : .max
      return isCPU || hasUnifiedMemory ? min(share, MachineMemory.limit) : share
    }

    /// The element types that the device can hold and compute.
    package var dtypes: [DType] { DType.allCases.filter { $0 != .float64 || hasDouble } }

    /// What the library would use and the device lacks, in words.
    package var lacks: [String] {
      var list: [String] = []
      if !hasDouble { list.append("float64") }
      if !hasSubnormals { list.append("subnormal numbers") }
      if let obstacle { list.append(obstacle) }
      return list
    }

    init(
      _ functions: SlopeOpenCL, platformIndex: Int, platform: OpenCLHandle, deviceIndex: Int,
      device: OpenCLHandle
    ) {
      func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, _ name: Int
      ) -> Number {
        openCLNumber(type) { functions.clGetDeviceInfo(device, UInt32(name), $0, $1, nil) }
      }
      func text(_ name: Int) -> String {
        openCLText { functions.clGetDeviceInfo(device, UInt32(name), $0, $1, $2) }
      }
      func platformText(_ name: Int) -> String {
        openCLText { functions.clGetPlatformInfo(platform, UInt32(name), $0, $1, $2) }
      }
      self.platformIndex = platformIndex
      self.deviceIndex = deviceIndex
      self.device = device
      self.platform = platformText(SLOPE_CL_PLATFORM_NAME)
      platformVersion = platformText(SLOPE_CL_PLATFORM_VERSION)
      name = text(SLOPE_CL_DEVICE_NAME)
      vendor = text(SLOPE_CL_DEVICE_VENDOR)
      driverVersion = text(SLOPE_CL_DRIVER_VERSION)
      version = text(SLOPE_CL_DEVICE_VERSION)
      let type = number(UInt64.self, SLOPE_CL_DEVICE_TYPE)
      isGPU = type & UInt64(SLOPE_CL_DEVICE_TYPE_GPU) != 0
      isCPU = type & UInt64(SLOPE_CL_DEVICE_TYPE_CPU) != 0
      computeUnits = Int(number(UInt32.self, SLOPE_CL_DEVICE_MAX_COMPUTE_UNITS))
      clockMegahertz = Int(number(UInt32.self, SLOPE_CL_DEVICE_MAX_CLOCK_FREQUENCY))
      maximumGroupSize = max(1, number(Int.self, SLOPE_CL_DEVICE_MAX_WORK_GROUP_SIZE))
      var extents = [Int](repeating: .max, count: 16)
      let isKnown = extents.withUnsafeMutableBytes {
        functions.clGetDeviceInfo(
          device, UInt32(SLOPE_CL_DEVICE_MAX_WORK_ITEM_SIZES), $0.count, $0.baseAddress, nil) == 0
      }
      // Every driver runs one item, whatever it reports.
      maximumGroupExtents =
        isKnown ? (max(1, extents[0]), max(1, extents[1]), max(1, extents[2])) : (.max, .max, .max)
      localByteCount = Int(clamping: number(UInt64.self, SLOPE_CL_DEVICE_LOCAL_MEM_SIZE))
      globalByteCount = Int(clamping: number(UInt64.self, SLOPE_CL_DEVICE_GLOBAL_MEM_SIZE))
      maximumBufferByteCount = Int(
        clamping: number(UInt64.self, SLOPE_CL_DEVICE_MAX_MEM_ALLOC_SIZE))
      let parameters = number(Int.self, SLOPE_CL_DEVICE_MAX_PARAMETER_SIZE)
      // The minimum that the specification guarantees, if the driver does not say.
      maximumParameterByteCount = parameters > 0 ? parameters : 1024
      extensions = Set(text(SLOPE_CL_DEVICE_EXTENSIONS).split(separator: " ").map(String.init))
      // Version 1.2 made naming the extension optional, but not the configuration.
      hasDouble =
        extensions.contains("cl_khr_fp64")
        || number(UInt64.self, SLOPE_CL_DEVICE_DOUBLE_FP_CONFIG) != 0
      hasSubnormals =
        number(UInt64.self, SLOPE_CL_DEVICE_SINGLE_FP_CONFIG) & UInt64(SLOPE_CL_FP_DENORM) != 0
      hasFMA = number(UInt64.self, SLOPE_CL_DEVICE_SINGLE_FP_CONFIG) & UInt64(SLOPE_CL_FP_FMA) != 0
      hasUnifiedMemory = number(UInt32.self, SLOPE_CL_DEVICE_HOST_UNIFIED_MEMORY) != 0
      let hasCompiler = number(UInt32.self, SLOPE_CL_DEVICE_COMPILER_AVAILABLE) != 0
      let isAvailable = number(UInt32.self, SLOPE_CL_DEVICE_AVAILABLE) != 0
      let isLittle = number(UInt32.self, SLOPE_CL_DEVICE_ENDIAN_LITTLE) != 0
      if !isAvailable {
        obstacle = "the device is not available now"
      } else if !hasCompiler {
        obstacle = "the driver has no compiler"
      } else if !isLittle {
        obstacle = "the device orders bytes differently from the processor"
      } else if version.hasPrefix("OpenCL 1.0") || version.hasPrefix("OpenCL 1.1") {
        obstacle = "OpenCL 1.2 is needed"
      } else {
        obstacle = nil
      }
    }

    /// The devices that were found, and what hindered the search for more.
    package struct Listing: Sendable {
      package let devices: [OpenCLDescription]
      package let problem: String?
    }

    /// All devices of all platforms, in the loader's order.
    package static func all() throws(OpenCLError) -> [OpenCLDescription] { try listing().devices }

    /// All devices, and what hindered the search for more.
    package static func listing() throws(OpenCLError) -> Listing {
      // PoCL lists no devices to a thread that asks while it first searches for another thread.
      try asking.withLock { _ in Result { () throws(OpenCLError) in try list() } }.get()
    }

    private static let asking = Mutex(())

    private static func list() throws(OpenCLError) -> Listing {
      let functions = try OpenCLLibrary.functions.get()
      let platforms = try handles("list OpenCL platforms") {
        functions.clGetPlatformIDs($0, $1, $2)
      }
      var found: [OpenCLDescription] = []
      var silent: [String] = []
      var failure: OpenCLError?
      for (platformIndex, platform) in platforms.enumerated() {
        let name = openCLText {
          functions.clGetPlatformInfo(platform, UInt32(SLOPE_CL_PLATFORM_NAME), $0, $1, $2)
        }
        do throws(OpenCLError) {
          let devices = try handles("list the devices of the OpenCL platform \(name)") {
            functions.clGetDeviceIDs(platform, UInt64(UInt32.max), $0, $1, $2)
          }
          if devices.isEmpty { silent.append(name) }
          for (deviceIndex, device) in devices.enumerated() {
            found.append(
              OpenCLDescription(
                functions, platformIndex: platformIndex, platform: platform,
                deviceIndex: deviceIndex, device: device))
          }
        } catch {
          // The devices of other platforms can still be used.
          failure = error
        }
      }
      if found.isEmpty {
        if let failure { throw failure }
        return Listing(
          devices: [],
          problem: OpenCLDrivers.absence(in: OpenCLDrivers.place, platforms: silent))
      }
      let problems = silent.map(OpenCLDrivers.silence) + (failure.map { ["\($0)"] } ?? [])
      return Listing(
        devices: found, problem: problems.isEmpty ? nil : problems.joined(separator: "; "))
    }

    /// Asks for a count, then for as many handles; none if there are none.
    private static func handles(
      _ attempt: String,
      _ ask: (UInt32, UnsafeMutablePointer<OpenCLHandle?>?, UnsafeMutablePointer<UInt32>?) -> Int32
    ) throws(OpenCLError) -> [OpenCLHandle] {
      var count: UInt32 = 0
      let code = ask(0, nil, &count)
      let nothing = [SLOPE_CL_DEVICE_NOT_FOUND, SLOPE_CL_PLATFORM_NOT_FOUND_KHR]
      if nothing.contains(Int(code)) || (code == 0 && count == 0) { return [] }
      guard code == 0 else { throw OpenCLError(attempt, code: code) }
      var list = [OpenCLHandle?](repeating: nil, count: Int(count))
      let second = list.withUnsafeMutableBufferPointer { ask(count, $0.baseAddress, nil) }
      guard second == 0 else { throw OpenCLError(attempt, code: second) }
      return list.compactMap { $0 }
    }
  }
#endif

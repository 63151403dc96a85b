#if OpenCL
  /// A failed OpenCL call, or the reason why there is no device to call.
  public struct OpenCLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, such as `create a buffer of 4096 bytes`.
    public let attempt: String

    /// What went wrong, and what to do.
    public let message: String

    package init(_ attempt: String, _ message: String) {
      self.attempt = attempt
      self.message = message
    }

    /// The code of a call as a sentence.
    package init(_ attempt: String, code: Int32) {
      self.init(attempt, OpenCLError.sentence(code))
    }

    /// `cannot …: …`.
    public var description: String { "cannot \(attempt): \(message)" }

    /// The name of an error code, what it means and what to do.
    package static func sentence(_ code: Int32) -> String {
      guard let (name, hint) = codes[code] else { return "the driver gave error \(code)" }
      return "\(name) (\(code)): \(hint)"
    }

    /// Whether a code says that there was not enough memory.
    static func isShortage(_ code: Int32) -> Bool {
      // Memory of the device, of the device for the driver's own needs, and of the process.
      code <= -4 && code >= -6
    }

    // The specification's codes; the hints say what a user of this library can do.
    private static let codes: [Int32: (String, String)] = [
      -1: ("DEVICE_NOT_FOUND", "the platform has no such device"),
      -2: ("DEVICE_NOT_AVAILABLE", "another program has the device to itself"),
      -3: ("COMPILER_NOT_AVAILABLE", "the driver cannot build kernels"),
      -4: ("MEM_OBJECT_ALLOCATION_FAILURE", "the device has no memory left; use smaller batches"),
      -5: (
        "OUT_OF_RESOURCES",
        "the device ran out of memory or registers, or a kernel ran too long for a display's device"
      ),
      -6: ("OUT_OF_HOST_MEMORY", "the driver could not allocate memory of the process"),
      -9: ("IMAGE_FORMAT_MISMATCH", "this is a bug of the library"),
      -11: ("BUILD_PROGRAM_FAILURE", "the driver refused a kernel; its log follows"),
      -12: ("MAP_FAILURE", "the driver could not map memory"),
      -14: (
        "EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", "earlier work on the device failed"
      ),
      -30: ("INVALID_VALUE", "this is a bug of the library"),
      -32: ("INVALID_PLATFORM", "the platform is gone"),
      -33: ("INVALID_DEVICE", "the device is gone"),
      -34: ("INVALID_CONTEXT", "the device was lost; start the program again"),
      -36: ("INVALID_COMMAND_QUEUE", "the device was lost; start the program again"),
      -38: ("INVALID_MEM_OBJECT", "this is a bug of the library"),
      -42: ("INVALID_BINARY", "the cached program does not fit the driver"),
      -43: ("INVALID_BUILD_OPTIONS", "this is a bug of the library"),
      -44: ("INVALID_PROGRAM", "this is a bug of the library"),
      -45: ("INVALID_PROGRAM_EXECUTABLE", "the program was not built for this device"),
      -46: ("INVALID_KERNEL_NAME", "this is a bug of the library"),
      -48: ("INVALID_KERNEL", "this is a bug of the library"),
      -49: ("INVALID_ARG_INDEX", "this is a bug of the library"),
      -50: ("INVALID_ARG_VALUE", "this is a bug of the library"),
      -51: ("INVALID_ARG_SIZE", "this is a bug of the library"),
      -52: ("INVALID_KERNEL_ARGS", "this is a bug of the library"),
      -53: ("INVALID_WORK_DIMENSION", "this is a bug of the library"),
      -54: ("INVALID_WORK_GROUP_SIZE", "the device cannot run that many items together"),
      -55: ("INVALID_WORK_ITEM_SIZE", "the device cannot run that many items together"),
      -56: ("INVALID_GLOBAL_OFFSET", "this is a bug of the library"),
      -58: ("INVALID_EVENT", "this is a bug of the library"),
      -59: ("INVALID_OPERATION", "the driver does not allow it"),
      -61: ("INVALID_BUFFER_SIZE", "the device does not allow a buffer of that size"),
      -63: ("INVALID_GLOBAL_WORK_SIZE", "this is a bug of the library"),
      -1001: ("PLATFORM_NOT_FOUND_KHR", "the loader found no OpenCL driver that works"),
    ]
  }
#endif

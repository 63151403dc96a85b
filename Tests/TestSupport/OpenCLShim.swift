import Glibc

/// Tests/OpenCLShim/shim.c, which stands before the OpenCL loader, counts its calls and makes them
/// fail.
public struct OpenCLShim {
  /// The name of a C compiler of this machine, or nil.
  public static let compiler: String? = ["clang", "cc", "gcc"].first {
    (try? run([$0, "--version"], silent: true)) == 0
  }

  /// Compiles the shim into a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder for the library.
  ///   - source: C source text other than the shim's own.
  /// - Returns: the path of the library.
  /// - Throws: `TemporaryFolder.Failure` if it cannot be compiled.
  public static func build(in folder: TemporaryFolder, source: String? = nil) throws -> String {
    let library = folder.file("shim.so")
    var file = packageFile("Tests/OpenCLShim/shim.c")
    if let source { file = try folder.write(source, to: "shim.c") }
    let command = [
      compiler ?? "cc", "-std=gnu2x", "-shared", "-fPIC", "-w", "-D_Nullable=", "-D_Nonnull=",
      "-I" + packageFile("Sources/COpenCL/include"), file, "-o", library,
    ]
    guard try run(command) == 0 else { throw TemporaryFolder.Failure(what: "compiling \(file)") }
    return library
  }

  /// Runs a program of the path and returns its exit code.
  private static func run(_ command: [String], silent: Bool = false) throws -> Int32 {
    var pointers: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if silent {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    var process = pid_t()
    guard posix_spawnp(&process, command[0], &actions, nil, pointers, environ) == 0 else {
      throw TemporaryFolder.Failure(what: command[0])
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  // MARK: In this process

  private typealias Text = @convention(c) (UnsafeMutablePointer<CChar>?, Int32) -> Int32
  private typealias Fault = @convention(c) (UnsafePointer<CChar>?, Int32, Int32, Int32) -> Void
  private typealias Memory = @convention(c) (Int64) -> Void
  private typealias Limit = @convention(c) (UnsafePointer<CChar>, Int64) -> Void
  private let limit: Limit
  private let text: Text
  private let fault: Fault
  private let memory: Memory

  /// Puts the shim before the loader; must be called before this process's first use of OpenCL and
  /// of a tensor, which is made on the CPU.
  public init(_ path: String) throws {
    setenv("SLOPE_DEVICE", "cpu", 1)
    guard let library = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
      throw TemporaryFolder.Failure(what: path)
    }
    func function<Function>(_ name: String, _ type: Function.Type) throws -> Function {
      guard let address = dlsym(library, name) else { throw TemporaryFolder.Failure(what: name) }
      return unsafeBitCast(address, to: type)
    }
    text = try function("slope_shim_counts", Text.self)
    fault = try function("slope_shim_fault", Fault.self)
    memory = try function("slope_shim_memory", Memory.self)
    limit = try function("slope_shim_limit", Limit.self)
  }

  /// The counts so far.
  public var counts: OpenCLCounts {
    var bytes = [CChar](repeating: 0, count: 1024)
    _ = text(&bytes, 1024)
    return OpenCLCounts(String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
  }

  /// Makes calls of a function fail.
  ///
  /// - Parameters:
  ///   - function: the name of the function.
  ///   - code: the error code that the calls return.
  ///   - call: the first call that fails, counted from now on, from 1.
  ///   - count: the number of calls that fail.
  public func fail(_ function: String, code: Int32, call: Int = 1, count: Int = 1) {
    fault(function, code, Int32(call), Int32(call + count - 1))
  }

  /// Makes the driver report a lower limit than its own, and enforces it.
  ///
  /// Must be called before the device is first used. Limits have names in shim.c, such as
  /// `kernelGroup`.
  public func limit(_ name: String, to value: Int) { limit(name, Int64(value)) }

  /// Makes all calls of a function fail; nil for none.
  public func failAll(_ function: String?, code: Int32 = 0) { fault(function, code, 1, .max) }

  /// Limits the total bytes of all buffers; nil for the driver's limit.
  public func limitMemory(_ byteCount: Int?) { memory(Int64(byteCount ?? -1)) }
}

/// The number of calls of OpenCL functions, by the shim's names.
public struct OpenCLCounts: Equatable, Sendable {
  private var numbers: [String: Int] = [:]

  /// The counts that the shim wrote.
  public init(_ text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2, let number = Int(parts[1]) { numbers[String(parts[0])] = number }
    }
  }

  /// A count by its name; -1 if there is none.
  public subscript(name: String) -> Int { numbers[name] ?? -1 }

  /// The difference between two counts.
  public static func - (later: OpenCLCounts, earlier: OpenCLCounts) -> OpenCLCounts {
    var difference = later
    difference.numbers.merge(earlier.numbers) { $0 - $1 }
    return difference
  }
}

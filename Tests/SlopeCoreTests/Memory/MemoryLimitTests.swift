import Glibc
import TestSupport
import Testing

/// Whether the tests run under a sanitizer.
private let sanitizes = dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil

/// A program of the package, which is next to the executable that runs the tests.
private func program(_ name: String) -> String {
  guard let path = realpath("/proc/self/exe", nil) else { return name }
  defer { free(path) }
  let runner = String(cString: path)
  return String(runner[...(runner.lastIndex(of: "/") ?? runner.startIndex)]) + name
}

/// In a limited address space, every call returns or is refused: none aborts or hangs.
@Suite(.serialized, .disabled(if: sanitizes, "a sanitizer needs terabytes of address space"))
struct MemoryLimitTests {
  /// Runs the memory check with at most the given kilobytes of address space (`-v`) or of data
  /// (`-d`).
  private func run(
    kilobytes: Int, of resource: String = "-v", environment: [String] = []
  ) throws -> (code: Int32, output: String) {
    let folder = try TemporaryFolder()
    let script =
      "ulimit \(resource) \(kilobytes) && exec timeout -s KILL 120 env \(environment.joined(separator: " ")) "
      + "\"$0\" >\"$1\" 2>&1"
    let arguments = ["sh", "-c", script, program("memorycheck"), folder.file("output")]
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", nil, nil, &pointers, environ) == 0 else {
      throw TemporaryFolder.Failure(what: "posix_spawn")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : -1, try folder.text("output"))
  }

  @Test(arguments: [(150_000, "-v"), (300_000, "-v"), (500_000, "-v"), (150_000, "-d")])
  func everyCallReturnsOrIsRefused(kilobytes: Int, resource: String) throws {
    let (code, output) = try run(kilobytes: kilobytes, of: resource)
    #expect(code == 0, "\(output)")
    #expect(output.hasSuffix(" refused\n") && !output.hasPrefix("0 done"), "\(output)")
    #expect(!output.hasSuffix(" 0 refused\n"), "\(output)")
  }

  /// More threads than there is memory for their stacks.
  @Test func threadsThatCannotBeStartedAreDoneWithout() throws {
    let (code, output) = try run(kilobytes: 150_000, environment: ["SLOPE_NUM_THREADS=256"])
    #expect(code == 0, "\(output)")
  }
}

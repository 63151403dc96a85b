import Glibc
import TestSupport
import Testing

@testable import SlopeCore

@Suite struct MachineMemoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a file in folders that are created.
  private func put(_ text: String, _ path: String) throws {
    var part = folder.path
    for name in path.split(separator: "/").dropLast() {
      part += "/" + name
      mkdir(part, 0o700)
    }
    try folder.write(text, to: path)
  }

  private func bound(_ groups: String) -> Int? {
    MachineMemory.groupBound(in: folder.path, groups: groups)
  }

  @Test func theLeastLimitOfTheGroupsAboveCounts() throws {
    #expect(bound("0::/a/b\n") == nil)
    try put("max\n", "memory.max")
    try put("5000\n", "a/memory.max")
    try put("max\n", "a/b/memory.max")
    #expect(bound("0::/\n") == nil && bound("0::/a\n") == 5000 && bound("0::/a/b\n") == 5000)
    try put("4000\n", "a/b/memory.max")
    #expect(bound("0::/a/b\n") == 4000 && bound("0::/a\n") == 5000)
    // The path of a container is the host's, and its own group is mounted.
    try put("3000\n", "memory.max")
    #expect(bound("0::/docker/x\n") == 3000)
  }

  @Test func bothVersionsOfGroupsAreAsked() throws {
    try put("7000\n", "memory/c/memory.limit_in_bytes")
    try put("9223372036854771712\n", "memory/memory.limit_in_bytes")
    #expect(bound("4:memory:/c\n0::/\n") == 7000 && bound("4:cpu,memory:/c\n") == 7000)
    #expect(bound("4:memory:/\n") == 9_223_372_036_854_771_712)
    #expect(bound("4:cpu:/c\n") == nil && bound("memory\n") == nil && bound("") == nil)
    try put("6000\n", "unified/memory.max")
    #expect(bound("4:memory:/c\n0::/\n") == 6000)
  }

  @Test(arguments: [RLIMIT_AS, RLIMIT_DATA].map { Int32($0.rawValue) })
  func aLimitOfTheProcessCounts(resource: Int32) async {
    await #expect(processExitsWith: .success) { [resource = resource as Int32] in
      let kind = __rlimit_resource_t(UInt32(resource))
      var limit = rlimit()
      #expect(getrlimit(kind, &limit) == 0)
      let before = limit
      limit.rlim_cur = 4 << 30
      #expect(setrlimit(kind, &limit) == 0)
      let found = MachineMemory.limit
      limit = before
      #expect(setrlimit(kind, &limit) == 0 && found <= 3 << 30)
    }
  }

  @Test func thereIsSomeMemory() { #expect(MachineMemory.limit >= 1 << 26) }
}

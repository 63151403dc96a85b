#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// The messages when no device is found.
  @Suite struct OpenCLDriversTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func absence(_ place: String? = nil, platforms: [String] = []) -> String {
      OpenCLDrivers.absence(in: place ?? folder.path, platforms: platforms)
    }

    @Test func noFileIsNoDriver() throws {
      let nothing = "no OpenCL driver is installed; on Debian: apt-get install pocl-opencl-icd, or "
      #expect(absence() == nothing + "your GPU's driver")
      #expect(absence(folder.file("none")).hasPrefix(nothing))
      try folder.write("libm.so.6", to: "driver.txt")
      #expect(absence().hasPrefix(nothing))
    }

    @Test func aDriverThatCannotBeLoadedIsToldWithTheReason() throws {
      let file = try folder.write("libno-such-driver.so.1\n", to: "x.icd")
      #expect(
        absence()
          == "the OpenCL driver of \(file) cannot be loaded: libno-such-driver.so.1: cannot open "
          + "shared object file: No such file or directory")
      #expect(absence(file) == absence())
    }

    @Test func aDriverThatLoadsCannotStart() throws {
      // A library that every process has.
      let file = try folder.write("  libm.so.6  \nmore\n", to: "x.icd")
      let text = "the OpenCL driver libm.so.6 (\(file)) is installed and cannot start"
      #expect(absence() == text)
      let other = try folder.write("", to: "y.icd")
      let third = folder.file("z.icd")
      #expect(mkfifo(third, 0o600) == 0)
      #expect(
        absence()
          == "\(text); \(other) names no OpenCL driver; \(third) names no OpenCL driver")
    }

    @Test func aPlatformWithoutADeviceIsNamed() {
      #expect(
        absence(platforms: ["Some GPUs", "Others"])
          == "the OpenCL platform Some GPUs is installed and shows no device; "
          + "the OpenCL platform Others is installed and shows no device")
      #expect(
        absence(platforms: ["Portable Computing Language"]).hasSuffix(
          " shows no device: it needs a folder for its cache that can be written, in "
            + "$POCL_CACHE_DIR, $XDG_CACHE_HOME or $HOME"))
    }

    // MARK: Behind a shim

    private static let canFail =
      OpenCLShim.compiler != nil && (try? OpenCLTestDevices.best.get()) != nil

    /// The messages of a process in which a call fails: for the best device, and for all of them.
    @Test(
      .enabled(if: canFail),
      arguments: [
        ("clGetPlatformIDs", -1001, "the OpenCL driver "),
        ("clGetDeviceIDs", -1, "the OpenCL platform "),
      ]) func aDriverThatIsThereIsNotSaidToBeMissing(
        _ function: String, _ code: Int32, _ start: String
      ) async throws
    {
      let shim = try OpenCLShim.build(in: folder)
      await #expect(processExitsWith: .success) {
        [
          shim = shim as String, function = function as String, code = code as Int32,
          start = start as String
        ] in
        try OpenCLShim(shim).failAll(function, code: code)
        let found = DeviceDescription.all()
        #expect(found.devices.map(\.name) == ["cpu"] && Device.all == [.cpu])
        let problem = try #require(found.problem)
        #expect(
          problem.hasPrefix("OpenCL: \(start)") && problem.contains("is installed"), "\(problem)")
        #expect(throws: DeviceError("gpu", String(problem.dropFirst("OpenCL: ".count)))) {
          try Device.gpu
        }
        #expect(throws: DeviceError.self) { try Device.opencl(platform: 0, device: 0) }
      }
    }

    @Test(.enabled(if: canFail)) func oneFaultyPlatformHarmsNoOther() async throws {
      let shim = try OpenCLShim.build(in: folder)
      // The same driver twice.
      let place = OpenCLDrivers.place
      let known = folderEntries(place).first { $0.hasSuffix(".icd") }
      let text = try readFile(try #require(known.map { "\(place)/\($0)" }))
      let drivers = try TemporaryFolder()
      try drivers.write(text, to: "a.icd")
      try drivers.write(text, to: "b.icd")
      await #expect(processExitsWith: .success) {
        [shim = shim as String, drivers = drivers.path as String] in
        setenv("OCL_ICD_VENDORS", drivers, 1)
        try OpenCLShim(shim).fail("clGetDeviceIDs", code: -32)
        let found = DeviceDescription.all()
        #expect(found.devices.map(\.name) == ["cpu", "opencl:1:0"])
        #expect(
          found.problem?.hasPrefix("OpenCL: cannot list the devices of the OpenCL platform ")
            == true
            && found.problem?.contains("INVALID_PLATFORM (-32)") == true, "\(found.problem ?? "")")
        #expect(try "\(Device.gpu)" == "opencl:1:0")
      }
    }

    @Test(.enabled(if: canFail)) func aHomeThatCannotBeWrittenIsTold() async throws {
      await #expect(processExitsWith: .success) {
        for name in ["POCL_CACHE_DIR", "XDG_CACHE_HOME", "HOME"] { setenv(name, "/proc/none", 1) }
        setenv("SLOPE_DEVICE", "cpu", 1)
        let problem = DeviceDescription.all().problem ?? ""
        #expect(!problem.contains("no OpenCL driver is installed"))
        #expect(problem.contains("folder for its cache") || problem.isEmpty, "\(problem)")
      }
    }
  }
#endif

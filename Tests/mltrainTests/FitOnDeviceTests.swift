import Glibc
import SlopeCore
import TestSupport
import Testing

/// `mltrain` without an OpenCL driver, or without OpenCL.
@Suite(.enabled(if: DeviceDescription.all().problem?.contains("trait") != true))
struct NoDeviceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("x,y\n" + (0..<20).map { "\($0),\($0 * 2)\n" }.joined(), to: "line.csv")
  }

  /// The output of `devices`, a fit on a device and a fit on the CPU without a device.
  private func expectNoDevice(
    _ environment: [String: String], listed: String, fitting: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let devices = try CommandRun(["devices"], in: folder, environment: environment.settings)
    #expect(devices.exitCode == 0 && devices.error.isEmpty, sourceLocation: sourceLocation)
    #expect(devices.output.hasPrefix("cpu  the processor, "), sourceLocation: sourceLocation)
    #expect(
      devices.output.contains("\n  memory        the machine's own\n  element types all 13\n"),
      sourceLocation: sourceLocation)
    #expect(devices.output.contains("\n\(listed)"), sourceLocation: sourceLocation)
    #expect(!devices.output.contains("opencl:"), sourceLocation: sourceLocation)
    let listing = try CommandRun(
      ["devices", "--json"], in: folder, environment: environment.settings)
    #expect(
      listing.output.hasPrefix(#"{"devices":[{"name":"cpu","#)
        && listing.output.contains(#""lacks":[],"isUsable":true}"#), "\(listing.output)",
      sourceLocation: sourceLocation)
    let arguments = [
      "fit", "line.csv", "--model", "linear", "--target", "y", "--epochs", "2", "--quiet",
    ]
    for device in ["gpu", "opencl:0:0"] {
      let fit = try CommandRun(
        arguments + ["--device", device], in: folder, environment: environment.settings)
      #expect(fit.exitCode == 1 && fit.output.isEmpty, sourceLocation: sourceLocation)
      #expect(
        fit.error.hasPrefix("mltrain: device \(device): \(fitting)"), "\(fit.error)",
        sourceLocation: sourceLocation)
      #expect(fit.error.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
    }
    let asked = try CommandRun(
      arguments, in: folder, environment: environment.settings + ["SLOPE_DEVICE=gpu"])
    #expect(
      asked.exitCode == 1 && asked.error.hasPrefix("mltrain: device gpu: \(fitting)"),
      "\(asked.error)", sourceLocation: sourceLocation)
    #expect(!folder.names.contains("line.safetensors"), sourceLocation: sourceLocation)
    let cpu = try CommandRun(
      arguments, in: folder, environment: environment.settings + ["SLOPE_DEVICE=cpu"])
    #expect(cpu.exitCode == 0 && cpu.error.isEmpty, sourceLocation: sourceLocation)
    #expect(folder.names.contains("line.safetensors"), sourceLocation: sourceLocation)
  }

  @Test(
    .enabled(
      if: DeviceDescription.all().problem?.hasPrefix("OpenCL: no OpenCL driver is installed")
        ?? true))
  func withoutADriver() throws {
    try expectNoDevice(
      ["OCL_ICD_VENDORS": folder.path], listed: "OpenCL: no OpenCL driver is installed; on Debian",
      fitting: "no OpenCL driver is installed; on Debian: apt-get install pocl-opencl-icd, or your")
  }

  @Test func withoutALoader() throws {
    // The file that the system's loader looks for exists, but is not a library.
    let nowhere = try TemporaryFolder()
    let file = try nowhere.write(
      String(repeating: "no library\n", count: 100), to: "libOpenCL.so.1")
    try expectNoDevice(
      ["LD_LIBRARY_PATH": nowhere.path], listed: "OpenCL: the loader cannot be used (\(file): ",
      fitting: "the loader cannot be used (\(file): ")
  }
}

/// `mltrain fit` on a device behind a shim (Tests/OpenCLShim), with a separate cache.
@Suite(.enabled(if: OpenCLShim.compiler != nil && (try? Device.gpu) != nil))
struct FitOnDeviceTests {
  private let folder: TemporaryFolder
  private let cache: TemporaryFolder
  private let shim: String
  private var programs: String { cache.path + "/slope/opencl" }

  init() throws {
    folder = try TemporaryFolder()
    cache = try TemporaryFolder()
    shim = try OpenCLShim.build(in: cache)
  }

  private static let rowCount = 50
  private static let table =
    "x,z,y\n"
    + (0..<rowCount).map { "\($0),\($0 * $0 % 7),\(3 * $0 + 4 + $0 * $0 % 7)\n" }.joined()

  private struct Fit: Sendable {
    let run: CommandRun
    let calls: OpenCLCounts
    let model: [UInt8]
  }

  /// A training of 30 rows, in a separate folder.
  private func fit(
    epochs: Int = 2, batchSize: String = "8", in folder: TemporaryFolder? = nil,
    fault: String? = nil
  ) throws -> Fit {
    let folder = try folder ?? TemporaryFolder()
    try folder.write(Self.table, to: "line.csv")
    var environment = [
      "LD_PRELOAD": shim, "SLOPE_SHIM_COUNTS": folder.file("counts"), "XDG_CACHE_HOME": cache.path,
    ]
    environment["SLOPE_SHIM_FAULT"] = fault
    // The driver's own cache stays; only ours is to be empty.
    if let driver = Self.driverCache { environment["POCL_CACHE_DIR"] = driver }
    let run = try CommandRun(
      [
        "fit", "line.csv", "--model", "linear", "--target", "y", "--device", "gpu", "--epochs",
        "\(epochs)",
        // Without validation rows, which are predicted after each epoch.
        "--batch-size", batchSize, "--quiet", "--hidden", "4", "--split", "0.6,0,0.4",
      ], in: folder, environment: environment.settings)
    return Fit(
      run: run, calls: OpenCLCounts((try? folder.text("counts")) ?? ""),
      model: (try? folder.read("line.safetensors")) ?? [])
  }

  private static var driverCache: String? {
    func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    return variable("POCL_CACHE_DIR")
      ?? (variable("XDG_CACHE_HOME") ?? variable("HOME").map { $0 + "/.cache" })
      .map { $0 + "/pocl/kcache" }
  }

  private func programNames() -> [String] {
    folderEntries(programs).filter { !$0.hasPrefix(".") }.sorted()
  }

  // MARK: Copies

  @Test func anEpochUploadsItsOrderAndReadsItsLoss() throws {
    // Storing new programs takes an additional wait.
    #expect(try fit(epochs: 1).run.exitCode == 0)
    let (two, five) = (try fit(epochs: 2), try fit(epochs: 5))
    #expect(two.run.exitCode == 0 && five.run.exitCode == 0, "\(two.run.error)")
    let calls = five.calls - two.calls
    // An epoch's order; the sum of four losses with the checks of the gathers.
    #expect(calls["writes"] == 3 && calls["writtenBytes"] == 3 * 30 * 8)
    #expect(calls["reads"] == 3 && calls["readBytes"] == 3 * (4 + 4 * 2 * 4))
    #expect(calls["maps"] == 0 && calls["buffers"] == 0)
    #expect(calls["waits"] + calls["blockingReads"] == 3)
    #expect(calls["launches"] > 3 * 4 * 10)
  }

  @Test func aStepOnAllRowsReadsTheLossAlone() throws {
    let (two, five) = (
      try fit(epochs: 2, batchSize: "all"), try fit(epochs: 5, batchSize: "all")
    )
    #expect(two.run.exitCode == 0 && five.run.exitCode == 0, "\(two.run.error)")
    let calls = five.calls - two.calls
    #expect(calls["writes"] == 0 && calls["reads"] == 3 && calls["readBytes"] == 3 * 4)
    #expect(calls["fills"] == 0 && calls["copies"] == 0 && calls["buffers"] == 0)
  }

  // MARK: The cache

  @Test func aSecondStartBuildsNothing() throws {
    let (first, second) = (try fit(), try fit())
    #expect(first.run.exitCode == 0 && second.run.exitCode == 0, "\(first.run.error)")
    #expect(first.calls["sourceBuilds"] > 5 && first.calls["binaryBuilds"] == 0)
    #expect(second.calls["sourceBuilds"] == 0)
    #expect(second.calls["binaryBuilds"] == first.calls["sourceBuilds"])
    #expect(second.model == first.model && !first.model.isEmpty)
    #expect(second.run.output == first.run.output)
  }

  @Test func processesThatWriteOneCacheAtOnceGiveOneResult() async throws {
    let alone = try fit()
    for name in programNames() { unlink("\(programs)/\(name)") }
    let together = try await withThrowingTaskGroup(of: Fit.self) { group in
      for _ in 0..<4 { group.addTask { try fit() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.count == 4)
    for fit in together {
      #expect(fit.run.exitCode == 0 && fit.model == alone.model, "\(fit.run.error)")
    }
    // No incomplete file, no marker.
    #expect(programNames().count == alone.calls["sourceBuilds"])
    #expect(programNames().allSatisfy { $0.hasSuffix(".program") })
    let after = try fit()
    #expect(after.calls["sourceBuilds"] == 0 && after.model == alone.model)
  }

  @Test func damagedProgramsAreBuiltAgain() throws {
    let first = try fit()
    let names = programNames()
    for (index, name) in names.enumerated() {
      let path = "\(programs)/\(name)"
      let bytes = try readFile(path)
      let file = try #require(fopen(path, "w"))
      // Truncated, empty, or with another end.
      let kept = [bytes.count / 2, 0, bytes.count - 1][index % 3]
      fwrite(Array(bytes.prefix(kept)), 1, kept, file)
      if index % 3 == 2 { fputc(Int32(bytes[bytes.count - 1] ^ 1), file) }
      fclose(file)
    }
    let second = try fit()
    #expect(second.run.exitCode == 0 && second.model == first.model, "\(second.run.error)")
    #expect(second.calls["sourceBuilds"] == names.count && second.calls["binaryBuilds"] == 0)
    #expect(try fit().calls["sourceBuilds"] == 0 && programNames() == names)
  }

  @Test func aProgramDuringWhichTheDriverEndedTheProcessIsThrownAway() throws {
    let first = try fit()
    let killed = try fit(fault: "clCreateProgramWithBinary 0 3 3")
    #expect(killed.run.exitCode == 128 + SIGKILL && killed.model.isEmpty)
    #expect(programNames().filter { $0.hasSuffix(".loading") }.count == 1)
    let next = try fit()
    #expect(next.run.exitCode == 0 && next.calls["sourceBuilds"] == 1, "\(next.run.error)")
    #expect(next.model == first.model)
    #expect(try fit().calls["sourceBuilds"] == 0)
    #expect(programNames().allSatisfy { $0.hasSuffix(".program") })
  }

  // MARK: Failures

  @Test(arguments: [
    ("clEnqueueNDRangeKernel -5 40 41", "OUT_OF_RESOURCES (-5)"),
    ("clEnqueueReadBuffer -36 5 99", "INVALID_COMMAND_QUEUE (-36)"),
    ("clEnqueueWriteBuffer -6 3 4", "OUT_OF_HOST_MEMORY (-6)"),
    ("clBuildProgram -11 2 2", "BUILD_PROGRAM_FAILURE (-11)"),
    ("clCreateBuffer -4 4 99", "no memory for ["),
    ("clCreateCommandQueue -6 1 99", "device gpu: OUT_OF_HOST_MEMORY (-6)"),
  ]) func aDeviceThatFailsEndsTheTrainingWithOneSentence(
    _ fault: String, _ sentence: String
  ) throws {
    let fit = try fit(fault: fault)
    #expect(fit.run.exitCode == 1 && fit.run.output.isEmpty && fit.model.isEmpty)
    #expect(
      fit.run.error.hasPrefix("mltrain: ") && fit.run.error.contains(sentence), "\(fit.run.error)")
    #expect(fit.run.error.contains("opencl:0:0") || sentence.contains("device gpu"))
    // The next start is not affected by it.
    #expect(try self.fit().run.exitCode == 0)
  }
}

extension [String: String] {
  /// In the form of the command's option.
  fileprivate var settings: [String] { map { "\($0.key)=\($0.value)" }.sorted() }
}

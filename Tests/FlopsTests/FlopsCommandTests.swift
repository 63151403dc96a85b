import FoundationEssentials
import Glibc
import Slope
import SlopeData
import TestSupport
import Testing

@testable import flops

@Suite struct FlopsCommandTests {
  @Test func jsonNamesWhatTheComparisonsRead() throws {
    let run = try FlopsRun("--only overhead,lecture --seconds 0 --rounds 2")
    #expect(run.exitCode == 0)
    let results = try #require(run.report?.results)
    for (name, unit) in [("add_untracked", "ns"), ("add_recorded", "ns"), ("lecture_step", "us")] {
      let result = try #require(results.first { $0.name == name })
      #expect(result.unit == unit)
      #expect(result.value > 0)
      #expect(try #require(result.firstSeconds) > 0)
    }
    #expect(run.report?.machine.threads ?? 0 > 0)
    #expect(run.report?.machine.blasKernel.isEmpty == false)
    // Neither is compared with a peak, so none was measured.
    #expect(results.allSatisfy { $0.percentOfPeak == nil && Peak(rawValue: $0.name) == nil })
  }

  @Test func sharesAreToldOfWorkThatNoCacheHolds() throws {
    let run = try FlopsRun("--only add_float32,add_float32_cached --seconds 0 --rounds 2")
    let report = try #require(run.report)
    #expect(
      Peak.allCases.allSatisfy { peak in report.results.contains { $0.name == peak.rawValue } })
    let add = try #require(report.results.first { $0.name == "add_float32" })
    #expect(try #require(add.percentOfPeak) > 0)
    // It is the peak itself where it is faster than the probes.
    #expect(["triad_all", "read_all", "add_float32"].contains(add.peak))
    let cached = try #require(report.results.first { $0.name == "add_float32_cached" })
    #expect(cached.percentOfPeak == nil && cached.isCached == true)
    #expect(run.output.contains(" %") && run.output.contains("cached"))
    #expect(run.exitCode == (report.impossibleShares.isEmpty ? 0 : 1))
    let device = try #require(report.devices.first)
    #expect(device.roofs.map(\.roof) == Roof.allCases)
    #expect(device.arrayBytes >= 8 * 4096)
  }

  @Test func typesAreChosen() throws {
    let run = try FlopsRun("--only copy --dtype int8,float16 --seconds 0 --rounds 1")
    let names = try #require(run.report?.results).filter { $0.section == "copy" }.map(\.name)
    #expect(
      names
        == ["copy_int8", "copy_float16", "transpose_int8", "transpose_float16"].sorted {
          // By section, then by type.
          ($0.contains("int8") ? 0 : 1, $0) < ($1.contains("int8") ? 0 : 1, $1)
        })
    #expect(try FlopsRun("--dtype complex64").exitCode == 64)
  }

  @Test func plotAndShortTableAreWritten() throws {
    let folder = try TemporaryFolder()
    let (plot, table) = (folder.file("roofs.svg"), folder.file("table.md"))
    let run = try FlopsRun(
      "--only lecture --seconds 0 --rounds 1 --plot '\(plot)' --markdown '\(table)'")
    #expect(run.exitCode == 0)
    #expect(try folder.text("roofs.svg").hasPrefix("<svg "))
    #expect(try folder.text("table.md").contains("| Linear(1, 1), 8 rows, SGD |"))
    let missing = folder.file("missing/roofs.svg")
    #expect(try FlopsRun("--only lecture --seconds 0 --rounds 1 --plot '\(missing)'").exitCode == 1)
  }

  @Test func theSoakTellsMemoryAtItsTwoEnds() throws {
    let run = try FlopsRun("--only soak --steps 40")
    let results = try #require(run.report?.results)
    #expect(
      results.map(\.name) == [
        "soak_lecture_early", "soak_lecture_end", "soak_mlp_early", "soak_mlp_end",
      ])
    #expect(results.allSatisfy { $0.unit == "MiB" && $0.value > 1 })
    #expect(results[1].title.contains("after 40 steps"))
  }

  @Test(.enabled(if: hasOpenCL))
  func anOpenCLDeviceIsHeldAgainstItsOwnPeak() throws {
    let run = try FlopsRun(
      "--only lecture,peak,matmul_float32_square_512,overhead --seconds 0.02 --rounds 2",
      device: "gpu")
    let results = try #require(run.report?.results)
    #expect(results.allSatisfy { $0.device.hasPrefix("opencl:") })
    let step = try #require(results.first { $0.name == "lecture_step" })
    #expect(try #require(step.launches) >= 5 && step.waits == 0)
    let product = try #require(results.first { $0.name == "matmul_float32_square_512" })
    #expect(try #require(product.percentOfPeak) > 0 && product.percentOfPeak ?? 101 <= 100)
    // Waiting for each operation is one wait each.
    let latency = try #require(results.first { $0.name == "launch_latency" })
    #expect(latency.launches == 1 && latency.waits == 1)
    for peak in [Peak.floatAll, .triadAll, .readAll] {
      let result = try #require(results.first { $0.name == peak.rawValue })
      let median = try #require(result.median)
      #expect(median > 0 && result.value >= median && result.value > 1)
    }
    #expect(run.output.contains("opencl:") && run.output.contains("launches"))
  }

  @Test func allDevicesRunWhenNoneIsNamed() throws {
    let run = try FlopsRun("--only add_untracked --seconds 0 --rounds 1", device: "all")
    #expect(try #require(run.report?.results).map(\.device).contains("cpu"))
    #expect(
      try #require(run.report?.devices).contains { $0.name.hasPrefix("opencl:") } == hasOpenCL)
    #expect(try FlopsRun("--only add_untracked", device: "abacus").exitCode == 64)
  }

  @Test func filesAreTriedBeforeAnythingIsMeasured() throws {
    let folder = try TemporaryFolder()
    let missing = folder.file("missing/roofs.svg")
    #expect(throws: FileError.self) { try ReportFiles([nil, missing, nil]) }
    let (same, link) = (folder.file("same"), folder.file("link"))
    #expect(symlink("same", link) == 0)
    for paths in [[same, same, nil], [same, nil, link], [nil, link, same]] {
      let error = try #require(throws: FileError.self) { try ReportFiles(paths) }
      #expect(error.message.hasPrefix("named twice"))
    }
    #expect(folder.names == ["link"])
    // A device file keeps nothing that could be lost.
    try ReportFiles(["/dev/null", "/dev/null", same]).write([{ [1] }, { [2] }, { [3] }])
    #expect(try folder.read("same") == [3])
    // Measured, this would take hours.
    let run = try FlopsRun("--seconds 3600 --plot '\(missing)'")
    #expect(run.exitCode == 1 && run.output.isEmpty)
  }

  @Test(arguments: [
    "--seconds 1e300", "--seconds nan", "--seconds inf", "--seconds=-1", "--seconds 3601",
    "--rounds 0", "--rounds 9223372036854775807", "--steps 9223372036854775807", "--steps=-1",
  ])
  func measurementsWithoutEndAreUsageErrors(options: String) throws {
    #expect(try FlopsRun("--only lecture \(options)").exitCode == 64)
  }

  @Test func theLeastSecondsAreNone() throws {
    #expect(try FlopsRun("--only add_untracked --rounds 1 --seconds 1e-300").exitCode == 0)
  }

  @Test func anUnknownSectionIsAUsageError() throws {
    let run = try FlopsRun("--only lecture,nothing")
    #expect(run.exitCode == 64)
    #expect(run.report == nil)
  }
}

private let hasOpenCL = Device.all.count > 1

/// The outcome of running the built command.
private struct FlopsRun {
  let exitCode: Int32
  let output: String
  let report: Report?

  init(_ options: String, device: String = "cpu") throws {
    let folder = try TemporaryFolder()
    // The built command is next to the executable that runs the tests.
    let runner = try #require(realpath("/proc/self/exe", nil))
    defer { free(runner) }
    let place = String(cString: runner).split(separator: "/").dropLast().joined(separator: "/")
    let json = folder.file("flops.json")
    let command = "'/\(place)/flops' \(options) --device '\(device)' --json '\(json)' 2>/dev/null"
    let pipe = try #require(popen(command, "r"))
    var bytes: [UInt8] = []
    while case let byte = fgetc(pipe), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    let status = pclose(pipe)
    exitCode = status >> 8 & 0xFF
    output = String(decoding: bytes, as: UTF8.self)
    report = try? JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: json)))
  }
}

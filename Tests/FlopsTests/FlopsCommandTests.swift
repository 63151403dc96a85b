import FoundationEssentials
import Glibc
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
    // Neither is held against a peak, so none was measured.
    #expect(results.allSatisfy { $0.percentOfPeak == nil && Peak(rawValue: $0.name) == nil })
  }

  @Test func sharesOfThePeakAreShares() throws {
    let run = try FlopsRun("--only add --seconds 0.02 --rounds 5")
    let results = try #require(run.report?.results)
    #expect(Peak.allCases.allSatisfy { peak in results.contains { $0.name == peak.rawValue } })
    let shares = results.compactMap(\.percentOfPeak)
    #expect(shares.count == 1)
    #expect(shares.allSatisfy { $0 > 0 && $0 <= 100 })
    #expect(run.output.contains(" %"))
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

  @Test func anOpenCLDeviceIsHeldAgainstItsOwnPeak() throws {
    let run = try FlopsRun(
      "--only lecture,peak,matmul_float32_512 --seconds 0.02 --rounds 2", device: "gpu")
    let results = try #require(run.report?.results)
    #expect(results.allSatisfy { $0.device.hasPrefix("opencl:") })
    let step = try #require(results.first { $0.name == "lecture_step" })
    #expect(try #require(step.launches) >= 5 && step.waits == 0)
    let product = try #require(results.first { $0.name == "matmul_float32_512" })
    #expect(try #require(product.percentOfPeak) > 0 && product.percentOfPeak ?? 101 <= 100)
    for peak in [Peak.floatAll, .doubleAll, .triadAll] {
      #expect(try #require(results.first { $0.name == peak.rawValue }).value > 1)
    }
    #expect(run.output.contains("opencl:") && run.output.contains("launches"))
  }

  @Test func allDevicesRunWhenNoneIsNamed() throws {
    let run = try FlopsRun("--only add_untracked --seconds 0 --rounds 1", device: "all")
    #expect(try #require(run.report?.results).map(\.device).contains("cpu"))
    #expect(try #require(run.report?.results).contains { $0.device.hasPrefix("opencl:") })
    #expect(try FlopsRun("--only add_untracked", device: "abacus").exitCode == 64)
  }

  @Test func anUnknownSectionIsAUsageError() throws {
    let run = try FlopsRun("--only lecture,nothing")
    #expect(run.exitCode == 64)
    #expect(run.report == nil)
  }
}

/// What a run of the built command gave.
private struct FlopsRun {
  let exitCode: Int32
  let output: String
  let report: Report?

  init(_ options: String, device: String = "cpu") throws {
    let folder = try TemporaryFolder()
    // The built command lies beside the executable that runs the tests.
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

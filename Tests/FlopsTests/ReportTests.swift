import ArgumentParser
import FoundationEssentials
import SlopeCore
import SlopePlot
import Testing

@testable import flops

@Suite struct ReportTests {
  @Test(
    arguments: [
      (1234.5, "1235"), (99.96, "100.0"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123"),
      (0, "0.000"), (.infinity, "inf"),
    ] as [(Double, String)])
  func shortNumbersHaveThreeDigitsThatCount(value: Double, expected: String) {
    #expect(short(value) == expected)
  }

  @Test(
    arguments: [
      (2.005, 1, "2.0"), (2.05, 2, "2.05"), (-0.5, 1, "-0.5"), (-0.01, 1, "0.0"), (1.96, 0, "2"),
      (9.999, 2, "10.00"),
    ] as [(Double, Int, String)])
  func fixedDigitsAreRoundedAndPadded(value: Double, digits: Int, expected: String) {
    #expect(fixed(value, digits) == expected)
  }

  @Test func countsAreWholeWhereTheyAre() {
    #expect(count(32) == "32")
    #expect(count(1.25) == "1.3")
  }

  @Test func columnsAlign() {
    #expect(
      Report.table([["a", "1", "ns"], ["long", "23", "GB/s"], ["x", "", ""]]) == [
        "a      1  ns", "long  23  GB/s", "x",
      ])
  }

  @Test func theTextNamesTheKernelTheLoadAndThePeaks() {
    let lines = Report.sample.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "P, 2 threads, I, OpenBLAS K (by OPENBLAS_CORETYPE)")
    #expect(
      lines[1] == "load average 0.50 before the measurements, 1.25 after; medians of 9 rounds")
    #expect(lines[3] == "cpu: cpu <&> \"title\"")
    #expect(
      lines[4] == "peaks: float32 230 GFLOP/s (fma_float_all), float64 115 GFLOP/s "
        + "(fma_double_all), memory 45.0 GB/s (read_all); arrays of 128 MiB, last cache 32 MiB")
    #expect(lines[5].hasSuffix("range  GFLOP/s  GB/s  of peak  first  launches  waits"))
    #expect(lines.contains { $0.hasPrefix("opencl:0:0: ") })
  }

  @Test func aLineHasTheSharesTheFirstCallAndTheCounts() throws {
    var report = Report.sample
    report.results = [
      Result(
        name: "n", title: "title", value: 12.3, unit: "GFLOP/s", lowest: 11, highest: 13,
        gigaflopsPerSecond: 12.3, gigabytesPerSecond: 7, percentOfPeak: 81.6,
        peak: "fma_float_all", firstSeconds: 0.002, launches: 3, waits: 0.5),
      Result(
        name: "m", title: "cached one", value: 90, unit: "GB/s", gigaflopsPerSecond: 3,
        gigabytesPerSecond: 90, isCached: true),
      Result(name: "p", title: "peak", value: 45, unit: "GB/s", median: 31.25),
      Result(device: "other", name: "soak", title: "soak", value: 5, unit: "MiB"),
    ]
    let lines = report.text.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.contains("title 12.3 GFLOP/s 11.0–13.0 7.00 82 % 2000 us 3 0.5"))
    #expect(lines.contains("cached one 90.0 GB/s 3.00 cached"))
    #expect(lines.contains("peak 45.0 GB/s median 31.3"))
    #expect(lines.last == "soak 5.00 MiB")
  }

  @Test func theJSONHasEveryField() throws {
    let report = Report.sample
    let data = try report.json()
    #expect(try JSONDecoder().decode(Report.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    for field in [
      "blasKernel", "loadAverage", "loadAverageAfter", "threads", "rounds", "lastLevelCacheBytes",
      "arrayBytes", "roofs", "source", "percentOfPeak", "gigaflopsPerSecond", "section", "dtype",
      "launches", "waits",
    ] { #expect(text.contains("\"\(field)\" : ")) }
  }

  @Test func aShareAboveAHundredIsAnError() throws {
    var report = Report.sample
    report.results[3].percentOfPeak = 100
    #expect(report.impossibleShares.isEmpty)
    try Flops.check(report)
    report.results[3].percentOfPeak = 100.25
    #expect(report.impossibleShares == ["512² float64 on cpu: 100.3 % of fma_float_all"])
    #expect(throws: ExitCode(1)) { try Flops.check(report) }
  }

  @Test func theShortTableHasAColumnForEachDevice() {
    let lines = Report.sample.markdown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines == [
        "| | cpu | of peak | opencl:0:0 | of peak |", "|---|--:|--:|--:|--:|",
        "| peak, float32 | 230 GFLOP/s | | 230 GFLOP/s | |",
        "| peak, float64 | 115 GFLOP/s | | 115 GFLOP/s | |",
        "| peak, memory | 45.0 GB/s | | 45.0 GB/s | |",
        "| title of copy_float32 | 30.0 GB/s |  | 30.0 GB/s |  |",
        "| title of upload | 12.0 GB/s |  | 12.0 GB/s |  |",
        "| title of lecture_step | 3.25 µs |  | 3.25 µs, 32 launches, 1 wait |  |",
        "| title of mnist_mlp_784_256_128_10_b128_adam | 1.25 ms |  "
          + "| 1.25 ms, 32 launches, 1 wait |  |", "",
        "P, 2 threads, I, OpenBLAS K (by OPENBLAS_CORETYPE); load average 0.50 before the "
          + "measurements, 1.25 after; medians of 9 rounds.", "cpu: cpu <&> \"title\".",
        "opencl:0:0: opencl:0:0 <&> \"title\".", "",
      ])
  }

  @Test func aDeviceWithoutAResultHasAnEmptyCell() {
    var report = Report.sample
    report.results.removeAll { $0.device == "cpu" && $0.name == "upload" }
    report.devices[0].roofs.remove(at: 1)
    #expect(report.markdown.contains("| title of upload | | | 12.0 GB/s |  |"))
    #expect(report.markdown.contains("| peak, float64 | | | 115 GFLOP/s | |"))
  }
}

@Suite struct ProgressTests {
  @Test func aLineTellsTheShareAndFitsTheTerminal() {
    let progress = Progress(columns: 20)
    #expect(progress.line("cpu") == "\r\u{1B}[2Kcpu")
    progress.expect(4)
    #expect(progress.line("cpu") == "\r\u{1B}[2K0 % cpu")
    #expect(progress.line("a text that is longer") == "\r\u{1B}[2K0 % a text that is ")
  }

  @Test func withoutATerminalThereIsNoLine() {
    #expect(Progress(columns: nil).line("cpu").isEmpty)
  }
}

@Suite struct MachineTests {
  @Test func theMachineIsReadFromTheSystemsTexts() {
    #expect(
      DeviceDescription.processorName(
        in: "processor : 0\nmodel name\t: Some CPU: fast \nmodel name: B\n")
        == "Some CPU: fast")
    #expect(DeviceDescription.processorName(in: "processor : 0\n") == nil)
    #expect(Machine.residentPages(in: "900 123 4 5\n") == 123)
    #expect(Machine.residentPages(in: "") == 0)
    #expect(Machine.residentBytes > 1 << 20)
  }

  @Test func theLastCachesOfAllPartsCountTogether() throws {
    let read = { (level: String, size: String, sharers: String) in
      try #require(CacheEntry(level: level + "\n", size: size + "\n", sharers: sharers + "\n"))
    }
    let entries = [
      try read("1", "32K", "0"), try read("3", "32768K", "0-1"), try read("3", "32768K", "0-1"),
      try read("3", "16M", "2-3"), try read("2", "1024K", "0"),
    ]
    #expect(entries[0].byteCount == 32 << 10)
    #expect(CacheEntry.lastLevelBytes(of: entries) == 48 << 20)
    #expect(CacheEntry.lastLevelBytes(of: []) == 0)
    #expect(CacheEntry(level: "", size: "32K", sharers: "0") == nil)
    #expect(CacheEntry(level: "1", size: "32", sharers: "0") == nil)
  }
}

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

  @Test func columnsAlign() {
    #expect(
      Report.table([["a", "1", "ns"], ["long", "23", "GB/s"], ["x", "", ""]]) == [
        "a      1  ns", "long  23  GB/s", "x",
      ])
  }

  @Test func theTextNamesTheKernelAndTheShares() {
    let machine = Machine(
      processor: "P", threads: 2, instructions: "I", blasKernel: "K", blasKernelIsForced: true,
      loadAverage: 0.5, memoryBytes: 1, lastLevelCacheBytes: 1)
    let result = Result(
      name: "n", title: "title", value: 12.3, unit: "GFLOP/s", lowest: 11, highest: 13,
      gigabytesPerSecond: nil, percentOfPeak: 81.6, peak: "fma_float_all", firstSeconds: 0.002)
    let lines = Report(results: [result], machine: machine).text.split(separator: "\n")
    #expect(lines[0] == "P, 2 threads, I, OpenBLAS K (by OPENBLAS_CORETYPE)")
    #expect(lines[1].hasPrefix("load average 0.50"))
    #expect(lines.last?.contains("12.3  GFLOP/s  11.0–13.0") == true)
    #expect(lines.last?.contains("82 %  2000 us") == true)
  }

  @Test func theMachineIsReadFromTheSystemsTexts() {
    #expect(
      Machine.processorName(in: "processor : 0\nmodel name\t: Some CPU: fast \nmodel name: B\n")
        == "Some CPU: fast")
    #expect(Machine.processorName(in: "processor : 0\n") == nil)
    #expect(Machine.residentPages(in: "900 123 4 5\n") == 123)
    #expect(Machine.residentPages(in: "") == 0)
    #expect(Machine.residentBytes > 1 << 20)
  }
}

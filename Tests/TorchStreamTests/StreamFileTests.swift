import Glibc
import Testing

@testable import TorchStreamKit

/// The folder of the package.
private let root = String(#filePath.dropLast("/Tests/TorchStreamTests/StreamFileTests.swift".count))

/// In separate processes, because they use the default generator.
struct StreamFileTests {
  @Test func drawsAndTrainingMatchPyTorch() async {
    await #expect(processExitsWith: .success) {
      let file = try StreamFile(path: root + "/Tests/Fixtures/torch-stream.json")
      let report = file.check(datasets: root + "/datasets")
      print((report.failures + report.skipped).joined(separator: "\n"))
      try #require(report.summary == "120 passed, 0 failed, 0 skipped")
    }
  }

  /// Three more seeds, one above 2³², and other sizes; tools/make-torch-stream.py wrote it.
  @Test func drawsOfOtherSeedsAndSizesMatchPyTorch() async {
    await #expect(processExitsWith: .success) {
      let file = try StreamFile(path: root + "/Tests/Fixtures/torch-stream-more.json")
      let report = file.check(datasets: root + "/datasets")
      print((report.failures + report.skipped).joined(separator: "\n"))
      try #require(report.summary == "303 passed, 0 failed, 0 skipped")
    }
  }

  @Test func differencesAndUnknownNamesAreReported() async {
    await #expect(processExitsWith: .success) {
      let file = StreamFile(
        draws: [
          "7": [
            "randint_7": .list([5, 6, 6, 1, 2].map { .integer($0) }),
            "rand_float32": .list([.number(0.534922)]),
            "randperm_3": .list([0, 1].map { .integer($0) }),
            "randn_1": .list([.number(-0.146796)]),
            "cauchy_3": .list([.integer(0)]),
            "randperm_9999999999": .list([]),
          ],
          "x": [:],
        ], programs: nil)
      let report = file.check(datasets: ".")
      #expect(
        report.failures == [
          "seed 7, randint_7: [4] 1, expected 2",
          "seed 7, randperm_3: 3 values, expected 2",
        ])
      #expect(
        report.skipped == [
          "seed 7, cauchy_3: no such draw is known",
          "seed 7, randperm_9999999999: no such draw is known", "seed x: not a seed",
        ])
      try #require(report.summary == "2 passed, 2 failed, 3 skipped")
    }
  }

  @Test func programsWithoutSenseAreSkippedOrDiffer() async {
    await #expect(processExitsWith: .success) {
      var text = #"{"programs": ["#
      let odd = [
        (-1, 8, 1, "0.6, 0.2, 0.2"), (1 << 60, 8, 1, "0.6, 0.2, 0.2"), (1, 8, 0, "0.6, 0.2, 0.2"),
        (1, 8, -4, "0.6, 0.2, 0.2"), (1, 8, 1 << 40, "0.6, 0.2, 0.2"), (1, 0, 1, "0.6, 0.2, 0.2"),
        (1, -8, 1, "0.6, 0.2, 0.2"), (1, 8, 1, "-1, 1, 1"), (1, 8, 1, "1e300, 0, 0"), (1, 8, 1, ""),
      ]
      text += odd.map { epochs, batch, hidden, split in
        #"{"file": "engel.csv", "features": ["income"], "target": "foodexp", "dtype": "float32","#
          + #""seed": 1, "epochs": \#(epochs), "batch_size": \#(batch), "learning_rate": 0.01,"#
          + #""hidden": \#(hidden), "standardise": "x only, over all rows, divisor n-1","#
          + #""split": [\#(split)], "validation_loss": []}"#
      }.joined(separator: ",")
      let path = "/tmp/slope-programs-\(getpid()).json"
      defer { unlink(path) }
      guard let file = fopen(path, "w") else { return }
      fputs(text + "]}", file)
      fclose(file)
      let report = try StreamFile(path: path).check(datasets: root + "/datasets")
      try #require(report.passed == 0)
      try #require(report.failures.count + report.skipped.count == odd.count)
    }
  }

  @Test func aFileThatIsNotThereIsNamed() {
    #expect(throws: (any Error).self) { try StreamFile(path: "nowhere/stream.json") }
    do {
      _ = try StreamFile(path: "nowhere/stream.json")
    } catch {
      #expect("\(error)" == "nowhere/stream.json: cannot be opened: No such file or directory")
    }
  }
}

struct NumberTreeTests {
  @Test(arguments: [
    (1.000001, 1.0, 1e-6, true), (1.000002, 1.0, 1e-6, false), (0.0000005, 0.0, 1e-6, true),
    (-0.0000015, 0.0, 1e-6, false), (10.000009, 10.0, 1e-6, true), (10.000011, 10.0, 1e-6, false),
    (.nan, 1.0, 1e-6, false),
  ])
  func scaledToleranceGrowsWithTheNumberAboveOne(
    found: Double, wanted: Double, bound: Double, isNear: Bool
  ) {
    let difference = NumberTree.number(found).difference(from: .number(wanted), .scaled(bound))
    #expect((difference == nil) == isNear)
  }

  @Test(arguments: [
    (100.00009, 100.0, true), (100.0002, 100.0, false), (0.010000005, 0.01, true),
    (0.0100001, 0.01, false), (0, 0, true), (1e-9, 0, false),
  ])
  func relativeToleranceIsAShareOfTheNumber(found: Double, wanted: Double, isNear: Bool) {
    let difference = NumberTree.number(found).difference(from: .number(wanted), .relative(1e-6))
    #expect((difference == nil) == isNear)
  }

  @Test func integersMustBeTheSame() {
    let large = 9_007_199_254_740_993
    #expect(NumberTree.integer(large).difference(from: .integer(large), .exact) == nil)
    #expect(NumberTree.integer(large).difference(from: .integer(large - 1), .exact) != nil)
  }

  @Test func shapesMustBeTheSame() {
    let row = NumberTree.list([.integer(1), .integer(2)])
    #expect(NumberTree.list([row]).difference(from: .list([row]), .exact) == nil)
    #expect(
      NumberTree.list([row]).difference(from: .list([row, row]), .exact) == "1 values, expected 2")
    #expect(row.difference(from: .integer(1), .exact) != nil)
    #expect(
      NumberTree.list([row]).difference(
        from: .list([.list([.integer(1), .integer(3)])]), .exact) == "[0] [1] 2, expected 3")
  }
}

struct StreamNameTests {
  @Test(arguments: [
    ("5", 5), ("-5", -5), ("2**28", 1 << 28), ("2**28-1", (1 << 28) - 1),
    ("2**28+1", (1 << 28) + 1),
    ("-2**62", -(1 << 62)), ("1000000", 1_000_000),
  ])
  func wholeNumbersMayBePowers(text: String, expected: Int) {
    var name = StreamName(text)
    #expect(name.takeInt() == expected)
    #expect(name.isEmpty)
  }

  @Test(arguments: ["2**64", "x", "2*3", "2**", "**2", "1e3"])
  func otherWordsAreNoWholeNumbers(text: String) {
    var name = StreamName(text)
    #expect(name.takeInt() == nil)
    #expect(name.count == 1)
  }

  @Test(arguments: [("0", 0), ("67108864", 67_108_864), ("67108865", nil), ("-1", nil)])
  func countsAreWhatMemoryCanHold(text: String, expected: Int?) {
    var name = StreamName(text)
    #expect(name.takeCount() == expected)
    #expect(name.isEmpty == (expected != nil))
  }

  @Test func fractionsMayLackTheirZero() {
    var name = StreamName(".6_-2_1e-3_x")
    #expect(name.takeDouble() == 0.6)
    #expect(name.takeDouble() == -2)
    #expect(name.takeDouble() == 0.001)
    #expect(name.takeDouble() == nil)
  }
}

import FoundationEssentials

/// The outcome of a whole golden file.
public struct Report: Sendable {
  /// A case with a message.
  public struct Entry: Sendable {
    /// The case.
    public let id: String
    /// How certain the expectation is.
    public let strength: GoldenCase.Strength
    /// The message.
    public let message: String
  }

  /// The number of cases that passed.
  public private(set) var passed = 0
  /// Cases that failed, with the first difference of each.
  public private(set) var failures: [Entry] = []
  /// Cases that were skipped, with the reason.
  public private(set) var skipped: [Entry] = []
  /// Operations that the library does not have.
  public private(set) var skippedOperations: [String] = []
  /// Cases that were not run for lack of time.
  public private(set) var notReached = 0

  /// Runs the cases in this process.
  public init(
    _ cases: [GoldenCase], runner: CaseRunner = CaseRunner(),
    differences: [KnownDifference] = KnownDifference.all
  ) {
    self.init(cases, outcomes: cases.map(runner.run), runner: runner, differences: differences)
  }

  /// Combines the outcomes of the cases; `outcomes` are in the order of `cases`, and may be fewer.
  public init(
    _ cases: [GoldenCase], outcomes: [Outcome], runner: CaseRunner,
    differences: [KnownDifference] = KnownDifference.all
  ) {
    notReached = max(cases.count - outcomes.count, 0)
    for (golden, outcome) in zip(cases, outcomes) {
      add(golden, outcome, differences)
      if !runner.knows(golden.operation), !skippedOperations.contains(golden.operation) {
        skippedOperations.append(golden.operation)
      }
    }
  }

  /// Whether a case failed on which all engines agree.
  public var failsMust: Bool { failures.contains { $0.strength == .must } }

  private mutating func add(
    _ golden: GoldenCase, _ outcome: Outcome, _ differences: [KnownDifference]
  ) {
    func entry(_ message: String, _ strength: GoldenCase.Strength) -> Entry {
      Entry(id: golden.id, strength: strength, message: message)
    }
    let known = differences.first { $0.covers(golden) }
    switch outcome {
    case .passed: passed += 1
    case .failed(_, let strength) where known != nil:
      skipped.append(entry("known difference: \(known?.reason ?? "")", strength))
    case .failed(let message, .info): skipped.append(entry("for information: \(message)", .info))
    case .failed(let message, let strength): failures.append(entry(message, strength))
    case .skipped(let reason):
      skipped.append(entry(known.map { "known difference: \($0.reason)" } ?? reason, .info))
    }
  }

  /// The last line.
  public var summary: String {
    "\(passed) passed, \(failures.count) failed, \(skipped.count) skipped"
  }

  /// The report for people: skipped operations, skipped cases of other operations, failures, the
  /// summary.
  public var text: String {
    var lines: [String] = []
    if !skippedOperations.isEmpty {
      lines.append("operations skipped: " + skippedOperations.joined(separator: " "))
    }
    for entry in skipped where !entry.message.hasPrefix("no operation '") {
      lines.append("skipped \(entry.id): \(entry.message)")
    }
    for entry in failures {
      lines.append("FAILED \(entry.id) (\(entry.strength.rawValue)): \(entry.message)")
    }
    if notReached > 0 { lines.append("not reached in time: \(notReached) cases") }
    lines.append(summary)
    return lines.joined(separator: "\n")
  }

  /// The report as one JSON object on one line.
  public func json() throws -> String {
    struct Object: Encodable {
      struct Item: Encodable { let id, strength, message: String }
      let passed, failed, skipped, notReached: Int
      let failsMust: Bool
      let skippedOperations: [String]
      let failures, skippedCases: [Item]
    }
    func items(_ entries: [Entry]) -> [Object.Item] {
      entries.map { Object.Item(id: $0.id, strength: $0.strength.rawValue, message: $0.message) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let object = Object(
      passed: passed, failed: failures.count, skipped: skipped.count,
      notReached: notReached, failsMust: failsMust, skippedOperations: skippedOperations,
      failures: items(failures), skippedCases: items(skipped))
    return String(decoding: try encoder.encode(object), as: UTF8.self)
  }
}

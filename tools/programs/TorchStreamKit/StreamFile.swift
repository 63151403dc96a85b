/// A file of the draws and results of PyTorch programs (format `torch-stream-1`).
package struct StreamFile: Sendable, Decodable {
  /// By seed, then by a name that states what was called directly after seeding.
  let draws: [String: [String: NumberTree]]?

  /// Complete training runs.
  let programs: [StreamProgram]?
}

/// A training run and its numbers.
struct StreamProgram: Sendable, Decodable {
  let file: String
  let features: [String]
  let target: String
  let dtype: String
  let seed: UInt64
  let epochs: Int
  let batchSize: Int
  let learningRate: Double
  let momentum: Double?
  let hidden: Int?
  let standardise: String
  let split: [Double]
  let validationLoss: NumberTree
  let testLoss: Double?
  let parameters: [String: NumberTree]?

  enum CodingKeys: String, CodingKey {
    case file, features, target, dtype, seed, epochs, momentum, hidden, standardise, split
    case parameters
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case validationLoss = "validation_loss"
    case testLoss = "test_loss"
  }
}

/// The comparison of a file's numbers with ours.
package struct StreamReport: Sendable {
  package var passed = 0

  /// Name and first difference of each draw or result that differs.
  package var failures: [String] = []

  /// The name and reason of each that could not be run on the library.
  package var skipped: [String] = []

  /// `N passed, N failed, N skipped`.
  package var summary: String {
    "\(passed) passed, \(failures.count) failed, \(skipped.count) skipped"
  }

  mutating func add(_ name: String, _ outcome: Outcome) {
    switch outcome {
    case .same: passed += 1
    case .different(let difference): failures.append("\(name): \(difference)")
    case .skipped(let reason): skipped.append("\(name): \(reason)")
    }
  }

  enum Outcome {
    case same
    case different(String)
    case skipped(String)

    /// Whether `actual` meets `expected`.
    init(_ actual: NumberTree, _ expected: NumberTree, _ tolerance: Tolerance) {
      self = actual.difference(from: expected, tolerance).map(Outcome.different) ?? .same
    }
  }
}

extension StreamFile {
  /// Makes all draws and training runs of the file.
  ///
  /// Uses the default generator, so nothing else should while this runs.
  /// - Parameter datasets: the folder of the programs' data.
  /// - Returns: the comparison with the file.
  package func check(datasets: String) -> StreamReport {
    var report = StreamReport()
    for (seed, expected) in (draws ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let number = UInt64(seed) else {
        report.add("seed \(seed)", .skipped("not a seed"))
        continue
      }
      let stream = SeededStream(seed: number, expected: expected)
      for (name, values) in expected.sorted(by: { $0.key < $1.key }) {
        report.add("seed \(seed), \(name)", stream.check(name, values))
      }
    }
    for (index, program) in (programs ?? []).enumerated() {
      program.check(
        name: "program \(index) (\(program.file), \(program.dtype), seed \(program.seed))",
        datasets: datasets, into: &report)
    }
    return report
  }
}

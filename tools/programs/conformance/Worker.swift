import ConformanceKit
import FoundationEssentials
import Glibc
import Slope
import SlopeData

/// Runs cases in a separate process, so that one that crashes it is only a failed case.
struct Worker {
  let file: String
  let operation: String?
  let device: Device
  /// The time for all cases; those that are not reached have no outcome.
  let seconds: Double?

  /// The time that a running case still has when the time for all is over.
  private static let grace = 10.0

  /// Runs the cases and writes the outcome of each as a line of JSON to standard output.
  static func run(_ cases: some Sequence<GoldenCase>, seconds: Double?) throws {
    let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    let runner = CaseRunner()
    let encoder = JSONEncoder()
    for golden in cases {
      if let deadline, ContinuousClock.now >= deadline { return }
      var line = try encoder.encode(runner.run(golden))
      line.append(UInt8(ascii: "\n"))
      // If the reading end is closed, the parent process has ended.
      guard line.withUnsafeBytes({ writeWhole($0, to: STDOUT_FILENO) }) else { return }
    }
  }

  /// The outcome of each case; fewer than there are cases if time runs out.
  ///
  /// After a case that crashed its worker, a new worker continues with the next.
  func outcomes(of cases: [GoldenCase]) throws -> [Outcome] {
    let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    var outcomes: [Outcome] = []
    while outcomes.count < cases.count {
      let left = deadline.map { max(ContinuousClock.now.duration(to: $0) / .seconds(1), 0) }
      if left == 0 { break }
      let process = try start(at: outcomes.count, seconds: left)
      let decoder = JSONDecoder()
      let found = process.output.split(separator: UInt8(ascii: "\n")).compactMap {
        try? decoder.decode(Outcome.self, from: Data($0))
      }
      outcomes += found.prefix(cases.count - outcomes.count)
      guard outcomes.count < cases.count else { break }
      let strength = cases[outcomes.count].strength
      if process.isOverdue {
        outcomes.append(.failed("no end within \(Int(Self.grace)) s", strength: strength))
      } else if process.end != "exit code 0" || deadline.map({ ContinuousClock.now < $0 }) ?? true {
        let said = process.firstComplaint.map { ": \($0)" } ?? ""
        outcomes.append(.failed("the process died (\(process.end)\(said))", strength: strength))
      }
    }
    return outcomes
  }

  /// Runs a worker on the cases from `first` on, and waits for its end.
  private func start(at first: Int, seconds: Double?) throws -> ChildProcess {
    var arguments = ["--worker", "\(first)", "--device", "\(device)"]
    if let operation { arguments += ["--op", operation] }
    if let seconds { arguments += ["--seconds", "\(seconds)"] }
    return try ChildProcess(
      arguments + ["--", file], seconds: seconds.map { $0 + Self.grace })
  }
}

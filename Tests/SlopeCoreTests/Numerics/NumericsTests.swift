import Synchronization
import Testing

/// docs/numerics.md, row by row; its tables are the suites of this folder.
@Suite(.countsAreShown) struct NumericsTests {}

/// The comparisons of the rows, to print them once at the end; rows run in parallel.
enum NumericsCount {
  private static let counts = Mutex((rows: Set<String>(), devices: Set<String>(), cases: 0))

  static func add(_ row: NumericsRow, on device: NumericsDevice, cases: Int) {
    counts.withLock {
      $0.rows.insert(row.testDescription)
      $0.devices.insert(device.testDescription)
      $0.cases += cases
    }
  }

  fileprivate static func show() {
    let found = counts.withLock { $0 }
    print(
      "numerics: \(found.rows.count) rows, \(found.cases) cases on \(found.devices.count) devices")
  }
}

/// Prints the counts after the last row.
///
/// A trait of the outer suite, since no test in it knows that it is the last.
struct CountsAreShown: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await function()
    NumericsCount.show()
  }
}

extension Trait where Self == CountsAreShown {
  static var countsAreShown: Self { CountsAreShown() }
}

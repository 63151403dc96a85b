import ConformanceKit
import Slope
import SlopeCore
import Testing

/// One comparison of a row: the result and what docs/numerics.md states, as text.
struct NumericsCase: Sendable {
  let what: String
  let found: String
  let expected: String
  /// The elements that were compared.
  let count: Int

  init(_ what: String, _ found: String, _ expected: String, count: Int = 1) {
    (self.what, self.found, self.expected, self.count) = (what, found, expected, count)
  }

  /// A condition whose name is its only text.
  init(_ what: String, holds: Bool) { self.init(what, "\(holds)", "true") }
}

/// A row of docs/numerics.md as a table of cases, for every device and every type that it names.
///
/// It runs with the kernels that the library chooses for a device, and with those of the other form
/// if its own sources differ by form.
struct NumericsRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let inEachForm: Bool
  private let cases: @Sendable (NumericsDevice) throws -> [NumericsCase]

  /// A row whose cases name their types.
  init(
    _ name: String, inEachForm: Bool = false,
    _ cases: @escaping @Sendable (NumericsDevice) throws -> [NumericsCase]
  ) {
    (testDescription, self.inEachForm, self.cases) = (name, inEachForm, cases)
  }

  /// A row for each floating-point type.
  init(
    floats name: String, inEachForm: Bool = false,
    _ cases: @escaping @Sendable (any FloatingElement.Type, NumericsDevice) throws -> [NumericsCase]
  ) {
    self.init(name, inEachForm: inEachForm) { device in
      try device.floatingTypes.flatMap { type in
        try cases(type, device).map { $0.named(type.dtype) }
      }
    }
  }

  /// A row for each integer type.
  init(
    integers name: String, inEachForm: Bool = false,
    _ cases: @escaping @Sendable (any IntegerElement.Type, NumericsDevice) throws -> [NumericsCase]
  ) {
    self.init(name, inEachForm: inEachForm) { device in
      try OperationList.integerTypes.flatMap { type in
        try cases(type, device).map { $0.named(type.dtype) }
      }
    }
  }

  fileprivate func runs(on device: NumericsDevice) -> Bool { inEachForm || device.isOwnVariant }

  /// Compares every case of the row on a device, and counts them.
  func check(on device: NumericsDevice) {
    do {
      let cases = try checked { try withDevice(device.device) { try self.cases(device) } }
      for item in cases {
        #expect(
          item.found == item.expected,
          "\(testDescription), \(item.what), on \(device.testDescription)")
      }
      NumericsCount.add(self, on: device, cases: cases.reduce(0) { $0 + $1.count })
    } catch {
      Issue.record("\(testDescription) on \(device.testDescription): \(error)")
    }
  }
}

extension [NumericsRow] {
  /// Each row with each device on which it runs.
  var onDevices: [(NumericsRow, NumericsDevice)] {
    flatMap { row in NumericsDevice.all.filter(row.runs).map { (row, $0) } }
  }
}

extension NumericsCase {
  fileprivate func named(_ dtype: DType) -> NumericsCase {
    NumericsCase("\(dtype) \(what)", found, expected, count: count)
  }
}

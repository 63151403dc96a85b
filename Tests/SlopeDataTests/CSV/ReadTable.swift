import TestSupport
import Testing

@testable import SlopeData

/// Options of a reading, changed from the default.
func options(_ change: (inout CSVOptions) -> Void) -> CSVOptions {
  var options = CSVOptions()
  change(&options)
  return options
}

/// The table that a file of `text` holds.
func read(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> Table {
  let folder = try TemporaryFolder()
  return try Table(csv: folder.write(text), options: options)
}

/// The error that reading a file of `bytes` ends with.
func fault(_ bytes: [UInt8], _ options: CSVOptions = CSVOptions()) throws -> FileError {
  let folder = try TemporaryFolder()
  let path = try folder.write(bytes, to: "data.csv")
  return try #require(throws: FileError.self) { try Table(csv: path, options: options) }
}

/// The error that reading a file of `text` ends with.
func fault(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> FileError {
  try fault(Array(text.utf8), options)
}

extension Table {
  /// The cells of a column as text, `·` where one is missing.
  func texts(_ name: String) throws -> [String] {
    try self[name, as: String.self].map { $0 ?? "·" }
  }
}

/// Numbers that are the same in every run: SplitMix64.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

import Glibc

/// What can be given generated inputs.
enum FuzzTarget: String, CaseIterable {
  case table, model, config

  /// The target that the first argument names.
  static let chosen = CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.init)

  /// Gives an input to the chosen target.
  static let callChosen: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 = { start, count in
    guard let chosen else {
      print(
        "usage: fuzz \(allCases.map(\.rawValue).joined(separator: "|")) [libFuzzer's arguments]")
      exit(64)
    }
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    switch chosen {
    case .table: fuzzTable(bytes)
    case .model: fuzzModel(bytes)
    case .config: fuzzConfig(bytes)
    }
    return 0
  }
}

/// Ends the process: an input has shown a fault.
func found(_ message: String) -> Never { fatalError("fuzz: \(message)") }

import FoundationEssentials
import TestSupport
import Testing

/// The library's own code names the device on which it makes a tensor.
///
/// The default device is for users of the library: intermediate results must be on the device of
/// the operands.
@Suite struct DeviceNamingTests {
  /// The files that define creation without a device.
  private static let definitions: Set = [
    "SlopeCore/Tensor/Tensor.swift", "SlopeCore/Tensor/Tensor+Creation.swift",
    "SlopeCore/Tensor/Tensor+Random.swift", "SlopeCore/Tensor/Tensor+OnDevice.swift",
    "SlopeCore/Tensor/Tensor+Sequences.swift",
    "SlopeCore/Devices/Device.swift",
  ]

  /// Entry points without an operand, which use the default device: layers, files, tables,
  /// commands.
  private static let entries: Set = [
    "SlopeNN/Layers/Embedding.swift", "SlopeNN/Layers/Linear.swift",
    "SlopeNN/Layers/LayerNorm.swift", "SlopeNN/Layers/BatchNormalization.swift",
    "SlopeNN/Layers/GroupNorm.swift", "SlopeNN/Layers/InstanceNorm.swift",
    "SlopeNN/Layers/RMSNorm.swift", "SlopeNN/Layers/PReLU.swift",
    "SlopeNN/Layers/NTPLinear.swift", "SlopeNN/Layers/FeatureScale.swift",
    "SlopeNN/Layers/PeriodicEmbedding.swift", "SlopeNN/Layers/BatchEnsembleLinear.swift",
    "SlopeNN/Layers/PiecewiseLinearEmbedding.swift", "SlopeNN/Layers/ParametricActivation.swift",
    "SlopeNN/Initialization/Initializer.swift", "SlopeTabular/RealMLP/RealMLP.swift",
    "SlopeTabular/RealMLP/RealMLPBenchmark.swift", "SlopeTabular/TabM/TabM.swift",
    "SlopeTabular/TabM/TabMLayers.swift",
    "SlopeData/Safetensors.swift", "SlopeData/Table/Table+Tensor.swift",
    "SlopeData/Preprocessing/EncodedRows.swift", "SlopeTabular/TabularFitter+Models.swift",
    "SlopeReport/TabularReport.swift", "mltrain/FitCommand.swift", "mltrain/ProgressReport.swift",
  ]

  /// A file that is a table of texts, and those whose functions run inside one `withDevice`.
  private static let exceptions: Set = [
    "mltrain/OperationTable.swift", "SlopeNN/Initialization/Initializer+Drawing.swift",
    "SlopeNN/Initialization/Initializer+Matrices.swift",
    "SlopeNN/Initialization/TruncatedNormal.swift",
  ]

  private static func sources() throws -> [(name: String, code: String)] {
    let folder = packageFile("../Sources")
    return try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") }.map { name in
        let text = String(decoding: try readFile("\(folder)/\(name)"), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (
          name,
          lines.map { line -> Substring in
            guard let comment = line.firstRange(of: "//") else { return line }
            return line[..<comment.lowerBound]
          }.joined(separator: "\n")
        )
      }
  }

  @Test func onlyEntryPointsSayTheDefaultDevice() throws {
    let sources = try Self.sources()
    #expect(sources.count > 100)
    for (name, code) in sources where !Self.definitions.contains(name) {
      let uses = code.matches(
        of: /Device\s*\.\s*(?:default|current|\$current)|(?:on|device|to)(?::\s*|\()\.default/
      ).map { String($0.output) }
      #expect(uses.isEmpty || Self.entries.contains(name), "\(name): \(uses)")
    }
  }

  @Test func creationNamesItsDevice() throws {
    var count = 0
    for (name, code) in try Self.sources() where !Self.definitions.contains(name) {
      // Programs like a user's: commands, and the check of random streams.
      let isProgram = name.hasPrefix("mltrain/") || name.hasPrefix("TorchStream/")
      if isProgram || Self.exceptions.contains(name) { continue }
      for call in Self.creations(in: code) {
        count += 1
        #expect(call.contains(/\bon:/), "\(name): \(call)")
      }
    }
    #expect(count > 10)
  }

  @Test func callsWithoutADeviceAreFound() {
    let code = """
      let a = Tensor<Element>.zeros([2, max(3, 4)])
      let b = cond ? .ones(shape) : Tensor(
        shape: [f(1), 2],
        scalars: list)
      Parameter(.normal([3], generator: g, on: d)); Tensor<Bool>(false); Tensor([1, 2])
      count.zeros; Tensor(value.cast(to: .int64)); leaf.ones(2, on: x)
      case .uniform(let low, _): initialize(.uniform(from: -1, to: 1))
      withDevice(device) { Tensor([4]) }
      """
    #expect(
      Self.creations(in: code) == [
        ".zeros([2, max(3, 4)])", ".ones(shape)",
        "Tensor(\n  shape: [f(1), 2],\n  scalars: list)",
        ".normal([3], generator: g, on: d)", "Tensor<Bool>(false)", "Tensor([1, 2])",
        ".ones(2, on: x)",
      ])
  }

  /// The calls that make a tensor of numbers, with their arguments.
  private static func creations(in code: String) -> [String] {
    let start =
      /(?:\.(?:zeros|ones|full|eye|arange|linspace|uniform|normal|randint|randperm)|Tensor(?:<\w+>)?(?=\((?:\[|\s*shape:|false|true|\d)))\(/
    return code.matches(of: start).compactMap { match in
      // Inside `withDevice`, a tensor is on that device.
      if code[..<match.range.lowerBound].suffix(80).contains(/withDevice\([^{}]*\)\s*\{\s*$/) {
        return nil
      }
      // A case of an enumeration that is called as a distribution.
      if code[match.range.upperBound...].hasPrefix("let ")
        || code[match.range.upperBound...].hasPrefix("from:")
      {
        return nil
      }
      var depth = 0
      var end = code.index(before: match.range.upperBound)
      while end < code.endIndex {
        if code[end] == "(" { depth += 1 }
        if code[end] == ")" { depth -= 1 }
        end = code.index(after: end)
        if depth == 0 { break }
      }
      return String(code[match.range.lowerBound..<end])
    }
  }
}

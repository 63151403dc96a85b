import Foundation

/// The public functions of the library's modules, as the compiler lists them.
struct SymbolGraph {
  /// The number of symbols of each name, such as `Tensor.reshaped(to:)`: overloads share a name.
  private(set) var counts: [String: Int] = [:]

  static let modules = [
    "SlopeCore", "SlopeNN", "SlopeOptimizers", "SlopeData", "SlopeTraining", "SlopeTabular",
    "SlopePlot", "SlopeReport",
    "SlopePredict",
  ]

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs the compiler's tool on the modules next to this executable.
  init() throws {
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "symbols-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for module in SymbolGraph.modules {
      let arguments =
        ["-module-name", module, "-I", products.appendingPathComponent("Modules").path]
        + SymbolGraph.moduleMaps(products) + [
          "-target", "x86_64-unknown-linux-gnu", "-minimum-access-level", "public",
          "-skip-synthesized-members", "-output-dir", folder.path,
        ]
      try SymbolGraph.run("swift-symbolgraph-extract", arguments)
    }
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      let graph = try JSONDecoder().decode(Graph.self, from: Data(contentsOf: file))
      for symbol in graph.symbols where symbol.isCallable {
        counts[symbol.pathComponents.joined(separator: "."), default: 0] += 1
      }
    }
  }

  /// The module maps of the C modules: those of the build, and those in the sources.
  private static func moduleMaps(_ products: URL) -> [String] {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let candidates =
      ["CKernels", "COpenBLAS", "COpenCL", "CNumberParsing", "CSlopeVersion", "CSlopePredict"]
      .flatMap { name in
        [
          products.appendingPathComponent("\(name).build"),
          sources.appendingPathComponent("\(name)/include"),
        ]
      }
    return candidates.map { $0.appendingPathComponent("module.modulemap").path }
      .filter { FileManager.default.fileExists(atPath: $0) }
      .flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
  }

  private static func run(_ tool: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(tool) exited with \(process.terminationStatus)")
    }
  }

  private struct Graph: Decodable {
    let symbols: [Symbol]
  }

  private struct Symbol: Decodable {
    struct Kind: Decodable { let identifier: String }
    struct Fragment: Decodable { let spelling: String }
    let kind: Kind
    let pathComponents: [String]
    let declarationFragments: [Fragment]?

    /// Functions of every kind, and computed properties.
    var isCallable: Bool {
      switch kind.identifier {
      case "swift.func", "swift.method", "swift.type.method", "swift.func.op", "swift.init",
        "swift.subscript":
        true
      case "swift.property", "swift.type.property":
        (declarationFragments ?? []).map(\.spelling).joined().contains("{ get")
      default: false
      }
    }
  }
}

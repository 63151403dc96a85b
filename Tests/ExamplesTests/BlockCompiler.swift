import Foundation

/// Compiles scripts against the modules beside the executable that runs the tests, and runs them.
struct BlockCompiler {
  private let arguments: [String]
  private let manifestArguments: [String]
  private let linkArguments: [String]

  /// The library's objects need the runtime of the sanitizer with which they were compiled.
  static let canLink = dlsym(nil, "__asan_init") == nil && dlsym(nil, "__tsan_init") == nil

  init() throws {
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let folder = products.appendingPathComponent("DocumentBlocks")
    let files = FileManager.default
    try files.createDirectory(at: folder, withIntermediateDirectories: true)

    // SwiftPM writes the map of a C module, unless its target has one.
    let sources = repository.appendingPathComponent("Sources")
    let targets =
      try files.contentsOfDirectory(at: products, includingPropertiesForKeys: nil)
      + files.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil)
      .map { $0.appendingPathComponent("include") }
    let maps = targets.map { $0.appendingPathComponent("module.modulemap").path }
      .filter { files.fileExists(atPath: $0) }
    // A module cache belongs to the path by which it was made, so the build's own is not used.
    let common = [
      "-swift-version", "6", "-suppress-warnings", "-module-cache-path",
      folder.appendingPathComponent("ModuleCache").path,
    ]
    arguments =
      common + ["-I", products.appendingPathComponent("Modules").path]
      + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }

    let target = try BlockCompiler.run(["swiftc", "-print-target-info"], in: repository).output
    let resources = target.firstMatch(of: #/"runtimeResourcePath": "(.*)"/#)?.1 ?? ""
    manifestArguments =
      common + ["-I", resources + "/pm/ManifestAPI", "-package-description-version", "6.2"]

    linkArguments = [
      "-L", folder.path, "-lSlopeExamples", "-Xlinker", "-rpath", "-Xlinker", folder.path,
    ]
    guard BlockCompiler.canLink else { return }
    // One library for all scripts, of the objects with which an example is linked.
    let list = products.appendingPathComponent("Iris.product/Objects.LinkFileList")
    let objects = try String(contentsOf: list, encoding: .utf8).split(separator: "\n")
      .filter { !$0.contains("/Iris.build/") }.map(String.init)
    let link = try BlockCompiler.run(
      ["swiftc", "-emit-library", "-o", "libSlopeExamples.so", "-lm", "-ldl", "-lstdc++"]
        + objects, in: folder)
    if link.exitCode != 0 { throw Failure(description: link.output) }
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The compiler's errors, or the blocks whose output differs from what their documents show;
  /// empty if there are none.
  func failures(of script: DocumentScript) throws -> [String] {
    let separator = "-- \(UUID().uuidString)"
    return try inTemporaryFolder { folder in
      try script.source(separator: separator).write(
        to: folder.appendingPathComponent("main.swift"), atomically: true, encoding: .utf8)
      let runs = script.showsOutput && BlockCompiler.canLink
      let compilation = try BlockCompiler.run(
        ["swiftc", "main.swift"] + (script.isManifest ? manifestArguments : arguments)
          + (runs ? ["-o", "program"] + linkArguments : ["-typecheck"]), in: folder)
      guard compilation.exitCode == 0 else {
        let errors = compilation.output.matches(of: #/(?m)^\S+: error: .*$/#)
        return errors.isEmpty ? [compilation.output] : errors.map { String($0.0) }
      }
      guard runs else { return [] }
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("datasets"),
        withDestinationURL: repository.appendingPathComponent("datasets"))
      // On the CPU, whatever the default of the tests is.
      let run = try BlockCompiler.run(
        ["SLOPE_DEVICE=cpu", "SWIFT_BACKTRACE=enable=no", "./program"], in: folder)
      return script.differences(from: run.output.components(separatedBy: separator + "\n"))
    }
  }

  private func inTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("blocks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Runs a command; its output has both streams.
  private static func run(
    _ command: [String], in folder: URL
  ) throws -> (exitCode: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}

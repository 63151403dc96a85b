import Glibc
import SlopeCore
import SlopeData

/// The folder of a training's checkpoints.
struct CheckpointFolder {
  let path: String

  init(_ path: String) { self.path = path }

  private static let prefix = "step-"
  private static let suffix = ".safetensors"

  /// The path of the best epoch's state.
  var bestPath: String { path + "/best" + Self.suffix }

  /// The path of the checkpoint after some steps.
  func path(of step: Int) -> String {
    let digits = "\(step)"
    return path + "/" + Self.prefix + String(repeating: "0", count: max(0, 10 - digits.count))
      + digits + Self.suffix
  }

  /// The steps after which there are checkpoints, in order; none if there is no folder.
  var steps: [Int] {
    get throws {
      guard let names = folderNames(path) else {
        if errno == ENOENT { return [] }
        throw FileError(file: path, message: "cannot be read: \(systemMessage(errno))")
      }
      var steps: [Int] = []
      for name in names where name.hasPrefix(Self.prefix) && name.hasSuffix(Self.suffix) {
        let digits = name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
        if let step = Int(digits), path(of: step).hasSuffix("/" + name) { steps.append(step) }
      }
      return steps.sorted()
    }
  }

  /// The last checkpoint's path; nil if there is none.
  var newest: String? {
    get throws { try steps.last.map { path(of: $0) } }
  }

  /// Whether a path is that of a file in the folder.
  func has(_ file: String) -> Bool {
    let name = file.split(separator: "/").last ?? ""
    guard let place = try? FilePlace(following: file) else { return false }
    return place == (try? FilePlace(following: path + "/" + name))
  }

  /// Makes the folder, and those around it, unless it is there.
  func make() throws { try makeFolder(path) }

  /// The newest checkpoint that can be read, its path, and why newer ones cannot; nil if there is none.
  ///
  /// Throws the newest one's error if none can be read.
  func newestReadable() throws -> (
    path: String, checkpoint: TrainingCheckpoint, errors: [any Error]
  )? {
    var errors: [any Error] = []
    for step in try steps.reversed() {
      do {
        return (path(of: step), try TrainingCheckpoint(path: path(of: step)), errors)
      } catch {
        errors.append(error)
      }
    }
    if let first = errors.first { throw first }
    return nil
  }

  /// Removes all but the last checkpoints, `kept` of them.
  func removeOld(keeping kept: Int) throws {
    for step in try steps.dropLast(kept) { unlink(path(of: step)) }
  }
}

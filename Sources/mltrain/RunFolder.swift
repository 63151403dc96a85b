import CommandSupport
import FoundationEssentials
import Glibc
import Slope
import SlopeData
import SlopeTraining

/// The folder of a run of `mltrain fit`: what it was asked, and the checkpoints of its trainings.
///
/// The run that has a folder open has locked it, so that no other one writes to it.
final class RunFolder: Sendable {
  /// What a run was asked, in `run.json`.
  struct Record: Codable {
    static let format = "mltrain run 1"

    var format = Record.format
    var version = SlopeVersion.number
    /// The arguments after `fit`.
    var arguments: [String]
    /// The folder that relative paths are of.
    var workingFolder: String
    var file: String
    var fileByteCount: Int
    var fileChecksum: String
    /// The device, which `auto` had chosen.
    var device: String
  }

  /// The path as people see it.
  let name: String
  /// The path from the root.
  let path: String
  private let descriptor: Int32

  private static let recordName = "run.json"

  private init(name: String, path: String, descriptor: Int32) {
    (self.name, self.path, self.descriptor) = (name, path, descriptor)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// A new folder for a run.
  ///
  /// Throws `FileError` if the folder has another run's checkpoints, or cannot be made.
  static func make(_ name: String, _ record: Record) throws -> RunFolder {
    func fault(_ message: String) -> FileError { FileError(file: name, message: message) }
    let isNew = mkdir(name, 0o777) == 0
    guard isNew || errno == EEXIST else {
      throw fault("cannot be made: \(systemMessage(errno))")
    }
    if isNew { syncFolder(of: name) }
    do {
      return try begun(name, record)
    } catch {
      if isNew { rmdir(name) }
      throw error
    }
  }

  /// Writes what a run was asked into its folder.
  private static func begun(_ name: String, _ record: Record) throws -> RunFolder {
    func fault(_ message: String) -> FileError { FileError(file: name, message: message) }
    let folder = try open(name)
    // A run that was stopped before its first checkpoint has nothing to go on with.
    if try folder.hasRecord, folder.hasCheckpoints {
      throw fault(
        "has a run that was stopped: mltrain resume \(name.quotedForShell) goes on with it")
    }
    guard try folder.hasRecord || folder.trainings.isEmpty else {
      throw fault("has checkpoints of something else")
    }
    if try folder.hasRecord { folder.clear() }
    let file = try AtomicFile(path: folder.recordPath)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try file.write(try encoder.encode(record))
    try file.commit()
    return folder
  }

  /// The folder of a run that was stopped, and what it was asked, given its path or that of a checkpoint or a
  /// training in it.
  ///
  /// Throws `FileError` if there is none, if it is damaged or of another version, or if a run has it open.
  static func resumed(_ name: String) throws -> (RunFolder, Record) {
    func fault(_ message: String) -> FileError { FileError(file: name, message: message) }
    let folder = try open(folderOfRun(around: name))
    guard try folder.hasRecord else { throw fault("not the folder of a run") }
    let bytes = try ByteSource(path: folder.recordPath).read(upTo: 1 << 20)
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
      guard let value = try? JSONDecoder().decode(type, from: Data(bytes)) else {
        throw fault("\(recordName) is damaged")
      }
      return value
    }
    // First what other formats and versions have too, whatever else they have.
    struct Format: Decodable { let format: String }
    let format = try decoded(Format.self).format
    guard format == Record.format else {
      throw fault(
        "a run of the format \(format.quotedForMessage), not \(Record.format.quotedForMessage)")
    }
    struct Version: Decodable { let version: String }
    let version = try decoded(Version.self).version
    guard version == SlopeVersion.number else {
      throw fault(
        "a run of version \(version.quotedForMessage), not \(SlopeVersion.number): its numbers "
          + "may differ")
    }
    let record = try decoded(Record.self)
    return (folder, record)
  }

  /// The path of the folder of a run that has something at a path; the path itself if there is none.
  private static func folderOfRun(around path: String) -> String {
    guard access(path, F_OK) == 0 else { return path }
    var folder = path
    // A checkpoint is in the folder of a training, which is in that of the run.
    for _ in 0..<3 {
      if access(folder + "/" + recordName, F_OK) == 0 { return folder }
      while folder.count > 1, folder.last == "/" { folder.removeLast() }
      let slash = folder.lastIndex(of: "/")
      folder = slash.map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
    }
    return path
  }

  private static func open(_ name: String) throws -> RunFolder {
    func fault(_ message: String) -> FileError { FileError(file: name, message: message) }
    let descriptor = Glibc.open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw fault("cannot be opened: \(systemMessage(errno))") }
    guard let path = realpath(name, nil) else {
      defer { close(descriptor) }
      throw fault("cannot be opened: \(systemMessage(errno))")
    }
    defer { free(path) }
    let folder = RunFolder(name: name, path: String(cString: path), descriptor: descriptor)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw errno == EWOULDBLOCK
        ? fault("another training is writing to it")
        : fault("cannot be locked: \(systemMessage(errno))")
    }
    return folder
  }

  private var recordPath: String { path + "/" + Self.recordName }

  private var hasRecord: Bool {
    get throws {
      var status = stat()
      if stat(recordPath, &status) == 0 { return true }
      guard errno == ENOENT else {
        throw FileError(file: name, message: "cannot be read: \(systemMessage(errno))")
      }
      return false
    }
  }

  /// Whether a training has written a checkpoint.
  var hasCheckpoints: Bool {
    trainings.contains { folder in
      (folderNames(folder) ?? []).contains { $0.hasPrefix("step-") }
    }
  }

  /// The paths of the folders of trainings: `training-01` and so on.
  private var trainings: [String] {
    let prefix = "training-"
    return (folderNames(path) ?? []).filter { name in
      let number = name.dropFirst(prefix.count)
      return name.hasPrefix(prefix) && number.count >= 2 && number.allSatisfy(\.isWholeNumber)
    }.map { path + "/" + $0 }
  }

  /// Removes the folder with what a run writes into it; anything else is left.
  func remove() {
    clear()
    unlink(recordPath)
    rmdir(path)
  }

  /// Removes what trainings have written.
  private func clear() {
    for training in trainings {
      for name in folderNames(training) ?? [] where Self.isOurs(name) {
        unlink(training + "/" + name)
      }
      rmdir(training)
    }
  }

  /// Whether a run gives that name to a file in the folder of a training.
  private static func isOurs(_ name: String) -> Bool {
    let isCheckpoint =
      name.hasPrefix("step-") && name.hasSuffix(".safetensors")
      && name.dropFirst(5).dropLast(12).allSatisfy(\.isWholeNumber)
    let isTemporary = name.hasPrefix(".slope-") && name.hasSuffix(".tmp")
    return isCheckpoint || isTemporary || name == "best.safetensors" || name == "declined"
  }
}

extension RunFolder.Record {
  /// Size and checksum of the bytes of a file.
  static func fingerprint(of path: String) throws -> (byteCount: Int, checksum: String) {
    let source = try ByteSource(path: path)
    var (checksum, count) = (Checksum(), 0)
    while true {
      let bytes = try source.read(upTo: 1 << 20)
      if bytes.isEmpty { return (count, checksum.text) }
      bytes.withUnsafeBytes { checksum.update($0) }
      count += bytes.count
    }
  }
}

extension String {
  /// The text as one word of a shell's command line.
  var quotedForShell: String { first == "-" ? quoted : wordForShell }

  /// The text as a shell reads it, where it may be an option.
  var wordForShell: String {
    let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+-=,:"
    return !isEmpty && allSatisfy({ plain.contains($0) }) ? self : quoted
  }

  private var quoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}

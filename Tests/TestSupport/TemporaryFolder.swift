import Glibc
import SlopeCore

/// A separate folder for a test, removed with its contents at the end.
public final class TemporaryFolder: Sendable {
  /// The folder's path, without a slash at its end.
  public let path: String

  /// Why the folder cannot be used.
  public struct Failure: Error {
    /// The call or file.
    public let what: String

    /// A failure of `what`.
    public init(what: String) { self.what = what }
  }

  /// Makes a folder.
  public init() throws {
    var template = Array("/tmp/slope-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(what: "mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    Self.remove(path)
  }

  /// Removes a folder and its contents; links are not followed.
  private static func remove(_ path: String) {
    for name in names(in: path) {
      if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
    }
    rmdir(path)
  }

  /// The path of the file called `name`.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of the files in the folder, sorted.
  public var names: [String] { Self.names(in: path) }

  private static func names(in path: String) -> [String] { folderEntries(path).sorted() }

  /// Writes `bytes` to the file called `name` and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = file(name)
    guard let stream = fopen(file, "wb") else { throw Failure(what: file) }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw Failure(what: file) }
    return file
  }

  /// Writes `text` to the file called `name` and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String = "data.csv") throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// The bytes of the file called `name`.
  public func read(_ name: String) throws -> [UInt8] { try readFile(file(name)) }

  /// The text of the file called `name`.
  public func text(_ name: String) throws -> String {
    String(decoding: try read(name), as: UTF8.self)
  }
}

/// The bytes of the file at `path`.
public func readFile(_ path: String) throws -> [UInt8] {
  guard let stream = fopen(path, "rb") else { throw TemporaryFolder.Failure(what: path) }
  defer { fclose(stream) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&block, 1, block.count, stream)
    if count == 0 { return bytes }
    bytes += block.prefix(count)
  }
}

/// The path of `name` in the package's folder, such as `datasets/engel.csv`.
public func packageFile(_ name: String, here: String = #filePath) -> String {
  // The caller's file is two folders down.
  "/" + here.split(separator: "/").dropLast(3).joined(separator: "/") + "/" + name
}

import FoundationEssentials
import Glibc
import SlopeData

extension StreamFile {
  /// Reads a JSON file.
  ///
  /// - Throws: `FileError` if it cannot be read or is no such file.
  package init(path: String) throws {
    let data = Data(try StreamFile.bytes(of: path))
    do {
      self = try JSONDecoder().decode(StreamFile.self, from: data)
    } catch {
      throw FileError(file: path, message: "is not a file of draws and programs: \(error)")
    }
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw FileError(file: path, message: "cannot be opened: " + systemMessage(errno))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      bytes += chunk[..<count]
      if count == chunk.count { continue }
      guard ferror(file) == 0 else {
        throw FileError(file: path, message: "cannot be read: " + systemMessage(errno))
      }
      return bytes
    }
  }
}

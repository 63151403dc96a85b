import FoundationEssentials
import SlopeCore
import SlopeData

extension StreamFile {
  /// Reads a JSON file.
  ///
  /// - Throws: `FileError` if it cannot be read or is not of this kind.
  package init(path: String) throws {
    let data = Data(try StreamFile.bytes(of: path))
    do {
      self = try JSONDecoder().decode(StreamFile.self, from: data)
    } catch {
      throw FileError(
        file: path, message: "is not a file of draws and programs: \(Self.problem(error))")
    }
  }

  /// The fault of the JSON, and its place.
  private static func problem(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let (message, context) =
      switch error {
      case .keyNotFound(let key, let context): ("'\(key.stringValue)' is missing", context)
      case .typeMismatch(let type, let context): ("not \(type)", context)
      case .valueNotFound(_, let context): ("null", context)
      case .dataCorrupted(let context): (context.debugDescription, context)
      @unknown default: ("\(error)", DecodingError.Context(codingPath: [], debugDescription: ""))
      }
    let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      .joined(separator: ".")
    return place.isEmpty ? message : "\(place): \(message)"
  }

  /// The most bytes that are read; PyTorch's largest file has a thousandth of them.
  private static let maximumByteCount = 1 << 26

  /// The bytes of a JSON object.
  ///
  /// Only blanks may precede it, so that an endless file or device of another kind is recognised by
  /// its beginning.
  private static func bytes(of path: String) throws -> [UInt8] {
    let source = try ByteSource(path: path)
    var bytes = try source.read(upTo: 1 << 12)
    guard bytes.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") else {
      throw FileError(
        file: source.name,
        message: "is not a file of draws and programs: it does not begin with a JSON object")
    }
    bytes += try source.read(upTo: maximumByteCount - bytes.count)
    guard bytes.count < maximumByteCount, bytes.count <= MachineMemory.remaining / 16 else {
      throw FileError(
        file: source.name, message: "\(bytes.count) bytes or more: too many for such a file")
    }
    return bytes
  }
}

import SlopeCore

extension Safetensors {
  /// The metadata's key of the checksum.
  private static let checksumKey = "slope.checksum"

  /// Adds the checksum of all tensors and texts to the metadata.
  ///
  /// Readers that do not know it read the file as ever. What changes afterwards is found by
  /// `checkIntegrity(of:)`.
  package mutating func seal() { metadata[Self.checksumKey] = checksum }

  /// Throws `FileError` if the checksum in the metadata is not that of tensors and texts.
  ///
  /// - Parameters:
  ///   - path: the file's name in the message.
  ///   - isRequired: whether there must be a checksum.
  /// - Throws: `FileError` for what has changed.
  package func checkIntegrity(of path: String, isRequired: Bool = false) throws {
    guard let found = metadata[Self.checksumKey] else {
      if isRequired { throw FileError(file: path, message: "damaged: its checksum is missing") }
      return
    }
    let own = checksum
    guard found == own else {
      throw FileError(
        file: path,
        message: "damaged: the checksum of its contents is \(own), not \(found.quotedForMessage)")
    }
  }

  /// Whether all elements of the tensor called `name` are finite; true for one of other types than float32 and
  /// float64, and if there is none.
  package func isFinite(_ name: String) -> Bool {
    guard let entry = entries[name] else { return true }
    func isFinite<Element: BinaryFloatingPoint>(_: Element.Type) -> Bool {
      entry.bytes.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: MemoryLayout<Element>.stride).allSatisfy {
          bytes.loadUnaligned(fromByteOffset: $0, as: Element.self).isFinite
        }
      }
    }
    switch entry.dtype {
    case .float32: return isFinite(Float.self)
    case .float64: return isFinite(Double.self)
    default: return true
    }
  }

  /// The checksum of names, types, shapes, elements and texts, in the order of the names.
  private var checksum: String {
    var checksum = Checksum()
    // Each part is preceded by its length, so that no two lists of parts are the same bytes.
    func add(_ text: String) {
      checksum.update("\(text.utf8.count) ")
      checksum.update(text)
    }
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      add(name)
      add("\(entry.dtype.safetensorsName) \(entry.shape) \(entry.bytes.count)")
      entry.bytes.withUnsafeBytes { checksum.update($0) }
    }
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) where key != Self.checksumKey {
      add(key)
      add(text)
    }
    return checksum.text
  }
}

// The JSON of a header is untrusted, so a well-maintained parser reads it. FoundationEssentials
// costs a process 1.3 ms at its start and 3.5 MiB; statically linked and stripped, 7.5 MB.
import FoundationEssentials
import SlopeCore

extension Safetensors {
  /// The longest header that is read, as in the format's own reader.
  private static let maximumHeaderByteCount = 100_000_000

  /// The header's entry for one tensor.
  private struct HeaderEntry: Codable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  /// The header: a key for the metadata, and one for each tensor.
  private struct Header: Codable {
    var metadata: [String: String] = [:]
    var entries: [String: HeaderEntry] = [:]

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(_ name: String) { stringValue = name }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
      static let metadata = Key("__metadata__")
    }

    /// The number of distinct keys in the header's object.
    private(set) var keyCount = 0

    init() {}

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      keyCount = container.allKeys.count
      for key in container.allKeys {
        if key.stringValue == Key.metadata.stringValue {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(HeaderEntry.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if !metadata.isEmpty { try container.encode(metadata, forKey: .metadata) }
      for (name, entry) in entries { try container.encode(entry, forKey: Key(name)) }
    }
  }

  // MARK: Writing

  /// Writes the file, whole or not at all.
  ///
  /// The file replaces an older one when it is complete and on the disk, as `AtomicFile` does.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if the file cannot be written, if a tensor failed inside `checked { }`,
  ///   or if one is called `__metadata__`; an older file then stays as it was.
  public func write(to path: String) throws {
    try write(to: try AtomicFile(path: path), called: path)
  }

  /// Writes to a file that has been opened, and commits it.
  package func write(to file: AtomicFile, called path: String) throws {
    func fault(_ message: String) -> FileError { FileError(file: path, message: message) }
    if let name = failed.min() {
      throw fault("not written: tensor \(name.quotedForMessage) is of an operation that failed")
    }
    let reserved = Header.Key.metadata.stringValue
    guard entries[reserved] == nil else {
      throw fault("not written: a tensor cannot be called \(reserved), the format's own name")
    }
    var header = Header()
    header.metadata = metadata
    var offset = 0
    // The widest types first: with the header padded to 8 bytes, every tensor is aligned.
    let order = entries.sorted {
      ($0.value.dtype.byteCount, $1.key) > ($1.value.dtype.byteCount, $0.key)
    }
    for (name, entry) in order {
      let end = offset + entry.bytes.count
      header.entries[name] = HeaderEntry(
        dtype: entry.dtype.safetensorsName, shape: entry.shape, dataOffsets: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = [UInt8](try encoder.encode(header))
    while !json.count.isMultiple(of: 8) { json.append(UInt8(ascii: " ")) }
    guard json.count <= Self.maximumHeaderByteCount else {
      throw fault("not written: its names and metadata take \(json.count) bytes, too many to read")
    }
    try file.write(withUnsafeBytes(of: UInt64(json.count).littleEndian) { [UInt8]($0) })
    try file.write(json)
    for (_, entry) in order { try file.write(entry.bytes) }
    try file.commit()
  }

  // MARK: Reading

  /// Reads the file at `path`, whole or some of its tensors.
  ///
  /// Memory grows with what is read, not with the sizes that the header states. A tensor that is not asked
  /// for may have elements of a type that there is no `DType` of, such as `F8_E4M3`.
  ///
  /// - Parameters:
  ///   - path: the path of the file; `-` is standard input.
  ///   - names: the names of the tensors that are read; nil for all. One that the file does not have is left
  ///     out.
  /// - Throws: `FileError` for a file that cannot be read, is cut, does not fit into memory, or
  ///   whose header does not follow the format, and for a tensor whose elements are of another type.
  public init(path: String, only names: Set<String>? = nil) throws {
    func fault(_ message: String) -> FileError { FileError(file: path, message: message) }
    let source = try ByteSource(path: path)
    let prefix = try source.read(upTo: 8)
    let headerCount = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard prefix.count == 8, headerCount <= Self.maximumHeaderByteCount else {
      throw fault("not a safetensors file")
    }
    // Decoded, a header takes several times the memory of its text.
    guard Int(headerCount) <= MachineMemory.remaining / 16 else {
      throw fault("its header of \(headerCount) bytes does not fit into memory")
    }
    let json = try source.read(upTo: Int(headerCount))
    let scan = SafetensorsHeaderScan(json)
    guard json.count == headerCount, json.first == UInt8(ascii: "{"),
      let header = try? JSONDecoder().decode(Header.self, from: Data(json))
    else {
      throw fault("not a safetensors file, or cut: its header is not the JSON that it should be")
    }
    if let number = scan.oddNumber {
      throw fault("its header's JSON has the number \(number) where an integer should be")
    }
    guard header.keyCount == scan.keyCount else {
      throw fault(
        "its header has a name twice, or names that differ only in how accents are composed")
    }
    metadata = header.metadata
    // In the order of their offsets: the format allows neither gaps nor overlaps.
    let order = header.entries.sorted {
      $0.value.dataOffsets.lexicographicallyPrecedes($1.value.dataOffsets)
    }
    var offset = 0
    for (name, entry) in order {
      let isWanted = names?.contains(name) ?? true
      let (dtype, range) =
        isWanted || DType(safetensorsName: entry.dtype) != nil
        ? try Self.validated(entry, name, fault)
        : (nil, try Self.range(entry, name.quotedForMessage, fault))
      guard range.lowerBound == offset else {
        throw fault("tensor \(name.quotedForMessage) does not begin where the one before it ends")
      }
      offset = range.upperBound
      let read = try source.read(upTo: range.count) { $0 <= MachineMemory.remaining }
      guard let bytes = read else {
        throw fault(
          "tensor \(name.quotedForMessage) of \(range.count) bytes does not fit into memory")
      }
      guard bytes.count == range.count else {
        throw fault("the file is cut: it ends inside tensor \(name.quotedForMessage)")
      }
      if let dtype, isWanted {
        entries[name] = Entry(dtype: dtype, shape: entry.shape, bytes: bytes)
      }
    }
    guard try source.read(upTo: 1).isEmpty else {
      throw fault("more bytes than the header describes (\(offset) of tensors)")
    }
  }

  /// The type and byte range of one tensor, if they agree with its shape and with the file.
  private static func validated(
    _ entry: HeaderEntry, _ name: String, _ fault: (String) -> FileError
  ) throws -> (DType?, Range<Int>) {
    let name = name.quotedForMessage
    guard let dtype = DType(safetensorsName: entry.dtype) else {
      throw fault(
        "tensor \(name): elements of type \(entry.dtype.quotedForMessage) are not read; "
          + "those that are: \(DType.safetensorsNames.joined(separator: ", "))")
    }
    guard entry.shape.count <= maximumRank, entry.shape.allSatisfy({ $0 >= 0 }) else {
      throw fault("tensor \(name): impossible shape \(entry.shape)")
    }
    var byteCount = dtype.byteCount
    // One extent of 0 makes an empty tensor, however large the other extents are.
    for extent in entry.shape.contains(0) ? [0] : entry.shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw fault("tensor \(name): impossible shape \(entry.shape)") }
      byteCount = product
    }
    let range = try range(entry, name, fault)
    guard range.count == byteCount else {
      throw fault(
        "tensor \(name): \(range.count) bytes, but \(entry.shape) of \(dtype.name) are \(byteCount)"
      )
    }
    return (dtype, range)
  }

  private static func range(
    _ entry: HeaderEntry, _ name: String, _ fault: (String) -> FileError
  ) throws -> Range<Int> {
    guard entry.dataOffsets.count == 2,
      entry.dataOffsets[0] >= 0, entry.dataOffsets[0] <= entry.dataOffsets[1]
    else {
      throw fault("tensor \(name): impossible offsets \(entry.dataOffsets)")
    }
    return entry.dataOffsets[0]..<entry.dataOffsets[1]
  }

  /// The maximum rank, as in `Shape`.
  private static var maximumRank: Int { 8 }
}

import SlopeCore

/// The arrays of a file in NumPy's format `.npz`, by their names.
///
/// ```swift
/// var archive = NumpyArchive()
/// archive["weights"] = NumpyArray(Tensor<Float>([[1, 2], [3, 4]]))
/// archive["steps"] = NumpyArray(Tensor<Int>([7]))
/// try archive.write(to: "state.npz")
///
/// let read = try NumpyArchive(path: "state.npz")
/// print(read.names)
/// // ["weights", "steps"]
/// if let weights = read["weights"]?.tensor(as: Float.self) { print(weights.sum().item()) }
/// // 10.0
/// ```
///
/// Files of `numpy.savez` and `numpy.savez_compressed` are read; what is written is uncompressed, and
/// `numpy.load` reads it. The element types are those of `NumpyArray`. A file is written whole or not at all,
/// and everything that is read is checked, its checksums included: no file makes the program stop, or
/// allocates more than it holds.
///
/// NumPy's counterparts are `numpy.load`, `numpy.savez` and `numpy.savez_compressed`.
public struct NumpyArchive: Sendable {
  /// The names of the arrays, in the order of the file.
  public private(set) var names: [String] = []
  private var arrays: [String: NumpyArray] = [:]

  /// An archive without arrays.
  public init() {}

  /// The array of a name; nil for none, and to remove it.
  ///
  /// A new array is the last one; another in place of one keeps its place.
  public subscript(name: String) -> NumpyArray? {
    get { arrays[name] }
    set {
      let isNew = arrays[name] == nil
      arrays[name] = newValue
      if newValue == nil {
        names.removeAll { $0 == name }
      } else if isNew {
        names.append(name)
      }
    }
  }

  // MARK: Files

  /// What the names of an archive's files end with.
  private static let suffix = ".npy"

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if it cannot be written, for a name of more than 65,000 bytes, and for elements of an
  ///   operation that failed; an older file then stays as it was.
  public func write(to path: String) throws {
    func fault(_ name: String, _ message: String) -> FileError {
      FileError(file: path, message: "not written: \(name.quotedForMessage): \(message)")
    }
    for name in names where name.utf8.count > 65_000 || name.utf8.contains(0) {
      throw fault(String(name.prefix(40)), "a name that no file of an archive can have")
    }
    if let name = names.first(where: { arrays[$0]?.isFailed == true }) {
      throw fault(name, "the tensor is of an operation that failed")
    }
    let file = try AtomicFile(path: path)
    var writer = ZipWriter(file)
    for name in names {
      guard let array = arrays[name] else { continue }
      try writer.add(name + Self.suffix, [array.header, array.bytes])
    }
    try writer.finish()
    try file.commit()
  }

  /// Reads the file at `path`.
  ///
  /// - Parameter path: the path of the file; `-` is standard input.
  /// - Throws: `FileError` for a file that cannot be read, is no such archive, is cut or damaged, or holds
  ///   something other than arrays that tensors can have.
  public init(path: String) throws {
    let source = try ByteSource(path: path)
    func fault(_ message: String) -> FileError { FileError(file: source.name, message: message) }
    func hasRoom(_ byteCount: Int) -> Bool { byteCount <= MachineMemory.remaining }
    guard let bytes = try source.read(upTo: .max, whileThereIsRoom: hasRoom) else {
      throw fault("it does not fit into memory")
    }
    do {
      let reader = try ZipReader(bytes)
      for entry in reader.entries {
        guard entry.name.hasSuffix(Self.suffix) else {
          throw fault("\(entry.name.quotedForMessage) is not an npy file")
        }
        guard let content = try reader.content(of: entry, whileThereIsRoom: hasRoom) else {
          throw fault("\(entry.name.quotedForMessage): its array does not fit into memory")
        }
        let place = "\(source.name): \(entry.name)"
        self[String(entry.name.dropLast(Self.suffix.count))] = try NumpyArray(
          reading: ByteSource(content, name: place), path: place)
      }
    } catch let zip as ZipReader.Fault { throw fault(zip.message) }
  }
}

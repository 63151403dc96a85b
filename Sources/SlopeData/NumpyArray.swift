public import SlopeCore

/// The array of a file in NumPy's format `.npy`.
///
/// ```swift
/// let table = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
/// try NumpyArray(table).write(to: "table.npy")
///
/// let array = try NumpyArray(path: "table.npy")
/// print(array.dtype, array.shape)
/// // float32 [2, 3]
/// if let tensor = array.tensor(as: Float.self) { print(tensor) }
/// // tensor([[1., 2., 3.],
/// //         [4., 5., 6.]])
/// ```
///
/// Every element type of tensors is read and written, in either order of bytes and of axes. `bfloat16` is
/// `V2`, as the package ml_dtypes has it. Arrays of structures, of Python objects, of text, of dates and of
/// complex numbers are refused. A file is written whole or not at all, and everything that is read is checked:
/// no file makes the program stop.
///
/// Source: NumPy's NEP 1 and `numpy.lib.format`, versions 1.0 to 3.0. NumPy's counterparts are `numpy.load`
/// and `numpy.save`.
///
/// - SeeAlso: `NumpyArchive` for several arrays.
public struct NumpyArray: Sendable {
  /// The type of the elements.
  public let dtype: DType
  /// The extents of the axes.
  public let shape: [Int]
  /// The elements, little-endian and row-major.
  let bytes: [UInt8]
  /// Whether the elements are of an operation that failed.
  let isFailed: Bool

  /// The elements of a tensor, which are copied to the host; waits for the device.
  public init<Element>(_ tensor: Tensor<Element>) {
    var file = Safetensors()
    file.insert(tensor, as: "array")
    let entry = file.entries["array"]
    (dtype, shape) = (Element.dtype, Array(tensor.shape))
    (bytes, isFailed) = (entry?.bytes ?? [], entry == nil)
  }

  private init(dtype: DType, shape: [Int], bytes: [UInt8]) {
    (self.dtype, self.shape, self.bytes, isFailed) = (dtype, shape, bytes, false)
  }

  /// The array as a tensor on the default device; nil if its elements are of another type, or of an operation
  /// that failed.
  public func tensor<Element: TensorElement>(
    as element: Element.Type = Element.self
  ) -> Tensor<Element>? {
    guard !isFailed else { return nil }
    var file = Safetensors()
    file.entries["array"] = Safetensors.Entry(dtype: dtype, shape: shape, bytes: bytes)
    return file.tensor("array", as: element)
  }

  // MARK: Files

  /// What every file begins with.
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if it cannot be written, or if the elements are of an operation that failed; an
  ///   older file then stays as it was.
  public func write(to path: String) throws {
    guard !isFailed else {
      throw FileError(file: path, message: "not written: the tensor is of an operation that failed")
    }
    let file = try AtomicFile(path: path)
    try file.write(header)
    try file.write(bytes)
    try file.commit()
  }

  /// What is before the elements in a file.
  var header: [UInt8] {
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(dtype.numpyName)', 'fortran_order': False, 'shape': (\(extents)), }"
    // Elements begin at a multiple of 64.
    let unpadded = Self.magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let count = UInt16(header.utf8.count)
    return Self.magic + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(header.utf8)
  }

  /// Reads the file at `path`.
  ///
  /// Memory grows with what the file holds, not with what its header says.
  ///
  /// - Parameter path: the path of the file; `-` is standard input.
  /// - Throws: `FileError` for a file that cannot be read, is no such file, is cut or longer than its header
  ///   says, or has elements that no tensor has.
  public init(path: String) throws {
    try self.init(reading: ByteSource(path: path), path: path)
  }

  /// Reads to the end of a source.
  init(reading source: ByteSource, path: String) throws {
    func fault(_ message: String) -> FileError { FileError(file: path, message: message) }
    let start = try source.read(upTo: 8)
    guard start.count == 8, start.starts(with: Self.magic) else { throw fault("not an npy file") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw fault("an npy file of version \(start[6]).\(start[7]); 1.0 to 3.0 are known")
    }
    let length = try source.read(upTo: start[6] == 1 ? 2 : 4)
    guard length.count == (start[6] == 1 ? 2 : 4) else {
      throw fault("the file is cut in its header")
    }
    let count = length.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count <= 1 << 20 else { throw fault("a header of \(count) bytes is none") }
    let text = try source.read(upTo: count)
    guard text.count == count else { throw fault("the file is cut in its header") }
    let header = try NumpyHeader(text, fault)
    guard header.shape.count <= 8 else { throw fault("an array of \(header.shape.count) axes") }
    guard let byteCount = Size.product(header.shape, of: header.dtype) else {
      throw fault("impossible shape \(header.shape)")
    }
    let read = try source.read(upTo: byteCount) { $0 <= MachineMemory.remaining }
    guard var bytes = read else { throw fault("\(byteCount) bytes do not fit into memory") }
    guard bytes.count == byteCount else {
      throw fault("the file is cut: \(bytes.count) bytes of \(byteCount)")
    }
    guard try source.read(upTo: 1).isEmpty else {
      throw fault("more bytes than its shape \(header.shape) has (\(byteCount))")
    }
    if header.dtype == .bool, bytes.contains(where: { $0 > 1 }) {
      throw fault("a boolean that is not 0 or 1")
    }
    switch header.dtype.byteCount {
    case 1: bytes = Self.ordered(bytes, header, as: UInt8.self)
    case 2: bytes = Self.ordered(bytes, header, as: UInt16.self)
    case 4: bytes = Self.ordered(bytes, header, as: UInt32.self)
    default: bytes = Self.ordered(bytes, header, as: UInt64.self)
    }
    self.init(dtype: header.dtype, shape: header.shape, bytes: bytes)
  }

  /// The bytes of an array of a file in our order.
  ///
  /// - Parameters:
  ///   - bytes: the bytes as they are in the file.
  ///   - header: what they are.
  ///   - word: integers as wide as the elements.
  /// - Returns: little-endian elements, row-major.
  private static func ordered<Word: FixedWidthInteger>(
    _ bytes: [UInt8], _ header: NumpyHeader, as word: Word.Type
  ) -> [UInt8] {
    let isFortran = header.isFortran && header.shape.count > 1
    guard isFortran || header.isBigEndian, !bytes.isEmpty else { return bytes }
    let width = MemoryLayout<Word>.size
    // The distance of neighbours along each axis in the file, in elements.
    var strides = [1]
    for extent in header.shape.dropLast() { strides.append((strides.last ?? 1) * extent) }
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { result, initialized in
      bytes.withUnsafeBytes { bytes in
        let target = UnsafeMutableRawBufferPointer(result)
        var (place, offset) = ([Int](repeating: 0, count: header.shape.count), 0)
        for index in 0..<(bytes.count / width) {
          let source = isFortran ? offset : index
          let element = bytes.loadUnaligned(fromByteOffset: source * width, as: Word.self)
          target.storeBytes(
            of: header.isBigEndian ? element.byteSwapped : element, toByteOffset: index * width,
            as: Word.self)
          guard isFortran else { continue }
          // The next place: the last axis is the fastest.
          for axis in header.shape.indices.reversed() {
            (place[axis], offset) = (place[axis] + 1, offset + strides[axis])
            if place[axis] < header.shape[axis] { break }
            (place[axis], offset) = (0, offset - strides[axis] * header.shape[axis])
          }
        }
      }
      initialized = bytes.count
    }
  }
}

extension Size {
  /// The bytes of an array of some extents; nil beyond 2⁶³, or if an extent is negative.
  fileprivate static func product(_ shape: [Int], of dtype: DType) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var count = dtype.byteCount
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }
}

extension DType {
  /// NumPy's name of the type, of little-endian elements.
  fileprivate var numpyName: String {
    switch self {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int8: "|i1"
    case .uint16: "<u2"
    case .int16: "<i2"
    case .uint32: "<u4"
    case .int32: "<i4"
    case .uint64: "<u8"
    case .int64: "<i8"
    case .float16: "<f2"
    case .bfloat16: "<V2"
    case .float32: "<f4"
    case .float64: "<f8"
    }
  }

  /// The type that NumPy calls by a letter and a number of bytes, such as `f4`.
  fileprivate init?(numpyCode code: Substring) {
    let all: [DType] = [
      .bool, .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64, .float16, .bfloat16,
      .float32, .float64,
    ]
    guard let match = all.first(where: { $0.numpyName.dropFirst() == code }) else { return nil }
    self = match
  }
}

/// The header of an npy file: the text of a Python dictionary.
private struct NumpyHeader {
  let dtype: DType
  let isBigEndian: Bool
  let isFortran: Bool
  let shape: [Int]

  init(_ bytes: [UInt8], _ fault: (String) -> FileError) throws {
    var scanner = NumpyHeaderScanner(bytes)
    guard let entries = scanner.dictionary() else {
      throw fault("its header is not the dictionary that it should be")
    }
    guard entries.count == 3, case .flag(let isFortran)? = entries["fortran_order"],
      case .shape(let shape)? = entries["shape"], let descr = entries["descr"]
    else { throw fault("its header has not descr, fortran_order and shape") }
    guard case .text(let name) = descr else { throw fault("an array of structures") }
    guard let order = name.first, "<>|=".contains(order),
      let dtype = DType(numpyCode: name.dropFirst())
    else { throw fault("elements of the type \(name.quotedForMessage), which no tensor has") }
    (self.dtype, self.isFortran, self.shape) = (dtype, isFortran, shape)
    isBigEndian = order == ">" && dtype.byteCount > 1
  }
}

/// Reads the literals that a header may have.
private struct NumpyHeaderScanner {
  enum Literal {
    case text(String)
    case flag(Bool)
    case shape([Int])
    /// A list, as of the fields of a structure, whose contents do not matter.
    case list
  }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The dictionary that is all of the text; nil for other texts, and if a key is there twice.
  mutating func dictionary() -> [String: Literal]? {
    guard take("{") else { return nil }
    var entries: [String: Literal] = [:]
    while !take("}") {
      guard let key = text(), take(":"), let value = literal(), entries[key] == nil else {
        return nil
      }
      entries[key] = value
      if take(",") { continue }
      guard take("}") else { return nil }
      break
    }
    skipBlanks()
    return place == bytes.count ? entries : nil
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  /// Takes a word if it is next.
  private mutating func take(_ word: StaticString) -> Bool {
    skipBlanks()
    return word.withUTF8Buffer { word in
      guard bytes[place...].starts(with: word) else { return false }
      place += word.count
      return true
    }
  }

  /// A text in single or double quotes, without escapes.
  private mutating func text() -> String? {
    skipBlanks()
    guard place < bytes.count, bytes[place] == 0x27 || bytes[place] == 0x22,
      let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
    else { return nil }
    defer { place = end + 1 }
    let content = bytes[(place + 1)..<end]
    return content.contains(0x5C) ? nil : String(validating: content, as: UTF8.self)
  }

  private mutating func literal() -> Literal? {
    if let text = text() { return .text(text) }
    if take("True") { return .flag(true) }
    if take("False") { return .flag(false) }
    if take("[") { return skipList() ? .list : nil }
    return shape().map { .shape($0) }
  }

  /// A tuple of integers, each perhaps with Python 2's `L`.
  private mutating func shape() -> [Int]? {
    guard take("(") else { return nil }
    var (extents, hasComma): ([Int], Bool) = ([], false)
    while !take(")") {
      skipBlanks()
      let start = place
      while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
      guard let extent = Int(String(decoding: bytes[start..<place], as: UTF8.self)) else {
        return nil
      }
      extents.append(extent)
      _ = take("L")
      if take(",") {
        hasComma = true
        continue
      }
      guard take(")") else { return nil }
      break
    }
    // In Python `(3)` is a number.
    return extents.count == 1 && !hasComma ? nil : extents
  }

  /// Passes over a list whose first bracket has been taken; false if it does not end.
  private mutating func skipList() -> Bool {
    var depth = 1
    while depth > 0 {
      if text() != nil { continue }
      guard place < bytes.count else { return false }
      if bytes[place] == 0x5B { depth += 1 }
      if bytes[place] == 0x5D { depth -= 1 }
      place += 1
    }
    return true
  }
}

/// Writes files into a zip archive, uncompressed.
///
/// Sizes are of 32 bits where they fit, and the same files give the same bytes: each has the date
/// 1 January 1980.
struct ZipWriter {
  private let file: AtomicFile
  private var offset = 0
  private var directory: [UInt8] = []
  private var count = 0

  /// The numbers from here on are written with 64 bits.
  private let limit: Int

  /// What a number of 32 bits is where there is one of 64.
  private static let isElsewhere = UInt32.max

  /// A writer to an open file; tests have a lower limit.
  init(_ file: AtomicFile, limit: Int = 0xFFFF_FFFF) { (self.file, self.limit) = (file, limit) }

  /// Adds a file that is some parts one after another.
  mutating func add(_ name: String, _ parts: [[UInt8]]) throws {
    let name = Array(name.utf8)
    let byteCount = parts.reduce(0) { $0 + $1.count }
    let check = parts.reduce(UInt32(0)) { CyclicChecksum.zip($1, after: $0) }
    let isWide = byteCount >= limit
    let isFar = offset >= limit
    let size = isWide ? Self.isElsewhere : UInt32(byteCount)
    // Version 4.5 knows numbers of 64 bits; the flag says that the name is UTF-8.
    var common: [UInt8] = []
    common.append(UInt16(isWide || isFar ? 45 : 20))
    common.append(UInt16(1 << 11))
    common.append(UInt16(0))
    common.append(UInt16(0))
    common.append(UInt16(1 << 5 | 1))
    common.append(check)
    common.append(size)
    common.append(size)
    common.append(UInt16(name.count))
    var sizes: [UInt8] = []
    if isWide {
      sizes.append(UInt64(byteCount))
      sizes.append(UInt64(byteCount))
    }
    var header: [UInt8] = []
    header.append(UInt32(0x0403_4B50))
    header += common + Self.extraCount(sizes) + name + Self.extra(sizes)
    try file.write(header)
    for part in parts { try file.write(part) }

    var wide = sizes
    if isFar { wide.append(UInt64(offset)) }
    directory.append(UInt32(0x0201_4B50))
    directory.append(UInt16(45))
    directory += common + Self.extraCount(wide)
    // No comment, the first disk, no attributes.
    directory += [UInt8](repeating: 0, count: 10)
    directory.append(isFar ? Self.isElsewhere : UInt32(offset))
    directory += name + Self.extra(wide)
    offset += header.count + byteCount
    count += 1
  }

  private static func extraCount(_ numbers: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(UInt16(numbers.isEmpty ? 0 : numbers.count + 4))
    return bytes
  }

  /// A field of numbers of 64 bits.
  private static func extra(_ numbers: [UInt8]) -> [UInt8] {
    guard !numbers.isEmpty else { return [] }
    var bytes: [UInt8] = []
    bytes.append(UInt16(1))
    bytes.append(UInt16(numbers.count))
    return bytes + numbers
  }

  /// Writes the directory.
  func finish() throws {
    try file.write(directory)
    var end: [UInt8] = []
    let isWide = count >= 0xFFFF || offset >= limit || directory.count >= limit
    if isWide {
      end.append(UInt32(0x0606_4B50))
      end.append(UInt64(44))
      end.append(UInt16(45))
      end.append(UInt16(45))
      end += [UInt8](repeating: 0, count: 8)
      for number in [count, count, directory.count, offset] { end.append(UInt64(number)) }
      end.append(UInt32(0x0706_4B50))
      end.append(UInt32(0))
      end.append(UInt64(offset + directory.count))
      end.append(UInt32(1))
    }
    end.append(UInt32(0x0605_4B50))
    end += [UInt8](repeating: 0, count: 4)
    for _ in 0..<2 { end.append(UInt16(min(count, 0xFFFF))) }
    for number in [directory.count, offset] {
      end.append(isWide ? Self.isElsewhere : UInt32(number))
    }
    end.append(UInt16(0))
    try file.write(end)
  }
}

extension [UInt8] {
  /// Appends a number, little-endian.
  fileprivate mutating func append<Word: FixedWidthInteger & UnsignedInteger>(_ word: Word) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }
}

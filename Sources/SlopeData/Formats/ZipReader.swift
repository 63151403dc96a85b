/// The files in a zip archive that is in memory.
///
/// The directory at the end says what there is; each file has a header of its own before its bytes, which must
/// agree. Archives of several disks, encrypted files, and files that share bytes are refused.
///
/// Source: PKWARE, ".ZIP file format specification", version 6.3.10.
struct ZipReader {
  /// Why an archive is not read, in a few words.
  struct Fault: Error {
    let message: String
  }

  /// A file of the archive.
  struct Entry {
    let name: String
    let isCompressed: Bool
    let checksum: UInt32
    /// The bytes in the archive.
    let place: Range<Int>
    /// The number of bytes of the file.
    let byteCount: Int
  }

  /// The files in the order of the directory.
  private(set) var entries: [Entry] = []
  private let bytes: [UInt8]

  /// Reads the directory of an archive.
  ///
  /// Throws `Fault` for what is none, or is damaged.
  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    let (directory, count) = try directory()
    var place = directory.lowerBound
    var names: Set<String> = []
    var taken: [Range<Int>] = []
    while place < directory.upperBound {
      let (entry, header) = try entry(&place, in: directory)
      guard names.insert(entry.name).inserted else {
        throw Fault(message: "\(entry.name.quotedForMessage) is in it twice")
      }
      entries.append(entry)
      taken.append(header..<entry.place.upperBound)
    }
    guard entries.count == count else {
      throw Fault(message: "its directory has \(entries.count) files instead of \(count)")
    }
    taken.sort { $0.lowerBound < $1.lowerBound }
    for (range, next) in zip(taken, taken.dropFirst()) where range.upperBound > next.lowerBound {
      throw Fault(message: "two of its files share bytes")
    }
    if let last = taken.last, last.upperBound > directory.lowerBound {
      throw Fault(message: "a file reaches into its directory")
    }
  }

  /// The bytes of a file; nil if they do not fit into memory.
  ///
  /// Throws `Fault` for bytes that are damaged.
  func content(of entry: Entry, whileThereIsRoom hasRoom: (Int) -> Bool) throws -> [UInt8]? {
    let stored = bytes[entry.place]
    let content: [UInt8]
    if entry.isCompressed {
      do {
        let inflated = try Inflater.inflated(
          stored, byteCount: entry.byteCount, whileThereIsRoom: hasRoom)
        guard let inflated else { return nil }
        content = inflated
      } catch let fault as Inflater.Fault {
        throw Fault(message: "\(entry.name.quotedForMessage): \(fault.message)")
      }
    } else {
      guard hasRoom(stored.count) else { return nil }
      content = Array(stored)
    }
    guard CyclicChecksum.zip(content) == entry.checksum else {
      throw Fault(message: "\(entry.name.quotedForMessage): its checksum is not that of its bytes")
    }
    return content
  }

  // MARK: The directory

  /// The number at a place, little-endian; nil beyond the end.
  private func number(_ place: Int, _ width: Int) -> Int? {
    guard place >= 0, place <= bytes.count - width else { return nil }
    let value = bytes[place..<(place + width)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value)
  }

  /// The number at a place; throws beyond the end.
  private func known(_ place: Int, _ width: Int) throws -> Int {
    guard let number = number(place, width) else { throw Fault(message: "the file is cut") }
    return number
  }

  /// The place of the directory, and the number of its files.
  private func directory() throws -> (place: Range<Int>, count: Int) {
    // The record at the end has a comment of at most 65,535 bytes, which reaches to the end.
    var end = bytes.count - 22
    while end >= 0, end > bytes.count - 22 - 0x1_0000 {
      if number(end, 4) == 0x0605_4B50, number(end + 20, 2) == bytes.count - end - 22 { break }
      end -= 1
    }
    guard end >= 0, number(end, 4) == 0x0605_4B50 else {
      throw Fault(
        message: bytes.starts(with: [0x50, 0x4B, 3, 4])
          ? "the file is cut: it has no directory" : "not a zip archive")
    }
    var fields = try (
      disk: known(end + 4, 2), first: known(end + 6, 2), here: known(end + 8, 2),
      count: known(end + 10, 2), size: known(end + 12, 4), start: known(end + 16, 4)
    )
    var limit = end
    // A record of 64-bit numbers, where these do not fit, is found by a locator before the end.
    if number(end - 20, 4) == 0x0706_4B50 {
      let place = try known(end - 12, 8)
      guard number(place, 4) == 0x0606_4B50, place <= end - 20 - 56,
        try known(place + 4, 8) == end - 20 - place - 12
      else { throw Fault(message: "its directory's record of 64 bits is damaged") }
      fields = try (
        known(place + 16, 4), known(place + 20, 4), known(place + 24, 8), known(place + 32, 8),
        known(place + 40, 8), known(place + 48, 8)
      )
      limit = place
    }
    guard fields.disk == 0, fields.first == 0, fields.here == fields.count else {
      throw Fault(message: "an archive of several disks")
    }
    guard fields.start <= limit, fields.size == limit - fields.start else {
      throw Fault(message: "its directory is not where it should be")
    }
    return (fields.start..<limit, fields.count)
  }

  /// The file at a place of the directory, which is moved on, and the place of its own header.
  private func entry(
    _ place: inout Int, in directory: Range<Int>
  ) throws -> (Entry, header: Int) {
    let start = place
    let nameCount = try known(start + 28, 2)
    let (extraCount, commentCount) = (try known(start + 30, 2), try known(start + 32, 2))
    let (name, extra) = (start + 46, start + 46 + nameCount)
    place = extra + extraCount + commentCount
    guard number(start, 4) == 0x0201_4B50, place <= directory.upperBound else {
      throw Fault(message: "its directory is damaged")
    }
    guard let text = String(validating: bytes[name..<extra], as: UTF8.self) else {
      throw Fault(message: "a name that is not UTF-8")
    }
    func fault(_ message: String) -> Fault {
      Fault(message: "\(text.quotedForMessage): \(message)")
    }
    let (flags, method) = (try known(start + 8, 2), try known(start + 10, 2))
    guard flags & 0x2041 == 0 else { throw fault("it is encrypted") }
    guard method == 0 || method == 8 else {
      throw fault("compressed by the method \(method); 0 and 8 (Deflate) are known")
    }
    let fields = [
      try known(start + 24, 4), try known(start + 20, 4), try known(start + 42, 4),
    ]
    guard let wide = wide(fields, in: extra..<(extra + extraCount)) else {
      throw fault("its sizes of 64 bits are damaged")
    }
    let (byteCount, storedCount, header) = (wide[0], wide[1], wide[2])
    guard number(header, 4) == 0x0403_4B50, try known(header + 8, 2) == method,
      let localNameCount = number(header + 26, 2), let localExtraCount = number(header + 28, 2),
      header <= directory.lowerBound - 30 - localNameCount - localExtraCount,
      bytes[(header + 30)..<(header + 30 + localNameCount)] == bytes[name..<extra]
    else { throw fault("its header is not where the directory says") }
    let first = header + 30 + localNameCount + localExtraCount
    guard storedCount <= directory.lowerBound - first else { throw fault("the file is cut") }
    guard method == 8 || storedCount == byteCount else { throw fault("two sizes that differ") }
    // Deflate makes at most 1032 bytes of one.
    guard byteCount / 1032 <= storedCount else { throw fault("\(byteCount) bytes cannot be in it") }
    let checksum = UInt32(truncatingIfNeeded: try known(start + 16, 4))
    return (
      Entry(
        name: text, isCompressed: method == 8, checksum: checksum,
        place: first..<(first + storedCount), byteCount: byteCount), header
    )
  }

  /// Numbers of a directory's entry, of which those that do not fit are in a field of 64-bit ones.
  private func wide(_ numbers: [Int], in extra: Range<Int>) -> [Int]? {
    guard numbers.contains(0xFFFF_FFFF) else { return numbers }
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound {
      guard let kind = number(place, 2), let count = number(place + 2, 2) else { return nil }
      var field = place + 4
      let end = field + count
      guard end <= extra.upperBound else { return nil }
      place = end
      guard kind == 1 else { continue }
      var result: [Int] = []
      for value in numbers {
        guard value == 0xFFFF_FFFF else {
          result.append(value)
          continue
        }
        guard field + 8 <= end, let value = number(field, 8) else { return nil }
        result.append(value)
        field += 8
      }
      return result
    }
    return nil
  }
}

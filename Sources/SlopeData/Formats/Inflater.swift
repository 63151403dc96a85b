/// Undoes the compression of zip files and zlib: Deflate.
///
/// Memory grows with what is found, never with what a file says of itself.
///
/// Source: P. Deutsch, "DEFLATE compressed data format specification", version 1.3, 1996, RFC 1951.
struct Inflater {
  /// Why bytes are not such data, in a few words.
  struct Fault: Error {
    let message: String
  }

  private let input: ArraySlice<UInt8>
  private var place: Int
  /// Bits that have been read but not taken, the next one lowest.
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  /// The bytes of `output` that are written.
  private var count = 0
  private let byteCount: Int

  private init(_ input: ArraySlice<UInt8>, byteCount: Int) {
    (self.input, self.byteCount, place) = (input, byteCount, input.startIndex)
  }

  /// The bytes that `input` is the compressed form of.
  ///
  /// - Parameters:
  ///   - input: all of the compressed bytes.
  ///   - byteCount: how many bytes it must give.
  ///   - hasRoom: is asked before memory of the given size is allocated.
  /// - Returns: the bytes; nil if they do not fit into memory.
  /// - Throws: `Fault` for other data, and if it gives more or fewer bytes.
  static func inflated(
    _ input: ArraySlice<UInt8>, byteCount: Int, whileThereIsRoom hasRoom: (Int) -> Bool
  ) throws -> [UInt8]? {
    var inflater = Inflater(input, byteCount: byteCount)
    guard try inflater.run(hasRoom) else { return nil }
    guard inflater.count == byteCount else {
      throw Fault(message: "\(inflater.count) bytes instead of \(byteCount)")
    }
    guard inflater.place - inflater.bitCount / 8 == input.endIndex else {
      throw Fault(message: "more compressed bytes than are used")
    }
    inflater.output.removeSubrange(inflater.count...)
    return inflater.output
  }

  /// Undoes block after block; false if there is no room.
  private mutating func run(_ hasRoom: (Int) -> Bool) throws -> Bool {
    while true {
      let isLast = try taken(1) == 1
      switch try taken(2) {
      case 0:
        guard try copyStored(hasRoom) else { return false }
      case 1:
        guard try copyCoded(Self.fixedLiterals, Self.fixedDistances, hasRoom) else { return false }
      case 2:
        let (literals, distances) = try codes()
        guard try copyCoded(literals, distances, hasRoom) else { return false }
      default: throw Fault(message: "a block of an unknown kind")
      }
      if isLast { return true }
    }
  }

  // MARK: Bits

  private mutating func refill() {
    while bitCount <= 56, place < input.endIndex {
      bits |= UInt64(input[place]) << UInt64(bitCount)
      place += 1
      bitCount += 8
    }
  }

  /// The next bits, at most 32, as a number.
  private mutating func taken(_ width: Int) throws -> Int {
    refill()
    guard width <= bitCount else { throw Fault(message: "the compressed bytes are cut") }
    let value = bits & (1 << UInt64(width) - 1)
    drop(width)
    return Int(value)
  }

  private mutating func drop(_ width: Int) {
    bits >>= UInt64(width)
    bitCount -= width
  }

  /// The next symbol of a code.
  private mutating func symbol(_ code: Code) throws -> Int {
    refill()
    let entry = code.table[Int(bits & code.mask)]
    let length = Int(entry & 15)
    guard length > 0 else { throw Fault(message: "bits that are no code") }
    guard length <= bitCount else { throw Fault(message: "the compressed bytes are cut") }
    drop(length)
    return Int(entry >> 4)
  }

  // MARK: Blocks

  /// Makes room for some more bytes; false if there is none.
  private mutating func grow(by more: Int, _ hasRoom: (Int) -> Bool) throws -> Bool {
    guard more <= byteCount - count else {
      throw Fault(message: "more than \(byteCount) bytes")
    }
    guard count + more > output.count else { return true }
    let size = min(byteCount, max(1 << 16, 2 * (count + more)))
    guard hasRoom(size) else { return false }
    output.append(contentsOf: repeatElement(0, count: size - output.count))
    return true
  }

  private mutating func copyStored(_ hasRoom: (Int) -> Bool) throws -> Bool {
    drop(bitCount % 8)
    let (length, complement) = (try taken(16), try taken(16))
    guard length == complement ^ 0xFFFF else {
      throw Fault(message: "the length of a block is damaged")
    }
    guard try grow(by: length, hasRoom) else { return false }
    for _ in 0..<length {
      output[count] = UInt8(try taken(8))
      count += 1
    }
    return true
  }

  private mutating func copyCoded(
    _ literals: Code, _ distances: Code, _ hasRoom: (Int) -> Bool
  ) throws -> Bool {
    while true {
      let symbol = try symbol(literals)
      if symbol < 256 {
        guard try grow(by: 1, hasRoom) else { return false }
        output[count] = UInt8(symbol)
        count += 1
        continue
      }
      if symbol == 256 { return true }
      guard symbol < 286 else { throw Fault(message: "a length that is none") }
      let (length, moreLength) = Self.lengths[symbol - 257]
      let byteCount = length + (try taken(moreLength))
      let place = try self.symbol(distances)
      guard place < 30 else { throw Fault(message: "a distance that is none") }
      let (distance, moreDistance) = Self.distances[place]
      let back = distance + (try taken(moreDistance))
      guard back <= count else { throw Fault(message: "a distance before the first byte") }
      guard try grow(by: byteCount, hasRoom) else { return false }
      // What is copied may begin within itself.
      for _ in 0..<byteCount {
        output[count] = output[count - back]
        count += 1
      }
    }
  }

  /// The codes of a block that has its own.
  private mutating func codes() throws -> (literals: Code, distances: Code) {
    let literalCount = try taken(5) + 257
    let distanceCount = try taken(5) + 1
    let lengthCount = try taken(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw Fault(message: "a block of too many codes")
    }
    var lengthsOfLengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengthsOfLengths[Self.orderOfLengths[index]] = try taken(3) }
    let lengthCode = try Code(lengthsOfLengths, canBeSingle: false)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try symbol(lengthCode)
      if symbol < 16 {
        lengths.append(symbol)
        continue
      }
      var repeated = 0
      if symbol == 16 {
        guard let last = lengths.last else { throw Fault(message: "a repetition of nothing") }
        repeated = last
      }
      let times =
        symbol == 16
        ? try taken(2) + 3 : symbol == 17 ? try taken(3) + 3 : try taken(7) + 11
      lengths += repeatElement(repeated, count: times)
    }
    guard lengths.count == literalCount + distanceCount else {
      throw Fault(message: "a repetition beyond the last code")
    }
    guard lengths[256] > 0 else { throw Fault(message: "a block without an end") }
    return (
      try Code(Array(lengths[..<literalCount])), try Code(Array(lengths[literalCount...]))
    )
  }

  /// The order in which the lengths of the code of lengths are given.
  private static let orderOfLengths = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  /// The least length of each symbol from 257, and how many bits are added to it.
  private static let lengths: [(least: Int, bits: Int)] = {
    var (all, next): ([(least: Int, bits: Int)], Int) = ([], 3)
    for symbol in 0..<28 {
      let bits = max(0, symbol / 4 - 1)
      all.append((next, bits))
      next += 1 << bits
    }
    return all + [(258, 0)]
  }()

  /// The least distance of each symbol, and how many bits are added to it.
  private static let distances: [(least: Int, bits: Int)] = {
    var (all, next): ([(least: Int, bits: Int)], Int) = ([], 1)
    for symbol in 0..<30 {
      let bits = max(0, symbol / 2 - 1)
      all.append((next, bits))
      next += 1 << bits
    }
    return all
  }()

  private static let fixedLiterals = Code(
    fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = Code(fixed: Array(repeating: 5, count: 30))

  /// A prefix code, by which the next bits give a symbol.
  private struct Code {
    /// For all values of as many bits as the longest code has: the symbol times 16, and the length of its
    /// code; 0 for what is no code.
    let table: [UInt16]
    let mask: UInt64

    /// The code whose symbols have codes of some lengths, 0 for none.
    ///
    /// Throws for lengths that no code has. Of a code for one symbol half of the bits are no code; it is
    /// taken where `canBeSingle`.
    init(_ lengths: [Int], canBeSingle: Bool = true) throws {
      let longest = lengths.max() ?? 0
      var room = 1
      for length in stride(from: 1, through: longest, by: 1) {
        room = 2 * room - lengths.count { $0 == length }
        guard room >= 0 else { throw Fault(message: "a code of too many symbols") }
      }
      let isSingle = canBeSingle && longest <= 1
      guard room == 0 || isSingle else { throw Fault(message: "a code of too few symbols") }
      self.init(fixed: lengths)
    }

    /// The code of lengths that are known to be one's.
    init(fixed lengths: [Int]) {
      let longest = lengths.max() ?? 0
      var table = [UInt16](repeating: 0, count: 1 << longest)
      var code = 0
      for length in stride(from: 1, through: longest, by: 1) {
        for symbol in lengths.indices where lengths[symbol] == length {
          // Codes begin with their highest bit, which is read first.
          let first = Self.reversed(code, length)
          for index in stride(from: first, to: table.count, by: 1 << length) {
            table[index] = UInt16(symbol << 4 | length)
          }
          code += 1
        }
        code <<= 1
      }
      self.table = table
      mask = UInt64(table.count - 1)
    }

    private static func reversed(_ code: Int, _ length: Int) -> Int {
      (0..<length).reduce(0) { $0 | (code >> $1 & 1) << (length - 1 - $1) }
    }
  }
}

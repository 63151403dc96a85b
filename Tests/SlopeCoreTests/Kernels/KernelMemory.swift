import CKernels

/// Elements for the kernels to read and write, followed by guards that must not change.
final class KernelMemory {
  let dtype: KernelDType
  let count: Int
  let pointer: UnsafeMutableRawPointer
  private static let guardCount = 64
  private static let guardByte: UInt8 = 0xA5

  init(_ dtype: KernelDType, count: Int) {
    self.dtype = dtype
    self.count = count
    let byteCount = count * dtype.byteCount
    pointer = .allocate(byteCount: byteCount + KernelMemory.guardCount, alignment: 64)
    pointer.initializeMemory(as: UInt8.self, repeating: 0xEE, count: byteCount)
    (pointer + byteCount).initializeMemory(
      as: UInt8.self, repeating: KernelMemory.guardByte, count: KernelMemory.guardCount)
  }

  convenience init(_ dtype: KernelDType, _ numbers: [KernelNumber]) {
    self.init(dtype, count: numbers.count)
    for (index, number) in numbers.enumerated() { self[index] = dtype.cast(number) }
  }

  convenience init(_ dtype: KernelDType, _ numbers: [Double]) {
    self.init(dtype, numbers.map { KernelNumber.floating($0) })
  }

  convenience init(copy other: KernelMemory) {
    self.init(other.dtype, count: other.count)
    pointer.copyMemory(from: other.pointer, byteCount: count * dtype.byteCount)
  }

  deinit { pointer.deallocate() }

  /// Whether nothing was written after the last element.
  var isIntact: Bool {
    let end = pointer + count * dtype.byteCount
    return (0..<KernelMemory.guardCount).allSatisfy {
      end.load(fromByteOffset: $0, as: UInt8.self) == KernelMemory.guardByte
    }
  }

  /// The bits of an element.
  subscript(index: Int) -> UInt64 {
    get {
      switch dtype.byteCount {
      case 1: UInt64(pointer.load(fromByteOffset: index, as: UInt8.self))
      case 2: UInt64(pointer.load(fromByteOffset: index * 2, as: UInt16.self))
      case 4: UInt64(pointer.load(fromByteOffset: index * 4, as: UInt32.self))
      default: pointer.load(fromByteOffset: index * 8, as: UInt64.self)
      }
    }
    set {
      switch dtype.byteCount {
      case 1:
        pointer.storeBytes(
          of: UInt8(truncatingIfNeeded: newValue), toByteOffset: index, as: UInt8.self)
      case 2:
        pointer.storeBytes(
          of: UInt16(truncatingIfNeeded: newValue), toByteOffset: index * 2, as: UInt16.self)
      case 4:
        pointer.storeBytes(
          of: UInt32(truncatingIfNeeded: newValue), toByteOffset: index * 4, as: UInt32.self)
      default: pointer.storeBytes(of: newValue, toByteOffset: index * 8, as: UInt64.self)
      }
    }
  }

  func number(_ index: Int) -> KernelNumber { dtype.number(self[index]) }
  var doubles: [Double] { (0..<count).map { number($0).double } }
  var allBits: [UInt64] { (0..<count).map { self[$0] } }

  /// An operand whose elements lie contiguously in loop order.
  var operand: SlopeOperand { SlopeOperand(data: pointer, strides: nil, dtype: dtype) }
}

/// The numbers of a kernel test: SplitMix64, and per type a mixture of small, extreme and special.
struct KernelRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  static let specials: [Double] = [
    0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 255, 256, -128.9, 127.5,
    65504, 65519.99, 65520, 3.4e38, 1e-45, 6e-8, 3e-8, 0x1p-24, 0x1p-25, 2_147_483_648,
    -2_147_483_649, 4_294_967_296, 9.3e18, -9.3e18, 1.9e19, 16_777_217, 0.1, -7, 3,
  ]

  mutating func bits(_ dtype: KernelDType) -> UInt64 {
    let kind = below(8)
    guard dtype.isFloating else {
      if dtype == .bool { return next() & 1 }
      switch kind {
      case 0...2: return dtype.mask(UInt64(bitPattern: Int64(below(21) - 10)))
      case 3: return dtype.mask(1 << UInt64(below(64)))
      case 4: return dtype.mask((1 << UInt64(below(64))) &- 1)
      case 5: return dtype.mask(~0 << UInt64(below(64)))
      default: return dtype.mask(next() >> UInt64(below(64)))
      }
    }
    switch kind {
    case 0...2: return dtype.cast(.floating(uniform() * 20 - 10))
    case 3: return dtype.cast(.floating(Double(below(9) - 4)))
    case 4: return dtype.cast(.floating(KernelRandom.specials[below(KernelRandom.specials.count)]))
    default: return dtype.mask(next())
    }
  }

  /// A number in 0 ..< 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func memory(_ dtype: KernelDType, count: Int) -> KernelMemory {
    let memory = KernelMemory(dtype, count: count)
    for index in 0..<count { memory[index] = bits(dtype) }
    return memory
  }

  /// Numbers of moderate size, for sums.
  mutating func moderate(_ dtype: KernelDType, count: Int) -> KernelMemory {
    guard dtype.isFloating else { return memory(dtype, count: count) }
    return KernelMemory(dtype, (0..<count).map { _ in uniform() * 8 - 4 })
  }
}

/// Runs `body` once per level of instructions that this processor has.
func forEachLevel(_ body: (Int32) throws -> Void) rethrows {
  let levels = slope_level_count()
  defer { slope_set_level(levels - 1) }
  for level in 0..<levels {
    slope_set_level(level)
    try body(level)
  }
}

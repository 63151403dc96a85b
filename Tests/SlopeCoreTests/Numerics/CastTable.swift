import CKernels
import Testing

@testable import SlopeCore

/// Numbers at which casts go wrong, of every type: limits, halves, and numbers that are rounded
/// twice by way of another type.
enum CastTable {
  static let numbers: [KernelNumber] =
    integers.map { .integer($0) } + floats.map { .floating($0) }

  private static let integers: [Int128] = {
    let one = Int128(1)
    let powers: [Int128] = [7, 8, 11, 15, 16, 24, 31, 32, 53, 62, 63, 64].map { one << $0 }
    // The midpoint of two BFloat16 or Float numbers.
    let pairs: [(Int128, Int128)] = [(62, 54), (63, 55), (62, 38), (63, 39), (40, 32), (31, 23)]
    let middles: [Int128] = pairs.map { (one << $0.0) + (one << $0.1) }
    let odd: [Int128] = [2049, 2051, 65520, 16_777_217, 16_777_219, 257, 259]
    let edges: [Int128] = (powers + middles + odd).flatMap { [$0 - 1, $0, $0 + 1] }
    let small: [Int128] = [0, 1, 2, 100, 200, 300, 65504, 65519]
    let all = small + edges
    return all + all.map { -$0 }
  }()

  private static let floats: [Double] = {
    let tie11 = 1 + 0x1p-11
    let tie8 = 1 + 0x1p-8
    let tie24 = 1 + 0x1p-24
    let positive: [Double] = [
      .nan, .infinity, 0, 0.5, 0.9, 1.5, 2.5, 127.9, 128.5, 255.9, 256, 300.7, 32767.9, 32768,
      65504, 65519.999, 65520, 65535.9, 65536, 16_777_216, 16_777_217, 16_777_219, 2_147_483_647.5,
      2_147_483_648, 4_294_967_295.5, 4_294_967_296, 1e10, 1e19, 1.9e19, 0x1p63, 0x1p64, 1e30, 1e39,
      1e300, 0x1.ffp127, 0x1.fffffefp127, 0x1.ffffffp127, 0x1p-14, 0x1p-24, 0x1p-25, 0x1p-126,
      0x1p-133, 0x1p-134, 0x1p-149, 0x1p-150, 0x1p-1074, 1e-40,
      // A midpoint of two narrow numbers, and a number so little above it that Float loses the
      // difference.
      tie11, tie11 + 0x1p-40, tie11 - 0x1p-40, 1 + 3 * 0x1p-11, tie8, tie8 + 0x1p-40,
      tie8 - 0x1p-40, 1 + 3 * 0x1p-8, tie24, tie24 + 0x1p-50, tie24 - 0x1p-50, 2049 + 0x1p-30,
      0x1p-25 * (1 + 0x1p-40), 0x1p-134 * (1 + 0x1p-40), 0x1p-150 * (1 + 0x1p-40),
      65520 - 0x1p-30, 0x1.ffp127 * (1 - 0x1p-40),
    ]
    return positive + positive.map { -$0 }
  }()

  /// Every cast of the numbers, first converted to a type, against the reference of the kernels'
  /// tests.
  static func cases<Element: TensorElement>(from _: Element.Type, on device: NumericsDevice)
    -> [NumericsCase]
  {
    guard let source = KernelDType(rawValue: Element.dtype.rawValue) else { return [] }
    let bits = numbers.map { source.cast($0) }
    let tensor = Tensor<Element>(bits: bits)
    let targets = DType.allCases.filter { device.device.dtypes.contains($0) }
    // The CPU casts one by one, other devices in one kernel.
    let found =
      device.isCPU
      ? targets.map { tensor.value.cast(to: $0) } : allCasts(of: tensor.value, to: targets)
    return zip(targets, found).map { target, value in
      guard let kind = KernelDType(rawValue: target.rawValue) else {
        return NumericsCase("\(target)", holds: false)
      }
      let results = value.bits
      let expected = bits.map { kind.cast(source.number($0)) }
      let wrong = bits.indices.first { !kind.same(results[$0], expected[$0]) }
      guard let wrong, results.count == bits.count else {
        return NumericsCase("to \(target)", "\(results.count)", "\(bits.count)", count: bits.count)
      }
      let label = "\(source.number(bits[wrong])) to \(target) "
      return NumericsCase(
        "to \(target)", label + "\(kind.number(results[wrong]))",
        label + "\(kind.number(expected[wrong]))", count: bits.count)
    }
  }

  /// A program without operations, whose result is stored as each of the types.
  private static func allCasts(of value: Value, to targets: [DType]) -> [Value] {
    let copies = targets.map { _ in Node(.apply(.copy), [Node(.input(0))]) }
    let program = PointwiseFunction("casts", inputs: 1, copies).program(value.dtype)
    let results = targets.compactMap { target in
      Value.allocate(value.shape, target, on: value.backend, for: "casts")
        .map { Value(Layout(value.shape), target, $0) }
    }
    let outputs = results.map { Output($0.buffer, $0.dtype) }
    let inputs: [1 of Value] = [value]
    value.backend.pointwise(
      program, inputs.span, scalars: Span(), shape: value.shape, outputs: outputs.span)
    return results
  }
}

extension Tensor {
  /// Elements by their bits, in the low bytes.
  fileprivate init(bits: [UInt64]) {
    self.init(
      bits.map { bits in
        withUnsafeBytes(of: bits.littleEndian) { $0.loadUnaligned(as: Element.self) }
      })
  }
}

extension Value {
  /// The bits of the elements, in the low bytes.
  fileprivate var bits: [UInt64] {
    let width = dtype.byteCount
    let bytes = [UInt8](unsafeUninitializedCapacity: count * width) { buffer, initialized in
      download(
        into: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer).prefix(count * width)))
      initialized = count * width
    }
    return (0..<count).map { place in
      bytes[place * width..<(place + 1) * width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}

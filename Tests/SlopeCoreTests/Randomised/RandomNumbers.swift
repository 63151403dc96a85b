import ConformanceKit
import Slope

/// The numbers of a randomised test: SplitMix64, so that a printed seed reproduces a failure.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A shape of up to four axes; one in six has no elements, one in six no axes.
  mutating func shape() -> [Int] {
    let rank = Int.random(in: 0...4, using: &self)
    var shape = (0..<rank).map { _ in Int.random(in: 1...5, using: &self) }
    if Int.random(in: 0..<6, using: &self) == 0, rank > 0 { shape[rank / 2] = 0 }
    // Sometimes longer than a vector register and its tail, and than a tile.
    if Int.random(in: 0..<8, using: &self) == 0 {
      shape = [Int.random(in: 1...3, using: &self), Int.random(in: 60...1100, using: &self)]
    }
    return shape
  }

  /// A shape that broadcasts to `shape`: leading axes are left out, others have extent 1.
  mutating func operandShape(for shape: [Int]) -> [Int] {
    guard Bool.random(using: &self) else { return shape }
    let dropped = Int.random(in: 0...shape.count, using: &self)
    return shape.dropFirst(dropped).map { Int.random(in: 0..<3, using: &self) == 0 ? 1 : $0 }
  }

  /// Elements of a type: ordinary numbers mixed with extremes and special numbers.
  mutating func elements(
    _ count: Int, _ dtype: DType, in domain: ClosedRange<Double>? = nil
  ) -> TensorData {
    var values: [Double] = []
    for _ in 0..<count {
      if let domain {
        values.append(Double.random(in: domain, using: &self))
      } else if dtype.isFloating {
        values.append(special() ?? Double.random(in: -4...4, using: &self))
      } else {
        values.append(special() ?? Double(Int.random(in: -9...9, using: &self)))
      }
    }
    let data = TensorData(shape: [count], values: values, as: dtype)
    guard domain == nil, dtype.isInteger else { return data }
    // Integers that Double does not represent exactly.
    var bytes = data.bytes
    for index in 0..<count where Int.random(in: 0..<6, using: &self) == 0 {
      for byte in 0..<dtype.byteCount {
        bytes[index * dtype.byteCount + byte] = UInt8.random(in: .min ... .max, using: &self)
      }
    }
    return TensorData(dtype: dtype, shape: [count], bytes: bytes)
  }

  /// In one of six cases a number at which implementations go wrong.
  private mutating func special() -> Double? {
    guard Int.random(in: 0..<6, using: &self) == 0 else { return nil }
    return [
      0, -0.0, 1, -1, .nan, .infinity, -.infinity, 0.5, -0.5, 1.5, 2.5, 127, 128, -128, 255, 256,
      32767, 65504, 65520, 1e-7, 1e-40, 2_147_483_647, -2_147_483_648, 1e30, 9.3e18, -9.3e18,
    ].randomElement(using: &self)
  }
}

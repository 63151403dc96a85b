import Slope

/// How close a computed number must be to the expected one.
public enum Tolerance: Sendable, Hashable, Decodable {
  /// Equal as numbers; NaN equals NaN; −0 equals 0 unless `signedZero`.
  case exact(signedZero: Bool)
  /// Equal, both NaN, or both finite and `|want − got| ≤ absolute + relative · |want|`.
  case close(relative: Double, absolute: Double)

  private enum Key: String, CodingKey {
    case mode, rtol, atol
    case signedZero = "signed_zero"
  }

  /// Reads `{"mode": …}` with the numbers that the mode takes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(String.self, forKey: .mode) {
    case "exact":
      let signedZero = try container.decodeIfPresent(Bool.self, forKey: .signedZero)
      self = .exact(signedZero: signedZero ?? false)
    case "close":
      self = .close(
        relative: try container.decode(Double.self, forKey: .rtol),
        absolute: try container.decode(Double.self, forKey: .atol))
    case let mode: throw Malformed("a tolerance's mode is '\(mode)'")
    }
  }

  /// Whether `got` counts as `want`.
  public func accepts(_ got: Number, for want: Number) -> Bool {
    switch self {
    case .exact(let signedZero):
      guard Self.areEqual(got, want) else { return false }
      if signedZero, case .real(let g) = got, case .real(let w) = want, w == 0 {
        return g.sign == w.sign
      }
      return true
    case .close(let relative, let absolute):
      if Self.areEqual(got, want) { return true }
      let (g, w) = (got.doubleValue, want.doubleValue)
      return g.isFinite && w.isFinite && (w - g).magnitude <= absolute + relative * w.magnitude
    }
  }

  private static func areEqual(_ left: Number, _ right: Number) -> Bool {
    switch (left, right) {
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b || a.isNaN && b.isNaN
    case (.integer(let a), .real(let b)), (.real(let b), .integer(let a)): Int128(exactly: b) == a
    }
  }
}

/// Compares outputs with the expectation of a case.
///
/// Each function returns nil if they agree, otherwise the first difference.
enum Comparison {
  static func difference(
    of got: TensorData, from want: TensorData, _ tolerance: Tolerance, requiresType: Bool
  ) -> String? {
    if got.shape != want.shape { return "shape: want \(want.shape), got \(got.shape)" }
    if requiresType, got.dtype != want.dtype {
      return "dtype: want \(want.dtype), got \(got.dtype)"
    }
    for i in 0..<want.count where !tolerance.accepts(got[i], for: want[i]) {
      return "index \(position(of: i, in: want.shape)): want \(want[i]), got \(got[i])"
    }
    return nil
  }

  static func difference(
    of got: TensorData, from want: GoldenCase.Samples, _ tolerance: Tolerance, requiresType: Bool
  ) -> String? {
    if got.shape != want.shape { return "shape: want \(want.shape), got \(got.shape)" }
    if requiresType, got.dtype != want.dtype {
      return "dtype: want \(want.dtype), got \(got.dtype)"
    }
    for (i, value) in zip(want.indices, want.values)
    where !tolerance.accepts(got[i], for: value) {
      return "index \(position(of: i, in: want.shape)): want \(value), got \(got[i])"
    }
    // Whole numbers: every order of summation is exact.
    var (whole, sum) = (Int128(0), 0.0)
    for i in 0..<got.count {
      switch got[i] {
      case .integer(let value): whole &+= value
      case .real(let value): sum += value
      }
    }
    let total: Number = got.dtype.isFloating ? .real(sum) : .integer(whole)
    return Tolerance.exact(signedZero: false).accepts(total, for: want.sum)
      ? nil : "sum of all elements: want \(want.sum), got \(total)"
  }

  /// The index along each axis of a position in row-major order.
  static func position(of index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    var position: [Int] = []
    for extent in shape.reversed() where extent > 0 {
      position.append(rest % extent)
      rest /= extent
    }
    return position.reversed()
  }
}

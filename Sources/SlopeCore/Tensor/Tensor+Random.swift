/// Random tensors, drawn as PyTorch draws them: the same seed gives the same numbers.
extension Tensor where E: FloatingElement {
  /// Numbers spread evenly over `low ..< high`.
  public static func uniform(
    _ shape: Shape, from low: E = 0, to high: E = 1, generator: Generator? = nil
  ) -> Tensor {
    drawn(shape, "uniform") { count in
      let generator = generator ?? .default
      let (low, high) = (low.doubleValue, high.doubleValue)
      switch E.dtype {
      case .float64:
        return generator.uniformDouble(count: count, from: low, to: high)
          .map { E(clamping: $0) }
      case .float32:
        return generator.uniformFloat(count: count, from: Float(low), to: Float(high))
          .map { E(clamping: Double($0)) }
      default:
        return generator.uniformHalfBits(
          count: count, bits: E.dtype == .float16 ? 11 : 8, from: Float(low), to: Float(high)
        ).map { E(clamping: Double($0)) }
      }
    }
  }

  /// Normally distributed numbers.
  public static func normal(
    _ shape: Shape, mean: E = 0, standardDeviation: E = 1, generator: Generator? = nil
  ) -> Tensor {
    drawn(shape, "normal") { count in
      let generator = generator ?? .default
      let (mean, deviation) = (mean.doubleValue, standardDeviation.doubleValue)
      if E.dtype == .float64 {
        return generator.normalDouble(count: count, mean: mean, standardDeviation: deviation)
          .map { E(clamping: $0) }
      }
      let numbers =
        E.dtype == .float32
        ? generator.normalFloat(count: count, mean: mean, standardDeviation: deviation)
        : generator.normalHalf(count: count, mean: mean, standardDeviation: deviation)
      return numbers.map { E(clamping: Double($0)) }
    }
  }

  private static func drawn(_ shape: Shape, _ name: String, _ draw: (Int) -> [E]) -> Tensor {
    guard isValid(shape), shape.elementCount < 1 << 40 else {
      return Tensor(Value.failure(name, "\(shape) is not a shape to fill", dtype: E.dtype))
    }
    return Tensor(shape: shape, scalars: draw(shape.elementCount))
  }
}

extension Tensor where E: NumericElement {
  /// Whole numbers from `low` up to, not including, `high`.
  public static func randint(
    _ low: Int = 0, _ high: Int, _ shape: Shape, generator: Generator? = nil
  ) -> Tensor {
    guard isValid(shape), shape.elementCount < 1 << 40, low < high else {
      return Tensor(
        Value.failure(
          "randint", "no number is in \(low)..<\(high), or \(shape) is not a shape",
          dtype: E.dtype))
    }
    let numbers = (generator ?? .default).integers(
      from: Int64(low), to: Int64(high), count: shape.elementCount)
    return Tensor<Int64>(shape: shape, scalars: numbers).cast(to: E.self)
  }

  /// The numbers from 0 to `count` − 1 in random order.
  public static func randperm(_ count: Int, generator: Generator? = nil) -> Tensor {
    guard count >= 0 else {
      return Tensor(Value.failure("randperm", "\(count) is not a count", dtype: E.dtype))
    }
    return Tensor<Int64>((generator ?? .default).permutation(count)).cast(to: E.self)
  }
}

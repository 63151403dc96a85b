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
    guard isValid(shape) else {
      return Tensor(
        Value.failure(name, "the shape \(shape) has a negative extent", dtype: E.dtype))
    }
    guard hasRoom(forDraws: shape.elementCount, name) else { return .failed }
    return Tensor(
      Value.filled(shape, E.dtype, on: Device.current.backend, for: name) { memory in
        _ = memory.initialize(from: draw(memory.count))
      })
  }
}

extension Tensor {
  /// Whether there is memory for a tensor and for its numbers on their way from the generator, which are
  /// two arrays; if not, that is reported.
  fileprivate static func hasRoom(forDraws count: Int, _ operation: String) -> Bool {
    Size.isAvailable(count, of: (Double, Double, Double).self, for: operation)
  }
}

extension Tensor where E: NumericElement {
  /// Whole numbers from `low` up to, not including, `high`.
  public static func randint(
    _ low: Int = 0, _ high: Int, _ shape: Shape, generator: Generator? = nil
  ) -> Tensor {
    guard isValid(shape), low < high else {
      return Tensor(
        Value.failure(
          "randint", "no number is in \(low)..<\(high), or \(shape) is not a shape",
          dtype: E.dtype))
    }
    for bound in [low, high - 1] where E(clamping: Double(bound)).doubleValue != Double(bound) {
      return Tensor(
        Value.failure("randint", "\(bound) is not a number of \(E.dtype)", dtype: E.dtype))
    }
    guard hasRoom(forDraws: shape.elementCount, "randint") else { return .failed }
    let drawn = Value.filled(shape, .int64, on: Device.current.backend, for: "randint") {
      _ = $0.initialize(
        from: (generator ?? .default).integers(
          from: Int64(low), to: Int64(high), count: $0.count))
    }
    return Tensor(drawn.cast(to: E.dtype))
  }

  /// The numbers from 0 to `count` − 1 in random order.
  public static func randperm(_ count: Int, generator: Generator? = nil) -> Tensor {
    guard count >= 0 else {
      return Tensor(Value.failure("randperm", "\(count) is not a count", dtype: E.dtype))
    }
    guard hasRoom(forDraws: count, "randperm") else { return .failed }
    let drawn = Value.filled([count], .int64, on: Device.current.backend, for: "randperm") {
      _ = $0.initialize(from: (generator ?? .default).permutation(count))
    }
    return Tensor(drawn.cast(to: E.dtype))
  }
}

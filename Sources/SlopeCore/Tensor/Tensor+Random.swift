/// Random tensors, drawn as PyTorch draws them: the same seed gives the same numbers.
///
/// Numbers are drawn on the host and copied to the default device, so one seed gives one result on
/// every device; a generator of the algorithm `philox` draws uniform and normal numbers on the
/// device itself. Where no generator is given, they come from `Generator.default`. Complexity of
/// each: O(n). Precondition of each: no extent is negative.
extension Tensor where Element: FloatingElement {
  /// A tensor of numbers distributed uniformly over `low ..< high`, on the default device.
  ///
  /// They are drawn on the host, in PyTorch's order. Complexity: O(n). Precondition: no extent is
  /// negative.
  public static func uniform(
    _ shape: Shape, from low: Element = 0, to high: Element = 1, generator: Generator? = nil
  ) -> Tensor {
    uniform(shape, between: low.doubleValue, and: high.doubleValue, generator: generator)
  }

  /// Uniformly distributed numbers whose bounds are not rounded to the element type, as in
  /// PyTorch's `uniform_`.
  package static func uniform(
    _ shape: Shape, between low: Double, and high: Double, generator: Generator?
  ) -> Tensor {
    let generator = generator ?? .default
    return drawn(
      shape, "uniform", generator, .uniform(from: low, to: high),
      { generator.fillUniform($0, from: low, to: high) },
      {
        if Element.dtype == .float32 {
          generator.fillUniform($0, from: Float(low), to: Float(high))
        } else {
          let bits = Element.dtype == .float16 ? 11 : 8
          generator.fillUniform($0, bits: bits, from: Float(low), to: Float(high))
        }
      })
  }

  /// A tensor of normally distributed numbers, on the default device.
  ///
  /// They are drawn on the host, in PyTorch's order. Complexity: O(n). Precondition: no extent is
  /// negative.
  public static func normal(
    _ shape: Shape, mean: Element = 0, standardDeviation: Element = 1, generator: Generator? = nil
  ) -> Tensor {
    normal(
      shape, mean: mean.doubleValue, deviation: standardDeviation.doubleValue,
      generator: generator)
  }

  /// Normally distributed numbers whose mean and standard deviation are not rounded to the element
  /// type, as in PyTorch's `normal_`.
  package static func normal(
    _ shape: Shape, mean: Double, deviation: Double, generator: Generator?
  ) -> Tensor {
    let generator = generator ?? .default
    return drawn(
      shape, "normal", generator, .normal(mean: mean, standardDeviation: deviation),
      { generator.fillNormal($0, mean: mean, standardDeviation: deviation) },
      {
        generator.fillNormal(
          $0, mean: mean, standardDeviation: deviation, isHalf: Element.dtype != .float32)
      })
  }

  /// Numbers drawn on the device by Philox; else as Doubles for a tensor of Double, or as Floats.
  private static func drawn(
    _ shape: Shape, _ name: String, _ generator: Generator, _ numbers: RandomDraw.Numbers,
    _ doubles: (UnsafeMutableBufferPointer<Double>) -> Void,
    _ floats: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    guard isValid(shape) else {
      return Tensor(
        Value.failure(name, "the shape \(shape) has a negative extent", dtype: Element.dtype))
    }
    let backend = Device.current.backend
    // A shape that no memory holds draws nothing.
    let count = shape.representableCount ?? 0
    if let draw = generator.draw(numbers, Element.dtype, count: count) {
      return Tensor(Value.drawn(draw, shape, Element.dtype, on: backend, for: name))
    }
    if Element.dtype == .float64 {
      return Tensor(Value.filled(shape, Element.dtype, on: backend, for: name, doubles))
    }
    return Tensor(Value.filledByFloats(shape, Element.dtype, on: backend, for: name, floats))
  }
}

extension Tensor where Element: NumericElement {
  /// A tensor of integers distributed uniformly over `low ..< high`, on the default device.
  ///
  /// They are drawn on the host, in PyTorch's order. Complexity: O(n). Precondition: no extent is
  /// negative, `low < high`, and the element type represents both `low` and `high − 1` exactly.
  public static func randint(
    _ low: Int, _ high: Int, _ shape: Shape, generator: Generator? = nil
  ) -> Tensor {
    guard isValid(shape), low < high else {
      return Tensor(
        Value.failure(
          "randint", "no number is in \(low)..<\(high), or \(shape) is not a shape",
          dtype: Element.dtype))
    }
    for bound in [low, high - 1] where Element(clamping: Double(bound)).doubleValue != Double(bound)
    {
      return Tensor(
        Value.failure(
          "randint", "\(bound) is not a number of \(Element.dtype)", dtype: Element.dtype))
    }
    let drawn = Value.filled(shape, .int64, on: Device.current.backend, for: "randint") {
      (generator ?? .default).fillIntegers($0, from: Int64(low), to: Int64(high))
    }
    return Tensor(drawn.cast(to: Element.dtype))
  }

  /// A tensor of integers distributed uniformly over `0 ..< high`, on the default device.
  ///
  /// They are drawn on the host, in PyTorch's order. Complexity: O(n). Precondition: no extent is
  /// negative, `high` is positive, and the element type represents `high − 1` exactly.
  public static func randint(
    _ high: Int, _ shape: Shape, generator: Generator? = nil
  ) -> Tensor {
    randint(0, high, shape, generator: generator)
  }

  /// The integers from 0 to `count` − 1 in random order, of shape `[count]`, on the default device.
  ///
  /// They are drawn on the host, in PyTorch's order. Complexity: O(n). Precondition: `count` is not
  /// negative.
  public static func randperm(_ count: Int, generator: Generator? = nil) -> Tensor {
    guard count >= 0 else {
      return Tensor(Value.failure("randperm", "\(count) is not a count", dtype: Element.dtype))
    }
    let drawn = Value.filled([count], .int64, on: Device.current.backend, for: "randperm") {
      (generator ?? .default).fillPermutation($0)
    }
    return Tensor(drawn.cast(to: Element.dtype))
  }
}

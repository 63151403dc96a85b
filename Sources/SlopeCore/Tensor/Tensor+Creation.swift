extension Tensor {
  /// A tensor of equal elements.
  public static func full(_ shape: Shape, _ element: E) -> Tensor {
    guard isValid(shape) else {
      return Tensor(
        Value.failure("full", "the shape \(shape) has a negative extent", dtype: E.dtype))
    }
    return Tensor(
      Value.full(shape, E.dtype, bits: element.computeBits, on: Device.current.backend))
  }

  /// A tensor of zeros (or false).
  public static func zeros(_ shape: Shape) -> Tensor { full(shape, E.zeroBits) }
}

extension Tensor where E == Bool {
  /// A tensor of true.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, true) }
}

extension Tensor where E: NumericElement {
  /// A tensor of ones.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, 1) }

  /// The numbers from `start` up to, not including, `end`: `start + i · step`.
  ///
  /// A step of zero, or away from `end`, is a failure.
  @_disfavoredOverload
  public static func arange(_ start: E, _ end: E, step: E = 1) -> Tensor {
    guard E.dtype.isInteger else {
      return counting(start.doubleValue, end.doubleValue, step.doubleValue)
    }
    let isUpward = step > 0
    guard step != 0, start == end || (start < end) == isUpward else {
      return noSteps("\(start)", "\(end)", "\(step)")
    }
    // In 64 bits, since Double does not hold every large integer.
    let distance =
      isUpward
      ? end.computeBits &- start.computeBits : start.computeBits &- end.computeBits
    let stride = isUpward ? step.computeBits : 0 &- step.computeBits
    let count = distance / stride + (distance % stride == 0 ? 0 : 1)
    return integers(Int(clamping: count), from: start.computeBits, step: step.computeBits)
  }

  /// The numbers from 0 up to, not including, `end`.
  @_disfavoredOverload
  public static func arange(_ end: E) -> Tensor { arange(0, end) }

  fileprivate static func counting(_ start: Double, _ end: Double, _ step: Double) -> Tensor {
    guard step != 0, start.isFinite, end.isFinite, step.isFinite,
      start == end || (start < end) == (step > 0)
    else { return noSteps("\(start)", "\(end)", "\(step)") }
    let exact = ((end - start) / step).rounded(.up)
    let count = exact < 1e15 ? Int(exact) : Int.max
    return floats(count, "arange") { start + Double($0) * step }
  }

  // Loops over a type that the compiler knows are many times faster than over any element's.

  /// `start + index · step`, modulo the type's range.
  private static func integers(_ count: Int, from start: UInt64, step: UInt64) -> Tensor {
    let bits = { (index: Int) in start &+ UInt64(truncatingIfNeeded: index) &* step }
    switch E.dtype.byteCount {
    case 1: return filled(count, "arange") { UInt8(truncatingIfNeeded: bits($0)) }
    case 2: return filled(count, "arange") { UInt16(truncatingIfNeeded: bits($0)) }
    case 4: return filled(count, "arange") { UInt32(truncatingIfNeeded: bits($0)) }
    default: return filled(count, "arange", bits)
    }
  }

  /// Numbers computed in Double, each rounded once.
  @inline(__always)
  fileprivate static func floats(
    _ count: Int, _ operation: String, _ number: (Int) -> Double
  ) -> Tensor {
    switch E.dtype {
    case .float32: filled(count, operation) { Float(number($0)) }
    case .float64: filled(count, operation, number)
    case .float16: filled(count, operation) { Float16(number($0)) }
    default: filled(count, operation) { BFloat16(number($0)) }
    }
  }

  @inline(__always)
  private static func filled<Item: BitwiseCopyable>(
    _ count: Int, _ operation: String, _ item: (Int) -> Item
  ) -> Tensor {
    Tensor(
      Value.filled([count], E.dtype, on: Device.current.backend, for: operation) {
        (memory: UnsafeMutableBufferPointer<Item>) in
        for index in 0..<memory.count { memory.initializeElement(at: index, to: item(index)) }
      })
  }

  private static func noSteps(_ start: String, _ end: String, _ step: String) -> Tensor {
    Tensor(
      Value.failure("arange", "no steps of \(step) lead from \(start) to \(end)", dtype: E.dtype))
  }

  /// `rows × columns` with ones where both indices agree.
  public static func eye(_ rows: Int, _ columns: Int? = nil) -> Tensor {
    let columns = columns ?? rows
    guard rows >= 0, columns >= 0 else {
      return Tensor(
        Value.failure("eye", "\(rows) × \(columns) is not a shape", dtype: E.dtype))
    }
    return Tensor(Value.ones(rows, columns, E.dtype, on: Device.current.backend))
  }
}

extension Tensor where E: FloatingElement {
  /// The numbers from `start` up to, not including, `end`: `start + i · step`, each rounded to the element
  /// type once. How many there are is reckoned in Double: from 0 to 1 there are 100 steps of 0.01.
  ///
  /// A step of zero, or away from `end`, is a failure.
  public static func arange(_ start: Double, _ end: Double, step: Double = 1) -> Tensor {
    counting(start, end, step)
  }

  /// The numbers from 0 up to, not including, `end`.
  public static func arange(_ end: Double) -> Tensor { counting(0, end, 1) }

  /// `count` numbers from `start` to `end`, both included, at equal distances.
  public static func linspace(_ start: E, _ end: E, count: Int) -> Tensor {
    guard count >= 0 else {
      return Tensor(Value.failure("linspace", "\(count) is not a count", dtype: E.dtype))
    }
    let (first, last) = (start.doubleValue, end.doubleValue)
    let step = count > 1 ? (last - first) / Double(count - 1) : 0
    // From both ends, so that the last number is exact and the list symmetric.
    return floats(count, "linspace") { index in
      index < (count + 1) / 2
        ? first + Double(index) * step : last - Double(count - 1 - index) * step
    }
  }
}

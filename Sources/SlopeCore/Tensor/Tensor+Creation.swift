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
    return Tensor(count: Int(clamping: count), "arange") { E.wrapping(start, step, $0) }
  }

  /// The numbers from 0 up to, not including, `end`.
  @_disfavoredOverload
  public static func arange(_ end: E) -> Tensor { arange(0, end) }

  fileprivate static func counting(_ start: Double, _ end: Double, _ step: Double) -> Tensor {
    guard step != 0, start.isFinite, end.isFinite, step.isFinite,
      start == end || (start < end) == (step > 0)
    else { return noSteps("\(start)", "\(end)", "\(step)") }
    let count = ((end - start) / step).rounded(.up)
    return Tensor(count: count < 1e15 ? Int(count) : Int.max, "arange") {
      E(clamping: start + Double($0) * step)
    }
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
    let backend = Device.current.backend
    let down = Value.range(rows, on: backend).reshaped(to: [rows, 1])
    let across = Value.range(columns, on: backend).reshaped(to: [1, columns])
    return Tensor(pointwise(Functions.equal, down, across, output: E.dtype))
  }

  /// `count` elements, computed one by one.
  fileprivate init(count: Int, _ operation: String, _ element: (Int) -> E) {
    self.init(
      Value.filled([count], E.dtype, on: Device.current.backend, for: operation) { memory in
        for index in 0..<count { memory.initializeElement(at: index, to: element(index)) }
      })
  }
}

extension NumericElement {
  /// `start + index · step`, modulo the type's range.
  fileprivate static func wrapping(_ start: Self, _ step: Self, _ index: Int) -> Self {
    let bits = start.computeBits &+ UInt64(truncatingIfNeeded: index) &* step.computeBits
    return withUnsafeBytes(of: bits.littleEndian) { $0.loadUnaligned(as: Self.self) }
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
    return Tensor(count: count, "linspace") { index in
      E(
        clamping: index < (count + 1) / 2
          ? first + Double(index) * step : last - Double(count - 1 - index) * step)
    }
  }
}

extension Tensor {
  /// A tensor of equal elements, on the default device.
  ///
  /// Allocates all of them; `Tensor(element).expanded(to: shape)` is a view of one. Complexity:
  /// O(n). Precondition: no extent is negative.
  public static func full(_ shape: Shape, _ element: Element) -> Tensor {
    guard isValid(shape) else {
      return Tensor(
        Value.failure("full", "the shape \(shape) has a negative extent", dtype: Element.dtype))
    }
    return Tensor(
      Value.full(shape, Element.dtype, bits: element.computeBits, on: Device.current.backend))
  }

  /// A tensor of zeros (or false), on the default device.
  ///
  /// Precondition: no extent is negative.
  public static func zeros(_ shape: Shape) -> Tensor { full(shape, Element.zeroBits) }
}

extension Tensor where Element == Bool {
  /// A tensor of true, on the default device.
  ///
  /// Precondition: no extent is negative.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, true) }
}

extension Tensor where Element: NumericElement {
  /// A tensor of ones, on the default device.
  ///
  /// Precondition: no extent is negative.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, 1) }

  /// The numbers `start + i · step` from `start` up to, but not including, `end`, of shape
  /// `[count]`.
  ///
  /// Integers are exact over the whole range of their type. Precondition: `step` is not 0 and leads
  /// from `start` to `end`.
  @_disfavoredOverload
  public static func arange(_ start: Element, _ end: Element, step: Element = 1) -> Tensor {
    guard Element.dtype.isInteger else {
      return counting(start.doubleValue, end.doubleValue, step.doubleValue)
    }
    let isUpward = step > 0
    guard step != 0, start == end || (start < end) == isUpward else {
      return noSteps("\(start)", "\(end)", "\(step)")
    }
    // In 64 bits, since Double does not represent every large integer.
    let distance =
      isUpward
      ? end.computeBits &- start.computeBits : start.computeBits &- end.computeBits
    let stride = isUpward ? step.computeBits : 0 &- step.computeBits
    let count = distance / stride + (distance % stride == 0 ? 0 : 1)
    return Tensor(
      Value.range(
        Int(clamping: count), Element.dtype, from: start.computeBits, step: step.computeBits,
        on: Device.current.backend, for: "arange"))
  }

  /// The numbers from 0 up to, but not including, `end`.
  ///
  /// Precondition: `end` is not negative.
  @_disfavoredOverload
  public static func arange(_ end: Element) -> Tensor { arange(0, end) }

  fileprivate static func counting(_ start: Double, _ end: Double, _ step: Double) -> Tensor {
    guard step != 0, start.isFinite, end.isFinite, step.isFinite,
      start == end || (start < end) == (step > 0)
    else { return noSteps("\(start)", "\(end)", "\(step)") }
    let exact = ((end - start) / step).rounded(.up)
    let count = exact < 1e15 ? Int(exact) : Int.max
    return Tensor(
      Value.range(
        count, Element.dtype, from: start, step: step, on: Device.current.backend, for: "arange"))
  }

  private static func noSteps(_ start: String, _ end: String, _ step: String) -> Tensor {
    Tensor(
      Value.failure(
        "arange", "no steps of \(step) lead from \(start) to \(end)", dtype: Element.dtype))
  }

  /// A matrix `[rows, columns]` with ones on the main diagonal and zeros elsewhere.
  ///
  /// It is square if `columns` is nil. Precondition: no extent is negative.
  public static func eye(_ rows: Int, _ columns: Int? = nil) -> Tensor {
    let columns = columns ?? rows
    guard rows >= 0, columns >= 0 else {
      return Tensor(
        Value.failure("eye", "\(rows) × \(columns) is not a shape", dtype: Element.dtype))
    }
    return Tensor(Value.ones(rows, columns, Element.dtype, on: Device.current.backend))
  }
}

extension Tensor where Element: FloatingElement {
  /// The numbers `start + i · step` from `start` up to, but not including, `end`, of shape
  /// `[count]`.
  ///
  /// Each is computed in Double and rounded to the element type once. Their count is also computed
  /// in Double: from 0 to 1 there are 100 steps of 0.01. Precondition: all three are finite, and
  /// `step` is not 0 and leads from `start` to `end`.
  public static func arange(_ start: Double, _ end: Double, step: Double = 1) -> Tensor {
    counting(start, end, step)
  }

  /// The numbers from 0 up to, but not including, `end`.
  ///
  /// Precondition: `end` is finite and not negative.
  public static func arange(_ end: Double) -> Tensor { counting(0, end, 1) }

  /// `count` equally spaced numbers from `start` to `end`, both included, of shape `[count]`.
  ///
  /// Each is computed in Double from the nearer end and rounded once. Precondition: `count` is not
  /// negative.
  public static func linspace(_ start: Element, _ end: Element, count: Int) -> Tensor {
    guard count >= 0 else {
      return Tensor(Value.failure("linspace", "\(count) is not a count", dtype: Element.dtype))
    }
    return Tensor(
      Value.linspace(
        count, Element.dtype, from: start.doubleValue, to: end.doubleValue,
        on: Device.current.backend))
  }
}

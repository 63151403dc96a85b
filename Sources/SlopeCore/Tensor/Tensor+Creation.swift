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
    return Tensor(
      Value.range(
        countBeforeEnd(start, end, step), Element.dtype, from: start, step: step,
        on: Device.current.backend, for: "arange"))
  }

  /// The number of elements that, rounded to the element type, do not reach the end, rounded alike.
  ///
  /// The quotient of distance and step alone may be wrong by one, since both are rounded. Elements
  /// never turn back: the first that reaches the end is found by halving.
  private static func countBeforeEnd(_ start: Double, _ end: Double, _ step: Double) -> Int {
    if start == end { return 0 }
    // Halves, whose distance does not overflow.
    let quotient = (end / 2 - start / 2) / (step / 2)
    guard quotient < 1e15 else { return .max }
    let bound = Element(clamping: end).doubleValue
    // As the kernel computes them, which takes halves of large steps.
    let scale = step.magnitude >= 0x1p1000 ? 0.5 : 1.0
    func reachesEnd(_ index: Int) -> Bool {
      let number = (start * scale + Double(index) * (step * scale)) / scale
      let element = Element(clamping: number).doubleValue
      return step > 0 ? element >= bound : element <= bound
    }
    var (first, last) = (0, Int(quotient) + 2)
    while first < last {
      let middle = (first + last) / 2
      if reachesEnd(middle) { last = middle } else { first = middle + 1 }
    }
    return first
  }

  private static func noSteps(_ start: String, _ end: String, _ step: String) -> Tensor {
    Tensor(
      Value.failure(
        "arange", "no steps of \(step) lead from \(start) to \(end)", dtype: Element.dtype))
  }
}

extension Tensor where Element: FloatingElement {
  /// The numbers `start + i · step` from `start` up to, but not including, `end`, of shape
  /// `[count]`.
  ///
  /// Each is computed in Double and rounded to the element type once. An element that is `end` or
  /// beyond it after both are rounded is left out, so that (1, 1.3, 0.1) are three numbers.
  /// Precondition: all three are finite, and `step` is not 0 and leads from `start` to `end`.
  public static func arange(_ start: Double, _ end: Double, step: Double = 1) -> Tensor {
    counting(start, end, step)
  }

  /// The numbers from 0 up to, but not including, `end`.
  ///
  /// Precondition: `end` is finite and not negative.
  public static func arange(_ end: Double) -> Tensor { counting(0, end, 1) }
}

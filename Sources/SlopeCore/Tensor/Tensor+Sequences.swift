extension Tensor {
  /// A matrix `[rows, columns]` with ones (or true) on a diagonal and zeros elsewhere, on the default
  /// device.
  ///
  /// It is square if `columns` is nil. `offset` 0 is the main diagonal, and positive numbers are to
  /// the right of it. Precondition: no extent is negative.
  public static func eye(_ rows: Int, _ columns: Int? = nil, offset: Int = 0) -> Tensor {
    let columns = columns ?? rows
    guard rows >= 0, columns >= 0 else {
      return Tensor(
        Value.failure("eye", "\(rows) × \(columns) is not a shape", dtype: Element.dtype))
    }
    return Tensor(
      Value.ones(rows, columns, offset: offset, Element.dtype, on: Device.current.backend))
  }

  /// A tensor of zeros (or false) of the shape of another one, on its device.
  public static func zeros(like other: Tensor) -> Tensor { full(like: other, Element.zeroBits) }

  /// A tensor of equal elements of the shape of another one, on its device.
  ///
  /// Complexity: O(n).
  public static func full(like other: Tensor, _ element: Element) -> Tensor {
    other.isFailed ? other : full(other.shape, element, on: other.device)
  }
}

extension Tensor where Element == Bool {
  /// A tensor of true of the shape of another one, on its device.
  public static func ones(like other: Tensor) -> Tensor { full(like: other, true) }
}

extension Tensor where Element: NumericElement {
  /// A tensor of ones of the shape of another one, on its device.
  public static func ones(like other: Tensor) -> Tensor { full(like: other, 1) }

  /// `count` equally spaced numbers from `start` to `end`, both included, of shape `[count]`.
  ///
  /// Each is computed in Double from the nearer end and rounded once; integers are rounded toward zero,
  /// as in PyTorch. Precondition: `count` is not negative.
  public static func linspace(_ start: Element, _ end: Element, count: Int) -> Tensor {
    guard count >= 0 else {
      return Tensor(Value.failure("linspace", "\(count) is not a count", dtype: Element.dtype))
    }
    let backend = Device.current.backend
    let (first, last) = (start.doubleValue, end.doubleValue)
    if Element.dtype.isFloating {
      return Tensor(Value.linspace(count, Element.dtype, from: first, to: last, on: backend))
    }
    // A device may lack Double.
    return Tensor(
      Value.linspace(count, .float64, from: first, to: last, on: CPUBackend.shared)
        .cast(to: Element.dtype, record: false).moved(to: backend, record: false))
  }

  /// `count` powers of `base`, whose exponents are equally spaced from `start` to `end`, of shape
  /// `[count]`.
  ///
  /// Each is computed in Double and rounded once; integers are rounded toward zero, as in PyTorch.
  /// Precondition: `count` is not negative.
  public static func logspace(_ start: Element, _ end: Element, count: Int, base: Double = 10)
    -> Tensor
  {
    guard count >= 0 else {
      return Tensor(Value.failure("logspace", "\(count) is not a count", dtype: Element.dtype))
    }
    let exponents = Value.linspace(
      count, .float64, from: start.doubleValue, to: end.doubleValue, on: CPUBackend.shared)
    let radix = Value.full([], .float64, bits: base.computeBits, on: CPUBackend.shared)
    return Tensor(
      applyPointwise(Functions.power, radix, exponents, output: Element.dtype, record: false)
        .moved(to: Device.current.backend, record: false))
  }
}

/// Where a search in a sorted sequence goes on to the right, given an element of it and a value.
enum SearchRule {
  /// To the first element that is not less than the value; past all for NaN.
  case left
  /// To the first element that is greater than the value; past all for NaN.
  case right
  /// To the first element that is not less than the value, NaN in the sequence taken for greater.
  case firstNotLess

  fileprivate var goesRight: PointwiseFunction {
    switch self {
    case .left: Functions.isNotAtLeast
    case .right: Functions.isNotGreater
    case .firstNotLess: Functions.less
    }
  }
}

extension Value {
  /// The positions at which values go into sequences sorted along the last axis: `values.shape`.
  ///
  /// The sequence is one for all values, `[n]`, or one for each row of them, `[…, n]` for `[…, m]`.
  /// Not recorded. The halves of a binary search are chosen for all values at the same time, in
  /// steps that are gathers and pointwise functions, so that no device is waited for.
  func searched(for values: Value, _ rule: SearchRule, _ operation: String) -> Value {
    if isFailed || values.isFailed { return .failed(.int64) }
    guard layout.rank > 0,
      layout.rank == 1
        || (layout.rank == values.layout.rank
          && Shape(shape.dropLast()) == Shape(values.shape.dropLast()))
    else {
      return .failure(
        operation, "sequences of shape \(shape) for values of shape \(values.shape)",
        dtype: .int64)
    }
    guard inspectDevices([values], operation) else { return .failed(.int64) }
    let extent = shape.extents[layout.rank - 1]
    var low = Value.full(values.shape, .int64, bits: 0, on: backend)
    if extent == 0 || values.count == 0 || low.isFailed { return low }
    let sequence = detached.contiguous.flat
    var high = Value.full(
      values.shape, .int64, bits: Int64(extent).computeBits, on: backend)
    let values = values.detached
    let starts = layout.rank == 1 ? Value.full([], .int64, bits: 0, on: backend) : rowStarts
    for _ in 0..<(Int.bitWidth - extent.leadingZeroBitCount) {
      // A finished search may be past the end; what it reads does not matter.
      let middle = applyPointwise(
        Functions.middle, [low, high, starts], programType: .int64, output: .int64)
      let places = applyPointwise(
        Functions.atMost, middle, scalar: Int64(sequence.count - 1).computeBits)
      let elements = sequence.taking(places, axis: 0, operation: operation)
      let goesRight = applyPointwise(rule.goesRight, elements, values, output: .bool)
      let operands = [low, high, goesRight]
      let bounds = applyPointwise(
        Functions.narrowed, operands.span, scalars: Span(), programType: .int64,
        shape: values.shape, outputs: [.int64, .int64], on: backend)
      (low, high) = (bounds[0], bounds[1])
      if low.isFailed || high.isFailed { return .failed(.int64) }
    }
    return low
  }

  /// The row-major place of the first element of each row: `[…, n] → […, 1]`.
  private var rowStarts: Value {
    var rows = shape
    rows.extents[layout.rank - 1] = 1
    return Value.range(
      rows.elementCount, .int64, from: 0 as UInt64, step: UInt64(shape.extents[layout.rank - 1]),
      on: backend, for: "range"
    ).reshaped(to: rows)
  }
}

extension Functions {
  /// !(element ≥ value): for NaN true.
  fileprivate static let isNotAtLeast = PointwiseFunction("search", inputs: 2) {
    Expression.apply(.logicalNot, $0[1] .<= $0[0])
  }
  /// !(element > value): for NaN true.
  fileprivate static let isNotGreater = PointwiseFunction("search", inputs: 2) {
    Expression.apply(.logicalNot, $0[1] .< $0[0])
  }
  /// The middle of two positions, from a start.
  fileprivate static let middle = PointwiseFunction("search", inputs: 3) {
    ($0[0] + $0[1]) / 2 + $0[2]
  }
  /// The smaller of an integer and a scalar.
  fileprivate static let atMost = PointwiseFunction("search", inputs: 1, scalars: 1) {
    Expression.minimum($0[0], $0[1])
  }
  /// The half of low ..< high that a search goes on in; an empty range stays.
  fileprivate static let narrowed = PointwiseFunction("search", inputs: 3) {
    operands -> [Expression] in
    let (low, high, goesRight) = (operands[0], operands[1], operands[2])
    let middle = (low + high) / 2
    let isOpen = low .< high
    return [
      .select(isOpen, .select(goesRight, middle + 1, low), low),
      .select(isOpen, .select(goesRight, high, middle), high),
    ]
  }
}

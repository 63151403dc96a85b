/// The axes that a reduction removes, and what undoing it needs.
struct ReducedAxes: Sendable {
  let kind: ReductionKind
  /// The shape before the reduction.
  let nest: Shape
  /// Whether each axis is reduced.
  let isReduced: InlineArray<8, Bool>
  let reducedRank: Int

  /// Nil, after reporting it, where an axis does not exist or is named twice.
  ///
  /// - Parameter operation: what messages call it, if not by its kind.
  init?(_ kind: ReductionKind, _ nest: Shape, axes: [Int]?, for operation: String? = nil) {
    self.kind = kind
    self.nest = nest
    guard let axes else {
      isReduced = InlineArray(repeating: true)
      reducedRank = nest.rank
      return
    }
    var isReduced = InlineArray<8, Bool>(repeating: false)
    for axis in axes {
      guard let index = nest.normalized(axis: axis) else {
        reportFailure(operation: operation ?? "\(kind)", "shape \(nest) has no axis \(axis)")
        return nil
      }
      guard !isReduced[index] else {
        reportFailure(
          operation: operation ?? "\(kind)", "axis \(axis) of shape \(nest) is named twice")
        return nil
      }
      isReduced[index] = true
    }
    self.isReduced = isReduced
    // The one axis that a zero-dimensional tensor accepts is none to reduce.
    reducedRank = nest.rank == 0 ? 0 : axes.count
  }

  /// The result's shape, with reduced axes of extent 1 or without them.
  func resultShape(keepingAxes: Bool) -> Shape {
    var shape = Shape()
    for axis in 0..<nest.rank {
      if !isReduced[axis] {
        shape.append(nest.extents[axis])
      } else if keepingAxes {
        shape.append(1)
      }
    }
    return shape
  }

  /// The number of elements put together into one.
  var reducedCount: Int {
    var count = 1
    for axis in 0..<nest.rank where isReduced[axis] { count *= nest.extents[axis] }
    return count
  }

  /// Whether kept axes come first, then reduced ones.
  var isInOrder: Bool {
    for axis in 1..<max(nest.rank, 1) where isReduced[axis - 1] && !isReduced[axis] { return false }
    return true
  }

  /// Kept axes first, then reduced ones; nil where they are in that order already.
  var permutation: [Int]? {
    if isInOrder { return nil }
    return (0..<nest.rank).filter { !isReduced[$0] } + (0..<nest.rank).filter { isReduced[$0] }
  }

  /// A layout of the nest's shape with kept axes first, then reduced ones.
  func ordered(_ layout: Layout) -> Layout {
    var shape = Shape()
    var strides = InlineArray<8, Int>(repeating: 0)
    for turn in 0..<2 {
      for axis in 0..<nest.rank where isReduced[axis] == (turn == 1) {
        strides[shape.rank] = layout.strides[axis]
        shape.append(layout.shape.extents[axis])
      }
    }
    return Layout(shape: shape, strides: strides, offset: layout.offset)
  }

  /// The gradient of the result, shaped so that it broadcasts to the nest, and divided for a mean.
  func expanded(_ gradient: Value, record: Bool) -> Value {
    // A single number broadcasts as it is.
    let kept =
      reducedRank == nest.rank
      ? gradient : gradient.reshaped(to: resultShape(keepingAxes: true), record: record)
    guard kind == .mean else { return kept }
    return applyPointwise(
      Functions.divideScalar, kept, scalar: gradient.dtype.computeBits(of: Double(reducedCount)),
      record: record)
  }
}

/// Reduces a pointwise function of inputs over axes (nil: all of them), in one pass over memory.
///
/// Sums and means of floating types are recorded; the derivative is that of the function.
/// - Parameter programType: the type of the computation.
func reduced(
  _ kind: ReductionKind, _ function: PointwiseFunction, _ inputs: Span<Value>,
  programType: DType, nest: Shape, axes: [Int]?, keepingAxes: Bool, output: DType,
  record: Bool
) -> Value {
  let backend = inputs[0].backend
  let prologue = function === Functions.copy ? nil : function.program(programType)
  let state = inspect(inputs, for: prologue, on: backend, "\(kind)")
  guard state != .unusable, let plan = ReducedAxes(kind, nest, axes: axes) else {
    return .failed(output)
  }
  if plan.reducedCount == 0, kind.rawValue >= ReductionKind.maximum.rawValue {
    return .failure("\(kind)", "shape \(nest) has no elements to choose from", dtype: output)
  }
  let shape = plan.resultShape(keepingAxes: keepingAxes)
  let buffer: Buffer?
  if plan.reducedCount >= RepeatedElements.leastCount,
    let repeated = RepeatedReduction(plan, inputs)
  {
    let result = repeated.run(
      kind, function, inputs, programType: programType, keepingAxes: keepingAxes,
      output: output)
    buffer = result.isFailed ? nil : result.buffer
  } else {
    buffer = computed(
      kind, function, prologue, inputs, plan, shape: shape, output: output, on: backend)
  }
  guard let buffer else { return .failed(output) }
  let layout = Layout(shape)
  guard state == .recorded, record, kind == .sum || kind == .mean, output.isFloating,
    !RecordingScope.isOff
  else { return Value(layout, output, buffer) }
  let recording = PointwiseRecording(
    function, inputs, scalars: Span(), programType: programType, output: nil, shape: shape,
    dtype: output, reduction: plan)
  return Value(layout, output, buffer, recording: recording)
}

/// The result of a reduction by the backend, contiguous; nil where it failed.
@inline(__always)
private func computed(
  _ kind: ReductionKind, _ function: PointwiseFunction, _ prologue: Program?, _ inputs: Span<Value>,
  _ plan: ReducedAxes, shape: Shape, output: DType, on backend: any Backend
) -> Buffer? {
  guard let buffer = Value.allocate(shape, output, on: backend, for: "\(kind)") else {
    return nil
  }
  if shape.elementCount == 0 { return buffer }
  if plan.isInOrder {
    let passes = runReduce(
      kind, prologue: prologue, inputs, scalars: Span(), nest: plan.nest,
      reducedRank: plan.reducedRank, output: Output(buffer, output), on: backend,
      for: kind.name(of: function), result: shape)
    return passes ? buffer : nil
  }
  var ordered: [Value] = []
  ordered.reserveCapacity(inputs.count)
  for index in 0..<inputs.count {
    let whole = inputs[index].broadcast(to: plan.nest)
    ordered.append(Value(plan.ordered(whole.layout), whole.dtype, whole.buffer))
  }
  let passes = runReduce(
    kind, prologue: prologue, ordered.span, scalars: Span(), nest: ordered[0].shape,
    reducedRank: plan.reducedRank, output: Output(buffer, output), on: backend,
    for: kind.name(of: function), result: shape)
  return passes ? buffer : nil
}

extension ReductionKind {
  /// The operation's name in messages and graphs: `sum`, or `mean(squaredDifference)`.
  func name(of function: PointwiseFunction) -> String {
    function === Functions.copy ? "\(self)" : "\(self)(\(function.name))"
  }
}

extension Value {
  /// Reduces over axes (nil: all of them).
  ///
  /// - Parameter choosesFirst: whether the first of several extrema gets the gradient, instead of
  ///   each its part; for one axis.
  func reduced(
    _ kind: ReductionKind, axes: [Int]? = nil, keepingAxes: Bool = false, record: Bool = true,
    output outputType: DType? = nil, choosesFirst: Bool = false
  ) -> Value {
    let output: DType
    switch kind {
    case .sum, .product, .mean: output = dtype.accumulatedType
    case .maximum, .minimum: output = dtype
    case .argMaximum, .argMinimum: output = .int64
    }
    let inputs: [1 of Value] = [self]
    let result = SlopeCore.reduced(
      kind, Functions.copy, inputs.span, programType: dtype, nest: shape, axes: axes,
      keepingAxes: keepingAxes, output: outputType ?? output, record: record)
    switch kind {
    case .maximum, .minimum:
      return result.recordedAsExtremum(
        of: self, kind, axes: axes, choosesFirst: choosesFirst, record: record)
    case .product:
      return result.recordedAsProduct(of: self, axes: axes, record: record)
    case .sum, .mean, .argMaximum, .argMinimum:
      return result
    }
  }

  /// The type in which spreads are computed: a mean rounded to the elements' own would add its error
  /// squared. Double for Float, where the device has it.
  var spreadType: DType {
    dtype == .float32 && backend.hasDouble ? .float64 : dtype.computeType
  }

  /// The variance over axes (nil: all), in two passes.
  func variance(
    axes: [Int]?, correction: Int, keepingAxes: Bool, output: DType
  ) -> Value {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes) else {
      return .failed(output)
    }
    let wide = spreadType
    let center = reduced(.mean, axes: axes, keepingAxes: true, output: wide)
    let inputs: [2 of Value] = [self, center]
    let total = SlopeCore.reduced(
      .sum, Functions.squaredDifference, inputs.span, programType: wide, nest: shape, axes: axes,
      keepingAxes: keepingAxes, output: wide, record: true)
    // One value has no spread to estimate: 0 / 0 is NaN, as it should be.
    let divisor = max(Double(plan.reducedCount) - Double(correction), 0)
    return applyPointwise(
      Functions.divideScalar, total, scalar: wide.computeBits(of: divisor), output: output)
  }

  /// This value with its reduced axes put back as extents of 1.
  private func kept(_ plan: ReducedAxes, record: Bool) -> Value {
    reshaped(to: plan.resultShape(keepingAxes: true), record: record)
  }

  /// The gradient of an extremum is split evenly among the elements equal to it; where it is NaN,
  /// the first NaN gets all of it.
  private func recordedAsExtremum(
    of source: Value, _ kind: ReductionKind, axes: [Int]?, choosesFirst: Bool, record: Bool
  ) -> Value {
    guard source.isRecorded, let plan = ReducedAxes(kind, source.shape, axes: axes) else {
      return self
    }
    if choosesFirst {
      return recorded("\(kind)", [source], record: record) {
        [source = source.detached] g, record in
        let chosen = source.isFirstExtremum(kind, plan).cast(to: source.dtype)
        let kept = g.kept(plan, record: record)
        return [applyPointwise(Functions.multiply, kept, chosen, record: record)]
      }
    }
    let plain = detached
    return recorded("\(kind)", [source], record: record) { [source = source.detached] g, record in
      let extremum = plain.kept(plan, record: false)
      let isNaN = applyPointwise(Functions.isNaN, source, output: .bool)
      let isChosen = applyPointwise(
        Functions.logicalOr,
        applyPointwise(Functions.equal, source, extremum, output: .bool),
        source.isFirstNaN(isNaN, plan), output: .bool)
      // Counted in integers: a 16-bit float cannot count to 70,000.
      let count = isChosen.reduced(
        .sum, axes: plan.axisList, keepingAxes: true, record: false)
      let weights = applyPointwise(
        Functions.divide, [isChosen, count], programType: source.dtype, output: source.dtype)
      return [
        applyPointwise(Functions.multiply, g.kept(plan, record: record), weights, record: record)
      ]
    }
  }

  /// Whether each element is the one that an arg reduction along the one reduced axis names.
  private func isFirstExtremum(_ kind: ReductionKind, _ plan: ReducedAxes) -> Value {
    let place = reduced(
      kind == .maximum ? .argMaximum : .argMinimum, axes: plan.axisList, keepingAxes: true)
    var along = Shape(repeatElement(1, count: plan.nest.rank))
    for axis in plan.axisList { along.extents[axis] = plan.nest.extents[axis] }
    let positions = Value.range(plan.reducedCount, on: backend).reshaped(to: along)
    return applyPointwise(Functions.equal, positions, place, output: .bool)
  }

  /// Whether each element is the first NaN among those that were reduced with it.
  private func isFirstNaN(_ isNaN: Value, _ plan: ReducedAxes) -> Value {
    // Counting from the front: the first NaN is the one whose running position is the argmax.
    let order = plan.permutation ?? Array(0..<plan.nest.rank)
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    let flat = isNaN.permuted(order, record: false).contiguous
    let rows = flat.count / max(plan.reducedCount, 1)
    let matrix = flat.reshaped(to: [rows, plan.reducedCount])
    let first = matrix.reduced(.argMaximum, axes: [1], keepingAxes: true)
    let positions = Value.range(plan.reducedCount, on: backend).reshaped(
      to: [1, plan.reducedCount])
    let chosen = applyPointwise(
      Functions.logicalAnd, applyPointwise(Functions.equal, positions, first, output: .bool),
      matrix,
      output: .bool)
    return chosen.reshaped(to: Shape(order.map { plan.nest.extents[$0] }))
      .permuted(inverse, record: false)
  }

  /// Each factor receives the product of the others, also where some are zero.
  private func recordedAsProduct(of source: Value, axes: [Int]?, record: Bool) -> Value {
    guard source.isRecorded, let plan = ReducedAxes(.product, source.shape, axes: axes) else {
      return self
    }
    return recorded("product", [source], record: record) { [source] g, record in
      let source = record ? source : source.detached
      return [
        applyPointwise(
          Functions.multiply, g.kept(plan, record: record),
          source.productOfOthers(plan, record: record), record: record)
      ]
    }
  }

  /// For each element, the product of those that were reduced with it, without it.
  ///
  /// A table of the reduced elements squared, with ones on the diagonal: quadratic in the number
  /// of factors, exact at zeros, and differentiable to any order.
  private func productOfOthers(_ plan: ReducedAxes, record: Bool) -> Value {
    let order = plan.permutation ?? Array(0..<plan.nest.rank)
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    let n = plan.reducedCount
    let ordered = permuted(order, record: record)
    let rows = count / max(n, 1)
    let table = ordered.reshaped(to: [rows, 1, n], record: record).broadcast(to: [rows, n, n])
    let positions = Value.range(n, on: backend)
    let diagonal = applyPointwise(
      Functions.equal, positions.reshaped(to: [n, 1]), positions.reshaped(to: [1, n]),
      output: .bool)
    let one = Value.full([], dtype, bits: dtype.computeBits(of: 1), on: backend)
    let others = applyPointwise(
      Functions.select, [diagonal, one, table],
      programType: dtype, output: dtype, record: record)
    return others.reduced(.product, axes: [2], record: record)
      .reshaped(to: Shape(order.map { plan.nest.extents[$0] }), record: record)
      .permuted(inverse, record: record)
  }
}

extension ReducedAxes {
  /// The reduced axes, as numbers.
  var axisList: [Int] { (0..<nest.rank).filter { isReduced[$0] } }
}
